"""How the explorer feels: keys, help, the sheet on phones, focus, announcements, and nothing that moves by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from search_corpus import make_benchmark_records
from support.explorer import (
    DESK,
    PHONE,
    choose,
    legend,
    open_explorer,
    open_facet,
    open_legend,
    serve_records,
    settle,
    total,
)
from support.watch import Problems

pytestmark = pytest.mark.every_size

CASES = 130
NARROW = 320
NEEDS_SHEET = pytest.mark.parametrize("size", [PHONE])  # wide screens have no sheet


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_records(make_benchmark_records(CASES), tmp_path_factory.mktemp("feel")) as address:
        yield address


def titles(page: Page) -> list[str]:
    return page.locator("#results .card-title a").all_text_contents()


# Keys


def test_j_and_k_walk_through_the_cases_and_o_opens_one(page: Page, url: str, size: tuple[int, int]) -> None:
    open_explorer(page, url)
    names = titles(page)
    page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(0)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(5)).to_be_focused()
    card = page.locator("#results > li").nth(5).bounding_box()
    assert card
    top = page.locator("#answer").evaluate("e => getComputedStyle(e).position === 'sticky' ? e.offsetHeight : 0")
    end = card["y"] + card["height"]
    assert top <= card["y"] <= end < size[1] + 1, "the whole case is in view; pages scroll by whole pixels"
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


def walk_once(page: Page) -> None:
    """From here on the script of the keys is there, so that a key that should do nothing would do it at once."""
    title = page.locator("#results .card-title a").first
    page.keyboard.press("j")
    expect(title).to_be_focused()
    title.blur()


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


def test_keys_do_nothing_with_a_modifier_or_in_a_field_or_behind_the_sheet(
    page: Page, url: str, size: tuple[int, int]
) -> None:
    open_explorer(page, url)
    walk_once(page)
    for combination in ("Control+k", "Alt+j", "Meta+o", "Shift+J"):
        page.keyboard.press(combination)
    assert page.evaluate("document.activeElement === document.body")
    page.locator("#sort").focus()
    page.keyboard.press("j")
    expect(page.locator("#sort")).to_be_focused()
    box = page.locator("[data-facet=form] input").first
    with legend(page):
        box.focus()
        page.keyboard.press("j")
        if size == PHONE:
            expect(box).to_be_focused()
    if size == PHONE:
        page.keyboard.press("j")
    expect(page.locator("#results .card-title a").nth(1)).to_be_focused()


def test_the_help_explains_every_key_and_can_switch_them_off(page: Page, url: str) -> None:
    open_explorer(page, url)
    walk_once(page)
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
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    expect(page.locator("#explorer.enhanced")).to_have_count(1)
    page.keyboard.press("?")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body"), "the choice is remembered"
    page.get_by_role("button", name="Help", exact=True).click()
    expect(dialog).to_be_visible()
    assert "help.js" in asked
    assert "shortcuts.js" not in asked, "no key was taken for one"
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


def test_the_help_is_accessible(page: Page, url: str, axe: Callable[..., None], size: tuple[int, int]) -> None:
    open_explorer(page, f"{url}?severity=DS3")
    settle(page)
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    axe(page)
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= size[0]


# Phones


@NEEDS_SHEET
def test_the_sheet_keeps_the_focus_and_gives_it_back(page: Page, url: str) -> None:
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
    expect(sheet).to_be_visible()
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


@NEEDS_SHEET
def test_turning_a_phone_closes_the_sheet(page: Page, url: str) -> None:
    open_explorer(page, url)
    page.locator("#legend-toggle").click()
    expect(page.get_by_role("dialog", name="Legend")).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".legend-side > #legend")).to_be_visible()


@NEEDS_SHEET
def test_a_sheet_whose_script_is_lost_opens_in_the_page(
    page: Page, url: str, axe: Callable[..., None], problems: Problems
) -> None:
    problems.allow("sheet.js|ERR_FAILED")
    page.route("**/sheet.js", lambda route: route.abort())
    open_explorer(page, url)
    page.locator("#legend-toggle").click()
    expect(page.locator("#legend")).to_be_visible()
    facets, order = page.locator("#legend").bounding_box(), page.get_by_label("Order").bounding_box()
    assert facets and order
    assert facets["width"] > PHONE[0] * 0.8
    assert order["y"] >= facets["y"] + facets["height"], "below the legend, not on it"
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    settle(page)
    axe(page, include="#legend")


@NEEDS_SHEET
def test_the_answer_stays_on_top_in_one_line_and_hides_no_focus(page: Page, url: str) -> None:
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
    for place in range(10, 0, -1):
        page.keyboard.press("k")
        expect(page.locator("#results .card-title a").nth(place)).to_be_focused()
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= bar["height"]
    last.focus()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= bar["height"] - 1


@pytest.mark.parametrize("query", ["", "?form=S3,S7,-S2&cause=C6:direct&from=2025-02&q=the+", "?form=S3,-S3"])
def test_nothing_is_wider_than_a_narrow_phone(new_page: Callable[..., Page], url: str, query: str) -> None:
    page = new_page(viewport=(NARROW, 640), is_mobile=True, has_touch=True)
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
    with legend(page):
        box = page.locator("[data-facet=form] [data-value=S3] > .facet-row input")
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
    page.locator("#sort").focus()
    page.select_option("#sort", "oldest")
    expect(page).to_have_url(re.compile("sort=oldest"))
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
    window.shifts = [];
    new PerformanceObserver(list => shifts.push(...list.getEntries().filter(e => !e.hadRecentInput)))
        .observe({ type: 'layout-shift', buffered: true });
    window.shiftSince = start => shifts.reduce((sum, e) => sum + (e.startTime >= start ? e.value : 0), 0);
"""


def shift_since(page: Page, start: float) -> float:
    """How much has moved since a time of the page, after what is due has been painted."""
    page.evaluate("new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(seen))))")
    return float(page.evaluate("shiftSince", start))


@NEEDS_SHEET
def test_on_a_phone_the_answer_begins_on_the_first_screen(page: Page, url: str) -> None:
    page.goto(f"{url}?form=S3")
    settle(page)
    filters = page.get_by_role("button", name="Filters (1)").bounding_box()
    order = page.get_by_label("Order").bounding_box()
    told = page.locator("#results article").first.locator("[data-slot=description]").bounding_box()
    assert filters and order and told
    assert filters["y"] < order["y"] + order["height"] and order["y"] < filters["y"] + filters["height"], "on one line"
    assert filters["x"] + filters["width"] <= order["x"]
    assert told["y"] + told["height"] < PHONE[1]


@pytest.mark.parametrize("size", [PHONE, DESK, (1440, 2400)])
def test_coming_near_the_legend_shifts_nothing(page: Page, url: str) -> None:
    """A page that arrives in parts may shift by a hair; from then on nothing may."""
    page.add_init_script(WATCH_SHIFTS)
    open_explorer(page, url)
    assert shift_since(page, 0) < 0.001
    near = page.evaluate("performance.now()")
    page.locator("#q").hover()
    expect(page.locator("link[href$='on-demand.css']")).to_have_count(1)
    expect(page.locator("[data-facet=form] .facet-rare")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert shift_since(page, near) == 0


def test_an_answer_that_is_slow_to_come_shifts_nothing(page: Page, url: str) -> None:
    page.add_init_script(WATCH_SHIFTS)
    network = page.context.new_cdp_session(page)
    slowed = {"offline": False, "latency": 120, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slowed)
    for query in ("?form=S3,S7&q=the", "?q=force+push"):
        page.goto(url + query)
        settle(page)
        assert shift_since(page, 0) < 0.001, query


def test_rows_stay_in_place_while_choosing(page: Page, url: str) -> None:
    open_explorer(page, url)
    open_legend(page)
    page.locator("#legend").hover()
    # On the page or in the sheet, however far it was scrolled to reach a control.
    places = """all => all.map(row => Math.round(row.getBoundingClientRect().top + row.closest("#legend").scrollTop
        - row.closest("dialog, main").getBoundingClientRect().top))"""
    rows = page.locator("[data-facet=form] .facet-value, [data-facet=cause] .facet-value, [data-facet=severity]")
    expect(page.get_by_role("button", name="Severity: rare first")).to_have_count(1)
    before = rows.evaluate_all(places)
    choose(page, "form", "S3")
    choose(page, "form", "S7")
    expect(page.get_by_label("all of these")).to_be_visible()
    page.get_by_label("all of these").check()
    expect(page.locator("#answer")).to_contain_text(" and ")
    assert rows.evaluate_all(places) == before
