"""Sites of a corpus that lives through four releases, served, and what the explorer says there of cited results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from building import build
from playwright.sync_api import Page, expect
from release_story import BASE_URL, VERSIONS, Story, fourth_state, make_case
from support.server import serve_folder


@dataclass(frozen=True)
class Served:
    """Sites of four releases and of what came after them, with their addresses."""

    story: Story
    urls: tuple[str, ...]
    unreleased: str


@contextmanager
def serve_story(folder: Path) -> Iterator[Served]:
    story = Story(folder)
    for number in range(len(VERSIONS)):
        story.release(number)
    new = make_case(1, "0", "session_009", "M001", name="Took the button away", symptom={"labels": ["S2"]})
    story.write([*fourth_state(), new])
    unreleased = build(story.corpus, folder / "after", "--base-url", BASE_URL)
    with ExitStack() as servers:
        urls = [servers.enter_context(serve_folder(site.folder)) for site in (*story.sites, unreleased)]
        yield Served(story, tuple(urls[:-1]), urls[-1])


def open_panel(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#explorer.enhanced")).to_be_visible()
    page.get_by_role("button", name="Cite this result").click()
    expect(page.locator("#taken .cite")).to_be_visible()


def cited(page: Page, name: str) -> str:
    """What the panel holds under a name."""
    return page.locator(f"#taken [data-copy='{name}'] .copy-text").text_content() or ""


def link_of(page: Page, address: str) -> str:
    """The query of the link that the panel gives."""
    open_panel(page, address)
    return cited(page, "link").removeprefix(BASE_URL)


def told(page: Page, address: str) -> list[str]:
    """The sentence, then the notes and the lists' titles."""
    page.goto(address)
    expect(page.get_by_role("link", name="Show without the old link")).to_be_visible()
    lines = page.locator(".since .hint, .since-list > summary").all_text_contents()
    return [page.locator(".since-head").text_content() or "", *lines]


def listed(page: Page) -> list[str]:
    expect(page.locator("#results[aria-busy]")).to_have_count(0)
    return page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")


def mark(ids: list[str]) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(ids)).encode()).hexdigest()[:16]
