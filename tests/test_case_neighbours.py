"""On a case page in a browser: the other cases of its session and of its repository, as boxes that lead to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.every_size

# The fourth of five cases of one session; the repository has one more, in a later session.
CASE = "c/ama-2s0w-zs68/"
OWN_NAME = "Snapshots Updated Instead Of Investigated"
SESSION = [
    (["S3"], "Hex Values Beside An Open Token File"),
    (["S2", "S4"], "Public Prop Renamed During Padding Fix"),
    (["S7"], "Contrast Ratio Quoted From Nowhere"),
    (["S3", "S7"], OWN_NAME),
    (["S5"], "Badge Icon Still Not Level"),
]
LATER = (["S1"], "Theme Flash Laid To Hydration")
COLOURS = """boxes => boxes.map(box => {
    const { backgroundColor, borderTopColor } = getComputedStyle(box);
    return [box.textContent, borderTopColor, backgroundColor === borderTopColor];
})"""


def test_cases_of_a_session_stand_in_its_order_and_in_the_colours_of_their_forms(
    page: Page, sample_url: str, axe: Callable[..., None]
) -> None:
    page.goto(sample_url + CASE)
    rows = page.get_by_role("region", name="Same session").get_by_role("listitem")
    expect(rows).to_have_text([f"{' '.join(codes)} {name}" for codes, name in SESSION])
    boxes = page.locator(".session-strip .tile [data-tone]").evaluate_all(COLOURS)
    assert [code for code, _, _ in boxes] == [code for codes, _ in SESSION for code in codes]
    assert all(filled for _, _, filled in boxes)
    colours = {code: colour for code, colour, _ in boxes}
    assert len(set(colours.values())) == len(colours) == 5, "each form has a colour of its own"
    assert all(colour == colours[code] for code, colour, _ in boxes), "the same in each box"
    axe(page)


def test_the_present_case_is_marked_once_in_each_strip_and_leads_nowhere(page: Page, sample_url: str) -> None:
    page.goto(sample_url + CASE)
    session = page.get_by_role("region", name="Same session")
    expect(session.locator("[aria-current]")).to_have_count(1)
    expect(session.locator("[aria-current]")).to_have_text(f"S3 S7 {OWN_NAME}")
    expect(session.get_by_role("link", name=OWN_NAME)).to_have_count(0)
    repository = page.get_by_role("region", name="Same repository")
    expect(repository.locator(".tile[aria-current]")).to_have_count(1)
    expect(repository.locator(".tile[aria-current]")).to_have_text(f"S3 S7 {OWN_NAME}")
    expect(repository.get_by_role("link", name=OWN_NAME)).to_have_count(0)
    expect(repository.locator("li[aria-current]")).to_have_count(1)
    expect(repository.locator("li[aria-current] .when")).to_have_text("19 Aug 2025")


def test_a_box_leads_to_its_case_which_is_then_the_marked_one(page: Page, sample_url: str) -> None:
    page.goto(sample_url + CASE)
    _, name = SESSION[1]
    page.get_by_role("region", name="Same session").get_by_role("link", name=f"S2 S4 {name}").click()
    expect(page.locator("h1")).to_have_text(name)
    current = page.locator(".session-strip [aria-current]")
    expect(current).to_have_text(f"S2 S4 {name}")
    codes, name = LATER
    page.get_by_role("region", name="Same repository").get_by_role("link", name=f"{codes[0]} {name}").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator(".repository-strip .tile[aria-current]")).to_have_text(f"S1 {name}")
    expect(page.locator(".repository-strip li[aria-current] .when")).to_have_text("2 Oct 2025")
