"""Flat annotated rows: an episode a row, a column a label, no text. They count in aggregates and get no page."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from atlas_build.model.codebook import Cause, Confidence, Form, Goal, Locus, Resolver, Severity, Source, Status, Tier
from atlas_build.model.source import CauseLabel, Facts, Labels, Origin, SourceEpisode
from atlas_build.read.dialect import KEY_FIELDS, Dropped, Record, check_fields, read_key
from atlas_build.read.session_fields import SessionFields

NO_TIER = "not_applicable"
"""How a cause without a tier is written, since null already says that the cause is absent."""

_Flag = Annotated[bool, Field(strict=True)]
_Mark = Literal["direct", "contextual", "speculative", "not_applicable"] | None


class _LabelRow(SessionFields):
    alignment_goal: Goal | None = None
    confidence: Confidence | None = None
    symptom_other_descriptor: Annotated[str, Field(strict=True)] | None = None
    damage_severity: Severity
    damage_locus: Locus | None = None
    resolution_status: Status
    resolver: Resolver | None = None
    S1: _Flag
    S2: _Flag
    S3: _Flag
    S4: _Flag
    S5: _Flag
    S6: _Flag
    S7: _Flag
    S8: _Flag
    C1: _Mark
    C2: _Mark
    C3: _Mark
    C4: _Mark
    C5: _Mark
    C6: _Mark
    C7: _Mark


_KNOWN = frozenset(_LabelRow.model_fields) | KEY_FIELDS | {"count_id"}


class LabelRows:
    name = "flat annotated label rows"
    rank = 1

    def recognises(self, record: Record) -> bool:
        """A form is a column with true or false."""
        return isinstance(record.get("S1"), bool)

    def read(self, record: Record, origin: Origin, dropped: Dropped) -> SourceEpisode:
        key = read_key(record)
        fields = check_fields(_LabelRow, record)
        dropped.note(record, _KNOWN)
        if fields.symptom_other_descriptor:
            dropped.add("symptom_other_descriptor")  # free text, and a row without a page has no place for it
        return SourceEpisode(
            facts=Facts(
                key=key,
                source=Source(key.source),
                goal=fields.alignment_goal,
                confidence=fields.confidence,
                labels=_labels(fields),
                session=fields.session(),
            ),
            license_raw=fields.license_raw(),
            text=None,
            origin=origin,
        )


def _labels(fields: _LabelRow) -> Labels:
    """Flat rows have lost the annotator's order: forms and causes come in code order."""
    return Labels(
        forms=tuple(form for form in Form if getattr(fields, form)),
        causes=tuple(_cause(cause, mark) for cause in Cause if (mark := getattr(fields, cause)) is not None),
        severity=fields.damage_severity,
        locus=fields.damage_locus,
        status=fields.resolution_status,
        resolver=fields.resolver,
    )


def _cause(cause: Cause, mark: str) -> CauseLabel:
    return CauseLabel(label=cause, tier=None if mark == NO_TIER else Tier(mark))
