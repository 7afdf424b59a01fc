"""A watch over the pages of one test: whatever the browser complains about is written down and fails the test.

Watched are console errors and warnings (Chromium reports breaches of the content security policy there), exceptions
that no one caught, failed requests, and requests to any host but this machine.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

OWN_HOSTS = ("127.0.0.1", "localhost")
LOCAL_SCHEMES = ("about", "blob", "data", "file")


class Problems:
    """What went wrong on the pages of one test.

    A test that causes a complaint on purpose says so first: `problems.allow(r"status of 404")`.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Complaints in which the regular expression is found are expected."""
        self._allowed.append(re.compile(pattern))

    @property
    def unexpected(self) -> list[str]:
        return [text for text in self.seen if not any(pattern.search(text) for pattern in self._allowed)]

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of the context, pop-ups included."""
        context.on("page", self._watch_page)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_request_failed)

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.seen.append(f"uncaught exception: {error}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url") or "no address"
            self.seen.append(f"console {message.type}: {message.text} ({where})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.hostname not in OWN_HOSTS:
            self.seen.append(f"request to another host: {request.url}")

    def _on_request_failed(self, request: Request) -> None:
        # A page that is left, or a query that a newer one has overtaken, aborts its requests.
        if request.failure not in ("net::ERR_ABORTED", None):
            self.seen.append(f"failed request: {request.url}: {request.failure}")
