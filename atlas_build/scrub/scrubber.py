"""The scrubber: an admitted episode in, an `Episode` without personal data and secrets out.

For one text: detect on a view in which placeholders are hidden, hide what was found, look again until nothing new is
found. For an episode: spread what strong cues gave away over all fields, and look again. For a corpus: do both twice,
the second time with the distinctive values of all other episodes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from atlas_build.errors import ScrubError
from atlas_build.model.codebook import INVALID_CATEGORIES, KNOWN_AGENTS
from atlas_build.model.episode import AdmittedEpisode, Episode, text_fields
from atlas_build.model.lookup import Lookup, core
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import EpisodeText, Facts
from atlas_build.report import Report
from atlas_build.scrub.detection import Detector
from atlas_build.scrub.numbering import Numbering, same_value
from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.recognizers.family import Hit
from atlas_build.scrub.spans import UPSTREAM, View, find_placeholders, find_upstream_placeholders, merge
from atlas_build.scrub.spreading import Known, Spreader, Spreading, spread_of

NOTHING_KNOWN = Known()
AGENT_FIELD = "session.agent"
CATEGORY_FIELD = "invalid_category"
_CUSTOM_CATEGORY = re.compile(r"custom:[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_FIXED = 2.0
"""A score above every rule's: what has been found keeps its place."""
_MOST_ROUNDS = 50
"""Every round removes a letter or digit, so it ends by itself; more rounds than this are a fault of a rule."""


@dataclass(frozen=True)
class Span:
    """One replaced stretch, as code point offsets into the original text."""

    start: int
    end: int
    kind: Kind
    placeholder: str
    score: float
    rule: str


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


Detections = Mapping[str, tuple[Hit, ...]]
"""What was found in each field, without propagation: a pure function of the texts and the policy."""


class Scrubber:
    """Scrubs texts and episodes by one policy with one Presidio engine. Not safe for threads; one a process."""

    def __init__(self, policy: ScrubPolicy) -> None:
        self.policy = policy
        self._detector = Detector(policy)
        self._denied = tuple(
            Spreading(core(value), kind, core(value)) for kind, values in policy.deny.values.items() for value in values
        )

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
        return self._scrub_fields({"text": text}, {"text": self.detect(text)}, Known())["text"]

    def scrub_episode(
        self, episode: AdmittedEpisode, case_id: str, known: Known = NOTHING_KNOWN, detections: Detections | None = None
    ) -> ScrubbedEpisode:
        """Scrub all free text of an episode.

        Args:
            case_id: the id under which the episode is published.
            known: distinctive values of other episodes, removed here as well.
            detections: what `detect_episode` found, if it has already run.

        Raises:
            ScrubError: a detector failed.
        """
        fields = episode_fields(episode)
        try:
            scrubbed = self._scrub_fields(fields, detections or self.detect_episode(episode), known)
        except ScrubError as error:
            raise ScrubError(f"{case_id}: {error.message}", hint=error.hint) from None
        redactions = Counter(span.kind for text in scrubbed.values() for span in text.spans)
        finished = Episode(
            id=case_id,
            facts=_write_facts(episode.facts, scrubbed),
            license=episode.license,
            text=_write_text(episode.text, scrubbed),
            redactions={kind: redactions[kind] for kind in Kind if redactions[kind]},
        )
        return ScrubbedEpisode(finished, tuple(self._removed(case_id, fields, scrubbed)))

    def detect_episode(self, episode: AdmittedEpisode) -> Detections:
        """The expensive half of `scrub_episode`."""
        return {field: self._detect_field(field, text) for field, text in episode_fields(episode).items()}

    def _detect_field(self, field: str, text: str) -> tuple[Hit, ...]:
        try:
            return self.detect(text)
        except ScrubError as error:
            raise ScrubError(f"{field}: {error.message}", hint=error.hint) from None

    def detect(self, text: str) -> tuple[Hit, ...]:
        """What stands in one text by itself, without overlaps, until another look finds nothing more.

        A pure function of the text and `policy.fingerprint`.
        """
        upstream = find_upstream_placeholders(text)
        return tuple(self._detect_further(text, upstream)) if text else ()

    def _detect_further(self, text: str, found: Iterable[Hit]) -> list[Hit]:
        hits = merge(text, found)
        placeholders = find_placeholders(text)
        for _ in range(_MOST_ROUNDS):
            view = View.of(text, [*placeholders, *((hit.start, hit.end) for hit in hits)])
            new = [part for hit in self._detector.detect(view.text) for part in view.to_original(hit)]
            new = [hit for hit in merge(text, new) if not self._is_allowed(text[hit.start : hit.end])]
            if not new:
                return hits
            hits = sorted([*hits, *new])
        raise ScrubError("detection does not come to an end", hint="a recognizer finds something in placeholders")

    def _is_allowed(self, value: str) -> bool:
        return self.policy.allow.allows(value)

    def _scrub_fields(self, fields: Mapping[str, str], detections: Detections, known: Known) -> dict[str, ScrubbedText]:
        hits = {field: list(detections[field]) for field in fields}
        from_corpus = [Spreading(value, kind, value) for value, kind in known.kinds.items()]
        for _ in range(_MOST_ROUNDS):
            spreader = Spreader([*from_corpus, *self._denied, *self._spreadings(fields, hits)])
            changed = [field for field in fields if self._spread(fields[field], hits, field, spreader)]
            if not changed:
                return _replace_hits(fields, hits, spreader)
            for field in changed:
                hits[field] = self._detect_further(fields[field], hits[field])
        raise ScrubError("propagation does not come to an end", hint="a recognizer finds something in placeholders")

    def _spreadings(self, fields: Mapping[str, str], hits: Mapping[str, list[Hit]]) -> Iterator[Spreading]:
        seen = set()
        for field, text in fields.items():
            for hit in hits[field]:
                value = text[hit.start : hit.end]
                if hit.spreads and (hit.kind, hit.score, value) not in seen:
                    seen.add((hit.kind, hit.score, value))
                    yield from spread_of(hit, value, self.policy.vocabulary)

    def _spread(self, text: str, hits: dict[str, list[Hit]], field: str, spreader: Spreader) -> bool:
        """Add the occurrences of known values to a field's hits; True if there was one that was not covered yet."""
        before = hits[field]
        hidden = [Hit(*span, Kind.REDACTED, 1.0, "placeholder") for span in find_placeholders(text)]
        found = [hit for hit in spreader.find(text) if not self._is_allowed(text[hit.start : hit.end])]
        if not found:
            return False
        # Found values keep their place; only what is free is added.
        fixed = [hit._replace(score=_FIXED) for hit in [*before, *hidden]]
        added = [hit for hit in merge(text, [*fixed, *found]) if hit.score < _FIXED]
        hits[field] = sorted([*before, *added])
        return bool(added)

    def _removed(
        self, case_id: str, fields: Mapping[str, str], scrubbed: Mapping[str, ScrubbedText]
    ) -> Iterator[RemovedValue]:
        seen = set()
        for field, text in scrubbed.items():
            for span in text.spans:
                value = fields[field][span.start : span.end]
                if upstream := UPSTREAM.fullmatch(value):
                    value = upstream[1]
                if (span.kind, core(value)) not in seen:
                    seen.add((span.kind, core(value)))
                    yield RemovedValue(span.kind, value, case_id, field, self._gives_away(span.kind, value))

    def _gives_away(self, kind: Kind, value: str) -> bool:
        return kind is Kind.REDACTED or self.policy.vocabulary.is_distinctive(value)


def scrub_corpus(
    episodes: Sequence[tuple[str, AdmittedEpisode]], *, data_dir: Path, jobs: int, report: Report
) -> list[ScrubbedEpisode]:
    """Scrub all episodes, and every distinctive value of one also in all others.

    Args:
        episodes: case id and episode, in any order; no id twice.
        jobs: worker processes, each with an engine of its own; the result does not depend on it.

    Returns:
        The scrubbed episodes by case id. After this no published text holds a distinctive value that was removed
        anywhere in the corpus, which is what the leak check of the finished site relies on.

    Raises:
        PolicyError: the policy is broken. ScrubError: a detector failed.
    """
    ordered = dict(sorted(episodes, key=lambda pair: pair[0]))
    with _workers(data_dir, jobs if len(ordered) > FEW else 1) as run:
        done = dict(
            zip(
                ordered, run([(episode, case_id, Known()) for case_id, episode in ordered.items()], report), strict=True
            )
        )
        known = Known()
        for _ in range(_MOST_ROUNDS):
            known = known.with_values(_distinctive_values(done.values()))
            again = _episodes_with(known, done)
            if not again:
                break
            tasks = [(ordered[case_id], case_id, again[case_id]) for case_id in again]
            done |= dict(zip(again, run(tasks, report), strict=True))
        else:
            raise ScrubError(
                "propagation over the corpus does not come to an end", hint="see the allow list in scrub.toml"
            )
    counts = Counter(kind for result in done.values() for kind in Counter(result.episode.redactions).elements())
    report.count("scrubbed_spans", {str(kind): counts[kind] for kind in Kind if counts[kind]})
    return list(done.values())


FEW = 200
"""Fewer episodes than this are done before worker processes have started."""
Task = tuple[AdmittedEpisode, str, Known]


def _distinctive_values(done: Iterable[ScrubbedEpisode]) -> Iterator[tuple[str, Kind]]:
    for result in done:
        for removed in result.removed:
            if removed.distinctive and removed.kind is not Kind.REDACTED:
                yield core(removed.value), removed.kind


def _episodes_with(known: Known, done: Mapping[str, ScrubbedEpisode]) -> dict[str, Known]:
    """The episodes whose scrubbed text still holds known values, each with those values."""
    lookup = Lookup(known.kinds)
    again = {}
    for case_id, result in done.items():
        held = {value for text in episode_fields(result.episode).values() for value in lookup.held_by(text)}
        if held:
            # What was given to the episode before must be given again, or it would come back.
            again[case_id] = Known(
                {value: known.kinds[value] for value in sorted(held | _values_of(result)) if value in known.kinds}
            )
    return again


def _values_of(result: ScrubbedEpisode) -> set[str]:
    return {core(removed.value) for removed in result.removed}


@contextmanager
def _workers(data_dir: Path, jobs: int) -> Iterator[Callable[[list[Task], Report], list[ScrubbedEpisode]]]:
    """A function that scrubs tasks, in order: here, or in worker processes."""
    if jobs <= 1:
        scrubber = Scrubber.from_policy(data_dir)
        yield lambda tasks, report: _collect((scrubber.scrub_episode(*task) for task in tasks), len(tasks), report)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (data_dir,)) as pool:
        yield lambda tasks, report: _collect(pool.map(_run_task, tasks, chunksize=32), len(tasks), report)


def _collect(results: Iterable[ScrubbedEpisode], total: int, report: Report) -> list[ScrubbedEpisode]:
    collected = []
    for number, result in enumerate(results, 1):
        collected.append(result)
        report.advance(number, total)
    return collected


_worker: dict[str, Scrubber] = {}
"""The scrubber of this process; filled once by `_start_worker`, in worker processes only."""


def _start_worker(data_dir: Path) -> None:
    _worker["scrubber"] = Scrubber.from_policy(data_dir)


def _run_task(task: Task) -> ScrubbedEpisode:
    return _worker["scrubber"].scrub_episode(*task)


def episode_fields(episode: AdmittedEpisode | Episode) -> dict[str, str]:
    """Every text of an episode that has to be scrubbed, by field, in reading order."""
    fields = dict(text_fields(episode.text))
    agent, category = episode.facts.session.agent, episode.facts.invalid_category
    if agent is not None and agent not in KNOWN_AGENTS:
        fields[AGENT_FIELD] = agent
    if category is not None and category not in INVALID_CATEGORIES and not _CUSTOM_CATEGORY.fullmatch(category):
        fields[CATEGORY_FIELD] = category
    return fields


def _replace_hits(
    fields: Mapping[str, str], hits: Mapping[str, list[Hit]], spreader: Spreader
) -> dict[str, ScrubbedText]:
    """Write the placeholders. A value that was found as several kinds gets the kind of its surest hit everywhere."""
    owners = {field: [_owner(fields[field], hit, spreader) for hit in hits[field]] for field in fields}
    surest: dict[str, Hit] = {}
    for field in fields:
        for owner, hit in zip(owners[field], hits[field], strict=True):
            surest[owner] = max(surest.get(owner, hit), hit, key=lambda found: found.score)
    numbering = Numbering(fields.values())
    return {
        field: _replace(text, hits[field], [(owner, surest[owner].kind) for owner in owners[field]], numbering)
        for field, text in fields.items()
    }


def _owner(text: str, hit: Hit, spreader: Spreader) -> str:
    """What a hit's placeholder stands for: its value, or the whole name that the value is a part of."""
    value = same_value(hit.kind, text[hit.start : hit.end])
    return spreader.owner(value) or value


def _replace(text: str, hits: Iterable[Hit], owners: Iterable[tuple[str, Kind]], numbering: Numbering) -> ScrubbedText:
    parts, spans, place = [], [], 0
    for hit, (owner, kind) in zip(hits, owners, strict=True):
        placeholder = numbering.placeholder(kind, owner)
        parts += [text[place : hit.start], placeholder]
        spans.append(Span(hit.start, hit.end, kind, placeholder, hit.score, hit.rule))
        place = hit.end
    return ScrubbedText("".join([*parts, text[place:]]), tuple(spans))


def _write_text(text: EpisodeText, scrubbed: Mapping[str, ScrubbedText]) -> EpisodeText:
    clean = {field: result.text for field, result in scrubbed.items()}
    evidence = tuple(
        item.model_copy(update={part: clean[f"evidence[{number}].{part}"] for part in ("turn", "quote", "context")})
        for number, item in enumerate(text.evidence, 1)
    )
    reasonings = {part: clean.get(f"reasonings.{part}") for part in ("form", "cause", "cost", "resolution")}
    return EpisodeText(
        name=clean["name"],
        description=clean["description"],
        evidence=evidence,
        reasonings=text.reasonings.model_copy(update=reasonings),
        other_form=clean.get("other_form"),
        note=clean.get("note"),
    )


def _write_facts(facts: Facts, scrubbed: Mapping[str, ScrubbedText]) -> Facts:
    update: dict[str, object] = {}
    if CATEGORY_FIELD in scrubbed:
        update["invalid_category"] = scrubbed[CATEGORY_FIELD].text
    if AGENT_FIELD in scrubbed:
        update["session"] = facts.session.model_copy(update={"agent": scrubbed[AGENT_FIELD].text})
    return facts.model_copy(update=update)
