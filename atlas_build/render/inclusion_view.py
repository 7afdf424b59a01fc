"""The funnel: how many records came in, how many went out, and for what reason the others stayed behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Funnel:
    """Numbers of one build. Published is what was admitted less what was suppressed.

    Attributes:
        excluded: reason code -> valid episodes that the gate excluded.
        suppressed: reason code -> admitted episodes held back.
        admitted_licenses: SPDX expression -> admitted valid episodes.
        excluded_licenses: (license as recorded, reason code) -> excluded valid episodes.
        candidates: rejected candidates with a page, outside of all other counts.
        labels_only: valid episodes known by their labels alone.
    """

    read: int
    well_formed: int
    valid: int
    admitted: int
    published: int
    labels_only: int
    candidates: int
    excluded: Counter[str]
    suppressed: Counter[str]
    admitted_licenses: Counter[str]
    excluded_licenses: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    count: int
    share: float
    about: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    code: str
    words: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class LicenseRow:
    name: str
    count: int
    reason: str = ""


@dataclass(frozen=True)
class InclusionView:
    steps: tuple[Step, ...]
    reasons: tuple[ReasonRow, ...]
    suppressed: tuple[ReasonRow, ...]
    admitted: tuple[LicenseRow, ...]
    excluded: tuple[LicenseRow, ...]
    excluded_total: int
    funnel: Funnel


LONGEST_LICENSE = 80
SUPPRESSION_REASONS = {
    "privacy": "Removed to protect a person’s privacy.",
    "license": "The license did not cover publication after all.",
    "owner-request": "The owner of the repository asked for it.",
    "upstream-retraction": "The study withdrew the record.",
    "duplicate": "The same episode is published under another id.",
    "error": "The record was wrong.",
}


def view_inclusion(funnel: Funnel, reasons: dict[str, str]) -> InclusionView:
    """`reasons` explains each reason code of the license gate in one sentence."""
    return InclusionView(
        steps=_steps(funnel),
        reasons=_rows(funnel.excluded, reasons),
        suppressed=_rows(funnel.suppressed, SUPPRESSION_REASONS),
        admitted=tuple(LicenseRow(name, count) for name, count in _ranked(funnel.admitted_licenses)),
        excluded=tuple(
            LicenseRow(_shorten(name), count, reasons.get(code, code))
            for (name, code), count in sorted(funnel.excluded_licenses.items(), key=lambda item: (-item[1], item[0]))
        ),
        excluded_total=funnel.excluded_licenses.total(),
        funnel=funnel,
    )


def _steps(funnel: Funnel) -> tuple[Step, ...]:
    steps: Sequence[tuple[str, int, str]] = (
        ("Read", funnel.read, "records in the input"),
        ("Well-formed", funnel.well_formed, "could be read; each episode counted once"),
        ("Valid", funnel.valid, "passed the study’s validation"),
        ("Admitted", funnel.admitted, "come with text, under a license that allows publication"),
        ("Suppressed", funnel.suppressed.total(), "admitted, but held back on request"),
        ("Published", funnel.published, "have a page"),
    )
    whole = max(funnel.read, 1)
    return tuple(Step(name, count, round(100 * count / whole, 2), about) for name, count, about in steps)


def _rows(counts: Counter[str], words: dict[str, str]) -> tuple[ReasonRow, ...]:
    whole = max(counts.total(), 1)
    return tuple(
        ReasonRow(code, words.get(code, code), count, round(100 * count / whole, 2)) for code, count in _ranked(counts)
    )


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _shorten(name: str) -> str:
    """License strings are free text; a very long one is cut."""
    return name if len(name) <= LONGEST_LICENSE else name[: LONGEST_LICENSE - 1] + "…"
