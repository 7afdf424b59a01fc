"""The links to cited results in a paper: `...?form=S4&r=2026.11.0:214:9f3c2ab1d04e77c5`, and what has become of them.

What release files answer is answered here as in the explorer; words and samples are not: their links are compared only
as far as two releases are the same. docs/citing.md tells what a link holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from math import comb
from urllib.parse import unquote_plus

from atlas_build.case_links import WRAP, undo_formats
from atlas_build.model.fingerprint import fingerprint
from atlas_build.model.release import ReleaseCase, ReleaseRecord
from atlas_build.publish.since import FACETS, JOINED, state_of
from atlas_build.render.citations import UNRELEASED

OTHERS = frozenset({"q", "validation", "invalid", "sample", "stratify"})
"""Keys that choose by what release files do not hold."""
AGENT = "agent"
MOST_TRIED = 1000
LONGEST_SHOWN = 60

_LINK = re.compile(
    r"(?:https?://[^\s<>{}\"'|`?#]*)?\?(?P<query>[^\s<>{}\"'|`)\]#]*?\br="
    r"(?P<release>[0-9A-Za-z][0-9A-Za-z._+-]{0,63}):(?P<count>[0-9]{1,7}):(?P<mark>[0-9a-f]{16}))(?![0-9a-f])"
)


_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_TURNS = re.compile(r"([0-9]{0,6})(\.\.)?([0-9]{0,6})")


class Outcome(Enum):
    SAME = "same"
    CHANGED = "changed"
    NOT_CHECKED = "not checked"
    NO_RELEASE = "no release"


@dataclass(frozen=True)
class ResultLink:
    """One link to a result in a file.

    Attributes:
        line: from 1.
        typed: its query, shortened.
        query: the whole of it, as written.
        count: how many cases were listed; `mark`: the fingerprint of their ids.
    """

    file: str
    line: int
    typed: str
    query: str
    release: str
    count: int
    mark: str


@dataclass
class Choice:
    """What one facet lets through, as keys: `=S3`, `?none`."""

    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    all: bool = False

    def fits(self, keys: frozenset[str]) -> bool:
        found = [key in keys for key in self.include]
        is_in = not found or (all(found) if self.all else any(found))
        return is_in and keys.isdisjoint(self.exclude)


def find_result_links(file: str, text: str) -> Iterator[ResultLink]:
    """In reading order. Release, count and fingerprint make such a link unmistakable, whatever its host."""
    plain = undo_formats(text)
    breaks = [match.start() for match in re.finditer(f"[\n{WRAP}]", plain)]
    for match in _LINK.finditer(plain):
        line = bisect_left(breaks, match.start()) + 1
        query = match["query"].replace(WRAP, "")
        typed = query if len(query) <= LONGEST_SHOWN else f"{query[: LONGEST_SHOWN - 1]}…"
        yield ResultLink(file, line, f"?{typed}", query, match["release"], int(match["count"]), match["mark"])


@dataclass
class Question:
    """What a query asks for, as far as release files answer it.

    Attributes:
        facets: facet -> choice.
        months: first and last month, "" for open ends.
        turns: fewest and most turns, or None where any will do.
    """

    facets: dict[str, Choice] = field(default_factory=dict)
    months: tuple[str, str] = ("", "")
    turns: tuple[int, float] | None = None

    @property
    def asks_facts(self) -> bool:
        return AGENT in self.facets or any(self.months) or self.turns is not None

    def fits(self, case: ReleaseCase) -> bool:
        values = dict(zip(FACETS, map(frozenset, state_of(case)), strict=True))
        values["cause"] |= values[JOINED]
        if not self.asks_facts:
            return all(choice.fits(values[name]) for name, choice in self.facets.items())
        assert case.facts is not None, "whoever asks for facts makes sure that there are some"
        month, turns = case.facts.month, case.facts.turns
        values[AGENT] = frozenset([f"={case.facts.agent}" if case.facts.agent else "?none"])
        first, last = self.months
        in_months = not any(self.months) or (month is not None and first <= month and (not last or month <= last))
        in_turns = self.turns is None or (turns is not None and self.turns[0] <= turns <= self.turns[1])
        return in_months and in_turns and all(choice.fits(values[name]) for name, choice in self.facets.items())


def read_question(query: str) -> Question | None:
    """None for a query that release files do not answer. What is not known changes nothing, as on the page."""
    question = Question()
    for pair in query.split("&"):
        key, _, raw = pair.partition("=")
        name = key.removesuffix(".match")
        if key in OTHERS and raw:
            return None
        if key == "from" and _MONTH.fullmatch(raw):
            question.months = raw, question.months[1]
        elif key == "to" and _MONTH.fullmatch(raw):
            question.months = question.months[0], raw
        elif key == "turns":
            question.turns = _read_turns(raw)
        elif name in (*FACETS, AGENT) and name != JOINED:
            _read_choice(question.facets.setdefault(name, Choice()), raw, is_match=key != name)
    return question


def _read_choice(choice: Choice, raw: str, *, is_match: bool) -> None:
    if is_match:
        choice.all = raw == "all"
        return
    for item in filter(None, raw.split(",")):
        value = item.removeprefix("-")
        key = f"?{value}" if value in ("none", "na") else f"={unquote_plus(value)}"
        (choice.exclude if item.startswith("-") else choice.include).append(key)


def _read_turns(raw: str) -> tuple[int, float] | None:
    """`5..20`, `5..`, `..20` or `7`."""
    match = _TURNS.fullmatch(raw)
    if not match or not (match[1] or match[3]):
        return None
    least = int(match[1] or 0)
    most = float(match[3] or "inf") if match[2] else float(least)
    return least, most


def list_cases(cases: Iterable[ReleaseCase], question: Question) -> set[str] | None:
    """Ids of the cases that fit; None where the facts that are asked for are not recorded."""
    found = list(cases)
    if question.asks_facts and any(case.facts is None for case in found):
        return None
    return {case.id for case in found if question.fits(case)}


def compare_result(link: ResultLink, then: ReleaseRecord | None, now: Sequence[ReleaseCase]) -> tuple[Outcome, str]:
    """What a reader who opens the link is told, and a remark in words.

    Args:
        then: the release that the link names, if the site has its file.
        now: the cases of the site.
    """
    question = read_question(link.query)
    listed = list_cases(now, question) if question else None
    known = list_cases(then.cases, question) if then and question else None
    if listed is None or (then and known is None):
        return _compare_corpora(then, now)
    if link.count == len(listed) and link.mark == fingerprint(listed):
        return Outcome.SAME, ""
    counts = f"{link.count:,} then, {len(listed):,} now"
    if then is None or known is None:
        if link.release == UNRELEASED:
            return Outcome.CHANGED, f"{counts}; cited between two releases"
        return Outcome.NO_RELEASE, f"the site has no file of release {link.release[:40]}; {counts}"
    before = _restore(link, known, [item.id for item in then.removed])
    if before is None:
        return Outcome.CHANGED, f"{counts}; the list of then cannot be restored"
    return Outcome.CHANGED, f"{counts}: {_tell_changes(before, listed, then, {case.id for case in now})}"


def _tell_changes(before: set[str], listed: set[str], then: ReleaseRecord, present: set[str]) -> str:
    removed = {item.id for item in then.removed}
    parts = (
        (len(listed - then.ids), "added"),
        (len(before - present - removed), "withdrawn"),
        (len(before & removed), "taken down"),
        (len((before & present) - listed), "relabelled out of it"),
        (len((listed & then.ids) - before), "relabelled into it"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in parts if count)


def _restore(link: ResultLink, listed: set[str], removed: Sequence[str]) -> set[str] | None:
    """The list of then: of what was taken down since, count and fingerprint say what was in it."""
    missing = link.count - len(listed)
    if not 0 <= missing <= len(removed) or comb(len(removed), missing) > MOST_TRIED:
        return None
    tries = (listed | set(chosen) for chosen in combinations(removed, missing))
    return next((ids for ids in tries if fingerprint(ids) == link.mark), None)


def _compare_corpora(then: ReleaseRecord | None, now: Sequence[ReleaseCase]) -> tuple[Outcome, str]:
    """Where release files do not answer, only a corpus in which nothing has changed tells."""
    if then is not None and not then.removed and {c.id: c.digest for c in then.cases} == {c.id: c.digest for c in now}:
        return Outcome.SAME, ""
    return Outcome.NOT_CHECKED, "words and samples are compared on the page"
