"""What a file of the site says to a reader or a crawler: HTML without tags and entities, and its attributes; JSON
strings; gzip members; XML, CSV and text; the tables of SQLite and Parquet files."""

from __future__ import annotations

import gzip
import html
import importlib
import io
import re
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from atlas_build.errors import CheckError

TEXT_SUFFIXES = frozenset({
    ".html", ".htm", ".json", ".jsonl", ".xml", ".csv", ".tsv", ".txt", ".js", ".mjs", ".css", ".svg", ".md",
    ".map", ".bib", ".ris", ".webmanifest", ".atom", ".rss", ".toml", ".yaml", ".yml", ".cff", "",
})  # fmt: skip
DATABASE, PARQUET = b"SQLite format 3\0", b"PAR1"
"""How these files begin."""
ROWS = 2000
TAG = re.compile(r"<[^<>]*>")
TAGS = re.compile(r"(<[^<>]*>)")
"""`TAG`, for `split`: text and tags by turns."""
_REFERENCES = (("&#39;", "'"), ("&#34;", '"'), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""`&amp;` comes last, so that `&amp;lt;` is not undone twice."""
_OTHER_REFERENCE = re.compile(r"&(?!(?:#39|#34|quot|lt|gt|amp);)")
_JSON_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"|\Z)', re.DOTALL)
_CSV_CELL = re.compile(r'"([^"]*+(?:""[^"]*+)*+)(?:"|\Z)')
PIECES_AT_ONCE = 4000
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"\\/]))")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
MARKUP = frozenset({".html", ".htm", ".xml", ".svg", ".atom", ".rss"})
JSON_LIKE = frozenset({".json", ".jsonl", ".js", ".mjs", ".map", ".webmanifest"})


def visible_texts(path: Path) -> Iterator[str]:
    """What a file says, decoded: each of its readings as one text. Binary files (images, fonts) say nothing.

    Raises:
        CheckError: the file is damaged or not UTF-8.
    """
    try:
        suffix, content = read_content(path.name, path.read_bytes())
        if isinstance(content, str):
            yield from read_text(suffix, content)
        else:
            yield from ("\n".join(batch) for batch in read_tables(content))
    except DAMAGED:
        raise undecodable(path.name) from None


DAMAGED = (OSError, EOFError, zlib.error, UnicodeDecodeError, sqlite3.Error)
"""What reading a damaged file raises."""


def undecodable(name: str) -> CheckError:
    return CheckError(f"{name}: cannot be decoded, so it cannot be checked for leaks", hint="rebuild the site")


def read_content(name: str, data: bytes) -> tuple[str, str | bytes]:
    """A file's suffix in lower case and its text, both without compression; bytes if it is no text.

    Raises:
        one of `DAMAGED`.
    """
    if name.endswith(".gz"):
        name, data = name.removesuffix(".gz"), gzip.decompress(data)
    suffix = Path(name).suffix.lower()
    return suffix, data.decode("utf-8") if suffix in TEXT_SUFFIXES else data


class Batch(NamedTuple):
    """Some thousand pieces of a data file, in order: every string that it holds, and what stands between them.

    Attributes:
        separator: what stands for the border of two pieces when they are read as one text.
    """

    pieces: Sequence[str]
    separator: str

    def join(self) -> str:
        return self.separator.join(self.pieces)


DATA = frozenset({".json", ".jsonl", ".csv"})
"""Text files of which every cell or string is a text of its own."""


def read_pieces(suffix: str, content: str | bytes) -> Iterator[Batch]:
    """The pieces of a data file. Nothing that it says is left out; of pictures and the like there are none.

    Raises:
        one of `DAMAGED`.
    """
    if isinstance(content, bytes):
        yield from (Batch(batch, "\n") for batch in read_tables(content))
    elif suffix == ".csv":
        yield from (Batch(batch, ",") for batch in _read_cells(content))
    else:
        yield from (Batch(batch, '"') for batch in _read_strings(content))


def split_strings(text: str) -> list[str]:
    """The pieces of a short JSON text."""
    return [unescape_json(piece) for piece in _JSON_STRING.split(text) if piece]


def _read_cells(text: str) -> Iterator[list[str]]:
    """Quoted cells without their quotes, and whatever stands between them."""
    for pieces in _split(_CSV_CELL, text):
        yield [piece.replace('""', '"') if is_quoted else piece for is_quoted, piece in pieces]


def _read_strings(text: str) -> Iterator[list[str]]:
    """JSON strings without quotes and escapes, and whatever stands between them, such as numbers."""
    for pieces in _split(_JSON_STRING, text):
        yield [unescape_json(piece) for _, piece in pieces]


def _split(quoted: re.Pattern[str], text: str) -> Iterator[list[tuple[bool, str]]]:
    """(whether it was quoted, piece) of all that is not empty, some thousand at a time."""
    found: list[tuple[bool, str]] = []
    place = 0
    for match in quoted.finditer(text):
        if between := text[place : match.start()]:
            found.append((False, between))
        if inside := match[1]:
            found.append((True, inside))
        place = match.end()
        if len(found) >= PIECES_AT_ONCE:
            yield found
            found = []
    yield [*found, (False, text[place:])]


def read_tables(content: bytes) -> Iterator[list[str]]:
    """The texts in the tables of a SQLite or Parquet file, some thousand rows at a time; of other files none."""
    if content.startswith(DATABASE):
        yield from _database_texts(content)
    elif content.startswith(PARQUET):
        yield from _parquet_texts(content)


def _database_texts(content: bytes) -> Iterator[list[str]]:
    """Every text of every table, some thousand rows at a time: pages of a database cut long texts into pieces."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (name,) in tables:
            cursor = connection.execute(f'SELECT * FROM "{name}"')
            while rows := cursor.fetchmany(ROWS):
                yield [value for row in rows for value in row if isinstance(value, str)]
    finally:
        connection.close()


def _parquet_texts(content: bytes) -> Iterator[list[str]]:
    """Every text of a Parquet file; whoever wrote it had pyarrow."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise CheckError("a Parquet file cannot be checked for leaks", hint="install pyarrow") from None
    for batch in parquet.ParquetFile(io.BytesIO(content)).iter_batches(ROWS):
        yield [value for column in batch.columns for value in column.to_pylist() if isinstance(value, str)]


def read_text(suffix: str, text: str) -> Iterator[str]:
    """The readings of a text file, each as one text."""
    if suffix in MARKUP:
        # Tags vanish without a gap: `jo<b>hn</b>` reads as one word.
        yield without_percents(unescape_html(TAG.sub("", text)))
        yield without_percents(unescape_html("\n".join(TAG.findall(text))))
    elif suffix in JSON_LIKE:
        yield without_percents(unescape_json(text))
    else:
        yield without_percents(text)


def without_percents(text: str) -> str:
    """With percent-encodings undone beside the text as it is, since `100%20` may be meant."""
    return f"{text}\n{unquote(text)}" if _PERCENT.search(text) else text


def unescape_html(text: str) -> str:
    """As `html.unescape`, several times as fast where there are only the references that templates write."""
    if "&" not in text:
        return text
    if _OTHER_REFERENCE.search(text):
        return html.unescape(text)
    for reference, char in _REFERENCES:
        text = text.replace(reference, char)
    return text


def unescape_json(text: str) -> str:
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _SHORT_ESCAPES[match[2]], text)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), joined)


_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
