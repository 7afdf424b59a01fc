"""Releases and what maintainers do between them: make one, compare two, hold a case back."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from atlas_build.config import BuildConfig
from atlas_build.edition import ReleaseOrder
from atlas_build.errors import InputError, UsageError
from atlas_build.model.codebook import Source
from atlas_build.model.ledger import Ledger, Suppression, Tombstone
from atlas_build.model.release import Comparison, ReleaseCase, ReleaseNumbers, ReleaseRecord
from atlas_build.model.source import Evidence, Labels
from atlas_build.pipeline import build, survey
from atlas_build.publish.diff import compare_releases
from atlas_build.publish.journal import only_one, recover
from atlas_build.publish.releases import describe_record
from atlas_build.publish.staging import MARKER
from atlas_build.read.corpus_folder import CorpusFolder
from atlas_build.read.ledger import read_ledger, read_suppressions
from atlas_build.read.releases import read_release
from atlas_build.report import Report

EPISODES = "data/episodes.jsonl.gz"
GONE = "withdrawn.json"
UNKNOWN_RULES = "s1:not-recorded"

Configure = Callable[[Path], BuildConfig]
"""Makes the configuration of a corpus folder or a records file."""


def release(config: BuildConfig, order: ReleaseOrder, report: Report) -> None:
    """Build the site as a release; ledger, release files and site change together or not at all.

    Raises:
        AtlasError: nothing was published, and nothing was written.
    """
    with only_one(order.corpus) as cleaned_up:
        if cleaned_up:
            report.note(cleaned_up)
        build(config, report, order)


def clean_up(corpus: Path, report: Report) -> None:
    """Complete or undo what a killed release left behind, before anything reads the folder."""
    cleaned_up = recover(corpus)
    if cleaned_up:
        report.note(cleaned_up)


def suppress(folder: CorpusFolder, order: Suppression) -> list[str]:
    """Append a line to the suppressions, if it is not there yet.

    Returns:
        What the maintainer should know, a sentence each.
    """
    recover(folder.folder)
    ledger = read_ledger(folder.ledger)
    standing = read_suppressions(folder.suppressions)
    if any(_target(one) == _target(order) for one in standing):
        return ["it is held back already; nothing was written"]
    known = [case_id for case_id in sorted(ledger.states) if _names(order, ledger, case_id)]
    _append_line(folder.suppressions, order)
    if not known:
        return [
            "the ledger knows no case of this; the line holds from now on all the same: check that it is spelled right"
        ]
    return [f"{len(known):,} {'id' if len(known) == 1 else 'ids'} of the ledger: {', '.join(known[:20])}"]


def find_repository(
    folder: CorpusFolder, source: Source | None, repository: str | None, session: str | None
) -> tuple[Source, str]:
    """The one repository that the ledger knows by what was said of it; None stands for what was not said.

    Raises:
        UsageError: no repository fits, or several do.
    """
    keys = (key for known in read_ledger(folder.ledger).aliases.values() for key in known)
    fitting = sorted(
        {
            (key.source, key.repository_id)
            for key in keys
            if source in (None, key.source) and repository in (None, key.repository_id)
            if session in (None, key.session_id)
        }
    )
    if len(fitting) == 1:
        return Source(fitting[0][0]), fitting[0][1]
    options = "--source" if repository else "--source and --repository"
    if not fitting:
        raise UsageError("the ledger knows no such session or repository", hint=f"check it, or name it with {options}")
    shown = [f"{name} no. {number}" for name, number in fitting]
    raise UsageError(
        f"the ledger knows this in {len(shown)} repositories: {', '.join(shown[:5])}{' ...' if shown[5:] else ''}",
        hint=f"say which is meant with {options}",
    )


def _names(order: Suppression, ledger: Ledger, case_id: str) -> bool:
    return any(order.matches(case_id, key) for key in ledger.aliases[case_id])


def _target(order: Suppression) -> tuple[object, ...]:
    return order.id, order.source, order.repository_id, order.session_id


def _append_line(path: Path, order: Suppression) -> None:
    """The whole file beside the old one, then in its place: a reader never sees half a line."""
    line = orjson.dumps(order.model_dump(mode="json", exclude_none=True), option=orjson.OPT_APPEND_NEWLINE)
    try:
        old = path.read_bytes() if path.exists() else b""
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(old + (b"\n" if old and not old.endswith(b"\n") else b"") + line)
        new.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}", hint="check its permissions") from None


def compare(old: Path, new: Path, configure: Configure, report: Report) -> Comparison:
    """Compare two release files, sites or inputs, in any mixture.

    Args:
        configure: makes the configuration to read a corpus folder or records file with.
    """
    before, after = (_read_state(path, configure, report) for path in (old, new))
    if before.version == after.version:
        before = before.model_copy(update={"version": old.name})
        after = after.model_copy(update={"version": new.name})
    return compare_releases(before, after)


def _read_state(path: Path, configure: Configure, report: Report) -> ReleaseRecord:
    if path.is_dir() and (path / MARKER).is_file():
        return _read_site(path)
    if path.is_file() and _is_release(path):
        return read_release(path)
    if path.is_dir():
        recover(path)
    state = survey(configure(path), report)
    return state.model_copy(update={"version": path.absolute().name})


def _is_release(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if path.suffix == ".gz":
            start = zlib.decompressobj(wbits=31).decompress(start, 4096)
    except (OSError, zlib.error):
        return False
    return b'"format": "misalignment-atlas release ' in start


def _read_site(site: Path) -> ReleaseRecord:
    """The cases of a site, from its own download."""
    cases = tuple(sorted(_read_cases(site / EPISODES), key=lambda case: case.id))
    return ReleaseRecord(
        version=_name_site(site),
        date=None,
        scrub_rules=UNKNOWN_RULES,
        numbers=ReleaseNumbers(published=len(cases)),
        cases=cases,
        gone=_read_gone(site / GONE),
    )


def _name_site(site: Path) -> str:
    name = site.absolute().name
    return (
        name if name[:1].isalnum() and name.isascii() and name.replace("-", "").replace(".", "").isalnum() else "site"
    )


def _read_cases(path: Path) -> Iterator[ReleaseCase]:
    labels, evidence = TypeAdapter(Labels), TypeAdapter(tuple[Evidence, ...])
    try:
        lines = gzip.decompress(path.read_bytes()).splitlines()
        for line in lines:
            record: dict[str, Any] = orjson.loads(line)
            yield describe_record(
                {**record, "source": Source(record["source"]).value},
                labels.validate_python(record["labels"]),
                evidence.validate_python(record["evidence"]),
            )
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        raise InputError(
            f"{path} cannot be read as the cases of a site", hint="name a site folder that `build` wrote"
        ) from None


def _read_gone(path: Path) -> tuple[Tombstone, ...]:
    """What a site says of cases that are gone; nothing if it does not say."""
    try:
        rows = orjson.loads(path.read_bytes())
        return tuple(sorted((Tombstone.model_validate(row) for row in rows), key=lambda item: item.id))
    except (OSError, ValueError):
        return ()


def describe_comparison(comparison: Comparison) -> Iterator[str]:
    """A comparison for a person at a terminal."""
    yield f"{comparison.old or 'nothing'} -> {comparison.new}"
    lists: Sequence[tuple[str, Sequence[str]]] = (
        ("added", comparison.added),
        ("returned", comparison.returned),
        ("revised", [_describe_revision(one.id, one.changes) for one in comparison.revised]),
        ("renumbered upstream", comparison.renumbered),
        ("withdrawn", [f"{one.id} ({one.reason or 'no reason recorded'})" for one in comparison.withdrawn]),
        ("suppressed", [f"{one.id} ({one.reason or 'no reason recorded'})" for one in comparison.suppressed]),
    )
    for title, items in lists:
        yield f"{title}: {len(items):,}"
        yield from (f"  {item}" for item in items)
    if comparison.flips:
        yield "labels that changed:"
        for flip in comparison.flips:
            yield f"  {flip.axis}: {flip.old or 'none'} -> {flip.new or 'none'}: {flip.count:,}"
    changed = [number for number in comparison.numbers if number.old != number.new]
    if changed:
        yield "numbers that changed:"
        yield from (f"  {one.group} {one.name}: {one.old:,} -> {one.new:,}" for one in changed)
    if comparison.is_scrubbed_otherwise:
        yield "the scrubbing rules differ"


def _describe_revision(case_id: str, changes: Sequence[object]) -> str:
    return f"{case_id}: {'; '.join(str(change) for change in changes)}"
