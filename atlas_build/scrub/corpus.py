"""All episodes together: each one by itself, then again with the distinctive values of all others, until none stands
anywhere. Spans come from the cache where it has them, else from a scrubber, here or in worker processes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from atlas_build.collection import paused_collection
from atlas_build.errors import ScrubError
from atlas_build.model.episode import AdmittedEpisode
from atlas_build.model.lookup import Lookup, core
from atlas_build.model.placeholder import Kind
from atlas_build.report import Report
from atlas_build.scrub.cache import SpanCache, rules_version
from atlas_build.scrub.episodes import (
    Found,
    RemovedValue,
    ScrubbedEpisode,
    Spans,
    episode_fields,
    finish_episode,
    removed_values,
    write_spans,
)
from atlas_build.scrub.policy import Entry, ScrubPolicy
from atlas_build.scrub.scrubber import NOTHING_KNOWN, Scrubber
from atlas_build.scrub.spreading import Known
from atlas_build.workers import end_with_parent

WORTH_A_JOB = 1_000_000
"""Code points to look at: fewer are done sooner than a process has started, which takes about two seconds."""
BATCH = 32
_MOST_ROUNDS = 50
_SHOWN_ENTRIES = 5
_APART = "\0"
"""Between fields that are searched together: no value holds it, so none is found across it."""


def scrub_corpus(
    episodes: Sequence[tuple[str, AdmittedEpisode]],
    *,
    data_dir: Path,
    jobs: int,
    report: Report,
    cache: Path | None = None,
) -> list[ScrubbedEpisode]:
    """Scrub all episodes, and every distinctive value of one also in all others.

    Args:
        episodes: case id and episode, in any order; no id twice.
        jobs: most worker processes, each with an engine of its own; the result does not depend on it.
        cache: file with the spans of earlier builds; the result does not depend on it.

    Returns:
        The scrubbed episodes by case id. After this no published text holds a distinctive value that was removed
        anywhere in the corpus, which is what the leak check of the finished site relies on.

    Raises:
        PolicyError: the policy is broken. ScrubError: a detector failed.
    """
    with CorpusScrubber(episodes, data_dir=data_dir, jobs=jobs, report=report, cache=cache) as scrubber:
        found = scrubber.find()
        with paused_collection():
            done = [scrubber.finish(case_id, found[case_id].spans) for case_id in scrubber.episodes]
        _note_idle(scrubber.idle_entries(found), report)
    counts = Counter(kind for result in done for kind in Counter(result.episode.redactions).elements())
    report.count("scrubbed_spans", {str(kind): counts[kind] for kind in Kind if counts[kind]})
    return done


class CorpusScrubber:
    """The episodes of one corpus, by case id, and what is found in them. A context manager."""

    def __init__(
        self,
        episodes: Sequence[tuple[str, AdmittedEpisode]],
        *,
        data_dir: Path,
        jobs: int,
        report: Report,
        cache: Path | None,
    ) -> None:
        self.policy = ScrubPolicy.load(data_dir)
        self.episodes = dict(sorted(episodes, key=lambda pair: pair[0]))
        self.fields = {case_id: episode_fields(episode) for case_id, episode in self.episodes.items()}
        self._plain_keys: dict[str, bytes] = {}
        self._keys: dict[str, bytes] = {}
        """The cache's key of each episode, when nothing else is known and with what was known at the last look."""
        self._corpus_key = b""
        self._removed: dict[str, tuple[Spans, tuple[RemovedValue, ...]]] = {}
        self._report = report
        self._finder = _Finder(self.policy, data_dir, jobs)
        self._cache = SpanCache.open(cache, rules_version(self.policy), report.note) if cache else None

    def __enter__(self) -> CorpusScrubber:
        # What has been read so far stays. The collector need not walk all of it again and again, which takes half as
        # long as scrubbing from the cache.
        gc.freeze()
        return self

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        self._finder.close()
        if self._cache:
            self._cache.close()
            hits, misses = self._cache.hits, self._cache.misses
            self._report.count("scrub_cache", {"hits": hits, "misses": misses})

    def find(self) -> dict[str, Found]:
        """What is found in every episode, with the distinctive values of all others."""
        with paused_collection():
            found = self._recall()
        if found is None:
            found = self._find_together()
            self._remember()
        return found

    def _recall(self) -> dict[str, Found] | None:
        """What an earlier build found in exactly these episodes; None if that is not known."""
        if self._cache is None:
            return None
        self._plain_keys = {case_id: self._cache.key(fields, NOTHING_KNOWN) for case_id, fields in self.fields.items()}
        self._corpus_key = self._cache.corpus_key(self._plain_keys)
        finals = self._cache.read_corpus(self._corpus_key, len(self._plain_keys))
        wanted = dict(zip(self.episodes, finals, strict=False))
        if len(wanted) < len(self.episodes):
            return None
        cached = self._cache.read({key: self.fields[case_id] for case_id, key in wanted.items()})
        found = {case_id: cached[key] for case_id, key in wanted.items() if key in cached}
        return found if len(found) == len(wanted) else None

    def _remember(self) -> None:
        if self._cache:
            self._cache.write_corpus(self._corpus_key, [self._keys[case_id] for case_id in self.episodes])

    def _find_together(self) -> dict[str, Found]:
        """Each episode by itself, then those anew that still hold a distinctive value of another."""
        found = self._find(dict.fromkeys(self.episodes, NOTHING_KNOWN))
        known, changed = NOTHING_KNOWN, set(found)
        for _ in range(_MOST_ROUNDS):
            removed = {case_id: self.removed(case_id, spans) for case_id, (spans, _) in found.items() if spans}
            before, known = known, known.with_values(_distinctive_values(removed.values()))
            held = self._find_held(found, known, before, changed)
            if not held:
                return found
            # What was given to an episode before must be given again, or it would come back.
            own = {case_id: {core(item.value) for item in removed.get(case_id, ())} for case_id in held}
            again = {case_id: known.only(values | own[case_id]) for case_id, values in held.items()}
            found |= self._find(again)
            changed = set(again)
        raise ScrubError("propagation over the corpus does not come to an end", hint="see the allow list in scrub.toml")

    def removed(self, case_id: str, spans: Spans) -> tuple[RemovedValue, ...]:
        """What some spans take out of an episode; remembered as long as they are the same."""
        known, removed = self._removed.get(case_id, (None, ()))
        if known is not spans:
            removed = removed_values(case_id, self.fields[case_id], spans, self.policy.vocabulary)
            self._removed[case_id] = (spans, removed)
        return removed

    def finish(self, case_id: str, spans: Spans) -> ScrubbedEpisode:
        removed = self.removed(case_id, spans)
        return finish_episode(self.episodes[case_id], case_id, self.fields[case_id], spans, removed)

    def idle_entries(self, found: Mapping[str, Found]) -> list[Entry]:
        """Allow entries that kept nothing in this corpus, and deny entries whose value stands nowhere in it."""
        used = {place for result in found.values() for place in result.allowed}
        idle = [entry for place, entry in enumerate(self.policy.allow_entries) if place not in used]
        lookup = Lookup(entry.value for entry in self.policy.deny_entries)
        texts = (_APART.join(fields.values()) for fields in self.fields.values()) if lookup else ()
        present = {value for text in texts for value in lookup.held_by(text)}
        return [*idle, *(entry for entry in self.policy.deny_entries if core(entry.value) not in present)]

    def _find_held(
        self, found: Mapping[str, Found], known: Known, before: Known, changed: set[str]
    ) -> dict[str, set[str]]:
        """The known values that the scrubbed texts still hold, of those episodes that hold any.

        Args:
            before: what was known when the episodes were searched the last time.
            changed: the episodes that were scrubbed anew since.
        """
        everything, news = Lookup(known.kinds), Lookup(known.kinds.keys() - before.kinds.keys())
        held = {}
        for case_id, fields in self.fields.items():
            lookup = everything if case_id in changed else news
            if lookup:
                clean = fields | {
                    field: write_spans(fields[field], spans) for field, spans in found[case_id].spans.items()
                }
                if values := lookup.held_by(_APART.join(clean.values())):
                    held[case_id] = values
        return held

    def _find(self, wanted: Mapping[str, Known]) -> dict[str, Found]:
        """What is found in some episodes, each with what is known for it: from the cache, or by looking."""
        cache = self._cache
        keys = {case_id: self._key(cache, case_id, known) for case_id, known in wanted.items()} if cache else {}
        self._keys |= keys
        cached = cache.read({key: self.fields[case_id] for case_id, key in keys.items()}) if cache else {}
        found = {case_id: cached[key] for case_id, key in keys.items() if key in cached}
        tasks = [
            Task(case_id, self.fields[case_id], known) for case_id, known in wanted.items() if case_id not in found
        ]
        for task, result in zip(tasks, self._finder.find(tasks), strict=True):
            found[task.case_id] = result
            if cache:
                cache.write(keys[task.case_id], task.fields, result)
            self._report.advance(len(found), len(wanted))
        return found

    def _key(self, cache: SpanCache, case_id: str, known: Known) -> bytes:
        return cache.key(self.fields[case_id], known) if known else self._plain_keys[case_id]


def _note_idle(entries: Sequence[Entry], report: Report) -> None:
    """Places only: the values may be personal."""
    if entries:
        places = "; ".join(entry.place for entry in entries[:_SHOWN_ENTRIES])
        more = f"; and {len(entries) - _SHOWN_ENTRIES:,} more" if len(entries) > _SHOWN_ENTRIES else ""
        report.note(f"matched nothing in this corpus: {places}{more}; the command audit shows them")


def _distinctive_values(removed: Iterable[Sequence[RemovedValue]]) -> Iterator[tuple[str, Kind]]:
    for values in removed:
        for item in values:
            if item.distinctive and item.kind is not Kind.REDACTED:
                yield core(item.value), item.kind


class Task(NamedTuple):
    """One episode to look at. Only this goes to a worker process, and only spans come back."""

    case_id: str
    fields: Mapping[str, str]
    known: Known

    @property
    def size(self) -> int:
        return sum(map(len, self.fields.values()))


class _Finder:
    """Finds spans with a scrubber of this process, or with worker processes once there is work worth their start."""

    def __init__(self, policy: ScrubPolicy, data_dir: Path, jobs: int) -> None:
        self._policy = policy
        self._data_dir = data_dir
        self._jobs = jobs
        self._scrubber: Scrubber | None = None
        self._pool: ProcessPoolExecutor | None = None

    def find(self, tasks: Sequence[Task]) -> Iterator[Found]:
        """What is found for each task, in order."""
        jobs = min(self._jobs, sum(task.size for task in tasks) // WORTH_A_JOB)
        if jobs > 1 and self._scrubber is None and self._pool is None:
            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (self._data_dir,))
        if self._pool:
            yield from self._pool.map(_run_task, tasks, chunksize=BATCH)
        elif tasks:
            self._scrubber = self._scrubber or Scrubber(self._policy)
            yield from (_find_spans(self._scrubber, task) for task in tasks)

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _find_spans(scrubber: Scrubber, task: Task) -> Found:
    try:
        return scrubber.find_spans(task.fields, task.known)
    except ScrubError as error:
        raise ScrubError(f"{task.case_id}: {error.message}", hint=error.hint) from None


_worker: dict[str, Scrubber] = {}
"""The scrubber of this process; filled once by `_start_worker`, in worker processes only."""


def _start_worker(data_dir: Path) -> None:
    end_with_parent()
    _worker["scrubber"] = Scrubber.from_policy(data_dir)
    gc.freeze()  # what was loaded stays


def _run_task(task: Task) -> Found:
    return _find_spans(_worker["scrubber"], task)
