"""The explorer's views in a browser: table, cross-tab, timeline, comparison, sample; taking a table away."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from search_corpus import make_benchmark_records
from support.explorer import (
    DESK,
    PHONE,
    Records,
    assert_fits,
    legend,
    open_explorer,
    serve_records,
    settle,
    total,
    value,
)
from support.watch import Problems

pytestmark = pytest.mark.every_size

CASES = 260
ROWS_A_PAGE = 100


@pytest.fixture(scope="module")
def records() -> Records:
    return make_benchmark_records(CASES)


@pytest.fixture(scope="module")
def url(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site of 260 made-up cases."""
    with serve_records(records, tmp_path_factory.mktemp("views")) as address:
        yield address


def rows(page: Page) -> list[str]:
    """The ids of the table's cases."""
    return page.locator("#view .rows tbody .id").all_inner_texts()


def headings(page: Page) -> list[str]:
    return page.locator("#view .rows thead th").all_inner_texts()


def cells(page: Page, row: str) -> list[str]:
    """What stands in a row of the cross-tab, without its heading; an empty cell is a dot."""
    line = page.locator("#view .cross-tab tbody tr", has=page.locator("th .code", has_text=row))
    return [text.replace("\n", "") for text in line.locator("td").all_inner_texts()]


def test_the_switch_has_an_address_for_every_view(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?form=S3")
    switch = page.get_by_role("navigation", name="Views of this result")
    expect(switch.locator("[aria-current]")).to_have_text("Cards")
    for name, address in (("Table", "view=table"), ("Cross-tab", "view=crosstab"), ("Timeline", "view=timeline")):
        switch.get_by_role("link", name=name).click()
        expect(page).to_have_url(f"{url}?form=S3&{address}")
        expect(switch.locator("[aria-current]")).to_have_text(name)
        expect(switch.get_by_role("link", name=name)).to_be_focused()
        expect(page.locator("#view")).to_be_visible()
        expect(page.locator("#results")).to_be_hidden()
    page.go_back()
    expect(page.locator("#view .cross-tab")).to_be_visible()
    switch.get_by_role("link", name="Cards").click()
    expect(page).to_have_url(f"{url}?form=S3")
    expect(page.locator("#results article").first).to_be_visible()
    expect(page.locator("#view")).to_be_hidden()


def test_the_first_screen_loads_no_view(page: Page, url: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_explorer(page, url)
    views = re.compile(r"views/(table|cross-tab|timeline|compare|sampler)")
    assert [address for address in requests if views.search(address)] == []


def test_the_table_holds_every_case_once_a_hundred_a_page(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=table")
    assert headings(page) == ["Case", "Form", "Cause", "Severity", "Resolution", "Workflow", "Month"]
    found = rows(page)
    assert len(found) == ROWS_A_PAGE
    for number in (2, 3):
        page.get_by_role("link", name="Next page").click()
        expect(page.locator("#pager [aria-current=page]")).to_have_text(str(number))
        settle(page)
        found += rows(page)
    assert len(found) == len(set(found)) == CASES
    page.locator("#view .rows tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/c/ama-[\w-]+/$"))


def test_columns_are_chosen_and_part_of_the_address(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=table")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Cause", exact=True).uncheck()
    expect(page).to_have_url(f"{url}?view=table&cols=form,severity,status,workflow,month")
    settle(page)
    expect(page.get_by_label("Cause", exact=True)).to_be_focused()
    page.get_by_role("group", name="Columns").get_by_label("Turns").check()
    expect(page).to_have_url(re.compile("month,turns$"))
    settle(page)
    assert headings(page) == ["Case", "Form", "Severity", "Resolution", "Workflow", "Month", "Turns"]
    open_explorer(page, f"{url}?view=table&cols=license,confidence,goal")
    assert headings(page) == ["Case", "License", "Confidence", "Goal"]
    assert "MIT" in page.locator("#view td[data-column=License]").all_inner_texts()


def test_the_table_follows_the_order(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=table&cols=turns,month")
    heading = page.get_by_role("link", name="Turns")
    heading.focus()  # where the page is narrow, headings are only shown to the keyboard
    heading.click()
    expect(page.locator("#sort")).to_have_value("turns")
    settle(page)
    turns = [int(text.replace(",", "")) for text in page.locator("#view td.turns").all_inner_texts() if text != "–"]
    assert turns == sorted(turns, reverse=True)
    assert len(turns) > 50
    expect(page.locator("#view th[aria-sort=descending]")).to_have_text("Turns")
    expect(heading).to_be_focused()
    page.select_option("#sort", "oldest")
    expect(page.locator("#view th[aria-sort=ascending]")).to_have_text("Month")


def test_keys_walk_through_the_table(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=table")
    titles = page.locator("#view tbody th a")
    expect(titles).to_have_count(ROWS_A_PAGE)
    for number in range(3):
        page.keyboard.press("j")
        expect(titles.nth(number)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    titles.nth(ROWS_A_PAGE - 2).focus()
    page.keyboard.press("j")
    expect(titles.last).to_be_focused()
    expect(titles.last).to_be_in_viewport()
    page.keyboard.press("j")
    expect(page.locator("#pager").get_by_role("link", name="Next page")).to_be_focused()
    titles.nth(1).focus()
    address = str(titles.nth(1).get_attribute("href"))
    page.keyboard.press("o")
    expect(page).to_have_url(f"{url}{address}")


def test_cells_of_the_cross_tab_are_exact_with_several_labels(page: Page, url: str, records: Records) -> None:
    open_explorer(page, f"{url}?view=crosstab")
    counts = Counter(
        (form, cause["label"])
        for record in records
        for form in record["symptom"]["labels"]
        for cause in record["cause"]["labels"]
    )
    causes = [f"C{number}" for number in range(1, 8)]
    forms = Counter(form for record in records for form in record["symptom"]["labels"])
    for form in ("S1", "S3", "S7"):
        expected = [str(counts[form, cause]) if counts[form, cause] else "·0" for cause in causes]
        assert cells(page, form) == [*expected, str(forms[form])]
    assert sum(counts.values()) > CASES, "cases with several labels"
    expect(page.locator("#view figcaption")).to_contain_text(f"of {CASES} cases")
    expect(page.locator("#view figcaption")).to_contain_text("stands in several cells")


@pytest.mark.parametrize("query", ["?view=crosstab", "?form=S3&view=crosstab", "?view=crosstab&axes=month,cause:tier"])
def test_a_cell_opens_as_many_cases_as_it_says(page: Page, url: str, query: str) -> None:
    open_explorer(page, url + query)
    links = page.locator("#view .cross-tab td a")
    places = range(0, links.count(), links.count() // 5)
    assert len(places) > 3
    for place in places:
        href, count = links.nth(place).get_attribute("href"), links.nth(place).inner_text()
        links.nth(place).click()
        expect(page).to_have_url(f"{url}{href}")
        expect(page.locator("#results article").first).to_be_visible()
        expect(page.locator("#answer-title")).to_be_focused()
        settle(page)
        assert total(page) == int(count), href
        page.go_back()
        expect(page).to_have_url(url + query)
        expect(page.locator("#view .cross-tab")).to_be_visible()


def test_the_cross_tab_shows_shares_and_lift(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=crosstab&axes=form,workflow")
    ide, cli, whole = (int(text) for text in cells(page, "S3"))
    all_ide, all_cli, cases = (int(text) for text in page.locator("#view tr.totals td").all_inner_texts())
    expected = {
        "% of row": (f"{100 * ide / whole:.1f}", f"{100 * cli / whole:.1f}", "rows"),
        "% of column": (f"{100 * ide / all_ide:.1f}", f"{100 * cli / all_cli:.1f}", "columns"),
        "Lift": (f"{ide * cases / whole / all_ide:.2f}", f"{cli * cases / whole / all_cli:.2f}", "lift"),
    }
    for name, (first, second, word) in expected.items():
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"axes=form,workflow,{word}$"))
        settle(page)
        assert cells(page, "S3") == [first, second, str(whole)]
        expect(page.get_by_role("link", name=name)).to_be_focused()
    expect(page.locator("#view figcaption")).to_contain_text("ranks no agent or workflow")


def test_the_axes_are_chosen_and_can_be_swapped(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=crosstab")
    page.get_by_label("Rows").focus()
    page.get_by_label("Rows").select_option("severity")
    expect(page).to_have_url(re.compile("axes=severity,cause$"))
    settle(page)
    expect(page.get_by_label("Rows")).to_be_focused()
    page.get_by_role("button", name="Swap").press("Enter")
    expect(page).to_have_url(re.compile("axes=cause,severity$"))
    expect(page.locator("#view .cross-tab tbody th").first).to_contain_text("C1")


def test_the_timeline_counts_months_by_workflow_and_links_them(page: Page, url: str, records: Records) -> None:
    open_explorer(page, f"{url}?form=S3&view=timeline")
    dated = [record for record in records if "S3" in record["symptom"]["labels"] and record.get("session_timestamp")]
    expect(page.locator("#view figcaption")).to_contain_text(f"{len(dated)} of {total(page)} cases")
    page.get_by_text("The numbers, with links").click()
    lines = page.locator("#view .timeline tbody tr")
    counts = [int(line.locator("td").last.inner_text()) for line in lines.all()[:-1]]
    assert sum(counts) == len(dated)
    count = lines.first.locator("td").last.inner_text()
    lines.first.locator("a").click()
    expect(page).to_have_url(re.compile(r"\?form=S3&from=(\d{4}-\d\d)&to=\1$"))
    settle(page)
    assert total(page) == int(count)


def test_a_column_of_the_timeline_opens_its_month(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?from=2025-03&to=2025-08&view=timeline")
    page.locator("#view .columns-chart a").nth(2).click()
    expect(page).to_have_url(f"{url}?from=2025-05&to=2025-05")
    expect(page.locator("#results article").first).to_be_visible()


@pytest.mark.parametrize(("size", "count"), [(DESK, 24), (PHONE, 0)], ids=["desk", "phone"])
def test_columns_are_links_only_where_they_can_be_hit(page: Page, url: str, count: int) -> None:
    """A year in two rows. On a phone a column is narrower than 24 CSS pixels: the table of numbers has the links."""
    open_explorer(page, f"{url}?view=timeline")
    expect(page.locator("#view .columns-chart .now")).to_have_count(24)
    expect(page.locator("#view .columns-chart a")).to_have_count(count)


def test_two_workflows_side_by_side(page: Page, url: str, records: Records) -> None:
    open_explorer(page, f"{url}?severity=DS1")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_url(f"{url}?severity=DS1&compare=workflow:IDE,CLI")
    settle(page)
    expect(page.locator(".compare-head p").first).to_contain_text("in IDE")
    expect(page.locator(".compare-notes")).to_contain_text("ranks no agent or workflow")
    sizes = [int(text.split()[0]) for text in page.locator(".compare-head a").all_inner_texts()]
    line = page.locator(".compare tbody tr", has=page.locator(".code", has_text="S3"))
    first, second, difference, limits, _ = line.locator("td").all_inner_texts()
    light = [record for record in records if record["outcome"]["damage_severity"] == "DS1"]
    for column, workflow in enumerate(("IDE", "CLI")):
        side = [record for record in light if record["session_type"] == workflow]
        found = sum("S3" in record["symptom"]["labels"] for record in side)
        assert sizes[column] == len(side)
        expect(line.locator("td").nth(column)).to_have_attribute("title", f"{found} of {len(side)}")
    low, high = (float(text.replace("−", "-")) for text in limits.split(" to "))
    assert low < float(difference.replace("−", "-")) < high
    assert abs(float(first) - float(second) - float(difference.replace("−", "-"))) < 0.11
    expect(page.locator(".compare .group")).not_to_contain_text(["Workflow"])


def test_a_kept_selection_is_compared_with_the_one_chosen_next(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?form=S3&compare=workflow:IDE,CLI")
    page.get_by_role("link", name="Keep this selection as A, choose B").click()
    expect(page).to_have_url(f"{url}?form=S3&compare=form%3DS3")
    expect(page.locator(".compare-notes")).to_contain_text("A and B are the same cases")
    with legend(page) as values:
        values.locator("[data-facet=form] [data-value=S3] input").uncheck()
        values.locator("[data-facet=form] [data-value=S1] input").check()
    expect(page.locator(".compare-head p").nth(1)).to_contain_text("Wrong Project Diagnosis")
    expect(page).to_have_url(f"{url}?form=S1&compare=form%3DS3")
    page.get_by_role("button", name="Swap A and B").click()
    expect(page).to_have_url(f"{url}?form=S3&compare=form%3DS1")
    expect(page.locator(".compare-head p").first).to_contain_text("Wrong Project Diagnosis")


def test_selections_that_overlap_get_no_interval(page: Page, axe: Callable[..., None], url: str) -> None:
    open_explorer(page, f"{url}?form=S3&compare=all")
    expect(page.locator(".compare-notes")).to_contain_text("cases are in both selections")
    assert page.locator(".compare .limits").count() == 0
    assert page.locator(".compare svg").count() == 0
    axe(page, include=".results-side")


def test_a_sample_is_drawn_and_drawn_again_from_its_address(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?workflow=IDE")
    whole = total(page)
    form_count = value(page, "form", "S3")
    page.locator("#sampler summary").click()
    page.get_by_label("Draw").first.fill("20")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page).to_have_url(re.compile(r"workflow=IDE&seed=\d+&sample=20$"))
    settle(page)
    seed = re.findall(r"seed=(\d+)", page.url)[0]
    expect(page.locator("#answer")).to_contain_text(f"a sample of 20 of {whole}, seed {seed}")
    drawn = page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")
    assert len(drawn) == 20
    expect(page.locator("[data-facet=form] [data-value=S3] .count")).to_have_text(form_count)
    open_explorer(page, page.url)
    expect(page.locator("#answer")).to_contain_text("a sample of 20")
    assert page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)") == drawn
    page.locator("#sampler summary").click()
    page.get_by_role("button", name="New seed").click()
    expect(page).not_to_have_url(re.compile(f"seed={seed}&"))
    settle(page)
    expect(page.get_by_role("button", name="New seed")).to_be_focused()
    assert page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)") != drawn
    page.get_by_role("button", name=f"Show all {whole}").click()
    expect(page).to_have_url(f"{url}?workflow=IDE")
    expect(page.locator("#sampler summary")).to_have_text("Sample")


def test_a_stratified_sample_says_how_many_of_each(page: Page, url: str) -> None:
    open_explorer(page, f"{url}?view=table")
    page.locator("#sampler summary").first.click()
    page.get_by_label("Draw").first.fill("30")
    page.get_by_label("in proportion by").select_option("severity")
    page.get_by_role("button", name="Draw", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"seed=\d+&sample=30&stratify=severity&view=table$"))
    settle(page)
    (seed,) = re.findall(r"seed=(\d+)", page.url)
    drawn = f"a sample of 30 of {CASES}, divided by severity, seed {seed}"
    expect(page.locator("#answer")).to_contain_text(f"Listed: {drawn}.")
    expect(page.locator("#view caption")).to_contain_text(f"Listed: {drawn}. In this table: cases 1 to 30 of 30.")
    expect(page.get_by_role("button", name="Draw", exact=True)).to_be_focused()
    page.get_by_text("How many of each").click()
    parts = [re.findall(r": (\d+) of (\d+)$", text)[0] for text in page.locator("#sampler li").all_inner_texts()]
    assert sum(int(drawn) for drawn, _ in parts) == 30
    assert all(abs(int(drawn) - 30 * int(size) / CASES) < 1 for drawn, size in parts)
    found = rows(page)
    assert len(found) == 30
    open_explorer(page, page.url)
    expect(page.locator("#view caption")).to_contain_text(drawn)
    assert rows(page) == found


def test_what_is_shown_can_be_copied_and_downloaded(page: Page, url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_explorer(page, f"{url}?form=S3&view=crosstab&axes=cause,workflow,rows")
    page.get_by_role("button", name="Copy as LaTeX").click()
    expect(page.locator(".take-away [role=status]")).to_have_text("LaTeX copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "\\toprule" in text
    assert f"of {total(page)} cases (Developer Constraint Violation)" in text
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == "cause-by-workflow-rows.csv"
    content = Path(waiting.value.path()).read_bytes().decode("utf-8")
    records = list(csv.reader(io.StringIO(content, newline="")))
    assert records[0] == ["Cause", "IDE", "CLI", "All (n)", "caption"]
    assert records[-1][3] == str(total(page))
    assert {len(record) for record in records} == {5}
    assert content.count("\r\n") == len(records)


def state_of(page: Page, shown: str) -> tuple[str, str, list[str]]:
    """Its address, its sentence, and every line of what it shows."""
    expect(page.locator(shown)).not_to_have_count(0)
    settle(page)
    return page.url, page.locator("#answer-title").inner_text(), page.locator(shown).all_inner_texts()


def test_back_and_reload_show_each_list_again(page: Page, url: str) -> None:
    cards, lines, compared = "#results:not([hidden]) article", "#view .rows tr", "#view .compare tr"
    switch = page.get_by_role("navigation", name="Views of this result")
    open_explorer(page, f"{url}?form=S3")
    seen = [(cards, state_of(page, cards))]
    switch.get_by_role("link", name="Table").click()
    expect(page.locator("#view thead")).to_contain_text("Severity")
    seen.append((lines, state_of(page, lines)))
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Cause", exact=True).uncheck()
    expect(page.locator("#view thead")).not_to_contain_text("Cause")
    seen.append((lines, state_of(page, lines)))
    page.locator("#sampler > summary").click()
    page.get_by_label("Draw").first.fill("12")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.locator("#view .rows tbody tr")).to_have_count(12)
    seen.append((lines, state_of(page, lines)))
    switch.get_by_role("link", name="Compare", exact=True).click()
    seen.append((compared, state_of(page, compared)))
    assert len({state for _, (state, *_) in seen}) == len(seen)
    for step, (shown, state) in reversed(list(enumerate(seen))):
        expect(page).to_have_url(state[0])
        expect(page.locator(shown)).to_have_count(len(state[2]))
        assert state_of(page, shown) == state
        if step in (2, 3, 4):  # what an address has to remember: columns, a sample, a comparison
            page.reload()
            expect(page.locator("#explorer.enhanced")).to_have_count(1)
            expect(page.locator(shown)).to_have_count(len(state[2]))
            assert state_of(page, shown) == state
        if step > 0:
            page.go_back()


@pytest.mark.parametrize("query", ["view=table", "view=crosstab", "view=timeline", "compare=form:S1,S2", "sample=9"])
def test_nothing_found_says_so_in_every_view(page: Page, axe: Callable[..., None], url: str, query: str) -> None:
    open_explorer(page, f"{url}?form=S3,-S3&{query}")
    expect(page.locator("#answer")).to_contain_text(f"None of {CASES} cases")
    expect(page.locator(".empty").first).to_be_visible()
    if (
        query == "view=table"
    ):  # cross-tab and timeline say it in the same words; axe looks at the others in the next test
        axe(page, include=".results-side")


def test_an_empty_list_is_accessible_and_offers_more(page: Page, axe: Callable[..., None], url: str) -> None:
    open_explorer(page, f"{url}?form=S3&q=nowhere&compare=workflow:IDE,CLI")
    expect(page.locator("#answer")).to_contain_text(f"None of {CASES} cases")
    axe(page, include=".results-side")
    page.locator(".empty button").first.click()
    expect(page.locator(".empty")).to_have_count(0)
    expect(page.locator("#answer-title")).to_be_focused()


def test_a_view_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    page: Page, axe: Callable[..., None], url: str, problems: Problems
) -> None:
    problems.allow("views/table|503")
    page.route("**/views/table.js", lambda route: route.fulfill(status=503))
    open_explorer(page, f"{url}?form=S3")
    page.get_by_role("link", name="Table").click()
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    axe(page, include="#notices")
    page.get_by_role("link", name="Timeline").click()
    expect(page.locator("#view .timeline")).to_be_visible()
    expect(page.locator("#notices .notice")).to_have_count(0)


@pytest.mark.parametrize(
    "query",
    [
        "view=table&cols=form,severity,goal,turns,month",
        "view=crosstab",
        "view=crosstab&axes=agent,month,lift",
        "view=timeline",
        "compare=workflow:IDE,CLI",
        "sample=20&seed=7&stratify=form",
    ],
)
def test_every_view_is_accessible_and_fits(page: Page, axe: Callable[..., None], url: str, query: str) -> None:
    open_explorer(page, f"{url}?{query}")
    page.locator("#sampler > summary").click()
    expect(page.get_by_label("Draw").first).to_be_visible()
    settle(page)
    for summary in page.locator("#view summary, .sampler-body summary").all():
        summary.click()
    expect(page.locator(".results-side details:not([open])")).to_have_count(0)
    axe(page, include=".results-side")
    assert_fits(page)


def test_hostile_values_stay_text_in_every_view(page: Page, url: str, problems: Problems) -> None:
    del problems
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    twice = hostile.replace("%", "%25")
    for query in (f"q={hostile}&view=crosstab", f"compare=form:{hostile},S3", f"compare=q%3D{twice}"):
        open_explorer(page, f"{url}?{query}")
        assert page.locator("#explorer img").count() == 0
        expect(page.locator("#explorer")).to_contain_text("<img src=x onerror=alert(1)>")


def test_what_a_comparison_does_not_know_is_named(page: Page, axe: Callable[..., None], url: str) -> None:
    open_explorer(page, f"{url}?stratify=form&compare=form:S99,S3")
    expect(page.locator(".compare-notes")).to_contain_text("No case has “S99” under Form.")
    expect(page.locator("#notices")).to_contain_text("“stratify” divides a sample")
    axe(page, include=".results-side")
