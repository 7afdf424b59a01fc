"""What a person at the terminal sees: progress on stderr while a build runs, the summary on stdout at its end."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from typing import Any, TextIO

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from atlas_build.report import Report

SHOWN_FINDINGS = 20
SECONDS_BETWEEN_DRAWINGS = 0.1


class TerminalReport(Report):
    """A report that also draws: a live line a stage on a terminal, plain lines elsewhere, nothing with `quiet`."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        super().__init__()
        self.stream = stream
        self.quiet = quiet
        self.progress: Progress | None = None
        self.task: TaskID | None = None
        if not quiet and stream.isatty():
            self.progress = Progress(
                TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn(), console=Console(file=stream),
                auto_refresh=False,  # it would take a thread, and a process with threads cannot be forked safely
            )  # fmt: skip
        self._drawn = 0.0

    def __enter__(self) -> TerminalReport:
        if self.progress:
            self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress:
            self.progress.stop()

    def started(self, name: str) -> None:
        if self.progress:
            self._finish()
            self.task = self.progress.add_task(name, total=None)
            self.progress.refresh()
        elif not self.quiet:
            print(f"{name} ...", file=self.stream, flush=True)

    def advance(self, done: int, total: int | None = None) -> None:
        if self.progress and self.task is not None:
            is_due = time.monotonic() - self._drawn >= SECONDS_BETWEEN_DRAWINGS
            self.progress.update(self.task, completed=done, total=total, refresh=is_due)
            self._drawn = time.monotonic() if is_due else self._drawn

    def _finish(self) -> None:
        if self.progress and self.task is not None:
            self.progress.update(self.task, completed=1, total=1)

    def ended(self) -> None:
        self._finish()


def peak_memory() -> int:
    """Bytes of memory that this process, or its largest worker, held at most."""
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage: bytes on macOS, KiB elsewhere
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, workers) * unit


def summarize(report: Report) -> Iterator[str]:
    """The summary's lines: counts, spans, seconds, memory."""
    counts = report.counts
    for name, label in (
        ("read", "read"),
        ("well_formed", "well-formed"),
        ("set_aside", "set aside"),
        ("valid", "valid"),
        ("admitted", "admitted"),
    ):
        yield _line(label, counts.get(name, 0))
    yield from _block("excluded", counts.get("excluded", {}))
    yield _line("suppressed", counts.get("suppressed", 0))
    yield from _block("scrubbed spans", counts.get("scrubbed_spans", {}))
    yield from _cache(counts.get("scrub_cache"))
    for name, label in (
        ("published", "published"),
        ("candidates", "rejected candidates, apart"),
        ("tombstones", "tombstones"),
        ("files", "files"),
        ("bytes", "bytes"),
    ):
        yield _line(label, counts.get(name, 0))
    yield _line("seconds", f"{sum(report.seconds.values()):.1f}")
    for stage, seconds in report.seconds.items():
        yield _line(f"  {stage}", f"{seconds:.2f}")
    yield _line("peak memory", f"{peak_memory() / 1e6:,.0f} MB")


def _cache(counts: dict[str, int] | None) -> Iterator[str]:
    if counts:
        yield _line("scrubbed before (cache)", counts["hits"])
        yield _line("scrubbed now", counts["misses"])


def _line(label: str, value: object) -> str:
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    return f"{label:<30}{shown:>14}"


def _block(label: str, values: dict[str, int]) -> Iterator[str]:
    yield _line(label, sum(values.values()))
    for name, count in sorted(values.items(), key=lambda item: (-item[1], item[0])):
        yield _line(f"  {name}", count)


def describe_findings(report: Report) -> Iterator[str]:
    """Set-aside records and warnings, as many as a person reads; `--report` has them all."""
    for title, findings in (("set aside", report.set_aside), ("warnings", report.warnings)):
        if findings:
            yield f"{len(findings):,} {title}:"
            yield from (f"  {finding}" for finding in findings[:SHOWN_FINDINGS])
            if len(findings) > SHOWN_FINDINGS:
                yield f"  ... and {len(findings) - SHOWN_FINDINGS:,} more; --report FILE lists all"
    yield from report.notes


def write_report(report: Report, *, ok: bool, error: str = "") -> bytes:
    """The report as JSON, for scripts."""
    findings: dict[str, Any] = {
        name: [vars(finding) for finding in found]
        for name, found in (("set_aside", report.set_aside), ("warnings", report.warnings))
    }
    content = {
        "ok": ok,
        "error": error,
        "counts": report.counts,
        **findings,
        "notes": report.notes,
        "seconds": {stage: round(seconds, 3) for stage, seconds in report.seconds.items()},
        "peak_memory_bytes": peak_memory(),
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
