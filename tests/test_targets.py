"""What can be clicked or touched is 24 CSS pixels wide and high; a link in a sentence is as wide as its words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

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
