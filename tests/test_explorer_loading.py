"""What the explorer loads and draws, and in which order; how it looks in forced colours and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, Request, expect
from search_corpus import ROOT, make_benchmark_records
from support.explorer import DESK, PHONE, assert_fits, legend, open_explorer, serve_records, settle
from support.watch import Problems

pytestmark = pytest.mark.every_size

CASES = 130
CARDS_A_PAGE = 40
CARDS_AT_ONCE = {DESK: 4, PHONE: 3}
ARE_FETCHED = """(names) => {
    const fetched = performance.getEntriesByType("resource").map(one => one.name);
    return names.every(name => fetched.some(address => address.endsWith(`/${name}`)));
}"""
SCRIPTS = ROOT / "assets" / "js"
IMPORT = re.compile(r'^(?:import|export)\b[^;()"]*"(\./[\w./-]+\.js|\.\./[\w./-]+\.js)"', re.MULTILINE)
BEHIND = re.compile(r"/cards/[56]\.json$")
"""Chunks with cards of the first page, oldest first, but not with its first fifteen."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site of 130 made-up cases; the oldest 18 are in the last two chunks of cards."""
    with serve_records(make_benchmark_records(CASES), tmp_path_factory.mktemp("loading")) as address:
        yield address


def needed_by(name: str) -> set[str]:
    """A script and what it imports at once, and so on."""
    found: set[Path] = set()
    waiting = [SCRIPTS / name]
    while waiting:
        path = waiting.pop().resolve()
        if path in found:
            continue
        found.add(path)
        waiting += [path.parent / other for other in IMPORT.findall(path.read_text("utf-8"))]
    return {path.relative_to(SCRIPTS.resolve()).as_posix() for path in found}


def cards(page: Page) -> Any:
    return page.locator("#results article")


def asked_for(page: Page) -> list[str]:
    """Addresses of requests, without the site's own; grows while the page loads."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(re.sub(r"^.*?/(?:assets/\w+|index/\w+)/", "", request.url)))
    return seen


def test_scripts_of_a_search_that_are_fetched_early_are_those_that_it_needs() -> None:
    (names,) = re.findall(r"for \(const name of (\[.*?\])\)", (SCRIPTS / "early.js").read_text("utf-8"))
    assert {f"{name}.js" for name in json.loads(names)} == needed_by("search.js") - needed_by("explorer.js")


def test_an_address_with_words_fetches_scripts_and_index_side_by_side_and_once(
    page: Page, url: str, axe: Callable[..., None]
) -> None:
    seen = asked_for(page)
    page.route("**/js/explorer.js", lambda _: None)  # held: nothing can have asked but the head of the page
    page.goto(f"{url}?q=commit&form=S3", wait_until="commit")
    early = {"index.json", "js/search.js", "js/text.js", "js/terms.js", "js/highlight.js", "js/state.js"}
    page.wait_for_function(ARE_FETCHED, arg=list(early))
    assert early <= set(seen)
    expect(page.locator("footer").last).to_be_attached()
    axe(page)  # the server's own page, before any script has taken over
    page.unroute("**/js/explorer.js")
    expect(page.locator("#answer")).to_contain_text("with “commit”")
    settle(page)
    assert [name for name in early if seen.count(name) != 1] == []


@pytest.mark.parametrize("address", ["", "?view=cards", "?sort=newest", "?page=1"])
def test_an_address_of_the_first_screen_fetches_no_index(page: Page, url: str, address: str) -> None:
    seen = asked_for(page)
    page.goto(url + address)
    expect(page.locator("#explorer.enhanced")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert "index.json" not in seen
    assert cards(page).count() == CARDS_A_PAGE


@pytest.mark.parametrize("viewport", [(360, 740), (1280, 800), (1440, 900), (2560, 1600)])
def test_the_cards_of_the_screen_come_first(new_page: Callable[..., Page], url: str, viewport: tuple[int, int]) -> None:
    page = new_page(viewport=viewport)
    page.route(BEHIND, lambda _: None)  # held: the cards behind the first ones
    page.goto(f"{url}?sort=oldest")
    expect(page.locator("#results:has(article) .skeleton").first).to_be_attached()
    at_once = cards(page).count()
    assert 3 <= at_once < CARDS_A_PAGE / 2
    assert at_once + page.locator("#results .skeleton").count() == CARDS_A_PAGE
    expect(cards(page).first).to_be_visible()
    behind = page.locator("#results .skeleton").first.bounding_box()
    assert behind
    assert behind["y"] >= viewport[1], "no other is on the screen"
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#answer")).to_be_visible()
    page.unroute(BEHIND)
    expect(cards(page)).to_have_count(CARDS_A_PAGE)
    expect(page.locator("#results .skeleton")).to_have_count(0)


def test_when_the_rest_is_lost_the_list_ends_and_says_so(
    page: Page, url: str, problems: Problems, size: tuple[int, int]
) -> None:
    problems.allow(r"cards/|ERR_FAILED")
    page.route(BEHIND, lambda route: route.abort())
    page.goto(f"{url}?sort=oldest")
    notice = page.locator("#notices .notice")
    expect(notice).to_contain_text(f"the list ends after its first {CARDS_AT_ONCE[size]} cases")
    expect(cards(page)).to_have_count(CARDS_AT_ONCE[size])
    settle(page)
    page.unroute(BEHIND)
    notice.get_by_role("button", name="Try again").click()
    expect(cards(page)).to_have_count(CARDS_A_PAGE)
    expect(notice).to_have_count(0)


def test_the_count_is_seen_before_the_cards(page: Page, url: str, axe: Callable[..., None]) -> None:
    page.route("**/cards/*.json", lambda _: None)
    page.goto(f"{url}?form=S3", wait_until="commit")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#results .skeleton").first).to_be_visible()
    expect(cards(page)).to_have_count(0)
    axe(page)
    page.unroute("**/cards/*.json")
    expect(cards(page).first).to_be_visible()


def test_a_choice_far_down_changes_all_cases_of_the_screen_at_once(page: Page, url: str, size: tuple[int, int]) -> None:
    open_explorer(page, f"{url}?workflow=CLI")
    settle(page)
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY === 900")
    page.evaluate(
        """() => {
            const list = document.querySelector('#results');
            window.first = new Promise(resolve => new MutationObserver(changes => {
                const made = changes.flatMap(change => [...change.addedNodes]);
                if (made.length > 0) resolve([made.length, made[made.length - 1].getBoundingClientRect().bottom]);
            }).observe(list, { childList: true }));
            document.querySelector('[data-facet=workflow] [data-value=IDE] input').click();
        }"""
    )
    made, end = page.evaluate("first")
    assert end >= size[1]
    assert made < CARDS_A_PAGE


def test_a_reader_who_has_scrolled_stays_where_they_are(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?workflow=CLI")
    settle(page)
    page.mouse.wheel(0, 200)
    page.wait_for_function("() => scrollY === 200")
    with legend(page):
        place = page.locator("[data-facet=workflow] [data-value=IDE] input")
        place.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        assert before > 0
        place.check()
        expect(page.locator("#answer")).to_contain_text("in CLI or in IDE")
        settle(page)
        assert abs(page.evaluate("scrollY") - before) <= 1


def test_cancel_ends_the_requests_of_an_export(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Export", exact=True).click()
    group = page.get_by_role("group", name="Export")
    page.route("**/cards/*.json", lambda _: None)
    group.get_by_role("button", name="CSV", exact=True).click()
    with page.expect_event("requestfailed", _is_aborted):
        group.get_by_role("button", name="Cancel").click()
    expect(group).to_contain_text("Export stopped; nothing was saved.")
    page.unroute("**/cards/*.json")
    with page.expect_download():
        group.get_by_role("button", name="CSV", exact=True).click()


def _is_aborted(request: Request) -> bool:
    return "/cards/" in request.url and request.failure == "net::ERR_ABORTED"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_tell_hits_and_the_current_view(page: Page, url: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    open_explorer(page, f"{url}?q=commit")
    settle(page)
    canvas = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    hit = page.locator("#results mark.hit").first.evaluate(
        "mark => [getComputedStyle(mark).backgroundImage, getComputedStyle(mark).color]"
    )
    assert hit[0].startswith("linear-gradient(")
    assert hit[1] not in hit[0]
    lines = page.locator("#views a").evaluate_all(
        "links => links.map(link => getComputedStyle(link).borderBottomColor)"
    )
    assert lines[0] != canvas
    assert set(lines[1:]) == {canvas}


@pytest.mark.parametrize("size", [DESK])  # paper has its own size, whatever prints it
@pytest.mark.parametrize("address", ["?q=commit", "?view=table", "?view=crosstab", "?compare=workflow:IDE,CLI"])
def test_paper_shows_the_answer_and_no_controls(page: Page, url: str, address: str) -> None:
    page.set_viewport_size({"width": 794, "height": 1123})
    open_explorer(page, url + address)
    settle(page)
    page.emulate_media(media="print")
    for hidden in ("#legend", "#q", "#views", "#chips", "[data-take=export]", ".take-away", ".view-tools"):
        assert [place for place in page.locator(hidden).all() if place.is_visible()] == [], hidden
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#results article:visible, #view table:visible").first).to_be_visible()
    assert page.locator("#answer").evaluate("answer => answer.getBoundingClientRect().left") < 60
    assert_fits(page)
