"""A served explorer of made-up cases, and what a test reads from its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from support.server import serve_folder

Records = list[dict[str, Any]]


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
    match = re.match(r"(?:All )?([\d,]+)", page.locator("#answer").text_content() or "")
    return int(match[1].replace(",", "")) if match else 0


def value(page: Page, facet: str, code: str) -> str:
    """The count that the legend shows beside a value."""
    return page.locator(f"[data-facet={facet}] [data-value='{code}'] > .facet-row .count").inner_text()


def choose(page: Page, facet: str, code: str) -> None:
    page.locator(f"[data-facet={facet}] [data-value='{code}'] > .facet-row input").check()


def open_facet(page: Page, facet: str) -> None:
    """Open a facet of the legend; its values and tools are then there."""
    details = page.locator(f"details[data-facet={facet}], details[data-range={facet}]")
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()
