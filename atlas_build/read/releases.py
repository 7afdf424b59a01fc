"""The release files of a corpus folder, and whether they and the ledger tell the same story."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from atlas_build.errors import InputError
from atlas_build.model.ledger import Ledger, LedgerEntry
from atlas_build.model.release import ReleaseCase, ReleaseRecord, parse_version
from atlas_build.read.problems import explain

HINT = "Release files are written by `release` only: restore the file from version control."
MOST_NAMED = 20


def read_releases(folder: Path) -> tuple[ReleaseRecord, ...]:
    """Every `<version>.json` of the folder, oldest first; nothing if there is no folder.

    Raises:
        InputError: a file is broken, has another name than its version, or the files do not follow on one another.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json") if folder.is_dir() else []
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}.") from None
    records = [read_release(path) for path in paths]
    for path, record in zip(paths, records, strict=True):
        if record.version != path.stem or record.date is None or parse_version(record.version) is None:
            raise InputError(f"{path} is not the file of the release that it names.", hint=HINT)
    records.sort(key=lambda record: parse_version(record.version) or ())
    before: str | None = None
    for record in records:
        if record.previous != before:
            missing = record.previous or "the first release"
            raise InputError(
                f"{folder}: release {record.version} follows on {missing}, but {before or 'no file'} stands before it.",
                hint=HINT,
            )
        before = record.version
    return tuple(records)


def read_release(path: Path) -> ReleaseRecord:
    """One release file, also gzipped."""
    try:
        data = path.read_bytes()
        return ReleaseRecord.model_validate_json(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}."
        ) from None
    except ValidationError as error:
        problem = explain(error)
        place = f", {problem.field}" if problem.field else ""
        raise InputError(f"{path}{place}: {problem.message} [{problem.rule}].", hint=HINT) from None


def compare_with_ledger(ledger: Ledger, releases: Sequence[ReleaseRecord], where: Path) -> None:
    """Refuse a ledger that is not the one that the releases wrote: a line lost, added or changed shows here.

    Raises:
        InputError: names the release and the ids in question.
    """
    written, kept = set(ledger.releases()), {record.version for record in releases}
    if written - kept:
        raise _differs(where, sorted(written - kept), "has lines of releases without a release file", "release-unknown")
    states: dict[str, LedgerEntry] = {}
    entries = iter((*ledger.entries, None))
    entry = next(entries)
    for record in releases:
        while entry is not None and entry.release == record.version:
            states[entry.id] = entry
            entry = next(entries)
        _compare_release(states, record, where)
    if entry is not None:
        raise _differs(where, [entry.release], "has releases in another order than the release files", "release-order")


def _compare_release(states: dict[str, LedgerEntry], record: ReleaseRecord, where: Path) -> None:
    published = {case_id for case_id, entry in states.items() if not entry.is_gone}
    lost = sorted((record.ids | {item.id for item in record.gone}) - states.keys())
    if lost:
        raise _differs(where, lost, f"has lost ids that release {record.version} knows", "id-lost")
    wrong = sorted(published ^ record.ids)
    wrong += sorted(case.id for case in record.cases if case.id in published and not _agrees(states[case.id], case))
    wrong += sorted(states.keys() - record.ids - {item.id for item in record.gone})
    if wrong:
        raise _differs(where, wrong, f"does not say of these ids what release {record.version} says", "ledger-changed")


def _agrees(entry: LedgerEntry, case: ReleaseCase) -> bool:
    return (entry.key, entry.digest, entry.anchor) == (case.key, case.digest, case.anchor)


def _differs(where: Path, names: list[str], what: str, rule: str) -> InputError:
    more = [f"and {len(names) - MOST_NAMED:,} more"] if len(names) > MOST_NAMED else []
    return InputError(
        f"{where} {what} [{rule}].",
        details=[*names[:MOST_NAMED], *more],
        hint="The ledger is append-only: restore it and releases/ from version control; only a release writes them.",
    )
