"""Four releases of one corpus, exactly: ledger, release files, notes, tombstones, histories, feeds, comparisons.

Golden files are in tests/golden/releases. To rewrite them after a change that is meant, and read the difference:

    UPDATE_GOLDEN=1 python -m pytest tests/test_release_story.py
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from building import BuiltSite, case_id, read_tree, words
from playwright.sync_api import Page, expect
from release_story import BASE_URL, MAIL, VERSIONS, Story, fourth_state, third_state

from atlas_build.cli import main

GOLDEN = Path(__file__).parent / "golden" / "releases"
ATOM = "{http://www.w3.org/2005/Atom}"
TEXT_BOXES = """cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return [...range.getClientRects()].map(box => [box.left, box.right]);
}"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("story"))
    for number in range(len(VERSIONS)):
        told.release(number)
    return told


def pages_of_cases(site: BuiltSite) -> dict[str, dict[str, Any]]:
    """Id -> kind, history and, of a tombstone, what it says."""
    found: dict[str, dict[str, Any]] = {}
    for path in site.pages:
        if path.startswith("c/"):
            kind = site.kind(path)
            page: dict[str, Any] = {"kind": kind, "history": site.all_words(path, ".events > li")}
            if kind == "tombstone":
                page |= {"facts": site.all_words(path, ".facts > div"), "labels": site.all_words(path, ".strip .code")}
            found[site.words(path, ".plate-id .id")] = page
    return found


def feed_entries(site: BuiltSite) -> list[list[str]]:
    feed = ElementTree.fromstring(site.tree["feed.xml"])
    names = ("id", "published", "updated", "summary")
    entries = [[entry.findtext(f"{ATOM}{name}") or "" for name in names] for entry in feed.iter(f"{ATOM}entry")]
    return [[*fields, summary.split(".  ")[0].split(". ")[0]] for *fields, summary in sorted(entries)]


def diff_json(old: Path, new: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["diff", str(old), str(new), "--json", "--jobs", "1"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def observe(story: Story, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Everything that the golden files hold, by name. The digest of the scrubbing rules changes with every rule."""
    files = {name: data.decode() for name, data in story.books[-1].items()}
    for version, _ in VERSIONS:
        files[f"notes/{version}.md"] = story.sites[-1].tree[f"releases/{version}/notes.md"].decode()
    for (version, _), site in zip(VERSIONS, story.sites, strict=True):
        files[f"pages/{version}.json"] = _write_json(pages_of_cases(site))
        files[f"feeds/{version}.json"] = _write_json(feed_entries(site))
    for (old, _), (new, _) in itertools.pairwise(VERSIONS):
        folder = story.corpus / "releases"
        files[f"diff/{new}.json"] = _write_json(diff_json(folder / f"{old}.json", folder / f"{new}.json", capsys))
    return {name: re.sub(r"s2:[0-9a-f]{16}", "s2:rules-of-the-day", text) for name, text in files.items()}


def _write_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_four_releases_are_exactly_as_reviewed(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    seen = observe(story, capsys)
    if os.environ.get("UPDATE_GOLDEN"):
        assert not os.environ.get("CI"), "golden files are rewritten by people, never in CI"
        for path in GOLDEN.rglob("*"):
            if path.is_file():
                path.unlink()
        for name, text in seen.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text, encoding="utf-8")
    reviewed = {name: data.decode() for name, data in read_tree(GOLDEN).items()}
    assert sorted(seen) == sorted(reviewed)
    for name, text in seen.items():
        assert text == reviewed[name], f"{name} differs from its golden file"


def test_the_ledger_only_grows(story: Story) -> None:
    ledgers = [books["ledger/ids.jsonl"] for books in story.books]
    assert all(new.startswith(old) and new != old for old, new in itertools.pairwise(ledgers))


def test_release_files_change_only_by_a_takedown(story: Story) -> None:
    first, second, third, fourth = (
        {name: data for name, data in books.items() if name.startswith("releases/")} for books in story.books
    )
    assert second | first == second
    mail = story.ids()[6]
    for name, data in second.items():
        old, new = json.loads(data), json.loads(third[name])
        assert mail in {case["id"] for case in old["cases"]} and not old["removed"]
        assert new["removed"] == [
            {"id": mail, "status": "suppressed", "reason": "privacy", "date": "2026-11-02", "release": "2026.11.0"}
        ]
        assert [case for case in old["cases"] if case["id"] != mail] == new["cases"]
        assert {**old, "cases": 0, "removed": 0} == {**new, "cases": 0, "removed": 0}
    assert fourth.keys() - third.keys() == {"releases/2026.12.0.json"}


def test_every_address_of_every_release_has_an_answer_in_all_later_ones(story: Story) -> None:
    """Cases, labels, releases, feeds, downloads; only what has a digest in its name may go: nobody links to it."""
    for place, site in enumerate(story.sites):
        addresses = {path for path in site.tree if not path.startswith(("assets/", "index/"))}
        cases = {path for path in site.pages if path.startswith("c/")}
        assert len(cases) >= 13 and {"feed.xml", "data/ids.txt", "codebook/s3/index.html"} <= addresses
        for later in story.sites[place:]:
            assert addresses - later.tree.keys() == set()
            assert {path for path in cases if later.kind(path) in ("case", "tombstone")} == cases


def test_one_episode_keeps_one_id_through_renumbering_and_no_two_share_one(story: Story) -> None:
    ids = story.ids()
    names = [record["name"] for record in third_state()]
    on_site = {record["id"]: record for record in story.sites[2].records()}
    assert len(on_site) == len(names) - 1
    by_thing = {record["description"] + record["evidence"][0]["quote"]: record["id"] for record in on_site.values()}
    first = {
        record["description"] + record["evidence"][0]["quote"]: record["id"] for record in story.sites[0].records()
    }
    second = {
        record["description"] + record["evidence"][0]["quote"]: record["id"] for record in story.sites[1].records()
    }
    shared = by_thing.keys() & (first | second).keys()
    assert len(shared) == 12
    assert {thing: by_thing[thing] for thing in shared} == {thing: (first | second)[thing] for thing in shared}
    assert [on_site[case]["misalignment_id"] for case in ids[7:9]] == ["M002", "M001"]
    new = next(record for record in on_site.values() if record["name"] == "Broke the ticket page")
    assert new["session_id"] == "session_001" and new["id"] != ids[0]


def test_evidence_tells_episodes_apart_also_when_the_scrubbing_rules_have_changed(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two episodes quote the same turns of one session and have changed places; only their words know."""
    other = Story(tmp_path)
    other.write(third_state())
    for name, data in story.books[1].items():
        (other.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (other.corpus / name).write_bytes(data)
    monkeypatch.setattr("atlas_build.pipeline.describe_scrub_rules", lambda _: "s2:fedcba9876543210")
    found = diff_json(story.sites[1].folder, other.corpus, capsys)
    assert found["scrubbed_otherwise"] is True
    assert set(story.ids()[7:9]) <= set(found["renumbered"])
    assert not set(story.ids()[7:9]) & {one["id"] for one in found["revised"]}


def test_a_build_after_a_release_is_that_release(story: Story, tmp_path: Path) -> None:
    command = ["build", str(story.corpus), "--out", str(tmp_path / "site"), "--base-url", BASE_URL, "--quiet"]
    assert main([*command, "--jobs", "2"]) == 0
    assert read_tree(tmp_path / "site") == story.sites[-1].tree
    assert story.read_books() == story.books[-1]


def test_a_build_with_changes_shows_them_as_not_yet_released(story: Story, tmp_path: Path) -> None:
    records = fourth_state()
    records[0]["outcome"]["damage_severity"] = "DS0"
    other = Story(tmp_path)
    other.write(records)
    for name, data in story.books[-1].items():
        (other.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (other.corpus / name).write_bytes(data)
    assert main(["build", str(other.corpus), "--out", str(tmp_path / "site"), "--quiet", "--jobs", "1"]) == 0
    site = BuiltSite(tmp_path / "site")
    page = f"c/{story.ids()[0].lower()}/index.html"
    assert site.all_words(page, ".events > li") == [
        "First published in 2026.09.0, 14 Sep 2026",
        "Revised since the last release, not yet released severity DS1 → DS0",
    ]
    assert "1 revised" in site.words("releases/index.html", ".hint")
    assert "this is" not in site.words("releases/index.html", ".site-foot > p:last-child")
    assert other.read_books() == story.books[-1]


def test_after_a_takedown_nothing_of_the_case_is_left_in_site_and_release_files(story: Story) -> None:
    mail = story.ids()[6]
    for site in story.sites[2:]:
        page = f"c/{mail.lower()}/index.html"
        assert site.kind(page) == "tombstone"
        assert b"data-history" not in site.tree[page]
        assert site.all_words(page, ".strip .code") == []
        for path, text in site.text.items():
            assert "flange" not in text, path
            if mail.lower() in text.lower():
                assert path in (page, "withdrawn.json") or path.startswith("releases/"), path
    assert all(MAIL not in text for site in story.sites for text in site.text.values())


def test_a_withdrawn_case_keeps_its_labels_until_it_returns(story: Story) -> None:
    page = f"c/{story.ids()[4].lower()}/index.html"
    assert [site.kind(page) for site in story.sites] == ["case", "tombstone", "tombstone", "case"]
    assert story.sites[1].all_words(page, ".strip .code") == ["S4", "C2", "DS1", "RS2"]
    assert "noindex" in story.sites[1].tree[page].decode()


def test_a_site_and_its_release_file_say_the_same(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    """Digests can be made from the download alone."""
    file = story.corpus / "releases" / "2026.12.0.json"
    found = diff_json(file, story.sites[-1].folder, capsys)
    assert [found[name] for name in ("added", "revised", "withdrawn", "suppressed", "renumbered", "flips")] == [[]] * 6


def test_sites_release_files_and_inputs_can_be_compared_in_any_mixture(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    from_files = diff_json(story.corpus / "releases/2026.10.0.json", story.corpus / "releases/2026.12.0.json", capsys)
    from_sites = diff_json(story.sites[1].folder, story.sites[3].folder, capsys)
    to_input = diff_json(story.sites[1].folder, story.corpus, capsys)
    assert from_files["renumbered"] == from_sites["renumbered"] == to_input["renumbered"] != []
    assert from_files["returned"] == from_sites["returned"] == to_input["returned"] == [story.ids()[4]]
    assert from_sites["added"] == to_input["added"] == from_files["added"]


def test_the_diff_for_people_says_what_changed(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    folder = story.corpus / "releases"
    assert main(["diff", str(folder / "2026.09.0.json"), str(folder / "2026.10.0.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    ids = story.ids()
    assert lines[:3] == ["2026.09.0 -> 2026.10.0", "added: 1", f"  {case_id(fourth_state()[-3])}"]
    assert f"  {ids[1]}: cause C6 tier contextual → direct" in lines
    assert f"  {ids[12]}: form S2 → S3, S4" in lines
    assert f"  {ids[4]} (upstream-retraction)" in lines
    assert "  cause: C6 contextual -> C6 direct: 1" in lines


def test_pages_about_releases_are_accessible(
    story: Story, page: Page, serve: Callable[..., str], axe: Callable[..., None]
) -> None:
    url, ids = serve(story.sites[1].folder), story.ids()
    for path in ("releases/", "releases/2026.10.0/", f"c/{ids[1].lower()}/?r=2026.09.0", f"c/{ids[4].lower()}/"):
        page.goto(f"{url}{path}")
        axe(page)


@pytest.mark.parametrize("width", [320, 360, 1440])
def test_pages_about_releases_fit_and_break_no_word(
    story: Story, page: Page, serve: Callable[..., str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    url = serve(story.sites[-1].folder)
    for path in ("releases/", "releases/2026.10.0/", f"c/{story.ids()[4].lower()}/", "data/"):
        page.goto(f"{url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{url}releases/")
    one_line = "cells => cells.every(cell => cell.getBoundingClientRect().height < 50)"
    assert page.locator(".releases :is(th, td)").evaluate_all(one_line)
    page.goto(f"{url}releases/2026.10.0/")
    change = page.locator(".number-groups thead th:last-child")
    assert [len(cell.evaluate(TEXT_BOXES)) for cell in change.all()] == [1] * change.count()
    page.goto(f"{url}data/")
    rows, size = page.locator(".downloads tbody tr").first.locator("td.number").all()
    [[_, end]], [[start, _]] = rows.evaluate(TEXT_BOXES), size.evaluate(TEXT_BOXES)
    assert start - end > 30, "rows and size run into each other"


def test_an_old_link_is_told_what_changed(story: Story, page: Page, serve: Callable[..., str]) -> None:
    url, ids = serve(story.sites[-1].folder), story.ids()
    notice = page.locator(".since-link")
    page.goto(f"{url}c/{ids[1].lower()}/?r=2026.09.0")
    cause = "C6 Instruction-Following Failure"
    expect(notice).to_have_text(
        f"Changed since your link (release 2026.09.0): cause was {cause}, contextual evidence, "
        f"is {cause}, direct evidence."
    )
    page.goto(f"{url}c/{ids[1].lower()}/?r=2026.10.0")
    expect(notice).to_have_text("Unchanged since your link (release 2026.10.0).")
    page.goto(f"{url}c/{ids[1].lower()}/?r=%3Cimg%20src%3Dx%3E")
    expect(notice).to_have_text("Your link names a release that this site does not know.")
    page.goto(f"{url}c/{ids[1].lower()}/")
    expect(notice).to_have_text("")
    page.goto(f"{url}c/{ids[6].lower()}/?r=2026.09.0")
    expect(page.locator("h1")).to_have_text("This case is no longer published")
    expect(notice).to_have_count(0)


def test_release_pages_name_what_came_changed_and_went(story: Story) -> None:
    site, ids = story.sites[-1], story.ids()
    page = "releases/2026.10.0/index.html"
    assert site.all_words(page, ".release-list h2") == ["Added 1", "Revised 3", "Withdrawn 1"]
    assert f"Changed the button without being asked {ids[1]} cause C6 tier contextual → direct" in site.all_words(
        page, ".release-list li"
    )
    assert site.all_words("releases/index.html", "tbody th") == [version for version, _ in reversed(VERSIONS)]
    cells = site.all_words("releases/index.html", "tbody tr:last-child td")
    assert cells == ["14 Sep 2026", "13", "13", "0", "0", "0", "0"]
    assert site.hrefs("index.html", ".site-foot a")[1] == "releases/"


def test_the_numbers_of_a_release_can_be_taken_away_with_caption_and_bases(story: Story) -> None:
    page = story.sites[3].page("releases/2026.12.0/index.html")
    (numbers,) = page.css(".number-groups[data-take='release-2026.12.0-numbers']")
    caption = numbers.attributes["data-caption"] or ""
    assert caption.startswith("Numbers of release 2026.12.0 beside those of 2026.11.0: the funnel counts records")
    assert "replaced values occurrences; everything else counts cases, of which there are" in caption
    parts = [table.attributes["data-part"] for table in numbers.css("table")]
    assert parts == [words(title) for title in numbers.css("caption")]
    assert {cell.attributes.get("data-value") for cell in numbers.css("td:last-child") if words(cell) == "="} == {"0"}
    assert len(page.css(".number-groups + .take")) == 1
