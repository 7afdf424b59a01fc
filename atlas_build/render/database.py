"""The tables as one SQLite database, with the same bytes for the same cases.

The file holds no time and no path. What SQLite itself would vary is fixed: the page size, the order of the pages (by
VACUUM), and the version of the library that wrote the file (https://www.sqlite.org/fileformat2.html, section 1.3).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.render.tables import Scalar, Table

PAGE_SIZE = 4096
READ_AT_ONCE = 1 << 20
TYPES = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"}
CHANGE_COUNTER, VALID_FOR, WRITER_VERSION = slice(24, 28), slice(92, 96), slice(96, 100)
"""Header fields that count writes and name the library; the first two must agree."""
FIRST_VERSION = (3_008_008).to_bytes(4, "big")
"""Named as the writer: old enough that no reader takes the file for one from the future."""


def read_database(tables: Sequence[Table], cases: Sequence[Episode], codebook: Codebook) -> Iterator[bytes]:
    """The bytes of the database, part by part. It is made on disk, where it needs little memory."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "atlas.sqlite")
        _fill(path, tables, cases, codebook)
        with path.open("rb") as file:
            yield _without_traces(file.read(PAGE_SIZE))
            while part := file.read(READ_AT_ONCE):
                yield part


def _fill(path: Path, tables: Sequence[Table], cases: Sequence[Episode], codebook: Codebook) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("PRAGMA encoding = 'UTF-8'")
        connection.execute("PRAGMA journal_mode = OFF")  # nobody needs the file after a crash
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in tables:
            connection.execute(_create(table))
            rows = (row for case in cases for row in table.rows(case))
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)
        _write_codebook(connection, codebook)
        connection.execute("CREATE INDEX labels_by_code ON labels (axis, code)")
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()


def _create(table: Table) -> str:
    lines = [f"{column.name} {TYPES[column.type]}" for column in table.columns]
    lines += [f"PRIMARY KEY ({', '.join(table.key)})"] if table.key else []
    lines += [f"FOREIGN KEY ({table.refers}) REFERENCES cases (id)"] if table.refers else []
    return f"CREATE TABLE {table.name} ({', '.join(lines)})"


def _write_codebook(connection: sqlite3.Connection, codebook: Codebook) -> None:
    columns = "axis TEXT, code TEXT, name TEXT, gloss TEXT, definition TEXT, PRIMARY KEY (axis, code)"
    connection.execute(f"CREATE TABLE codebook ({columns})")
    connection.executemany("INSERT INTO codebook VALUES (?, ?, ?, ?, ?)", _codebook_rows(codebook))


def _codebook_rows(codebook: Codebook) -> Iterator[tuple[Scalar, ...]]:
    for name, axis in codebook.axes.items():
        for label in axis.label:
            yield (name, label.code, label.name, label.gloss, label.definition)


def _without_traces(first_page: bytes) -> bytes:
    header = bytearray(first_page)
    header[CHANGE_COUNTER] = header[VALID_FOR] = (1).to_bytes(4, "big")
    header[WRITER_VERSION] = FIRST_VERSION
    return bytes(header)
