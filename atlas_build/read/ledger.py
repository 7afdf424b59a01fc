"""The ledger of case ids and the list of suppressions, as a corpus folder holds them."""

from __future__ import annotations

from pathlib import Path

from atlas_build.errors import InputError
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.ledger import Ledger, LedgerEntry, Suppression
from atlas_build.read.strict_files import read_json_lines


def read_ledger(path: Path) -> Ledger:
    """The ledger at `path`; an empty one if there is no file.

    Raises:
        InputError: a line is broken, or it takes an id or a key that another line has given away.
    """
    lines = list(read_json_lines(path, LedgerEntry))
    keys: dict[str, EpisodeKey] = {}
    ids: dict[EpisodeKey, str] = {}
    for number, entry in lines:
        if keys.setdefault(entry.id, entry.key) != entry.key:
            raise _broken(path, number, "the id belongs to another key; an id never changes its key [id-reused]")
        if ids.setdefault(entry.key, entry.id) != entry.id:
            raise _broken(path, number, "the key already has another id; a key never changes its id [key-with-two-ids]")
    for number, entry in lines:
        if entry.successor is not None and entry.successor not in keys:
            raise _broken(path, number, "the successor is no id of this ledger [successor-unknown]")
    return Ledger(tuple(entry for _, entry in lines))


def read_suppressions(path: Path) -> tuple[Suppression, ...]:
    """What is to be held back, in the order of the file; nothing if there is no file. Raises `InputError`."""
    return tuple(entry for _, entry in read_json_lines(path, Suppression))


def _broken(path: Path, number: int, message: str) -> InputError:
    return InputError(
        f"{path}, line {number}: {message}.",
        hint="The ledger is append-only: restore it from version control, and let only a release write it.",
    )
