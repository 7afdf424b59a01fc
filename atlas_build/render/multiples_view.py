"""Small multiples: what the cases of a label are otherwise like, beside all cases, one figure a facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from atlas_build.model.codebook import Cause, Codebook, Label
from atlas_build.model.facets import BY_NAME, Value
from atlas_build.model.numbers import Meeting, Numbers
from atlas_build.render.codes import label_href, label_tone
from atlas_build.render.queries import write_query

FEW_EXPECTED = 5
"""With fewer cases expected, lift says little; assets/js/views/cross-tab.js has it, too."""


@dataclass(frozen=True, slots=True)
class Lift:
    """How often two labels meet, against chance: 2.00 is twice as often as if they were independent."""

    words: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small multiple: a value's share among the label's cases beside its share among all.

    Attributes:
        count: the label's cases with this value.
        everywhere: all cases with it.
        now, all: the two shares, in percent.
        query: the explorer's list of exactly the counted cases, or "".
        lift: only of a label of the same axis.
    """

    code: str
    name: str
    href: str
    tone: str
    count: int
    everywhere: int
    now: float
    all: float
    query: str = ""
    lift: Lift | None = None


@dataclass(frozen=True, slots=True)
class Multiple:
    """
    Attributes:
        head: what the bars are values of.
        of, all: what the two shares are of.
        hint: what else is to be known, or "".
        is_meeting: the bars are the other labels of the label's own axis.
    """

    title: str
    head: str
    bars: tuple[Bar, ...]
    of: int
    all: int
    hint: str = ""
    is_meeting: bool = False


@dataclass(frozen=True, slots=True)
class Multiples:
    """
    Attributes:
        caption: of all figures as one table.
    """

    figures: tuple[Multiple, ...]
    caption: str


def view_multiples(axis: str, label: Label, numbers: Numbers, codebook: Codebook) -> Multiples:
    """Figures for a label that some case carries."""
    figures = (*_meetings(axis, label.code, numbers, codebook), *_breakdowns(axis, label.code, numbers, codebook))
    return Multiples(figures, _caption(label, numbers.labels[axis, label.code].count, numbers.facets.total, figures))


def _caption(label: Label, count: int, total: int, figures: tuple[Multiple, ...]) -> str:
    """Names the base of every column, also where one figure has another."""
    words = [
        f"Cases with {label.full_name} by other facets: number of cases and share of these {count:,}, beside "
        f"number and share of all {total:,} published cases; lift is the first share divided by the second and says "
        "little where few cases are expected. A case with several labels of one kind counts under each of them."
    ]
    words += [
        f"Of {figure.title.lower()}, shares are of the {figure.of:,} cases in which this cause has one, and of all "
        f"{figure.all:,} causes with one."
        for figure in figures
        if figure.all != total
    ]
    return " ".join(words)


def _meetings(axis: str, code: str, numbers: Numbers, codebook: Codebook) -> Iterator[Multiple]:
    own, counts = numbers.labels[axis, code], numbers.facets
    if not own.together:
        return
    head = BY_NAME[axis].title
    title, bases = f"Together with another {head.lower()}", (own.count, counts.total)
    here: dict[Value, int] = {other: meeting.count for other, meeting in own.together.items()}
    if not any(here.values()):
        yield Multiple(title, head, (), *bases, hint="None of these cases has another.")
        return
    everywhere = {other: counts.count(axis, other) for other in here}
    bars = _bars(axis, (here, own.count), (everywhere, counts.total), codebook)
    met = zip(bars, own.together.items(), strict=True)
    yield Multiple(
        title,
        head,
        tuple(_with_lift(bar, axis, (code, other), meeting) for bar, (other, meeting) in met),
        *bases,
        hint=f"×: times as often as by chance; in italics where fewer than {FEW_EXPECTED} cases are expected.",
        is_meeting=True,
    )


def _with_lift(bar: Bar, axis: str, codes: tuple[str, str], meeting: Meeting) -> Bar:
    return replace(
        bar,
        query=write_query({axis: sorted(codes)}, all_of=axis) if meeting.count else "",
        lift=Lift(f"{meeting.lift:.2f}", meeting.expected < FEW_EXPECTED),
    )


def _breakdowns(axis: str, code: str, numbers: Numbers, codebook: Codebook) -> Iterator[Multiple]:
    own = numbers.labels[axis, code]
    for facet, counts in own.by_facet.items():
        if (axis, facet) == ("cause", "tier"):
            yield from _cause_tiers(code, numbers, codebook)
            continue
        everywhere: dict[Value, int] = {
            value: numbers.facets.count(facet, value) for value in BY_NAME[facet].vocabulary
        }
        title, total = BY_NAME[facet].title, numbers.facets.total
        yield Multiple(title, title, _bars(facet, (counts, own.count), (everywhere, total), codebook), own.count, total)


def _cause_tiers(code: str, numbers: Numbers, codebook: Codebook) -> Iterator[Multiple]:
    """The tiers of one cause beside those of all causes. C7 has none, so it is left out on both sides."""
    own = numbers.labels["cause", code]
    if code == Cause.C7 or not own.with_tier:
        return
    tiered = [numbers.labels["cause", cause] for cause in Cause if cause is not Cause.C7]
    everywhere: Counter[Value] = sum((each.by_facet["tier"] for each in tiered), Counter())
    base = sum(each.with_tier for each in tiered)
    title = BY_NAME["tier"].title
    bars = _bars("tier", (own.by_facet["tier"], own.with_tier), (everywhere, base), codebook)
    words = f"Ink: of the {own.with_tier:,} with a tier. Grey: of {base:,} causes with one."
    yield Multiple(title, title, bars, own.with_tier, base, words)


Base = tuple[Mapping[Value, int], int]
"""Cases by value, and what they are a share of."""


def _bars(facet: str, here: Base, everywhere: Base, codebook: Codebook) -> tuple[Bar, ...]:
    """Values that occur in the corpus; the share here beside the share among all, in percent."""
    bars = []
    for code in BY_NAME[facet].vocabulary:
        label, count, all_cases = codebook.label(facet, code), here[0].get(code, 0), everywhere[0].get(code, 0)
        if label and all_cases:
            bars.append(
                Bar(
                    code=label.shown_code,
                    name=label.name,
                    href=label_href(facet, label),
                    tone=label_tone(facet, code),
                    count=count,
                    everywhere=all_cases,
                    now=round(100 * count / here[1], 2),
                    all=round(100 * all_cases / everywhere[1], 2),
                )
            )
    return tuple(bars)
