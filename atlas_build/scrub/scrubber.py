"""The scrubber: an admitted episode in, an `Episode` without personal data and secrets out.

For one text: detect on a view in which placeholders are hidden, hide what was found, look again until nothing new is
found. For an episode: spread what strong cues gave away over all fields, and look again. `corpus` does it for all
episodes together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from atlas_build.errors import ScrubError
from atlas_build.model.episode import AdmittedEpisode
from atlas_build.model.lookup import core
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import (
    Found,
    RemovedValue,
    ScrubbedEpisode,
    ScrubbedText,
    Span,
    episode_fields,
    finish_episode,
    removed_values,
    write_spans,
)
from atlas_build.scrub.hits import Hit
from atlas_build.scrub.numbering import Numbering, same_value
from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.spans import View, find_placeholders, find_upstream_placeholders, merge, without_covered
from atlas_build.scrub.spreading import Known, Spreader, Spreading, spread_of

__all__ = ["RemovedValue", "ScrubbedEpisode", "ScrubbedText", "Scrubber", "Span", "episode_fields"]

NOTHING_KNOWN = Known()
_FIXED = 2.0
"""A score above every rule's: what has been found keeps its place."""
_CALM_ROUNDS = 6
"""Looks after which a text that still gives something new loses whole lines: `_widened`. Texts that were written to be
read are done after two or three."""
_MOST_ROUNDS = 4 * _CALM_ROUNDS
"""More rounds than this are a fault of this program, because by then nothing is left of a text."""
UNSETTLED = "unsettled"
"""The rule of what goes with its line."""
_REMEMBERED = 8_000_000
"""Code points of texts whose hits are remembered; when there are more, all are forgotten."""

Detections = Mapping[str, tuple[Hit, ...]]
"""What was found in each field, without propagation: a pure function of the texts and the policy."""


class _Detected(NamedTuple):
    hits: tuple[Hit, ...]
    allowed: frozenset[int]


class Scrubber:
    """Scrubs texts and episodes by one policy with one Presidio engine. Not safe for threads; one a process."""

    def __init__(self, policy: ScrubPolicy) -> None:
        from atlas_build.scrub.detection import Detector  # noqa: PLC0415 - Presidio takes seconds to load

        self.policy = policy
        self._detector = Detector(policy)
        self._denied = tuple(
            Spreading(core(value), kind, core(value)) for kind, values in policy.deny.values.items() for value in values
        )
        self._remembered: dict[str, _Detected] = {}
        self._remembered_size = 0

    @classmethod
    def from_policy(cls, data_dir: Path) -> Scrubber:
        """Build a scrubber from `data_dir/policy/scrub.toml` and `scrub.local.toml` beside it.

        Raises:
            PolicyError: the policy is broken, or asks for a model that is not installed.
        """
        return cls(ScrubPolicy.load(data_dir))

    def scrub_text(self, text: str) -> ScrubbedText:
        """Scrub one text as if it were an episode of its own.

        Raises:
            ScrubError: a detector failed.
        """
        return self._scrub_fields({"text": text}, {"text": self.detect(text)}, NOTHING_KNOWN)["text"]

    def scrub_episode(self, episode: AdmittedEpisode, case_id: str, known: Known = NOTHING_KNOWN) -> ScrubbedEpisode:
        """Scrub all free text of an episode.

        Args:
            case_id: the id under which the episode is published.
            known: distinctive values of other episodes, removed here as well.

        Raises:
            ScrubError: a detector failed.
        """
        fields = episode_fields(episode)
        try:
            found = self.find_spans(fields, known)
        except ScrubError as error:
            raise ScrubError(f"{case_id}: {error.message}", hint=error.hint) from None
        removed = removed_values(case_id, fields, found.spans, self.policy.vocabulary)
        return finish_episode(episode, case_id, fields, found.spans, removed)

    def find_spans(self, fields: Mapping[str, str], known: Known = NOTHING_KNOWN) -> Found:
        """The expensive part of `scrub_episode`: a pure function of the fields, `known` and the policy.

        Raises:
            ScrubError: a detector failed; the message names the field.
        """
        detections = {field: self._detect_field(field, text) for field, text in fields.items()}
        allowed = {place for detected in detections.values() for place in detected.allowed}
        hits = {field: detected.hits for field, detected in detections.items()}
        scrubbed = self._scrub_fields(fields, hits, known, allowed)
        spans = {field: result.spans for field, result in scrubbed.items() if result.spans}
        return Found(spans, frozenset(allowed))

    def _detect_field(self, field: str, text: str) -> _Detected:
        try:
            return self._detect(text)
        except ScrubError as error:
            raise ScrubError(f"{field}: {error.message}", hint=error.hint) from None

    def detect(self, text: str) -> tuple[Hit, ...]:
        """What stands in one text by itself, without overlaps, until another look finds nothing more.

        A pure function of the text and `policy.fingerprint`. A text that comes again, as turns do, is looked at once.
        """
        return self._detect(text).hits

    def _detect(self, text: str) -> _Detected:
        known = self._remembered.get(text)
        if known is not None:
            return known
        allowed: set[int] = set()
        hits = self._detect_further(text, find_upstream_placeholders(text), allowed) if text else ()
        found = _Detected(tuple(hits), frozenset(allowed))
        self._remembered_size += len(text) + 1
        if self._remembered_size > _REMEMBERED:
            self._remembered.clear()
            self._remembered_size = len(text) + 1
        self._remembered[text] = found
        return found

    def _detect_further(self, text: str, found: Iterable[Hit], allowed: set[int]) -> list[Hit]:
        hits = merge(text, found)
        placeholders = find_placeholders(text)
        for number in range(_MOST_ROUNDS):
            view = View.of(text, [*placeholders, *((hit.start, hit.end) for hit in hits)])
            new = [part for hit in self._detector.detect(view.text) for part in view.to_original(hit)]
            new = [hit for hit in merge(text, new) if not self._is_allowed(text[hit.start : hit.end], allowed)]
            if not new:
                return hits
            if number >= _CALM_ROUNDS:
                new = _add(text, hits, [*new, *_widened(text, new, to_all=number >= 2 * _CALM_ROUNDS)])
            hits = sorted([*hits, *new])
        raise ScrubError("detection does not come to an end", hint="a recognizer finds something in placeholders")

    def _is_allowed(self, value: str, allowed: set[int]) -> bool:
        """Whether an allow entry keeps the value; its place goes into `allowed`."""
        place = self.policy.allow.find(value)
        if place is not None:
            allowed.add(place)
        return place is not None

    def _scrub_fields(
        self, fields: Mapping[str, str], detections: Detections, known: Known, allowed: set[int] | None = None
    ) -> dict[str, ScrubbedText]:
        allowed = set() if allowed is None else allowed
        hits = {field: list(detections[field]) for field in fields}
        from_corpus = [Spreading(value, kind, value) for value, kind in known.kinds.items()]
        if not from_corpus and not self._denied and not any(hits.values()):
            return {field: ScrubbedText(text, ()) for field, text in fields.items()}
        for number in range(_MOST_ROUNDS):
            spreader = Spreader([*from_corpus, *self._denied, *self._spreadings(fields, hits)])
            changed = [field for field in fields if self._spread(fields[field], hits, field, spreader, allowed)]
            if not changed:
                return _write_hits(fields, hits, spreader)
            for field in changed:
                hits[field] = self._detect_further(fields[field], hits[field], allowed)
                if number >= _CALM_ROUNDS:
                    rest = _widened(fields[field], hits[field], to_all=True)
                    hits[field] = sorted([*hits[field], *_add(fields[field], hits[field], rest)])
        raise ScrubError("propagation does not come to an end", hint="a recognizer finds something in placeholders")

    def _spreadings(self, fields: Mapping[str, str], hits: Mapping[str, list[Hit]]) -> Iterator[Spreading]:
        seen = set()
        for field, text in fields.items():
            for hit in hits[field]:
                value = text[hit.start : hit.end]
                if hit.spreads and (hit.kind, hit.score, value) not in seen:
                    seen.add((hit.kind, hit.score, value))
                    yield from spread_of(hit, value, self.policy.vocabulary)

    def _spread(self, text: str, hits: dict[str, list[Hit]], field: str, spreader: Spreader, allowed: set[int]) -> bool:
        """Add the occurrences of known values to a field's hits; True if there was one that was not covered yet."""
        before = hits[field]
        found = without_covered(spreader.find(text), before)
        found = [hit for hit in found if not self._is_allowed(text[hit.start : hit.end], allowed)]
        if not found:
            return False
        added = _add(text, before, found)
        hits[field] = sorted([*before, *added])
        return bool(added)


def _add(text: str, before: Sequence[Hit], found: Iterable[Hit]) -> list[Hit]:
    """What of some hits is still free: found values and placeholders keep their place."""
    hidden = [Hit(*span, Kind.REDACTED, 1.0, "placeholder") for span in find_placeholders(text)]
    fixed = [hit._replace(score=_FIXED) for hit in [*before, *hidden]]
    return [hit for hit in merge(text, [*fixed, *found]) if hit.score < _FIXED]


def _widened(text: str, hits: Sequence[Hit], *, to_all: bool) -> Iterator[Hit]:
    """The lines of some hits, or the whole text.

    In `x.org/x.org/x.org/` each removed name lets the one before it look like a name. Texts made for that must
    neither stop a build nor take a look for every link of their chain.
    """
    end = -1
    for hit in hits:
        if hit.start >= end:  # not in the line before
            start = 0 if to_all else text.rfind("\n", 0, hit.start) + 1
            line_end = text.find("\n", hit.end)
            end = len(text) if to_all or line_end < 0 else line_end
            yield Hit(start, end, hit.kind, hit.score, UNSETTLED, False)


def _write_hits(
    fields: Mapping[str, str], hits: Mapping[str, list[Hit]], spreader: Spreader
) -> dict[str, ScrubbedText]:
    """Write the placeholders. A value that was found as several kinds gets the kind of its surest hit everywhere."""
    known: dict[tuple[Kind, str], str] = {}
    owners = {field: [_owner(fields[field], hit, spreader, known) for hit in hits[field]] for field in fields}
    surest: dict[str, Hit] = {}
    for field in fields:
        for owner, hit in zip(owners[field], hits[field], strict=True):
            surest[owner] = max(surest.get(owner, hit), hit, key=lambda found: found.score)
    numbering = Numbering(fields.values())
    written = {}
    for field, text in fields.items():
        spans = tuple(
            Span(hit.start, hit.end, surest[owner].kind, placeholder, hit.score, hit.rule)
            for owner, hit in zip(owners[field], hits[field], strict=True)
            for placeholder in (numbering.placeholder(surest[owner].kind, owner),)
        )
        written[field] = ScrubbedText(write_spans(text, spans), spans)
    return written


def _owner(text: str, hit: Hit, spreader: Spreader, known: dict[tuple[Kind, str], str]) -> str:
    """What a hit's placeholder stands for: its value, or the whole name that the value is a part of."""
    seen = (hit.kind, text[hit.start : hit.end])
    if seen not in known:
        value = same_value(*seen)
        known[seen] = spreader.owner(value) or value
    return known[seen]
