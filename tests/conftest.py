"""Fixtures for every test.

    root            the checkout
    shared          the project's reference folder beside the checkout; the test is skipped where there is none
    sample_site     data/sample built once, a folder to read and serve but not to change
    serve           serve(folder, prefix="/") -> address; stops with the test
    sample_url      address of the served sample site
    browser         Chromium, once a session; a test that uses it is marked `browser`
    problems        what the pages of this test complained about; problems.allow(pattern) for what it provokes
    new_page        new_page(viewport=(1280, 800), color_scheme="light", ...) -> Page; takes the options of
                    Playwright's new_context: java_script_enabled, reduced_motion, forced_colors ...
    size            of a screen in pixels, (1280, 800); in a module or test marked `every_size` each test that uses it
                    runs twice, the other time on a phone of (360, 740) with a touch screen
    page            new_page() of that size
    axe             axe(page, include=None): no accessibility finding on the page as it stands; in dark of colour

Any complaint of a page that the test did not allow fails the test when it ends.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from support.axe import OF_COLOUR, find_violations, read_axe
from support.chromium import NoBrowserError, launch_chromium
from support.explorer import DESK, PHONE
from support.server import serve_folder
from support.watch import Problems

ROOT = Path(__file__).parent.parent
pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    # A shell that runs this in the background lets it ignore Ctrl-C, and every program started here would inherit that.
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "browser: drives Chromium (set by itself for tests that use the fixture)")
    config.addinivalue_line("markers", "every_size: tests that open `page` run on a desk and on a phone")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    of_its_own = any("size" in (re.split(r"\W+", names) if isinstance(names, str) else names) for names in named)
    is_wanted = metafunc.definition.get_closest_marker("every_size") is not None
    if is_wanted and "size" in metafunc.fixturenames and not of_its_own:
        metafunc.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a browser test that is skipped has failed: nobody would notice that it never runs."""
    report = yield
    drives_browser = item.get_closest_marker("browser") is not None
    if report.skipped and drives_browser and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"a browser test may not be skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates are compiled once and not again for each of some hundred builds; what is kept goes by their text."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("atlas_build.render.templates.Environment", partial(Environment, bytecode_cache=kept))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the reference folder beside the checkout")
    return folder


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from atlas_build.cli import main

    out = tmp_path_factory.mktemp("sample") / "site"
    assert main(["build", str(ROOT / "data" / "sample"), "--out", str(out)]) == 0
    return out


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    with ExitStack() as servers:

        def start(folder: Path, *, prefix: str = "/") -> str:
            return servers.enter_context(serve_folder(folder, prefix=prefix))

        yield start


@pytest.fixture(scope="session")
def sample_url(sample_site: Path) -> Iterator[str]:
    with serve_folder(sample_site) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = launch_chromium(playwright)
        except NoBrowserError as error:
            pytest.fail(str(error), pytrace=False)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> Problems:
    return Problems()


@pytest.fixture
def new_page(browser: Browser, problems: Problems) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def start(*, viewport: tuple[int, int] = (1280, 800), **options: Any) -> Page:
        width, height = viewport
        context = browser.new_context(
            viewport={"width": width, "height": height}, **{"color_scheme": "light"} | options
        )
        contexts.append(context)
        problems.watch(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()
    assert problems.unexpected == []


@pytest.fixture
def size() -> tuple[int, int]:
    return DESK


@pytest.fixture
def page(new_page: Callable[..., Page], size: tuple[int, int]) -> Page:
    is_phone = size == PHONE
    return new_page(viewport=size, is_mobile=is_phone, has_touch=is_phone)


@pytest.fixture(scope="session")
def axe_source() -> str:
    return read_axe(ROOT)


@pytest.fixture
def axe(axe_source: str) -> Callable[..., None]:
    def check(page: Page, *, include: str | None = None) -> None:
        page.emulate_media(color_scheme="light")
        found = find_violations(page, axe_source, include=include)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in find_violations(page, axe_source, include=include, rules=OF_COLOUR)]
        page.emulate_media(color_scheme="light")
        assert found == []

    return check
