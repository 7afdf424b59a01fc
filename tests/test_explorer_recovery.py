"""What is lost or odd leaves the rest working, and readers where they were: words, notices, pages, candidates."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from support.explorer import choose, legend, open_explorer, settle, total
from support.watch import Problems

pytestmark = pytest.mark.every_size


def test_when_words_cannot_be_looked_up_all_else_that_was_chosen_holds(
    page: Page, sample_url: str, problems: Problems
) -> None:
    problems.allow("terms/|503")
    open_explorer(page, f"{sample_url}?form=S3")
    settle(page)
    whole = total(page)
    page.route("**/terms/*.json", lambda route: route.fulfill(status=503))
    page.locator("#q").fill("migration")
    page.locator("#q").press("Enter")
    expect(page.locator("#notices .notice")).to_contain_text("The words could not be looked up")
    assert total(page) == whole
    choose(page, "workflow", "CLI")
    expect(page).to_have_url(f"{sample_url}?q=migration&form=S3&workflow=CLI")
    expect(page.locator("#answer")).to_contain_text("in CLI")
    assert 0 < total(page) < whole
    page.unroute("**/terms/*.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer")).to_contain_text("“migration”")
    expect(page.locator("#notices .notice")).to_have_count(0)
    expect(page.locator("#answer-title")).to_be_focused()


def test_a_link_of_a_notice_leads_on_at_the_list(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?cause=C6&tier=direct")
    link = page.locator("#notices a")
    expect(link).to_be_visible()
    link.press("Enter")
    expect(page).to_have_url(re.compile("cause=C6:direct"))
    expect(page.locator("#answer-title")).to_be_focused()


def test_the_next_page_begins_at_its_first_case(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?sort=oldest")
    settle(page)
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2$"))
    settle(page)
    expect(page.locator("#results .card").first).to_be_in_viewport()


def test_everything_that_restricts_a_list_is_cleared(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?form=S3&seed=7&sample=9&view=table")
    settle(page)
    page.get_by_role("button", name="Clear all").click()
    expect(page).to_have_url(f"{sample_url}?view=table")


def test_a_rejected_candidate_says_why_and_is_no_case_to_keep(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?validation=INVALID")
    cards = page.locator("#results .card")
    expect(cards.first).to_be_visible()
    for card in cards.all():
        expect(card.locator(".card-strip .card-text")).to_contain_text(re.compile(r"^Rejected: [A-Z][a-z ]+\. \S"))
        expect(card.locator(".keep")).to_have_count(0)
    open_explorer(page, sample_url)
    with legend(page):
        expect(page.locator("[data-facet=form]")).to_be_visible()
        expect(page.locator("[data-facet=invalid] .count").first).to_be_hidden()
