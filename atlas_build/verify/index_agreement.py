"""The search index and the pages tell the same story.

What the index says of a case is what its page shows, every case of one is in the other, and the counts that the front
page prints are those that the explorer will compute.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple, Protocol

from atlas_build.model.codebook import Validation
from atlas_build.model.facets import FACETS, LISTED_BY_SCRIPT, Missing, Value
from atlas_build.verify.addresses import FRONT
from atlas_build.verify.files import CASES, FolderFiles, SiteFiles
from atlas_build.verify.markup import parse_tag
from atlas_build.verify.problem import Problem, show
from atlas_build.verify.reading import PageText

FOLDER = "index/"
ENTRY = "index.json"
STRIP_AXES = ("form", "cause", "severity", "locus", "status", "resolver", "workflow")
NOT_IN_LEGEND = frozenset({"validation", "invalid"})
"""Facets that the legend may leave out: in the default query they have one value."""

_STRIP = re.compile(r'<ul class="strip">(.*?)</ul>', re.DOTALL)
_CELL = re.compile(r'<li class="cell ([a-z]+)"[^>]*>(?:<a [^>]*>)?<span class="code">([^<]*)</span>')
_CELL_START = '<li class="cell'
_FACET = re.compile(r"(<details[^<>]*\sdata-facet=[^<>]*>)(.*?)</details>", re.DOTALL)
_ROW = re.compile(r'(<li[^<>]*\sclass="facet-value[^<>]*>)(.*?)</li>', re.DOTALL)
_COUNT = re.compile(r'<span class="count">([\d,]+)</span>')

Strip = tuple[tuple[str, str], ...]
"""(axis, code) of a coordinate strip, sorted."""


class IndexReader(Protocol):
    """Reads a search index back, given the content of each of its files; `search.reader` is one."""

    def read_meta(self, files: Mapping[str, bytes]) -> dict[str, Any]: ...
    def read_facets(self, files: Mapping[str, bytes]) -> dict[str, list[tuple[Value, ...]]]: ...
    def read_cards(self, files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]: ...


class PageRecord(NamedTuple):
    """What the whole-site checks need of a page.

    Attributes:
        base: the site's address according to the page's canonical link, or "".
        strip: None when the page prints none, or one that cannot be read.
    """

    path: str
    kind: str
    title: str
    base: str = ""
    strip: Strip | None = None


@dataclass(frozen=True)
class PublishedIndex:
    """The index as a browser reads it.

    Attributes:
        folder: where it is below the root, with a slash at the end.
        pages: the case page of every episode, by ordinal.
        facets: facet -> values of every episode, by ordinal.
    """

    folder: str
    pages: tuple[str, ...]
    facets: dict[str, list[tuple[Value, ...]]]

    @property
    def entry(self) -> str:
        return f"{self.folder}{ENTRY}"

    def is_case(self, ordinal: int) -> bool:
        return self.facets["validation"][ordinal] == (Validation.VALID,)

    def strip(self, ordinal: int) -> Strip:
        return tuple(sorted(
            (axis, value) for axis in STRIP_AXES for value in self.facets[axis][ordinal] if isinstance(value, str)
        ))  # fmt: skip


def read_index(files: SiteFiles, reader: IndexReader) -> PublishedIndex | Problem:
    entries = [path for path in files.named(f"/{ENTRY}", below=FOLDER) if path.count("/") == 2]
    if len(entries) != 1:
        return Problem(FOLDER, "index", f"holds {len(entries)} search indexes; must be one")
    folder = entries[0].removesuffix(ENTRY)
    try:
        content = FolderFiles(files.root / folder)
        pages = tuple(f"{CASES}ama-{card['ids'].lower()}/{FRONT}" for card in reader.read_cards(content))
        facets = reader.read_facets(content)
        lengths = {len(column) for column in facets.values()} | {len(pages), reader.read_meta(content)["episodes"]}
        missing = {facet.name for facet in FACETS} - facets.keys()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        return Problem(entries[0], "index", f"the search index cannot be read ({type(error).__name__})")
    if missing:
        return Problem(entries[0], "index", f"the search index lacks {', '.join(sorted(missing))}")
    if len(lengths) != 1:
        return Problem(entries[0], "index", "columns and cards of the search index have different lengths")
    return PublishedIndex(folder, pages, facets)


def read_strip(page: PageText) -> Strip | None:
    """The codes of the page's own coordinate strip, the first that it prints."""
    match = _STRIP.search(page.text)
    if not match:
        return None
    cells = _CELL.findall(match[1])
    if len(cells) != match[1].count(_CELL_START):
        return None
    return tuple(sorted((axis, unescape(code)) for axis, code in cells))


def check_cases(index: PublishedIndex, pages: Sequence[PageRecord]) -> Iterator[Problem]:
    """Every episode of the index has a page of its kind with its codes, and every case page is in the index once."""
    by_path = {page.path: page for page in pages if page.path.startswith(CASES)}
    for path, count in Counter(index.pages).items():
        if count > 1:
            yield Problem(index.entry, "index-pages", f"{show(path)} is in the index {count} times")
    for ordinal, path in enumerate(index.pages):
        page = by_path.pop(path, None)
        if page is None:
            if index.pages.index(path) == ordinal:
                yield Problem(path, "index-pages", "is in the index, but there is no such page")
            continue
        yield from _check_case(index, ordinal, page)
    for path, page in by_path.items():
        if page.kind in ("case", "candidate"):
            yield Problem(path, "index-pages", "is not in the index")


def _check_case(index: PublishedIndex, ordinal: int, page: PageRecord) -> Iterator[Problem]:
    expected = "case" if index.is_case(ordinal) else "candidate"
    if page.kind != expected:
        yield Problem(page.path, "index-validation", f"is a {show(page.kind)}; the index holds it as a {expected}")
    if page.strip is None:
        yield Problem(page.path, "index-codes", "prints no coordinate strip that the check can read")
    elif page.strip != index.strip(ordinal):
        axes = sorted({axis for axis, _ in set(page.strip) ^ set(index.strip(ordinal))}) or ["a code twice"]
        yield Problem(page.path, "index-codes", f"its coordinates differ from the index: {', '.join(axes)}")


def check_listing(index: PublishedIndex, kinds: Mapping[str, str], listed: Mapping[str, str]) -> Iterator[Problem]:
    """Without script, every published case is found from the list.

    Args:
        kinds: page -> its kind.
        listed: case page -> list page.
    """
    for ordinal, path in enumerate(index.pages):
        if index.is_case(ordinal) and path in kinds and path not in listed:
            yield Problem(path, "unlisted", "no page of the list leads to this case")


def check_legend(index: PublishedIndex, page: PageText) -> Iterator[Problem]:
    """The front page names this index and prints its counts for the default query: published cases."""
    if f'data-index="{index.folder}"' not in page.text:
        yield page.problem("index", f"does not name the search index {show(index.folder)}")
    cases = [ordinal for ordinal in range(len(index.pages)) if index.is_case(ordinal)]
    printed = dict(_read_legend(page.text))
    for facet in (facet.name for facet in FACETS):
        counts = Counter(value for ordinal in cases for value in index.facets[facet][ordinal])
        shown = printed.pop(facet, None)
        if shown is None:
            if facet not in NOT_IN_LEGEND:
                yield page.problem("legend", f"the legend lacks the facet {facet}")
        elif facet in LISTED_BY_SCRIPT and not shown:
            continue
        elif wrong := sum(shown.get(value, 0) != counts[value] for value in {*shown, *counts}):
            yield page.problem("legend", f"{wrong} counts of the facet {facet} differ from the index")
    for facet in sorted(printed):
        yield page.problem("legend", f"the legend has a facet {show(facet)} that the index lacks")


def _read_legend(text: str) -> Iterator[tuple[str, dict[Value, int]]]:
    for start, content in _FACET.findall(text):
        yield parse_tag(start).attributes["data-facet"], dict(_read_rows(content))


def _read_rows(content: str) -> Iterator[tuple[Value, int]]:
    """A row whose count cannot be read counts as -1, so that it never agrees."""
    for start, row in _ROW.findall(content):
        attributes = parse_tag(start).attributes
        count = _COUNT.search(row)
        number = int(count[1].replace(",", "")) if count else -1
        word = attributes.get("data-missing")
        missing = next((missing for missing in Missing if missing.value == word), None)
        yield missing or attributes.get("data-value", ""), number
