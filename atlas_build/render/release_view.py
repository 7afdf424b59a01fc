"""Pages about releases: what came, changed, went and came back; and the life of one case on its own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from atlas_build.model.codebook import LABEL_AXES, Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import shorten
from atlas_build.model.ledger import CaseStatus, Tombstone
from atlas_build.model.placeholder import NAMES, Kind
from atlas_build.model.release import CaseEvent, CaseHistory, Chronicle, Comparison, FieldChange, NumberChange, Revision
from atlas_build.render.codes import MONTHS, value_name
from atlas_build.render.page import Site
from atlas_build.render.pieces import Piece, cut_pieces, plain

MOST_LISTED = 300
"""Cases that one section of a release page names; the release notes name all."""

KINDS = {
    "published": "First published",
    "revised": "Revised",
    "withdrawn": "Withdrawn",
    "returned": "Published again",
}
AXES = {
    "form": "Form",
    "cause": "Cause",
    "severity": "Severity",
    "locus": "Locus",
    "status": "Resolution",
    "resolver": "Resolver",
    "goal": "Goal",
    "confidence": "Confidence",
    "workflow": "Workflow",
    "license": "License",
    "redactions": "Replaced values",
    "excluded": "Excluded by the license gate",
    "funnel": "Funnel",
}
FUNNEL = {
    "read": "Records read",
    "well_formed": "Well-formed",
    "valid": "Valid",
    "admitted": "Admitted",
    "suppressed": "Held back on request",
    "published": "Published",
}


def day_words(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "not yet released"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of a case. `release` and `href` are "" for what has not been released."""

    words: str
    release: str
    href: str
    day: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """
    Attributes:
        data: what `assets/js/case.js` answers an old link with, as JSON.
    """

    lines: tuple[HistoryLine, ...]
    data: str


def view_history(
    history: CaseHistory | None, releases: Sequence[str], codebook: Codebook | None = None
) -> HistoryView | None:
    """
    Args:
        releases: names of all releases, oldest first.
        codebook: names the labels that a case has had, for links older than its last change.
    """
    if history is None:
        return None
    data: dict[str, object] = {
        "releases": list(releases),
        "states": [[release, state] for release, state in history.states],
    }
    if codebook and len(history.states) > 1:
        data["names"] = _names_of_labels(history, codebook)
    return HistoryView(tuple(_view_event(event, releases) for event in history.events), orjson.dumps(data).decode())


def _names_of_labels(history: CaseHistory, codebook: Codebook) -> dict[str, str]:
    """Code -> name of every label that the case has had."""
    printed = ((axis, state.get(axis, "")) for _, state in history.states if state for axis in LABEL_AXES)
    codes = {(axis, value.split(" ")[0]) for axis, values in printed for value in values.split(", ") if value}
    labels = ((code, codebook.label(axis, code)) for axis, code in sorted(codes))
    return {code: label.name for code, label in labels if label}


def _view_event(event: CaseEvent, releases: Sequence[str]) -> HistoryLine:
    is_released = event.release in releases
    return HistoryLine(
        words=KINDS[event.kind],
        release=event.release if is_released else "",
        href=f"releases/{event.release}/" if is_released else "",
        day=day_words(event.date),
        changes=tuple(str(change) for change in event.changes),
    )


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list. `name` is empty for a case that is not published now."""

    id: str
    slug: str
    name: tuple[Piece, ...]
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A list of cases, cut to what a page holds; `more` are only in the notes."""

    anchor: str
    title: str
    about: str
    lines: tuple[CaseLine, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class FlipLine:
    axis: str
    old: str
    old_name: str
    new: str
    new_name: str
    count: int


@dataclass(frozen=True, slots=True)
class NumberLine:
    name: str
    old: int
    new: int

    @property
    def change(self) -> str:
        step = self.new - self.old
        return f"+{step:,}" if step > 0 else f"−{-step:,}" if step else "="


@dataclass(frozen=True, slots=True)
class NumberGroup:
    title: str
    lines: tuple[NumberLine, ...]


@dataclass(frozen=True)
class ReleaseView:
    version: str
    day: str
    before: str
    cases: int
    sections: tuple[Section, ...]
    flips: tuple[FlipLine, ...]
    groups: tuple[NumberGroup, ...]
    is_first: bool
    is_scrubbed_otherwise: bool
    removed: int
    """Cases that this release published and that were taken down since."""
    bytes: int
    """Size of the release file."""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release in the list of all."""

    version: str
    day: str
    cases: int
    added: int
    revised: int
    withdrawn: int
    suppressed: int
    returned: int


def list_releases(chronicle: Chronicle) -> tuple[ReleaseLine, ...]:
    """Newest first."""
    lines = [
        ReleaseLine(
            version=record.version,
            day=day_words(record.date),
            cases=record.numbers.published,
            added=len(comparison.added),
            revised=len(comparison.revised),
            withdrawn=len(comparison.withdrawn),
            suppressed=len(comparison.suppressed),
            returned=len(comparison.returned),
        )
        for record, comparison in zip(chronicle.releases, chronicle.comparisons, strict=True)
    ]
    return tuple(reversed(lines))


class ReleaseViews:
    """Makes the views of all releases of one site."""

    def __init__(self, chronicle: Chronicle, cases: Sequence[Episode], codebook: Codebook, site: Site) -> None:
        self.chronicle = chronicle
        self.codebook = codebook
        self.site = site
        self._names = {case.id: cut_pieces(shorten(plain(case.text.name), 120)) for case in cases}

    def view(self, place: int, size: int) -> ReleaseView:
        """The release at a place of the chronicle; `size`: bytes of its file."""
        record, comparison = self.chronicle.releases[place], self.chronicle.comparisons[place]
        return ReleaseView(
            version=record.version,
            day=day_words(record.date),
            before=comparison.old,
            cases=record.numbers.published,
            sections=tuple(section for section in self._sections(comparison) if section.count),
            flips=tuple(self._flips(comparison)),
            groups=tuple(self._groups(comparison)),
            is_first=not comparison.old,
            is_scrubbed_otherwise=comparison.is_scrubbed_otherwise,
            removed=len(record.removed),
            bytes=size,
        )

    def _sections(self, comparison: Comparison) -> Iterator[Section]:
        revised, added = comparison.revised, comparison.added
        yield self._section("added", "Added", "published for the first time", [(one, ()) for one in added])
        yield self._section(
            "revised", "Revised", "labels, license or text changed", [_revision(one) for one in revised]
        )
        yield self._section(
            "returned", "Returned", "published again under their old ids", [(one, ()) for one in comparison.returned]
        )
        yield self._section(
            "withdrawn", "Withdrawn", "their pages keep the labels", [_tombstone(one) for one in comparison.withdrawn]
        )
        yield self._section(
            "suppressed",
            "Taken down",
            "nothing of them is left but id, date and reason code",
            [_tombstone(one) for one in comparison.suppressed],
        )
        yield self._section(
            "renumbered",
            "Numbered anew by the study",
            "the same episodes under the same ids, with another key",
            [(one, ()) for one in comparison.renumbered],
        )

    def _section(self, anchor: str, title: str, about: str, items: Sequence[tuple[str, tuple[str, ...]]]) -> Section:
        lines = tuple(
            CaseLine(case_id, case_id.lower(), self._names.get(case_id, ()), details)
            for case_id, details in items[:MOST_LISTED]
        )
        return Section(anchor, title, about, lines, len(items))

    def _flips(self, comparison: Comparison) -> Iterator[FlipLine]:
        for flip in comparison.flips:
            old, new = self._value_name(flip.axis, flip.old), self._value_name(flip.axis, flip.new)
            yield FlipLine(AXES[flip.axis], flip.old, old, flip.new, new, flip.count)

    def _value_name(self, axis: str, value: str) -> str:
        code = value.split(" ", maxsplit=1)[0]
        name = value_name(self.codebook, axis, code) if code else "none"
        return "" if name == value else name

    def _groups(self, comparison: Comparison) -> Iterator[NumberGroup]:
        groups: dict[str, list[NumberChange]] = {}
        for number in comparison.numbers:
            groups.setdefault(number.group, []).append(number)
        for group, numbers in groups.items():
            lines = (NumberLine(self._number_name(group, number.name), number.old, number.new) for number in numbers)
            yield NumberGroup(AXES[group], tuple(lines))

    def _number_name(self, group: str, name: str) -> str:
        if group == "funnel":
            return FUNNEL[name]
        if group == "redactions":
            return NAMES[Kind(name)]
        if group in ("excluded", "license"):
            return name
        words = value_name(self.codebook, group, name)
        return name if words.lower() == name.lower() else f"{name} {words}"


def _revision(revision: Revision) -> tuple[str, tuple[str, ...]]:
    return revision.id, tuple(str(change) for change in revision.changes)


def _tombstone(tombstone: Tombstone) -> tuple[str, tuple[str, ...]]:
    reason = (f"reason code {tombstone.reason}",) if tombstone.reason else ()
    successor = (f"continued as {tombstone.successor}",) if tombstone.successor else ()
    return tombstone.id, reason + successor


def write_notes(comparison: Comparison, title: str, removed: int = 0) -> bytes:
    """The release notes as Markdown: ids, codes and numbers, no text of any case.

    Args:
        removed: cases that this release published and that were taken down since.
    """
    lines = [f"# {title}: release {comparison.new}", ""]
    lines += [
        f"{day_words(comparison.date)}. " + (f"Compared with {comparison.old}." if comparison.old else "The first.")
    ]
    if removed:
        lines += ["", f"Taken down since then: {removed:,}. Only the funnel still counts these cases."]
    for heading, ids in (("Added", comparison.added), ("Returned", comparison.returned)):
        lines += _list(heading, ids)
    lines += _list("Revised", [f"{one.id}: {_join(one.changes)}" for one in comparison.revised])
    for heading, gone in (("Withdrawn", comparison.withdrawn), ("Taken down", comparison.suppressed)):
        lines += _list(heading, [" · ".join((one.id, *_tombstone(one)[1])) for one in gone])
    lines += _list("Numbered anew by the study, under the same ids", comparison.renumbered)
    if comparison.flips:
        rows = [(AXES[one.axis], one.old or "none", one.new or "none", f"{one.count:,}") for one in comparison.flips]
        lines += ["", "## Labels that changed", "", *_table(("axis", "was", "is", "cases"), rows)]
    lines += _number_table(comparison)
    if comparison.is_scrubbed_otherwise:
        lines += ["", "The scrubbing rules changed with this release."]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _number_table(comparison: Comparison) -> list[str]:
    """All numbers of a first release, else those that changed."""
    numbers = [one for one in comparison.numbers if one.old != one.new]
    names = [f"{AXES[one.group]}: {one.name}" for one in numbers]
    if not comparison.old:
        rows = [(name, f"{one.new:,}") for name, one in zip(names, numbers, strict=True)]
        return ["", "## Numbers", "", *_table(("number", "cases or records"), rows)] if rows else []
    changes = [(name, f"{one.old:,}", f"{one.new:,}") for name, one in zip(names, numbers, strict=True)]
    return ["", "## Numbers that changed", "", *_table(("number", "before", "after"), changes)] if changes else []


def _join(changes: Sequence[FieldChange]) -> str:
    return "; ".join(str(change) for change in changes)


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {heading} ({len(items):,})", "", *(f"- {item}" for item in items)] if items else []


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table. Cells are codes, names of licenses and numbers; a bar in one is escaped."""
    marks = [" --- " for _ in head]
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'|'.join(marks)}|", *(f"| {' | '.join(row)} |" for row in cells)]


def tombstone_history(
    tombstone: Tombstone, histories: Mapping[str, CaseHistory], releases: Sequence[str]
) -> HistoryView | None:
    """The life of a withdrawn case; of a suppressed one nothing is told."""
    if tombstone.status is CaseStatus.SUPPRESSED:
        return None
    return view_history(histories.get(tombstone.id), releases)
