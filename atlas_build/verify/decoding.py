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
from collections.abc import Iterator
from pathlib import Path
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
    suffix, content = read_content(path)
    if isinstance(content, str):
        yield from _decoded(suffix, content)
    else:
        yield from table_texts(path, content)


def read_content(path: Path) -> tuple[str, str | bytes]:
    """A file's suffix in lower case and its text, both without compression; bytes if it is no text.

    Raises:
        CheckError: the file is damaged or not UTF-8.
    """
    name, content = path.name, path.read_bytes()
    try:
        if path.suffix == ".gz":
            name, content = path.stem, gzip.decompress(content)
        suffix = Path(name).suffix.lower()
        return suffix, content.decode("utf-8") if suffix in TEXT_SUFFIXES else content
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise _undecodable(path) from None


def table_texts(path: Path, content: bytes) -> Iterator[str]:
    """The texts in the tables of a SQLite or Parquet file, some thousand rows at a time; of other files none.

    Raises:
        CheckError: the file is damaged.
    """
    try:
        if content.startswith(DATABASE):
            yield from _database_texts(content)
        elif content.startswith(PARQUET):
            yield from _parquet_texts(content)
    except (OSError, sqlite3.Error):
        raise _undecodable(path) from None


def _undecodable(path: Path) -> CheckError:
    return CheckError(f"{path.name}: cannot be decoded, so it cannot be checked for leaks", hint="rebuild the site")


def _database_texts(content: bytes) -> Iterator[str]:
    """Every text of every table, some thousand rows at a time: pages of a database cut long texts into pieces."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (name,) in tables:
            cursor = connection.execute(f'SELECT * FROM "{name}"')
            while rows := cursor.fetchmany(ROWS):
                yield "\n".join(value for row in rows for value in row if isinstance(value, str))
    finally:
        connection.close()


def _parquet_texts(content: bytes) -> Iterator[str]:
    """Every text of a Parquet file; whoever wrote it had pyarrow."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise CheckError("a Parquet file cannot be checked for leaks", hint="install pyarrow") from None
    for batch in parquet.ParquetFile(io.BytesIO(content)).iter_batches(ROWS):
        yield "\n".join(value for column in batch.columns for value in column.to_pylist() if isinstance(value, str))


def _decoded(suffix: str, text: str) -> Iterator[str]:
    if suffix in MARKUP:
        # Tags vanish without a gap: `jo<b>hn</b>` reads as one word.
        yield without_percents(html.unescape(TAG.sub("", text)))
        yield without_percents(html.unescape("\n".join(TAG.findall(text))))
    elif suffix in JSON_LIKE:
        yield without_percents(unescape_json(text))
    else:
        yield without_percents(text)


def without_percents(text: str) -> str:
    """With percent-encodings undone beside the text as it is, since `100%20` may be meant."""
    return f"{text}\n{unquote(text)}" if _PERCENT.search(text) else text


def unescape_json(text: str) -> str:
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _SHORT_ESCAPES[match[2]], text)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), joined)


_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
