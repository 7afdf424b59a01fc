"""Nested annotation records: the study's `misalignments.json`, the only dialect that has all that a case page needs.

Upstream's words are translated here: a `symptom` becomes a form, an `outcome` a cost.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from atlas_build.model.codebook import (
    Cause,
    Confidence,
    Form,
    Goal,
    Locus,
    Resolver,
    Severity,
    Source,
    Status,
    Tier,
    Validation,
)
from atlas_build.model.source import (
    CauseLabel,
    EpisodeText,
    Evidence,
    Facts,
    Labels,
    Origin,
    Reasonings,
    SourceEpisode,
)
from atlas_build.read.dialect import (
    KEY_FIELDS,
    Dropped,
    Fields,
    Record,
    check_fields,
    read_key,
    read_verdict,
    text_or_none,
)
from atlas_build.read.json_records import MAX_RECORD
from atlas_build.read.problems import UnreadableError
from atlas_build.read.session_fields import SessionFields

Text = Annotated[str, Field(strict=True, max_length=MAX_RECORD)]
"""Any text. The limit is never reached; it makes the validator look at the characters and find lone surrogates."""
FilledText = Annotated[str, Field(strict=True, pattern=r"\S")]
Listed = Field(max_length=1_000, fail_fast=True)


class _Evidence(Fields):
    quote: Text
    turn: Text | None = None
    context: Text | None = None


class _Symptom(Fields):
    labels: Annotated[list[Form], Listed]
    reasoning: Text | None = None
    other_descriptor: Text | None = None


class _Cause(Fields):
    label: Cause
    evidence_tier: Tier | None = None


class _Causes(Fields):
    labels: Annotated[list[_Cause], Listed]
    reasoning: Text | None = None


class _Outcome(Fields):
    damage_severity: Severity
    damage_locus: Locus | None = None
    reasoning: Text | None = None


class _Resolution(Fields):
    status: Status
    resolver: Resolver | None = None
    reasoning: Text | None = None


class _Nested(SessionFields):
    name: FilledText
    description: Text
    evidence: Annotated[list[_Evidence], Listed]
    alignment_goal: Goal | None = None
    confidence: Confidence | None = None
    label: Validation | None = None
    invalid_category: Text | None = None
    note: Text | None = None
    validation_note: Text | None = None
    symptom: _Symptom | None = None
    cause: _Causes | None = None
    outcome: _Outcome | None = None
    resolution: _Resolution | None = None


_KNOWN = frozenset(_Nested.model_fields) | KEY_FIELDS | {"count_id"}
_AXES: dict[str, type[Fields]] = {
    "symptom": _Symptom,
    "cause": _Causes,
    "outcome": _Outcome,
    "resolution": _Resolution,
}
_KNOWN_OF_AXIS = {axis: frozenset(shape.model_fields) for axis, shape in _AXES.items()}
_KNOWN_OF_CAUSE = frozenset(_Cause.model_fields)
_KNOWN_OF_EVIDENCE = frozenset(_Evidence.model_fields)


class NestedRecords:
    name = "nested annotation records"
    rank = 0

    def recognises(self, record: Record) -> bool:
        """`symptom` is an object; rejected candidates have null there, and a verdict."""
        symptom = record.get("symptom", ...)
        return isinstance(symptom, dict) or (symptom is None and "label" in record)

    def read(self, record: Record, origin: Origin, dropped: Dropped) -> SourceEpisode:
        key = read_key(record)
        fields = check_fields(_Nested, record)
        validation, category = read_verdict(fields.label, fields.invalid_category)
        labels = _labels(fields, validation)
        _note_dropped(record, dropped, validation)
        return SourceEpisode(
            facts=Facts(
                key=key,
                source=Source(key.source),
                validation=validation,
                invalid_category=category,
                goal=fields.alignment_goal,
                confidence=fields.confidence,
                labels=labels,
                session=fields.session(),
            ),
            license_raw=fields.license_raw(),
            text=_text(fields, validation),
            origin=origin,
        )


def _labels(fields: _Nested, validation: Validation) -> Labels | None:
    """All four axes of a valid record; a rejected candidate has none."""
    for axis in _AXES:
        is_given = getattr(fields, axis) is not None
        if is_given and validation is Validation.INVALID:
            raise UnreadableError(
                "verdict-contradiction",
                axis,
                "a rejected candidate has no annotation; correct the verdict or remove it",
            )
        if not is_given and validation is Validation.VALID:
            raise UnreadableError("field-missing", axis, "a valid record needs this object; add it")
    if validation is Validation.INVALID:
        return None
    assert fields.symptom and fields.cause and fields.outcome and fields.resolution
    return Labels(
        forms=tuple(fields.symptom.labels),
        causes=tuple(CauseLabel(label=cause.label, tier=cause.evidence_tier) for cause in fields.cause.labels),
        severity=fields.outcome.damage_severity,
        locus=fields.outcome.damage_locus,
        status=fields.resolution.status,
        resolver=fields.resolution.resolver,
    )


def _text(fields: _Nested, validation: Validation) -> EpisodeText:
    symptom, cause, outcome, resolution = fields.symptom, fields.cause, fields.outcome, fields.resolution
    is_rejected = validation is Validation.INVALID
    return EpisodeText(
        name=fields.name,
        description=fields.description,
        evidence=tuple(
            Evidence(turn=item.turn or "", quote=item.quote, context=item.context or "") for item in fields.evidence
        ),
        reasonings=Reasonings(
            form=text_or_none(symptom.reasoning) if symptom else None,
            cause=text_or_none(cause.reasoning) if cause else None,
            cost=text_or_none(outcome.reasoning) if outcome else None,
            resolution=text_or_none(resolution.reasoning) if resolution else None,
        ),
        other_form=text_or_none(symptom.other_descriptor) if symptom else None,
        note=text_or_none(fields.note or fields.validation_note) if is_rejected else None,
    )


def _note_dropped(record: Record, dropped: Dropped, validation: Validation) -> None:
    """Count every field of a good record, at every level, that does not travel on."""
    dropped.note(record, _KNOWN)
    for item in record["evidence"]:
        dropped.note(item, _KNOWN_OF_EVIDENCE, "evidence.")
    if validation is Validation.INVALID:
        return
    for name in ("note", "validation_note"):  # these explain a rejection; a valid record has no place for them
        if record.get(name):
            dropped.add(name)
    for axis, known in _KNOWN_OF_AXIS.items():
        dropped.note(record[axis], known, f"{axis}.")
    for item in record["cause"]["labels"]:
        dropped.note(item, _KNOWN_OF_CAUSE, "cause.labels.")
