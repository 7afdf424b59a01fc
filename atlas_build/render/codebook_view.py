"""The codebook as pages: one per label, like a good dictionary entry, and one that lists them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from atlas_build.model.codebook import LABEL_AXES, SEVERITIES_WITH_LOCUS, Axis, Codebook, Label, Status
from atlas_build.model.facets import BY_NAME, Value
from atlas_build.model.numbers import FacetCounts, Numbers, ReadCounts
from atlas_build.render.charts import Columns, draw_months
from atlas_build.render.codes import label_href, label_tone
from atlas_build.render.markdown import Prose
from atlas_build.render.page import Page, Site, make_page


@dataclass(frozen=True, slots=True)
class Share:
    """A count with its denominator. `of` is None when the base is empty."""

    count: int
    of: int
    base: str

    @property
    def percent(self) -> str:
        return percent(self.count, self.of)


def percent(count: int, of: int) -> str:
    """A share with one decimal, or the reason why there is none."""
    return f"{100 * count / of:.1f} %" if of else "no base"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small multiple: a value's share among the label's cases beside its share among all."""

    code: str
    name: str
    href: str
    tone: str
    count: int
    now: float
    all: float


@dataclass(frozen=True, slots=True)
class Multiple:
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Confused:
    code: str
    name: str
    href: str
    how: Markup


@dataclass(frozen=True)
class LabelPage:
    """Facts about one label, shared by all pages of its list."""

    axis: Axis
    label: Label
    href: str
    tone: str
    definition: Markup
    question: Markup
    signature: Markup
    example: Markup
    confusions: tuple[Confused, ...]
    share: Share
    label_share: Share | None
    """Of all labels given on an axis where a case may have several; None on other axes."""
    total: int
    read_share: Share | None
    multiples: tuple[Multiple, ...]
    timeline: Columns | None
    previous: Label | None
    following: Label | None


def view_label(axis: Axis, label: Label, *, codebook: Codebook, prose: Prose, numbers: Numbers) -> LabelPage:
    own = numbers.labels[axis.axis, label.code]
    position = axis.label.index(label)
    return LabelPage(
        axis=axis,
        label=label,
        href=label_href(axis.axis, label),
        tone=label_tone(axis.axis, label.code),
        definition=prose.inline(label.definition),
        question=prose.inline(label.question),
        signature=prose.inline(label.signature),
        example=prose.inline(label.example),
        confusions=tuple(_confused(codebook, prose, item.code, item.how) for item in label.confusions),
        share=_share(axis.axis, own.count, numbers.facets),
        label_share=_label_share(axis, own.count, numbers.facets),
        total=numbers.facets.total,
        read_share=_read_share(axis.axis, label.code, numbers.read),
        multiples=tuple(
            _multiple(facet, counts, own.count, numbers.facets, codebook) for facet, counts in own.by_facet.items()
        )
        if own.count
        else (),
        timeline=draw_months(numbers.months, own.months) if own.count else None,
        previous=axis.label[position - 1] if position else None,
        following=axis.label[position + 1] if position + 1 < len(axis.label) else None,
    )


def _share(axis: str, count: int, counts: FacetCounts) -> Share:
    """The denominator is where the label can apply: a locus only with damage, a resolver only when resolved."""
    if axis == "locus":
        return Share(
            count, sum(counts.count("severity", code) for code in SEVERITIES_WITH_LOCUS), "cases with system damage"
        )
    if axis == "resolver":
        return Share(count, counts.count("status", Status.RS1), "visibly resolved cases")
    return Share(count, counts.total, "cases")


def _label_share(axis: Axis, count: int, counts: FacetCounts) -> Share | None:
    """The study counts both ways: a case with two forms counts once among cases and twice among form labels."""
    if not axis.multiple:
        return None
    given = sum(counts.count(axis.axis, label.code) for label in axis.label)
    return Share(count, given, f"{axis.name.lower()} labels of all cases")


def _read_share(axis: str, code: str, read: ReadCounts) -> Share | None:
    if axis == "goal" or not read.total:
        return None
    if axis == "locus":
        return Share(
            read.by_code[code], sum(read.by_code[s] for s in SEVERITIES_WITH_LOCUS), "episodes with system damage"
        )
    if axis == "resolver":
        return Share(read.by_code[code], read.by_code[Status.RS1], "visibly resolved episodes")
    return Share(read.by_code[code], read.total, "valid episodes in the input, published or not")


def _confused(codebook: Codebook, prose: Prose, code: str, how: str) -> Confused:
    for axis in codebook.axes.values():
        label = axis.by_code.get(code)
        if label:
            return Confused(label.shown_code, label.name, label_href(axis.axis, label), prose.inline(how))
    return Confused("", code, "", prose.inline(how))


def _multiple(facet: str, here: Counter[Value], cases: int, everywhere: FacetCounts, codebook: Codebook) -> Multiple:
    """Values that occur in the corpus; the share here beside the share among all cases, in percent."""
    bars = []
    for code in BY_NAME[facet].vocabulary:
        label, all_cases = codebook.label(facet, code), everywhere.count(facet, code)
        if label and all_cases:
            bars.append(
                Bar(
                    code=label.shown_code,
                    name=label.name,
                    href=label_href(facet, label),
                    tone=label_tone(facet, code),
                    count=here[code],
                    now=round(100 * here[code] / cases, 2),
                    all=round(100 * all_cases / everywhere.total, 2),
                )
            )
    return Multiple(BY_NAME[facet].title, tuple(bars))


@dataclass(frozen=True, slots=True)
class IndexEntry:
    label: Label
    href: str
    tone: str
    share: Share
    gloss: str


@dataclass(frozen=True, slots=True)
class IndexAxis:
    axis: Axis
    entries: tuple[IndexEntry, ...]


def view_codebook(codebook: Codebook, counts: FacetCounts) -> tuple[IndexAxis, ...]:
    return tuple(
        IndexAxis(
            codebook.axes[name],
            tuple(
                IndexEntry(
                    label,
                    label_href(name, label),
                    label_tone(name, label.code),
                    _share(name, counts.count(name, label.code), counts),
                    label.gloss,
                )
                for label in codebook.axes[name].label
            ),
        )
        for name in LABEL_AXES
    )


def label_address(href: str, number: int) -> str:
    """Where page `number` (from 1) of a label's list stands; the first is the label's own page."""
    return href if number == 1 else f"{href}{number}/"


def label_frame(site: Site, view: LabelPage, number: int, pages: int) -> Page:
    """The frame of page `number` (from 1) of a label's list."""
    path = label_address(view.href, number)
    title = view.label.full_name
    part = f", page {number} of {pages}" if number > 1 else ""
    return make_page(
        site, path, "label", f"{title}{part} · {view.axis.name}", f"{view.label.gloss}{part}", section="Codebook"
    )
