"""Sites built for tests from invented records, and what stands in them.

    write_corpus(folder, records, ledger=..., suppressions=...)   a corpus folder
    build(folder, out, "--base-url", ...)                         a BuiltSite; fails the test if the build does
    run_atlas("check", site)                                      the command in a process of its own
    read_tree(folder)                                             every file's bytes by path
    decode_site(folder)                                           every file as text, as a reader or a crawler sees it

The decoding here shares no code with the site check, so that a mistake of one shows in the other; only the index's
terms, which are front-coded, are read back by the project's own reader.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from factories import make_record
from selectolax.lexbor import LexborHTMLParser, LexborNode

from atlas_build.cli import main
from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.identity import EpisodeKey, assign_case_ids
from atlas_build.render.exports import DOWNLOADS, Download
from atlas_build.search.reader import read_terms

ROOT = Path(__file__).resolve().parents[1]
CSV_LIMIT = 1 << 24
BINARY = (".png", ".ico", ".woff2")


def write_corpus(
    folder: Path,
    records: Sequence[object],
    *,
    settings: str = "",
    ledger: Iterable[Mapping[str, object]] = (),
    suppressions: Iterable[Mapping[str, object]] = (),
) -> Path:
    """A corpus folder with these records (dicts, or ready JSON text), and returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / "misalignments.json").write_text(f"[{','.join(texts)}]", encoding="utf-8")
    (folder / "atlas.toml").write_text(settings, encoding="utf-8")
    if ledger:
        (folder / "ledger").mkdir(exist_ok=True)
        (folder / "ledger" / "ids.jsonl").write_text(_json_lines(ledger), encoding="utf-8")
    if suppressions:
        (folder / "suppressions.jsonl").write_text(_json_lines(suppressions), encoding="utf-8")
    return folder


def _json_lines(entries: Iterable[Mapping[str, object]]) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def build(given: Path | Sequence[Path], out: Path, *options: str) -> BuiltSite:
    """Build in this process, quietly and with one worker."""
    inputs = [given] if isinstance(given, Path) else given
    code = main(["build", *map(str, inputs), "--out", str(out), "--quiet", "--jobs", "1", *options])
    assert code == 0, "the build failed; its message is in the captured stderr"
    return BuiltSite(out)


def write_downloads(cases: Sequence[Episode], codebook: Codebook) -> tuple[Download, ...]:
    """All downloads that can be written here."""
    return tuple(download for make in DOWNLOADS if (download := make(cases, codebook)))


def run_atlas(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "atlas_build", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=process_environment(**environment),
        check=False,
    )


def process_environment(**more: str) -> dict[str, str]:
    """The environment of a child process: the package is found from any folder."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **more}


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def case_id(record: Mapping[str, Any]) -> str:
    """The id that a record gets when no ledger gives it another."""
    key = EpisodeKey(*(str(record[name]) for name in ("source", "repository_id", "session_id", "misalignment_id")))
    return assign_case_ids([key], {})[key]


def case_path(record_or_id: Mapping[str, Any] | str) -> str:
    found = record_or_id if isinstance(record_or_id, str) else case_id(record_or_id)
    return f"c/{found.lower()}/index.html"


@dataclass(frozen=True)
class BuiltSite:
    folder: Path

    @cached_property
    def tree(self) -> dict[str, bytes]:
        return read_tree(self.folder)

    @cached_property
    def pages(self) -> list[str]:
        return sorted(path for path in self.tree if path.endswith(".html"))

    @cached_property
    def text(self) -> dict[str, str]:
        return decode_site(self.folder)

    def page(self, path: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.tree[path])

    def pages_of(self, kind: str) -> list[str]:
        return [path for path in self.pages if self.kind(path) == kind]

    def kind(self, path: str) -> str:
        found = re.search(rb'<main id="main" class="page-(\w+)"', self.tree[path])
        assert found, f"{path} has no main element with a kind"
        return found[1].decode()

    def case_ids(self, kind: str = "case") -> set[str]:
        """Upper part, lower rest, as the id is written on the page."""
        return {self.words(path, ".plate-id .id") for path in self.pages_of(kind)}

    def words(self, path: str, selector: str) -> str:
        """Text of the one element that fits."""
        found = self.page(path).css(selector)
        assert len(found) == 1, f"{len(found)} elements fit {selector} on {path}"
        return words(found[0])

    def all_words(self, path: str, selector: str) -> list[str]:
        return [words(node) for node in self.page(path).css(selector)]

    def hrefs(self, path: str, selector: str = "a") -> list[str]:
        return [node.attributes["href"] or "" for node in self.page(path).css(f"{selector}[href]")]

    def records(self) -> list[dict[str, Any]]:
        lines = gzip.decompress(self.tree["data/episodes.jsonl.gz"]).decode("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def table(self, name: str) -> list[dict[str, str]]:
        text = gzip.decompress(self.tree[f"data/{name}.csv.gz"]).decode("utf-8")
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def index_file(self, name: str) -> Any:
        (path,) = [path for path in self.tree if re.fullmatch(rf"index/[0-9a-f]+/{re.escape(name)}", path)]
        return json.loads(self.tree[path])


def words(node: LexborNode) -> str:
    """What an element says, with runs of white space as one blank."""
    return " ".join(node.text().split())


def decode_site(folder: Path) -> dict[str, str]:
    """Every file's content as readable text: HTML without tags but with attributes, JSON and CSV as their strings,
    gzip members and databases unpacked, escapes of every kind undone. The index's terms stand beside its files."""
    tree = read_tree(folder)
    decoded = {path: "\n".join(_decode(path, data)) for path, data in sorted(tree.items())}
    roots = {match[0]: match[1] for path in tree if (match := re.fullmatch(r"(index/[0-9a-f]+/)index\.json", path))}
    for place in sorted({path.removesuffix("index.json") for path in roots}):
        files = {path.removeprefix(place): data for path, data in tree.items() if path.startswith(place)}
        decoded[f"{place}terms"] = "\n".join(entry.term for entry in read_terms(files))
    return decoded


def _decode(path: str, data: bytes) -> Iterator[str]:
    yield path
    if path.endswith(".gz"):
        yield from _decode(path.removesuffix(".gz"), gzip.decompress(data))
        return
    if path.endswith(BINARY):
        return
    if path.endswith(".sqlite"):
        yield from _read_database(data)
        return
    text = data.decode("utf-8")
    if path.endswith((".html", ".svg", ".xml")):
        yield from _read_markup(text)
    elif path.endswith(".jsonl"):
        for line in text.splitlines():
            yield from _strings(json.loads(line))
    elif path.endswith(".json"):
        yield from _strings(json.loads(text))
    elif path.endswith(".csv"):
        csv.field_size_limit(CSV_LIMIT)
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield from row
    else:
        yield text


def _read_database(data: bytes) -> Iterator[str]:
    """Every text in every table, and every statement of the schema."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall():
            for row in database.execute(f'SELECT * FROM "{name}"'):
                yield from (value for value in row if isinstance(value, str))
        yield from (str(statement) for (statement,) in database.execute("SELECT sql FROM sqlite_schema"))


def _read_markup(text: str) -> Iterator[str]:
    reader = _MarkupReader()
    reader.feed(text)
    reader.close()
    yield "".join(reader.texts)
    for value in reader.attributes:
        yield value
        yield unquote(value)


class _MarkupReader(HTMLParser):
    """Text without its tags, and every attribute's value; entities are undone in both."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.attributes += [value for _, value in attrs if value]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def holding(value: str, decoded: Mapping[str, str]) -> list[str]:
    """The files in whose text `value` stands."""
    return [path for path, text in decoded.items() if value in text]


def many_records(count: int) -> list[dict[str, Any]]:
    """Records of many sessions and months, with varied labels, some undated, some with something to scrub."""
    return [_nth_record(number) for number in range(count)]


def _nth_record(number: int) -> dict[str, Any]:
    forms = [f"S{number % 7 + 1}"] + ([f"S{(number + 3) % 7 + 1}"] if number % 3 == 0 else [])
    month, day = number % 12 + 1, number % 28 + 1
    return make_record(
        repository_id=1000 + number // 10,
        session_id=f"session_{number // 3:03}",
        session_count_id=number // 3,
        misalignment_id=f"M{number % 3 + 1:03}",
        name=f"Generated Case Number {number}",
        description=f"Case {number} was reported by dev{number}@mail{number % 5}.quackmail.net to the team.",
        license_type="MIT" if number % 2 else "Apache-2.0",
        symptom={"labels": forms},
        cause={"labels": [{"label": f"C{number % 6 + 1}", "evidence_tier": "direct"}]},
        session_timestamp=None if number % 50 == 49 else f"2025-{month:02}-{day:02} 10:{number % 60:02}:00",
        session_type="CLI" if number % 4 == 0 else "IDE",
    )
