"""How the explorer feels: keys, help, the sheet on phones, focus, announcements, slow networks, preferences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from search_corpus import make_benchmark_records
from support.explorer import choose, open_explorer, open_facet, serve_records, settle, total
from support.watch import Problems

pytestmark = pytest.mark.every_size

CASES = 130
PHONE, DESKTOP = (360, 740), (1440, 900)
NARROW = 320


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_records(make_benchmark_records(CASES), tmp_path_factory.mktemp("feel")) as address:
        yield address


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def titles(page: Page) -> list[str]:
    return page.locator("#results .card-title a").all_text_contents()


# Keys


def test_j_and_k_walk_through_the_cases_and_o_opens_one(page: Page, url: str) -> None:
    open_explorer(page, url)
    names = titles(page)
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(0)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(5)).to_be_focused()
    card = page.locator("#results > li").nth(5).bounding_box()
    assert card
    assert 0 <= card["y"] <= card["y"] + card["height"] <= 800, "the whole case is in view"
    page.keyboard.press("k")
    expect(page.locator("#results .card-title a").nth(4)).to_be_focused()
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("/c/ama-"))
    expect(page.locator("h1")).to_have_text(names[4])


def test_behind_the_last_case_is_the_next_page(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?page=1&sort=oldest")
    settle(page)
    page.locator("#results .card-title a").last.focus()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Next page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pager [aria-current=page]")).to_have_text("2")
    settle(page)
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").first).to_be_focused()


def test_a_key_goes_on_from_anywhere_in_a_case(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.locator("#results > li").nth(2).locator(".strip a").first.focus()
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(3)).to_be_focused()


def test_slash_goes_to_the_search_field_where_keys_are_letters(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("")
    page.keyboard.type("jk/o?")
    expect(page.locator("#q")).to_have_value("jk/o?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_keys_do_nothing_with_a_modifier_or_in_a_field(page: Page, url: str) -> None:
    open_explorer(page, url)
    for combination in ("Control+k", "Alt+j", "Meta+o", "Shift+J"):
        page.keyboard.press(combination)
    assert page.evaluate("document.activeElement === document.body")
    page.locator("#sort").focus()
    page.keyboard.press("j")
    expect(page.locator("#sort")).to_be_focused()
    box = page.locator("[data-facet=form] input").first
    box.focus()
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").first).to_be_focused()


def test_the_help_explains_every_key_and_can_switch_them_off(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.locator("#sort").focus()
    page.locator("#sort").blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_visible()
    assert dialog.locator("kbd").all_inner_texts() == ["/", "j", "k", "o", "?", "Esc"]
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "no key acts behind the help"
    dialog.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.reload()
    expect(page.locator("#explorer.enhanced")).to_have_count(1)
    page.keyboard.press("?")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body"), "the choice is remembered"
    page.get_by_role("button", name="Help", exact=True).click()
    dialog.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close the help").click()
    expect(page.get_by_role("button", name="Help", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").first).to_be_focused()


def test_keys_work_where_nothing_can_be_remembered(page: Page, url: str) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })"
    )
    open_explorer(page, url)
    page.keyboard.press("?")
    box = page.get_by_label("Use these keys")
    expect(box).to_be_checked()
    box.click()
    expect(page.get_by_text("does not let the page remember it")).to_be_visible()
    expect(box).to_be_checked()


def test_examples_in_the_help_can_be_tried(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.get_by_role("button", name="Help", exact=True).click()
    examples = page.get_by_role("dialog", name="Help").locator("dt a")
    expect(examples.first).to_be_visible()
    assert examples.count() >= 8
    example = examples.first.inner_text()
    examples.first.click()
    expect(page.locator("dialog.help")).to_be_hidden()
    expect(page.locator("#q")).to_have_value(example)
    expect(page.locator("#answer")).to_contain_text(f"with “{example}”")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_help_is_accessible(
    new_page: Callable[..., Page], url: str, axe: Callable[..., None], size: tuple[int, int], scheme: str
) -> None:
    page = new_page(viewport=size, color_scheme=scheme)
    open_explorer(page, url)
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    axe(page)
    assert page.evaluate("document.querySelector('dialog').scrollWidth <= innerWidth")


# Phones


def test_the_sheet_keeps_the_focus_and_gives_it_back(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport=PHONE)
    open_explorer(page, url)
    toggle = page.locator("#legend-toggle")
    expect(toggle).to_have_text("Filters")
    toggle.click()
    sheet = page.get_by_role("dialog", name="Legend")
    expect(sheet).to_be_visible()
    inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(inside), "Tab stays in the sheet"
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    choose(page, "form", "S3")
    show = page.get_by_role("button", name=re.compile(r"^Show \d+ cases$"))
    expect(show).to_be_in_viewport()
    expect(page.locator("#status")).to_have_text(re.compile(r"^\d+ of 130 cases$"))
    assert page.evaluate("document.querySelector('#status').closest('dialog') !== null"), "it is heard in the sheet"
    show.click()
    expect(sheet).to_be_hidden()
    expect(toggle).to_be_focused()
    expect(toggle).to_have_text("Filters (1)")
    assert page.evaluate("document.querySelector('#status').closest('.results-side') !== null")


def test_turning_a_phone_closes_the_sheet(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport=PHONE)
    open_explorer(page, url)
    page.locator("#legend-toggle").click()
    expect(page.get_by_role("dialog", name="Legend")).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".legend-side > #legend")).to_be_visible()


def test_a_sheet_whose_script_is_lost_opens_in_the_page(
    new_page: Callable[..., Page], url: str, problems: Problems
) -> None:
    problems.allow("sheet.js|ERR_FAILED")
    page = new_page(viewport=PHONE)
    page.route("**/sheet.js", lambda route: route.abort())
    open_explorer(page, url)
    page.locator("#legend-toggle").click()
    expect(page.locator("#legend")).to_be_visible()
    legend, order = page.locator("#legend").bounding_box(), page.get_by_label("Order").bounding_box()
    assert legend and order
    assert legend["width"] > PHONE[0] * 0.8
    assert order["y"] >= legend["y"] + legend["height"], "below the legend, not on it"
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")


def test_the_answer_stays_on_top_in_one_line_and_hides_no_focus(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport=PHONE)
    open_explorer(page, f"{url}?form=S3,S7&workflow=CLI,IDE&severity=DS1")
    settle(page)
    last = page.locator("#results .card-title a").nth(12)
    last.scroll_into_view_if_needed()
    bar = page.locator("#answer").bounding_box()
    assert bar
    assert bar["y"] == 0
    assert bar["height"] < 50
    last.focus()
    page.keyboard.press("k")
    expect(page.locator("#results .card-title a").nth(11)).to_be_focused()
    for _ in range(10):
        page.keyboard.press("k")
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= bar["height"]
    last.focus()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= bar["height"] - 1


@pytest.mark.parametrize("query", ["", "?form=S3,S7,-S2&cause=C6:direct&from=2025-02&q=the+", "?form=S3,-S3"])
def test_nothing_is_wider_than_a_narrow_phone(new_page: Callable[..., Page], url: str, query: str) -> None:
    page = new_page(viewport=(NARROW, 640))
    open_explorer(page, url + query)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.locator("#legend-toggle").click()
    page.locator("details.facet").evaluate_all("all => all.forEach(details => details.open = true)")
    expect(page.get_by_role("slider", name="From")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="at most")).to_be_visible()
    wide = page.locator("dialog *").evaluate_all(
        f"all => all.filter(e => e.getBoundingClientRect().right > {NARROW} && !e.closest('.vh')).map(e => e.className)"
    )
    assert wide == []


# Focus, announcements, movement


def test_filtering_never_takes_the_focus(page: Page, url: str) -> None:
    open_explorer(page, url)
    row = page.locator("[data-facet=form] [data-value=S3]")
    box = row.locator(".facet-row input")
    box.focus()
    box.press("Space")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    settle(page)
    expect(box).to_be_focused()
    exclude = page.locator("[data-facet=form] [data-value=S7] .facet-not")
    exclude.focus()
    exclude.press("Enter")
    expect(page.locator("#answer")).to_contain_text("not Inaccurate Self-Reporting")
    settle(page)
    expect(exclude).to_be_focused()
    page.select_option("#sort", "oldest")
    page.locator("#sort").focus()
    settle(page)
    expect(page.locator("#sort")).to_be_focused()


def test_a_burst_of_changes_is_announced_once(page: Page, url: str) -> None:
    page.clock.install(time=0)
    open_explorer(page, url)
    open_facet(page, "month")
    handle = page.get_by_role("slider", name="From")
    expect(handle).to_be_visible()
    page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.querySelector('#status').textContent))
            .observe(document.querySelector('#status'), { childList: true, characterData: true, subtree: true });
    }""")
    page.clock.pause_at(3_600)
    for _ in range(6):
        handle.press("ArrowRight")
    expect(page.locator("#answer")).to_contain_text("from Jul 2025")
    assert page.evaluate("said") == []
    page.clock.run_for(1_500)
    assert page.evaluate("said") == [f"{total(page)} of {CASES} cases"]


WATCH_SHIFTS = """
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
        .observe({ type: 'layout-shift', buffered: true });
"""


def test_on_a_phone_the_answer_begins_on_the_first_screen(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport=PHONE)
    page.goto(f"{url}?form=S3")
    settle(page)
    filters = page.get_by_role("button", name="Filters (1)").bounding_box()
    order = page.get_by_label("Order").bounding_box()
    told = page.locator("#results article").first.locator("[data-slot=description]").bounding_box()
    assert filters and order and told
    assert filters["y"] < order["y"] + order["height"] and order["y"] < filters["y"] + filters["height"], "on one line"
    assert filters["x"] + filters["width"] <= order["x"]
    assert told["y"] + told["height"] < PHONE[1]


@pytest.mark.parametrize("size", [PHONE, DESKTOP, (1440, 2400)])
def test_coming_near_the_legend_shifts_nothing(new_page: Callable[..., Page], url: str, size: tuple[int, int]) -> None:
    page = new_page(viewport=size)
    page.add_init_script(WATCH_SHIFTS)
    open_explorer(page, url)
    page.locator("#q").hover()
    expect(page.locator("link[href$='on-demand.css']")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    assert page.evaluate("shift") == 0


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_an_answer_that_is_slow_to_come_shifts_nothing(
    new_page: Callable[..., Page], url: str, size: tuple[int, int]
) -> None:
    page = new_page(viewport=size)
    page.add_init_script(WATCH_SHIFTS)
    network = page.context.new_cdp_session(page)
    slowed = {"offline": False, "latency": 120, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slowed)
    for query in ("?form=S3,S7&q=the", "?q=force+push"):
        page.goto(url + query)
        settle(page)
        page.wait_for_timeout(50)
        assert page.evaluate("shift") < 0.001, query


def test_rows_stay_in_place_while_choosing(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.locator("#legend").hover()
    places = "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
    rows = page.locator("[data-facet=form] .facet-value, [data-facet=cause] .facet-value, [data-facet=severity]")
    expect(page.get_by_role("button", name="Severity: rare first")).to_have_count(1)
    before = rows.evaluate_all(places)
    choose(page, "form", "S3")
    choose(page, "form", "S7")
    expect(page.get_by_label("all of these")).to_be_visible()
    page.get_by_label("all of these").check()
    expect(page.locator("#answer")).to_contain_text(" and ")
    assert rows.evaluate_all(places) == before


# Networks


def test_a_slow_network_shows_places_then_cases(page: Page, url: str) -> None:
    open_explorer(page, url)
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


def test_a_slow_first_answer_shows_places_and_no_case_that_was_not_asked_for(page: Page, url: str) -> None:
    held: list[Route] = []
    page.route("**/index.json", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"{url}?form=S3")
    expect(page.locator("#results .skeleton").first).to_be_visible()
    assert page.locator("#results article").count() == 0
    expect(page.locator("#answer")).not_to_contain_text("All")
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


def test_lost_cards_say_so_and_the_rest_works(page: Page, url: str, problems: Problems) -> None:
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
    page.unroute("**/cards/*.json")
    page.get_by_role("button", name="Try again").click()
    expect(notice).to_have_count(0)
    settle(page)
    assert titles(page) != before


def test_a_lost_index_says_so_and_can_be_tried_again(page: Page, url: str, problems: Problems) -> None:
    problems.allow("index.json|ERR_FAILED")
    page.route("**/index.json", lambda route: route.abort())
    page.goto(f"{url}?form=S3")
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    expect(page.locator("#results article").first).to_be_visible()
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


# Preferences


def test_nothing_moves_for_those_who_ask_for_it(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(reduced_motion="reduce")
    open_explorer(page, f"{url}?form=S3")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    assert page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_every_mark_visible(new_page: Callable[..., Page], url: str, scheme: str) -> None:
    page = new_page(forced_colors="active", color_scheme=scheme)
    open_explorer(page, f"{url}?form=S3&from=2025-04&to=2025-09")
    expect(page.locator(".month-handle.from")).to_be_visible()

    def colour(selector: str, name: str, pseudo: str | None = None) -> Any:
        return page.locator(selector).first.evaluate(
            "(e, [name, pseudo]) => getComputedStyle(e, pseudo)[name]", [name, pseudo]
        )

    paper = colour("body", "backgroundColor")
    assert colour(".month-chart .now", "fill") != paper
    assert colour(".month-chart .now", "fill") != colour(".month-chart .all", "fill")
    assert colour(".month-handle.from", "backgroundColor", "::after") != paper
    assert colour(".bar .now", "fill") != paper
