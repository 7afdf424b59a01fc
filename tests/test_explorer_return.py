"""Coming back to a list, and what is touched before its script is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from search_corpus import make_benchmark_records
from support.explorer import PHONE, choose, held, open_explorer, serve_records, settle

pytestmark = pytest.mark.every_size

CASES = 130
CASE = "#results article, #view .rows tbody tr, #view .pair .card"
FIRST_SEEN = f"""() => {{
    const all = [...document.querySelectorAll("{CASE}")].filter(one => one.checkVisibility());
    const found = all.find(one => one.getBoundingClientRect().top > 60);
    return [found.querySelector('.card-title a, th a').href, found.getBoundingClientRect().top];
}}"""
IS_SEEN_THERE = f"""([href, top]) => {{
    const all = [...document.querySelectorAll("{CASE}")].filter(one => one.checkVisibility());
    const found = all.find(one => one.querySelector('.card-title a, th a')?.href === href);
    return found !== undefined && Math.abs(found.getBoundingClientRect().top - top) <= 2;
}}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_records(make_benchmark_records(CASES), tmp_path_factory.mktemp("return")) as address:
        yield address


def leave(page: Page, number: int) -> tuple[str, float]:
    """Open a case far down the list; returns the first that was seen on the screen, and where it stood."""
    title = page.locator(f":is({CASE})").locator(":is(.card-title, th) a").filter(visible=True).nth(number)
    title.scroll_into_view_if_needed()
    href, top = page.evaluate(FIRST_SEEN)
    title.click()
    expect(page).to_have_url(re.compile("/c/"))
    return href, top


def come_back(page: Page) -> None:
    page.go_back()
    expect(page.locator("#explorer.enhanced")).to_be_visible()
    settle(page)


@pytest.mark.parametrize("address", ["", "?form=-S99&sort=oldest&page=2", "?view=table"])
def test_back_leads_to_the_same_place_in_the_list(page: Page, url: str, address: str) -> None:
    open_explorer(page, url + address)
    settle(page)
    seen = leave(page, 30)
    come_back(page)
    page.wait_for_function(IS_SEEN_THERE, arg=seen)


def test_back_leads_to_the_same_place_in_a_list_that_was_chosen_below_the_introduction(page: Page, url: str) -> None:
    open_explorer(page, url)
    choose(page, "workflow", "CLI")
    expect(page.locator("#answer")).to_contain_text("in CLI")
    settle(page)
    seen = leave(page, 30)
    come_back(page)
    page.wait_for_function(IS_SEEN_THERE, arg=seen)


def test_a_link_to_a_list_that_was_read_before_begins_at_its_top(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?sort=oldest")
    settle(page)
    leave(page, 30)
    open_explorer(page, f"{url}?sort=oldest")
    settle(page)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("scrollY") == 0


def test_whoever_touches_the_page_before_the_list_is_there_is_left_where_they_are(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?sort=oldest")
    settle(page)
    seen = leave(page, 30)
    with held(page, "**/last-seen.js", "**/index.json"):
        page.go_back()
        expect(page.locator("html.untouched")).to_have_count(1)
        page.keyboard.press("Home")
        expect(page.locator("html.untouched")).to_have_count(0)
        page.wait_for_function("() => scrollY === 0")
    settle(page)
    expect(page.locator("#results article")).not_to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(IS_SEEN_THERE, seen)
    assert page.evaluate("scrollY") < 200


def test_back_works_where_nothing_can_be_kept(page: Page, url: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } });")
    open_explorer(page, f"{url}?sort=oldest")
    settle(page)
    leave(page, 0)
    come_back(page)
    expect(page.locator("#results article")).to_have_count(40)


@pytest.mark.parametrize("size", [PHONE], ids=["phone"])
def test_two_touches_on_filters_open_one_sheet(page: Page, url: str) -> None:
    open_explorer(page, url)
    with held(page, "**/sheet.js"):
        for _ in range(2):
            page.locator("#legend-toggle").tap()
    expect(page.get_by_role("dialog", name="Legend")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".legend-side > #legend")).to_have_count(1)
    expect(page.locator("dialog #status")).to_have_count(0)
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
