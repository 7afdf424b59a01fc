"""Taking away in a browser: exports of the whole list, the basket, a case by chance."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from support.explorer import assert_fits, open_explorer, settle
from support.watch import Problems

from atlas_build.model.identity import parse_case_id
from atlas_build.model.ledger import CaseStatus, Tombstone
from atlas_build.render.withdrawn import write_withdrawn

pytestmark = pytest.mark.every_size

CARDS_A_PAGE = 40


def sound_id(body: str) -> str:
    """The id whose first seven characters these are; no case of the sample has it."""
    return next(found for char in "0123456789bcdfghjkmnpqrstvwxz" if (found := parse_case_id(body + char)))


def listed(page: Page) -> list[str]:
    """The ids of all pages of the list, in order."""
    found: list[str] = []
    while True:
        settle(page)
        found += page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")
        further = page.get_by_role("link", name="Next page")
        if further.count() == 0:
            return found
        further.click()
        expect(page.locator("#results")).to_have_attribute("start", str(len(found) + 1))


def hold(page: Page, pattern: str) -> list[Route]:
    """Requests for it, which from now on wait until the test answers them."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(pattern, keep)
    return held


def assert_fits_magnified(page: Page) -> None:
    """Nothing sticks out, also where a desk's page is magnified fourfold: WCAG 2.2, success criterion 1.4.10."""
    assert_fits(page)
    page.set_viewport_size({"width": 320, "height": 740})
    assert_fits(page)


def export(page: Page, name: str) -> str:
    if page.locator("[data-take=export]").get_attribute("aria-expanded") == "false":
        page.get_by_role("button", name="Export", exact=True).click()
    return save(page.get_by_role("group", name="Export"), name)


def save(panel: Locator, name: str) -> str:
    with panel.page.expect_download() as download:
        panel.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes().decode("utf-8")


def records_of(text: str) -> list[dict[str, str]]:
    """The records of an exported CSV, without the comment lines in front."""
    lines = [line for line in text.split("\r\n") if not line.startswith("# ")]
    return list(csv.DictReader(io.StringIO("\r\n".join(lines))))


def test_an_export_holds_all_pages_of_the_list_in_its_order(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?validation=VALID&status=RS2&sort=oldest")
    expected = listed(page)
    assert len(expected) > CARDS_A_PAGE
    answer = page.locator("#answer").inner_text()
    assert answer.startswith(f"{len(expected)} of ")
    text = export(page, "CSV")
    comments = [line for line in text.split("\r\n") if line.startswith("# ")]
    assert "# Query: " in text
    assert any(line.startswith(f"# Cases: {len(expected)} of ") for line in comments)
    mark = hashlib.sha256("".join(f"{case}\n" for case in sorted(expected)).encode()).hexdigest()[:16]
    cited = f"?status=RS2&validation=VALID&sort=oldest&r=unreleased:{len(expected)}:{mark}"
    assert comments[3].endswith(cited)
    assert comments[4].endswith(f", fingerprint {mark}")
    rows = records_of(text)
    assert [row["id"] for row in rows] == expected
    assert {row["status"] for row in rows} == {"RS2"}
    lines = [json.loads(line) for line in export(page, "JSON Lines").splitlines()]
    assert [line["id"] for line in lines[1:]] == expected
    assert lines[0]["about"]["cases"].startswith(f"{len(expected)} of ")
    assert lines[0]["about"]["fingerprint"] == mark
    assert lines[0]["about"]["address"].endswith(cited)
    keys = re.findall(r"@misc\{(\w+),", export(page, "BibTeX"))
    assert keys == [case.lower().replace("-", "_") for case in expected]
    assert re.findall(r"AMA-\w{4}-\w{4}(?= ·)", export(page, "Markdown")) == expected


def test_the_documented_commands_compute_the_fingerprint_of_an_export(
    page: Page, sample_url: str, root: Path, tmp_path: Path
) -> None:
    """The commands of docs/citing.md, as they stand there, on the file that the explorer makes."""
    open_explorer(page, f"{sample_url}?form=S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    text = export(page, "CSV")
    (tmp_path / "cases.csv").write_bytes(text.encode())
    manual = (root / "docs" / "citing.md").read_text(encoding="utf-8").replace("python3", sys.executable)
    commands = [part.strip() for part in manual.split("\n\n") if part.startswith("    ") and "cases.csv" in part]
    assert len(commands) == 2
    stated = re.search(r"^# Cases: \d+ of .*, fingerprint ([0-9a-f]{16})\r$", text, re.M)
    assert stated is not None
    for command in commands:
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == stated[1], command
    assert text.splitlines()[3].endswith(f":{stated[1]}")


def test_an_export_of_words_holds_what_the_words_find(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?q=commit+")
    expected = listed(page)
    lines = [json.loads(line) for line in export(page, "JSON Lines").splitlines()]
    assert [line["id"] for line in lines[1:]] == expected
    assert "with “commit”" in lines[0]["about"]["query"]
    assert all(line["url"].endswith(f"/c/{line['id'].lower()}/") for line in lines[1:])


def test_an_export_of_a_sample_holds_what_was_drawn(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?sample=9&seed=7")
    expect(page.locator("#answer")).to_contain_text("a sample of 9 of 125, seed 7")
    expected = listed(page)
    assert len(expected) == 9
    text = export(page, "CSV")
    assert [row["id"] for row in records_of(text)] == expected
    mark = hashlib.sha256("".join(f"{case}\n" for case in sorted(expected)).encode()).hexdigest()[:16]
    assert text.split("\r\n")[2:5] == [
        "# Query: a sample of 9 of 125, seed 7; newest session first",
        f"# Address: {sample_url}?seed=7&sample=9&r=unreleased:9:{mark}",
        f"# Cases: 9 of 125 cases, fingerprint {mark}",
    ]
    lines = [json.loads(line) for line in export(page, "JSON Lines").splitlines()]
    assert [line["id"] for line in lines[1:]] == expected
    keys = re.findall(r"@misc\{(\w+),", export(page, "BibTeX"))
    assert keys == [case.lower().replace("-", "_") for case in expected]
    assert re.findall(r"AMA-\w{4}-\w{4}(?= ·)", export(page, "Markdown")) == expected


def test_an_export_can_be_stopped_and_says_when_it_fails(
    page: Page, axe: Callable[..., None], sample_url: str, problems: Problems
) -> None:
    problems.allow("cards/|503")
    open_explorer(page, f"{sample_url}?sort=oldest")
    expect(page.locator("#answer")).to_contain_text("oldest")
    page.get_by_role("button", name="Export", exact=True).click()
    group = page.get_by_role("group", name="Export")
    csv_button = group.get_by_role("button", name="CSV")
    page.route("**/cards/*.json", lambda _: None)
    csv_button.click()
    expect(group.get_by_role("progressbar", name="CSV export")).to_be_visible()
    expect(csv_button).to_be_disabled()
    axe(page, include="#taken")
    group.get_by_role("button", name="Cancel").click()
    expect(group).to_contain_text("Export stopped; nothing was saved.")
    expect(csv_button).to_be_focused()
    page.unroute("**/cards/*.json")
    page.route("**/cards/*.json", lambda route: route.fulfill(status=503))
    csv_button.click()
    expect(group).to_contain_text("The cases could not be loaded, so nothing was saved. Try again.")
    expect(csv_button).to_be_focused()
    axe(page, include="#taken")
    page.unroute("**/cards/*.json")
    with page.expect_download():
        csv_button.click()
    expect(csv_button).to_be_focused()


def test_panels_are_accessible_and_fit(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?form=S8")  # a short list: its cards are those of every page
    settle(page)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("group", name="Export")).to_be_visible()
    axe(page)
    assert_fits_magnified(page)
    page.get_by_role("button", name="Basket (1)").click()
    expect(page.locator("#taken .kept li")).to_have_count(1)
    axe(page)
    assert_fits_magnified(page)


def test_a_kept_case_stays_with_its_note_until_it_is_taken_out(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    cards = page.locator("#results article")
    ids = [str(cards.nth(i).get_attribute("data-id")) for i in (0, 2)]
    note = "<b>compare</b> with the other"
    for i in (0, 2):
        cards.nth(i).get_by_role("button", name="Keep").click()
    expect(cards.nth(2).get_by_role("button", name="Keep")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Basket (2)").click()
    page.get_by_label(f"Note on {ids[1]}").fill(note)
    page.reload()
    expect(page.locator("#results .keep[aria-pressed=true]")).to_have_count(2)
    page.get_by_role("button", name="Basket (2)").click()
    expect(page.get_by_label(f"Note on {ids[1]}")).to_have_value(note)
    taken = page.locator("#taken")
    text = save(taken, "CSV")
    assert f"# Address: {sample_url}#basket={','.join(ids)}\r\n# Cases: 2 of 125 cases, " in text
    assert [(row["id"], row["note"]) for row in records_of(text)] == [(ids[0], ""), (ids[1], note)]
    keys = re.findall(r"@misc\{(\w+),", save(taken, "BibTeX"))
    assert keys == [case.lower().replace("-", "_") for case in ids]
    text = save(taken, "Markdown")
    assert re.findall(r"AMA-\w{4}-\w{4}(?= ·)", text) == ids
    assert text.count("   Note: ") == text.count(r"   Note: \<b\>compare\</b\> with the other") == 1
    lines = [json.loads(line) for line in save(taken, "JSON Lines").splitlines()]
    assert [(line["id"], line.get("note")) for line in lines[1:]] == [(ids[0], ""), (ids[1], note)]
    page.get_by_role("button", name=f"Remove {ids[0]}").click()
    expect(page.locator("#taken .kept li")).to_have_count(1)
    expect(page.get_by_role("button", name="Basket (1)")).to_be_visible()
    lines = [json.loads(line) for line in save(taken, "JSON Lines").splitlines()]
    assert [(line["id"], line["note"]) for line in lines[1:]] == [(ids[1], note)]


def test_clearing_the_basket_can_be_undone(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Basket (1)").click()
    page.locator("#taken").get_by_role("button", name="Clear").click()
    expect(page.locator("#taken .kept li")).to_have_count(0)
    undo = page.locator("#taken").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(page.locator("#taken")).to_contain_text("Nothing is kept yet.")
    axe(page, include="#taken")
    undo.click()
    expect(page.locator("#taken .kept li")).to_have_count(1)


def test_the_link_of_a_basket_is_copied_or_shown(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    """Also of cases that were kept before the basket's script had arrived: they stand in the order of the clicks."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    held = hold(page, "**/views/taking.js")
    open_explorer(page, sample_url)
    cards = page.locator("#results article")
    address = f"{sample_url}#basket={','.join(str(cards.nth(i).get_attribute('data-id')) for i in (1, 0))}"
    with page.expect_request("**/views/taking.js"):
        cards.nth(1).locator(".keep").click()
    cards.nth(0).locator(".keep").click()
    held[0].continue_()
    page.get_by_role("button", name="Basket (2)").click()
    share = page.get_by_role("button", name="Copy link")
    share.click()
    expect(page.locator("#status")).to_have_text("Link copied; notes are not part of it")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    share.click()
    field = page.get_by_label("Link to the basket")
    expect(field).to_have_value(address)
    expect(field).to_be_focused()
    axe(page, include="#taken")
    assert_fits_magnified(page)


def test_a_case_is_kept_on_its_page_and_found_in_the_basket(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#results article a").first.click()
    keep = page.get_by_role("button", name="Keep")
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Basket (1)").click()
    expect(page.locator("#taken .kept li")).to_have_count(1)
    assert page.locator("#taken .kept a").inner_text() != ""


def test_a_shared_basket_is_read_only_until_it_is_added(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    ids = page.locator("#results article").evaluate_all("cards => cards.slice(0, 3).map(card => card.dataset.id)")
    names = page.locator("#results .card-title").all_inner_texts()[:3]
    page.goto("about:blank")
    page.goto(f"{sample_url}#basket={','.join(ids)},AMA-0000-0001")
    panel = page.get_by_role("region", name="Shared basket")
    expect(panel).to_contain_text("A basket that somebody shared: 3 cases.")
    expect(panel).to_contain_text("1 of the ids in the address is mistyped")
    assert panel.locator(".kept a").all_inner_texts() == names
    assert panel.locator("textarea").count() == 0
    assert page.evaluate("localStorage.getItem('atlas-basket')") is None
    panel.get_by_role("button", name="Add all to my basket").click()
    expect(page.get_by_role("button", name="Basket (3)")).to_be_visible()


def test_a_shared_basket_says_what_is_no_longer_published(
    page: Page, axe: Callable[..., None], sample_url: str
) -> None:
    page.goto(sample_url)
    case = page.locator("#results article").first.get_attribute("data-id")
    lost, hidden, moved, never = map(sound_id, ("7k2d9qx", "bbbbbbb", "ccccccc", "ddddddd"))
    gone = write_withdrawn([
        Tombstone(id=lost, status=CaseStatus.WITHDRAWN, date=date(2026, 10, 20), release="2026.10.0"),
        Tombstone(id=hidden, status=CaseStatus.SUPPRESSED, date=date(2026, 11, 2)),
        Tombstone(id=moved, status=CaseStatus.WITHDRAWN, successor=case),
    ])  # fmt: skip
    page.route("**/withdrawn.json", lambda route: route.fulfill(body=gone, content_type="application/json"))
    page.goto("about:blank")
    page.goto(f"{sample_url}?form=S8#basket={','.join([lost, str(case), hidden, moved, never])}")
    panel = page.get_by_role("region", name="Shared basket")
    expect(panel).to_contain_text("A basket that somebody shared: 5 cases, 4 of which are not published.")
    told = panel.locator(".kept li .hint").all_inner_texts()
    assert [text.strip() for text in told] == [
        "no longer published: withdrawn on 2026-10-20", "no longer published: taken down on 2026-11-02",
        f"no longer published; continued as {case}", "no case of this site",
    ]  # fmt: skip
    links = panel.locator(".kept a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert links == [f"c/{one.lower()}/" for one in (lost, str(case), hidden, moved, never)]
    assert panel.locator(".kept li").nth(1).locator(".hint").count() == 0
    axe(page)
    assert_fits_magnified(page)
    panel.get_by_role("button", name="Add the 1 published to my basket").click()
    expect(page.get_by_role("button", name="Basket (1)")).to_be_visible()


def test_a_basket_that_outlived_a_case_says_so(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    expect(page.get_by_role("button", name="Basket (1)")).to_be_visible()
    lost = sound_id("7k2d9qx")
    tombstone = Tombstone(id=lost, status=CaseStatus.WITHDRAWN, date=date(2026, 10, 20), release="2026.10.0")
    held = hold(page, "**/withdrawn.json")
    page.evaluate(
        """id => {
            const basket = JSON.parse(localStorage.getItem('atlas-basket'));
            basket.items.push({ id, name: 'Kept long ago', note: 'see there' });
            localStorage.setItem('atlas-basket', JSON.stringify(basket));
        }""",
        lost,
    )
    page.reload()
    with page.expect_request("**/withdrawn.json"):
        page.get_by_role("button", name="Basket (2)").click()
    rows = page.locator("#taken .kept li")
    note = page.get_by_label(f"Note on {lost}")
    note.press("End")
    note.press_sequentially("; or ")
    expect(rows.locator(".hint")).to_have_count(0)
    (route,) = held
    route.fulfill(body=write_withdrawn([tombstone]), content_type="application/json")
    expect(rows.nth(1)).to_contain_text("no longer published: withdrawn on 2026-10-20")
    expect(rows.nth(0).locator(".hint")).to_have_count(0)
    expect(note).to_be_focused()
    note.press_sequentially("here")
    expect(note).to_have_value("see there; or here")
    page.get_by_role("button", name=f"Remove {lost}").click()
    expect(rows).to_have_count(1)


def test_where_it_is_not_known_what_has_gone_a_shared_basket_says_no_more_than_that(
    page: Page, sample_url: str, problems: Problems
) -> None:
    problems.allow("withdrawn|503")
    page.route("**/withdrawn.json", lambda route: route.fulfill(status=503))
    page.goto(f"{sample_url}#basket={sound_id('7k2d9qx')}")
    panel = page.get_by_role("region", name="Shared basket")
    expect(panel.locator(".kept li .hint")).to_have_text("not published now")
    assert panel.get_by_role("button").count() == 0


def test_what_can_be_pressed_at_a_table_is_large_enough(page: Page, size: tuple[int, int], sample_url: str) -> None:
    """24 CSS pixels: WCAG 2.2, success criterion 2.5.8."""
    page.goto(f"{sample_url}?view=table")
    summary = page.locator(".view-tools summary")
    expect(summary).to_have_text("Columns")
    expect(page.locator(".take-away")).to_be_visible()
    summary.click()
    for width in (size[0], 320):
        page.set_viewport_size({"width": width, "height": 740})
        heights = page.locator(".view-tools :is(summary, label), .take-away button").evaluate_all(
            "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height])"
        )
        assert len(heights) > 5
        assert [height for height in heights if height[1] < 24] == []


def test_where_nothing_can_be_stored_the_basket_lasts_as_long_as_the_page(page: Page, sample_url: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });")
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Basket (1)").click()
    expect(page.locator("#taken")).to_contain_text("until you leave the page")


def test_surprise_opens_a_case_of_the_selection(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?form=S8")
    expect(page.locator("#answer")).to_contain_text("Other")
    ids = [case.lower() for case in listed(page)]
    page.get_by_role("link", name="Surprise me").click()
    expect(page).to_have_url(re.compile(r"/c/ama-"))
    assert page.url.rstrip("/").rpartition("/")[2] in ids


def test_without_script_nothing_is_offered_that_would_not_work(
    new_page: Callable[..., Page], size: tuple[int, int], sample_url: str, problems: Problems
) -> None:
    problems.allow(r"\.js: csp$")
    page = new_page(viewport=size, java_script_enabled=False)
    page.goto(sample_url)
    assert page.locator(".keep").first.is_hidden()
    assert page.locator("[data-take=export]").is_hidden()


def test_a_case_page_names_related_cases_with_the_reason(page: Page, sample_url: str, sample_site: Path) -> None:
    case = next(
        path for path in sorted((sample_site / "c").glob("*/index.html")) if 'class="kin"' in path.read_text("utf-8")
    )
    page.goto(f"{sample_url}c/{case.parent.name}/")
    item = page.locator(".kin li").first
    expect(item).to_contain_text(re.compile(r"(?:shares|there) [SC]\d [A-Z].*both say “\w+”", re.DOTALL))
    item.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/c/ama-"))
