"""The ledger and the suppressions: what lines mean, and every way in which a file can be broken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import make_key

from atlas_build.errors import InputError
from atlas_build.model.identity import assign_case_ids
from atlas_build.model.ledger import CaseStatus, Ledger, Reason, Suppression, Tombstone
from atlas_build.read.ledger import read_ledger, read_suppressions

KEYS = [make_key(number) for number in (1, 2, 3)]
IDS = assign_case_ids(KEYS, {})
FIRST, SECOND, THIRD = (IDS[key] for key in KEYS)


def make_line(number: int = 1, *, drop: str = "", **overrides: Any) -> dict[str, Any]:
    key = KEYS[number - 1]
    line: dict[str, Any] = {"id": IDS[key], **key._asdict(), "release": "2026.1", "status": "published"}
    line |= {"digest": "0123456789abcdef", "successor": None, "reason": None}
    return {name: value for name, value in (line | overrides).items() if name != drop}


def write(folder: Path, lines: list[dict[str, Any] | str]) -> Path:
    path = folder / "some.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


def failure(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_ledger(path)
    return error.value.message.removeprefix(str(path))


def test_a_missing_or_empty_ledger_owns_nothing(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "nowhere.jsonl") == Ledger()
    assert read_ledger(write(tmp_path, [])).owned() == {}


def test_the_last_line_of_an_id_is_its_state(tmp_path: Path) -> None:
    gone = make_line(status="withdrawn", release="2026.2", reason="duplicate", successor=SECOND, date="2026-05-01")
    back = make_line(3, status="published", release="2026.3")
    lines = [
        make_line(1),
        make_line(2),
        make_line(3),
        "",
        gone,
        make_line(3, status="withdrawn", release="2026.2"),
        back,
    ]
    ledger = read_ledger(write(tmp_path, lines))
    assert len(ledger.entries) == 6
    assert ledger.owned() == {KEYS[0]: FIRST, KEYS[1]: SECOND, KEYS[2]: THIRD}
    assert [entry.id for entry in ledger.withdrawn()] == [FIRST]
    assert ledger.tombstones() == (
        Tombstone(
            id=FIRST,
            status=CaseStatus.WITHDRAWN,
            reason=Reason.DUPLICATE,
            date=date(2026, 5, 1),
            release="2026.2",
            successor=SECOND,
        ),
    )


def test_a_repository_id_may_be_a_number(tmp_path: Path) -> None:
    assert list(read_ledger(write(tmp_path, [make_line(repository_id=1001)])).owned()) == [KEYS[0]]


def wrong_check_character() -> str:
    return FIRST[:-1] + ("0" if FIRST[-1] != "0" else "1")


NOT_JSON = ": the line is not one valid JSON object; repair it [not-json]."
STATUSES = "'published', 'withdrawn' or 'suppressed'"


@pytest.mark.parametrize(
    "line, told",
    [
        ("{", NOT_JSON),
        ('{"id": NaN}', NOT_JSON),
        ("[" * 9000, NOT_JSON),
        ("[]", ": an object is expected here [wrong-type]."),
        ("x" * 10_001, ": the line has more than 10,000 bytes [too-long]."),
        ('{"id": "a", "id": "b"}', ": a field stands twice; remove one [duplicate-key]."),
        (
            make_line(id=wrong_check_character()),
            ", id: this is no case id, or one of its characters is wrong [wrong-form].",
        ),
        (make_line(id=FIRST.lower()), ", id: a case id is written AMA-xxxx-xxxx here [wrong-form]."),
        (make_line(drop="status"), ", status: the field is missing; add it [field-missing]."),
        (
            make_line(status="gone"),
            f", status: the value is not one of {STATUSES}; correct it [unknown-code].",
        ),
        (
            make_line(note="x"),
            ", note: the field is not known here; remove it or correct its spelling [field-unknown].",
        ),
        (
            make_line(release="a b"),
            ", release: the value does not have the expected form; see docs/input.md [wrong-form].",
        ),
        (make_line(successor=FIRST, status="withdrawn"), ": a case cannot be its own successor [wrong-form]."),
        (make_line(reason="error"), ": a published case has neither reason nor successor [wrong-form]."),
        (make_line(date="soon"), ", date: a date such as 2026-03-31 is expected here [wrong-form]."),
    ],
)
def test_a_broken_line_is_named_by_its_number(tmp_path: Path, line: dict[str, Any] | str, told: str) -> None:
    assert failure(write(tmp_path, [make_line(2), line])) == f", line 2{told}"


def test_an_id_never_changes_its_key_in_silence_nor_a_key_its_id(tmp_path: Path) -> None:
    told = failure(write(tmp_path, [make_line(1), make_line(2), make_line(2, id=FIRST, release="2026.2")]))
    assert (
        told == ", line 3: the id belongs to another key; an id changes its key only by `renumbered_from` [id-reused]."
    )
    told = failure(write(tmp_path, [make_line(1), make_line(1, id=SECOND)]))
    assert (
        told == ", line 2: the key already has another id; a key changes its id only by `key_from` [key-with-two-ids]."
    )


MOVED = {"session_id": "session_002", "renumbered_from": {"session_id": "session_001", "misalignment_id": "M001"}}
M002 = {"session_id": "session_001", "misalignment_id": "M002"}


def test_a_renumbered_case_keeps_its_id_and_its_old_key_is_an_alias(tmp_path: Path) -> None:
    ledger = read_ledger(write(tmp_path, [make_line(1), make_line(1, release="2026.2", **MOVED)]))
    moved = make_key(1, session_id="session_002")
    assert ledger.owned() == {KEYS[0]: FIRST, moved: FIRST}
    assert ledger.aliases == {FIRST: (KEYS[0], moved)}


def test_two_cases_can_change_places_in_one_release_when_both_lines_say_so(tmp_path: Path) -> None:
    first = make_line(
        2, id=FIRST, release="2026.2", key_from=SECOND, renumbered_from={**M002, "misalignment_id": "M001"}
    )
    second = make_line(1, id=SECOND, release="2026.2", key_from=FIRST, renumbered_from=M002)
    ledger = read_ledger(write(tmp_path, [make_line(1), make_line(2), first, second]))
    assert ledger.owned() == {KEYS[0]: SECOND, KEYS[1]: FIRST}
    told = failure(write(tmp_path, [make_line(1), make_line(2), first]))
    assert told == ", line 3: the key has two published ids after this release; a key never has two [key-with-two-ids]."


@pytest.mark.parametrize(
    "line, rule",
    [
        ({**MOVED, "renumbered_from": {**M002, "misalignment_id": "M003"}}, "id-reused"),
        ({"renumbered_from": {**M002, "misalignment_id": "M001"}}, "renumbered-from-nothing"),
        ({"session_id": "session_002"}, "id-reused"),
        ({"key_from": SECOND}, "key-from-nobody"),
        ({**MOVED, "key_from": SECOND}, "key-from-nobody"),
        ({**MOVED, "repository_id": "7"}, "id-reused"),
        ({"release": "2026.1"}, "id-twice"),
    ],
)
def test_a_key_changes_only_as_the_line_says(tmp_path: Path, line: dict[str, Any], rule: str) -> None:
    told = failure(write(tmp_path, [make_line(1), make_line(2), make_line(1, **{"release": "2026.2", **line})]))
    assert told.startswith(", line 3: ") and told.endswith(f"[{rule}].")


def test_a_suppressed_case_never_returns_and_has_no_digest(tmp_path: Path) -> None:
    gone = make_line(1, status="suppressed", release="2026.2", reason="privacy", digest=None)
    assert failure(write(tmp_path, [make_line(1), gone, make_line(1, release="2026.3")])) == (
        ", line 3: the id was suppressed, and what is suppressed never changes again [suppressed-returned]."
    )
    told = failure(write(tmp_path, [make_line(1), {**gone, "digest": "0123456789abcdef"}]))
    assert told == ", line 2: a suppressed case has neither digest nor successor [wrong-form]."


def test_lines_of_one_release_stand_together(tmp_path: Path) -> None:
    told = failure(write(tmp_path, [make_line(1), make_line(2, release="2026.2"), make_line(3)]))
    assert told == (
        ", line 3: its release has ended before; lines of one release stand together [release-out-of-order]."
    )


def test_a_successor_must_be_in_the_ledger(tmp_path: Path) -> None:
    lines = [make_line(1), make_line(1, status="withdrawn", successor=SECOND, release="2026.2")]
    assert failure(write(tmp_path, lines)) == ", line 2: the successor is no id of this ledger [successor-unknown]."
    assert len(read_ledger(write(tmp_path, [*lines, make_line(2, release="2026.2")])).entries) == 3


def test_bytes_that_are_no_text_and_folders_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(b'{"id": "\xff"}\n')
    assert failure(path) == ", line 1: the line is not one valid JSON object; repair it [not-json]."
    assert failure(tmp_path) == " cannot be read: Is a directory."


REQUEST = {"date": "2026-05-01", "reason": "privacy"}


def test_suppressions_name_a_case_a_session_or_a_repository(tmp_path: Path) -> None:
    lines: list[dict[str, Any] | str] = [
        {"id": FIRST, **REQUEST},
        {"source": "specstory", "repository_id": 1001, "session_id": "session_001", **REQUEST},
        {"source": "swe", "repository_id": "7", **REQUEST, "reason": "owner-request"},
    ]
    case, session, repository = read_suppressions(write(tmp_path, lines))
    other_session = make_key(session_id="session_002")
    assert [case.matches(FIRST, KEYS[0]), case.matches(SECOND, KEYS[1])] == [True, False]
    assert [session.matches(SECOND, KEYS[1]), session.matches(THIRD, other_session)] == [True, False]
    assert repository.matches(THIRD, make_key(source="swe", repository_id="7", session_id="any"))
    assert not repository.matches(THIRD, make_key(source="specstory", repository_id="7"))
    assert not repository.matches(THIRD, make_key(source="swe", repository_id="77"))
    assert repository.tombstone(THIRD) == Tombstone(
        id=THIRD, status=CaseStatus.SUPPRESSED, reason=Reason.OWNER_REQUEST, date=date(2026, 5, 1)
    )


def test_an_id_in_a_suppression_may_be_typed_loosely(tmp_path: Path) -> None:
    typed = FIRST.removeprefix("AMA-").replace("-", " ").upper()
    (found,) = read_suppressions(write(tmp_path, [{"id": typed, **REQUEST}]))
    assert found == Suppression(id=FIRST, date=date(2026, 5, 1), reason=Reason.PRIVACY)


def test_no_file_suppresses_nothing(tmp_path: Path) -> None:
    assert read_suppressions(tmp_path / "nowhere.jsonl") == ()


@pytest.mark.parametrize(
    "line",
    [
        REQUEST,
        {"source": "specstory", **REQUEST},
        {"repository_id": "7", **REQUEST},
        {"id": FIRST, "source": "specstory", "repository_id": "7", **REQUEST},
        {"id": wrong_check_character(), **REQUEST},
        {"id": FIRST, "reason": "privacy"},
        {"id": FIRST, "date": "2026-05-01"},
        {"id": FIRST, **REQUEST, "reason": "they asked nicely"},
        {"id": FIRST, **REQUEST, "comment": "by Ada Example"},
        {"source": "git", "repository_id": "7", **REQUEST},
    ],
)
def test_a_suppression_that_could_miss_its_target_is_an_error(tmp_path: Path, line: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="line 1") as error:
        read_suppressions(write(tmp_path, [line]))
    assert "Ada" not in error.value.diagnostics()
    assert "nicely" not in error.value.diagnostics()
