"""The browser that tests drive: one that is installed, else the one that Playwright installs.

Run as a program it makes sure that there is one and prints where: `python tests/support/chromium.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# The shell is the same engine without windows: a page costs half as much time in it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "No Chromium found. Install one (on Debian: apt-get install chromium), or name one with CHROMIUM=/path, "
    "or run: .venv/bin/python -m playwright install --with-deps chromium"
)
# Pages under test are on this machine; the browser's own services, and any other host, are not asked.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class NoBrowserError(Exception):
    """No Chromium here; the message says what to run."""


def find_chromium(playwright: Playwright) -> Path:
    """$CHROMIUM, one on the PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise NoBrowserError("CHROMIUM names no program that can be run. Correct it, or unset it.")
        return Path(named)
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    path = Path(found or playwright.chromium.executable_path)
    if not path.is_file():
        raise NoBrowserError(HOW)
    return path


def launch_chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=find_chromium(playwright), args=list(ARGUMENTS))


def ensure_chromium() -> Path:
    """Like `find_chromium`, but lets Playwright install its own when there is none."""
    with sync_playwright() as playwright:
        try:
            return find_chromium(playwright)
        except NoBrowserError:
            if os.environ.get("CHROMIUM"):
                raise
        print("No Chromium is installed: Playwright fetches its own.", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        return find_chromium(playwright)


if __name__ == "__main__":
    try:
        print(f"Browser tests use {ensure_chromium()}")
    except NoBrowserError as error:
        sys.exit(str(error))
