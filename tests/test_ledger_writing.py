"""What a release appends to the ledger, and everything that it refuses: then nothing at all is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from building import read_tree
from factories import make_episode
from release_story import Story, first_state, make_case

from atlas_build.cli import main
from atlas_build.errors import PublishError
from atlas_build.model.ledger import CaseStatus, Ledger, LedgerEntry, Reason, Tombstone
from atlas_build.publish.ledger import Outcome, append, draft_entries, refuse_mass_withdrawal, write_entries
from atlas_build.publish.releases import describe_case

DAY = date(2026, 11, 20)


def publish(ledger: Ledger, *episodes: Any, release: str, **more: Any) -> Ledger:
    cases = {one.id: describe_case(one) for one in episodes}
    outcome = Outcome(**{"cases": cases, "tombstones": {}, "held": {}, "reasons": {}, **more})
    return Ledger((*ledger.entries, *draft_entries(ledger, outcome, release, DAY)))


def lines_of(ledger: Ledger, release: str) -> list[tuple[str, str]]:
    return [(entry.id, entry.status.value) for entry in ledger.entries if entry.release == release]


FIRST, SECOND, THIRD = (make_episode(number=number) for number in (1, 2, 3))


def test_a_release_writes_one_line_an_id_and_change() -> None:
    ledger = publish(Ledger(), FIRST, SECOND, release="2026.09.0")
    assert lines_of(ledger, "2026.09.0") == [(case_id, "published") for case_id in sorted([FIRST.id, SECOND.id])]
    revised = make_episode(number=1, form="S2")
    ledger = publish(ledger, revised, THIRD, release="2026.10.0")
    assert lines_of(ledger, "2026.10.0") == sorted(
        [(FIRST.id, "published"), (SECOND.id, "withdrawn"), (THIRD.id, "published")]
    )
    assert publish(ledger, revised, THIRD, release="2026.11.0") == ledger
    assert lines_of(publish(ledger, revised, SECOND, THIRD, release="2026.11.0"), "2026.11.0") == [
        (SECOND.id, "published")
    ]


def test_a_withdrawn_case_says_why_and_who_continues_it() -> None:
    ledger = publish(Ledger(), FIRST, SECOND, release="2026.09.0")
    more = {"reasons": {SECOND.id: Reason.LICENSE}, "successors": {SECOND.id: FIRST.id}}
    (line,) = publish(ledger, FIRST, release="2026.10.0", **more).entries[2:]
    assert json.loads(write_entries([line])) == {
        "id": SECOND.id, "source": "specstory", "repository_id": "1001", "session_id": "session_001",
        "misalignment_id": "M002", "release": "2026.10.0", "status": "withdrawn", "successor": FIRST.id,
        "reason": "license", "date": "2026-11-20",
    }  # fmt: skip


def test_a_suppressed_case_gets_a_line_without_digest_also_when_it_never_was_published() -> None:
    gone = Tombstone(id=SECOND.id, status=CaseStatus.SUPPRESSED, reason=Reason.PRIVACY, date=date(2026, 11, 2))
    more: dict[str, Any] = {
        "tombstones": {SECOND.id: gone},
        "held": {SECOND.id: (SECOND.key, "a1:0000000000000000:3u")},
    }
    ledger = publish(Ledger(), FIRST, release="2026.09.0", **more)
    entry = ledger.states[SECOND.id]
    assert (entry.status, entry.digest, entry.reason, entry.date) == (
        CaseStatus.SUPPRESSED, None, Reason.PRIVACY, date(2026, 11, 2),
    )  # fmt: skip
    assert publish(ledger, FIRST, release="2026.10.0", **more) == ledger
    with pytest.raises(PublishError, match="suppressed-returned"):
        publish(ledger, FIRST, SECOND, release="2026.10.0")


def test_two_ids_for_one_key_are_refused() -> None:
    ledger = publish(Ledger(), FIRST, release="2026.09.0")
    with pytest.raises(PublishError, match="key-with-two-ids"):
        publish(ledger, FIRST, make_episode(number=1, id=SECOND.id), release="2026.10.0")


def entries_of(count: int, status: CaseStatus = CaseStatus.PUBLISHED, release: str = "2026.09.0") -> list[LedgerEntry]:
    episodes = [make_episode(number=number) for number in range(1, count + 1)]
    return [LedgerEntry(id=one.id, **one.key._asdict(), release=release, status=status) for one in episodes]


@pytest.mark.parametrize(
    "published, going, allowed, is_refused",
    [
        (20, 2, None, False), (20, 3, None, True), (20, 3, 2, True), (20, 3, 3, False), (9, 1, None, True),
        (9, 1, 1, False), (0, 0, None, False), (20, 1, 0, True),
    ],
)  # fmt: skip
def test_more_than_a_tenth_goes_only_when_told_so(
    published: int, going: int, allowed: int | None, is_refused: bool
) -> None:
    ledger = Ledger(tuple(entries_of(published)))
    gone = entries_of(going, CaseStatus.WITHDRAWN, "2026.10.0")
    if not is_refused:
        refuse_mass_withdrawal(ledger, gone, allowed)
        return
    with pytest.raises(PublishError, match=f"take out {going} of {published} ") as error:
        refuse_mass_withdrawal(ledger, gone, allowed)
    assert f"--allow-withdrawals {going}" in error.value.hint


def test_lines_are_appended_and_what_stands_there_stays() -> None:
    assert append(b"", b"x\n") == b"x\n"
    assert append(b"a\n", b"x\n") == b"a\nx\n"
    assert append(b"a", b"x\n") == b"a\nx\n"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = Story(tmp_path_factory.mktemp("released"))
    story.release(0)
    return story


@pytest.fixture
def copy(released: Story, tmp_path: Path) -> Story:
    """A corpus with one release, to break."""
    story = Story(tmp_path)
    story.write_state(0)
    for name, data in released.books[0].items():
        (story.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (story.corpus / name).write_bytes(data)
    return story


def try_release(story: Story, *options: str, version: str = "2026.10.0", day: str = "2026-10-12") -> int:
    out = story.folder / "out"
    command = ["release", str(story.corpus), "--version", version, "--date", day, "--out", str(out), "--quiet"]
    return main([*command, "--jobs", "1", *options])


def assert_refused(story: Story, capsys: pytest.CaptureFixture[str], words: str, **how: Any) -> None:
    before = read_tree(story.folder)
    assert try_release(story, **how) == 1
    assert words in capsys.readouterr().err
    assert read_tree(story.folder) == before


@pytest.mark.parametrize(
    "how, words",
    [
        ({"version": "2026.09.0"}, "release 2026.09.0 exists already"),
        ({"version": "2026.08.3"}, "release 2026.08.3 is not newer than 2026.09.0"),
        ({"version": "2026.9.1"}, "the version is not well-formed"),
        ({"version": "../../2026.10.0"}, "the version is not well-formed"),
        ({"day": "2026-09-13"}, "the date 2026-09-13 is before that of release 2026.09.0, 2026-09-14"),
    ],
)
def test_a_release_must_be_newer_than_the_last(
    copy: Story, capsys: pytest.CaptureFixture[str], how: dict[str, str], words: str
) -> None:
    assert_refused(copy, capsys, words, **how)


Break = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


@pytest.mark.parametrize(
    "breaking, words",
    [
        (lambda lines: lines[1:], "has lost ids that release 2026.09.0 knows [id-lost]"),
        (lambda _: [], "has lost ids that release 2026.09.0 knows [id-lost]"),
        (lambda lines: [{**lines[0], "digest": "c1:00000000"}, *lines[1:]], "[ledger-changed]"),
        (lambda lines: [{**lines[0], "misalignment_id": "M099"}, *lines[1:]], "[ledger-changed]"),
        (lambda lines: [{**lines[0], "status": "withdrawn", "digest": None}, *lines[1:]], "[ledger-changed]"),
        (lambda lines: [{**lines[0], "id": lines[1]["id"]}, *lines[1:]], "[id-twice]"),
        (lambda lines: [{**line, "release": "2026.08.0"} for line in lines], "[release-unknown]"),
        (lambda lines: [*lines, {**lines[0], "release": "2026.09.1", "digest": "c1:00000000"}], "[release-unknown]"),
        (lambda lines: [{**lines[0], "status": "gone"}, *lines[1:]], "line 1, status: the value is not one of"),
    ],
)  # fmt: skip
def test_a_ledger_that_was_tampered_with_stops_release_and_build(
    copy: Story, capsys: pytest.CaptureFixture[str], breaking: Break, words: str
) -> None:
    path = copy.corpus / "ledger" / "ids.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in breaking(lines)), encoding="utf-8")
    assert_refused(copy, capsys, words)
    assert main(["build", str(copy.corpus), "--out", str(copy.folder / "out"), "--quiet"]) == 1
    assert words in capsys.readouterr().err


def test_a_lost_or_renamed_release_file_stops_a_release(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy.corpus / "releases"
    (folder / "2026.09.0.json").rename(folder / "2026.09.1.json")
    assert_refused(copy, capsys, "is not the file of the release that it names")
    (folder / "2026.09.1.json").unlink()
    assert_refused(copy, capsys, "has lines of releases without a release file [release-unknown]")


def test_a_broken_release_file_is_named_with_its_field(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.corpus / "releases" / "2026.09.0.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"severity":"DS1"', '"severity":"DS9"', 1), encoding="utf-8")
    assert_refused(copy, capsys, "2026.09.0.json, cases[1].labels.severity: the value is not one of 'DS0'")
    path.write_text(text[:-40], encoding="utf-8")
    assert_refused(copy, capsys, "2026.09.0.json: ")


def test_a_release_that_would_take_out_too_much_writes_nothing(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write(first_state()[3:])
    assert_refused(copy, capsys, "this release would take out 3 of 13 published cases; 1 are allowed")
    assert try_release(copy, "--allow-withdrawals", "2") == 1
    capsys.readouterr()
    assert try_release(copy, "--allow-withdrawals", "3") == 0


def test_a_corpus_that_was_set_back_does_not_replace_a_site_with_a_later_release(
    copy: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    before = copy.read_books()
    assert try_release(copy) == 0
    after = copy.read_books()
    for name in after.keys() - before.keys():
        (copy.corpus / name).unlink()
    for name, data in before.items():
        (copy.corpus / name).write_bytes(data)
    site = read_tree(copy.folder / "out")
    capsys.readouterr()
    assert try_release(copy, version="2026.11.0", day="2026-11-20") == 1
    assert "shows releases that the corpus folder does not have" in capsys.readouterr().err
    assert copy.read_books() == before and read_tree(copy.folder / "out") == site


def test_a_successor_must_continue_a_case_that_goes(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    ids = copy.ids()
    assert try_release(copy, "--successor", f"{ids[1]}={ids[2]}") == 1
    assert f"{ids[2]} cannot continue {ids[1]}" in capsys.readouterr().err
    copy.write(first_state()[1:])
    assert try_release(copy, "--successor", f"{ids[0]}={ids[2]}") == 0
    page = copy.folder / "out" / "c" / ids[0].lower() / "index.html"
    assert f'<a href="../../c/{ids[2].lower()}/">{ids[2]}</a>' in page.read_text(encoding="utf-8")


def test_a_case_whose_license_is_no_longer_admitted_says_so(copy: Story) -> None:
    records = first_state()
    records[0]["license_type"] = "GPL-3.0"
    copy.write(records)
    assert try_release(copy) == 0
    last = json.loads((copy.corpus / "ledger" / "ids.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["id"], last["status"], last["reason"]) == (copy.ids()[0], "withdrawn", "license")


def test_a_case_that_became_a_rejected_candidate_is_withdrawn_and_its_page_says_why(copy: Story) -> None:
    records = first_state()
    rejected = dict.fromkeys(("symptom", "cause", "outcome", "resolution"))
    records[0] |= {**rejected, "label": "INVALID", "invalid_category": "truncation", "note": "the quote ends"}
    copy.write(records)
    assert try_release(copy) == 0
    last = json.loads((copy.corpus / "ledger" / "ids.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["status"], last["reason"]) == ("withdrawn", "upstream-retraction")
    text = (copy.folder / "out" / "c" / copy.ids()[0].lower() / "index.html").read_text(encoding="utf-8")
    assert 'class="page-candidate"' in text and "Withdrawn in" in text
    assert try_release(copy, version="2026.11.0", day="2026-11-20") == 0


def test_a_lost_suppression_does_not_bring_a_case_back(copy: Story) -> None:
    case_id = copy.ids()[0]
    assert main(["suppress", str(copy.corpus), case_id, "--reason", "privacy", "--date", "2026-10-01"]) == 0
    assert try_release(copy) == 0
    (copy.corpus / "suppressions.jsonl").unlink()
    assert try_release(copy, version="2026.11.0", day="2026-11-20") == 0
    text = (copy.folder / "out" / "c" / case_id.lower() / "index.html").read_text(encoding="utf-8")
    assert 'class="page-tombstone"' in text


def test_a_session_stays_held_back_under_another_number(copy: Story) -> None:
    """The session was held back before its number changed; an episode of it that nobody knew stays away, too."""
    asked = ["--source", "specstory", "--repository", "1002", "--session", "session_001", "--reason", "owner-request"]
    assert main(["suppress", str(copy.corpus), *asked, "--date", "2026-10-01"]) == 0
    assert try_release(copy, "--allow-withdrawals", "2") == 0
    records = first_state()
    for record in records:
        if record["repository_id"] == 1002:
            number = {"session_001": "session_002", "session_002": "session_001"}[record["session_id"]]
            record["session_id"] = number
    records.append(make_case(13, "d", "session_002", "M003", repository=1002))
    copy.write(records)
    assert try_release(copy, version="2026.11.0", day="2026-11-20") == 0
    kinds = {
        path.parent.name: path.read_text(encoding="utf-8").split('class="page-')[1].split('"')[0]
        for path in (copy.folder / "out" / "c").glob("*/index.html")
    }
    ids = [case_id.lower() for case_id in copy.ids()]
    assert [kinds[case_id] for case_id in ids] == ["case"] * 7 + ["tombstone"] * 2 + ["case"] * 4
    assert sorted(kinds.values()).count("tombstone") == 3


def test_suppress_says_what_it_holds_back_and_writes_one_line_once(
    copy: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    path, case_id = copy.corpus / "suppressions.jsonl", copy.ids()[0]
    typed = case_id.removeprefix("AMA-").replace("-", "").upper()
    assert main(["suppress", str(copy.corpus), typed, "--reason", "error", "--date", "2026-10-01"]) == 0
    assert f"1 id of the ledger: {case_id}" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == f'{{"id":"{case_id}","date":"2026-10-01","reason":"error"}}\n'
    assert main(["suppress", str(copy.corpus), case_id, "--reason", "privacy"]) == 0
    assert "held back already" in capsys.readouterr().out
    repository = ["--source", "swe", "--repository", "7", "--reason", "privacy", "--date", "2026-10-02"]
    assert main(["suppress", str(copy.corpus), *repository]) == 0
    assert "the ledger knows no case of this" in capsys.readouterr().out
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_a_repository_that_the_ledger_knows_needs_no_source(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--repository", "1002", "--session", "session_001", "--reason", "privacy", "--date", "2026-10-01"]
    assert main(["suppress", str(copy.corpus), *asked]) == 0
    assert json.loads((copy.corpus / "suppressions.jsonl").read_bytes()) == {
        "source": "specstory", "repository_id": "1002", "session_id": "session_001", "date": "2026-10-01",
        "reason": "privacy",
    }  # fmt: skip
    capsys.readouterr()
    assert main(["suppress", str(copy.corpus), "--repository", "7", "--reason", "privacy"]) == 2
    assert "check it, or name it with --source" in capsys.readouterr().err


def test_a_repository_that_two_sources_have_needs_one(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.corpus / "ledger" / "ids.jsonl"
    line = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    lines = [line, {**line, "id": "AMA-7k2d-9qxp", "source": "swe"}]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    assert main(["suppress", str(copy.corpus), "--repository", line["repository_id"], "--reason", "privacy"]) == 2
    assert f"specstory no. {line['repository_id']}, swe no. {line['repository_id']}" in capsys.readouterr().err


def test_a_session_that_one_repository_has_needs_nothing_else(copy: Story, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.corpus / "ledger" / "ids.jsonl"
    line = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    lines = [line, {**line, "id": "AMA-7k2d-9qxp", "repository_id": "1009", "session_id": "session_077"}]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    asked = ["--session", "session_077", "--reason", "privacy", "--date", "2026-10-01"]
    assert main(["suppress", str(copy.corpus), *asked]) == 0
    assert json.loads((copy.corpus / "suppressions.jsonl").read_bytes()) == {
        "source": "specstory", "repository_id": "1009", "session_id": "session_077", "date": "2026-10-01",
        "reason": "privacy",
    }  # fmt: skip
    assert "1 id of the ledger: AMA-7k2d-9qxp" in capsys.readouterr().out


@pytest.mark.parametrize(
    "target",
    [
        [], ["AMA-0000-0001"], ["--source", "swe"], ["--repository", "7"], ["--session", "session_001"],
        ["--source", "swe", "--repository", "seven"], ["--repository", "1002", "--session", "the first"],
    ],
)  # fmt: skip
def test_suppress_refuses_what_names_nothing(copy: Story, target: list[str]) -> None:
    assert main(["suppress", str(copy.corpus), *target, "--reason", "privacy", "--date", "2026-10-01"]) == 2
    assert not (copy.corpus / "suppressions.jsonl").exists()
