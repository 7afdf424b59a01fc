"""The explorer on slow and broken networks, and for readers who ask for less motion or their own colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from support.explorer import choose, open_explorer, open_facet, open_legend, settle
from support.watch import Problems

pytestmark = pytest.mark.every_size


@pytest.fixture
def url(sample_url: str) -> str:
    return sample_url


def titles(page: Page) -> list[str]:
    return page.locator("#results .card-title a").all_text_contents()


def test_a_slow_network_shows_places_then_cases(page: Page, url: str) -> None:
    open_explorer(page, url)
    open_legend(page)
    page.route("**/cards/*.json", lambda _: None)  # held until the route is given up
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expect(page.locator("#results .skeleton").first).to_be_visible()
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-facet=form] [data-value=S3] .facet-row input")).to_be_focused()
    page.unroute("**/cards/*.json")
    expect(page.locator("#results article").first).to_be_visible()
    expect(page.locator("#results .skeleton")).to_have_count(0)
    expect(page.locator("#explorer.waiting")).to_have_count(0)


def test_a_view_whose_script_is_slow_shows_the_count_and_places_then_itself(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?form=S3")
    settle(page)
    page.route("**/views/table.js", lambda _: None)  # held until the route is given up
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.get_by_role("link", name="Table", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.locator("#results .skeleton").first).to_be_visible()
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expect(page.locator("#view")).to_be_hidden()
    page.unroute("**/views/table.js")
    expect(page.locator("#view table")).to_be_visible()
    settle(page)
    expect(page.locator("#results")).to_be_hidden()
    expect(page.locator("#explorer.waiting")).to_have_count(0)


def test_a_phrase_whose_texts_are_slow_says_how_far_it_is_then_answers(
    page: Page, url: str, axe: Callable[..., None]
) -> None:
    held: list[Route] = []
    open_explorer(page, url)
    page.route("**/texts/*.json", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/texts/0.json"):  # with those behind it
        page.locator("#q").fill('"the agent"')
        page.locator("#q").press("Enter")
    expect(page.locator("#results .skeleton").first).to_be_visible()
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    (first,) = [route for route in held if route.request.url.endswith("/texts/0.json")]
    first.continue_()
    expect(page.locator("#notices .notice")).to_have_text(
        re.compile(r"^Reading the cases that have all the words, to see how they stand: \d+ of \d+\.$")
    )
    axe(page)
    page.unroute("**/texts/*.json")  # lets the others go
    expect(page.locator("#answer")).to_contain_text('with “"the agent"”')
    settle(page)
    expect(page.locator("#notices .notice")).to_have_count(0)
    expect(page.locator("#results mark.hit").first).to_be_visible()


def test_a_slow_first_answer_shows_places_and_no_case_that_was_not_asked_for(
    page: Page, url: str, axe: Callable[..., None]
) -> None:
    held: list[Route] = []
    page.route("**/index.json", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"{url}?form=S3")
    expect(page.locator("#results .skeleton").first).to_be_visible()
    assert page.locator("#results article").count() == 0
    expect(page.locator("#answer")).not_to_contain_text("All")
    axe(page)
    for route in held:
        route.continue_()
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expect(page.locator("#results article").first).to_be_visible()


def test_a_fast_answer_shows_no_places(page: Page, url: str) -> None:
    """The wait of 250 ms after which places appear never ends here, so that a busy test machine does not decide."""
    open_explorer(page, url)
    page.evaluate("""() => {
        const real = window.setTimeout;
        window.setTimeout = (run, delay, ...rest) => (delay === 250 ? 0 : real(run, delay, ...rest));
        window.places = 0;
        new MutationObserver(() => { places += document.querySelectorAll('.skeleton').length; })
            .observe(document.querySelector('#results'), { childList: true });
    }""")
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    settle(page)
    page.wait_for_timeout(400)
    assert page.evaluate("places") == 0


def test_lost_cards_say_so_and_the_rest_works(
    page: Page, url: str, axe: Callable[..., None], problems: Problems
) -> None:
    problems.allow("cards/|ERR_FAILED")
    open_explorer(page, url)
    before = titles(page)
    page.route("**/cards/*.json", lambda route: route.abort())
    choose(page, "form", "S3")
    notice = page.locator("#notices .notice")
    expect(notice).to_contain_text("could not be loaded")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    assert titles(page) == before, "the list that was there stays"
    expect(page.locator("#results[aria-busy]")).to_have_count(0)
    choose(page, "workflow", "CLI")
    expect(page.locator("#answer")).to_contain_text("in CLI")
    expect(notice).to_have_count(1)
    axe(page, include="#notices")
    page.unroute("**/cards/*.json")
    page.get_by_role("button", name="Try again").click()
    expect(notice).to_have_count(0)
    settle(page)
    assert titles(page) != before


def test_a_lost_index_says_so_and_can_be_tried_again(
    page: Page, url: str, axe: Callable[..., None], problems: Problems
) -> None:
    problems.allow("index.json|ERR_FAILED")
    page.route("**/index.json", lambda route: route.abort())
    page.goto(f"{url}?form=S3")
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    expect(page.locator("#results article").first).to_be_visible()
    axe(page, include=".legend-side, #notices")  # the cards are those of every page
    page.unroute("**/index.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")


@pytest.mark.parametrize("part", ["facet-tools.js", "month-range.js", "on-demand.css"])
def test_the_legend_works_without_its_tools(page: Page, url: str, problems: Problems, part: str) -> None:
    problems.allow(f"{re.escape(part)}|ERR_FAILED")
    page.route(f"**/{part}", lambda route: route.abort())
    open_explorer(page, url)
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    open_facet(page, "month")
    if part == "month-range.js":
        page.locator("[data-facet=month] .facet-value a").first.click()
        expect(page.locator("#chips")).to_contain_text("until")


def test_a_lost_help_says_so(page: Page, url: str, problems: Problems) -> None:
    problems.allow("help.js|ERR_FAILED")
    page.route("**/help.js", lambda route: route.abort())
    open_explorer(page, url)
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("The help could not be loaded")


@pytest.fixture
def lose(page: Page, problems: Problems) -> Callable[[str], None]:
    """lose(name): a script that the network does not bring, until `page.unroute_all()`."""

    def start(name: str) -> None:
        problems.allow(f"{re.escape(name)}|ERR_FAILED")
        page.route(f"**/{name}", lambda route: route.abort())

    return start


LOST = "A part of the page could not be loaded. Try again."


def test_keys_and_what_is_taken_away_say_that_their_script_is_lost_and_work_when_it_is_there(
    page: Page, url: str, lose: Callable[[str], None], axe: Callable[..., None]
) -> None:
    lose("shortcuts.js")
    lose("taking.js")
    open_explorer(page, url)
    notice = page.locator("#notices .notice")
    page.keyboard.press("j")
    expect(notice).to_have_text(LOST)
    expect(page.locator("#status")).to_have_text(LOST)
    axe(page, include="#notices")
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    settle(page)
    expect(notice).to_have_count(0)
    keep = page.locator("#results .keep").first
    keep.click()
    expect(notice).to_have_text(LOST)
    page.unroute_all()
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(1)).to_be_focused()  # behind the case whose button was used
    keep.click()
    expect(page.locator(".kept-count")).to_have_text("(1)")


def test_a_case_by_chance_that_cannot_be_drawn_says_so(
    page: Page, url: str, lose: Callable[[str], None], problems: Problems
) -> None:
    lose("index.json")
    open_explorer(page, url)
    page.get_by_role("link", name="Surprise me").click()
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    expect(page).to_have_url(url)
    page.unroute_all()
    page.get_by_role("link", name="Surprise me").click()
    expect(page).to_have_url(re.compile("/c/ama-"))


def test_when_the_script_that_searches_is_lost_all_else_that_was_chosen_holds(
    page: Page, url: str, lose: Callable[[str], None]
) -> None:
    lose("search.js")
    open_explorer(page, f"{url}?q=migration&form=S3")
    expect(page.locator("#notices .notice")).to_contain_text("The words could not be looked up")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expect(page.locator("#results article").first).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer")).to_contain_text("“migration”")
    expect(page.locator("#notices .notice")).to_have_count(0)


def test_a_case_can_be_read_without_its_scripts_and_says_when_it_cannot_be_kept(
    page: Page, url: str, lose: Callable[[str], None], axe: Callable[..., None]
) -> None:
    lose("case-highlight.js")
    lose("case-keep.js")
    page.goto(url)
    page.goto(f"{page.locator('#results .card-title a').first.evaluate('link => link.href')}?q=the")
    keep, notice = page.locator(".plate-id .keep"), page.get_by_role("alert")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".hit-bar, mark.hit")).to_have_count(0)
    expect(notice).to_have_count(0)
    keep.click()
    expect(notice).to_have_text(
        "The case could not be kept, because a part of the page could not be loaded. Try again."
    )
    expect(keep).to_have_attribute("aria-pressed", "false")
    axe(page)
    page.unroute_all()
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    expect(notice).to_have_count(0)


# Preferences


def test_nothing_moves_for_those_who_ask_for_it(page: Page, url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_explorer(page, f"{url}?form=S3")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    assert page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_forced_colours_keep_every_mark_visible(page: Page, url: str) -> None:
    def colour(selector: str, name: str, pseudo: str | None = None) -> Any:
        return page.locator(selector).first.evaluate(
            "(e, [name, pseudo]) => getComputedStyle(e, pseudo)[name]", [name, pseudo]
        )

    page.emulate_media(forced_colors="active")
    open_explorer(page, f"{url}?form=S3&from=2025-04&to=2025-09")
    open_legend(page)
    expect(page.locator(".month-handle.from")).to_be_visible()
    papers = set()
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        paper = colour("body", "backgroundColor")
        papers.add(paper)
        assert colour(".month-chart .now", "fill") != paper
        assert colour(".month-chart .now", "fill") != colour(".month-chart .all", "fill")
        assert colour(".month-handle.from", "backgroundColor", "::after") != paper
        assert colour(".bar .now", "fill") != paper
    assert len(papers) == 2, "both schemes were seen"
