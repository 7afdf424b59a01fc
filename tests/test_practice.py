"""Coding cases blind: labels stay hidden until they are compared, and the agreement is that of the codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from support.explorer import DESK
from support.watch import Problems

SIZES = [(320, 740), (1440, 900)]
AXES = {"form": "checkbox", "cause": "checkbox", "severity": "radio", "status": "radio"}
ADDRESS = "practice/?sample=3&seed=7"


def labels_of(sample_site: Path, case: str) -> dict[str, list[str]]:
    """The study's codes of a case, as the downloads have them."""
    for line in gzip.decompress((sample_site / "data" / "episodes.jsonl.gz").read_bytes()).splitlines():
        row = json.loads(line)
        if row["id"].lower() == case:
            labels = row["labels"]
            return {
                "form": labels["forms"],
                "cause": [one["label"] for one in labels["causes"]],
                "severity": [labels["severity"]],
                "status": [labels["status"]],
            }
    raise AssertionError(case)


def choose(page: Page, codes: dict[str, list[str]]) -> None:
    for axis, chosen in codes.items():
        for code in chosen:
            page.locator(f"#codes input[name={axis}][value={code}]").check()


def compare(page: Page) -> None:
    page.get_by_role("button", name="Compare with the study").click()


def case_of(page: Page) -> str:
    """The id of the case that has been compared, in small letters."""
    href = page.locator("#compared a").get_attribute("href")
    assert href
    return href.rstrip("/").rsplit("/", 1)[1]


NAME = "title => [...title.childNodes].slice(1).map(node => node.textContent).join('')"
"""Without the words for those who hear it."""
OWN = {"form": ["S3"], "cause": ["C6"], "severity": ["DS1"], "status": ["RS2"]}


@pytest.mark.parametrize("viewport", SIZES)
def test_a_case_is_coded_and_compared(
    new_page: Callable[..., Page],
    axe: Callable[..., None],
    sample_url: str,
    sample_site: Path,
    viewport: tuple[int, int],
) -> None:
    is_phone = viewport[0] < 500
    page = new_page(viewport=viewport, is_mobile=is_phone, has_touch=is_phone)
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    expect(page.locator(".practice-quotes li").first).to_be_visible()
    expect(page.locator("#outcome")).to_be_hidden()
    expect(page.locator("[data-study]")).to_have_count(0)
    assert re.search(r"AMA-|/c/ama-", page.locator("#practice").inner_html(), re.IGNORECASE) is None, (
        "no way to the labels"
    )
    axe(page)
    choose(page, OWN)
    compare(page)
    expect(page.locator("#outcome-title")).to_be_focused()
    study = labels_of(sample_site, case_of(page))
    told = page.locator("#compared tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(c => c.textContent))"
    )
    assert [row[1] for row in told] == ["S3", "C6", "DS1", "RS2"]
    assert [row[2].split(" + ") for row in told] == [study[axis] for axis in AXES]
    assert [row[3] for row in told] == [
        "same" if sorted(OWN[axis]) == sorted(study[axis]) else "differs" for axis in AXES
    ]
    marked = page.locator("[data-study] input").evaluate_all("inputs => inputs.map(input => input.value)")
    assert sorted(marked) == sorted(code for codes in study.values() for code in codes)
    assert page.locator("#codes input:enabled").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
    axe(page)


def test_a_coding_that_is_none_says_why(page: Page, sample_url: str, axe: Callable[..., None]) -> None:
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    choose(page, {"form": ["S3", "S8"], "cause": ["C1", "C2", "C6"], "severity": ["DS1"]})
    compare(page)
    expect(page.get_by_role("alert")).to_contain_text("S8 stands alone.")
    expect(page.get_by_role("alert")).to_contain_text("At most 2 causes.")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("Not chosen yet: "))
    expect(page.locator("#outcome")).to_be_hidden()
    axe(page)
    assert page.evaluate("localStorage.getItem('atlas-coding')") is None


def test_agreement_is_counted_over_the_cases_of_the_draw_and_taken_away(
    page: Page, sample_url: str, sample_site: Path
) -> None:
    page.goto(sample_url + ADDRESS)
    studied = []
    for number in (1, 2, 3):
        expect(page.locator("#place")).to_have_text(f"Case {number} of 3")
        choose(page, OWN)
        compare(page)
        studied.append(labels_of(sample_site, case_of(page)))
        if number < 3:
            page.get_by_role("button", name="Next case").click()
            expect(page.locator("#case-title")).to_be_focused()
            assert page.locator("#codes input:checked").count() == 0
    same = {axis: sum(sorted(OWN[axis]) == sorted(study[axis]) for study in studied) for axis in AXES}
    rows = page.locator("#table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(c => c.textContent))"
    )
    assert [row[1:4] for row in rows] == [["3", str(same[axis]), f"{100 * same[axis] / 3:.1f}"] for axis in AXES]
    with page.expect_download() as download:
        page.locator("#table .take-away").nth(1).get_by_role("button", name="Download CSV").click()
    lines = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert len(lines) == 3 * len(AXES)
    assert [line["Study"] for line in lines[:4]] == [" + ".join(studied[0][axis]) for axis in AXES]
    page.reload()
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    expect(page.locator("#outcome")).to_be_visible()
    page.get_by_role("button", name="Next case").click()
    page.get_by_role("button", name="Next case").click()
    expect(page.locator("#place")).to_have_text("Case 3 of 3")
    before = page.url
    page.get_by_role("button", name="Draw other cases").click()
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("#outcome")).to_be_hidden()


def test_who_comes_back_goes_on_where_they_were_and_may_delete(page: Page, sample_url: str) -> None:
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    name = page.locator("#case-title").inner_text()
    choose(page, OWN)
    compare(page)
    page.goto("about:blank")
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 2 of 3")
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#case-title")).to_have_text(name)
    expect(page.locator("#outcome")).to_be_visible()
    page.get_by_role("button", name="Delete my codes of these cases").click()
    expect(page.locator("#agreement")).to_be_hidden()
    expect(page.locator("#outcome")).to_be_hidden()
    assert "AMA" not in page.evaluate("localStorage.getItem('atlas-coding')")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#outcome")).to_be_visible()
    assert "AMA" in page.evaluate("localStorage.getItem('atlas-coding')")


@pytest.mark.parametrize("size", [DESK])  # of storage, not of the screen
def test_two_tabs_keep_what_each_has_stored(page: Page, sample_url: str) -> None:
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    other = page.context.new_page()
    other.goto(f"{sample_url}practice/?sample=3&seed=8")
    expect(other.locator("#place")).to_have_text("Case 1 of 3")
    for tab in (other, page):
        choose(tab, OWN)
        compare(tab)
        expect(tab.locator("#outcome")).to_be_visible()
    stored = json.loads(page.evaluate("localStorage.getItem('atlas-coding')"))
    assert len(stored["codings"]) == 2


def test_nothing_can_be_coded_before_its_text_is_there(page: Page, sample_url: str) -> None:
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    name = page.locator("#case-title").inner_text()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/texts/*.json", hold)
    page.reload()
    page.wait_for_timeout(300)
    expect(page.locator("#codes")).to_be_hidden()
    expect(page.locator(".practice-case")).to_be_hidden()
    for route in held:
        route.continue_()
    page.unroute("**/texts/*.json")
    expect(page.locator("#case-title")).to_have_text(name)


@pytest.mark.parametrize(
    ("address", "told", "left"),
    [
        ("?form=S7", "form", ["Cause", "Severity", "Resolution status"]),
        ("?tier=direct&locus=DL1", "cause and severity", ["Form", "Resolution status"]),
    ],
)
def test_who_draws_by_a_label_is_not_blind_to_it(
    page: Page, sample_url: str, address: str, told: str, left: list[str]
) -> None:
    page.goto(f"{sample_url}practice/{address}")
    expect(page.locator("#told")).to_contain_text(f"These cases were chosen by {told}, so you are not blind to that")
    choose(page, OWN)
    compare(page)
    assert page.locator("#table tbody th").all_inner_texts() == left
    expect(page.locator("#told")).to_contain_text("chosen by")


@pytest.mark.parametrize("size", [DESK])  # of addresses, not of the screen
@pytest.mark.parametrize(
    ("address", "told"),
    [("?sample=0", "not understood"), ("?foo=bar", "not understood"), ("?sample=1000", "At most 100 cases are drawn.")],
)
def test_what_is_wrong_with_an_address_stays_on_the_page(page: Page, sample_url: str, address: str, told: str) -> None:
    page.goto(f"{sample_url}practice/{address}")
    expect(page.locator("#case-title")).to_be_visible()
    expect(page.locator("#told")).to_contain_text(told)


def test_the_address_says_which_cases(page: Page, sample_url: str, sample_site: Path) -> None:
    page.goto(f"{sample_url}practice/?form=S7&workflow=CLI")
    expect(page.locator("#place")).to_have_text(re.compile(r"Case 1 of \d+"))
    assert re.search(r"form=S7&workflow=CLI&seed=\d+&sample=10", page.url)
    drawn = page.url
    name = page.locator("#case-title").inner_text()
    choose(page, OWN)
    compare(page)
    assert "S7" in labels_of(sample_site, case_of(page))["form"]
    page.evaluate("localStorage.clear()")
    page.goto(drawn)
    expect(page.locator("#case-title")).to_have_text(name)


def test_a_sample_of_the_explorer_is_coded_blind(page: Page, sample_url: str) -> None:
    page.goto(f"{sample_url}?form=S3&sample=4&seed=9")
    expect(page.locator("#results article")).to_have_count(4)
    listed = set(page.locator("#results .card-title").all_inner_texts())
    page.locator("#sampler summary").first.click()
    page.get_by_role("link", name="Code it blind").click()
    shown = set()
    for number in (1, 2, 3, 4):
        expect(page.locator("#place")).to_have_text(f"Case {number} of 4")
        shown.add(page.locator("#case-title").evaluate(NAME))
        choose(page, OWN)
        compare(page)
        if number < 4:
            page.get_by_role("button", name="Next case").click()
    assert shown == listed


@pytest.mark.parametrize("address", ["?form=S3&q=zzzzzzzzz", "?validation=INVALID"])
def test_an_address_without_cases_says_so(page: Page, sample_url: str, address: str) -> None:
    page.goto(f"{sample_url}practice/{address}")
    expect(page.locator("#told")).to_contain_text("No case fits this address.")
    expect(page.locator("#codes")).to_be_hidden()
    page.get_by_role("link", name="Draw from all cases").click()
    expect(page.locator("#place")).to_have_text("Case 1 of 10")


def test_a_lost_part_can_be_tried_again(
    page: Page, sample_url: str, axe: Callable[..., None], problems: Problems
) -> None:
    problems.allow("texts|ERR_FAILED")
    page.route("**/texts/*.json", lambda route: route.abort())
    page.goto(sample_url + ADDRESS)
    expect(page.locator("#notices")).to_contain_text("This case could not be loaded.")
    axe(page)
    page.unroute("**/texts/*.json")
    expect(page.locator("#codes")).to_be_hidden()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#place")).to_have_text("Case 1 of 3")
    expect(page.locator("#case-title")).to_be_focused()


def test_without_script_the_page_says_where_to_read(new_page: Callable[..., Page], sample_url: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{sample_url}practice/")
    expect(page.locator("#practice")).to_be_hidden()
    expect(page.get_by_role("link", name="the codebook")).to_be_visible()
