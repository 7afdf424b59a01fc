"""Citing a result of the explorer, and what its link says in later releases, in a browser."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from building import ROOT, BuiltSite, build
from playwright.sync_api import Page, Route, expect
from release_story import BASE_URL, VERSIONS, Story, fourth_state, make_case
from support.server import serve_folder
from support.watch import Problems

AFTER_FIRST = "Release 2026.09.0 (14 Sep 2026) had 13 cases."
EXACT = "The list of then is exact: it has the fingerprint of the link."


@dataclass(frozen=True)
class Served:
    """Sites of four releases and of what came after them, with their addresses."""

    story: Story
    urls: tuple[str, ...]
    unreleased: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("cited")
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


def mark(ids: list[str]) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(ids)).encode()).hexdigest()[:16]


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
    page.locator("[data-facet=form] [data-value=S2] input").check()
    expect(page.locator("#taken [data-copy=link] .copy-text")).to_have_text(re.compile(r"\?form=S2&r=2026\.09\.0:1:"))
    expect(page.locator("#taken [data-copy=BibTeX]")).to_be_visible()
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator("#taken [data-copy=link] .copy-text")).to_have_text(re.compile("&view=table&r="))
    page.get_by_role("button", name="Cite this result").click()
    expect(page.locator("#taken")).to_be_hidden()


def test_links_and_citations_can_be_copied(new_page: Callable[..., Page], served: Served) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
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


LATER: tuple[tuple[str, int, list[str]], ...] = (
    ("", 0, ["The same 13 cases as cited in release 2026.09.0."]),
    ("", 1, ["13 then, 13 now: 1 added, 1 withdrawn.", f"{AFTER_FIRST} {EXACT}", "1 added",
             "1 withdrawn", "3 listed then and now, revised since"]),
    ("", 3, ["13 then, 13 now: 1 added, 1 taken down.", f"{AFTER_FIRST} {EXACT}", "1 added",
             "3 listed then and now, revised since"]),
    ("?form=S4", 1, ["12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it.", f"{AFTER_FIRST} {EXACT}",
                     "1 added", "1 withdrawn", "1 relabelled into it",
                     "2 listed then and now, revised since"]),
    ("?form=S4", 3, ["12 then, 13 now: 1 added, 1 taken down, 1 relabelled into it.", f"{AFTER_FIRST} {EXACT}",
                     "1 added", "1 relabelled into it", "2 listed then and now, revised since"]),
    ("?form=S2", 2, ["1 then, 0 now: 1 relabelled out of it.", f"{AFTER_FIRST} {EXACT}", "1 relabelled out of it"]),
    ("?cause=C6:contextual", 1, ["1 then, 0 now: 1 relabelled out of it.", f"{AFTER_FIRST} {EXACT}",
                                 "1 relabelled out of it"]),
    ("?q=lexer", 1, ["0 then, 1 now: 1 revised into it.", f"{AFTER_FIRST} {EXACT}", "1 revised into it"]),
    ("?q=parser", 1, ["The same case as cited in release 2026.09.0.", "It has been revised since.",
                      "1 listed then and now, revised since"]),
    ("?q=column&agent=Cursor+IDE", 3, ["1 then, 2 now: 1 added.", f"{AFTER_FIRST} {EXACT}",
                                       "1 added"]),
    ("?q=footer", 1, ["1 then, 0 now: 1 withdrawn.", f"{AFTER_FIRST} {EXACT}", "1 withdrawn"]),
    ("?form=S6", 3, ["No case, just as cited in release 2026.09.0."]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "site", "expected"), LATER, ids=[f"{query or 'all'} in {site}" for query, site, _ in LATER]
)
def test_a_later_release_says_what_has_become_of_the_result(
    page: Page, served: Served, query: str, site: int, expected: list[str]
) -> None:
    link = link_of(page, served.urls[0] + query)
    assert told(page, served.urls[site] + link) == expected


def test_cases_that_came_and_went_are_listed_with_links_of_then(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4")
    told(page, served.urls[1] + link)
    footer, added = served.story.ids()[4], "1 added"
    page.locator(".since summary", has_text="Which cases").click()
    page.locator(".since-list summary", has_text="withdrawn").click()
    gone = page.locator(".since-list", has_text="withdrawn").locator("a")
    assert gone.get_attribute("href") == f"c/{footer.lower()}/?r=2026.09.0"
    page.locator(".since-list summary", has_text=added).click()
    expect(page.locator(".since-list", has_text=added).locator("li")).to_contain_text("Changed the")
    gone.click()
    expect(page.locator(".since-link")).to_contain_text("Withdrawn since your link")


def test_a_link_without_fingerprint_is_answered_from_labels_and_says_so(page: Page, served: Served) -> None:
    note = (
        f"{AFTER_FIRST} The link has no fingerprint, so the list of then is worked out from the labels of that release."
    )
    sentence = "12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it."
    assert told(page, f"{served.urls[1]}?form=S4&r=2026.09.0:12")[:2] == [sentence, note]
    assert told(page, f"{served.urls[1]}?form=S4&r=2026.09.0")[:2] == [sentence, note]


def test_a_list_that_cannot_be_restored_is_not_made_up(page: Page, served: Served) -> None:
    sentence, note, *_ = told(page, f"{served.urls[1]}?form=S4&r=2026.09.0:11:{'0' * 16}")
    assert sentence == "12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it."
    assert note == (
        "In that release this question listed 12, the link says 11, so link and question do not belong together."
    )
    _, note, *_ = told(page, f"{served.urls[1]}?q=parser&r=2026.09.0:2:{'0' * 16}")
    assert "none has the fingerprint of the link. Release files hold no texts" in note


def test_what_is_not_known_for_sure_is_not_said_for_sure(page: Page, served: Served) -> None:
    sentence, _, *titles = told(page, f"{served.urls[1]}?q=parser&r=2026.09.0")
    assert sentence == "about 1 then, 1 now."
    assert titles == [AFTER_FIRST, "1 listed now, revised since"]
    # Whether the case that was taken down fitted is not recorded.
    assert told(page, f"{served.urls[3]}?form=S4&r=2026.09.0")[0] == (
        "11 to 12 then, 13 now. As far as can be told: 1 added, 1 relabelled into it."
    )


def test_a_fingerprint_that_is_not_whole_leaves_the_rest_of_the_link(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4")
    start, _, print_ = link.rpartition(":")
    sentence = "12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it."
    assert told(page, f"{served.urls[1]}{start}:{print_.upper()}")[:2] == [sentence, f"{AFTER_FIRST} {EXACT}"]
    assert told(page, f"{served.urls[1]}{start}:{print_[:-3]}")[:2] == [
        sentence,
        f"{AFTER_FIRST} The fingerprint in the link is not whole, so the list of then is worked out from the labels "
        "of that release.",
    ]
    expect(page.locator("#notices")).to_be_empty()


def test_what_cannot_be_compared_is_said_plainly(page: Page, served: Served, sample_url: str) -> None:
    zeros = "0" * 16
    unknown = "This site knows no release 2031.01.0. What has changed cannot be told."
    assert told(page, f"{served.urls[1]}?form=S4&r=2031.01.0:12:{zeros}") == ["12 then, 13 now.", unknown]
    altered = "It names the release that is shown here, so the link was altered."
    assert told(page, f"{served.urls[1]}?form=S4&r=2026.10.0:13:{zeros}") == [
        "13 then, 13 now, but not the same list.", altered,
    ]  # fmt: skip
    none = "This site has no release files. What has changed cannot be told."
    assert told(page, f"{sample_url}?form=S4&r=2026.09.0:1") == [f"1 then, {len(listed(page))} now.", none]
    page.goto(f"{served.urls[1]}?form=S4&r=12:x")
    expect(page.locator("#notices")).to_have_text("“12:x” is no possible value of “r” and changes nothing.")
    expect(page.locator(".since:visible")).to_have_count(0)


def listed(page: Page) -> list[str]:
    expect(page.locator("#results[aria-busy]")).to_have_count(0)
    return page.locator("#results article").evaluate_all("cards => cards.map(card => card.dataset.id)")


def test_between_releases_the_state_has_no_name_and_the_page_says_so(page: Page, served: Served) -> None:
    open_panel(page, f"{served.unreleased}?form=S2")
    expect(page.locator("#taken .hint").first).to_contain_text("has not been released")
    link = cited(page, "link").removeprefix(BASE_URL)
    assert re.fullmatch(r"\?form=S2&r=unreleased:1:[0-9a-f]{16}", link)
    assert "fingerprint" in cited(page, "citation") and "not yet released" in cited(page, "citation")
    assert told(page, served.unreleased + link) == ["The same case as cited between two releases."]
    sentence, note = told(page, served.urls[3] + link)
    assert sentence == "1 then, 0 now."
    assert note.startswith("The link was made between two releases")
    older = link_of(page, f"{served.urls[3]}?form=S2")
    assert told(page, served.unreleased + older)[0] == "0 then, 1 now: 1 added."


def test_samples_and_rejected_candidates_are_not_compared(page: Page, served: Served, sample_url: str) -> None:
    link = link_of(page, f"{served.urls[0]}?sample=3&seed=7&form=S4")
    assert re.fullmatch(r"\?form=S4&seed=7&sample=3&r=2026\.09\.0:3:[0-9a-f]{16}", link)
    assert "3 of 13 cases" in cited(page, "citation") and "; a sample of 3 of 12, seed 7”." in cited(page, "citation")
    assert told(page, served.urls[0] + link) == ["The same 3 cases as cited in release 2026.09.0."]
    sentence, note = told(page, served.urls[3] + link)
    assert sentence == "3 then, 3 now, but not the same list."
    assert note == "A sample is drawn from all cases of a release, so it is another one when cases come or go."
    page.get_by_role("link", name="What has become of the cases it was drawn from").click()
    expect(page.locator(".since-head")).to_contain_text("11 to 12 then, 13 now")
    assert page.url.endswith("?form=S4&r=2026.09.0")
    open_panel(page, f"{sample_url}?validation=INVALID")
    assert re.search(r"“All rejected candidates”\. (\d+) of \1 rejected candidates, ", cited(page, "citation"))


@pytest.mark.parametrize("view", ["view=crosstab", "view=timeline", "compare=workflow:IDE,CLI"])
def test_a_view_of_all_cases_cites_all_cases(page: Page, served: Served, view: str) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4&sample=3&seed=7&stratify=cause&{view}")
    look = f"&{view}" if view.startswith("view") else ""
    assert re.fullmatch(rf"\?form=S4{look}&r=2026\.09\.0:12:[0-9a-f]{{16}}", link)
    assert "12 of 13 cases" in cited(page, "citation") and "sample" not in cited(page, "citation")
    assert told(page, served.urls[0] + link) == ["The same 12 cases as cited in release 2026.09.0."]
    page.get_by_role("link", name="Cards", exact=True).click()
    expect(page.locator(".since-head")).to_have_text("The same 12 cases as cited in release 2026.09.0.")


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


def test_another_choice_is_another_result(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4")
    told(page, served.urls[1] + link)
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator("#view table")).to_be_visible()
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now")
    assert "r=2026.09.0:12:" in page.url
    page.locator("[data-facet=cause] [data-value=C2] input").check()
    expect(page.locator("#answer")).to_contain_text("Scope Overreach")
    expect(page.locator(".since")).to_be_hidden()
    assert "r=" not in page.url
    page.go_back()
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now")
    page.get_by_role("link", name="Show without the old link").click()
    expect(page.locator(".since")).to_be_hidden()
    expect(page.locator("#answer-title")).to_be_focused()
    assert page.url.endswith("?form=S4&view=table")


def test_a_file_that_cannot_be_loaded_leaves_the_list_and_can_be_tried_again(
    page: Page, served: Served, problems: Problems
) -> None:
    problems.allow("since.json|Failed to load resource|ERR_FAILED")
    link = link_of(page, f"{served.urls[0]}?form=S4")

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/since.json", refuse)
    page.goto(served.urls[1] + link)
    expect(page.locator(".since-head")).to_contain_text("could not be loaded")
    assert len(listed(page)) == 13
    page.unroute("**/since.json", refuse)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".since")).to_be_focused()
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now: 1 added")


def test_the_same_list_is_called_the_same_also_where_nothing_else_can_be_loaded(
    page: Page, served: Served, problems: Problems
) -> None:
    problems.allow("since.json|Failed to load resource|ERR_FAILED")
    link = link_of(page, f"{served.urls[0]}?form=S6")
    page.route("**/since.json", lambda route: route.abort())
    assert told(page, served.urls[3] + link) == ["No case, just as cited in release 2026.09.0."]


def test_a_script_that_cannot_be_loaded_is_named_and_can_be_tried_again(
    page: Page, served: Served, problems: Problems
) -> None:
    problems.allow("since.js|Failed to load resource|ERR_FAILED")
    link = link_of(page, f"{served.urls[0]}?form=S4")

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/views/since.js", refuse)
    page.goto(served.urls[1] + link)
    expect(page.locator(".since")).to_contain_text("could not be loaded; the list below is that of now")
    assert len(listed(page)) == 13
    page.unroute("**/views/since.js", refuse)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now: 1 added")
    expect(page.locator(".since")).to_be_focused()


MEASURE = """() => { window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true }); }"""


@pytest.mark.parametrize("wait", [0, 900])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_when_the_old_link_is_answered(
    new_page: Callable[..., Page], served: Served, width: int, wait: int
) -> None:
    page = new_page(viewport=(width, 900))
    link = link_of(page, f"{served.urls[0]}?form=S4")

    def delay(route: Route) -> None:
        page.wait_for_timeout(wait)
        route.continue_()

    page.route("**/since.json", delay)
    page.add_init_script(f"({MEASURE})()")
    page.goto(served.urls[1] + link)
    if wait:
        expect(page.locator(".since")).to_contain_text("Comparing with release 2026.09.0 …")
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now")
    listed(page)
    page.wait_for_timeout(200)
    assert page.evaluate("window.shifted") == 0


def test_on_paper_the_panel_is_its_sentence(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4")
    told(page, served.urls[1] + link)
    page.emulate_media(media="print")
    assert page.locator(".since").inner_text().strip() == (
        "12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it."
    )


def test_in_forced_colours_the_panel_has_a_border(page: Page, served: Served) -> None:
    link = link_of(page, f"{served.urls[0]}?form=S4")
    told(page, served.urls[1] + link)
    page.emulate_media(forced_colors="active")
    width, color = page.locator(".since").evaluate(
        "panel => [getComputedStyle(panel).borderTopWidth, getComputedStyle(panel).borderTopColor]"
    )
    assert width == "1px"
    assert color.startswith("rgb("), "a transparent border gets a colour of the system"


def test_only_old_links_load_what_answers_them(page: Page, served: Served) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{served.urls[1]}?form=S4")
    listed(page)
    page.wait_for_load_state("networkidle")
    assert [
        one for one in requests if "since" in one.removesuffix(".css") or "ids.json" in one or "fingerprint" in one
    ] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_panel_and_answer_are_accessible_at_every_size(
    new_page: Callable[..., Page], served: Served, axe: Callable[..., None], width: int, scheme: str
) -> None:
    page = new_page(viewport=(width, 900), color_scheme=scheme)
    link = link_of(page, f"{served.urls[0]}?form=S4")
    page.locator("#taken summary").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    told(page, served.urls[1] + link)
    for summary in page.locator(".since summary").all():
        summary.click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_on_citing_is_accessible(
    new_page: Callable[..., Page], served: Served, axe: Callable[..., None], scheme: str
) -> None:
    page = new_page(viewport=(360, 800), color_scheme=scheme)
    page.goto(f"{served.urls[3]}cite/")
    for summary in page.locator(".cite summary").all():
        summary.click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_site_without_cases_tells_how_to_cite(tmp_path: Path) -> None:
    empty = tmp_path / "none.json"
    empty.write_text("[]", encoding="utf-8")
    site: BuiltSite = build(empty, tmp_path / "site")
    assert site.all_words("cite/index.html", ".cite h3") == ["The study", "The atlas"]


def test_a_quote_is_copied_as_latex(new_page: Callable[..., Page], served: Served) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
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
