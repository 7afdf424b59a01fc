"""Two states of a corpus against each other, field by field."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from factories import make_episode

from atlas_build.model.ledger import CaseStatus, Reason, Tombstone
from atlas_build.model.placeholder import Kind
from atlas_build.model.release import FieldChange, Flip, ReleaseNumbers, ReleaseRecord, parse_version
from atlas_build.publish.diff import compare_cases, compare_releases, make_chronicle, state_of
from atlas_build.publish.releases import describe_case, digest_record, make_record, write_release


def make_release(
    version: str, *episodes: Any, gone: tuple[Tombstone, ...] = (), previous: str | None = None
) -> ReleaseRecord:
    cases = tuple(sorted((describe_case(one) for one in episodes), key=lambda case: case.id))
    return ReleaseRecord(
        version=version, date=date(2026, 11, 20), previous=previous, scrub_rules="s1:0123456789abcdef",
        numbers=ReleaseNumbers(published=len(cases)), cases=cases, gone=gone,
    )  # fmt: skip


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [str(one) for one in compare_cases(describe_case(make_episode(**old)), describe_case(make_episode(**new)))]


@pytest.mark.parametrize(
    "old, new, told",
    [
        ({}, {}, []),
        ({"cause": "C6:contextual"}, {"cause": "C6:direct"}, ["cause C6 tier contextual → direct"]),
        ({"cause": "C6:contextual"}, {"cause": "C2:direct"}, ["cause C6 contextual → C2 direct"]),
        ({"cause": "C6"}, {"cause": ["C6", "C2"]}, ["cause C6 direct → C6 direct, C2 direct"]),
        ({"form": "S4"}, {"form": ["S3", "S4"]}, ["form S4 → S3, S4"]),
        ({}, {"locus": "DL2"}, ["severity DS1 → DS2", "locus none → DL2"]),
        ({}, {"resolver": "RV1"}, ["status RS2 → RS1", "resolver none → RV1"]),
        ({}, {"license": "Apache-2.0"}, ["license MIT → Apache-2.0"]),
        ({"goal": None}, {"confidence": None}, ["goal none → instruction", "confidence high → none"]),
        ({}, {"workflow": "CLI"}, ["workflow IDE → CLI"]),
        ({}, {"name": "Another Name"}, ["text changed"]),
        (
            {"redactions": {Kind.EMAIL: 1}}, {"redactions": {Kind.PERSON: 2}},
            ["redactions EMAIL 1 → 0", "redactions PERSON 0 → 2"],
        ),
        ({}, {"agent": "OpenCode"}, ["session facts changed"]),
        ({}, {"form": "S3", "other_form": "words"}, ["form S4 → S3", "text changed"]),
    ],
)  # fmt: skip
def test_a_change_is_told_field_by_field(old: dict[str, Any], new: dict[str, Any], told: list[str]) -> None:
    assert changes(old, new) == told


def test_a_digest_covers_what_is_shown_and_not_what_is_numbered() -> None:
    digest = describe_case(make_episode()).digest
    assert digest_record(make_record(make_episode())) == digest
    moved = make_episode(session_id="session_009", number=7)
    assert describe_case(moved).digest == digest
    assert describe_case(make_episode(commits=99)).digest == digest
    assert describe_case(make_episode(redactions={Kind.EMAIL: 1})).digest == digest
    assert describe_case(make_episode(timestamp=None)).digest != digest
    assert describe_case(make_episode(note="why")).digest == digest


RECORD = {
    "goal": "instruction",
    "confidence": "high",
    "labels": {
        "forms": ["S4"], "causes": [{"label": "C2", "tier": "direct"}], "severity": "DS1", "locus": None,
        "status": "RS2", "resolver": None,
    },
    "session": {
        "sha": "0123456789abcdef0123456789abcdef01234567", "timestamp": "2025-06-04T09:30:00", "workflow": "IDE",
        "agent": "Cursor IDE", "user_turns": 8, "agent_turns": 9,
    },
    "name": "Renamed Table Without Being Asked",
    "description": "The developer asked for one new column. The agent also renamed the table.",
    "evidence": [
        {"turn": "TURN 3 | USER", "quote": "Only add the column.", "context": "The developer objects."},
        {"turn": "TURN 5 | USER", "quote": "Why is the table renamed?", "context": "The developer objects."},
    ],
    "reasonings": {
        "form": "More was done than asked.", "cause": "The limit was clear.", "cost": "A turn was spent on it.",
        "resolution": "No sign of a fix.",
    },
    "other_form": None,
    "license": {"spdx": "MIT", "expression": "MIT"},
}  # fmt: skip
"""What the digest of `make_episode()` covers, as docs/releases.md says."""


def test_the_recipe_of_the_digest_is_the_documented_one_and_has_not_changed() -> None:
    """Old release files can only be compared as long as this holds; else the recipe needs a new name."""
    text = json.dumps(RECORD, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == "0a912c40c4d442ab3564cd8fa915c06e6c143dda380decc071677baa3549391e"
    assert describe_case(make_episode()).digest == f"c1:{digest}"


def test_flips_pair_what_went_with_what_came() -> None:
    old = make_release(
        "2026.10.0",
        make_episode(number=1, form="S2", cause="C6:contextual"),
        make_episode(number=2, form="S2", cause="C6:contextual"),
        make_episode(number=3, form="S2", severity="DS1"),
        make_episode(number=4, form=["S3", "S4"], cause=["C1", "C2"]),
    )
    new = make_release(
        "2026.11.0",
        make_episode(number=1, form="S3", cause="C6:direct"),
        make_episode(number=2, form="S3", cause="C6:direct"),
        make_episode(number=3, form=["S2", "S5"], severity="DS0"),
        make_episode(number=4, form=["S1", "S5"], cause=["C2", "C3"]),
    )
    assert compare_releases(old, new).flips == (
        Flip("form", "", "S5", 2), Flip("form", "S2", "S3", 2), Flip("form", "", "S1", 1), Flip("form", "S3", "", 1),
        Flip("form", "S4", "", 1), Flip("cause", "C6 contextual", "C6 direct", 2),
        Flip("cause", "C1 direct", "C3 direct", 1), Flip("severity", "DS1", "DS0", 1),
    )  # fmt: skip


def test_what_was_known_before_is_returned_and_not_added() -> None:
    first, second = make_episode(number=1), make_episode(number=2)
    gone = Tombstone(id=second.id, status=CaseStatus.WITHDRAWN, reason=Reason.ERROR)
    releases = (
        make_release("2026.09.0", first, second),
        make_release("2026.10.0", first, gone=(gone,), previous="2026.09.0"),
        make_release("2026.11.0", first, second, previous="2026.10.0"),
    )
    chronicle = make_chronicle(releases)
    one, two, three = chronicle.comparisons
    assert (one.added, two.withdrawn, three.returned, three.added) == (
        tuple(sorted([first.id, second.id])), (gone,), (second.id,), (),
    )  # fmt: skip
    history = chronicle.histories[second.id]
    assert [(event.release, event.kind) for event in history.events] == [
        ("2026.09.0", "published"), ("2026.10.0", "withdrawn"), ("2026.11.0", "returned"),
    ]  # fmt: skip
    assert [state is None for _, state in history.states] == [False, True, False]
    assert (chronicle.version, chronicle.pending) == ("2026.11.0", None)


def test_changes_since_the_last_release_are_pending() -> None:
    released = make_release("2026.09.0", make_episode(number=1))
    now = make_release("unreleased", make_episode(number=1, form="S2"), make_episode(number=2))
    chronicle = make_chronicle([released], now)
    assert chronicle.version is None and chronicle.pending is not None
    assert [one.changes for one in chronicle.pending.revised] == [(FieldChange("form", "S4", "S2"),)]
    assert chronicle.histories[make_episode(number=2).id].events[0].release == "unreleased"


def test_a_takedown_leaves_id_date_reason_and_release() -> None:
    first, second = make_episode(number=1), make_episode(number=2)
    tombstone = Tombstone(
        id=second.id, status=CaseStatus.SUPPRESSED, reason=Reason.PRIVACY, date=date(2026, 11, 2), release="2026.11.0"
    )
    record = make_release("2026.09.0", first, second)
    after = record.without({second.id: tombstone})
    assert after.ids == record.ids and [case.id for case in after.cases] == [first.id]
    assert after.removed == (tombstone,) and record.without({}) is record
    line = next(line for line in write_release(after).decode().splitlines() if second.id in line)
    assert line == (
        f'    {{"date":"2026-11-02","id":"{second.id}","reason":"privacy","release":"2026.11.0","status":"suppressed"}}'
    )
    assert second.id not in make_chronicle([after]).histories


def test_a_release_file_can_be_read_back() -> None:
    record = make_release("2026.09.0", make_episode(number=1), make_episode(number=2, redactions={Kind.EMAIL: 2}))
    assert ReleaseRecord.model_validate_json(write_release(record)) == record
    empty = make_release("2026.09.0")
    assert ReleaseRecord.model_validate_json(write_release(empty)) == empty


def test_a_state_has_no_text() -> None:
    state = state_of(describe_case(make_episode(name="Secret Words", cause="C7")))
    assert state["cause"] == "C7" and state["locus"] == ""
    assert not any("Secret" in value for value in state.values())


@pytest.mark.parametrize(
    "text", ["2026.9.0", "2026.13.0", "2026.11", "2026.11.01", "v2026.11.0", "2026.11.0\n", "٢٠٢٦.11.0"]
)
def test_a_version_is_year_two_digit_month_and_number(text: str) -> None:
    assert parse_version(text) is None
    assert parse_version("2026.11.0") == (2026, 11, 0)
