"""The legend's depth: months and turns as ranges, long lists, any or all, tiers of a cause, rejected candidates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from search_corpus import make_benchmark_records
from support.explorer import (
    PHONE,
    Records,
    choose,
    legend,
    open_explorer,
    open_facet,
    open_legend,
    serve_records,
    settle,
    total,
    value,
)

pytestmark = pytest.mark.every_size

CASES = 160
AGENTS = 23


@pytest.fixture(scope="module")
def records() -> Records:
    """Agent 00 has most cases, agent 22 the fewest; some sessions have no date."""
    made = make_benchmark_records(CASES)
    names = [f"Agent {number:02}" for number in range(AGENTS) for _ in range(max(1, 24 - 3 * number))]
    undated = {"session_timestamp": None}
    return [
        record | {"agent": names[place % len(names)]} | (undated if place % 40 == 7 else {})
        for place, record in enumerate(made)
    ]


@pytest.fixture(scope="module")
def url(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_records(records, tmp_path_factory.mktemp("legend")) as address:
        yield address


def month_of(record: dict[str, object]) -> str:
    return str(record["session_timestamp"] or "")[:7]


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


def open_months(page: Page, address: str) -> None:
    open_explorer(page, address)
    open_facet(page, "month")
    expect(slider(page, "From")).to_be_visible()


def visible_values(page: Page, facet: str) -> list[str]:
    rows = page.locator(f"[data-facet={facet}] .facet-value").all()
    return [row.get_attribute("data-value") or "" for row in rows if row.is_visible()]


def test_keys_move_the_ends_of_the_months(page: Page, url: str, records: Records) -> None:
    open_months(page, url)
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "January 2025")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "December 2025")
    slider(page, "From").press("ArrowRight")
    slider(page, "From").press("ArrowUp")
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "March 2025")
    slider(page, "Until").press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"\?from=2025-03&to=2025-11$"))
    expect(page.locator("#answer")).to_contain_text("from Mar 2025, until Nov 2025")
    assert total(page) == sum("2025-03" <= month_of(record) <= "2025-11" for record in records)
    expect(slider(page, "Until")).to_be_focused()
    slider(page, "Until").press("Home")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "March 2025")
    slider(page, "Until").press("End")
    slider(page, "From").press("Home")
    expect(page.locator("#answer")).to_contain_text(f"All {CASES} cases")
    assert page.url == url


def test_one_movement_is_one_step_back(page: Page, url: str) -> None:
    open_months(page, url)
    for _ in range(4):
        slider(page, "From").press("ArrowRight")
    expect(page).to_have_url(re.compile("from=2025-05$"))
    page.go_back()
    expect(page.locator("#answer")).to_contain_text(f"All {CASES} cases")
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "January 2025")
    assert page.url == url


def test_pages_move_an_end_by_a_year(page: Page, sample_url: str) -> None:
    open_months(page, sample_url)
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "September 2024")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "April 2026")
    slider(page, "From").press("PageUp")
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "September 2025")
    expect(page).to_have_url(re.compile(r"\?from=2025-09$"))
    slider(page, "From").press("PageDown")
    slider(page, "Until").press("PageDown")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "April 2025")
    expect(page).to_have_url(re.compile(r"\?to=2025-04$"))
    slider(page, "Until").press("PageUp")
    expect(page.locator("#answer")).to_contain_text("All 125 cases")
    assert page.url == sample_url


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def month_at(page: Page, month: int) -> float:
    """How far to the right the bar of a month of the year stands."""
    chart = page.locator(".month-chart").bounding_box()
    assert chart
    return chart["x"] + chart["width"] * (month - 0.5) / 12


def test_handles_follow_the_pointer_and_are_large_enough(page: Page, url: str) -> None:
    open_months(page, url)
    slider(page, "From").scroll_into_view_if_needed()
    for name, month in (("From", 6), ("Until", 9)):
        across, down = middle(slider(page, name))
        page.mouse.move(across, down)
        page.mouse.down()
        page.mouse.move(month_at(page, month), down - 10, steps=5)
        page.mouse.up()
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "June 2025")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "September 2025")
    expect(page).to_have_url(re.compile(r"\?from=2025-06&to=2025-09$"))


@pytest.mark.parametrize("size", [PHONE])  # the desk has no touch screen
def test_a_finger_drags_the_handles_and_not_the_sheet(page: Page, url: str) -> None:
    open_months(page, url)
    slider(page, "From").scroll_into_view_if_needed()
    sheet = page.locator("#legend")
    before = sheet.evaluate("sheet => sheet.scrollTop")
    assert 0 < before < sheet.evaluate("sheet => sheet.scrollHeight - sheet.clientHeight") - 30, "it could scroll"
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": across, "y": down} for across, down in points]},
        )

    for name, month in (("From", 6), ("Until", 9)):
        across, down = middle(slider(page, name))
        touch("touchStart", (across, down))
        for step in range(1, 4):  # a finger does not keep to a line: up is where the sheet would scroll
            touch("touchMove", (across, down - 10 * step))
        for step in range(1, 9):
            touch("touchMove", (across + (month_at(page, month) - across) * step / 8, down - 30))
        touch("touchEnd")
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "June 2025")
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "September 2025")
    expect(page).to_have_url(re.compile(r"\?from=2025-06&to=2025-09$"))
    assert sheet.evaluate("sheet => sheet.scrollTop") == before


@pytest.mark.parametrize("size", [PHONE])  # the desk has no touch screen
def test_a_touch_on_a_bar_moves_the_nearer_handle(page: Page, url: str) -> None:
    open_months(page, url)
    page.locator(".month-chart").scroll_into_view_if_needed()
    chart = page.locator(".month-chart").bounding_box()
    assert chart
    page.touchscreen.tap(chart["x"] + chart["width"] * 9.5 / 12, chart["y"] + 20)
    expect(slider(page, "Until")).to_have_attribute("aria-valuetext", "October 2025")
    expect(slider(page, "From")).to_have_attribute("aria-valuetext", "January 2025")


def test_bars_are_grey_for_all_and_ink_for_what_is_shown(page: Page, url: str, records: Records) -> None:
    open_months(page, f"{url}?workflow=CLI&from=2025-03")
    counts = Counter(month_of(record) for record in records if month_of(record))
    shown = Counter(month_of(record) for record in records if record["session_type"] == "CLI")
    tallest = max(counts.values())
    bars = page.locator(".month-chart g")
    heights = bars.evaluate_all(
        "groups => groups.map(g => ['all', 'now'].map(c => +g.querySelector('.' + c).getAttribute('height')))"
    )
    for number, (grey, ink) in enumerate(heights, start=1):
        month = f"2025-{number:02}"
        assert grey == pytest.approx(40 * counts[month] / tallest, abs=1), month
        assert ink == pytest.approx(40 * shown[month] / tallest if number >= 3 else 0, abs=1), month
    expect(bars.nth(4).locator("title")).to_have_text(f"May 2025: {shown['2025-05']} of {counts['2025-05']}")


def test_months_as_a_list_open_what_they_count(page: Page, url: str) -> None:
    open_months(page, f"{url}?from=2025-03&to=2025-04&form=S3")
    page.get_by_text("The 12 months as a list").click()
    page.get_by_role("searchbox", name="Find in Month").fill("jul")
    assert visible_values(page, "month") == ["2025-07"]
    count = int(value(page, "month", "2025-07"))
    assert count > 0
    page.locator("[data-facet=month] [data-value='2025-07'] a").click()
    expect(page.locator("#answer")).to_contain_text("in Jul 2025")
    assert total(page) == count
    expect(page).to_have_url(re.compile(r"\?form=S3&from=2025-07&to=2025-07$"))


def test_turns_are_two_numbers(page: Page, url: str, records: Records) -> None:
    open_explorer(page, url)
    least = page.get_by_role("spinbutton", name="at least")
    most = page.get_by_role("spinbutton", name="at most")
    with legend(page):
        open_facet(page, "turns")
        least.fill("10")
        expect(page).to_have_url(re.compile(r"\?turns=10\.\.$"))
        expect(least).to_be_focused()
        most.fill("30")
        most.press("Enter")
        expect(page).to_have_url(re.compile(r"\?turns=10\.\.30$"))
        expect(page.locator("#answer")).to_contain_text("10 to 30 turns")
        assert total(page) == sum(10 <= record["user_turns"] + record["agent_turns"] <= 30 for record in records)
        least.fill("40")
        expect(page.get_by_text("No number is both.")).to_be_visible()
        least.fill("-3")
        expect(page.get_by_text("Whole numbers from 0 on.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Remove filter Turns")).click()
    with legend(page):
        expect(most).to_have_value("")
    assert page.url == url


def test_a_long_facet_shows_its_first_values_and_those_in_use(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?agent=Agent+20")
    open_legend(page)
    more = page.get_by_role("button", name=f"Show all {AGENTS}")
    expect(more).to_have_attribute("aria-expanded", "false")
    shown = visible_values(page, "agent")
    assert len(shown) == 9
    assert shown[0] == "Agent 00"
    assert shown[-1] == "Agent 20"
    more.click()
    assert len(visible_values(page, "agent")) == AGENTS
    fewer = page.get_by_role("button", name="Show fewer")
    expect(fewer).to_be_focused()
    page.locator("[data-facet=agent] [data-value='Agent 20'] input").uncheck()
    expect(page.locator("#answer")).to_contain_text("All")
    fewer.click()
    assert visible_values(page, "agent") == shown, "what was in use stays in reach"


def test_typing_narrows_a_long_facet(page: Page, url: str) -> None:
    open_explorer(page, url)
    open_facet(page, "agent")
    field = page.get_by_role("searchbox", name="Find in Agent")
    field.fill("2 AGENT")
    assert visible_values(page, "agent") == ["Agent 02", "Agent 12", "Agent 20", "Agent 21", "Agent 22"]
    expect(page.get_by_text(f"5 of {AGENTS}")).to_be_visible()
    field.press("Enter")
    assert page.url == url, "the field is no form of its own"
    choose(page, "agent", "Agent 21")
    expect(page.locator("#answer")).to_contain_text("Agent 21")
    assert total(page) == 1
    field.fill("nobody")
    expect(page.get_by_text("None fits.")).to_be_visible()
    assert visible_values(page, "agent") == []
    field.fill("")
    assert len(visible_values(page, "agent")) == 9


def test_rare_values_come_first_on_request_and_the_focus_stays(page: Page, url: str) -> None:
    open_explorer(page, url)
    open_facet(page, "agent")
    rare = page.get_by_role("button", name="Agent: rare first")
    rare.click()
    expect(rare).to_have_attribute("aria-pressed", "true")
    expect(rare).to_be_focused()
    counts = [int(value(page, "agent", code)) for code in visible_values(page, "agent")]
    assert counts == sorted(counts)
    assert counts[0] == 1
    first = page.locator("[data-facet=agent] .facet-value").first.locator("input")
    first.focus()
    first.press("Space")
    expect(page.locator("#answer")).to_contain_text("1 of")
    expect(first).to_be_focused()
    page.go_back()
    rare.click()
    assert visible_values(page, "agent")[:2] == ["Agent 00", "Agent 01"]


def test_in_order_of_rarity_values_without_cases_are_last(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?agent=Agent+22")
    open_legend(page)
    page.get_by_role("button", name="Form: rare first").click()
    counts = [int(value(page, "form", code)) for code in visible_values(page, "form")]
    found = [count for count in counts if count]
    assert 0 < len(found) < len(counts)
    assert counts == sorted(found) + [0] * (len(counts) - len(found))


def test_even_facets_have_no_order_of_rarity(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?form=S3")
    open_legend(page)
    expect(page.get_by_role("button", name="Form: rare first")).to_be_visible()
    expect(page.get_by_role("button", name="Workflow: rare first")).to_have_count(0)


def test_any_or_all_is_offered_where_a_case_may_have_both(page: Page, url: str, records: Records) -> None:
    open_explorer(page, f"{url}?form=S3")
    open_legend(page)
    expect(page.get_by_label("all of these")).to_have_count(0)
    choose(page, "form", "S7")
    expect(page.get_by_label("any of these")).to_be_checked()
    page.get_by_label("all of these").check()
    expect(page.locator("#answer")).to_contain_text(" and ")
    assert total(page) == sum({"S3", "S7"} <= set(record["symptom"]["labels"]) for record in records)
    expect(page.get_by_label("all of these")).to_be_focused()
    choose(page, "workflow", "CLI")
    choose(page, "workflow", "IDE")
    expect(page.get_by_label("all of these")).to_have_count(1)
    open_explorer(page, f"{url}?workflow=CLI,IDE&workflow.match=all")
    open_legend(page)
    expect(page.locator("#answer")).to_contain_text("None of")
    page.get_by_label("any of these").check()
    expect(page.locator("#answer")).not_to_contain_text("None of")


def test_a_chosen_cause_can_be_narrowed_to_tiers(page: Page, url: str, records: Records) -> None:
    def with_tier(*tiers: str) -> int:
        causes = [record["cause"]["labels"] for record in records]
        return sum(any(one["label"] == "C6" and one["evidence_tier"] in tiers for one in labels) for labels in causes)

    open_explorer(page, url)
    open_legend(page)
    choose(page, "cause", "C6")
    tiers = page.get_by_role("group", name="Evidence for Instruction-Following Failure")
    direct, contextual = tiers.get_by_label(re.compile("direct")), tiers.get_by_label(re.compile("contextual"))
    expect(tiers).to_contain_text(f"direct {with_tier('direct')}")
    expect(tiers).to_contain_text(f"contextual {with_tier('contextual')}")
    direct.check()
    expect(page).to_have_url(re.compile(r"\?cause=C6:direct$"))
    assert total(page) == with_tier("direct")
    whole = page.locator("[data-facet=cause] [data-value=C6] > .facet-row input")
    assert whole.evaluate("box => box.indeterminate")
    contextual.check()
    expect(page).to_have_url(re.compile(r"\?cause=C6:contextual,C6:direct$"))
    assert total(page) == with_tier("direct", "contextual")
    expect(contextual).to_be_focused()
    contextual.uncheck()
    direct.uncheck()
    expect(page).to_have_url(re.compile(r"\?cause=C6$"))
    direct.check()
    whole.click()
    expect(page).to_have_url(re.compile(r"\?cause=C6$"))
    expect(direct).not_to_be_checked()
    whole.click()
    expect(tiers).to_be_hidden()


def test_counts_say_their_base(page: Page, url: str, sample_url: str) -> None:
    base = page.locator(".legend-base")
    page.goto(url)
    expect(base).to_have_text(f"Counts: cases that would be shown, of {CASES}.")
    open_explorer(page, f"{sample_url}?validation=INVALID")
    expect(base).to_have_text("Counts: rejected candidates that would be shown, of 12.")
    open_explorer(page, f"{sample_url}?validation=VALID,INVALID")
    expect(base).to_have_text("Counts: candidates that would be shown, of 137.")


def test_rejected_candidates_are_called_so_throughout(page: Page, sample_url: str) -> None:
    open_explorer(page, sample_url)
    open_facet(page, "validation")
    choose(page, "validation", "INVALID")
    expect(page.locator("#answer")).to_contain_text("12 rejected candidates")
    expect(page.locator("#status")).to_have_text("12 of 12 rejected candidates")
    expect(page.locator("#answer-title")).to_have_text("Rejected candidates")
    for facet in ("form", "cause", "severity", "status"):
        heading = page.locator(f"[data-facet={facet}] .facet-chosen")
        expect(heading).to_have_text("does not apply")
    missing = page.locator("[data-facet=form] [data-missing=na]")
    expect(missing).to_contain_text("does not apply 12", use_inner_text=True)
    assert value(page, "form", "S3") == "0"
    choose(page, "form", "S3")
    expect(page.locator("#answer")).to_contain_text("None of 12 rejected candidates")
    expect(page.locator(".empty")).to_contain_text("No rejected candidate has all of this at once")
    expect(page.locator("#status")).to_have_text("No rejected candidates found")


def test_what_is_not_recorded_is_told_from_what_does_not_apply(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?severity=DS1")
    open_facet(page, "locus")
    expect(page.locator("[data-facet=locus] [data-missing=na] .name")).to_have_text("does not apply")
    expect(page.locator("[data-facet=locus] [data-missing=none]")).to_have_count(0)
    expect(page.locator("[data-facet=locus] [data-missing=na] label")).to_have_attribute(
        "title", re.compile("does not arise")
    )
    open_facet(page, "month")
    page.get_by_text("The 12 months as a list").click()
    expect(page.locator("[data-facet=month] [data-missing=none] .name")).to_have_text("not recorded")


def test_values_without_cases_can_be_chosen(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?agent=Agent+22")
    open_legend(page)
    zero = page.locator("[data-facet=form] .facet-value[data-zero] > .facet-row input").first
    expect(zero).to_be_enabled()
    zero.check()
    expect(page.locator("#answer")).to_contain_text("None of")
    expect(zero).to_be_checked()
    expect(zero).to_be_focused()


STATES = ["?form=S3,S7&cause=C6:direct&from=2025-03&turns=5..&agent=Agent+20", "?validation=INVALID&form=S3"]


@pytest.mark.parametrize("query", STATES)
def test_the_whole_legend_is_accessible(page: Page, url: str, axe: Callable[..., None], query: str) -> None:
    open_explorer(page, url + query)
    settle(page)
    open_legend(page)
    page.locator("details.facet").evaluate_all("all => all.forEach(details => details.open = true)")
    expect(slider(page, "From")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Find in Agent")).to_be_visible()
    page.locator(".facet-list").evaluate("list => list.open = true")
    axe(page, include="#legend")


def test_what_the_legend_cannot_use_is_said_accessibly(page: Page, url: str, axe: Callable[..., None]) -> None:
    open_explorer(page, url)
    open_facet(page, "agent")
    open_facet(page, "turns")
    page.get_by_role("searchbox", name="Find in Agent").fill("nobody")
    expect(page.get_by_text("None fits.")).to_be_visible()
    page.get_by_role("spinbutton", name="at least").fill("-3")
    expect(page.get_by_text("Whole numbers from 0 on.")).to_be_visible()
    axe(page, include="#legend")


def test_what_is_missing_is_chosen_like_a_value(page: Page, url: str, records: Records) -> None:
    open_explorer(page, url)
    open_facet(page, "locus")
    box = page.locator("[data-facet=locus] [data-missing=na] input")
    box.check()
    expect(page).to_have_url(f"{url}?locus=na")
    assert total(page) == sum(record["outcome"].get("damage_locus") is None for record in records) < CASES
    box.uncheck()
    expect(page).to_have_url(url)
    assert total(page) == CASES
