"""The links to cited results in a paper: `...?form=S4&r=2026.11.0:214:9f3c2ab1d04e77c5`, and what has become of them.

What release files answer is answered here as in the explorer; words, samples and rejected candidates are not: links
with them are compared only as far as two releases are the same. docs/citing.md tells what a link holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from itertools import combinations
from math import comb
from urllib.parse import unquote, unquote_plus

from atlas_build.case_links import WRAP, number_lines, undo_formats
from atlas_build.model.fingerprint import CHARACTERS, fingerprint
from atlas_build.model.ledger import RELEASE_NAME
from atlas_build.model.release import ReleaseCase, ReleaseRecord, parse_version
from atlas_build.publish.since import FACETS, JOINED, state_of
from atlas_build.render.citations import UNRELEASED

AGENT = "agent"
SCRUBBED = "scrubbed"
VALIDATION = "validation"
INVALID = "invalid"
CHOSEN = tuple(name for name in (*FACETS, AGENT, VALIDATION) if name != JOINED)
"""Facets that are read from a query."""
KEYS = frozenset({
    *CHOSEN, *(f"{name}.match" for name in (*CHOSEN, INVALID)), INVALID, "q", "from", "to", "turns", "sort", "seed",
    "sample", "stratify", "view", "axes", "cols", "compare", "page", "r",
})  # fmt: skip
"""What the explorer's addresses are made of: docs/explorer.md, "The address"."""
LISTS = frozenset({"cards", "table"})
"""Views that show a sample; what is no list is of all cases found."""
MOST_TRIED = 1000
LONGEST_SHOWN = 60

_ADDRESS = re.compile(r"(?P<home>https?://[^\s<>{}\"'|`?#]{1,500})?\?(?P<query>[^\s<>{}\"'|`)\]#]+)")
_VALUE = re.compile(r"[0-9A-Za-z._+:%-]*")
_RELEASE = re.compile(RELEASE_NAME)
_COUNT = re.compile(r"[0-9]{1,7}")
_MARK = re.compile(r"[0-9a-f]{16}")
_WORD = re.compile(r"[0-9A-Za-z]*")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_TURNS = re.compile(r"([0-9]{0,6})(\.\.)?([0-9]{0,6})")
_SINGLE = {
    "q": re.compile(r".*", re.S),
    "from": _MONTH,
    "to": _MONTH,
    "turns": _TURNS,
    "sample": re.compile(r"[1-9][0-9]{0,6}"),
    "view": re.compile(r"cards|table|crosstab|timeline|pairs"),
    "compare": re.compile(r".+", re.S),
}
"""Keys with one value, and what the page takes for one."""


class Outcome(Enum):
    SAME = "same"
    CHANGED = "changed"
    NOT_CHECKED = "not checked"
    NO_RELEASE = "no release"


class Beyond(StrEnum):
    """What a query asks for that release files do not hold, and what the page makes of it."""

    WORDS = "words are compared on the page"
    SAMPLE = "the page says no more of a sample than whether it is the same"
    REJECTED = "rejected candidates have no lasting ids; the page says no more than whether the list is the same"
    FACTS = "that release did not record agent, month and turns; they are compared on the page"


@dataclass(frozen=True)
class Cited:
    """What `r` says.

    Attributes:
        count: how many cases were listed, or None; `mark`: the fingerprint of their ids in lower case, or "".
        flaw: why the explorer does not understand it, or "".
    """

    release: str
    count: int | None = None
    mark: str = ""
    flaw: str = ""


@dataclass(frozen=True)
class ResultLink:
    """One link to a result in a file.

    Attributes:
        line: from 1.
        typed: its query, shortened.
        query: the whole of it, as written.
    """

    file: str
    line: int
    typed: str
    query: str
    cited: Cited


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


def find_result_links(file: str, text: str, bases: Sequence[str] = ()) -> Iterator[ResultLink]:
    """In reading order. With release, count and fingerprint such a link is unmistakable, whatever its host.

    Args:
        bases: addresses at which the site can be found; there, every `r` is meant for the explorer.
    """
    plain = undo_formats(text)
    line_of = number_lines(plain)
    for match in _ADDRESS.finditer(plain):
        found = _read_address(match["query"].replace(WRAP, ""))
        if found is None or _is_of_case(match, plain):
            continue
        query, cited = found
        if not _is_result((match["home"] or "").replace(WRAP, ""), query, cited, bases):
            continue
        typed = query if len(query) <= LONGEST_SHOWN else f"{query[: LONGEST_SHOWN - 1]}…"
        yield ResultLink(file, line_of(match.start()), f"?{typed}", query, cited)


def _read_address(query: str) -> tuple[str, Cited] | None:
    """The query without what a sentence adds, and what it says of its result: as on the page, the first sound `r`."""
    query = query.rstrip(",;:!?*\\")
    query = query if query.endswith("..") else query.rstrip(".")
    pairs = query.split("&")
    if pairs[-1].startswith("r="):
        pairs[-1] = f"r={_value_of(pairs[-1])}"
    found = [cited for pair in pairs if pair.startswith("r=") and (cited := read_cited(_value_of(pair)))]
    sound = [cited for cited in found if not cited.flaw]
    return ("&".join(pairs), (sound or found)[0]) if found else None


def _value_of(pair: str) -> str:
    match = _VALUE.match(pair.removeprefix("r="))
    return match[0].rstrip(".:+_-") if match else ""


def read_cited(value: str) -> Cited | None:
    """None for what does not begin with a release."""
    release, *rest = unquote(value).split(":")
    if not _RELEASE.fullmatch(release):
        return None
    count, mark = [*rest, "", ""][:2]
    word = _WORD.match(mark)
    mark = word[0].lower() if word else ""
    flaw = _find_flaw(count, mark) if rest else ""
    if flaw or not rest:
        return Cited(release, flaw=flaw)
    return Cited(release, int(count), mark)


def _find_flaw(count: str, mark: str) -> str:
    if not _COUNT.fullmatch(count):
        return "a count is a number of at most seven digits"
    if mark and len(mark) != CHARACTERS:
        return f"its fingerprint has {len(mark)} digits, a fingerprint has {CHARACTERS}"
    return "a fingerprint has the digits 0 to 9 and a to f" if mark and not _MARK.fullmatch(mark) else ""


def _is_of_case(match: re.Match[str], plain: str) -> bool:
    """Whether the query belongs to the address of a case, with or without `https://`."""
    before = plain[max(match.start("query") - 80, 0) : match.start("query")].replace(WRAP, "")
    return "/c/" in before.split()[-1]


def _is_result(home: str, query: str, cited: Cited, bases: Sequence[str]) -> bool:
    """The web has many an `r`: without a fingerprint, the address or all of the query must be the explorer's."""
    if cited.mark or (home and home.removesuffix("index.html") in bases):
        return True
    keys = [pair.partition("=")[0] for pair in query.split("&")]
    is_release = cited.release == UNRELEASED or parse_version(cited.release) is not None
    return is_release and KEYS.issuperset(keys) and (cited != Cited(cited.release) or len(keys) > 1)


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

    @property
    def asks_nothing(self) -> bool:
        return not self.facets and not self.asks_facts

    def fits(self, case: ReleaseCase) -> bool:
        values = dict(zip(FACETS, map(frozenset, state_of(case)), strict=True))
        values["cause"] |= values[JOINED]
        values[VALIDATION] = frozenset(["=VALID"])
        if not self.asks_facts:
            return all(choice.fits(values[name]) for name, choice in self.facets.items())
        assert case.facts is not None, "whoever asks for facts makes sure that there are some"
        month, turns = case.facts.month, case.facts.turns
        values[AGENT] = frozenset([f"={case.facts.agent}" if case.facts.agent else "?none"])
        first, last = self.months
        in_months = not any(self.months) or (month is not None and first <= month and (not last or month <= last))
        in_turns = self.turns is None or (turns is not None and self.turns[0] <= turns <= self.turns[1])
        return in_months and in_turns and all(choice.fits(values[name]) for name, choice in self.facets.items())


def read_question(query: str) -> Question | Beyond:
    """What is not known changes nothing, and of two values for one key the first sound one counts, as on the page."""
    question = Question()
    single: dict[str, str] = {}
    beyond: set[Beyond] = set()
    for pair in query.split("&"):
        key, _, raw = pair.partition("=")
        key, value = unquote_plus(key), unquote_plus(raw)
        name = key.removesuffix(".match")
        if name in CHOSEN:
            _read_choice(question.facets.setdefault(name, Choice()), raw, is_match=key != name)
        elif key == INVALID and raw:
            beyond.add(Beyond.REJECTED)
        elif key in _SINGLE and _SINGLE[key].fullmatch(value) and (key != "turns" or _read_turns(value)):
            single.setdefault(key, value)
    if _asks_rejected(question.facets.get(VALIDATION, Choice())) or Beyond.REJECTED in beyond:
        return Beyond.REJECTED
    if "sample" in single and "compare" not in single and single.get("view", "cards") in LISTS:
        return Beyond.SAMPLE
    if single.get("q", "").strip():
        return Beyond.WORDS
    question.facets = {name: choice for name, choice in question.facets.items() if choice.include or choice.exclude}
    question.months = single.get("from", ""), single.get("to", "")
    question.turns = _read_turns(single.get("turns", ""))
    return question


def _asks_rejected(choice: Choice) -> bool:
    if choice.exclude and not choice.include:
        return "=INVALID" not in choice.exclude
    return "=INVALID" in choice.include and "=INVALID" not in choice.exclude


def _read_choice(choice: Choice, raw: str, *, is_match: bool) -> None:
    if is_match:
        choice.all = choice.all or raw == "all"
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
        link: without flaw.
        then: the release that the link names, if the site has its file.
        now: the cases of the site.
    """
    question = read_question(link.query)
    if isinstance(question, Beyond):
        return _compare_corpora(link, then, now, question)
    listed = list_cases(now, question)
    known = list_cases(then.cases, question) if then else None
    if listed is None or (then and known is None):
        return _compare_corpora(link, then, now, Beyond.FACTS)
    cited = link.cited
    if cited.mark and cited.count == len(listed) and cited.mark == fingerprint(listed):
        return Outcome.SAME, ""
    if then is None or known is None:
        return _compare_counts(cited, len(listed))
    before = _restore(cited, known, [item.id for item in then.removed], question)
    if before is None:
        counts = _tell_counts(cited, len(listed))
        told = "the list of then cannot be restored" if cited.mark else f"release {then.version} lists {len(known):,}"
        return Outcome.CHANGED, f"{counts}; {told}"
    return _compare_lists(cited, question, then, before, listed, present={case.id for case in now})


def _compare_lists(
    cited: Cited, question: Question, then: ReleaseRecord, before: set[str], listed: set[str], *, present: set[str]
) -> tuple[Outcome, str]:
    is_open = cited.count is None and bool(then.removed) and not question.asks_nothing
    if before != listed:
        changes = _tell_changes(before, listed, then, present, question)
        least = cited.count if cited.count is not None else len(before)
        most = f" to {least + len(then.removed):,}" if is_open else ""
        return Outcome.CHANGED, f"{least:,}{most} then, {len(listed):,} now: {changes}"
    if is_open:
        return Outcome.NOT_CHECKED, "without count and fingerprint nothing tells whether it had cases taken down since"
    return Outcome.SAME, ""


def _tell_counts(cited: Cited, now: int) -> str:
    return f"{now:,} now" if cited.count is None else f"{cited.count:,} then, {now:,} now"


def _compare_counts(cited: Cited, now: int) -> tuple[Outcome, str]:
    """Where there is no list of then."""
    counts = _tell_counts(cited, now)
    if cited.release != UNRELEASED:
        return Outcome.NO_RELEASE, f"{_tell_no_release(cited)}; {counts}"
    if cited.mark or cited.count not in (None, now):
        return Outcome.CHANGED, f"{counts}; cited between two releases"
    return Outcome.NOT_CHECKED, "cited between two releases, without a fingerprint"


def _tell_no_release(cited: Cited) -> str:
    return f"the site has no file of release {cited.release[:40]}"


def _tell_changes(
    before: set[str], listed: set[str], then: ReleaseRecord, present: set[str], question: Question
) -> str:
    """In the words of the page."""
    removed = {item.id for item in then.removed}
    by = "revised" if question.asks_facts or SCRUBBED in question.facets else "relabelled"
    parts = (
        (len(listed - then.ids), "added"),
        (len(before - present - removed), "withdrawn"),
        (len(before & removed), "taken down"),
        (len((before & present) - listed), f"{by} out of it"),
        (len((listed & then.ids) - before), f"{by} into it"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in parts if count)


def _restore(cited: Cited, listed: set[str], removed: Sequence[str], question: Question) -> set[str] | None:
    """The list of then: of what was taken down since, count and fingerprint say what was in it.

    Without a fingerprint it is not known which of them were, and for telling how many it does not matter.
    """
    least = len(removed) if question.asks_nothing else 0
    missing = least if cited.count is None else cited.count - len(listed)
    if not least <= missing <= len(removed):
        return None
    if not cited.mark:
        return listed | set(removed[:missing])
    if comb(len(removed), missing) > MOST_TRIED:
        return None
    tries = (listed | set(chosen) for chosen in combinations(removed, missing))
    return next((ids for ids in tries if fingerprint(ids) == cited.mark), None)


def _compare_corpora(
    link: ResultLink, then: ReleaseRecord | None, now: Sequence[ReleaseCase], why: Beyond
) -> tuple[Outcome, str]:
    """Where release files do not answer, only a corpus in which nothing has changed tells."""
    if then is None and link.cited.release != UNRELEASED:
        return Outcome.NO_RELEASE, _tell_no_release(link.cited)
    is_same = then is not None and {c.id: c.digest for c in then.cases} == {c.id: c.digest for c in now}
    if then is not None and is_same and not then.removed and why is not Beyond.REJECTED:
        return Outcome.SAME, ""
    return Outcome.NOT_CHECKED, why.value
