"""The leak check: no value that the scrubber removed may stand anywhere in the finished site.

Every file is decoded to what a reader or a crawler would see (HTML without tags and entities, and its attributes;
JSON strings; gzip members; XML, CSV and text), and searched once for all values together, bounded by tokens.
Distinctive values must be nowhere. A value that is also an ordinary word (an account called `main`) is looked for on
its own case's page only, and only in the company that gives it away, since the page's own words may hold it.
"""

from __future__ import annotations

import gzip
import html
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from atlas_build.errors import CheckError
from atlas_build.model.lookup import Lookup, core, fold
from atlas_build.model.placeholder import Kind

SHORTEST = 4
TEXT_SUFFIXES = frozenset({
    ".html", ".htm", ".json", ".jsonl", ".xml", ".csv", ".tsv", ".txt", ".js", ".mjs", ".css", ".svg", ".md",
    ".map", ".bib", ".ris", ".webmanifest", ".atom", ".rss", ".toml", ".yaml", ".yml", ".cff", "",
})  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"\\/]))")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
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


@dataclass(frozen=True)
class _Search:
    """What one worker looks for: distinctive values everywhere, the others by the page of their case."""

    everywhere: tuple[str, ...]
    by_page: dict[str, tuple[str, ...]]


def find_leaks(site: Path, removed: Sequence[Removed], *, jobs: int, own_text: str = "") -> list[Leak]:
    """Search a finished site for removed values.

    Args:
        site: root folder of the built site.
        removed: everything the scrubber took out of the published episodes.
        jobs: worker processes.
        own_text: the site's own wording (templates, codebook, citations). A value that is part of it, such as the
            last name of a cited author, counts as an ordinary word.

    Returns:
        One leak for every value, field and file, sorted. Empty when the site is clean.

    Raises:
        CheckError: a file cannot be decoded, so that nothing can be promised about it.
    """
    owners, search = _plan(removed, own_text)
    files = sorted(path for path in site.rglob("*") if path.is_file())
    tasks = [(site, path) for path in files]
    if jobs <= 1 or len(files) < 200:
        found: Iterable[tuple[str, set[str]]] = map(_Searcher(search), tasks)
        return _leaks(found, owners)
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (search,)) as pool:
        return _leaks(pool.map(_run_task, tasks, chunksize=64), owners)


def _plan(removed: Sequence[Removed], own_text: str) -> tuple[dict[str, list[Removed]], _Search]:
    owners: dict[str, list[Removed]] = {}
    for item in removed:
        value = core(item.value)
        if len(value) >= SHORTEST:
            owners.setdefault(value, []).append(item)
    own_words = Lookup(owners).held_by(own_text)
    everywhere = sorted(
        value for value, items in owners.items() if any(item.distinctive for item in items) and value not in own_words
    )
    by_page: dict[str, set[str]] = {}
    for value in owners.keys() - set(everywhere):
        for item in owners[value]:
            by_page.setdefault(_page(item.case_id), set()).add(value)
    return owners, _Search(tuple(everywhere), {page: tuple(sorted(values)) for page, values in sorted(by_page.items())})


def _page(case_id: str) -> str:
    return f"c/{case_id.lower()}/index.html"


def _leaks(found: Iterable[tuple[str, set[str]]], owners: dict[str, list[Removed]]) -> list[Leak]:
    hits = ((file, item) for file, values in found for value in values for item in owners[value])
    return sorted({Leak(item.case_id, item.field, item.kind, file) for file, item in hits})


class _Searcher:
    """Searches one file after another for the same values."""

    def __init__(self, search: _Search) -> None:
        self._lookup = Lookup(search.everywhere)
        self._by_page = search.by_page

    def __call__(self, task: tuple[Path, Path]) -> tuple[str, set[str]]:
        site, path = task
        file = path.relative_to(site).as_posix()
        local = self._by_page.get(file, ())
        found: set[str] = self._lookup.held_by(file)
        for text in visible_texts(path):
            found |= self._lookup.held_by(text)
            found |= {value for value in local if _gives_away(value, fold(text))}
        return file, found


def _gives_away(value: str, folded: str) -> bool:
    return value in folded and re.search(_GIVEAWAY.format(value=re.escape(value)), folded) is not None


_worker: dict[str, _Searcher] = {}
"""The searcher of this process; filled once by `_start_worker`, in worker processes only."""


def _start_worker(search: _Search) -> None:
    _worker["searcher"] = _Searcher(search)


def _run_task(task: tuple[Path, Path]) -> tuple[str, set[str]]:
    return _worker["searcher"](task)


def visible_texts(path: Path) -> Iterator[str]:
    """What a file says, decoded: each of its readings as one text. Binary files (images, fonts) say nothing.

    Raises:
        CheckError: the file is damaged or not UTF-8.
    """
    name, content = path.name, path.read_bytes()
    try:
        if path.suffix == ".gz":
            name, content = path.stem, gzip.decompress(content)
        if Path(name).suffix.lower() in TEXT_SUFFIXES:
            yield from _decoded(Path(name).suffix.lower(), content.decode("utf-8"))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise CheckError(
            f"{path.name}: cannot be decoded, so it cannot be checked for leaks", hint="rebuild the site"
        ) from None


def _decoded(suffix: str, text: str) -> Iterator[str]:
    if suffix in {".html", ".htm", ".xml", ".svg", ".atom", ".rss"}:
        # Tags vanish without a gap: `jo<b>hn</b>` reads as one word.
        yield _without_percents(html.unescape(_TAG.sub("", text)))
        yield _without_percents(html.unescape("\n".join(_TAG.findall(text))))
    elif suffix in {".json", ".jsonl", ".js", ".mjs", ".map", ".webmanifest"}:
        yield _without_percents(_unescaped(text))
    else:
        yield _without_percents(text)


def _without_percents(text: str) -> str:
    """With percent-encodings undone beside the text as it is, since `100%20` may be meant."""
    return f"{text}\n{unquote(text)}" if _PERCENT.search(text) else text


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _SHORT_ESCAPES[match[2]], text)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), joined)


_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
