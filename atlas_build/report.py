"""What a build tells: progress for the person who waits, counts and warnings for the one who checks.

Every stage gets a `Report`. `Report` itself is silent and only records; the command line passes a subclass that also
draws progress. Nothing here may hold offending text.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing about one record that a maintainer should look at.

    Attributes:
        rule: short kebab-case id of the rule.
        where: file and record number, counted from 1.
        key: natural key as text, as far as it could be read.
        field: path of the field, or "".
        message: what is wrong and what to do; never the value.
    """

    rule: str
    where: str
    message: str
    key: str = ""
    field: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, self.key, self.field) if part)
        return f"{place}: {self.message} [{self.rule}]"


@dataclass
class Report:
    """Counts by name, findings, seconds by stage. Recording only: see `atlas_build.terminal` for one that speaks."""

    counts: dict[str, Any] = field(default_factory=dict)
    set_aside: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage. Stages do not nest."""
        started = time.perf_counter()
        self.started(name)
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - started

    def started(self, name: str) -> None:
        """A stage has begun. Silent here."""

    def advance(self, done: int, total: int | None = None) -> None:
        """`done` items of `total` of the running stage are finished. Silent here."""

    def note(self, text: str) -> None:
        """Something a maintainer should know that is no fault of a record."""
        self.notes.append(text)

    def count(self, name: str, value: int | dict[str, int]) -> None:
        self.counts[name] = dict(value) if isinstance(value, Counter) else value
