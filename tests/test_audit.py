"""The audit shows a maintainer all that was removed, doubtful values first, and stays out of every site."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import ROOT, write_corpus
from factories import make_record
from playwright.sync_api import Page

from atlas_build.auditing import render_audit
from atlas_build.cli import main
from atlas_build.model.placeholder import Kind
from atlas_build.publish.staging import MARKER
from atlas_build.scrub.audit import AROUND, Audit, Confidence, make_audit
from atlas_build.scrub.episodes import Found, Span
from atlas_build.scrub.policy import Entry, ScrubPolicy
from atlas_build.scrub.spreading import SPREAD_RULE

TEMPLATES = ROOT / "templates"
CASE = "AMA-0001-0001"


@pytest.fixture(scope="module")
def policy() -> ScrubPolicy:
    return ScrubPolicy.load(ROOT / "data")


def span(text: str, value: str, kind: Kind, score: float, rule: str, *, number: int = 0) -> Span:
    start = [match.start() for match in re.finditer(re.escape(value), text)][number]
    return Span(start, start + len(value), kind, f"[{kind}_1]", score, rule)


def audit_of(policy: ScrubPolicy, text: str, *spans: Span, contexts: int = 5, idle: tuple[Entry, ...] = ()) -> Audit:
    found = {CASE: Found({"description": tuple(sorted(spans, key=lambda one: one.start))}, frozenset())}
    return make_audit({CASE: {"description": text}}, found, idle, policy.vocabulary, contexts=contexts)


def page_of(audit: Audit) -> str:
    return "".join(render_audit(audit, TEMPLATES))


def test_borderline_values_come_first_then_kinds_in_their_order(policy: ScrubPolicy) -> None:
    text = "ask Zlatko Kovacevic, mail ida@fjordwerk.no, ls /home/zlatkovic and dear Ottoline"
    audit = audit_of(
        policy,
        text,
        span(text, "ida@fjordwerk.no", Kind.EMAIL, 0.85, "email"),
        span(text, "zlatkovic", Kind.USERNAME, 0.92, "home-path"),
        span(text, "Ottoline", Kind.PERSON, 0.78, "greeting"),
        span(text, "Zlatko Kovacevic", Kind.PERSON, 0.6, "first-name"),
    )
    assert [(group.confidence, group.kind) for group in audit.groups] == [
        (Confidence.BORDERLINE, Kind.PERSON),
        (Confidence.LIKELY, Kind.PERSON),
        (Confidence.CERTAIN, Kind.USERNAME),
        (Confidence.CERTAIN, Kind.EMAIL),
    ]


def test_value_is_shown_with_what_stands_around_it_its_rule_and_how_often(policy: ScrubPolicy) -> None:
    text = "x" * 100 + " /home/zlatkovic/app and Zlatkovic again " + "y" * 100
    audit = audit_of(
        policy,
        text,
        span(text, "zlatkovic", Kind.USERNAME, 0.92, "home-path"),
        span(text, "Zlatkovic", Kind.USERNAME, 0.5, SPREAD_RULE),
    )
    (entry,) = audit.entries
    assert (entry.spelling, entry.score, entry.distinctive) == ("zlatkovic", 0.92, True)
    assert (entry.detected, entry.propagated, dict(entry.rules)) == (1, 1, {"home-path": 1, "spread": 1})
    first, second = entry.contexts
    assert first.before == "…" + "x" * (AROUND - 7) + " /home/"
    assert first.after.startswith("/app and Zlatkovic again yyy")
    assert len(first.after) == AROUND + 1
    assert (first.case_id, first.field, first.is_propagated, second.is_propagated) == (CASE, "description", False, True)


def test_score_is_that_of_the_surest_detection_whatever_comes_first(policy: ScrubPolicy) -> None:
    text = "Zlatkovic and zlatkovic"
    spans = (
        span(text, "Zlatkovic", Kind.PERSON, 0.5, SPREAD_RULE),
        span(text, "zlatkovic", Kind.PERSON, 0.4, "weak"),
    )
    (entry,) = audit_of(policy, text, *spans).entries
    assert entry.score == 0.4
    (propagated,) = audit_of(policy, text, spans[0]).entries
    assert (propagated.score, propagated.detected) == (0.5, 0)


def test_contexts_are_limited_keep_detections_and_the_rest_is_counted(policy: ScrubPolicy) -> None:
    text = "zlatkovic " * 9
    spans = [span(text, "zlatkovic", Kind.USERNAME, 0.5, SPREAD_RULE, number=number) for number in range(8)]
    spans.append(span(text, "zlatkovic", Kind.USERNAME, 0.92, "home-path", number=8))
    audit = audit_of(policy, text, *spans, contexts=2)
    (entry,) = audit.entries
    assert [context.is_propagated for context in entry.contexts] == [False, True]
    assert entry.unshown == 7
    assert "and 7 more places" in page_of(audit)


def test_long_value_is_shown_by_its_ends(policy: ScrubPolicy) -> None:
    text = "-----BEGIN PRIVATE KEY-----" + "Q" * 3000
    page = page_of(audit_of(policy, text, Span(0, len(text), Kind.PRIVATE_KEY, "[PRIVATE_KEY_1]", 1.0, "block")))
    assert "Q" * 201 not in page
    assert "2,627 characters" in page


def test_page_runs_and_loads_nothing_and_says_what_it_is(policy: ScrubPolicy) -> None:
    text = "<script>alert(1)</script> & mail ida@fjordwerk.no \u202eabc"
    page = page_of(audit_of(policy, text, span(text, "ida@fjordwerk.no", Kind.EMAIL, 0.85, "email")))
    assert "This file holds personal data and secrets." in page
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert "<script" not in page and "<link" not in page and " src=" not in page and " style=" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; mail <mark>ida@fjordwerk.no</mark>" in page
    assert "\u202e" not in page and "⟨RLO⟩" in page


def test_policy_names_the_style_element_by_its_digest(policy: ScrubPolicy) -> None:
    page = page_of(audit_of(policy, "nothing"))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style == (TEMPLATES / "audit.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    content = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0]
    assert content.replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_page_shows_idle_entries_with_their_place(policy: ScrubPolicy) -> None:
    page = page_of(audit_of(policy, "x", idle=(Entry("scrub.local.toml", "deny.values.HOST", 2, "quietharbor"),)))
    assert "quietharbor" in page
    assert "scrub.local.toml, deny.values.HOST, entry 2" in page


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    records = [
        make_record(description="ls /Users/zlatkovic/app; mail ida@fjordwerk.no."),
        make_record(misalignment_id="M002", description="zlatkovic said so at quietharbor"),
        make_record(misalignment_id="M003", license_type="GPL-3.0", description="/Users/unlicensed/x"),
    ]
    return write_corpus(tmp_path / "corpus", records)


def run_audit(*arguments: object) -> int:
    return main(["audit", *(str(one) for one in arguments), "--no-cache", "--jobs", "1", "--quiet"])


def audit_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run_audit(*arguments, "--json") == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_command_writes_a_page_for_its_owner_alone(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.html"
    out.write_text("old")
    out.chmod(0o644)
    assert run_audit(corpus, "--out", out) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    page = out.read_text(encoding="utf-8")
    assert "<mark>zlatkovic</mark>" in page
    assert "unlicensed" not in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.html", "corpus"]


def test_json_tells_the_same_without_a_page(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = audit_json(capsys, corpus)
    assert not (tmp_path / "audit.html").exists()
    assert result["episodes"] == 2
    account = next(value for value in result["values"] if value["value"] == "zlatkovic")
    assert (account["kind"], account["confidence"], account["distinctive"]) == ("USERNAME", "certain", True)
    assert (account["detected"], account["propagated"], account["cases"]) == (1, 1, 2)
    assert account["contexts"][0]["rule"] == "home-path"
    assert account["contexts"][0]["before"] == "ls /Users/"
    assert account["contexts"][0]["placeholder"] == "[USERNAME_1]"


@pytest.mark.parametrize("place", ["audit.html", "c/deep/audit.html"])
def test_page_is_never_written_into_a_site(
    corpus: Path, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    (site / place).parent.mkdir(parents=True)
    (site / MARKER).write_text("ours")
    assert run_audit(corpus, "--out", site / place) == 1
    assert not (site / place).exists()
    assert "would be inside a site" in capsys.readouterr().err


def test_link_into_a_site_is_followed_and_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MARKER).write_text("ours")
    (tmp_path / "shortcut").symlink_to(tmp_path / "site")
    assert run_audit(corpus, "--out", tmp_path / "shortcut" / "audit.html") == 1


def test_entries_that_match_nothing_are_listed_by_audit_and_noted_by_builds_without_their_value(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "policy", data / "policy")
    shutil.copytree(ROOT / "data" / "codebook", data / "codebook")
    (data / "policy" / "scrub.local.toml").write_text(
        '[allow]\nvalues = ["IDA@fjordwerk.no", "nobody@fjordwerk.no"]\npatterns = ["zzz+"]\n'
        '[deny.values]\nHOST = ["quietharbor", "loudharbor"]\n',
        encoding="utf-8",
    )
    result = audit_json(capsys, corpus, "--data", data)
    local = [entry for entry in result["idle_entries"] if entry["file"] == "scrub.local.toml"]
    assert [(entry["section"], entry["number"], entry["value"]) for entry in local] == [
        ("allow.values", 2, "nobody@fjordwerk.no"),
        ("allow.patterns", 1, "zzz+"),
        ("deny.values.HOST", 2, "loudharbor"),
    ]
    report = tmp_path / "report.json"
    options = ["--out", tmp_path / "site", "--data", data, "--no-cache", "--jobs", "1", "--report", report, "--quiet"]
    assert main(["build", str(corpus), *map(str, options)]) == 0
    (note,) = [note for note in json.loads(report.read_text())["notes"] if "matched nothing" in note]
    assert "scrub.local.toml, deny.values.HOST, entry 2" in note
    assert "harbor" not in note and "nobody" not in note


def test_page_filters_without_a_script(
    policy: ScrubPolicy, tmp_path: Path, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    text = "ask Zlatko Kovacevic, ls /home/zlatkovic and zlatkovic"
    audit = audit_of(
        policy,
        text,
        span(text, "zlatkovic", Kind.USERNAME, 0.92, "home-path"),
        span(text, "Zlatko Kovacevic", Kind.PERSON, 0.6, "first-name"),
    )
    (tmp_path / "audit.html").write_text(page_of(audit), encoding="utf-8")
    page = new_page(viewport=(320, 800), java_script_enabled=True)
    page.goto((tmp_path / "audit.html").as_uri())
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    account = page.locator("summary", has_text="zlatkovic").last
    assert account.is_visible()
    page.get_by_role("checkbox", name="Certain").uncheck()
    assert not account.is_visible()
    assert page.locator("summary", has_text="Zlatko Kovacevic").is_visible()
