"""The cheap ends of scrubbing: which texts of an episode are looked at, and how the spans found in them are written.

Nothing here detects anything, so a build whose spans come from the cache needs only this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from atlas_build.model.codebook import INVALID_CATEGORIES, KNOWN_AGENTS
from atlas_build.model.episode import AdmittedEpisode, Episode, text_fields
from atlas_build.model.lookup import core
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import EpisodeText, Evidence, Facts
from atlas_build.scrub.spans import UPSTREAM
from atlas_build.scrub.vocabulary import Vocabulary

AGENT_FIELD = "session.agent"
CATEGORY_FIELD = "invalid_category"
_ORDER = {kind: place for place, kind in enumerate(Kind)}
_CUSTOM_CATEGORY = re.compile(r"custom:[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


class Span(NamedTuple):
    """One replaced stretch, as code point offsets into the original text."""

    start: int
    end: int
    kind: Kind
    placeholder: str
    score: float
    rule: str


Spans = Mapping[str, tuple[Span, ...]]
"""The spans of each field that has any, in the order of the fields; sorted by start, without overlaps."""


class Found(NamedTuple):
    """What was found in an episode.

    Attributes:
        allowed: places of the allow entries that kept something (`Allow.find`).
    """

    spans: Spans
    allowed: frozenset[int]


@dataclass(frozen=True)
class ScrubbedText:
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class RemovedValue:
    """What was taken out, for the leak check. Lives in memory only and is never written anywhere."""

    kind: Kind
    value: str
    case_id: str
    field: str
    distinctive: bool

    def __repr__(self) -> str:
        """Without the value: a traceback or a log line must not publish it."""
        return f"RemovedValue({self.kind}, {self.case_id}, {self.field})"


@dataclass(frozen=True)
class ScrubbedEpisode:
    episode: Episode
    removed: tuple[RemovedValue, ...]


def episode_fields(episode: AdmittedEpisode | Episode) -> dict[str, str]:
    """Every text of an episode that has to be scrubbed, by field, in reading order."""
    fields = dict(text_fields(episode.text))
    agent, category = episode.facts.session.agent, episode.facts.invalid_category
    if agent is not None and agent not in KNOWN_AGENTS:
        fields[AGENT_FIELD] = agent
    if category is not None and category not in INVALID_CATEGORIES and not _CUSTOM_CATEGORY.fullmatch(category):
        fields[CATEGORY_FIELD] = category
    return fields


def finish_episode(
    episode: AdmittedEpisode, case_id: str, fields: Mapping[str, str], spans: Spans, removed: tuple[RemovedValue, ...]
) -> ScrubbedEpisode:
    """Write the placeholders of `spans` into an episode with these `fields`; `removed` is what they take out."""
    clean = {field: write_spans(fields[field], found) for field, found in spans.items()}
    redactions = Counter(span.kind for found in spans.values() for span in found)
    finished = Episode(
        id=case_id,
        facts=_write_facts(episode.facts, clean),
        license=episode.license,
        text=_write_text(episode.text, clean),
        redactions=dict(sorted(redactions.items(), key=lambda item: _ORDER[item[0]])),
    )
    return ScrubbedEpisode(finished, removed)


def write_spans(text: str, spans: tuple[Span, ...]) -> str:
    """The text with placeholders."""
    parts, place = [], 0
    for span in spans:
        parts += [text[place : span.start], span.placeholder]
        place = span.end
    return "".join([*parts, text[place:]])


def gives_away(kind: Kind, value: str, vocabulary: Vocabulary) -> bool:
    """Whether a value is removed, and looked for in the end, in the whole corpus.

    Beside distinctive values: digests of upstream's placeholders, and names of two words such as Will Turner.
    """
    is_full_name = kind is Kind.PERSON and " " in core(value)
    return kind is Kind.REDACTED or is_full_name or vocabulary.is_distinctive(value)


def removed_values(
    case_id: str, fields: Mapping[str, str], spans: Spans, vocabulary: Vocabulary
) -> tuple[RemovedValue, ...]:
    """What `spans` take out of an episode, each value once, with the first field it stands in."""
    values: dict[tuple[Kind, str], RemovedValue] = {}
    for field, found in spans.items():
        for span in found:
            value = fields[field][span.start : span.end]
            if upstream := UPSTREAM.fullmatch(value):
                value = upstream[1]
            if (same := (span.kind, core(value))) not in values:
                is_distinctive = gives_away(span.kind, value, vocabulary)
                values[same] = RemovedValue(span.kind, value, case_id, field, is_distinctive)
    return tuple(values.values())


def _write_text(text: EpisodeText, clean: Mapping[str, str]) -> EpisodeText:
    if not clean:
        return text
    touched = {field.partition(".")[0] for field in clean}
    evidence = tuple(
        _write_evidence(item, place, clean) if (place := f"evidence[{number}]") in touched else item
        for number, item in enumerate(text.evidence, 1)
    )
    reasonings = {
        part: clean[field]
        for part in ("form", "cause", "cost", "resolution")
        if (field := f"reasonings.{part}") in clean
    }
    return EpisodeText(
        name=clean.get("name", text.name),
        description=clean.get("description", text.description),
        evidence=evidence,
        reasonings=text.reasonings.model_copy(update=reasonings) if reasonings else text.reasonings,
        other_form=clean.get("other_form", text.other_form),
        note=clean.get("note", text.note),
    )


def _write_evidence(item: Evidence, place: str, clean: Mapping[str, str]) -> Evidence:
    update = {part: clean[field] for part in ("turn", "quote", "context") if (field := f"{place}.{part}") in clean}
    return item.model_copy(update=update)


def _write_facts(facts: Facts, clean: Mapping[str, str]) -> Facts:
    update: dict[str, object] = {}
    if CATEGORY_FIELD in clean:
        update["invalid_category"] = clean[CATEGORY_FIELD]
    if AGENT_FIELD in clean:
        update["session"] = facts.session.model_copy(update={"agent": clean[AGENT_FIELD]})
    return facts.model_copy(update=update) if update else facts
