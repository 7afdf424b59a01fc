"""Copying a citation, and the page for a mistyped case address, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.explorer import PHONE
from support.watch import Problems

pytestmark = pytest.mark.every_size


@pytest.fixture(scope="module")
def case(sample_site: Path) -> str:
    """The slug of a published case with at least two quotes."""
    line = next(line for line in (sample_site / "data" / "ids.txt").read_text().splitlines() if line[-1] in "23456789")
    return line.split(" ")[0].lower()


def clipboard(page: Page) -> str:
    found = page.evaluate("navigator.clipboard.readText()")
    assert isinstance(found, str)
    return found


@pytest.fixture
def allowed(page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def test_copy_buttons_copy_what_the_page_shows(allowed: Page, sample_url: str, case: str) -> None:
    page = allowed
    page.goto(f"{sample_url}c/{case}/")
    shown = page.locator(".cite").first.locator(".copy-text").first.text_content()
    page.get_by_role("button", name="Copy citation of this case").click()
    expect(page.get_by_role("status").last).to_have_text("Copied: citation of this case")
    assert clipboard(page) == shown
    page.locator(".cite").first.locator("summary").click()
    page.get_by_role("button", name="Copy BibTeX of this case").click()
    expect(page.get_by_role("status").last).to_have_text("Copied: BibTeX of this case")
    assert clipboard(page).startswith(f"@misc{{{case.replace('-', '_')},")


def test_ris_is_copied_with_its_own_line_ends(allowed: Page, sample_url: str, case: str) -> None:
    page = allowed
    page.goto(f"{sample_url}c/{case}/")
    page.locator(".cite").first.locator("summary").click()
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_role("button", name="Copy RIS of this case").click()
    expect(page.get_by_role("status").last).to_have_text("Copied: RIS of this case")
    assert page.evaluate("window.copied").startswith("TY  - DATA\r\nID  - ")


def test_a_quote_is_copied_with_its_citation(allowed: Page, sample_url: str, case: str) -> None:
    page = allowed
    page.goto(f"{sample_url}c/{case}/")
    turn = page.locator("#q2")
    turn.locator(".cite-quote summary").click()
    turn.get_by_role("button", name="Copy citation of quote 2 with the quote").click()
    expect(page.get_by_role("status").last).to_have_text("Copied: citation of quote 2 with the quote")
    words = turn.locator("blockquote .evidence").first.text_content() or ""
    assert clipboard(page).startswith(f"“{words.strip()[:40]}")
    assert clipboard(page).endswith(f"Case AMA{case[3:]}, quote 2.")


def test_a_refused_clipboard_leaves_the_text_selected(page: Page, sample_url: str, case: str) -> None:
    page.goto(f"{sample_url}c/{case}/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy citation of this case").click()
    expect(page.get_by_role("status").last).to_contain_text("Not copied, but selected")
    shown = page.locator(".cite").first.locator(".copy-text").first.text_content()
    assert page.evaluate("getSelection().toString()") == shown


def test_without_script_there_is_no_button_and_all_text(
    new_page: Callable[..., Page], sample_url: str, case: str, size: tuple[int, int]
) -> None:
    is_phone = size == PHONE
    page = new_page(viewport=size, is_mobile=is_phone, has_touch=is_phone, java_script_enabled=False)
    page.goto(f"{sample_url}c/{case}/")
    assert page.locator(".copyable button").count() == 0
    page.locator(".cite").first.locator("summary").click()
    expect(page.locator(".cite").first.locator("pre").first).to_be_visible()
    expect(page.locator(".cite").first.locator("pre").first).to_contain_text("@misc{")


def test_opened_citations_are_accessible(page: Page, sample_url: str, case: str, axe: Callable[..., None]) -> None:
    page.goto(f"{sample_url}c/{case}/")
    page.locator(".cite").first.locator("summary").click()
    page.locator("#q1 .cite-quote summary").click()
    axe(page)


def test_copy_buttons_move_nothing(page: Page, sample_url: str, case: str) -> None:
    """Buttons stand in room that the style sheet keeps free."""
    heights = []
    for is_blocked in (True, False):
        if is_blocked:
            page.route("**/copy.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        else:
            page.unroute("**/copy.js")
        page.goto(f"{sample_url}c/{case}/")
        page.locator("#q1 .cite-quote summary").click()
        page.locator(".cite").first.locator("summary").click()
        heights.append(page.evaluate("document.documentElement.scrollHeight"))
    assert heights[0] == heights[1]


# 404.html


def test_a_mistyped_case_address_names_the_case(
    page: Page, sample_url: str, case: str, problems: Problems, axe: Callable[..., None]
) -> None:
    problems.allow("404")
    wrong = f"{case[:5]}{'b' if case[5] != 'b' else 'c'}{case[6:]}"
    page.goto(f"{sample_url}c/{wrong}/?r=2026.11.0#q2")
    link = page.locator("#near a")
    expect(link).to_have_text(f"AMA{case[3:]}")
    assert link.get_attribute("href") == f"/c/{case}/?r=2026.11.0#q2"
    axe(page)
    link.click()
    expect(page.locator("h1")).not_to_have_text("There is no page here")


def test_an_address_in_capitals_names_the_case(page: Page, sample_url: str, case: str, problems: Problems) -> None:
    problems.allow("404")
    page.goto(f"{sample_url}c/{case.upper()}/")
    expect(page.locator("#near a")).to_have_text(f"AMA{case[3:]}")


def test_an_id_near_to_nothing_says_so(page: Page, sample_url: str, problems: Problems) -> None:
    problems.allow("404")
    page.goto(f"{sample_url}c/ama-zzzz-zzzz/")
    expect(page.locator("#near")).to_contain_text("check character does not fit")


def test_other_addresses_load_no_list(page: Page, sample_url: str, problems: Problems) -> None:
    problems.allow("404")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{sample_url}nowhere/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "ids.txt" in url] == []
    assert page.locator("#near").text_content() == ""
