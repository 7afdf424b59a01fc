"""The codebook as pages: one per label, like a good dictionary entry, and one that lists them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from atlas_build.model.codebook import LABEL_AXES, SEVERITIES_WITH_LOCUS, Axis, Codebook, Label, Status
from atlas_build.model.episode import Episode
from atlas_build.model.numbers import FacetCounts, Numbers, ReadCounts
from atlas_build.render.certainty_view import Part, view_certainty
from atlas_build.render.charts import Columns, draw_months
from atlas_build.render.codes import Cells, label_href, label_tone
from atlas_build.render.examples_view import ExamplesView, view_examples
from atlas_build.render.intervals import Interval, wilson
from atlas_build.render.markdown import Prose
from atlas_build.render.multiples_view import Multiples, view_multiples
from atlas_build.render.page import Page, Site, make_page
from atlas_build.render.shares import Share, agree


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
    interval: Interval | None
    label_share: Share | None
    """Of all labels given on an axis where a case may have several; None on other axes."""
    total: int
    read_share: Share | None
    multiples: Multiples | None
    timeline: Columns | None
    certainty: tuple[Part, ...]
    examples: ExamplesView | None
    previous: Label | None
    following: Label | None


def view_label(
    axis: Axis, label: Label, *, cells: Cells, prose: Prose, numbers: Numbers, cases: Sequence[Episode]
) -> LabelPage:
    codebook = cells.codebook
    own = numbers.labels[axis.axis, label.code]
    examples = numbers.examples.get((axis.axis, label.code))
    position = axis.label.index(label)
    share = _share(axis.axis, own.count, numbers.facets)
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
        share=share,
        interval=wilson(share.count, share.of),
        label_share=_label_share(axis, own.count, numbers.facets),
        total=numbers.facets.total,
        read_share=_read_share(axis.axis, label.code, numbers.read),
        multiples=view_multiples(axis.axis, label, numbers, codebook) if own.count else None,
        timeline=draw_months(numbers.months, own.months) if own.count else None,
        certainty=view_certainty(axis.axis, label.code, own),
        examples=view_examples(axis.axis, label.code, examples, cases, cells) if examples else None,
        previous=axis.label[position - 1] if position else None,
        following=axis.label[position + 1] if position + 1 < len(axis.label) else None,
    )


def _share(axis: str, count: int, counts: FacetCounts) -> Share:
    """The denominator is where the label can apply: a locus only with damage, a resolver only when resolved."""
    of, base = counts.total, "cases"
    if axis == "locus":
        of = sum(counts.count("severity", code) for code in SEVERITIES_WITH_LOCUS)
        base = "cases with system damage"
    if axis == "resolver":
        of, base = counts.count("status", Status.RS1), "visibly resolved cases"
    return Share(count, of, agree(base, of))


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
