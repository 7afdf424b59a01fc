"""What the link to a cited result says in later releases, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from cited_sites import Served, cited, link_of, listed, open_panel, serve_story, told
from playwright.sync_api import Page, Route, expect
from release_story import BASE_URL
from support.explorer import assert_fits
from support.watch import Problems

AFTER_FIRST = "Release 2026.09.0 (14 Sep 2026) had 13 cases."
EXACT = "The list of then is exact: it has the fingerprint of the link."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_story(tmp_path_factory.mktemp("cited")) as sites:
        yield sites


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


def refuse(route: Route) -> None:
    route.abort()


@pytest.mark.parametrize(
    ("part", "place", "words"),
    [
        ("**/since.json", ".since-head", "could not be loaded"),
        ("**/views/since.js", ".since", "could not be loaded; the list below is that of now"),
    ],
)
def test_a_part_that_cannot_be_loaded_leaves_the_list_and_can_be_tried_again(
    page: Page, served: Served, problems: Problems, part: str, place: str, words: str
) -> None:
    problems.allow(f"{part.rpartition('/')[2]}|Failed to load resource|ERR_FAILED")
    link = link_of(page, f"{served.urls[0]}?form=S4")
    page.route(part, refuse)
    page.goto(served.urls[1] + link)
    expect(page.locator(place)).to_contain_text(words)
    assert len(listed(page)) == 13
    page.unroute(part, refuse)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".since")).to_be_focused()
    expect(page.locator(".since-head")).to_contain_text("12 then, 13 now: 1 added")


def test_the_same_list_is_called_the_same_also_where_nothing_else_can_be_loaded(
    page: Page, served: Served, problems: Problems
) -> None:
    problems.allow("since.json|Failed to load resource|ERR_FAILED")
    link = link_of(page, f"{served.urls[0]}?form=S6")
    page.route("**/since.json", refuse)
    assert told(page, served.urls[3] + link) == ["No case, just as cited in release 2026.09.0."]


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


@pytest.mark.parametrize("width", [360, 1440])
def test_panel_and_answer_are_accessible_at_every_size(
    new_page: Callable[..., Page], served: Served, axe: Callable[..., None], width: int
) -> None:
    page = new_page(viewport=(width, 900))
    link = link_of(page, f"{served.urls[0]}?form=S4")
    page.locator("#taken summary").click()
    axe(page, include="#taken")
    assert_fits(page)
    told(page, served.urls[1] + link)
    for summary in page.locator(".since summary").all():
        summary.click()
    axe(page, include=".since")
    assert_fits(page)
