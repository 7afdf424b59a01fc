"""The last word on a finished site: checks, leak search and strong patterns, in one walk over its files.

The texts that the site is made of stand in it half a dozen times: on pages, in downloads, in the index. They are
searched first. Whatever is the same, character by character, as a text in which nothing was found is not searched
again; everything else is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas_build.model.lookup import fold
from atlas_build.verify.check import finish_check, plan_check
from atlas_build.verify.index_agreement import IndexReader
from atlas_build.verify.leaks import Leak, LeakPlan, LeakSearch, ReadTerms, Removed, plan_search
from atlas_build.verify.limits import Limits
from atlas_build.verify.problem import Problem
from atlas_build.verify.strong import Finder, StrongHit, StrongSearch
from atlas_build.verify.sweep import Advance, ReadIndex, Sweep, sweep, unheard
from atlas_build.workers import shares_memory, spread

TEXTS_AT_ONCE = 100
TEXTS_A_TASK = 10_000


@dataclass(frozen=True)
class Rules:
    """What a site must keep to.

    Attributes:
        base_path: path of the base URL, with slashes at both ends.
    """

    limits: Limits
    csp: str
    base_path: str


@dataclass(frozen=True)
class Secrets:
    """What must not be in a site.

    Attributes:
        removed: everything the scrubber took out of the published episodes.
        find: the recognizers of telling forms.
        own_text: the site's own wording; what stands in it may stand everywhere.
        texts: every text of the published episodes and candidates, as published.
    """

    removed: Iterable[Removed]
    find: Finder
    own_text: str
    texts: Iterable[str]


@dataclass(frozen=True)
class Index:
    """How the search index is read back.

    Attributes:
        read_texts: spells out its terms.
        read_terms: the terms that it makes of a text.
    """

    reader: IndexReader
    read_texts: ReadIndex
    read_terms: ReadTerms


@dataclass(frozen=True)
class Findings:
    problems: list[Problem]
    leaks: list[Leak]
    hits: list[StrongHit]


def verify_site(
    site: Path,
    rules: Rules,
    secrets: Secrets,
    index: Index,
    *,
    jobs: int,
    advance: Advance = unheard,
) -> Findings:
    """Everything that is wrong with a site; the same for any number of jobs.

    Args:
        advance: told how many parts of how many have been looked at.

    Raises:
        InputError: the folder is not a site of ours. CheckError: a file cannot be decoded.
    """
    check = plan_check(site, rules.limits, csp=rules.csp, base_path=rules.base_path)
    texts = tuple(dict.fromkeys(secrets.texts))
    leaks, strong = _plan(secrets, texts, jobs)
    work = Sweep(site, [check], [leaks.search, strong], index.read_texts)
    results = list(sweep(work, check.files.sizes, jobs, advance))
    return Findings(
        finish_check(check, [result[0] for result in results], index.reader),
        leaks.name_leaks([result[1] for result in results], site, index.read_terms, texts),
        sorted({hit for result in results for hit in result[2]}),
    )


def _plan(secrets: Secrets, texts: Sequence[str], jobs: int) -> tuple[LeakPlan, StrongSearch]:
    """The two searches, which know the texts of the site."""
    leaks = plan_search(secrets.removed, secrets.own_text)
    strong = StrongSearch(secrets.find, fold(secrets.own_text))
    if shares_memory():  # what is made now is there in all processes
        leaks.search.touches("")
        strong.warm_up()
    clean = frozenset(_screen(texts, leaks.search, strong, jobs))
    leaks.search.published = strong.published = clean
    return leaks, strong


def _screen(texts: Sequence[str], leaks: LeakSearch, strong: StrongSearch, jobs: int) -> Iterator[str]:
    """The texts, and their lines, that hold nothing either search looks for."""
    tasks = [range(start, min(start + TEXTS_A_TASK, len(texts))) for start in range(0, len(texts), TEXTS_A_TASK)]
    work = _Screening(texts, leaks, strong)
    for task, suspicious in zip(tasks, spread(work, tasks, jobs), strict=True):
        for place in task:
            if place not in suspicious:
                yield texts[place]
                if "\n" in texts[place]:
                    yield from texts[place].split("\n")


@dataclass(frozen=True)
class _Screening:
    texts: Sequence[str]
    leaks: LeakSearch
    strong: StrongSearch

    def __call__(self, places: range) -> Collection[int]:
        """The places of texts that may hold something."""
        found = set()
        for start in range(places.start, places.stop, TEXTS_AT_ONCE):
            some = range(start, min(start + TEXTS_AT_ONCE, places.stop))
            if self._is_suspicious("\n".join(self.texts[place] for place in some)):
                found |= {place for place in some if self._is_suspicious(self.texts[place])}
        return found

    def _is_suspicious(self, text: str) -> bool:
        return self.leaks.touches(text) or any(True for _ in self.strong.find_in(text))
