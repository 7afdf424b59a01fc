"""Input that is not as it should be: the right exit code, a message that helps and quotes nothing, no trace left."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from building import build, case_path, read_tree, write_corpus
from factories import make_record

from atlas_build.cli import main

MARKER = "Quagga7Zeppelin"
"""Stands in every bad record and must not come back in any message."""


@dataclass(frozen=True)
class Outcome:
    code: int
    stdout: str
    stderr: str
    report: dict[str, Any]
    everything: str


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that every failing build of this file is told to replace."""
    folder = tmp_path_factory.mktemp("old")
    return build(write_corpus(folder / "corpus", [make_record()]), folder / "published" / "site").folder


@pytest.fixture
def fail(old_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Outcome]]:
    """fail(input, ..., code=1): the build fails with this code, says nothing of the input and leaves everything."""
    before = {path: (data, stamp(old_site / path)) for path, data in read_tree(old_site).items()}

    def run(*arguments: str | Path, code: int = 1) -> Outcome:
        report = tmp_path / "report.json"
        outcome = run_build(capsys, report, *arguments, "--out", old_site)
        assert outcome.code == code
        assert MARKER not in outcome.everything
        assert outcome.stdout == ""
        assert {path: (data, stamp(old_site / path)) for path, data in read_tree(old_site).items()} == before
        assert [path.name for path in old_site.parent.iterdir()] == ["site"]
        return outcome

    yield run


def run_build(capsys: pytest.CaptureFixture[str], report: Path, *arguments: str | Path) -> Outcome:
    code = main(["build", *map(str, arguments), "--report", str(report), "--jobs", "1"])
    printed = capsys.readouterr()
    text = report.read_text(encoding="utf-8") if report.exists() else "{}"
    return Outcome(code, printed.out, printed.err, json.loads(text), printed.out + printed.err + text)


def stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def marked(**fields: Any) -> dict[str, Any]:
    """A record with the marker in every text."""
    evidence = [{"turn": f"TURN 3 | {MARKER}", "quote": MARKER, "context": MARKER}]
    return make_record(**{"name": MARKER, "description": MARKER, "evidence": evidence, **fields})


# Files that cannot be read at all

BROKEN_FILES = {
    "prose": (f"{MARKER} is not JSON", "is not valid JSON at character 1, record 1"),
    "comma": (f'[{{"name": "{MARKER}"}},, {{"name": "{MARKER}"}}]', "is not valid JSON at character 30, record 2"),
    "cut": (json.dumps([marked(), marked(misalignment_id="M002")])[:-400], "ends in the middle of record 2"),
    "shape": (json.dumps([{"title": MARKER}]), "none of its first 1 records has a shape that is known here"),
    "two-lists": (json.dumps({"a": [marked()], "b": [MARKER]}), "is an object with more than one list in it"),
    "number": ("17", "is not valid JSON"),
    "raw-nul": (json.dumps([marked()]).replace(f'"{MARKER}', f'"\0{MARKER}', 1), "is not valid JSON"),
    "latin-1": (json.dumps([marked(name="Café " + MARKER)], ensure_ascii=False).encode("latin-1"), "is not UTF-8 text"),
    "nothing": ("", "is empty"),
    "blanks": (" \n\t ", "is empty"),
    "cut-gzip": (gzip.compress(json.dumps([marked()]).encode(), mtime=0)[:-20], "a gzip file that ends too early"),
    "bad-gzip": (b"\x1f\x8b" + MARKER.encode() * 10, "is a damaged gzip file"),
    "many-opening-brackets": ("[" * 100_000 + MARKER, "ends in the middle of record 1"),
    "viewer-bundle": (json.dumps([{"record_key": MARKER, "name": MARKER}]), "cannot be built from"),
}


@pytest.mark.parametrize("case", BROKEN_FILES)
def test_a_broken_file_stops_the_build_with_a_message_that_says_where(
    case: str, fail: Callable[..., Outcome], tmp_path: Path
) -> None:
    content, message = BROKEN_FILES[case]
    outcome = fail(write(tmp_path / "records.json", content))
    assert "records.json" in outcome.stderr
    assert message in outcome.stderr
    assert outcome.report["ok"] is False
    assert message in outcome.report["error"]


def test_a_string_of_200_megabytes_stops_the_build_early(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    with path.open("wb") as stream:
        stream.write(b'[{"name": "' + MARKER.encode())
        for _ in range(200):
            stream.write(b"a" * 1_000_000)
        stream.write(b'"}]')
    outcome = fail(path)
    assert "record 1 has more than 4,194,304 characters; reading stopped" in outcome.stderr


def test_a_missing_file_is_named(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    assert "nowhere.json does not exist" in fail(tmp_path / "nowhere.json").stderr


def test_a_folder_without_records_is_no_corpus(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert "holds no corpus: there is no misalignments.json" in fail(tmp_path / "corpus").stderr


def test_an_unknown_setting_is_an_error_that_names_the_near_one(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [marked()], settings="smaple = true\n")
    assert "smaple is not a setting; did you mean sample?" in fail(corpus).stderr


def test_a_ledger_that_gives_one_id_to_two_keys_stops_the_build(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    line = {"id": "AMA-0000-0000", "source": "specstory", "repository_id": "1001", "session_id": "session_001",
            "misalignment_id": "M001", "release": "1", "status": "published"}  # fmt: skip
    corpus = write_corpus(
        tmp_path / "corpus", [marked()], ledger=[line, {**line, "misalignment_id": "M002", "release": "2"}]
    )
    assert "ids.jsonl, line 2: the id belongs to another key" in fail(corpus).stderr


@pytest.mark.parametrize(
    "line", ['{"id": "AMA-0000-0001", "date": "2026-01-01", "reason": "privacy"}', '{"reason": "Quagga7Zeppelin"}', "["]
)
def test_a_broken_suppression_stops_the_build(line: str, fail: Callable[..., Outcome], tmp_path: Path) -> None:
    """Fail closed: an order that cannot be read must not be passed over."""
    corpus = write_corpus(tmp_path / "corpus", [marked()])
    write(corpus / "suppressions.jsonl", line + "\n")
    assert "suppressions.jsonl, line 1" in fail(corpus).stderr


# Calls that cannot work


def test_a_corpus_folder_beside_a_file_is_a_usage_error(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [marked()])
    assert "a corpus folder stands alone" in fail(corpus, corpus / "misalignments.json", code=2).stderr


def test_standard_input_given_twice_is_a_usage_error(fail: Callable[..., Outcome]) -> None:
    assert "- is given twice" in fail("-", "-", code=2).stderr


def test_a_report_that_cannot_be_written_is_a_usage_error(
    old_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    out = tmp_path / "site"
    code = main(["build", str(corpus), "--out", str(out), "--quiet", "--jobs", "1", "--report", str(tmp_path)])
    assert code == 2
    assert "cannot write the report" in capsys.readouterr().err


# Records that are set aside

BAD_RECORDS = {
    "unknown-code": marked(symptom={"labels": ["S9"]}),
    "unknown-code-tier": marked(cause={"labels": [{"label": "C1", "evidence_tier": MARKER}]}),
    "field-missing": make_record(drop=["evidence"], name=MARKER),
    "wrong-type": marked(description=[MARKER]),
    "bad-key": marked(session_id=f"../{MARKER}"),
    "not-an-object": [MARKER],
    "wrong-form": marked(agent=f"{MARKER}\x00"),
    "wrong-form-direction": marked(agent=f"{MARKER}\u202egnp.exe"),
    "verdict-contradiction": marked(label="VALID", invalid_category="truncation"),
}


@pytest.mark.parametrize("case", BAD_RECORDS)
def test_a_bad_record_is_set_aside_and_the_others_are_published(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = make_record(misalignment_id="M009")
    corpus = write_corpus(tmp_path / "corpus", [good, BAD_RECORDS[case]])
    outcome = run_build(capsys, tmp_path / "report.json", corpus, "--out", tmp_path / "site")
    assert outcome.code == 0
    assert MARKER not in outcome.everything
    assert "misalignments.json, record 2" in outcome.stderr
    (finding,) = outcome.report["set_aside"]
    assert case.startswith(finding["rule"])
    assert finding["where"] == "misalignments.json, record 2"
    assert outcome.report["counts"]["set_aside"] == 1
    assert outcome.report["counts"]["published"] == 1
    assert (tmp_path / "site" / case_path(good)).is_file()


@pytest.mark.parametrize("escape", [r"\ud83d", r"\udc00", r"\ud800 and \udfff"])
def test_half_a_surrogate_pair_sets_a_record_aside(
    escape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(marked(name="HERE")).replace("HERE", f"{MARKER}{escape}")
    corpus = write_corpus(tmp_path / "corpus", [make_record(misalignment_id="M009"), text])
    outcome = run_build(capsys, tmp_path / "report.json", corpus, "--out", tmp_path / "site")
    assert outcome.code == 0
    assert [finding["rule"] for finding in outcome.report["set_aside"]] == ["lone-surrogate"]
    assert MARKER not in outcome.everything


def test_conflicting_twins_are_both_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twins = [marked(), marked(description=f"{MARKER} again")]
    corpus = write_corpus(tmp_path / "corpus", [make_record(misalignment_id="M009"), *twins])
    outcome = run_build(capsys, tmp_path / "report.json", corpus, "--out", tmp_path / "site")
    assert outcome.code == 0
    assert [finding["rule"] for finding in outcome.report["set_aside"]] == ["key-conflict", "key-conflict"]
    assert [finding["key"] for finding in outcome.report["set_aside"]] == ["specstory/1001/session_001/M001"] * 2
    assert MARKER not in outcome.everything
    counts = outcome.report["counts"]
    assert (counts["read"], counts["well_formed"], counts["set_aside"], counts["published"]) == (3, 1, 2, 1)


def test_strict_makes_a_set_aside_record_fail_the_build(fail: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record(misalignment_id="M009"), BAD_RECORDS["unknown-code"]])
    outcome = fail(corpus, "--strict")
    assert "1 records were set aside" in outcome.stderr
    assert "misalignments.json, record 2" in outcome.stderr
    assert "[unknown-code]" in outcome.stderr
    assert len(outcome.report["set_aside"]) == 1


def test_strict_is_content_with_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    causes = [{"label": "C7", "evidence_tier": None}, {"label": "C1", "evidence_tier": "direct"}]
    corpus = write_corpus(tmp_path / "corpus", [make_record(cause={"labels": causes})])
    outcome = run_build(capsys, tmp_path / "report.json", corpus, "--out", tmp_path / "site", "--strict")
    assert outcome.code == 0
    assert [finding["rule"] for finding in outcome.report["warnings"]] == ["undetermined-cause-not-alone"]


def test_unknown_fields_are_counted_by_name_and_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = make_record(surprise=MARKER, symptom={"extra": MARKER})
    corpus = write_corpus(tmp_path / "corpus", [record])
    outcome = run_build(capsys, tmp_path / "report.json", corpus, "--out", tmp_path / "site")
    assert outcome.code == 0
    assert outcome.report["counts"]["unknown_fields"] == {"surprise": 1, "symptom.extra": 1}
    assert MARKER not in outcome.everything
    assert [path for path, data in read_tree(tmp_path / "site").items() if MARKER.encode() in data] == []


# Input that looks odd and is fine


def test_an_empty_list_builds_an_empty_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "records.json", "[]")
    outcome = run_build(capsys, tmp_path / "report.json", path, "--out", tmp_path / "site")
    assert outcome.code == 0
    assert outcome.report["counts"]["read"] == outcome.report["counts"]["published"] == 0


def test_standard_input_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = gzip.compress(json.dumps([make_record()]).encode())
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    outcome = run_build(capsys, tmp_path / "report.json", "-", "--out", tmp_path / "site")
    assert outcome.code == 0
    assert (tmp_path / "site" / case_path(make_record())).is_file()


@pytest.mark.parametrize("layout", ["lines", "wrapper", "gzip", "byte-order-mark"])
def test_other_layouts_give_the_same_site(layout: str, tmp_path: Path, old_site: Path) -> None:
    text = json.dumps(make_record())
    content = {
        "lines": f"{text}\n\n{text}\n".encode(),
        "wrapper": f'{{"version": 1, "records": [{text}]}}'.encode(),
        "gzip": gzip.compress(f"[{text}]".encode()),
        "byte-order-mark": b"\xef\xbb\xbf" + f"[{text}]".encode(),
    }[layout]
    site = build(write(tmp_path / "anything.txt", content), tmp_path / "site")
    assert {path: data for path, data in site.tree.items() if path.startswith(("c/", "data/"))} == {
        path: data for path, data in read_tree(old_site).items() if path.startswith(("c/", "data/"))
    }
