"""Records of upstream's nested shape as `Episode`s, without gate and scrubber: for measuring what comes after them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from atlas_build.model.codebook import Validation
from atlas_build.model.episode import Episode, LicenseGrant, reading_order
from atlas_build.model.identity import EpisodeKey, assign_case_ids
from atlas_build.model.source import EpisodeText, Evidence, Facts, Labels, Reasonings, Session


def make_episodes(records: Iterable[dict[str, Any]]) -> list[Episode]:
    """In reading order, with their case ids."""
    kept = list(records)
    ids = assign_case_ids([_key(record) for record in kept], {})
    return sorted((_make_episode(record, ids[_key(record)]) for record in kept), key=reading_order)


def _key(record: dict[str, Any]) -> EpisodeKey:
    return EpisodeKey(*(str(record[name]) for name in ("source", "repository_id", "session_id", "misalignment_id")))


def _make_episode(record: dict[str, Any], case_id: str) -> Episode:
    return Episode(
        id=case_id,
        facts=Facts.model_validate({
            "key": _key(record),
            "source": record["source"],
            "validation": record.get("label") or Validation.VALID,
            "invalid_category": record.get("invalid_category"),
            "goal": record.get("alignment_goal"),
            "confidence": record.get("confidence"),
            "labels": _labels(record),
            "session": _session(record),
        }),
        license=LicenseGrant(spdx=record["license_type"], expression=record["license_type"], rule="benchmark"),
        text=_text(record),
    )  # fmt: skip


def _labels(record: dict[str, Any]) -> Labels | None:
    if record["symptom"] is None:
        return None
    causes = [
        {
            "label": cause["label"],
            "tier": None if cause["evidence_tier"] == "not_applicable" else cause["evidence_tier"],
        }
        for cause in record["cause"]["labels"]
    ]
    return Labels.model_validate({
        "forms": record["symptom"]["labels"],
        "causes": causes,
        "severity": record["outcome"]["damage_severity"],
        "locus": record["outcome"]["damage_locus"],
        "status": record["resolution"]["status"],
        "resolver": record["resolution"]["resolver"],
    })  # fmt: skip


def _session(record: dict[str, Any]) -> Session:
    stamp = record["session_timestamp"]
    return Session.model_validate({
        "number": record["session_count_id"],
        "sha": record["session_sha"],
        "timestamp": datetime.fromisoformat(stamp) if stamp else None,
        "workflow": record["session_type"],
        "agent": record["agent"],
        "user_turns": record["user_turns"],
        "agent_turns": record["agent_turns"],
        "repository_commits": record["num_commits"],
    })  # fmt: skip


def _text(record: dict[str, Any]) -> EpisodeText:
    reasonings = {
        ours: (record[theirs] or {}).get("reasoning")
        for ours, theirs in (("form", "symptom"), ("cause", "cause"), ("cost", "outcome"), ("resolution", "resolution"))
    }
    return EpisodeText(
        name=record["name"],
        description=record["description"],
        evidence=tuple(Evidence.model_validate(item) for item in record["evidence"]),
        reasonings=Reasonings.model_validate(reasonings),
        other_form=(record["symptom"] or {}).get("other_descriptor"),
        note=record.get("validation_note"),
    )
