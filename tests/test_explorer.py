"""The explorer in a browser: what a reader does, what the address says, and what the page then shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

import pytest
from playwright.sync_api import Page, expect
from search_corpus import make_benchmark_records
from support.brute_force import (
    Question,
    has_word,
    ids_of,
    most_turns_first,
    newest_first,
    oldest_first,
    rarest_first,
    texts_of,
)
from support.explorer import PHONE, Records, assert_fits, choose, legend, open_explorer, serve_records, settle, total
from support.watch import Problems

pytestmark = pytest.mark.every_size

CASES = 130
CARDS_A_PAGE = 40
A_FEW_FRAMES = """async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
}"""
"""Shifts are told after the frame that they happen in."""

READ_COUNTS = """rows => rows.map(row => [
    row.closest("[data-facet]").dataset.facet,
    row.dataset.value ?? `?${row.dataset.missing}`,
    Number(row.querySelector(".count").textContent.replaceAll(",", "")),
])"""
UNKNOWN_TO_RECORDS = ("scrubbed", "validation", "invalid")
"""What the build decides; all of these records are valid."""


@pytest.fixture(scope="module")
def records() -> Records:
    made = make_benchmark_records(CASES)
    for record in made:
        match record["repository_id"] % 10:
            case 7:
                record["session_timestamp"] = None
            case 9:
                record["user_turns"] = None
    return made


@pytest.fixture(scope="module")
def url(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site of 130 made-up cases."""
    with serve_records(records, tmp_path_factory.mktemp("explorer")) as address:
        yield address


def count_records(records: Records, form: str) -> int:
    return sum(form in record["symptom"]["labels"] for record in records)


def shown(page: Page) -> list[str]:
    """The ids of the listed cases, once the list has settled."""
    settle(page)
    return page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")


def answer(page: Page) -> str:
    return page.locator("#answer").inner_text()


def test_the_servers_first_screen_needs_no_data(page: Page, url: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_explorer(page, url)
    assert len(shown(page)) == CARDS_A_PAGE
    assert answer(page) == f"All {CASES} cases, newest session first."
    assert [address for address in requests if "/index/" in address] == []


def test_cards_made_by_the_script_are_those_of_the_server(page: Page, url: str) -> None:
    page.goto(url)
    served = page.locator("#results").inner_html()
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    assert shown(page) != re.findall('data-id="([^"]+)"', served)
    page.go_back()
    expect(page.locator("#answer")).to_have_text(f"All {CASES} cases, newest session first.")
    settle(page)
    assert page.locator("#results").inner_html().replace("\n", "") == served.replace("\n", "")


def test_every_count_is_the_length_of_the_list_that_it_opens(page: Page, url: str, records: Records) -> None:
    page.goto(url)
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text(f"{count_records(records, 'S3')} of {CASES} cases")
    rows = page.locator("[data-facet=cause] .facet-value")
    counts = rows.evaluate_all("rows => rows.map(row => [row.dataset.value, row.querySelector('.count').textContent])")
    for value, count in counts[:7]:
        open_explorer(page, f"{url}?form=S3&cause={value}")
        assert total(page) == int(count), value


def test_every_count_of_the_legend_is_that_of_the_records(page: Page, url: str, records: Records) -> None:
    draw = Random(5)
    totals = []
    for _ in range(4):
        question = Question(draw, records)
        open_explorer(page, f"{url}?{question.address}")
        settle(page)
        totals.append(total(page))
        assert totals[-1] == question.count(), question.address
        counts = page.locator("#legend .facet-value").evaluate_all(READ_COUNTS)
        known = [(facet, value, count) for facet, value, count in counts if facet not in UNKNOWN_TO_RECORDS]
        wrong = [one for one in known if one[2] != question.count(one[0], one[1])]
        assert len(known) > 60
        assert wrong == [], question.address
    assert min(totals) > 0


def test_values_of_a_facet_are_alternatives_and_facets_narrow(page: Page, url: str, records: Records) -> None:
    page.goto(url)
    choose(page, "form", "S3")
    choose(page, "form", "S7")
    expect(page.locator("#answer")).to_contain_text(" or ")
    either = total(page)
    assert either > max(count_records(records, "S3"), count_records(records, "S7"))
    with legend(page):
        page.get_by_label("all of these").check()
    expect(page.locator("#answer")).to_contain_text(" and ")
    assert total(page) < either
    assert page.url.endswith("?form=S3,S7&form.match=all")


def test_excluding_is_quiet_and_says_so(page: Page, url: str, records: Records) -> None:
    page.goto(url)
    with legend(page):
        page.get_by_role("button", name="not Developer Constraint Violation", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("not Developer Constraint Violation")
    assert total(page) == CASES - count_records(records, "S3")
    assert page.url.endswith("?form=-S3")
    expect(page.locator("#chips button.not")).to_have_text(re.compile("not Developer Constraint Violation"))


def test_chips_take_filters_away_one_by_one_and_all_at_once(page: Page, url: str) -> None:
    page.goto(f"{url}?form=S3,-S7&workflow=CLI&q=the+")
    chips = page.locator("#chips button")
    expect(chips).to_have_count(5)
    page.get_by_role("button", name="Remove filter Workflow: in CLI").click()
    expect(chips).to_have_count(4)
    expect(chips.nth(3)).to_be_focused()
    assert "workflow" not in page.url
    chips.last.click()
    expect(chips).to_have_count(0)
    assert page.url == url


def test_back_forward_and_reload_give_the_same_list(page: Page, url: str) -> None:
    page.goto(url)
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer")
    first = shown(page)
    choose(page, "cause", "C6")
    expect(page.locator("#answer")).to_contain_text("Instruction")
    second = shown(page)
    assert first != second
    page.go_back()
    expect(page.locator("#answer")).not_to_contain_text("Instruction")
    assert shown(page) == first
    page.go_forward()
    expect(page.locator("#answer")).to_contain_text("Instruction")
    assert shown(page) == second
    page.reload()
    expect(page.locator("#answer")).to_contain_text("Instruction")
    assert shown(page) == second


def test_pages_hold_every_case_once(page: Page, url: str) -> None:
    page.goto(f"{url}?sort=oldest")
    expect(page.locator("#answer")).to_contain_text("oldest")
    found = shown(page)
    for number in (2, 3, 4):
        page.get_by_role("link", name="Next page").click()
        expect(page.locator("#pager [aria-current=page]")).to_have_text(str(number))
        found += shown(page)
    assert len(found) == CASES
    assert len(set(found)) == CASES
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    assert page.evaluate("document.querySelector('#results').start") == 3 * CARDS_A_PAGE + 1


def test_a_page_beyond_the_last_shows_the_last(page: Page, url: str) -> None:
    page.goto(f"{url}?page=99")
    expect(page.locator("#pager [aria-current=page]")).to_have_text("4")
    assert len(shown(page)) == CASES - 3 * CARDS_A_PAGE


def test_each_order_is_the_one_it_says(page: Page, url: str, records: Records) -> None:
    answer = page.locator("#answer")
    open_explorer(page, url)
    page.get_by_role("link", name="Start with the rarest").click()
    expect(page.locator("#sort")).to_have_value("rare")
    expect(answer).to_contain_text("rarest labels first")
    assert page.url == f"{url}?sort=rare"
    assert shown(page) == ids_of(rarest_first(records))[:CARDS_A_PAGE]
    for order, words, expected in (
        ("oldest", "oldest session first", oldest_first(records)),
        ("turns", "most turns first", most_turns_first(records)),
        ("rare", "rarest labels first", rarest_first(records)),
        ("newest", "newest session first", newest_first(records)),
    ):
        page.select_option("#sort", order)
        expect(answer).to_contain_text(words)
        assert shown(page) == ids_of(expected)[:CARDS_A_PAGE], order
    page.get_by_role("link", name="Page 4").click()
    expect(page.locator("#pager [aria-current=page]")).to_have_text("4")
    assert shown(page) == ids_of(newest_first(records))[3 * CARDS_A_PAGE :], "undated ones end the list"


def test_the_best_match_has_the_word_in_its_name(page: Page, url: str, records: Records) -> None:
    found = [record for record in newest_first(records) if any(has_word(text, "line") for text in texts_of(record))]
    named = [record for record in found if has_word(record["name"], "line")]
    assert named[0] != found[0] and len(found) < CARDS_A_PAGE
    open_explorer(page, url)
    page.locator("#q").fill("line ")
    expect(page.locator("#answer")).to_contain_text("with “line”")
    best = shown(page)
    assert page.locator("#sort").input_value() == "relevance"
    assert best[: len(named)] == ids_of(named)
    assert sorted(best) == sorted(ids_of(found))
    page.select_option("#sort", "newest")
    expect(page.locator("#results article").first).to_have_attribute("data-id", ids_of(found)[0])
    assert shown(page) == ids_of(found)
    page.select_option("#sort", "relevance")
    expect(page.locator("#results article").first).to_have_attribute("data-id", best[0])
    assert shown(page) == best


def test_a_random_order_can_be_shared(page: Page, url: str) -> None:
    page.goto(url)
    page.select_option("#sort", "random")
    expect(page).to_have_url(re.compile(r"sort=random&seed=\d+"))
    expect(page.locator("#answer")).to_contain_text("in random order")
    order = shown(page)
    page.goto(page.url)
    expect(page.locator("#answer")).to_contain_text("in random order")
    assert shown(page) == order


def test_typing_searches_marks_hits_and_keeps_the_focus(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#q").press_sequentially("commi", delay=20)
    expect(page.locator("#answer")).to_contain_text("with “commi”")
    expect(page.locator("#q")).to_be_focused()
    assert 0 < total(page) < CASES
    expect(page.locator("mark.hit").first).to_have_text(re.compile("^commi", re.IGNORECASE))
    assert page.url.endswith("?q=commi")
    page.go_back()
    expect(page.locator("#q")).to_have_value("")
    assert page.url == url, "a burst of typing is one entry in the history"


def test_a_case_is_found_by_its_id(page: Page, url: str) -> None:
    page.goto(url)
    case = shown(page)[7]
    page.locator("#q").fill(case)
    expect(page.locator("#answer")).to_contain_text(f"1 of {CASES} cases")
    assert shown(page) == [case]


def test_nothing_found_says_what_to_try(page: Page, url: str) -> None:
    page.goto(f"{url}?form=S3,-S3&workflow=CLI")
    expect(page.locator("#answer")).to_contain_text(f"None of {CASES} cases")
    expect(page.locator("#status")).to_have_text("No cases found")
    page.locator(".empty button").first.click()
    expect(page.locator(".empty")).to_have_count(0)
    expect(page.locator("#answer-title")).to_be_focused()
    assert total(page) > 0


def test_words_that_do_not_meet_are_counted_one_by_one(page: Page, url: str) -> None:
    page.goto(f"{url}?q=%22commit%22+%22zzzz%22")
    offer = page.locator(".empty button", has_text='Without the word “"zzzz"”')
    expect(offer).to_be_visible()
    count = (offer.text_content() or "").rpartition(" ")[2]
    offer.click()
    expect(page.locator("#answer")).to_contain_text('with “"commit"”')
    assert total(page) == int(count)


def test_the_count_is_announced_once_after_the_last_change(page: Page, url: str) -> None:
    page.clock.install(time=0)
    open_explorer(page, url)
    page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.querySelector('#status').textContent))
            .observe(document.querySelector('#status'), { childList: true, characterData: true, subtree: true });
    }""")
    page.clock.pause_at(3_600)
    choose(page, "form", "S3")
    choose(page, "workflow", "CLI")
    expect(page.locator("#answer")).to_contain_text("in CLI")
    page.clock.run_for(1_500)
    said = page.evaluate("said")
    assert said == [f"{total(page)} of {CASES} cases"]


def test_what_the_address_says_wrong_is_named_and_kept(page: Page, url: str) -> None:
    page.goto(f"{url}?form=S99&colour=%3Cimg%20src=x%20onerror=alert(1)%3E&view=globe")
    notices = page.locator("#notices p")
    expect(notices).to_have_count(3)
    expect(notices.nth(0)).to_contain_text("“colour” in the address is not known")
    expect(notices.nth(1)).to_contain_text("“globe” is no possible value of “view”")
    expect(notices.nth(2)).to_contain_text("S99")
    choose(page, "form", "S3")
    expect(page).to_have_url(re.compile(r"form=S3,S99&view=globe&colour="))


def test_hostile_words_are_shown_as_text(page: Page, url: str) -> None:
    words = "<img src=x onerror=alert(1)> \"'` \u202e </script>"
    page.goto(url)
    page.locator("#q").fill(words)
    expect(page.locator("#answer")).to_contain_text("onerror=alert(1)")
    assert page.locator("#explorer img").count() == 0
    expect(page.locator("#chips button").first).to_contain_text("<img src=x")


def test_a_cell_of_the_map_opens_its_cases_without_loading_the_page_again(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate("window.stayed = true")
    cell = page.locator(".map td a").first
    count = cell.inner_text()
    cell.click()
    expect(page.locator("#answer")).to_contain_text(f"{count} of {CASES} cases")
    assert page.evaluate("window.stayed") is True


def test_months_are_a_range(page: Page, url: str) -> None:
    page.goto(f"{url}?from=2025-03&to=2025-04")
    expect(page.locator("#answer")).to_contain_text("from Mar 2025, until Apr 2025")
    spring = total(page)
    with legend(page):
        page.get_by_role("slider", name="From").press("Home")
    expect(page.locator("#answer")).not_to_contain_text("Mar 2025")
    assert total(page) > spring
    assert page.url.endswith("?to=2025-04")


def test_a_part_that_fails_says_so_and_can_be_tried_again(page: Page, url: str, problems: Problems) -> None:
    problems.allow("cards/|terms/|503")
    page.route("**/terms/*.json", lambda route: route.fulfill(status=503))
    page.goto(url)
    page.locator("#q").fill("commit ")
    notice = page.locator("#notices .notice")
    expect(notice).to_contain_text("could not be loaded")
    assert len(shown(page)) == CARDS_A_PAGE, "the list that was there stays"
    page.locator("#q").fill("")
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation"), "filters still work"
    expect(notice).to_have_count(0)
    page.locator("#q").fill("commit ")
    expect(notice).to_have_count(1)
    page.unroute("**/terms/*.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer")).to_contain_text("with “commit”")
    expect(notice).to_have_count(0)


def test_an_answer_that_was_overtaken_is_dropped(page: Page, url: str) -> None:
    page.goto(f"{url}?form=S3")
    expect(page.locator("#answer")).to_contain_text("Developer Constraint Violation")
    expected = shown(page)
    page.goto(url)
    page.route("**/cards/*.json", lambda _: None)  # held until the route is given up
    choose(page, "form", "S2")
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    with legend(page):
        page.locator("[data-facet=form] [data-value=S2] input").uncheck()
    choose(page, "form", "S3")
    page.unroute("**/cards/*.json")
    assert shown(page) == expected


@pytest.mark.parametrize("size", [PHONE])
def test_on_a_phone_the_legend_is_a_sheet(page: Page, url: str) -> None:
    open_explorer(page, url)
    toggle = page.locator("#legend-toggle")
    expect(page.locator("#legend")).to_be_hidden()
    toggle.click()
    expect(page.locator("#legend")).to_be_visible()
    choose(page, "form", "S3")
    expect(page.get_by_role("button", name=re.compile(r"^Show \d+ cases$"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(toggle).to_have_text("Filters (1)")
    expect(page.locator("#legend")).to_be_hidden()
    expect(toggle).to_be_focused()
    assert_fits(page)


def test_the_search_field_keeps_its_height_however_short_the_list(page: Page, url: str) -> None:
    heights = []
    for query in ("", "?form=S3,-S3"):
        open_explorer(page, url + query)
        heights.append(page.locator("#q").evaluate("field => field.offsetHeight"))
    assert heights[0] == heights[1]


def test_the_layout_does_not_shift(page: Page, url: str) -> None:
    page.add_init_script("""
        window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
            .observe({ type: 'layout-shift', buffered: true });
    """)
    open_explorer(page, url)
    page.evaluate(A_FEW_FRAMES)
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("Developer")
    settle(page)
    page.evaluate(A_FEW_FRAMES)
    assert page.evaluate("shift") < 0.01


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("", "#results .card-quote"),
        ("?form=-S7,-S99&q=the&colour=red&page=2", ".explorer:has(#notices p + p):has(.chips .not):has(#pager) .hit"),
        ("?form=S3,-S3&workflow=CLI", ".empty button"),
        ("?validation=INVALID&q=commit", ".explorer:has(#notices button) .card-strip .card-text"),
    ],
    ids=["front", "filtered-page-2-with-notices", "nothing-found", "rejected-and-a-part-that-failed"],
)
def test_every_state_is_accessible(
    page: Page, url: str, sample_url: str, axe: Callable[..., None], problems: Problems, query: str, holds: str
) -> None:
    has_rejected = "INVALID" in query
    if has_rejected:
        problems.allow("terms/|503")
        page.route("**/terms/*.json", lambda route: route.fulfill(status=503))
    open_explorer(page, (sample_url if has_rejected else url) + query)
    settle(page)
    expect(page.locator(holds).first).to_be_visible()
    axe(page)


def test_without_script_labels_and_lists_are_links(new_page: Callable[..., Page], url: str, problems: Problems) -> None:
    problems.allow(r"\.js: csp$")
    page = new_page(java_script_enabled=False)
    page.goto(url)
    assert page.locator("#results article").count() == CARDS_A_PAGE
    expect(page.locator("[data-facet=form] [data-value=S3] a")).to_have_attribute("href", "codebook/s3/")
    assert page.locator("#legend input").count() == 0


def test_the_title_follows_the_question(page: Page, url: str) -> None:
    page.goto(url)
    site = page.title()
    choose(page, "form", "S3")
    expect(page).to_have_title(re.compile(r"^\d+ cases: Developer Constraint Violation · "))
    page.go_back()
    expect(page).to_have_title(site)
