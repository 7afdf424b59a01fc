"""The tests' own tools: a watch that does not see a breach would let every page test pass."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from support.watch import Problems

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def write_page(folder: Path, body: str = "", *, script: str = "", policy: str = POLICY) -> Path:
    (folder / "script.js").write_text(script, encoding="utf-8")
    (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>A page</title>'
        f'<link rel="icon" href="icon.svg"><script src="script.js" defer></script></head>'
        f"<body><main><h1>A page</h1>{body}</main></body></html>",
        encoding="utf-8",
    )
    return folder


def read_status(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def take(problems: Problems) -> list[str]:
    """The complaints so far; from here on they no longer fail the test."""
    seen = list(problems.unexpected)
    problems.seen.clear()
    return seen


def test_server_answers_with_the_sites_own_404_page(tmp_path: Path, serve: Callable[..., str]) -> None:
    (tmp_path / "404.html").write_text("not here", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    address = serve(tmp_path)
    assert read_status(address + "missing/") == (404, "not here")
    assert read_status(address + "empty/") == (404, "not here")


def test_server_keeps_a_site_under_its_path(tmp_path: Path, serve: Callable[..., str]) -> None:
    (tmp_path / "index.html").write_text("home", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "index.html").write_text("deep", encoding="utf-8")
    address = serve(tmp_path, prefix="/some/where/")
    assert address.endswith("/some/where/")
    assert read_status(address) == (200, "home")
    assert read_status(address + "deep") == (200, "deep")
    assert read_status(address.replace("/some/where/", "/"))[0] == 404


def test_a_quiet_page_has_no_problems(
    tmp_path: Path, serve: Callable[..., str], page: Page, problems: Problems, axe: Callable[..., None]
) -> None:
    page.goto(serve(write_page(tmp_path, "<p>Nothing happens here.</p>")))
    axe(page)
    assert problems.seen == []


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('it broke')", "console error: it broke"),
        ("console.warn('it creaks')", "console warning: it creaks"),
        ("throw new Error('nobody caught this')", "uncaught exception: nobody caught this"),
        ("try { document.body.innerHTML = '<p>x</p>' } catch { /* hidden */ }", "TrustedHTML"),
        ("try { eval('1') } catch { /* hidden */ }", "console error"),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        ("fetch('missing.json')", "status of 404"),
        ("navigator.sendBeacon('http://elsewhere.example/')", "elsewhere.example"),
    ],
)
def test_what_a_script_does_wrong_is_seen(
    script: str, complaint: str, tmp_path: Path, serve: Callable[..., str], page: Page, problems: Problems
) -> None:
    page.goto(serve(write_page(tmp_path, script=script)), wait_until="networkidle")
    assert any(complaint in text for text in take(problems))


def test_an_inline_style_is_seen_without_script(
    tmp_path: Path, serve: Callable[..., str], new_page: Callable[..., Page], problems: Problems
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(serve(write_page(tmp_path, '<p style="color: red">red</p>')))
    assert any("Content Security Policy" in text for text in take(problems))


def test_a_request_to_another_host_is_seen_and_goes_nowhere(
    tmp_path: Path, serve: Callable[..., str], page: Page, problems: Problems
) -> None:
    body = '<img src="http://elsewhere.example/a.png" alt="a">'
    page.goto(serve(write_page(tmp_path, body, policy="img-src *")), wait_until="networkidle")
    seen = take(problems)
    assert "request to another host: http://elsewhere.example/a.png" in seen
    assert "failed request: http://elsewhere.example/a.png: net::ERR_NAME_NOT_RESOLVED" in seen


def test_an_allowed_complaint_is_not_unexpected(problems: Problems) -> None:
    problems.allow("status of 404")
    problems.seen += ["Failed to load: status of 404", "Failed to load: status of 500"]
    assert problems.unexpected == ["Failed to load: status of 500"]


def test_axe_names_rule_and_element(
    tmp_path: Path, serve: Callable[..., str], page: Page, axe: Callable[..., None]
) -> None:
    page.goto(serve(write_page(tmp_path, '<img src="icon.svg">')))
    with pytest.raises(AssertionError, match=r"image-alt: .*: img: "):
        axe(page)


@pytest.mark.parametrize(("in_ci", "outcome"), [(True, {"errors": 1, "skipped": 1}), (False, {"skipped": 2})])
def test_a_skipped_browser_test_fails_in_ci_only(
    in_ci: bool, outcome: dict[str, int], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_ci:
        monkeypatch.setenv("CI", "true")
    else:
        monkeypatch.delenv("CI", raising=False)
    monkeypatch.syspath_prepend(Path(__file__).parent)
    pytester.makeconftest("from conftest_of_the_atlas import *")
    pytester.makepyfile(conftest_of_the_atlas=(Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def browser():
            pytest.skip("not today")

        def test_with_browser(browser):
            pass

        def test_without():
            pytest.skip("another reason")
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(**outcome)
