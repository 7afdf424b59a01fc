"""The last look: nothing in the finished site may have the form of a secret or of personal data, whatever the scrubber
took it for. It knows nothing of what was removed, so it also sees what was never found, and what a page, a download or
the index makes of clean parts.

Pages are cut at their block elements, and inline tags vanish without a gap; cases are also read whole from the
download, where the two halves of a folded quote are one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import orjson

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.verify.decoding import JSON_LIKE, Batch, undecodable, unescape_json, without_percents
from atlas_build.verify.leaks import list_sizes
from atlas_build.verify.site_file import SiteFile
from atlas_build.verify.sweep import ReadIndex, Sweep, sweep

Finder = Callable[[str], Iterable[tuple[Kind, str, str]]]
"""A text -> kind, rule and value of everything in it that has a telling form; only key blocks span several lines."""

_SHORTEST = 6
"""Characters: nothing shorter has a telling form."""
_KNOWN_LINES = 100_000
_SAMPLE = "0123456789 a@b.c ://a@ users/ home/ 0000 0000 0000 AA00 0000 ----------"
"""Makes every recognizer look."""
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
    results = sweep(Sweep(site, [], [search], read_index), list_sizes(site), jobs)
    return sorted({hit for (found,) in results for hit in found})


@dataclass
class StrongSearch:
    """Looks at file after file, at each line once: most lines of a page stand on every page, and those of a case in
    every download.

    Attributes:
        published: texts and lines that have no hit; what is the same is not looked at again.
    """

    find: Finder
    own_text: str
    published: Collection[str] = frozenset()
    _lines: set[int] = field(default_factory=set, repr=False)
    """Lines that have no hit."""
    _found: set[StrongHit] = field(default_factory=set, repr=False)

    def warm_up(self) -> None:
        """Make the recognizers now, and not when the first text is looked at."""
        list(self.find(_SAMPLE))

    def look_at_page(self, file: SiteFile) -> bool:
        page = _CASE_PAGE.match(file.path)
        case_id = _write_id(page[1]) if page else ""
        news = file.news
        found = self.look(file.path, [Passage(f"{news.blocks}\n{news.tags}", case_id)])
        return not found

    def look_at_text(self, file: SiteFile) -> None:
        if file.is_markup:
            self.look_at_page(file)
        else:
            is_like_json = file.content[0] in JSON_LIKE
            self.look(file.path, [Passage(unescape_json(file.text) if is_like_json else file.text)])

    def look_at_pieces(self, file: SiteFile, batch: Batch) -> None:
        published = self.published
        found = self.look(file.path, [Passage("\n".join([piece for piece in batch.pieces if piece not in published]))])
        if found and file.content[0] == ".jsonl" and (named := self._look_at_records(file)):
            self._found = (self._found - found) | named

    def look_at_terms(self, file: str, text: str) -> None:
        self.look(file, [Passage(text)])

    def fail(self, file: str, error: OSError) -> None:
        raise undecodable(file) from error

    def take(self) -> set[StrongHit]:
        found, self._found = self._found, set()
        return found

    def look(self, file: str, passages: Iterable[Passage]) -> set[StrongHit]:
        """What has a telling form in lines that were not looked at before."""
        if len(self._lines) > _KNOWN_LINES:
            self._lines.clear()
        found: set[StrongHit] = set()
        known, published = self._lines, self.published
        for text, case_id, name in passages:
            lines = [
                line
                for line in text.split("\n")
                if len(line) >= _SHORTEST and line not in published and hash(line) not in known
            ]
            if not lines:
                continue
            hits = {StrongHit(file, case_id, name, kind, rule) for kind, rule, _ in self.find_in("\n".join(lines))}
            if not hits:
                known.update(map(hash, lines))
            found |= hits
        self._found |= found
        return found

    def find_in(self, text: str) -> Iterator[tuple[Kind, str, str]]:
        """Everything in a text that has a telling form and is not the site's own."""
        return (hit for hit in self.find(without_percents(text)) if fold(hit[2]) not in self.own_text)

    def _look_at_records(self, file: SiteFile) -> set[StrongHit]:
        """All hits of a file of records, each with its case and field."""
        passages = (passage for line in file.text.split("\n") if line for passage in _record(line))
        return {
            StrongHit(file.path, case_id, name, kind, rule)
            for text, case_id, name in passages
            for kind, rule, _ in self.find_in(text)
        }


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
