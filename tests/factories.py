"""Episodes for tests: each factory fills in what a test does not care about. All people, hosts and keys are invented.

Import with `from factories import make_episode`.

make_record(source="swe", cause={"labels": [...]})      a nested record as upstream writes it
make_label_row(S2=True), make_candidate_row()           flat rows: annotated, validated
make_mapping_row(session_count_id=4)                    a row of the session mapping
make_source(cause="C6"), make_admitted(...), make_episode(cause="C6", tier="direct", locus="DL2")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from atlas_build.model.codebook import (
    SEVERITIES_WITH_LOCUS,
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
    Workflow,
)
from atlas_build.model.episode import AdmittedEpisode, Episode, LicenseGrant
from atlas_build.model.identity import EpisodeKey, assign_case_ids
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import (
    CauseLabel,
    EpisodeText,
    Evidence,
    Facts,
    Labels,
    Origin,
    Reasonings,
    Session,
    SourceEpisode,
)

_NESTED: dict[str, Any] = {
    "count_id": 0,
    "repository_id": 1001,
    "session_id": "session_001",
    "misalignment_id": "M001",
    "name": "Renamed Table Without Being Asked",
    "description": "The developer asked for one new column. The agent also renamed the table.",
    "alignment_goal": "instruction",
    "evidence": [
        {"turn": "TURN 3 | USER", "quote": "Only add the column.", "context": "The developer states the task."},
        {"turn": "TURN 5 | USER", "quote": "Why is the table renamed?", "context": "The developer objects."},
    ],
    "confidence": "high",
    "source": "specstory",
    "symptom": {"reasoning": "More was done than asked.", "labels": ["S4"], "other_descriptor": None},
    "cause": {"reasoning": "The limit was clear.", "labels": [{"label": "C2", "evidence_tier": "direct"}]},
    "outcome": {"reasoning": "A turn was spent on it.", "damage_severity": "DS1", "damage_locus": None},
    "resolution": {"reasoning": "No sign of a fix.", "status": "RS2", "resolver": None},
    "session_count_id": 1,
    "num_commits": 12,
    "license_type": "MIT",
    "session_sha": "0123456789abcdef0123456789abcdef01234567",
    "session_timestamp": "2025-06-04 09:30:00",
    "session_type": "IDE",
    "agent": "Cursor IDE",
    "user_turns": 8,
    "agent_turns": 9,
}
_SESSION_FIELDS = (
    "session_count_id",
    "num_commits",
    "license_type",
    "session_sha",
    "session_timestamp",
    "session_type",
    "agent",
    "user_turns",
    "agent_turns",
)


def make_record(*, drop: Iterable[str] = (), **overrides: Any) -> dict[str, Any]:
    """A nested record. A dict given for one of the four axes is laid over the default axis; `drop` removes fields."""
    record = deepcopy(_NESTED)
    for name, value in overrides.items():
        axis = record.get(name)
        record[name] = {**axis, **value} if isinstance(axis, dict) and isinstance(value, Mapping) else value
    return {name: value for name, value in record.items() if name not in set(drop)}


def make_rejected_record(**overrides: Any) -> dict[str, Any]:
    """A nested INVALID candidate: no axes, a category and a note."""
    axes = dict.fromkeys(("symptom", "cause", "outcome", "resolution"))
    rejected = {"label": "INVALID", "invalid_category": "truncation", "note": "The quote ends in mid-sentence."}
    return make_record(**{**axes, **rejected, **overrides})


def make_label_row(*, drop: Iterable[str] = (), **overrides: Any) -> dict[str, Any]:
    """A flat annotated row with the labels of `make_record()`."""
    row = {name: _NESTED[name] for name in ("repository_id", "session_id", "misalignment_id", "alignment_goal")}
    row |= {"confidence": "high", "source": "specstory"} | {name: _NESTED[name] for name in _SESSION_FIELDS}
    row |= {form.value: form is Form.S4 for form in Form} | {"symptom_other_descriptor": None}
    row |= {cause.value: "direct" if cause is Cause.C2 else None for cause in Cause}
    row |= {"damage_severity": "DS1", "damage_locus": None, "resolution_status": "RS2", "resolver": None}
    return _without({**row, **overrides}, drop)


def make_candidate_row(*, drop: Iterable[str] = (), **overrides: Any) -> dict[str, Any]:
    """A flat validated row: an INVALID one unless told otherwise."""
    row = {name: _NESTED[name] for name in ("count_id", "repository_id", "session_id", "misalignment_id")}
    row |= {"alignment_goal": "instruction", "confidence": "high", "label": "INVALID", "invalid_category": "truncation"}
    row |= {"source": "specstory"} | {name: _NESTED[name] for name in _SESSION_FIELDS}
    return _without({**row, **overrides}, drop)


def make_mapping_row(*, drop: Iterable[str] = (), **overrides: Any) -> dict[str, Any]:
    """A row of the session mapping file, for the session of `make_record()`."""
    row = {"repository_id": 1001, "source": "specstory"} | {name: _NESTED[name] for name in _SESSION_FIELDS}
    return _without({**row, **overrides}, drop)


def _without(row: dict[str, Any], drop: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in set(drop)}


def make_key(
    number: int = 1, *, source: str = "specstory", repository_id: str = "1001", session_id: str = "session_001"
) -> EpisodeKey:
    return EpisodeKey(source, repository_id, session_id, f"M{number:03}")


def make_labels(
    *,
    form: str | Iterable[str] = "S4",
    cause: str | Iterable[str] = "C2",
    tier: str | None = "direct",
    severity: str = "DS1",
    locus: str | None = None,
    status: str = "RS2",
    resolver: str | None = None,
) -> Labels:
    """Labels that keep the codebook's rules unless told otherwise.

    Args:
        form: one code, or several in the annotator's order.
        cause: one code, or several; `C6:contextual` gives one cause its own tier.
        tier: of every cause that names none; never of C7.
        locus: DL1 by default where the severity needs one; giving a locus alone makes the severity DS2.
        resolver: RV2 by default where the status needs one; giving a resolver alone makes the status RS1.
    """
    if locus is not None and severity == "DS1":
        severity = "DS2"
    if resolver is not None and status == "RS2":
        status = "RS1"
    if locus is None and Severity(severity) in SEVERITIES_WITH_LOCUS:
        locus = "DL1"
    if resolver is None and status == "RS1":
        resolver = "RV2"
    causes = (cause,) if isinstance(cause, str) else tuple(cause)
    return Labels(
        forms=tuple(Form(code) for code in ((form,) if isinstance(form, str) else form)),
        causes=tuple(_cause(text, tier) for text in causes),
        severity=Severity(severity),
        locus=Locus(locus) if locus else None,
        status=Status(status),
        resolver=Resolver(resolver) if resolver else None,
    )


def _cause(text: str, tier: str | None) -> CauseLabel:
    code, _, own = text.partition(":")
    chosen = None if code == "C7" else own or tier
    return CauseLabel(label=Cause(code), tier=Tier(chosen) if chosen else None)


def make_session(
    *,
    number: int | None = 1,
    sha: str | None = "0123456789abcdef0123456789abcdef01234567",
    timestamp: datetime | str | None = "2025-06-04 09:30:00",
    workflow: str | None = "IDE",
    agent: str | None = "Cursor IDE",
    user_turns: int | None = 8,
    agent_turns: int | None = 9,
    commits: int | None = 12,
) -> Session:
    return Session(
        number=number,
        sha=sha,
        timestamp=datetime.fromisoformat(timestamp) if isinstance(timestamp, str) else timestamp,
        workflow=Workflow(workflow) if workflow else None,
        agent=agent,
        user_turns=user_turns,
        agent_turns=agent_turns,
        repository_commits=commits,
    )


def make_evidence(quote: str, *, turn: str = "TURN 3 | USER", context: str = "The developer objects.") -> Evidence:
    return Evidence(turn=turn, quote=quote, context=context)


def make_text(
    *,
    name: str = "Renamed Table Without Being Asked",
    description: str = "The developer asked for one new column. The agent also renamed the table.",
    quotes: Iterable[str] = ("Only add the column.", "Why is the table renamed?"),
    evidence: Iterable[Evidence] | None = None,
    reasonings: Reasonings | None = None,
    other_form: str | None = None,
    note: str | None = None,
) -> EpisodeText:
    if reasonings is None:
        reasonings = Reasonings(
            form="More was done than asked.",
            cause="The limit was clear.",
            cost="A turn was spent on it.",
            resolution="No sign of a fix.",
        )
    if evidence is None:
        evidence = [make_evidence(quote, turn=f"TURN {2 * place + 1} | USER") for place, quote in enumerate(quotes, 1)]
    return EpisodeText(
        name=name,
        description=description,
        evidence=tuple(evidence),
        reasonings=reasonings,
        other_form=other_form,
        note=note,
    )


_PARTS = {
    "labels": (make_labels, frozenset({"form", "cause", "tier", "severity", "locus", "status", "resolver"})),
    "session": (
        make_session,
        frozenset({"sha", "timestamp", "workflow", "agent", "user_turns", "agent_turns", "commits"}),
    ),
    "text": (
        make_text,
        frozenset({"name", "description", "quotes", "evidence", "reasonings", "other_form", "note"}),
    ),
}


def _part(part: str, given: dict[str, Any]) -> Any:
    """Take the part itself, or the arguments of its factory, out of `given`."""
    make, names = _PARTS[part]
    arguments = {name: given.pop(name) for name in names & given.keys()}
    if part in given:
        assert not arguments, f"give either {part} or {', '.join(sorted(arguments))}"
        return given.pop(part)
    return make(**arguments)


def _facts(given: dict[str, Any]) -> Facts:
    key = given.pop("key", None) or make_key(
        given.pop("number", 1),
        **{name: given.pop(name) for name in ("source", "repository_id", "session_id") if name in given},
    )
    validation = Validation(given.pop("validation", "VALID"))
    category = given.pop("invalid_category", "truncation" if validation is Validation.INVALID else None)
    goal, confidence = given.pop("goal", "instruction"), given.pop("confidence", "high")
    labels = _part("labels", given)
    return Facts(
        key=key,
        source=Source(key.source),
        validation=validation,
        invalid_category=category,
        goal=Goal(goal) if goal else None,
        confidence=Confidence(confidence) if confidence else None,
        labels=None if validation is Validation.INVALID else labels,
        session=_part("session", given),
    )


def make_source(*, license_raw: str | None = "MIT", origin: Origin | None = None, **given: Any) -> SourceEpisode:
    """An episode as read. Takes the arguments of `make_episode` but `id`, `license` and `redactions`."""
    facts, text = _facts(given), _part("text", given)
    assert not given, f"unknown: {', '.join(given)}"
    return SourceEpisode(
        facts=facts, license_raw=license_raw, text=text, origin=origin or Origin(file="misalignments.json", record=1)
    )


def make_grant(spdx: str = "MIT", *, expression: str | None = None, rule: str | None = None) -> LicenseGrant:
    return LicenseGrant(spdx=spdx, expression=expression or spdx, rule=rule or f"allow.{spdx}")


def make_admitted(*, license: str | LicenseGrant = "MIT", **given: Any) -> AdmittedEpisode:  # noqa: A002
    """An episode that passed the license gate, not yet scrubbed."""
    facts, text = _facts(given), _part("text", given)
    assert not given, f"unknown: {', '.join(given)}"
    grant = make_grant(license) if isinstance(license, str) else license
    return AdmittedEpisode(facts=facts, license=grant, text=text)


def make_episode(
    *,
    id: str | None = None,  # noqa: A002
    redactions: Mapping[Kind, int] | None = None,
    **given: Any,
) -> Episode:
    """One published case.

    Args:
        id: case id; by default the one that the key gets.
        given: any argument of `make_labels`, `make_session`, `make_text` (or `labels=`, `session=`, `text=` whole),
            `number` (1 is M001) with `source`, `repository_id`, `session_id`, or `key`; `goal`, `confidence`,
            `validation`, `invalid_category`, `license` (SPDX id or LicenseGrant).
    """
    admitted = make_admitted(**given)
    key = admitted.facts.key
    return Episode(
        id=id or assign_case_ids([key], {})[key],
        facts=admitted.facts,
        license=admitted.license,
        text=admitted.text,
        redactions=dict(redactions or {}),
    )
