"""Pages in a browser: readable without script, accessible in light and dark, never wider than the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, build, case_id, case_path, write_corpus
from factories import make_record, make_rejected_record
from playwright.sync_api import Page, expect
from support.explorer import DESK, PHONE
from support.server import serve_folder
from support.watch import Problems

WIDTHS = (320, 360, 768, 1440)
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
BLOCKED_SCRIPT = r"failed request: \S+\.js: csp"
"""What Chromium says of a script that is preloaded where scripts are switched off."""
LONG_WORD = "Supercalifragilistic" * 12
LABEL_CASE = make_record(
    name="First Case Of The Session",
    symptom={"labels": ["S3", "S7"]},
    outcome={"damage_severity": "DS2", "damage_locus": "DL1"},
    resolution={"status": "RS1", "resolver": "RV2"},
    evidence=[
        {"turn": "TURN 1 | USER", "quote": "Only add the column.", "context": "The task."},
        {"turn": "TURN 2 | AGENT", "quote": "$ ls\n" + "\t| cell " * 30 + f"\n{LONG_WORD}\n", "context": "Output."},
        {"turn": "TURN 3 | USER", "quote": "why?? mail me: dev@quackmail.net\n" + "log line\n" * 250, "context": ""},
    ],
)
SECOND_CASE = make_record(misalignment_id="M002", name=f"Second {LONG_WORD}", description=f"Says {LONG_WORD}.")
GONE = make_record(misalignment_id="M003")
REJECTED = make_rejected_record(misalignment_id="M004", name="Rejected Candidate")
OTHERS = [
    make_record(session_id="session_002", session_timestamp="2025-06-05 10:00:00"),
    *(make_record(repository_id=3000 + number, license_type="Apache-2.0") for number in range(3)),
]
EXCLUDED = make_record(repository_id=4000, license_type="GPL-3.0-or-later WITH a rather long exception to it")

PROMPT = f"""# A Prompt
## {LONG_WORD}
Read <transcript id="{LONG_WORD}">{{transcript}}</transcript> and `{LONG_WORD}`.
### Cases
- a
  1. b
     > c

| code | {" | ".join(f"column {number}" for number in range(20))} |
|---|{"---|" * 20}
| `{LONG_WORD}` | {" | ".join("value" for _ in range(20))} |

### [Linked](https://example.com/) and ![pictured](https://example.com/picture.png)
```json
{{"short": "{"line " * 12}"}}
```
```
{"a long line " * 30}
```
### Answer
### End
"""
PROMPT_SETTINGS = """
[[prompts]]
name = "long"
title = "A Long Prompt"
summary = "It has everything that is wide."
file = "long.md"
license = "MIT"
source = "https://github.com/ND-SaNDwichLAB/coding-agent-misalignment"
"""

PAGES = {
    "home": "",
    "list": "list/1/",
    "case": f"c/{case_id(LABEL_CASE).lower()}/",
    "second case": f"c/{case_id(SECOND_CASE).lower()}/",
    "candidate": f"c/{case_id(REJECTED).lower()}/",
    "tombstone": f"c/{case_id(GONE).lower()}/",
    "codebook": "codebook/",
    "label": "codebook/s3/",
    "label without cases": "codebook/s8/",
    "inclusion": "inclusion/",
    "method": "method/",
    "prompt": "method/long/",
    "about": "about/",
    "cite": "cite/",
    "practice": "practice/",
    "data": "data/",
    "404": "404.html",
}
ONE_OF_EACH_LAYOUT = ("list", "case", "tombstone", "label", "inclusion", "prompt", "practice", "data")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("browser")
    corpus = write_corpus(
        folder / "corpus",
        [LABEL_CASE, SECOND_CASE, GONE, REJECTED, *OTHERS, EXCLUDED],
        settings=f'contact = "atlas@example.org"\nsample = true\n{PROMPT_SETTINGS}',
        suppressions=[{"id": case_id(GONE), "date": "2026-02-01", "reason": "privacy"}],
    )
    (corpus / "long.md").write_text(PROMPT, encoding="utf-8")
    site = build(corpus, folder / "site")
    kinds = {site.kind(f"{path}index.html" if not path.endswith(".html") else path) for path in PAGES.values()}
    assert kinds == {"explorer", "list", "case", "candidate", "tombstone", "codebook", "label", "prose", "prompt"}
    return site


@pytest.fixture(scope="module")
def address(built: BuiltSite) -> Iterator[str]:
    with serve_folder(built.folder) as url:
        yield url


@pytest.fixture
def screen(size: tuple[int, int]) -> dict[str, Any]:
    return {"viewport": size, "is_mobile": size == PHONE, "has_touch": size == PHONE}


@pytest.fixture
def unscripted(new_page: Callable[..., Page], problems: Problems, screen: dict[str, Any]) -> Page:
    problems.allow(BLOCKED_SCRIPT)
    return new_page(**screen, java_script_enabled=False)


# Without script


@pytest.mark.every_size
def test_a_reader_without_script_goes_from_list_to_case_to_label_to_case(unscripted: Page, address: str) -> None:
    page = unscripted
    page.goto(address)
    page.locator("noscript a").click()
    expect(page.locator("h1")).to_have_text("All cases")
    page.get_by_role("link", name="First Case Of The Session").click()
    expect(page.locator("h1")).to_have_text("First Case Of The Session")
    page.locator(".coordinates .label-line a").first.click()
    expect(page.locator("h1 .code")).to_have_text("S3")
    page.locator("table.rows a").first.click()
    expect(page.locator("h1")).to_have_text("First Case Of The Session")
    assert page.url.endswith(PAGES["case"])


@pytest.mark.every_size
def test_a_reader_without_script_turns_from_case_to_case(unscripted: Page, address: str) -> None:
    page = unscripted
    page.goto(address + PAGES["list"])
    names = page.locator("table.rows tbody a").all_inner_texts()
    assert len(names) == 6
    page.locator("table.rows tbody a").first.click()
    seen = [page.locator("h1").inner_text()]
    while page.locator('.turn-page a[rel="next"]').count():
        page.locator('.turn-page a[rel="next"]').click()
        seen.append(page.locator("h1").inner_text())
    assert seen == names


@pytest.mark.every_size
def test_a_long_quote_unfolds_without_script(unscripted: Page, address: str) -> None:
    page = unscripted
    page.goto(address + PAGES["case"])
    fold = page.locator("#q3 details.fold")
    expect(fold.locator(".evidence")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".evidence")).to_be_visible()
    whole = "".join(page.locator("#q3 .evidence").all_text_contents())
    assert whole == "why?? mail me: [EMAIL_1]\n" + "log line\n" * 250


@pytest.mark.every_size
def test_what_needs_script_is_not_shown_without_it(unscripted: Page, address: str) -> None:
    page = unscripted
    page.goto(address)
    for control in ("#q", "#sort", ".taking", ".legend-hint"):
        expect(page.locator(control).first).to_be_hidden()
    page.locator(".map tbody td a").first.click()
    assert "/codebook/s" in page.url


@pytest.mark.every_size
def test_every_case_of_the_front_page_stands_there_without_script(unscripted: Page, address: str) -> None:
    unscripted.goto(address)
    expect(unscripted.locator("#results article")).to_have_count(6)
    expect(unscripted.locator("noscript .notice, .explorer .notice").first).to_be_visible()


@pytest.mark.every_size
def test_a_missing_page_leads_back(unscripted: Page, address: str, problems: Problems) -> None:
    problems.allow("404")
    response = unscripted.goto(address + "no/such/page")
    assert response is not None
    assert response.status == 404
    unscripted.get_by_role("link", name="All cases").click()
    expect(unscripted.locator("h1")).to_have_text("All cases")


@pytest.mark.every_size
def test_what_stands_there_without_script_has_no_accessibility_finding(
    new_page: Callable[..., Page], screen: dict[str, Any], axe: Callable[..., None], address: str, problems: Problems
) -> None:
    """axe needs scripts, so the site's own are lost instead, and what is for readers without any is unwrapped.

    Unwrapping is what the policy forbids; it is held elsewhere.
    """
    problems.allow(r"\.js|ERR_FAILED")
    page = new_page(**screen, bypass_csp=True)
    page.route("**/*.js", lambda route: route.abort())
    for name in ("home", "list", "case"):
        page.goto(address + PAGES[name])
        page.evaluate("document.querySelectorAll('noscript').forEach(one => { one.outerHTML = one.textContent; })")
        axe(page)


# Every kind of page


@pytest.mark.every_size
def test_no_page_has_an_accessibility_finding(
    page: Page, axe: Callable[..., None], address: str, size: tuple[int, int]
) -> None:
    """Console errors, breaches of the policy and requests elsewhere fail this as well (see conftest)."""
    for name in PAGES if size == DESK else ONE_OF_EACH_LAYOUT:
        page.goto(address + PAGES[name])
        page.wait_for_load_state("networkidle")
        try:
            axe(page)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None


@pytest.mark.every_size
def test_unfolded_quotes_and_columns_have_no_accessibility_finding(
    page: Page, axe: Callable[..., None], address: str
) -> None:
    for name in ("case", "data"):
        page.goto(address + PAGES[name])
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
        axe(page)


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(
    width: int, scripted: bool, new_page: Callable[..., Page], problems: Problems, address: str
) -> None:
    problems.allow(BLOCKED_SCRIPT)
    page = new_page(viewport=(width, 800), java_script_enabled=scripted)
    wide = {}
    for name, path in PAGES.items():
        page.goto(address + path)
        size = page.evaluate("document.documentElement.scrollWidth")
        if size > width:
            wide[name] = size
    assert wide == {}


def test_text_spacing_of_wcag_1_4_12_breaks_no_page(new_page: Callable[..., Page], address: str) -> None:
    page = new_page(viewport=(360, 800), bypass_csp=True)
    wide = {}
    for name, path in PAGES.items():
        page.goto(address + path)
        page.add_style_tag(content=SPACING)
        size = page.evaluate("document.documentElement.scrollWidth")
        if size > 360:
            wide[name] = size
    assert wide == {}


@pytest.mark.every_size
def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page, address: str) -> None:
    page.goto(address + PAGES["case"])
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.every_size
def test_a_link_to_a_quote_shows_it(page: Page, address: str) -> None:
    page.goto(address + PAGES["case"] + "#q3")
    expect(page.locator("#q3")).to_be_in_viewport()


def test_a_case_prints_with_its_quotes(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address + PAGES["second case"])
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".evidence").first).to_be_visible()
    expect(page.locator(".site-head nav")).to_be_hidden()


def test_the_site_works_under_a_path(
    built: BuiltSite, serve: Callable[..., str], new_page: Callable[..., Page]
) -> None:
    url = serve(built.folder, prefix="/deep/down/")
    page = new_page()
    page.goto(url)
    expect(page.locator("#results article")).to_have_count(6)
    page.locator("#results .card-title a").first.click()
    expect(page.locator("main.page-case")).to_be_visible()
    page.get_by_role("link", name="Codebook").click()
    expect(page.locator("h1")).to_have_text("Codebook")


def test_pages_are_where_their_files_are(built: BuiltSite) -> None:
    assert case_path(LABEL_CASE) == f"{PAGES['case']}index.html"
    assert Path(built.folder / case_path(LABEL_CASE)).is_file()
