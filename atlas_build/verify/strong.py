"""The last look: nothing in the finished site may have the form of a secret or of personal data, whatever the scrubber
took it for. It knows nothing of what was removed, so it also sees what was never found, and what a page, a download or
the index makes of clean parts.

Pages are cut at their block elements, and inline tags vanish without a gap; cases are also read whole from the
download, where the two halves of a folded quote are one text. What has been looked at once is not looked at again:
most of a page stands on every page, and the text of a case in every download.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
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

Finder = Callable[[str], Iterable[tuple[int, Kind, str, str]]]
"""A text -> start, kind, rule and value of everything in it that has a telling form."""

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|em|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)\b[^<>]*>"
)
_ATTRIBUTE = re.compile(r"=\"([^\"]{6,})\"")
SHORTEST = 6
"""Characters: nothing shorter has a telling form."""
_MEMORY = 300_000
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


class Unit(NamedTuple):
    """One text that stands by itself; `source` is what it was before it was decoded."""

    text: str
    source: str
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
            hits |= search.look(file, [Unit(text, text)])
    return sorted(hits)


@dataclass(frozen=True)
class StrongSearch:
    """Searches one file after another, each text once."""

    find: Finder
    own_text: str
    _seen: set[int] = field(default_factory=set, repr=False, compare=False)

    def __call__(self, file: str, path: Path) -> set[StrongHit]:
        if file.startswith("index/"):
            return set()  # its files are shortened; `read_index` reads them
        return self.look(file, self._units(file, path))

    def _units(self, file: str, path: Path) -> Iterator[Unit]:
        suffix, content = read_content(path)
        if isinstance(content, bytes):
            yield from (Unit(line, line) for text in table_texts(path, content) for line in self._new(text.split("\n")))
        elif suffix in MARKUP:
            page = _CASE_PAGE.match(file)
            yield from self._page_units(content, _write_id(page[1]) if page else "")
        elif suffix == ".jsonl":
            yield from (unit for line in content.split("\n") if line for unit in _record_units(line))
        elif suffix in JSON_LIKE:
            yield from (Unit(unescape_json(line), line) for line in self._new(content.split("\n")))
        else:
            yield from (Unit(line, line) for line in self._new(content.split("\n")))

    def _page_units(self, content: str, case_id: str) -> Iterator[Unit]:
        for text in self._new(TAG.split(_INLINE.sub("", content))):
            yield Unit(html.unescape(text), text, case_id)
        for tag in self._new(TAG.findall(content)):
            yield from (Unit(html.unescape(value), tag, case_id) for value in _ATTRIBUTE.findall(tag))

    def _new(self, sources: Iterable[str]) -> Iterator[str]:
        return (source for source in sources if len(source) >= SHORTEST and hash(source) not in self._seen)

    def look(self, file: str, units: Iterable[Unit]) -> set[StrongHit]:
        """What has a telling form in those units that were not looked at before."""
        if len(self._seen) > _MEMORY:
            self._seen.clear()
        new = [unit for unit in units if hash(unit.text) not in self._seen]
        if not new:
            return set()
        texts = [without_percents(unit.text) for unit in new]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        found, telling = set(), set()
        for start, kind, rule, value in self.find("\n".join(texts)):
            if fold(value) not in self.own_text:
                place = bisect_right(starts, start) - 1
                telling.add(place)
                found.add(StrongHit(file, new[place].case_id, new[place].field, kind, rule))
        # What has a hit is reported wherever it stands.
        clean = [unit for place, unit in enumerate(new) if place not in telling]
        self._seen.update(hash(text) for unit in clean for text in (unit.text, unit.source))
        self._seen.difference_update(hash(new[place].source) for place in telling)
        return found


def _write_id(slug: str) -> str:
    return slug[:3].upper() + slug[3:]


def _record_units(line: str) -> Iterator[Unit]:
    """The texts of a case as the download has them, by field."""
    record = orjson.loads(line)
    case_id = str(record.get("id", "")) if isinstance(record, dict) else ""
    yield from (Unit(text, text, case_id, name) for name, text in _strings(record, ""))


def _strings(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _strings(item, f"{name}[{number}]")
