"""Shapes that are recognised and cannot be built from, so that the message can say what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atlas_build.read.dialect import Record


@dataclass(frozen=True)
class KnownShape:
    """A shape of the study's own tools.

    Attributes:
        missing: what a case page needs and this shape does not have, and what to give in its place.
    """

    name: str
    missing: str
    recognises: Callable[[Record], bool]


def _is_viewer(record: Record) -> bool:
    return "record_key" in record


def _is_batch_output(record: Record) -> bool:
    return "custom_id" in record


def _is_unannotated(record: Record) -> bool:
    return "evidence" in record and "symptom" not in record and ("name" in record or "description" in record)


def _is_validated(record: Record) -> bool:
    return _is_unannotated(record) and "label" in record


KNOWN_SHAPES = (
    KnownShape(
        "records of the study's viewer",
        "the viewer splits each record over an index and chunks, and leaves out session dates, turns and commits; "
        "give the nested misalignments.json that it was made from",
        _is_viewer,
    ),
    KnownShape(
        "batch requests or answers of the annotation pipeline",
        "the answers have not been merged with the records they belong to; run the study's merge first",
        _is_batch_output,
    ),
    KnownShape(
        "output of the validation stage",
        "symptom, cause, outcome and resolution are missing; annotate the valid records first",
        _is_validated,
    ),
    KnownShape(
        "output of the extraction stage",
        "the verdict, symptom, cause, outcome and resolution are missing; validate and annotate first",
        _is_unannotated,
    ),
)
