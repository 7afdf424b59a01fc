"""The leak check: no value that the scrubber removed may stand anywhere in the finished site.

Every file is decoded (`decoding`), the index is also read as the browser reads it, and all is searched once for all
values together, bounded by tokens. Distinctive values must be nowhere. A value that is also an ordinary word (an
account called `main`) is looked for on its own case's page only, and only in the company that gives it away, since the
page's own words may hold it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from atlas_build.model.lookup import Lookup, core, fold
from atlas_build.model.placeholder import Kind
from atlas_build.verify.decoding import TEXT_SUFFIXES, Batch, undecodable, visible_texts, without_percents
from atlas_build.verify.site_file import SiteFile
from atlas_build.verify.sweep import ReadIndex, Sweep, sweep

__all__ = ["SHORTEST", "TEXT_SUFFIXES", "Leak", "Removed", "find_leaks", "visible_texts"]

SHORTEST = 4
_NOT_IN_TERMS = re.compile(r"[\W_]+")
_GIVEAWAY = r"(?:(?:users|home)[/\\]{{1,4}}{value}(?![^\W_])|(?<![^\W_]){value}@[^\W_])"


class Removed(Protocol):
    """What the check needs to know of a removed value; the scrubber's `RemovedValue` is one."""

    @property
    def kind(self) -> Kind: ...
    @property
    def value(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def distinctive(self) -> bool: ...


@dataclass(frozen=True, order=True)
class Leak:
    """A removed value that stands in the site. Never the value itself."""

    case_id: str
    field: str
    kind: Kind
    file: str


ReadTerms = Callable[[str], Iterable[str]]


def find_leaks(
    site: Path,
    removed: Sequence[Removed],
    *,
    jobs: int,
    own_text: str = "",
    read_index: ReadIndex | None = None,
    read_terms: ReadTerms | None = None,
) -> list[Leak]:
    """Search a finished site for removed values.

    Args:
        site: root folder of the built site.
        removed: everything the scrubber took out of the published episodes.
        jobs: most worker processes.
        own_text: the site's own wording (templates, codebook, citations). A value that is part of it, such as the
            last name of a cited author, counts as an ordinary word.
        read_index: spells out the terms of the search index, which its files hold shortened.
        read_terms: the terms that the index makes of a text.

    Returns:
        One leak for every value, field and file, sorted. Empty when the site is clean.

    Raises:
        CheckError: a file cannot be decoded, so that nothing can be promised about it.
    """
    plan = plan_search(removed, own_text)
    found = [finds for (finds,) in sweep(Sweep(site, [], [plan.search], read_index), list_sizes(site), jobs)]
    return plan.name_leaks(found, site, read_terms)


@dataclass(frozen=True)
class LeakPlan:
    """What is looked for, and whose it is.

    Attributes:
        owners: value as it is compared -> what was removed in its form.
    """

    owners: Mapping[str, Sequence[Removed]]
    search: LeakSearch

    def name_leaks(
        self,
        found: Iterable[Finds],
        site: Path,
        read_terms: ReadTerms | None,
        published: Iterable[str] | None = None,
    ) -> list[Leak]:
        """
        Args:
            published: all texts that the index is made of; None reads them from the site.
        """
        values: dict[str, set[str]] = {}
        terms: dict[str, set[str]] = {}
        for finds in found:
            for file, held in finds.values.items():
                values.setdefault(file, set()).update(held)
            for file, held in finds.terms.items():
                terms.setdefault(file, set()).update(held)
        suspects = set().union(*terms.values())
        if suspects:
            texts = _published_texts(site) if published is None else published
            suspects = _unexplained(suspects, texts, read_terms)
        for file, held in terms.items():
            values.setdefault(file, set()).update(held & suspects)
        hits = ((file, item) for file, held in values.items() for value in held for item in self.owners[value])
        return sorted({Leak(item.case_id, item.field, item.kind, file) for file, item in hits})


def plan_search(removed: Iterable[Removed], own_text: str, published: Collection[str] = frozenset()) -> LeakPlan:
    """`published`: texts that hold no token that a value is found by; what is the same is not searched again."""
    owners: dict[str, list[Removed]] = {}
    for item in removed:
        value = core(item.value)
        if len(value) >= SHORTEST:
            owners.setdefault(value, []).append(item)
    return LeakPlan(owners, _plan(owners, own_text, published))


def list_sizes(site: Path) -> dict[str, int]:
    """Every plain file of a folder, by path below it."""
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.stat().st_size for path in paths}


def _plan(owners: Mapping[str, Sequence[Removed]], own_text: str, published: Collection[str]) -> LeakSearch:
    own_words = Lookup(owners).held_by(own_text)
    everywhere = sorted(
        value for value, items in owners.items() if any(item.distinctive for item in items) and value not in own_words
    )
    by_page: dict[str, set[str]] = {}
    for value in owners.keys() - set(everywhere):
        for item in owners[value]:
            by_page.setdefault(_page(item.case_id), set()).add(value)
    pages = {page: tuple(sorted(values)) for page, values in sorted(by_page.items())}
    return LeakSearch(tuple(everywhere), pages, published)


def _page(case_id: str) -> str:
    return f"c/{case_id.lower()}/index.html"


@dataclass
class Finds:
    """Values by file. Those of `terms` are only suspects."""

    values: dict[str, set[str]] = field(default_factory=dict)
    terms: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class LeakSearch:
    """Looks for the same values in file after file.

    A text is first asked for the tokens that values are found by. Few texts hold one; only those are searched, and then
    whole, so that a value is found across lines and beside what was looked at before.

    Attributes:
        everywhere: distinctive values.
        by_page: the others, by the page of their case.
        published: texts without any such token.
    """

    everywhere: tuple[str, ...]
    by_page: Mapping[str, tuple[str, ...]]
    published: Collection[str] = frozenset()
    _found: Finds = field(default_factory=Finds, repr=False)

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.everywhere)

    def look_at_page(self, file: SiteFile) -> bool:
        self._look_at_name(file)
        local = self.by_page.get(file.path, ())
        if local:
            self._note(file, {value for text in file.readings for value in _given_away(local, fold(text))})
        news = file.news
        if self._is_clean(news.plain.split("\n")) and not self.touches(news.tags):
            return True
        self._note(file, {value for text in file.readings for value in self.lookup.held_by(text)})
        return False

    def look_at_text(self, file: SiteFile) -> None:
        self._look_at_name(file)
        self._note(file, {value for text in file.readings for value in self.lookup.held_by(text)})

    def look_at_pieces(self, file: SiteFile, batch: Batch) -> None:
        self._look_at_name(file)
        if not self._is_clean(batch.pieces):
            self._note(file, self.lookup.held_by(without_percents(batch.join())))

    def look_at_terms(self, file: str, text: str) -> None:
        if held := self.lookup.held_by(text):
            self._found.terms.setdefault(file, set()).update(held)

    def fail(self, file: str, error: OSError) -> None:
        raise undecodable(file) from error

    def take(self) -> Finds:
        found, self._found = self._found, Finds()
        return found

    def touches(self, text: str) -> bool:
        """Whether a text may hold a value, or a part of one."""
        return self.lookup.touches(without_percents(text))

    def _is_clean(self, texts: Iterable[str]) -> bool:
        published = self.published
        return not self.touches("\n".join([text for text in texts if text not in published]))

    def _look_at_name(self, file: SiteFile) -> None:
        self._note(file, self.lookup.held_by(file.path))

    def _note(self, file: SiteFile, values: set[str]) -> None:
        if values:
            self._found.values.setdefault(file.path, set()).update(values)


def _given_away(values: Iterable[str], folded: str) -> Iterator[str]:
    for value in values:
        if value in folded and re.search(_GIVEAWAY.format(value=re.escape(value)), folded):
            yield value


def _published_texts(site: Path) -> Iterator[str]:
    for path in sorted([*site.glob("c/*/index.html"), *site.glob("data/episodes.jsonl*")]):
        yield from visible_texts(path)


def _unexplained(suspects: set[str], texts: Iterable[str], read_terms: ReadTerms | None) -> set[str]:
    """Values in the terms of the index that no text explains.

    The index also holds parts and stems of words: `zlatkovicBackup` gives the term `zlatkovic`, and `maries` gives
    `mari`, although the text holds no such token. What published text holds inside a longer word, or is shortened to,
    is therefore no leak of the index.
    """
    squeezed = {value: _squeeze(value) for value in suspects}
    for text in texts:
        if not squeezed:
            break
        letters = _squeeze(text)
        squeezed = {value: short for value, short in squeezed.items() if short not in letters}
        if squeezed and read_terms:
            terms = set(read_terms(text))
            squeezed = {value: short for value, short in squeezed.items() if short not in terms}
    return set(squeezed)


def _squeeze(text: str) -> str:
    """Letters and digits only, without accents: what terms are made of."""
    return _NOT_IN_TERMS.sub("", unicodedata.normalize("NFKD", text).casefold())
