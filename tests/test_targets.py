"""What can be clicked or touched is 24 CSS pixels wide and high; a link in a sentence is as wide as its words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.explorer import PHONE, legend, open_explorer, settle

SMALL = """() => {
    const standsInWords = place => {
        if (getComputedStyle(place).display !== 'inline') return false;
        const sentence = place.closest('p, li, dd, td, th, figcaption') ?? place;
        const words = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
        let around = '';
        while (words.nextNode()) {
            if (!words.currentNode.parentElement.closest('a, .vh')) around += words.currentNode.data;
        }
        return /\\w\\W+\\w/.test(around);
    };
    const small = place => {
        const whole = place.matches('[type=checkbox], [type=radio]') && place.closest('label') || place;
        const box = whole.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && (box.width < 23.9 || box.height < 23.9) && !standsInWords(place);
    };
    document.querySelectorAll('details').forEach(details => { details.open = true; });
    return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
        .filter(place => !place.closest('.vh, .skip') && place.checkVisibility({ visibilityProperty: true }))
        .filter(small)
        .map(place => `${place.closest('[class]')?.className}: ${place.textContent.trim()}`);
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_every_target_is_large_enough(
    new_page: Callable[..., Page], sample_url: str, sample_site: Path, width: int
) -> None:
    page = new_page(viewport=(width, 800))
    case = min((sample_site / "c").iterdir()).name
    pages = {
        "?form=S3": "#explorer.enhanced",
        "?view=table": "#view .rows",
        "?view=crosstab": "#view .cross-tab",
        "?view=timeline": "#view .timeline",
        "?view=pairs": "#view .pair",
        "?compare=workflow:IDE,CLI": "#view .compare",
        f"c/{case}/": ".plate",
        "codebook/s3/": ".entry",
    }
    for address, drawn in pages.items():
        page.goto(sample_url + address)
        expect(page.locator(drawn).first).to_be_visible()
        expect(page.locator("#results[aria-busy]")).to_have_count(0)
        assert page.locator("a[href]").count() > 10
        assert page.evaluate(SMALL) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.every_size
def test_every_target_of_what_opens_is_large_enough(page: Page, sample_url: str, size: tuple[int, int]) -> None:
    open_explorer(page, f"{sample_url}?form=S3,S7,-S2&cause=C6:direct")
    settle(page)
    with legend(page) as places:
        page.locator("details.facet").evaluate_all("all => all.forEach(details => details.open = true)")
        expect(places.get_by_role("slider", name="From")).to_be_visible()
        expect(places.get_by_role("spinbutton", name="at most")).to_be_visible()
        expect(places.get_by_role("button", name="Form: rare first")).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(1 if size == PHONE else 0)
        assert page.evaluate(SMALL) == [], "legend"
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page.locator("dialog[open] kbd").first).to_be_visible()
    assert page.evaluate(SMALL) == [], "help"
    page.keyboard.press("Escape")
    page.locator("#sampler").evaluate("sampler => sampler.open = true")
    expect(page.locator("#sampler input").first).to_be_visible()
    assert page.evaluate(SMALL) == [], "sample"
    taken = page.locator("#taken")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(taken.get_by_role("button", name="CSV", exact=True)).to_be_visible()
    assert page.evaluate(SMALL) == [], "export"
    page.get_by_role("button", name="Cite this result").click()
    expect(taken.get_by_role("button", name="Copy").first).to_be_visible()
    assert page.evaluate(SMALL) == [], "cite"
    page.locator("#results .keep").first.click()
    page.get_by_role("button", name="Basket (1)").click()
    expect(taken.locator(".kept li")).to_have_count(1)
    expect(taken.get_by_role("button", name="Copy link")).to_be_visible()
    assert page.evaluate(SMALL) == [], "basket"
    taken.get_by_role("button", name="Clear").click()
    expect(taken.get_by_role("button", name="Undo")).to_be_visible()
    assert page.evaluate(SMALL) == [], "undo"


@pytest.mark.every_size
def test_every_target_of_what_the_page_offers_is_large_enough(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?form=S3,-S3&colour=red")
    expect(page.locator(".empty li").first).to_be_visible()
    expect(page.locator("#notices .notice")).to_be_visible()
    assert page.evaluate(SMALL) == [], "an empty list and a notice"
    page.goto(f"{sample_url}?q=comimt+")
    expect(page.locator("#notices .notice").get_by_role("link")).to_be_visible()
    settle(page)
    assert page.evaluate(SMALL) == [], "a notice with a link"
    page.locator("#results .card-title a").first.click()
    expect(page.get_by_role("complementary", name="Marked words").get_by_role("button")).to_have_count(3)
    assert page.evaluate(SMALL) == [], "marked words"
