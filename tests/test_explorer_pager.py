"""The box that leads to any page of a long list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from search_corpus import make_benchmark_records
from support.explorer import choose, open_explorer, serve_records, settle

pytestmark = pytest.mark.every_size

CASES = 705
"""18 pages of cards, 8 of the table."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site of a list long enough to jump in."""
    with serve_records(make_benchmark_records(CASES), tmp_path_factory.mktemp("many")) as address:
        yield address


@pytest.mark.parametrize(
    ("query", "number", "place"),
    [("?", 11, "cases 401 to 440"), ("?sort=oldest&", 18, "cases 681 to 705"), ("?view=table&", 5, "cases 401 to 500")],
)
def test_a_box_goes_to_any_page_of_a_long_list(page: Page, url: str, query: str, number: int, place: str) -> None:
    open_explorer(page, f"{url}{query}page=2")
    settle(page)
    box = page.get_by_label("Go to page")
    box.press_sequentially(str(number))
    box.press("Enter")
    expect(page).to_have_url(f"{url}{query}page={number}")
    expect(page.locator("#pager [aria-current=page]")).to_have_text(str(number))
    expect(page.locator(".pager-place")).to_contain_text(place)
    expect(page.locator("#answer-title")).to_be_focused()
    expect(page.locator("#answer")).to_be_in_viewport()
    expect(box).to_have_value("")
    page.go_back()
    expect(page.locator("#pager [aria-current=page]")).to_have_text("2")
    box.fill("3")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("#pager [aria-current=page]")).to_have_text("3")
    assert page.locator("#pager a:empty").count() == 0


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [("19", "rangeOverflow"), ("0", "rangeUnderflow"), ("2.5", "stepMismatch"), ("", "valueMissing")],
)
def test_a_page_that_there_is_not_is_refused(page: Page, url: str, typed: str, trouble: str) -> None:
    open_explorer(page, f"{url}?page=2")
    settle(page)
    box = page.get_by_label("Go to page")
    box.fill(typed)
    box.press("Enter")
    assert box.evaluate("(field, trouble) => field.validity[trouble] && field.validationMessage !== ''", trouble)
    expect(box).to_be_focused()
    expect(box).to_have_value(typed)
    expect(page).to_have_url(f"{url}?page=2")
    expect(page.locator("#pager [aria-current=page]")).to_have_text("2")


def test_the_box_keeps_what_is_being_typed_when_the_list_changes(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Order").select_option("oldest")
    expect(page.locator("#answer")).to_contain_text("oldest")
    box = page.get_by_label("Go to page")
    box.press_sequentially("1")
    page.go_back()
    expect(page.locator("#answer")).not_to_contain_text("oldest")
    settle(page)
    expect(box).to_be_focused()
    box.press_sequentially("2")
    box.press("Enter")
    expect(page).to_have_url(f"{url}?page=12")


def test_a_short_list_has_no_box(page: Page, url: str) -> None:
    page.goto(f"{url}?page=2")
    box = page.get_by_label("Go to page")
    expect(box).to_have_attribute("max", "18")
    choose(page, "severity", "DS2")
    expect(page.locator("#answer")).to_contain_text(f"of {CASES}")
    expect(box).to_have_count(0)
    page.go_back()
    expect(box).to_have_count(1)
    page.get_by_role("link", name="Table", exact=True).click()
    expect(box).to_have_attribute("max", "8")


def test_the_box_is_accessible_and_fits(page: Page, axe: Callable[..., None], url: str, size: tuple[int, int]) -> None:
    open_explorer(page, f"{url}?page=9")
    settle(page)
    expect(page.get_by_label("Go to page")).to_be_visible()
    axe(page, include="#pager")
    for width in (size[0], 320):
        page.set_viewport_size({"width": width, "height": size[1]})
        for control in page.locator("#pager :is(a, input, button)").all():
            place = control.bounding_box()
            assert place
            assert place["height"] >= 24
            assert place["x"] + place["width"] <= width
    page.get_by_label("Go to page").press("Tab")
    expect(page.get_by_role("button", name="Go", exact=True)).to_be_focused()
