"""Each dialect: what it recognises, how it translates, what it sets aside and how it says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from factories import (
    make_candidate_row,
    make_label_row,
    make_labels,
    make_mapping_row,
    make_record,
    make_rejected_record,
    make_session,
)

from atlas_build.model.codebook import Confidence, Goal, Source, Validation
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.source import Evidence, Origin, Reasonings, SourceEpisode
from atlas_build.read.candidate_rows import CandidateRows
from atlas_build.read.corpus import DIALECTS
from atlas_build.read.dialect import Dialect, Dropped, readable_key
from atlas_build.read.known_shapes import KNOWN_SHAPES
from atlas_build.read.label_rows import LabelRows
from atlas_build.read.nested import NestedRecords
from atlas_build.read.problems import UnreadableError
from atlas_build.read.session_rows import SessionRows

ORIGIN = Origin(file="some.json", record=1)


def read(dialect: Dialect, record: dict[str, Any]) -> Any:
    return dialect.read(record, ORIGIN, Dropped())


def read_nested(**overrides: Any) -> SourceEpisode:
    return read(NestedRecords(), make_record(**overrides))


def problem(dialect: Dialect, record: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as error:
        read(dialect, record)
    return error.value.rule, error.value.field


def test_nested_record_is_translated_whole() -> None:
    episode = read_nested()
    assert episode.facts.key == EpisodeKey("specstory", "1001", "session_001", "M001")
    assert episode.facts.source is Source.SPECSTORY
    assert episode.facts.validation is Validation.VALID
    assert (episode.facts.goal, episode.facts.confidence) == (Goal.INSTRUCTION, Confidence.HIGH)
    assert episode.facts.labels == make_labels(form="S4", cause="C2:direct", severity="DS1", status="RS2")
    assert episode.facts.session == make_session()
    assert episode.license_raw == "MIT"
    assert episode.text is not None
    assert episode.text.name == "Renamed Table Without Being Asked"
    assert episode.text.evidence[1] == Evidence(
        turn="TURN 5 | USER", quote="Why is the table renamed?", context="The developer objects."
    )
    assert episode.text.reasonings == Reasonings(
        form="More was done than asked.",
        cause="The limit was clear.",
        cost="A turn was spent on it.",
        resolution="No sign of a fix.",
    )
    assert (episode.text.other_form, episode.text.note) == (None, None)
    assert episode.origin == ORIGIN


def test_labels_keep_the_annotators_order_and_its_breaches() -> None:
    causes = [{"label": "C7", "evidence_tier": None}, {"label": "C1", "evidence_tier": "direct"}, {"label": "C7"}]
    labels = read_nested(symptom={"labels": ["S7", "S1", "S7"]}, cause={"labels": causes}).facts.labels
    assert labels is not None
    assert labels.forms == ("S7", "S1", "S7")
    assert [(cause.label, cause.tier) for cause in labels.causes] == [("C7", None), ("C1", "direct"), ("C7", None)]
    assert labels.breaches() == ("form-repeated", "cause-repeated", "undetermined-cause-not-alone")


def test_empty_label_lists_are_kept() -> None:
    labels = read_nested(symptom={"labels": []}, cause={"labels": []}).facts.labels
    assert labels is not None
    assert (labels.forms, labels.causes) == ((), ())


def test_rejected_record_has_category_and_note_and_no_labels() -> None:
    episode = read(NestedRecords(), make_rejected_record())
    assert episode.facts.validation is Validation.INVALID
    assert episode.facts.invalid_category == "truncation"
    assert episode.facts.labels is None
    assert episode.text.note == "The quote ends in mid-sentence."
    other = read(NestedRecords(), make_rejected_record(drop=["note"], validation_note="Cut off."))
    assert other.text.note == "Cut off."


def test_valid_record_may_say_so_and_loses_its_note() -> None:
    dropped = Dropped()
    record = make_record(label="VALID", invalid_category=None, note="Fine.")
    episode = NestedRecords().read(record, ORIGIN, dropped)
    assert episode.facts.validation is Validation.VALID
    assert episode.text is not None
    assert episode.text.note is None
    assert dropped.counts == {"note": 1}


@pytest.mark.parametrize("category", ["invisible_agent_action", "custom:ambiguous", "custom:platform_error_2"])
def test_known_and_custom_categories_are_read(category: str) -> None:
    assert read(NestedRecords(), make_rejected_record(invalid_category=category)).facts.invalid_category == category


@pytest.mark.parametrize(
    "category", ["Truncation", "custom:", "custom:Two Words", "custom:ünicode", "other", "", "custom:" + "a" * 65]
)
def test_other_categories_set_the_record_aside(category: str) -> None:
    record = make_rejected_record(invalid_category=category)
    assert problem(NestedRecords(), record) == ("unknown-code", "invalid_category")


def test_contradicting_verdicts_set_the_record_aside() -> None:
    record = make_record(label="VALID", invalid_category="truncation")
    assert problem(NestedRecords(), record) == ("verdict-contradiction", "invalid_category")
    record = make_record(label="INVALID", invalid_category="truncation")
    assert problem(NestedRecords(), record) == ("verdict-contradiction", "symptom")
    assert problem(NestedRecords(), make_record(label="valid")) == ("unknown-code", "label")


@pytest.mark.parametrize("given, expected", [(1001, "1001"), ("1001", "1001"), (" 1001\n", "1001"), ("007", "007")])
def test_repository_id_is_a_number_or_digits(given: object, expected: str) -> None:
    assert read_nested(repository_id=given).facts.key.repository_id == expected


@pytest.mark.parametrize("given", [True, 1.5, -1, "", "x1", "1 2", "１２", "1" * 21, 10**20, [1], {"a": 1}])
def test_other_repository_ids_set_the_record_aside(given: object) -> None:
    assert problem(NestedRecords(), make_record(repository_id=given)) == ("bad-key", "repository_id")


@pytest.mark.parametrize("field", ["session_id", "misalignment_id"])
@pytest.mark.parametrize("given", ["", "a b", "ä", "x" * 65, "a/b", "a\nb", 7, None])
def test_other_names_in_the_key_set_the_record_aside(field: str, given: object) -> None:
    rule = "field-missing" if given is None else "bad-key"
    assert problem(NestedRecords(), make_record(**{field: given})) == (rule, field)


def test_the_hyphenated_name_of_earlier_stages_is_understood() -> None:
    record = make_record(drop=["misalignment_id"]) | {"misalignment-id": "M004"}
    dropped = Dropped()
    assert NestedRecords().read(record, ORIGIN, dropped).facts.key.misalignment_id == "M004"
    assert dropped.counts == {}


@pytest.mark.parametrize("given", ["SWE", "github", "", 3])
def test_an_unknown_source_sets_the_record_aside(given: object) -> None:
    assert problem(NestedRecords(), make_record(source=given)) == ("unknown-code", "source")


def test_missing_metadata_is_not_recorded_and_never_guessed() -> None:
    optional = ["session_count_id", "num_commits", "license_type", "session_sha", "session_timestamp", "session_type"]
    optional += ["agent", "user_turns", "agent_turns", "alignment_goal", "confidence", "count_id"]
    missing = read_nested(drop=optional)
    blank = read_nested(**dict.fromkeys(optional))
    for episode in (missing, blank):
        assert set(vars(episode.facts.session).values()) == {None}
        assert (episode.facts.goal, episode.facts.confidence, episode.license_raw) == (None, None, None)


def test_blank_metadata_is_not_recorded() -> None:
    episode = read_nested(license_type="  ", agent=" ", session_sha="", session_timestamp="")
    assert episode.facts.session == make_session(sha=None, timestamp=None, agent=None)
    assert episode.license_raw is None


@pytest.mark.parametrize(
    "given",
    [
        "2025-06-04 09:30:00",
        "2025-06-04T09:30:00",
        "2025-06-04T09:30:00Z",
        "2025-06-04T11:30:00+02:00",
        " 2025-06-04 09:30:00.250 ",
    ],
)
def test_timestamps_are_read_as_written_and_zones_become_utc(given: str) -> None:
    assert read_nested(session_timestamp=given).facts.session.timestamp == datetime(2025, 6, 4, 9, 30)


@pytest.mark.parametrize(
    "given",
    ["2025-06-04", "04.06.2025 09:30", "2025-13-04 09:30:00", "2025-02-30 09:30:00", "2025-06-04 25:00:00",
     "0001-01-01 00:00:00", "9999-12-31T23:59:59-12:00", "２０２５-06-04 09:30:00", 1749029400, 1.5, [], "yesterday"],
)  # fmt: skip
def test_other_timestamps_set_the_record_aside(given: object) -> None:
    assert problem(NestedRecords(), make_record(session_timestamp=given)) == ("bad-timestamp", "session_timestamp")


@pytest.mark.parametrize("sha", ["e87d6784e26154171d7bb785507485044b07fcd7", "3f1e0c2a-0b1c-4d5e-8f90-aabbccddeeff",
                                 "ses_0123456789abcdefABCDEF0123"])  # fmt: skip
def test_every_kind_of_session_sha_is_read(sha: str) -> None:
    assert read_nested(session_sha=sha).facts.session.sha == sha


def test_counts_may_be_written_as_whole_floats() -> None:
    session = read_nested(user_turns=8.0, agent_turns=0).facts.session
    assert (session.user_turns, session.agent_turns) == (8, 0)
    assert type(session.user_turns) is int


@pytest.mark.parametrize(
    "given, rule",
    [("8", "wrong-type"), (True, "wrong-type"), (8.5, "wrong-type"), (-1, "number-out-of-range"),
     (10**19, "number-out-of-range"), (1e300, "wrong-type"), (float("inf"), "wrong-type"), ([], "wrong-type")],
)  # fmt: skip
def test_other_counts_set_the_record_aside(given: object, rule: str) -> None:
    assert problem(NestedRecords(), make_record(user_turns=given)) == (rule, "user_turns")


@pytest.mark.parametrize(
    "overrides, expected",
    [
        ({"drop": ["name"]}, ("field-missing", "name")),
        ({"name": " \n"}, ("wrong-form", "name")),
        ({"name": 5}, ("wrong-type", "name")),
        ({"drop": ["description"]}, ("field-missing", "description")),
        ({"drop": ["evidence"]}, ("field-missing", "evidence")),
        ({"evidence": {"turn": "x"}}, ("wrong-type", "evidence")),
        ({"evidence": ["x"]}, ("wrong-type", "evidence[1]")),
        ({"evidence": [{"quote": "a"}, {"turn": "TURN 1"}]}, ("field-missing", "evidence[2].quote")),
        ({"evidence": [{"quote": "a", "turn": 3}]}, ("wrong-type", "evidence[1].turn")),
        ({"evidence": [{"quote": "a\ud800b"}]}, ("lone-surrogate", "evidence[1].quote")),
        ({"description": "\udfff"}, ("lone-surrogate", "description")),
        ({"agent": "x\ud83d"}, ("lone-surrogate", "agent")),
        ({"symptom": {"labels": ["S1", "S9"]}}, ("unknown-code", "symptom.labels[2]")),
        ({"symptom": {"labels": "S1"}}, ("wrong-type", "symptom.labels")),
        ({"symptom": {"labels": [["S1"]]}}, ("unknown-code", "symptom.labels[1]")),
        ({"symptom": "S1"}, ("wrong-type", "symptom")),
        ({"symptom": None}, ("field-missing", "symptom")),
        ({"drop": ["cause"]}, ("field-missing", "cause")),
        ({"cause": {"labels": ["C1"]}}, ("wrong-type", "cause.labels[1]")),
        ({"cause": {"labels": [{"label": "C8"}]}}, ("unknown-code", "cause.labels[1].label")),
        (
            {"cause": {"labels": [{"label": "C1", "evidence_tier": "strong"}]}},
            ("unknown-code", "cause.labels[1].evidence_tier"),
        ),
        ({"outcome": {"damage_severity": "DS5"}}, ("unknown-code", "outcome.damage_severity")),
        ({"outcome": {"damage_severity": None}}, ("unknown-code", "outcome.damage_severity")),
        ({"outcome": {"damage_locus": "DL5"}}, ("unknown-code", "outcome.damage_locus")),
        ({"resolution": {"status": "resolved"}}, ("unknown-code", "resolution.status")),
        ({"resolution": {"resolver": "RV0"}}, ("unknown-code", "resolution.resolver")),
        ({"alignment_goal": "Both"}, ("unknown-code", "alignment_goal")),
        ({"confidence": "certain"}, ("unknown-code", "confidence")),
        ({"session_type": "WEB"}, ("unknown-code", "session_type")),
        ({"license_type": ["MIT"]}, ("wrong-type", "license_type")),
        ({"license_type": "x" * 201}, ("text-too-long", "license_type")),
        ({"agent": "x" * 201}, ("text-too-long", "agent")),
        ({"session_sha": "one two"}, ("wrong-form", "session_sha")),
        ({"session_count_id": "three"}, ("wrong-type", "session_count_id")),
    ],
)
def test_a_bad_field_sets_the_record_aside_with_rule_and_path(
    overrides: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problem(NestedRecords(), make_record(**overrides)) == expected


def test_messages_never_repeat_a_value() -> None:
    secret = "Ada-Example-4711"
    fields = ["source", "repository_id", "session_id", "misalignment_id", "name", "description", "evidence", "symptom"]
    fields += ["cause", "outcome", "resolution", "alignment_goal", "confidence", "label", "session_type", "user_turns"]
    fields += ["session_timestamp", "session_sha", "license_type", "agent", "num_commits", "session_count_id"]
    for field in fields:
        for value in (
            f"{secret} ",
            [secret],
            {secret: secret},
            [{secret: secret}],
            {"labels": [secret]},
            f"{secret}\ud800",
        ):
            record = make_record() | {field: value}
            try:
                read(NestedRecords(), record)
            except UnreadableError as error:
                assert secret not in error.message + error.field + error.rule + str(error.args)
                assert error.__cause__ is None
                assert "4711" not in readable_key(record)


def test_the_first_problem_is_told_with_the_number_of_others() -> None:
    with pytest.raises(UnreadableError, match=r"\(2 more fields have a problem\)"):
        read(NestedRecords(), make_record(drop=["name"], confidence="x", session_type="y"))


def test_a_million_wrong_labels_give_one_problem() -> None:
    record = make_record(symptom={"labels": [1] * 1_000_000}, cause={"labels": [None] * 1_000_000})
    with pytest.raises(UnreadableError, match=r"too-long|more than 1000 items|1 more field"):
        read(NestedRecords(), record)


def test_unknown_fields_are_counted_by_path_and_odd_names_are_not_kept() -> None:
    dropped = Dropped()
    record = make_record(
        _pii=["x"],
        repository_full_name="a/b",
        symptom={"certainty": 1},
        cause={"labels": [{"label": "C1", "evidence_tier": "direct", "rank": 1}]},
        evidence=[{"quote": "a", "line": 3}, {"quote": "b", "line": 4}],
    )
    record["Ada Example's note"] = 1
    record["\ud800"] = 1
    NestedRecords().read(record, ORIGIN, dropped)
    assert dropped.counts == {
        "_pii": 1,
        "repository_full_name": 1,
        "symptom.certainty": 1,
        "cause.labels.rank": 1,
        "evidence.line": 2,
        "(other)": 2,
    }


def test_unknown_fields_are_bounded_in_number() -> None:
    dropped = Dropped()
    NestedRecords().read(make_record(**{f"field_{number}": 1 for number in range(1000)}), ORIGIN, dropped)
    assert len(dropped.counts) == 201
    assert dropped.counts["(other)"] == 800


def test_label_row_is_translated() -> None:
    row = make_label_row(S2=True, C4="contextual", C7="not_applicable", damage_severity="DS2", damage_locus="DL4")
    episode = read(LabelRows(), row)
    assert episode.facts.key == EpisodeKey("specstory", "1001", "session_001", "M001")
    assert episode.facts.labels == make_labels(
        form=["S2", "S4"], cause=["C2:direct", "C4:contextual", "C7"], severity="DS2", locus="DL4"
    )
    assert episode.facts.session == make_session()
    assert (episode.license_raw, episode.text) == ("MIT", None)


@pytest.mark.parametrize(
    "overrides, expected",
    [
        ({"S1": None}, ("wrong-type", "S1")),
        ({"S3": 1}, ("wrong-type", "S3")),
        ({"drop": ["S8"]}, ("field-missing", "S8")),
        ({"drop": ["C3"]}, ("field-missing", "C3")),
        ({"C3": "strong"}, ("unknown-code", "C3")),
        ({"C3": True}, ("unknown-code", "C3")),
        ({"damage_severity": None}, ("unknown-code", "damage_severity")),
        ({"resolution_status": "RS3"}, ("unknown-code", "resolution_status")),
        ({"drop": ["source"]}, ("field-missing", "source")),
    ],
)
def test_a_bad_field_sets_a_label_row_aside(overrides: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problem(LabelRows(), make_label_row(**overrides)) == expected


def test_the_descriptor_of_a_label_row_is_text_and_left_behind() -> None:
    dropped = Dropped()
    LabelRows().read(make_label_row(symptom_other_descriptor="invented words"), ORIGIN, dropped)
    assert dropped.counts == {"symptom_other_descriptor": 1}


def test_candidate_row_is_translated() -> None:
    episode = read(CandidateRows(), make_candidate_row())
    assert episode.facts.validation is Validation.INVALID
    assert (episode.facts.invalid_category, episode.facts.labels, episode.text) == ("truncation", None, None)
    valid = read(CandidateRows(), make_candidate_row(label="VALID", invalid_category=None))
    assert (valid.facts.validation, valid.facts.labels) == (Validation.VALID, None)
    assert problem(CandidateRows(), make_candidate_row(label=None)) == ("unknown-code", "label")


def test_session_row_is_translated() -> None:
    row = read(SessionRows(), make_mapping_row(session_count_id=4, repository_id="1001"))
    assert row.key == ("specstory", "1001", 4)
    assert row.session == make_session(number=4)
    assert row.license_raw == "MIT"
    assert problem(SessionRows(), make_mapping_row(session_count_id=None)) == ("field-missing", "session_count_id")


MAKERS: list[Callable[..., dict[str, Any]]] = [make_record, make_label_row, make_candidate_row, make_mapping_row]


@pytest.mark.parametrize("make, dialect", list(zip(MAKERS, DIALECTS, strict=True)))
def test_every_dialect_recognises_its_own_records_and_no_others(
    make: Callable[..., dict[str, Any]], dialect: Dialect
) -> None:
    assert [found for found in DIALECTS if found.recognises(make())] == [dialect]
    assert not [shape for shape in KNOWN_SHAPES if shape.recognises(make())]


def test_rejected_nested_records_are_recognised() -> None:
    assert [found.name for found in DIALECTS if found.recognises(make_rejected_record())] == [NestedRecords.name]


@pytest.mark.parametrize(
    "record, key",
    [
        (make_record(), "specstory/1001/session_001/M001"),
        (make_record(session_id="Ada Example"), "specstory/1001/?/M001"),
        (make_record(source="Ada", repository_id="x", drop=["misalignment_id"]), "?/?/session_001/?"),
        ({"name": "Ada Example"}, ""),
        (["Ada Example"], ""),
        (None, ""),
    ],
)
def test_keys_in_messages_hold_only_what_looks_like_a_key(record: object, key: str) -> None:
    assert readable_key(record) == key
