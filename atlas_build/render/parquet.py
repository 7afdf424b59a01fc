"""The tables as Parquet, where pyarrow is installed. The project does not depend on it."""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Sequence

from atlas_build.render.tables import Scalar, Table


def can_write_parquet() -> bool:
    return importlib.util.find_spec("pyarrow") is not None


def write_parquet(table: Table, rows: Sequence[tuple[Scalar, ...]]) -> bytes:
    """One file with one row group; the same rows and the same pyarrow give the same bytes."""
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    types = {"string": arrow.string(), "integer": arrow.int64(), "boolean": arrow.bool_()}
    arrays = [
        arrow.array([row[place] for row in rows], type=types[column.type]) for place, column in enumerate(table.columns)
    ]
    names = [column.name for column in table.columns]
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, names=names), buffer, compression="zstd")
    return buffer.getvalue()
