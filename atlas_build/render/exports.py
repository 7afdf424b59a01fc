"""The downloads: every published case as JSON Lines, and tables for those who work with rows.

Columns are described once, here; the data page and docs/data-format.md follow (a test compares). Rejected candidates
are in none of the files. gzip members carry neither time nor name, so the same cases give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import orjson

from atlas_build.model.codebook import LABEL_AXES, Codebook
from atlas_build.model.episode import Episode, parse_turn
from atlas_build.model.excerpt import pushback_turns
from atlas_build.render.database import read_database
from atlas_build.render.parquet import can_write_parquet, write_parquet
from atlas_build.render.tables import Column, Scalar, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Cells that a spreadsheet would run as a formula get an apostrophe in front, as OWASP advises for CSV."""

GZIP = "application/gzip"
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class Download:
    """One finished file below `data/`.

    Attributes:
        rows: None for a file that describes others.
        media_type: what a server calls the file as it is sent.
        table, key, refers: of the table that a CSV file holds, as in `tables.Table`; empty for other files.
        is_descriptor: describes the whole collection to machines.
        measured: size and digest of data that is no longer held.
    """

    name: str
    data: bytes
    about: str
    rows: int | None
    media_type: str
    columns: tuple[Column, ...] = ()
    table: str = ""
    key: tuple[str, ...] = ()
    refers: str = ""
    is_descriptor: bool = False
    measured: tuple[int, str] | None = None

    @property
    def path(self) -> str:
        return f"data/{self.name}"

    @property
    def size(self) -> int:
        return self.measured[0] if self.measured else len(self.data)

    @cached_property
    def sha256(self) -> str:
        return self.measured[1] if self.measured else hashlib.sha256(self.data).hexdigest()

    def without_data(self) -> Download:
        """The same, once the file is written."""
        return replace(self, data=b"", measured=(self.size, self.sha256))

    @property
    def is_data(self) -> bool:
        return self.rows is not None


def _case_rows(episode: Episode) -> Iterable[tuple[Scalar, ...]]:
    facts, session, labels = episode.facts, episode.facts.session, episode.facts.labels
    assert labels is not None, "only VALID episodes, which have labels, are exported"
    yield (
        episode.id, facts.source, facts.key.repository_id, facts.key.session_id, facts.key.misalignment_id,
        episode.text.name, episode.text.description,
        " ".join(labels.forms), " ".join(cause.label for cause in labels.causes),
        " ".join(cause.tier or "none" for cause in labels.causes), labels.severity, labels.locus, labels.status,
        labels.resolver, episode.text.other_form, facts.goal, facts.confidence, session.workflow, session.agent,
        session.timestamp.isoformat(sep=" ") if session.timestamp else None, session.user_turns, session.agent_turns,
        session.repository_commits, len(episode.text.evidence), episode.license.spdx, episode.license.rule,
        sum(episode.redactions.values()), bool(labels.breaches()),
    )  # fmt: skip


CASES = Table(
    "cases",
    "One row a case: labels, session facts and license.",
    (
        Column("id", "string", "Lasting case id; its page is /c/<id in lower case>/."),
        Column("source", "string", "Collection: specstory or swe."),
        Column("repository_id", "string", "The repository's number in the source; not a name."),
        Column("session_id", "string", "Session inside the repository."),
        Column("misalignment_id", "string", "Episode inside the session."),
        Column("name", "string", "Title given by the annotator."),
        Column("description", "string", "What happened, in the annotator's words."),
        Column("forms", "string", "Form codes S1-S8, separated by blanks."),
        Column("causes", "string", "Cause codes C1-C7, separated by blanks."),
        Column("tiers", "string", "Evidence tier of each cause, in the same order; none where it has none, as C7."),
        Column("severity", "string", "Severity DS0-DS4."),
        Column("locus", "string", "Locus DL1-DL4; only with DS2 and DS3."),
        Column("status", "string", "Resolution RS1 or RS2."),
        Column("resolver", "string", "Resolver RV1-RV3; only with RS1."),
        Column("other_form", "string", "What an S8 case is, in words."),
        Column("goal", "string", "What was missed: instruction, intention or both."),
        Column("confidence", "string", "Confidence of the extraction."),
        Column("workflow", "string", "IDE or CLI."),
        Column("agent", "string", "Agent, as far as the log names it."),
        Column("started", "string", "Start of the session; the source gives no time zone."),
        Column("user_turns", "integer", "Developer turns of the whole session."),
        Column("agent_turns", "integer", "Agent turns of the whole session."),
        Column("repository_commits", "integer", "Commits of the repository."),
        Column("quotes", "integer", "Number of quoted turns."),
        Column("license", "string", "SPDX expression that the publication rests on."),
        Column("license_rule", "string", "Policy entry that admitted it."),
        Column("redactions", "integer", "Values replaced by placeholders."),
        Column("breaks_codebook", "boolean", "The record breaks a cross-rule of the codebook; it is kept as it is."),
    ),
    _case_rows,
    key=("id",),
)


def _evidence_rows(episode: Episode) -> Iterable[tuple[Scalar, ...]]:
    pushback = pushback_turns(episode.text.evidence)
    for place, item in enumerate(episode.text.evidence):
        number, role = parse_turn(item.turn)
        yield (episode.id, place + 1, item.turn, number, role, place in pushback, item.quote, item.context)


EVIDENCE = Table(
    "evidence",
    "One row a quoted turn.",
    (
        Column("id", "string", "Case id."),
        Column("quote_number", "integer", "Position in the case, from 1; the page's anchor is #q<number>."),
        Column("turn", "string", "Turn as the annotator wrote it."),
        Column("turn_number", "integer", "Number read from the turn."),
        Column("role", "string", "Role read from the turn, in upper case."),
        Column("is_pushback", "boolean", "The developer pushes back here."),
        Column("quote", "string", "The quoted words, scrubbed."),
        Column("context", "string", "What the annotator adds."),
    ),
    _evidence_rows,
    key=("id", "quote_number"),
    refers="id",
)


def _label_rows(episode: Episode) -> Iterable[tuple[Scalar, ...]]:
    labels, why = episode.facts.labels, episode.text.reasonings
    assert labels is not None, "only VALID episodes, which have labels, are exported"
    for form in labels.forms:
        yield (episode.id, "form", form, None, why.form)
    for cause in labels.causes:
        yield (episode.id, "cause", cause.label, cause.tier, why.cause)
    yield (episode.id, "severity", labels.severity, None, why.cost)
    if labels.locus:
        yield (episode.id, "locus", labels.locus, None, why.cost)
    yield (episode.id, "status", labels.status, None, why.resolution)
    if labels.resolver:
        yield (episode.id, "resolver", labels.resolver, None, why.resolution)


LABELS = Table(
    "labels",
    "One row a label, with the annotator's reasoning.",
    (
        Column("id", "string", "Case id."),
        Column("axis", "string", "form, cause, severity, locus, status or resolver."),
        Column("code", "string", "The label's code; codebook.json explains it."),
        Column("tier", "string", "Evidence tier; causes only."),
        Column("reasoning", "string", "Why, in the annotator's words, scrubbed."),
    ),
    _label_rows,
    refers="id",
)

TABLES = (CASES, EVIDENCE, LABELS)


def _write_episodes(cases: Sequence[Episode], _: Codebook) -> Download:
    lines = (orjson.dumps(_as_record(case)) + b"\n" for case in cases)
    return Download("episodes.jsonl.gz", compress(lines), "Every case whole: one JSON object a line.", len(cases), GZIP)


def _write_csv(table: Table, cases: Sequence[Episode], _: Codebook) -> Download:
    count = 0

    def rows() -> Iterator[bytes]:
        nonlocal count
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")  # RFC 4180
        writer.writerow(column.name for column in table.columns)
        for case in cases:
            for row in table.rows(case):
                writer.writerow([_cell(value) for value in row])
                count += 1
            yield buffer.getvalue().encode("utf-8")
            buffer.seek(0)
            buffer.truncate()
        yield buffer.getvalue().encode("utf-8")

    data = compress(rows())
    return Download(
        f"{table.name}.csv.gz", data, table.about, count, GZIP, table.columns, table.name, table.key, table.refers
    )


def _write_sqlite(cases: Sequence[Episode], codebook: Codebook) -> Download:
    about = "The same tables and the codebook as one SQLite database."
    return Download("atlas.sqlite.gz", compress(read_database(TABLES, cases, codebook)), about, len(cases), GZIP)


def _write_parquet(table: Table, cases: Sequence[Episode], _: Codebook) -> Download | None:
    """Nothing where pyarrow is not installed: it is large, and the project does not depend on it."""
    if not can_write_parquet():
        return None
    rows = [row for case in cases for row in table.rows(case)]
    data = write_parquet(table, rows)
    return Download(f"{table.name}.parquet", data, f"{table.about} Typed columns.", len(rows), PARQUET, table.columns)


def _write_codebook(_: Sequence[Episode], codebook: Codebook) -> Download:
    axes = {name: axis.model_dump(mode="json") for name, axis in codebook.axes.items()}
    data = orjson.dumps(axes, option=orjson.OPT_INDENT_2)
    labels = sum(len(codebook.axes[name].label) for name in LABEL_AXES)
    return Download("codebook.json", data, "Every label with its name and definition.", labels, "application/json")


def _write_ids(cases: Sequence[Episode], _: Codebook) -> Download:
    """What the citation checker and 404.html look ids up in: small, and without text of the corpus."""
    data = "".join(sorted(f"{case.id} {len(case.text.evidence)}\n" for case in cases)).encode("ascii")
    about = "Every case id with the number of its quotes."
    return Download("ids.txt", data, about, len(cases), "text/plain")


MakeDownload = Callable[[Sequence[Episode], Codebook], Download | None]
DOWNLOADS: tuple[MakeDownload, ...] = (
    _write_episodes,
    *(partial(_write_csv, table) for table in TABLES),
    _write_sqlite,
    *(partial(_write_parquet, table) for table in TABLES),
    _write_codebook,
    _write_ids,
)
"""The data itself, file by file; `descriptors` writes what describes it."""


def compress(parts: Iterable[bytes]) -> bytes:
    """One gzip member without time and name."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, wbits=31)
    return b"".join([*map(compressor.compress, parts), compressor.flush()])


def _as_record(case: Episode) -> dict[str, object]:
    """The case as published: our words for its parts, nothing that the page does not show."""
    facts = case.facts.model_dump(mode="json", exclude={"key", "validation", "invalid_category"})
    key = case.facts.key._asdict()
    text = case.text.model_dump(mode="json", exclude={"note"})
    return {
        "id": case.id,
        **key,
        **facts,
        **text,
        "license": case.license.model_dump(),
        "redactions": {kind.value: count for kind, count in sorted(case.redactions.items())},
    }


def _cell(value: Scalar) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
