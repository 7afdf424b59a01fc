"""The ledger of case ids and the list of suppressions, as a corpus folder holds them."""

from __future__ import annotations

from pathlib import Path

from atlas_build.errors import InputError
from atlas_build.model.ledger import Ledger, LedgerEntry, Suppression, find_ledger_breach
from atlas_build.read.strict_files import read_json_lines


def read_ledger(path: Path) -> Ledger:
    """The ledger at `path`; an empty one if there is no file.

    Raises:
        InputError: a line is broken, or it loses, reuses or silently changes an id or a key.
    """
    lines = list(read_json_lines(path, LedgerEntry))
    breach = find_ledger_breach(entry for _, entry in lines)
    if breach:
        raise _broken(path, lines[breach.place][0], f"{breach.message} [{breach.rule}]")
    known = {entry.id for _, entry in lines}
    for number, entry in lines:
        if entry.successor is not None and entry.successor not in known:
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
