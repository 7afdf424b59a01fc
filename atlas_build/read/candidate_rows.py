"""Flat validated rows: every extracted candidate with its verdict, no text and no labels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from atlas_build.model.codebook import Confidence, Goal, Source, Validation
from atlas_build.model.source import Facts, Origin, SourceEpisode
from atlas_build.read.dialect import KEY_FIELDS, Dropped, Record, check_fields, read_key, read_verdict
from atlas_build.read.session_fields import SessionFields


class _CandidateRow(SessionFields):
    alignment_goal: Goal | None = None
    confidence: Confidence | None = None
    label: Validation
    invalid_category: Annotated[str, Field(strict=True)] | None = None


_KNOWN = frozenset(_CandidateRow.model_fields) | KEY_FIELDS | {"count_id"}
_FIELDS_OF_OTHERS = ("name", "evidence", "symptom", "S1", "record_key")


class CandidateRows:
    name = "flat validated candidate rows"
    rank = 2

    def recognises(self, record: Record) -> bool:
        """A verdict, and neither text nor labels."""
        return "label" in record and not any(field in record for field in _FIELDS_OF_OTHERS)

    def read(self, record: Record, origin: Origin, dropped: Dropped) -> SourceEpisode:
        key = read_key(record)
        fields = check_fields(_CandidateRow, record)
        validation, category = read_verdict(fields.label, fields.invalid_category)
        dropped.note(record, _KNOWN)
        return SourceEpisode(
            facts=Facts(
                key=key,
                source=Source(key.source),
                validation=validation,
                invalid_category=category,
                goal=fields.alignment_goal,
                confidence=fields.confidence,
                session=fields.session(),
            ),
            license_raw=fields.license_raw(),
            text=None,
            origin=origin,
        )
