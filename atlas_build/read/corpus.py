"""A whole corpus: every input file, each in the dialect its records show, settled into one episode a key.

Counts that are left in the report: `read` = `well_formed` + `set_aside`, and `well_formed` = `duplicates_collapsed` +
the episodes of the corpus. Rows of a session mapping are no episodes and are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas_build.collection import paused_collection
from atlas_build.errors import InputError, UnknownDialectError
from atlas_build.model.identity import sort_value
from atlas_build.model.source import Origin, SourceEpisode
from atlas_build.read.breaches import find_breaches, find_license_disputes
from atlas_build.read.candidate_rows import CandidateRows
from atlas_build.read.dialect import Dialect, Dropped, Record, SessionRow, readable_key
from atlas_build.read.files import Input, Stdin, input_names, read_text
from atlas_build.read.json_records import MAX_DIGITS, RawRecord, split_records
from atlas_build.read.known_shapes import KNOWN_SHAPES, KnownShape
from atlas_build.read.label_rows import LabelRows
from atlas_build.read.nested import NestedRecords
from atlas_build.read.problems import UnreadableError
from atlas_build.read.session_rows import SessionRows
from atlas_build.read.sessions import fill_sessions, settle_sessions
from atlas_build.read.twins import Reading, settle_episodes, where
from atlas_build.report import Finding, Report

__all__ = ["DIALECTS", "Corpus", "FileSummary", "Input", "Stdin", "read_corpus"]

DIALECTS: tuple[Dialect, ...] = (NestedRecords(), LabelRows(), CandidateRows(), SessionRows())
PATIENCE = 100
"""Records of no known shape at the start of a file after which it is given up."""
STEP = 512
"""Records between two signs of progress."""

_FLAWS = {
    "not-json": "the line is not valid JSON; repair or remove it",
    "too-deep": "the record is nested too deeply to be read; no field needs that",
    "duplicate-key": "a field stands twice in one object, and it is unclear which one counts; remove one",
    "not-a-number": f"a number is NaN, infinite or has more than {MAX_DIGITS} digits; write null or a real number",
}


@dataclass(frozen=True)
class FileSummary:
    """One input file. `records` = `well_formed` + `set_aside`."""

    name: str
    dialect: str
    """Display name of its dialect; "no records" for an empty list."""
    records: int
    well_formed: int
    set_aside: int


@dataclass(frozen=True)
class Corpus:
    episodes: tuple[SourceEpisode, ...]
    """Sorted by natural key. Rows of flat files have no text; they count in aggregates only."""
    files: tuple[FileSummary, ...]
    sessions: int | None
    """Distinct sessions of the session mapping; None if there was none."""


def read_corpus(inputs: Sequence[Input], report: Report) -> Corpus:
    """Read all files as one corpus. The order of files and of records does not change the episodes.

    Raises:
        InputError: a file cannot be read; `UnknownDialectError` if none of its records has a shape that is known.
    """
    with paused_collection():
        return _read_corpus(tuple(dict.fromkeys(inputs)), report)


def _read_corpus(inputs: Sequence[Input], report: Report) -> Corpus:
    files: list[_File] = []
    dropped = Dropped()
    done = 0
    for source, name in zip(inputs, input_names(inputs), strict=True):
        file = _File(name)
        for raw in split_records(read_text(source), name, _is_known):
            file.add(raw, dropped)
            done += 1
            if done % STEP == 0:
                report.advance(done)
        file.finish()
        files.append(file)
    report.advance(done)
    report.count("unknown_fields", Counter(dict(sorted(dropped.counts.items()))))
    return _settle(files, report)


def _settle(files: Sequence[_File], report: Report) -> Corpus:
    """Bring the files together, and tell the report what was found."""
    settled = settle_episodes(reading for file in files for reading in file.readings)
    mapping = settle_sessions(row for file in files for row in file.rows)
    filled = fill_sessions(settled.episodes, mapping.sessions)
    episodes = tuple(sorted(filled.episodes, key=lambda episode: sort_value(episode.facts.key)))
    conflicts = [*settled.conflicts, *mapping.conflicts]
    disputed = Counter(origin.file for origin, _ in conflicts)
    summaries = tuple(file.summary(disputed[file.name]) for file in files)

    report.set_aside += [finding for file in files for finding in file.findings]
    report.set_aside += [finding for _, finding in conflicts]
    report.warnings += [*settled.warnings, *filled.warnings, *find_breaches(episodes), *find_license_disputes(episodes)]
    report.count("filled_from_mapping", filled.fields)
    report.count("duplicates_collapsed", len(settled.collapsed))
    report.count("labels_only", sum(episode.text is None for episode in episodes))
    _count_records([summary for file, summary in zip(files, summaries, strict=True) if not file.is_mapping], report)
    has_mapping = any(file.is_mapping for file in files)
    return Corpus(episodes, summaries, len(mapping.sessions) if has_mapping else None)


def _count_records(summaries: Sequence[FileSummary], report: Report) -> None:
    report.count("read", sum(summary.records for summary in summaries))
    report.count("well_formed", sum(summary.well_formed for summary in summaries))
    report.count("set_aside", sum(summary.set_aside for summary in summaries))


def _is_known(record: Record) -> bool:
    return bool(_dialect_of(record) or _known_shape_of(record))


def _dialect_of(record: Record) -> Dialect | None:
    return next((dialect for dialect in DIALECTS if dialect.recognises(record)), None)


def _known_shape_of(record: Record) -> KnownShape | None:
    return next((shape for shape in KNOWN_SHAPES if shape.recognises(record)), None)


@dataclass
class _File:
    """One file while it is read. The first record of a known shape decides the dialect of the whole file."""

    name: str
    dialect: Dialect | None = None
    shape: KnownShape | None = None
    records: int = 0
    readings: list[Reading] = field(default_factory=list)
    rows: list[SessionRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.dialect, SessionRows)

    def add(self, raw: RawRecord, dropped: Dropped) -> None:
        """Read one record, or set it aside."""
        self.records += 1
        try:
            self._read(self._usable(raw), Origin(file=self.name, record=raw.number), dropped)
        except UnreadableError as problem:
            self._set_aside(raw, problem)
        if self.dialect is None and self.records >= PATIENCE:
            raise self._unknown()

    def finish(self) -> None:
        """The end of the file. An empty list is a corpus without episodes."""
        if self.dialect is None and self.records:
            raise self._unknown()

    def summary(self, disputed: int) -> FileSummary:
        """`disputed` of the records that could be read are set aside all the same."""
        set_aside = len(self.findings) + disputed
        name = self.dialect.name if self.dialect else "no records"
        return FileSummary(self.name, name, self.records, self.records - set_aside, set_aside)

    def _usable(self, raw: RawRecord) -> Record:
        if raw.flaw:
            raise UnreadableError(raw.flaw, "", _FLAWS[raw.flaw])
        if not isinstance(raw.value, dict):
            raise UnreadableError("not-an-object", "", "a record is an object with named fields; repair or remove it")
        return raw.value

    def _read(self, record: Record, origin: Origin, dropped: Dropped) -> None:
        dialect = self._dialect_for(record)
        found = dialect.read(record, origin, dropped)
        if isinstance(found, SessionRow):
            self.rows.append(found)
        else:
            self.readings.append(Reading(found, dialect.rank))

    def _dialect_for(self, record: Record) -> Dialect:
        """The file's dialect. Raises `UnreadableError` for a record that clearly has another one, or none yet."""
        if self.dialect and self.dialect.recognises(record):
            return self.dialect
        found = _dialect_of(record)
        self.dialect = self.dialect or found
        self.shape = self.shape or _known_shape_of(record)
        if self.dialect is None:
            raise UnreadableError("unknown-shape", "", "the record has none of the known shapes; see docs/input.md")
        if found and found is not self.dialect:
            raise UnreadableError(
                "other-shape", "", f"this is one of the {found.name} in a file of {self.dialect.name}; separate them"
            )
        return self.dialect

    def _set_aside(self, raw: RawRecord, problem: UnreadableError) -> None:
        self.findings.append(
            Finding(
                rule=problem.rule,
                where=where(Origin(file=self.name, record=raw.number)),
                key=readable_key(raw.value),
                field=problem.field,
                message=problem.message,
            )
        )

    def _unknown(self) -> InputError:
        if self.shape:
            return InputError(
                f"{self.name} holds {self.shape.name}, which cannot be built from: {self.shape.missing}.",
                hint=f"Shapes that can be read: {', '.join(dialect.name for dialect in DIALECTS)}.",
            )
        if self.findings and all(finding.rule in _FLAWS for finding in self.findings):
            return InputError(
                f"{self.name}: none of its first {self.records:,} records could be read.",
                details=[str(finding) for finding in self.findings[:5]],
                hint="Mend the records; docs/input.md tells what a record may hold.",
            )
        return UnknownDialectError(
            f"{self.name}: none of its first {self.records:,} records has a shape that is known here.",
            details=[
                *(dialect.name for dialect in DIALECTS),
                *(f"{shape.name} (known, not readable)" for shape in KNOWN_SHAPES),
            ],
            hint="Give one of the shapes above; docs/input.md tells how each is recognised.",
        )
