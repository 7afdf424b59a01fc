"""Examples of a label as its page shows them: the case, its annotator's reason, and why it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from atlas_build.model.codebook import Cause
from atlas_build.model.episode import Episode
from atlas_build.model.examples import FEWEST_COMPARED, Doubt, Example, Examples, WordTest, reasoning_about
from atlas_build.model.excerpt import shorten
from atlas_build.render.codes import Cell, Cells, month_name, tone_of
from atlas_build.render.pieces import Piece, cut_pieces

REASONING = 200
"""Characters of the annotator's reasoning: one sentence or two."""
TYPICAL = "Given alone and with nothing recorded against it; the annotator’s reason reads like others for it."
BORDERLINE = "The case carries the label, though something speaks against it."


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason in words, with the label that it is about, if it is about another one: `before` S2 name `after`."""

    before: str
    cell: Cell | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class ExampleView:
    href: str
    name: tuple[Piece, ...]
    tone: str
    reasoning: tuple[Piece, ...]
    grounds: tuple[Ground, ...]
    when: str


@dataclass(frozen=True, slots=True)
class ExampleList:
    anchor: str
    title: str
    gloss: str
    examples: tuple[ExampleView, ...]


@dataclass(frozen=True, slots=True)
class ExamplesView:
    """
    Attributes:
        lists: those that hold something.
        rule: by what they were chosen, and how far words could help.
    """

    lists: tuple[ExampleList, ...]
    rule: str


def view_examples(axis: str, code: str, examples: Examples, cases: Sequence[Episode], cells: Cells) -> ExamplesView:
    typical = (_view(axis, cases[each.place], _tell_typical(each)) for each in examples.typical)
    borderline = (_view(axis, cases[each.place], _tell_doubts(axis, each, cells)) for each in examples.borderline)
    lists = (
        ExampleList("typical", "Typical", TYPICAL, tuple(typical)),
        ExampleList("borderline", "Borderline", BORDERLINE, tuple(borderline)),
    )
    return ExamplesView(tuple(each for each in lists if each.examples), _tell_rule(axis, code, examples.test))


def _tell_rule(axis: str, code: str, test: WordTest | None) -> str:
    """The tier is one of a cause, and C7 names none."""
    recorded = ["confidence", "evidence tier"] if axis == "cause" and code != Cause.C7 else ["confidence"]
    if test is None:
        return (
            f"Chosen by {_join(recorded)}, not by people. The words of the annotator’s reasons were not tried: that "
            f"takes {FEWEST_COMPARED} comparable cases with the label and {FEWEST_COMPARED} without."
        )
    pairs = (
        f"put the right one first in {test.pairs} of 100 pairs, of {test.having:,} cases with it and "
        f"{test.lacking:,} without"
    )
    if test.believed:
        return (
            f"Chosen by {_join([*recorded, 'the words of the annotator’s reasons'])}, not by people. Given one case "
            f"with the label and one without, these words {pairs}."
        )
    return (
        f"Chosen by {_join(recorded)}, not by people. The words of the annotator’s reasons were tried and not used: "
        f"given one case with the label and one without, they {pairs}, which is not enough to go by."
    )


def _join(items: Sequence[str]) -> str:
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def _view(axis: str, case: Episode, grounds: Iterable[Ground]) -> ExampleView:
    return ExampleView(
        href=f"c/{case.slug}/",
        name=cut_pieces(case.text.name),
        tone=tone_of(case.facts),
        reasoning=cut_pieces(shorten(reasoning_about(axis, case.text), REASONING)),
        grounds=tuple(grounds),
        when=month_name(case.month) if case.month else "undated",
    )


def _tell_typical(example: Example) -> Iterator[Ground]:
    yield Ground(f"speaks for it: {_quote(example.words) or 'its words together'}")
    if example.tier:
        yield Ground(f"{example.tier} evidence")


def _tell_doubts(axis: str, example: Example, cells: Cells) -> Iterator[Ground]:
    """The other label first, then what else was given, then how sure the record is."""
    if example.rather in example.also:
        yield Ground(
            "also coded", cells.cell(axis, example.rather), f" and reads more like it: {_quote(example.words)}"
        )
    elif example.rather:
        yield Ground("reads more like", cells.cell(axis, example.rather), f": {_quote(example.words)}")
    yield from (Ground("also coded", cells.cell(axis, code)) for code in example.also if code != example.rather)
    if Doubt.LOW in example.doubts:
        yield Ground("extracted with low confidence")
    if Doubt.SPECULATIVE in example.doubts:
        yield Ground("speculative evidence")


def _quote(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
