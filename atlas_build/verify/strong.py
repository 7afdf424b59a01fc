"""The last look: nothing in the finished site may have the form of a secret or of personal data, whatever the scrubber
took it for. It knows nothing of what was removed, so it also sees what was never found, and what a page, a download or
the index makes of clean parts.

Pages are cut at their block elements, and inline tags vanish without a gap; cases are also read whole from the
download, where the two halves of a folded quote are one text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import orjson

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.verify.decoding import (
    JSON_LIKE,
    MARKUP,
    TAG,
    read_content,
    table_texts,
    unescape_json,
    without_percents,
)
from atlas_build.verify.leaks import ReadIndex
from atlas_build.verify.searching import read_folder, search_files

Finder = Callable[[str], Iterable[tuple[Kind, str, str]]]
"""A text -> kind, rule and value of everything in it that has a telling form; only key blocks span several lines."""

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|em|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)\b[^<>]*>"
)
_SHORTEST = 6
"""Characters: nothing shorter has a telling form."""
_KNOWN_SOURCES = 50_000
_KNOWN_LINES = 600_000
_CASE_PAGE = re.compile(r"c/(ama-[0-9a-z]{4}-[0-9a-z]{4})/")


@dataclass(frozen=True, order=True)
class StrongHit:
    """Something in the site that has a telling form. Never the thing itself.

    Attributes:
        case_id: "" if the file belongs to no case.
        field: of the case, or "" if only the file is known.
    """

    file: str
    case_id: str
    field: str
    kind: Kind
    rule: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.case_id, self.field) if part)
        return f"{self.file}{': ' if place else ''}{place}: looks like {self.kind} [{self.rule}]"


class Passage(NamedTuple):
    """A text, and the place in a case where it stands, as far as that is known."""

    text: str
    case_id: str = ""
    field: str = ""


def find_strong_patterns(
    site: Path, find: Finder, *, jobs: int = 1, own_text: str = "", read_index: ReadIndex | None = None
) -> list[StrongHit]:
    """Search a finished site for what is telling by its form.

    Args:
        find: the recognizers; they go to worker processes.
        own_text: the site's own wording, such as its contact address; what stands in it may stand everywhere.
        read_index: spells out the terms of the search index.

    Returns:
        The hits, sorted. Empty when the site is clean.

    Raises:
        CheckError: a file cannot be decoded.
    """
    search = StrongSearch(find, fold(own_text))
    hits = {hit for _, found in search_files(site, search, jobs) for hit in found}
    for folder in sorted(site.glob("index/*/")) if read_index else ():
        assert read_index
        for file, text in read_folder(site, folder, read_index):
            hits |= search.look(file, [Passage(text)])
    return sorted(hits)


@dataclass(frozen=True)
class StrongSearch:
    """Searches one file after another, each line once: most lines of a page stand on every page, and those of a case
    in every download."""

    find: Finder
    own_text: str
    _sources: set[int] = field(default_factory=set, repr=False, compare=False)
    """Lines of pages as they are written."""
    _lines: set[int] = field(default_factory=set, repr=False, compare=False)
    """Lines as they are read."""

    def __call__(self, file: str, path: Path) -> set[StrongHit]:
        if file.startswith("index/"):
            return set()  # its files are shortened; `read_index` reads them
        suffix, content = read_content(path)
        if isinstance(content, bytes):
            return self.look(file, map(Passage, table_texts(path, content)))
        if suffix in MARKUP:
            return self._look_at_page(file, content)
        if suffix == ".jsonl":
            return self.look(file, (passage for line in content.split("\n") if line for passage in _record(line)))
        return self.look(file, [Passage(unescape_json(content) if suffix in JSON_LIKE else content)])

    def _look_at_page(self, file: str, content: str) -> set[StrongHit]:
        if len(self._sources) > _KNOWN_SOURCES:
            self._sources.clear()
        lines = [line for line in content.split("\n") if hash(line) not in self._sources]
        new = "\n".join(lines)
        page = _CASE_PAGE.match(file)
        case_id = _write_id(page[1]) if page else ""
        text = html.unescape(TAG.sub("\n", _INLINE.sub("", new)))
        attributes = html.unescape("\n".join(TAG.findall(new)))
        found = self.look(file, [Passage(text, case_id), Passage(attributes, case_id)])
        # What has a hit is reported wherever it stands, so its lines must not be known.
        if not found:
            self._sources.update(map(hash, lines))
        return found

    def look(self, file: str, passages: Iterable[Passage]) -> set[StrongHit]:
        """What has a telling form in lines that were not looked at before."""
        if len(self._lines) > _KNOWN_LINES:
            self._lines.clear()
        found: set[StrongHit] = set()
        for text, case_id, name in passages:
            lines = [line for line in text.split("\n") if len(line) >= _SHORTEST and hash(line) not in self._lines]
            if not lines:
                continue
            hits = {
                StrongHit(file, case_id, name, kind, rule)
                for kind, rule, value in self.find(without_percents("\n".join(lines)))
                if fold(value) not in self.own_text
            }
            if not hits:
                self._lines.update(map(hash, lines))
            found |= hits
        return found


def _write_id(slug: str) -> str:
    return slug[:3].upper() + slug[3:]


def _record(line: str) -> Iterator[Passage]:
    """The texts of a case as the download has them, by field."""
    record = orjson.loads(line)
    case_id = str(record.get("id", "")) if isinstance(record, dict) else ""
    yield from (Passage(text, case_id, name) for name, text in _strings(record, ""))


def _strings(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _strings(item, f"{name}[{number}]")
