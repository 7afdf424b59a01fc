"""The release files of a corpus folder, and whether they and the ledger tell the same story."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import orjson
from pydantic import ValidationError

from atlas_build.collection import paused_collection
from atlas_build.errors import InputError
from atlas_build.model.ledger import Ledger, LedgerEntry, spell_line
from atlas_build.model.release import ReleaseCase, ReleaseRecord, parse_version
from atlas_build.read.problems import UnreadableError, explain

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
    known: dict[bytes, ReleaseCase] = {}
    with paused_collection():
        records = [read_release(path, known) for path in paths]
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


def read_release(path: Path, known: dict[bytes, ReleaseCase] | None = None) -> ReleaseRecord:
    """One release file, also gzipped.

    Args:
        known: cases that were read before; most stand in every release, and are read and kept once.
    """
    try:
        data = path.read_bytes()
        return _read_record(gzip.decompress(data) if path.suffix == ".gz" else data, known if known is not None else {})
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}."
        ) from None
    except UnreadableError as problem:
        place = f"{path}, {problem.field}" if problem.field else f"{path}"
        raise InputError(f"{place}: {problem.message} [{problem.rule}].", hint=HINT) from None


def _read_record(data: bytes, known: dict[bytes, ReleaseCase]) -> ReleaseRecord:
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise UnreadableError("not-json", "", "the file is not valid JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        raise UnreadableError("wrong-type", "", "an object with a list of cases is expected here")
    cases = tuple(_read_case(place, case, known) for place, case in enumerate(content["cases"], 1))
    try:
        return ReleaseRecord.model_validate({**content, "cases": cases})
    except ValidationError as error:
        raise explain(error) from None


def _read_case(place: int, value: object, known: dict[bytes, ReleaseCase]) -> ReleaseCase:
    spelling = orjson.dumps(value)
    case = known.get(spelling)
    if case is None:
        try:
            case = known[spelling] = ReleaseCase.model_validate(value)
        except ValidationError as error:
            problem = explain(error)
            field = f"cases[{place}]" + (f".{problem.field}" if problem.field else "")
            raise UnreadableError(problem.rule, field, problem.message) from None
    return case


def compare_with_ledger(ledger: Ledger, releases: Sequence[ReleaseRecord], where: Path) -> None:
    """Refuse a ledger that is not the one that the releases wrote: a line lost, added or changed shows here.

    Raises:
        InputError: names the release and the ids in question.
    """
    written, kept = set(ledger.releases()), {record.version for record in releases}
    if written - kept:
        raise _differs(where, sorted(written - kept), "has lines of releases without a release file", "release-unknown")
    states: dict[str, LedgerEntry] = {}
    lines = hashlib.sha256()
    entries = iter((*ledger.entries, None))
    entry = next(entries)
    for record in releases:
        while entry is not None and entry.release == record.version:
            states[entry.id] = entry
            lines.update(spell_line(entry))
            entry = next(entries)
        _compare_release(states, record, where)
        if record.ledger not in (None, f"l1:{lines.hexdigest()}"):
            raise _differs(where, [record.version], "is not the ledger that this release wrote", "ledger-changed")
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
