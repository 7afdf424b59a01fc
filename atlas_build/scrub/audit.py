"""What a maintainer sees of the scrubber's work: every removed value with its context, the doubtful ones first.

An audit is full of personal data. It stays on the maintainer's machine and is no part of the site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from atlas_build.model.lookup import core
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import Found, Span, gives_away
from atlas_build.scrub.policy import Entry
from atlas_build.scrub.spreading import SPREAD_RULE, SURE
from atlas_build.scrub.vocabulary import Vocabulary

AROUND = 60
"""Code points shown on each side of a value."""
CONTEXTS = 5
CERTAIN = 0.85
LONGEST_SHOWN = 400
"""Longer values, which are key blocks, are cut in the middle."""
_ORDER = {kind: place for place, kind in enumerate(Kind)}


class Confidence(StrEnum):
    """How sure the surest rule was that saw a value; the order in which a person looks at them."""

    BORDERLINE = "borderline"
    LIKELY = "likely"
    CERTAIN = "certain"

    @classmethod
    def of(cls, score: float) -> Confidence:
        """Below `SURE` a name rests on word lists alone; from `CERTAIN` on a value has a form that nothing else has."""
        if score >= CERTAIN:
            return cls.CERTAIN
        return cls.LIKELY if score >= SURE else cls.BORDERLINE


@dataclass(frozen=True)
class Context:
    """One place of a value: what stands around it, and which rule took it."""

    case_id: str
    field: str
    before: str
    value: str
    after: str
    placeholder: str
    rule: str
    score: float

    @property
    def is_propagated(self) -> bool:
        """Known from elsewhere; in this place no rule saw it."""
        return self.rule == SPREAD_RULE


@dataclass
class RemovedEntry:
    """One value over the whole corpus.

    Attributes:
        spelling: the first spelling met.
        score: of the surest detection; of the propagation when there is no detection in this corpus.
        rules: rule -> places.
        contexts: the first places, detections before propagations.
    """

    kind: Kind
    spelling: str
    distinctive: bool
    score: float = 0.0
    detected: int = 0
    propagated: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    cases: set[str] = field(default_factory=set)
    contexts: list[Context] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.detected + self.propagated

    @property
    def confidence(self) -> Confidence:
        return Confidence.of(self.score)

    @property
    def unshown(self) -> int:
        return self.count - len(self.contexts)

    def add(self, context: Context, most: int) -> None:
        self.cases.add(context.case_id)
        self.rules[context.rule] += 1
        if context.is_propagated:
            self.propagated += 1
        else:
            self.score = max(self.score if self.detected else 0.0, context.score)
            self.detected += 1
        if not self.detected:
            self.score = context.score
        if len(self.contexts) < most or not context.is_propagated:
            self.contexts = sorted([*self.contexts, context], key=lambda shown: shown.is_propagated)[:most]


@dataclass(frozen=True)
class Group:
    """The values of one kind that are equally sure."""

    confidence: Confidence
    kind: Kind
    entries: tuple[RemovedEntry, ...]

    @property
    def count(self) -> int:
        return sum(entry.count for entry in self.entries)


@dataclass(frozen=True)
class Audit:
    """
    Attributes:
        groups: borderline ones first, then by kind.
        idle: allow and deny entries that match nothing in this corpus.
        episodes: how many were looked at.
    """

    groups: tuple[Group, ...]
    idle: tuple[Entry, ...]
    episodes: int

    @property
    def entries(self) -> Iterator[RemovedEntry]:
        for group in self.groups:
            yield from group.entries


def make_audit(
    fields: Mapping[str, Mapping[str, str]],
    found: Mapping[str, Found],
    idle: Sequence[Entry],
    vocabulary: Vocabulary,
    *,
    contexts: int = CONTEXTS,
) -> Audit:
    """
    Args:
        fields: case id -> original text of each field.
        found: case id -> what was found in it.
        contexts: how many places of a value are shown.
    """
    entries: dict[tuple[Kind, str], RemovedEntry] = {}
    for context, kind in _contexts(fields, found):
        value = (kind, core(context.value))
        if value not in entries:
            entries[value] = RemovedEntry(kind, context.value, gives_away(kind, context.value, vocabulary))
        entries[value].add(context, contexts)
    return Audit(tuple(_groups(entries.values())), tuple(idle), len(fields))


def _contexts(fields: Mapping[str, Mapping[str, str]], found: Mapping[str, Found]) -> Iterator[tuple[Context, Kind]]:
    for case_id in sorted(found):
        for name, spans in found[case_id].spans.items():
            text = fields[case_id][name]
            for span in spans:
                yield _context(case_id, name, text, span), span.kind


def _context(case_id: str, name: str, text: str, span: Span) -> Context:
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    return Context(
        case_id,
        name,
        before=("…" if start else "") + text[start : span.start],
        value=text[span.start : span.end],
        after=text[span.end : end] + ("…" if end < len(text) else ""),
        placeholder=span.placeholder,
        rule=span.rule,
        score=span.score,
    )


def _groups(entries: Iterable[RemovedEntry]) -> Iterator[Group]:
    together: dict[tuple[Confidence, Kind], list[RemovedEntry]] = {}
    for entry in entries:
        together.setdefault((entry.confidence, entry.kind), []).append(entry)
    places = {confidence: place for place, confidence in enumerate(Confidence)}
    for confidence, kind in sorted(together, key=lambda group: (places[group[0]], _ORDER[group[1]])):
        ordered = sorted(
            together[confidence, kind], key=lambda entry: (entry.score, -entry.count, core(entry.spelling))
        )
        yield Group(confidence, kind, tuple(ordered))


def shorten(value: str) -> str:
    """A value as it is shown: whole, or its two ends."""
    if len(value) <= LONGEST_SHOWN:
        return value
    half = LONGEST_SHOWN // 2
    return f"{value[:half]} … {len(value) - LONGEST_SHOWN:,} characters … {value[-half:]}"


def audit_json(audit: Audit) -> dict[str, object]:
    """The audit for scripts. Personal data, like the page."""
    return {
        "episodes": audit.episodes,
        "values": [_entry_json(entry) for entry in audit.entries],
        "idle_entries": [
            {"file": entry.file, "section": entry.section, "number": entry.number, "value": entry.value}
            for entry in audit.idle
        ],
    }


def _entry_json(entry: RemovedEntry) -> dict[str, object]:
    return {
        "confidence": entry.confidence.value,
        "kind": entry.kind.value,
        "value": entry.spelling,
        "score": entry.score,
        "distinctive": entry.distinctive,
        "detected": entry.detected,
        "propagated": entry.propagated,
        "cases": len(entry.cases),
        "rules": dict(sorted(entry.rules.items())),
        "contexts": [
            {
                "case": context.case_id,
                "field": context.field,
                "before": context.before,
                "value": context.value,
                "after": context.after,
                "placeholder": context.placeholder,
                "rule": context.rule,
                "score": context.score,
                "propagated": context.is_propagated,
            }
            for context in entry.contexts
        ],
        "contexts_left_out": entry.unshown,
    }
