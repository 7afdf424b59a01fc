"""withdrawn.json: every address that once was a case and now says that it is gone, for tools.

The citation checker and 404.html read it. It holds what a tombstone page says, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from atlas_build.model.ledger import Tombstone

WITHDRAWN = "withdrawn.json"


def write_withdrawn(tombstones: Sequence[Tombstone]) -> bytes:
    """An array by id; what is not known is left out."""
    rows = [tombstone.model_dump(mode="json", exclude_none=True) for tombstone in tombstones]
    return orjson.dumps(sorted(rows, key=lambda row: row["id"]), option=orjson.OPT_INDENT_2) + b"\n"
