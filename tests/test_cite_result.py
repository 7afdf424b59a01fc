"""Citing a result of the explorer, and the page on citing, in a browser."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import ROOT, BuiltSite, build
from cited_sites import Served, cited, link_of, listed, mark, open_panel, serve_story
from playwright.sync_api import Page, expect
from release_story import BASE_URL
from support.explorer import choose
from support.watch import Problems


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_story(tmp_path_factory.mktemp("cited")) as sites:
        yield sites


def test_a_result_is_cited_with_address_words_count_base_release_and_fingerprint(page: Page, served: Served) -> None:
    open_panel(page, f"{served.urls[0]}?page=1&form=S4&cause=-C6&colour=red")
    ids = served.story.ids()
    print_ = mark([one for number, one in enumerate(ids) if number not in (1, 12)])
    address = f"{BASE_URL}?form=S4&cause=-C6&r=2026.09.0:11:{print_}"
    assert cited(page, "link") == address
    assert cited(page, "citation") == (
        "Story Atlas (2026). “Self-Initiated Overreach, not Instruction-Following Failure”. 11 of 13 cases, "
        f"fingerprint {print_}, release 2026.09.0 of 14 Sep 2026. {address}"
    )
    asked = hashlib.sha256(address.removeprefix(BASE_URL).encode()).hexdigest()[:6]
    assert cited(page, "BibTeX") == (
        f"@misc{{atlas_result_{print_[:8]}_{asked},\n  author = {{{{Story Atlas}}}},\n"
        "  title = {{Self-Initiated Overreach, not Instruction-Following Failure}},\n  year = {2026},\n"
        f"  howpublished = {{Story Atlas, 11 of 13 cases}},\n  version = {{2026.09.0}},\n  url = {{{address}}},\n"
        f"  note = {{Fingerprint {print_}; release 2026.09.0}}\n}}"
    )
    assert cited(page, "LaTeX").startswith(
        f"% \\usepackage{{hyperref}}\n\\href{{{address}}}{{11 of 13 cases}}\\footnote{{"
    )
    assert cited(page, "RIS").endswith(f"Fingerprint {print_}, release 2026.09.0\nER  - \n".replace("Fing", "fing"))
    assert '"URL"' in cited(page, "CSL-JSON")


def test_the_fingerprint_can_be_computed_again_from_an_export(page: Page, served: Served, tmp_path: Path) -> None:
    open_panel(page, f"{served.urls[0]}?form=S4")
    link = cited(page, "link")
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    ids = [match[0] for line in lines if (match := re.match(r"AMA-[0-9a-z-]*", line))]
    assert link.endswith(f":12:{mark(ids)}")
    assert len(ids) == 12
    (tmp_path / "cases.csv").write_bytes(Path(download.value.path()).read_bytes())
    recipes = [part for part in documented_commands() if "cases.csv" in part]
    assert len(recipes) == 2
    for recipe in recipes:
        found = subprocess.run(["sh", "-c", recipe], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert found.stdout == f"{mark(ids)}\n"


def documented_commands() -> list[str]:
    """The indented blocks of docs/citing.md."""
    lines = (ROOT / "docs" / "citing.md").read_text(encoding="utf-8").splitlines()
    blocks = "\n".join(line[4:] if line.startswith("    ") else "" for line in lines).split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def test_the_panel_follows_the_list_and_keeps_what_is_open(page: Page, served: Served) -> None:
    open_panel(page, served.urls[0])
    assert "r=2026.09.0:13:" in cited(page, "link")
    page.locator("#taken summary").click()
    choose(page, "form", "S2")
    expect(page.locator("#taken [data-copy=link] .copy-text")).to_have_text(re.compile(r"\?form=S2&r=2026\.09\.0:1:"))
    expect(page.locator("#taken [data-copy=BibTeX]")).to_be_visible()
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator("#taken [data-copy=link] .copy-text")).to_have_text(re.compile("&view=table&r="))
    page.get_by_role("button", name="Cite this result").click()
    expect(page.locator("#taken")).to_be_hidden()


def test_links_and_citations_can_be_copied(page: Page, served: Served) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_panel(page, f"{served.urls[0]}?form=S2")
    expect(page.locator("#status")).to_have_text("1 of 13 cases")  # or it would be said after what is copied
    page.get_by_role("button", name="Copy link of this result").click()
    expect(page.locator("#status")).to_have_text("Copied: link of this result")
    assert page.evaluate("navigator.clipboard.readText()") == cited(page, "link")
    page.locator("#taken summary").click()
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_role("button", name="Copy RIS of this result").click()
    expect(page.locator("#status")).to_have_text("Copied: RIS of this result")
    assert page.evaluate("window.copied").startswith("TY  - DATA\r\nID  - atlas_result_")


def test_a_sample_of_all_there_are_is_cited_as_all_there_are(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4&sample=50&seed=7")
    assert re.fullmatch(r"\?form=S4&r=2026\.09\.0:12:[0-9a-f]{16}", link)
    assert "“Self-Initiated Overreach”. 12 of 13 cases" in cited(page, "citation")


def test_the_panel_promises_what_the_link_can_keep(page: Page, served: Served) -> None:
    hint = page.locator("#taken .hint").first
    open_panel(page, f"{served.urls[0]}?form=S4")
    expect(hint).to_have_text("The link shows this result again and says what has changed since release 2026.09.0.")
    hint.get_by_role("link", name="release 2026.09.0").click()
    expect(page.locator("h1")).to_contain_text("2026.09.0")
    open_panel(page, f"{served.urls[0]}?form=S4&sample=3")
    expect(hint).to_contain_text("later it only says whether the sample is still the same")
    whole = hint.get_by_role("link", name="the link to what it was drawn from")
    assert whole.get_attribute("href") == "?form=S4&r=2026.09.0"
    open_panel(page, f"{served.urls[0]}?validation=INVALID,VALID")
    expect(hint).to_contain_text("it later only says whether the list is still the same")
    open_panel(page, f"{served.urls[0]}?compare=workflow:IDE,CLI")
    expect(hint).to_contain_text("Of the comparison it cites the cases of the sentence above")


def test_only_old_links_load_what_answers_them(page: Page, served: Served) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{served.urls[1]}?form=S4")
    listed(page)
    page.wait_for_load_state("networkidle")
    assert [
        one for one in requests if "since" in one.removesuffix(".css") or "ids.json" in one or "fingerprint" in one
    ] == []


def test_by_keyboard_the_panel_opens_where_the_focus_stays(page: Page, served: Served) -> None:
    page.goto(f"{served.urls[0]}?form=S4")
    expect(page.locator("#explorer.enhanced")).to_be_visible()
    button = page.get_by_role("button", name="Cite this result")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#taken .cite")).to_be_visible()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Copy link of this result":
            break
    else:
        pytest.fail("the copy button is not reached by Tab")


def test_without_script_nothing_is_promised(new_page: Callable[..., Page], served: Served, problems: Problems) -> None:
    problems.allow(r"\.js: csp$")
    page = new_page(java_script_enabled=False)
    page.goto(f"{served.urls[1]}?form=S4&r=2026.09.0:12:0000000000000000")
    expect(page.get_by_role("button", name="Cite this result")).to_be_hidden()
    expect(page.get_by_role("link", name="How to cite")).to_be_visible()


def test_the_page_on_citing_cites_as_the_explorer_does(page: Page, served: Served) -> None:
    site = served.story.sites[3]
    page.goto(served.urls[3])
    page.get_by_role("link", name="How to cite").click()
    expect(page.locator("h1")).to_have_text("How to cite")
    example = page.locator(".cite", has=page.get_by_role("heading", name="The result"))
    shown = {
        name: example.locator(f"[data-copy='{name}'] .copy-text").text_content()
        for name in ("citation", "BibTeX", "RIS", "LaTeX")
    }
    open_panel(page, f"{served.urls[3]}?form=S4")
    assert {name: cited(page, name) for name in shown} == shown
    assert f"{BASE_URL}cite/" in site.text["sitemap.xml"]
    headings = site.all_words("cite/index.html", ".cite h3")
    assert headings == ["The study", "The atlas", "The case", "The quote", "The result"]
    assert site.all_words("cite/index.html", ".cite .cite-text")[1] == (
        f"Story Atlas contributors (2026). “Story Atlas”. 13 cases, release 2026.12.0 of 7 Dec 2026. "
        f"{BASE_URL}?r=2026.12.0"
    )


def test_the_page_on_citing_is_accessible(
    page: Page, served: Served, axe: Callable[..., None], size: tuple[int, int]
) -> None:
    page.goto(f"{served.urls[3]}cite/")
    for summary in page.locator(".cite summary").all():
        summary.click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_site_without_cases_tells_how_to_cite(tmp_path: Path) -> None:
    empty = tmp_path / "none.json"
    empty.write_text("[]", encoding="utf-8")
    site: BuiltSite = build(empty, tmp_path / "site")
    assert site.all_words("cite/index.html", ".cite h3") == ["The study", "The atlas"]


def test_a_quote_is_copied_as_latex(page: Page, served: Served) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    case = served.story.ids()[0]
    page.goto(f"{served.urls[3]}c/{case.lower()}/")
    turn = page.locator("#q2")
    turn.locator(".cite-quote summary").click()
    turn.get_by_role("button", name="Copy LaTeX of quote 2").click()
    expect(page.get_by_role("status").last).to_have_text("Copied: LaTeX of quote 2")
    url = rf"{BASE_URL}c/{case.lower()}/?r=2026.12.0\#q2"
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"% \\usepackage{{hyperref}}\n\\href{{{url}}}{{{case}}}\\footnote{{Story Atlas, case {case}, quote 2, "
        f"release 2026.12.0: ``Changed the column without being asked'', \\url{{{url}}}.}}"
    )
