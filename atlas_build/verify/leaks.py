"""The leak check: no value that the scrubber removed may stand anywhere in the finished site.

Every file is decoded (`decoding`), the index is also read as the browser reads it, and all is searched once for all
values together, bounded by tokens. Distinctive values must be nowhere. A value that is also an ordinary word (an
account called `main`) is looked for on its own case's page only, and only in the company that gives it away, since the
page's own words may hold it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from atlas_build.model.lookup import Lookup, core, fold
from atlas_build.model.placeholder import Kind
from atlas_build.verify.decoding import TEXT_SUFFIXES, visible_texts
from atlas_build.verify.searching import read_folder, search_files

__all__ = ["SHORTEST", "TEXT_SUFFIXES", "Leak", "Removed", "find_leaks", "visible_texts"]

SHORTEST = 4
_TERM_SHARD = re.compile(r"index/[^/]+/terms/[^/]+\.json")
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
ReadIndex = Callable[[Mapping[str, bytes]], Iterator[tuple[str, str]]]
"""The files of an index, by their path in it -> (path, text) of everything readable in them."""


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
    owners: dict[str, list[Removed]] = {}
    for item in removed:
        value = core(item.value)
        if len(value) >= SHORTEST:
            owners.setdefault(value, []).append(item)
    search = _plan(owners, own_text, spelled_apart=read_index is not None)
    found = dict(search_files(site, search, jobs))
    if read_index:
        for file, values in _search_index(site, search, read_index, read_terms):
            found[file] = found.get(file, set()) | values
    hits = ((file, item) for file, values in found.items() for value in values for item in owners[value])
    return sorted({Leak(item.case_id, item.field, item.kind, file) for file, item in hits})


def _plan(owners: Mapping[str, Sequence[Removed]], own_text: str, *, spelled_apart: bool) -> _Search:
    own_words = Lookup(owners).held_by(own_text)
    everywhere = sorted(
        value for value, items in owners.items() if any(item.distinctive for item in items) and value not in own_words
    )
    by_page: dict[str, set[str]] = {}
    for value in owners.keys() - set(everywhere):
        for item in owners[value]:
            by_page.setdefault(_page(item.case_id), set()).add(value)
    return _Search(
        tuple(everywhere), {page: tuple(sorted(values)) for page, values in sorted(by_page.items())}, spelled_apart
    )


def _page(case_id: str) -> str:
    return f"c/{case_id.lower()}/index.html"


@dataclass(frozen=True)
class _Search:
    """Searches one file after another for the same values.

    Attributes:
        everywhere: distinctive values.
        by_page: the others, by the page of their case.
        spelled_apart: the index's terms are searched where they are spelled out; in the files they are shortened to
            fragments, which mean nothing.
    """

    everywhere: tuple[str, ...]
    by_page: Mapping[str, tuple[str, ...]]
    spelled_apart: bool

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.everywhere)

    def __call__(self, file: str, path: Path) -> set[str]:
        if self.spelled_apart and _TERM_SHARD.fullmatch(file):
            return set()
        local = self.by_page.get(file, ())
        found: set[str] = self.lookup.held_by(file)
        for text in visible_texts(path):
            found |= self.lookup.held_by(text)
            found |= {value for value in local if _gives_away(value, fold(text))}
        return found


def _gives_away(value: str, folded: str) -> bool:
    return value in folded and re.search(_GIVEAWAY.format(value=re.escape(value)), folded) is not None


def _search_index(
    site: Path, search: _Search, read_index: ReadIndex, read_terms: ReadTerms | None
) -> Iterator[tuple[str, set[str]]]:
    """Values in the index that no text explains.

    The index also holds parts and stems of words: `zlatkovicBackup` gives the term `zlatkovic`, and `maries` gives
    `mari`, although the text holds no such token. What published text holds inside a longer word, or is shortened to,
    is therefore no leak of the index.
    """
    held = {
        file: search.lookup.held_by(text)
        for folder in sorted(site.glob("index/*/"))
        for file, text in read_folder(site, folder, read_index)
    }
    suspects = set().union(*held.values())
    if not suspects:
        return
    squeezed = {value: _squeeze(value) for value in suspects}
    for path in sorted([*site.glob("c/*/index.html"), *site.glob("data/episodes.jsonl*")]):
        for text in visible_texts(path):
            letters = _squeeze(text)
            terms = set(read_terms(text)) if read_terms and squeezed else frozenset()
            squeezed = {
                value: short for value, short in squeezed.items() if short not in letters and short not in terms
            }
    for file, values in held.items():
        yield file, values & squeezed.keys()


def _squeeze(text: str) -> str:
    """Letters and digits only, without accents: what terms are made of."""
    return _NOT_IN_TERMS.sub("", unicodedata.normalize("NFKD", text).casefold())
