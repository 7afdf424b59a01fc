"""Pairs of cases that differ in one thing, and the facet of what was scrubbed, on the sample corpus."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Locator, Page, expect
from support.explorer import assert_fits, choose, open_explorer, open_facet, settle, total, value
from support.watch import Problems

pytestmark = pytest.mark.every_size

Records = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def records(sample_site: Path) -> Records:
    """The published cases by id."""
    lines = gzip.decompress((sample_site / "data" / "episodes.jsonl.gz").read_bytes()).splitlines()
    return {record["id"]: record for record in map(orjson.loads, lines)}


def ids(pair: Locator) -> list[str]:
    return [str(card.get_attribute("data-id")) for card in pair.locator(".card").all()]


def causes(record: dict[str, Any]) -> set[str]:
    return {cause["label"] for cause in record["labels"]["causes"]}


def test_the_same_form_from_different_causes_side_by_side(page: Page, sample_url: str, records: Records) -> None:
    open_explorer(page, f"{sample_url}?workflow=CLI")
    page.get_by_role("navigation", name="Views of this result").get_by_role("link", name="Pairs").click()
    expect(page).to_have_url(f"{sample_url}?workflow=CLI&view=pairs")
    pairs = page.locator("#view .pair")
    expect(pairs.first).to_be_visible()
    for pair in pairs.all():
        one, other = (records[case] for case in ids(pair))
        assert one["session"]["workflow"] == "CLI"
        assert set(one["labels"]["forms"]) == set(other["labels"]["forms"])
        assert causes(one).isdisjoint(causes(other))
        words = re.findall("“(.+?)”", pair.locator(".pair-same p").inner_text())
        assert words
        for word in words:
            assert all(word in f"{case['name']} {case['description']}".lower() for case in (one, other))
        for label in one["labels"]["forms"]:
            expect(pair.locator(".pair-same")).to_contain_text(label)
        outside = pair.locator(".pair-other").nth(1).get_by_text("outside this selection")
        expect(outside).to_have_count(0 if other["session"]["workflow"] == "CLI" else 1)
    expect(page.locator(".pairs-caption")).to_contain_text(
        re.compile(rf"Same form, different cause: \d+ of {total(page)} cases \(in CLI\) have such a counterpart")
    )


def test_the_same_cause_with_another_resolution(
    page: Page, axe: Callable[..., None], sample_url: str, records: Records
) -> None:
    open_explorer(page, f"{sample_url}?view=pairs")
    choice = page.get_by_label("Pairs with the")
    choice.focus()
    choice.select_option("cause,status")
    expect(page).to_have_url(f"{sample_url}?view=pairs&axes=cause,status")
    expect(page.locator(".pairs-caption")).to_contain_text("Same cause, different resolution")
    expect(choice).to_be_focused()
    for pair in page.locator("#view .pair").all():
        one, other = (records[case]["labels"] for case in ids(pair))
        assert causes({"labels": one}) == causes({"labels": other})
        assert (one["status"], one["resolver"]) != (other["status"], other["resolver"])
    axe(page, include="#view :is(.view-tools, .pairs-caption, .pair:first-child)")  # the other pairs are like the first


def test_pages_of_pairs_show_each_pair_once(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?view=pairs")
    told = page.locator(".pairs-caption").inner_text()
    count = int(re.findall(r"(\d+) pairs", told)[0])
    seen: set[frozenset[str]] = set()
    while True:
        seen |= {frozenset(ids(pair)) for pair in page.locator("#view .pair").all()}
        following = page.locator("#view .pager").get_by_role("link", name="Next page")
        if following.count() == 0:
            break
        before = page.locator("#view .pairs").get_attribute("start")
        following.click()
        expect(page.locator("#view .pairs")).not_to_have_attribute("start", before or "")
        expect(page.locator("#answer-title")).to_be_focused()
        expect(page.locator("#notices .notice")).to_have_count(0)
    assert len(seen) == count
    expect(page).to_have_url(re.compile(r"view=pairs&page=\d+$"))


def test_a_case_page_leads_to_the_case_beside_its_counterpart(page: Page, sample_url: str, sample_site: Path) -> None:
    paths = sorted(sample_site.glob("c/*/index.html"))
    path = next(path for path in paths if "view=pairs" in path.read_text(encoding="utf-8"))
    page.goto(f"{sample_url}c/{path.parent.name}/")
    heading = page.get_by_role("heading", name="Same form, different cause")
    nearest = heading.locator("xpath=following-sibling::ol[1]/li[1]/a").get_attribute("href") or ""
    page.get_by_role("link", name="Side by side").click()
    expect(page.locator("#view .pair")).to_have_count(1)
    shown = [case.lower() for case in ids(page.locator("#view .pair"))]
    assert shown == [path.parent.name, nearest.rstrip("/").rpartition("/")[2]]


def test_keys_walk_through_both_cases_of_a_pair(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?view=pairs")
    titles = page.locator("#view .card-title a")
    expect(titles.first).to_be_visible()
    for number in range(3):
        page.keyboard.press("j")
        expect(titles.nth(number)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    address = str(titles.nth(1).get_attribute("href"))
    page.keyboard.press("o")
    expect(page).to_have_url(f"{sample_url}{address}")


def test_without_pairs_the_page_says_so(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?cause=C7&view=pairs")
    expect(page.locator(".pairs-caption")).to_contain_text("has such a counterpart")
    expect(page.locator("#view .pair")).to_have_count(0)
    axe(page, include=".results-side")
    open_explorer(page, f"{sample_url}?view=pairs&page=99")
    expect(page.locator(".pairs-caption")).to_contain_text("There is no page 99; this is the last one.")
    open_explorer(page, f"{sample_url}?view=pairs&axes=form,workflow")
    expect(page.locator("#notices")).to_contain_text("“form,workflow” is no possible value of “axes”")
    expect(page.locator("#view .pair").first).to_be_visible()


def test_pairs_that_cannot_be_loaded_can_be_tried_again(
    page: Page, axe: Callable[..., None], sample_url: str, problems: Problems
) -> None:
    problems.allow("contrasts.json|503")
    page.route("**/contrasts.json", lambda route: route.fulfill(status=503))
    open_explorer(page, f"{sample_url}?view=pairs")
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    axe(page, include="#notices")
    page.unroute("**/contrasts.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#view .pair").first).to_be_visible()


def test_pairs_are_accessible_and_fit(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    """With counterparts outside the selection too."""
    open_explorer(page, f"{sample_url}?workflow=CLI&view=pairs")
    expect(page.locator("#view .pair-other .hint").first).to_be_visible()
    axe(page)
    assert_fits(page)


def test_cases_are_found_by_what_was_scrubbed(page: Page, sample_url: str, records: Records) -> None:
    kinds = [set(record["redactions"]) for record in records.values()]
    open_explorer(page, sample_url)
    open_facet(page, "scrubbed")
    assert value(page, "scrubbed", "any") == str(sum(map(bool, kinds)))
    assert value(page, "scrubbed", "nothing") == str(sum(not found for found in kinds))
    page.locator("[data-facet=scrubbed]").get_by_role("button", name=re.compile("Show all")).click()
    choose(page, "scrubbed", "EMAIL")
    expect(page).to_have_url(f"{sample_url}?scrubbed=EMAIL")
    expect(page.locator("#answer")).to_contain_text("e-mail address scrubbed")
    assert total(page) == sum("EMAIL" in found for found in kinds)
    choose(page, "scrubbed", "SECRET")
    settle(page)
    assert total(page) == sum(bool(found & {"EMAIL", "SECRET"}) for found in kinds)
