"""Taking away in a browser: exports of the whole list, the basket, a case by chance."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.watch import Problems

SIZES = [(360, 740), (1440, 900)]
CARDS_A_PAGE = 40


def listed(page: Page) -> list[str]:
    """The ids of all pages of the list, in order."""
    found: list[str] = []
    while True:
        expect(page.locator("#results[aria-busy]")).to_have_count(0)
        found += page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")
        further = page.get_by_role("link", name="Next page")
        if further.count() == 0:
            return found
        further.click()
        expect(page.locator("#results")).to_have_attribute("start", str(len(found) + 1))


def export(page: Page, name: str) -> str:
    if page.locator("[data-take=export]").get_attribute("aria-expanded") == "false":
        page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("group", name="Export").get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes().decode("utf-8")


@pytest.mark.parametrize("viewport", SIZES)
def test_an_export_holds_all_pages_of_the_list_in_its_order(
    new_page: Callable[..., Page], sample_url: str, viewport: tuple[int, int]
) -> None:
    page = new_page(viewport=viewport)
    page.goto(f"{sample_url}?validation=VALID&status=RS2&sort=oldest")
    expected = listed(page)
    assert len(expected) > CARDS_A_PAGE
    answer = page.locator("#answer").inner_text()
    assert answer.startswith(f"{len(expected)} of ")
    text = export(page, "CSV")
    comments = [line for line in text.split("\r\n") if line.startswith("# ")]
    assert "# Query: " in text
    assert any(line.startswith(f"# Cases: {len(expected)} of ") for line in comments)
    assert comments[3].endswith("?status=RS2&validation=VALID&sort=oldest")
    rows = list(
        csv.DictReader(io.StringIO("\r\n".join(line for line in text.split("\r\n") if not line.startswith("# "))))
    )
    assert [row["id"] for row in rows] == expected
    assert {row["status"] for row in rows} == {"RS2"}
    lines = [json.loads(line) for line in export(page, "JSON Lines").splitlines()]
    assert [line["id"] for line in lines[1:]] == expected
    assert lines[0]["about"]["cases"].startswith(f"{len(expected)} of ")
    keys = re.findall(r"@misc\{(\w+),", export(page, "BibTeX"))
    assert keys == [case.lower().replace("-", "_") for case in expected]
    assert re.findall(r"AMA-\w{4}-\w{4}(?= ·)", export(page, "Markdown")) == expected


def test_an_export_of_words_holds_what_the_words_find(page: Page, sample_url: str) -> None:
    page.goto(f"{sample_url}?q=commit+")
    expected = listed(page)
    lines = [json.loads(line) for line in export(page, "JSON Lines").splitlines()]
    assert [line["id"] for line in lines[1:]] == expected
    assert "with “commit”" in lines[0]["about"]["query"]
    assert all(line["url"].endswith(f"/c/{line['id'].lower()}/") for line in lines[1:])


def test_an_export_can_be_stopped_and_says_when_it_fails(page: Page, sample_url: str, problems: Problems) -> None:
    problems.allow("cards/|503")
    page.goto(f"{sample_url}?sort=oldest")
    expect(page.locator("#answer")).to_contain_text("oldest")
    page.get_by_role("button", name="Export", exact=True).click()
    group = page.get_by_role("group", name="Export")
    expect(group).to_be_visible()
    page.route("**/cards/*.json", lambda route: page.wait_for_timeout(300) or route.continue_())  # type: ignore[func-returns-value]
    page.evaluate("""() => {
        document.querySelector('[data-format=csv]').click();
        [...document.querySelectorAll('.exporter button')].find(button => button.textContent === 'Cancel').click();
    }""")
    expect(group).to_contain_text("Export stopped; nothing was saved.")
    page.unroute("**/cards/*.json")
    expect(group.get_by_role("button", name="CSV")).to_be_enabled()


@pytest.mark.parametrize("viewport", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panels_are_accessible_and_fit(
    new_page: Callable[..., Page], axe: Callable[..., None], sample_url: str, viewport: tuple[int, int], scheme: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("group", name="Export")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Basket (1)").click()
    expect(page.locator("#taken .kept li")).to_have_count(1)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_kept_case_stays_with_its_note_until_it_is_taken_out(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    cards = page.locator("#results article")
    ids = [cards.nth(i).get_attribute("data-id") for i in (0, 2)]
    for i in (0, 2):
        cards.nth(i).get_by_role("button", name="Keep").click()
    expect(cards.nth(2).get_by_role("button", name="Keep")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Basket (2)").click()
    page.get_by_label(f"Note on {ids[1]}").fill("<b>compare</b> with the other")
    page.reload()
    expect(page.locator("#results .keep[aria-pressed=true]")).to_have_count(2)
    page.get_by_role("button", name="Basket (2)").click()
    expect(page.get_by_label(f"Note on {ids[1]}")).to_have_value("<b>compare</b> with the other")
    page.get_by_role("button", name=f"Remove {ids[0]}").click()
    expect(page.locator("#taken .kept li")).to_have_count(1)
    expect(page.get_by_role("button", name="Basket (1)")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#taken").get_by_role("button", name="JSON Lines").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    assert [(line["id"], line["note"]) for line in lines[1:]] == [(ids[1], "<b>compare</b> with the other")]


def test_clearing_the_basket_can_be_undone(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Basket (1)").click()
    page.locator("#taken").get_by_role("button", name="Clear").click()
    expect(page.locator("#taken .kept li")).to_have_count(0)
    undo = page.locator("#taken").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.click()
    expect(page.locator("#taken .kept li")).to_have_count(1)


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


def test_where_nothing_can_be_stored_the_basket_lasts_as_long_as_the_page(page: Page, sample_url: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });")
    page.goto(sample_url)
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Basket (1)").click()
    expect(page.locator("#taken")).to_contain_text("until you leave the page")


def test_surprise_opens_a_case_of_the_selection(page: Page, sample_url: str) -> None:
    page.goto(f"{sample_url}?form=S8")
    expect(page.locator("#answer")).to_contain_text("Other")
    ids = [case.lower() for case in listed(page)]
    page.get_by_role("link", name="Surprise me").click()
    expect(page).to_have_url(re.compile(r"/c/ama-"))
    assert page.url.rstrip("/").rpartition("/")[2] in ids


def test_without_script_nothing_is_offered_that_would_not_work(
    new_page: Callable[..., Page], sample_url: str, problems: Problems
) -> None:
    problems.allow(r"\.js: csp$")
    page = new_page(java_script_enabled=False)
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
