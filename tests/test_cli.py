"""The command line's contract: exit codes, what goes to stdout and stderr, and that no message quotes the corpus."""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from building import ROOT, build, case_id, process_environment, run_atlas, write_corpus
from factories import make_record, make_rejected_record

from atlas_build import pipeline
from atlas_build.cli import main
from atlas_build.terminal import TerminalReport

MARKER = "Quagga7Zeppelin"
COMMANDS = ("build", "serve", "check", "scrub", "audit", "licenses", "inspect")


@dataclass(frozen=True)
class Outcome:
    code: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Outcome]]:
    """run("licenses", "MIT", stdin=b"..."): one command in this process."""
    handler = signal.getsignal(signal.SIGTERM)

    def command(*arguments: str | Path, stdin: bytes | str = b"") -> Outcome:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        code = main([str(argument) for argument in arguments])
        printed = capsysbinary.readouterr()
        return Outcome(code, printed.out.decode(), printed.err.decode())

    yield command
    signal.signal(signal.SIGTERM, handler)


# The whole


def test_the_module_runs_and_its_help_names_every_command() -> None:
    result = run_atlas("--help")
    assert result.returncode == 0
    assert result.stderr == b""
    text = result.stdout.decode()
    assert "misalignment-atlas" in text
    assert [name for name in COMMANDS if not re.search(rf"^ +{name} ", text, re.MULTILINE)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_for_each_option(command: str, run: Callable[..., Outcome]) -> None:
    outcome = run(command, "--help")
    assert outcome.code == 0
    options = re.findall(r"^  (--?\w[\w-]*[^\n]*)((?:\n {20,}[^\n]*)*)", outcome.stdout, re.MULTILINE)
    assert options
    for usage, more in options:
        assert re.search(r"\S {2,}\S", usage) or more.strip(), f"{command} {usage} is not explained"


def test_the_version_is_that_of_the_package(run: Callable[..., Outcome]) -> None:
    from atlas_build import __version__

    assert run("--version").stdout == f"misalignment-atlas {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["paint"], ["build"], ["build", "x.json", "--jobs", "0"], ["build", "x.json", "--jobs", "many"],
        ["build", "x.json", "--base-url", "atlas.example.org"], ["build", "x.json", "--base-url", "ftp://example.org"],
        ["build", "x.json", "--base-url", "https://example.org/?a=b"], ["build", "x.json", "--data", "/nowhere"],
        ["inspect"], ["licenses", "--data", "/nowhere", "MIT"], ["scrub", "--data", "/nowhere"],
        ["build", "x.json", "--colour"], ["serve", "--port", "high"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_call_that_cannot_work_is_a_usage_error(arguments: list[str], run: Callable[..., Outcome]) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr != ""


# build


def test_the_summary_says_what_came_in_what_went_out_and_what_it_cost(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    records = [
        make_record(description="Write to dev@quackmail.net or other@quackmail.net."),
        make_record(misalignment_id="M002", license_type="GPL-3.0"),
        make_record(misalignment_id="M003", license_type="NO_LICENSE"),
        make_record(misalignment_id="M004", license_type="NO_LICENSE"),
        make_rejected_record(misalignment_id="M005"),
        make_record(misalignment_id="M006", drop=["evidence"]),
        make_record(misalignment_id="M007"),
    ]
    order = {"id": case_id(records[6]), "date": "2026-01-01", "reason": "privacy"}
    corpus = write_corpus(tmp_path / "corpus", records, suppressions=[order])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert outcome.code == 0
    summary = dict(re.findall(r"^(\S.*?|  \S.*?)  +([\d,.]+(?: MB)?)$", outcome.stdout, re.MULTILINE))
    stages = ["read", "license gate", "scrub", "index", "render", "check", "publish"]
    times: dict[str, str] = {}
    for name in [*(f"  {stage}" for stage in stages), "scrubbed before (cache)", "scrubbed now"]:
        times[name] = summary.pop(name, "")
    assert summary == {
        "read": "7", "well-formed": "6", "set aside": "1", "valid": "5", "admitted": "2",
        "excluded": "3", "  no-license": "2", "  not-permissive": "1", "suppressed": "1",
        "scrubbed spans": "2", "  EMAIL": "2", "published": "1", "rejected candidates, apart": "1", "tombstones": "1",
        "files": summary["files"], "bytes": summary["bytes"], "seconds": summary["seconds"],
        "peak memory": summary["peak memory"],
    }  # fmt: skip
    assert [stage for stage in stages if not re.fullmatch(r"\d+\.\d\d", times[f"  {stage}"])] == []
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert summary["files"] == f"{len(files):,}"
    assert summary["bytes"] == f"{sum(path.stat().st_size for path in files):,}"
    assert re.fullmatch(r"[1-9]\d* MB", summary["peak memory"])
    assert "no base URL" in outcome.stdout


def test_progress_goes_to_stderr_one_line_a_stage(run: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert [line for line in outcome.stderr.splitlines() if line.endswith(" ...")] == [
        f"{stage} ..." for stage in ("read", "license gate", "scrub", "index", "render", "check", "publish")
    ]


def test_many_findings_are_cut_and_the_report_has_them_all(run: Callable[..., Outcome], tmp_path: Path) -> None:
    records = [make_record(misalignment_id=f"M{number:03}", drop=["evidence"]) for number in range(30)]
    corpus, path = write_corpus(tmp_path / "corpus", records), tmp_path / "report.json"
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1", "--report", path)
    assert "30 set aside:" in outcome.stderr
    assert outcome.stderr.count("[field-missing]") == 20
    assert "... and 10 more; --report FILE lists all" in outcome.stderr
    assert len(json.loads(path.read_text(encoding="utf-8"))["set_aside"]) == 30


def test_a_terminal_sees_a_line_a_stage_and_no_codes_are_left_behind() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    before = threading.active_count()
    with TerminalReport(stream, quiet=False) as report:
        with report.stage("read"):
            report.advance(5, 10)
            assert threading.active_count() == before, "a process with threads cannot be forked"
        report.ended()
    assert "read" in stream.getvalue()
    assert report.seconds.keys() == {"read"}


def test_quiet_prints_nothing_when_all_is_well(run: Callable[..., Outcome], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record(), make_record(misalignment_id="M002", drop=["evidence"])])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1", "--quiet")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")


def test_quiet_still_prints_errors(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("build", tmp_path / "nowhere.json", "--out", tmp_path / "site", "--quiet")
    assert outcome.code == 1
    assert outcome.stdout == ""
    assert "nowhere.json does not exist" in outcome.stderr


def test_the_report_holds_the_counts_and_findings_as_json(run: Callable[..., Outcome], tmp_path: Path) -> None:
    records = [make_record(), make_record(misalignment_id="M002", drop=["evidence"])]
    corpus, path = write_corpus(tmp_path / "corpus", records), tmp_path / "report.json"
    assert run("build", corpus, "--out", tmp_path / "site", "--jobs", "1", "--quiet", "--report", path).code == 0
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["ok"] is True
    assert report["error"] == ""
    counts = {name: report["counts"][name] for name in ("read", "well_formed", "set_aside", "valid", "published")}
    assert counts == {"read": 2, "well_formed": 1, "set_aside": 1, "valid": 1, "published": 1}
    assert report["set_aside"] == [
        {
            "rule": "field-missing",
            "where": "misalignments.json, record 2",
            "key": "specstory/1001/session_001/M002",
            "field": "evidence",
            "message": "the field is missing; add it",
        }
    ]
    assert report["warnings"] == []
    assert sorted(report["seconds"]) == sorted(("read", "license gate", "scrub", "index", "render", "check", "publish"))
    assert report["peak_memory_bytes"] > 10_000_000


def test_an_unexpected_exception_is_a_bug_and_its_words_are_not_printed(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise ValueError(f"cannot digest {MARKER}")

    monkeypatch.setattr(pipeline, "build_index", explode)
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert outcome.code == 3
    assert MARKER not in outcome.stdout + outcome.stderr
    assert "bug: ValueError; nothing was published" in outcome.stderr
    assert "pipeline.py" in outcome.stderr
    assert list(tmp_path.iterdir()) == [corpus]


def test_a_bug_in_the_scrubber_stops_the_build(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from atlas_build.scrub.detection import Detector

    def explode(self: object, text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(Detector, "detect", explode)
    corpus = write_corpus(tmp_path / "corpus", [make_record(name=MARKER, description="In no other test.")])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert outcome.code in (1, 3)
    assert MARKER not in outcome.stdout + outcome.stderr
    assert not (tmp_path / "site").exists()


def test_a_leak_stops_the_build_and_is_told_without_the_value(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the render stage is made to write what the scrubber removed."""
    render = pipeline.render_site

    def leaky(atlas: Any, assets: Any, templates: Path, target: Any, report: Any) -> None:
        render(atlas, assets, templates, target, report)
        target.write("data/notes.txt", b"write to wilhelmina@quackmail.net\n")

    monkeypatch.setattr(pipeline, "render_site", leaky)
    corpus = write_corpus(tmp_path / "corpus", [make_record(description="Ask wilhelmina@quackmail.net.")])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert outcome.code == 1
    assert "something that was scrubbed is still in the finished site" in outcome.stderr
    assert "data/notes.txt" in outcome.stderr
    assert "wilhelmina" not in outcome.stdout + outcome.stderr
    assert not (tmp_path / "site").exists()


def test_a_site_that_breaks_its_own_rules_is_not_published(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = pipeline.render_site

    def careless(atlas: Any, assets: Any, templates: Path, target: Any, report: Any) -> None:
        render(atlas, assets, templates, target, report)
        target.write("about/index.html", b"<!doctype html><title>x</title><script>alert(1)</script>")

    monkeypatch.setattr(pipeline, "render_site", careless)
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    outcome = run("build", corpus, "--out", tmp_path / "site", "--jobs", "1")
    assert outcome.code == 1
    assert "the finished site breaks its own rules" in outcome.stderr
    assert not (tmp_path / "site").exists()


# check


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    return build(write_corpus(folder / "corpus", [make_record()]), folder / "site").folder


def test_check_is_content_with_a_finished_site(run: Callable[..., Outcome], finished: Path) -> None:
    outcome = run("check", finished, "--jobs", "1")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "no problems\n")


def test_check_lists_what_is_wrong_with_a_damaged_site(
    run: Callable[..., Outcome], finished: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(finished, site)
    (site / "method" / "index.html").unlink()
    about = site / "about" / "index.html"
    about.write_text(about.read_text(encoding="utf-8").replace("<h1>", "<h1 onclick='x()'>"), encoding="utf-8")
    outcome = run("check", site, "--jobs", "1")
    assert outcome.code == 1
    assert any("about/index.html" in line for line in outcome.lines)
    assert any("method/" in line for line in outcome.lines)
    assert outcome.stderr == f"{len(outcome.lines):,} problems\n"


def test_check_of_a_missing_folder_is_an_error(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("check", tmp_path / "nowhere", "--jobs", "1")
    assert outcome.code in (1, 2)
    assert "nowhere" in outcome.stdout + outcome.stderr


# scrub

MIXED = "🙂🙂 漢字 write to zoë@quackmail.net 🙂 and again zoë@quackmail.net, 次に ops@quackmail.net。"


def test_scrub_is_a_filter(run: Callable[..., Outcome]) -> None:
    outcome = run("scrub", stdin="Ask dev@quackmail.net.\r\nNo newline at the end")
    assert outcome.code == 0
    assert outcome.stdout == "Ask [EMAIL_1].\r\nNo newline at the end"


def test_scrub_of_nothing_is_nothing(run: Callable[..., Outcome]) -> None:
    assert run("scrub").stdout == ""
    assert run("scrub", "--jsonl").stdout == ""


def test_scrub_of_other_encodings_is_an_error(run: Callable[..., Outcome]) -> None:
    outcome = run("scrub", stdin=f"{MARKER} caf\xe9".encode("latin-1"))
    assert (outcome.code, outcome.stdout) == (1, "")
    assert "stdin is not UTF-8" in outcome.stderr
    assert MARKER not in outcome.stderr


def test_scrub_jsonl_gives_code_point_offsets_into_the_original(run: Callable[..., Outcome]) -> None:
    line = json.dumps({"text": MIXED, "id": 7, "nested": {"keep": [1, None, "dev@quackmail.net"]}})
    outcome = run("scrub", "--jsonl", stdin=f"{line}\n\n{line}")
    first, second = (json.loads(text) for text in outcome.lines)
    assert first == second
    assert first["id"] == 7
    assert first["nested"] == {"keep": [1, None, "dev@quackmail.net"]}
    assert len(first["spans"]) == 3
    assert [MIXED[span["start"] : span["end"]] for span in first["spans"]] == [
        "zoë@quackmail.net", "zoë@quackmail.net", "ops@quackmail.net",
    ]  # fmt: skip
    assert [(span["type"], span["placeholder"]) for span in first["spans"]] == [
        ("EMAIL", "[EMAIL_1]"), ("EMAIL", "[EMAIL_1]"), ("EMAIL", "[EMAIL_2]"),
    ]  # fmt: skip
    rebuilt, place = "", 0
    for span in first["spans"]:
        rebuilt += MIXED[place : span["start"]] + span["placeholder"]
        place = span["end"]
    assert rebuilt + MIXED[place:] == first["text"]


def test_every_span_has_exactly_the_promised_keys(run: Callable[..., Outcome]) -> None:
    outcome = run("scrub", "--jsonl", stdin='{"text": "Ask dev@quackmail.net."}')
    record = json.loads(outcome.stdout)
    assert record.keys() == {"text", "spans"}
    assert [span.keys() for span in record["spans"]] == [{"start", "end", "type", "placeholder"}]


def test_each_line_is_scrubbed_as_a_text_of_its_own(run: Callable[..., Outcome]) -> None:
    lines = [json.dumps({"text": f"Ask {name}@quackmail.net."}) for name in ("ada", "bob")]
    outcome = run("scrub", "--jsonl", stdin="\n".join(lines))
    assert [json.loads(line)["text"] for line in outcome.lines] == ["Ask [EMAIL_1].", "Ask [EMAIL_1]."]


@pytest.mark.parametrize("line", ["no json", "[1]", '{"words": "x"}', '{"text": 5}', "\N{SNOWMAN}", '"text"'])
def test_a_line_that_is_no_record_is_named_by_its_number(line: str, run: Callable[..., Outcome]) -> None:
    outcome = run("scrub", "--jsonl", stdin=f'{{"text": "fine"}}\n{line.replace("x", MARKER)}\n')
    assert outcome.code == 1
    assert "stdin, line 2" in outcome.stderr
    assert MARKER not in outcome.stderr


# licenses

VERDICT_KEYS = {"raw", "verdict", "reason", "rule", "expression"}


def test_licenses_judges_its_arguments(run: Callable[..., Outcome]) -> None:
    outcome = run("licenses", "MIT", "GPL-3.0", "MIT OR GPL-3.0-only")
    assert outcome.code == 0
    assert len(outcome.lines) == 3
    assert ["admitted" in line for line in outcome.lines] == [True, False, True]


def test_licenses_without_arguments_reads_lines(run: Callable[..., Outcome]) -> None:
    outcome = run("licenses", "--json", stdin="MIT\nNO_LICENSE\n\nO'Saasy\r\n")
    verdicts = [json.loads(line) for line in outcome.lines]
    assert [(verdict["raw"], verdict["verdict"]) for verdict in verdicts] == [
        ("MIT", "admitted"), ("NO_LICENSE", "excluded"), ("", "excluded"), ("O'Saasy", "excluded"),
    ]  # fmt: skip


def test_licenses_as_json_has_exactly_these_keys(run: Callable[..., Outcome]) -> None:
    outcome = run("licenses", "--json", "MIT", "NO_LICENSE", "MIT AND (", "")
    verdicts = [json.loads(line) for line in outcome.lines]
    assert [verdict.keys() for verdict in verdicts] == [VERDICT_KEYS] * 4
    assert verdicts[0] == {
        "raw": "MIT", "verdict": "admitted", "reason": "allowed", "rule": verdicts[0]["rule"], "expression": "MIT",
    }  # fmt: skip


# inspect


def test_inspect_prints_no_free_text(run: Callable[..., Outcome], tmp_path: Path) -> None:
    evidence = [{"turn": f"TURN 1 | {MARKER}", "quote": MARKER, "context": MARKER}]
    axes = {name: {"reasoning": MARKER} for name in ("symptom", "cause", "outcome", "resolution")}
    texts = {"name": MARKER, "description": MARKER, "evidence": evidence, "agent": f"{MARKER} agent", **axes}
    records = [
        make_record(**texts, surprise=MARKER),
        make_record(**texts, misalignment_id="M002", license_type=f"<{MARKER}>"),
        make_record(misalignment_id="M003", confidence=MARKER),
        make_rejected_record(misalignment_id="M004", note=MARKER),
    ]
    corpus = write_corpus(tmp_path / "corpus", records)
    for arguments in (["inspect", corpus], ["inspect", corpus, "--json"], ["inspect", corpus / "misalignments.json"]):
        outcome = run(*arguments)
        assert outcome.code == 0
        assert MARKER not in outcome.stdout + outcome.stderr
    found = json.loads(run("inspect", corpus, "--json").stdout)
    assert found["counts"]["read"] == 4
    assert found["counts"]["set_aside"] == 1
    assert found["files"][0]["dialect"] == "nested annotation records"
    assert found["unknown_fields"] == {"surprise": 1}


def test_inspect_writes_nothing(run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    monkeypatch.chdir(tmp_path)
    run("inspect", corpus)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


# A reader that has gone


def test_a_closed_pipe_is_no_bug(tmp_path: Path) -> None:
    (tmp_path / "names").write_bytes(b"MIT\n" * 20_000)
    with (
        (tmp_path / "names").open("rb") as names,
        subprocess.Popen(
            [sys.executable, "-m", "atlas_build", "licenses"], stdin=names, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd=ROOT, env=process_environment(),
        ) as process,
    ):  # fmt: skip
        assert process.stdout and process.stderr
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 1
    assert errors == b""
