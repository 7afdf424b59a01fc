"""A served explorer of made-up cases, and what a test reads from its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.server import serve_folder

Records = list[dict[str, Any]]
PHONE, DESK = (360, 740), (1280, 800)


@contextmanager
def serve_records(records: Records, folder: Path) -> Iterator[str]:
    """The address of a site built from records in upstream's nested shape."""
    from atlas_build.cli import main

    (folder / "misalignments.json").write_text(json.dumps(records), encoding="utf-8")
    assert main(["build", str(folder / "misalignments.json"), "--out", str(folder / "site"), "--quiet"]) == 0
    with serve_folder(folder / "site") as address:
        yield address


def open_explorer(page: Page, address: str) -> None:
    """Open an address and wait until the script has taken over."""
    page.goto(address)
    expect(page.locator("#explorer.enhanced")).to_have_count(1)


def settle(page: Page) -> None:
    expect(page.locator("#results[aria-busy]")).to_have_count(0)


def total(page: Page) -> int:
    """How many cases the sentence says there are, once it answers the last question."""
    settle(page)
    match = re.match(r"(?:All )?([\d,]+)", page.locator("#answer").text_content() or "")
    return int(match[1].replace(",", "")) if match else 0


def value(page: Page, facet: str, code: str) -> str:
    """The count that the legend shows beside a value."""
    return page.locator(f"[data-facet={facet}] [data-value='{code}'] > .facet-row .count").inner_text()


@contextmanager
def legend(page: Page) -> Iterator[Locator]:
    """The legend to work with. On a phone it is a sheet, which is closed again behind whoever opened it."""
    toggle, shown = page.locator("#legend-toggle"), page.locator("#legend")
    opens = not shown.is_visible()
    if opens:
        toggle.click()
        expect(shown).to_be_visible()
    yield shown
    if opens:
        page.keyboard.press("Escape")
        # Only then is everything where it was, and the focus on the toggle again.
        expect(page.locator(".legend-side > #legend")).to_have_count(1)
        expect(page.locator("dialog[open]")).to_have_count(0)


def open_legend(page: Page) -> None:
    """The legend to work with for the rest of a test: what is behind a phone's sheet can be read, but not clicked."""
    if not page.locator("#legend").is_visible():
        page.locator("#legend-toggle").click()
        expect(page.locator("#legend")).to_be_visible()


def choose(page: Page, facet: str, code: str) -> None:
    with legend(page):
        page.locator(f"[data-facet={facet}] [data-value='{code}'] > .facet-row input").check()


def open_facet(page: Page, facet: str) -> None:
    """Open a facet of the legend; its values and tools are then there, on a phone in the sheet, which stays open."""
    open_legend(page)
    details = page.locator(f"details[data-facet={facet}], details[data-range={facet}]")
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()


def assert_fits(page: Page) -> None:
    """Nothing sticks out to the side. A phone's `innerWidth` is of no use here: it grows with what sticks out."""
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@contextmanager
def held(page: Page, *patterns: str) -> Iterator[None]:
    """Requests for these get no answer before the block ends."""
    for pattern in patterns:
        page.route(pattern, lambda _: None)
    yield
    # Giving up a route lets go what it held.
    for pattern in patterns:
        page.unroute(pattern)
