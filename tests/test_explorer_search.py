"""Searching in a browser: phrases, fields, slips, suggestions, and marks on the case page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Page, expect
from support.explorer import choose, open_explorer, settle, total, value
from support.watch import Problems

from atlas_build.search.reader import read_facets, read_meta

pytestmark = pytest.mark.every_size


class Texts:
    """The texts of the site's index, for a brute force."""

    def __init__(self, site: Path) -> None:
        folder = next((site / "index").iterdir())
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}
        validation = read_facets(files)["validation"]
        self.rows: list[dict[str, Any]] = []
        for number in range(read_meta(files)["texts"]["chunks"]):
            chunk = orjson.loads(files[f"texts/{number}.json"])
            chunk.pop("first")
            self.rows += [dict(zip(chunk, row, strict=True)) for row in zip(*chunk.values(), strict=True)]
        self.rows = [row for row, value in zip(self.rows, validation, strict=True) if value == ("VALID",)]

    def with_words(self, pattern: str, field: str = "") -> int:
        """How many cases match in one text (of a field)."""
        found = re.compile(pattern, re.IGNORECASE)
        return sum(any(found.search(text) for text in self._texts(row, field)) for row in self.rows)

    def _texts(self, row: dict[str, Any], field: str) -> Iterator[str]:
        for name, held in row.items():
            if not field or name == field:
                yield from ([held] if isinstance(held, str) else held)


@pytest.fixture(scope="module")
def texts(sample_site: Path) -> Texts:
    return Texts(sample_site)


def ask(page: Page, url: str, words: str) -> int:
    """How many cases the page says that it found; a page that is open is asked again."""
    if page.url.partition("?")[0] != url:
        open_explorer(page, url)
    return ask_again(page, words)


def ask_again(page: Page, words: str) -> int:
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"\?q="))
    expect(page.locator("#answer")).to_have_text(re.compile(r"(?:^None of|: ?with|: .*with) .*“"))
    settle(page)
    match = re.match(r"([\d,]+) of", page.locator("#answer").inner_text())
    return int(match[1]) if match else 0


def test_words_in_quotation_marks_stand_side_by_side(page: Page, sample_url: str, texts: Texts) -> None:
    apart = ask(page, sample_url, "the agent ")
    beside = ask(page, sample_url, '"the agent"')
    assert beside == texts.with_words(r"\bthe\W+agents?\b")
    assert 0 < beside < apart
    without = ask(page, sample_url, 'the agent -"the agent"')
    assert without == apart - beside


def test_a_phrase_finds_what_punctuation_and_typographic_quotes_part(page: Page, sample_url: str, texts: Texts) -> None:
    assert ask(page, sample_url, "“on main”") == texts.with_words(r"\bon\W+main\b") > 0


def test_a_field_narrows_a_word_to_it(page: Page, sample_url: str, texts: Texts) -> None:
    for field, column in (
        ("name", "names"),
        ("quote", "quotes"),
        ("context", "contexts"),
        ("reason", "reasons"),
        ("description", "descriptions"),
    ):
        found = ask(page, sample_url, f"{field}:commit ")
        assert found == texts.with_words(r"(?<![^\W_])commits?(?:ted|ting)?(?![^\W_])", column), field


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (["internal/walk/walk.go", "internal/walk", "walk.go"], "Clean Linter Report Without Linter Run"),
        (["SC2086", "sc2086", "2086"], "Shell Warnings Silenced Instead Of Fixed"),
    ],
)
def test_a_path_and_an_error_code_are_found_whole_and_in_parts(
    page: Page, sample_url: str, spellings: list[str], name: str
) -> None:
    open_explorer(page, sample_url)
    for words in spellings:
        page.locator("#q").fill(words)
        expect(page.locator("#answer")).to_contain_text(f"“{words}”")
        expect(page.locator("#results .card-title").first).to_have_text(name)


def test_a_case_is_found_by_the_start_of_its_id(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    case = page.locator("#results article").first.get_attribute("data-id") or ""
    assert ask(page, sample_url, f"id:{case}") == 1
    assert ask(page, sample_url, f"id:{case[4:9]}") >= 1


def test_texts_are_fetched_for_phrases_only(page: Page, sample_url: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    ask(page, sample_url, "the agent ")
    assert [address for address in requests if "/texts/" in address] == []
    ask(page, sample_url, '"the agent"')
    assert [address for address in requests if "/texts/" in address]


def test_texts_that_do_not_come_say_so_and_leave_the_rest_working(
    page: Page, sample_url: str, problems: Problems
) -> None:
    problems.allow("texts/|503")
    page.route("**/texts/*.json", lambda route: route.fulfill(status=503))
    page.goto(sample_url)
    page.locator("#q").fill('"the agent"')
    expect(page.locator("#notices .notice")).to_contain_text("could not be loaded")
    page.locator("#q").fill("commit ")
    expect(page.locator("#answer")).to_contain_text("with “commit”")
    page.unroute("**/texts/*.json")
    page.locator("#q").fill('"the agent"')
    expect(page.locator("#answer")).to_contain_text('with “"the agent"”')


def test_a_slip_is_forgiven_and_can_be_insisted_on(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#q").press_sequentially("comimt ", delay=20)
    notice = page.locator("#notices .notice")
    expect(notice).to_contain_text("No case has “comimt”. Showing results for “commit”.")
    expect(page.locator("#answer")).to_contain_text("with “commit”")
    expect(page.locator("#q")).to_have_value("comimt ")
    axe(page, include="#notices")
    notice.get_by_role("link").click()
    expect(page.locator("#answer")).to_contain_text("None of")
    expect(page).to_have_url(re.compile(re.escape("?q=%22comimt%22")))


def test_a_missing_first_letter_lists_the_cases_of_the_whole_word(page: Page, sample_url: str, texts: Texts) -> None:
    commits = r"(?<![^\W_])commits?(?:ted|ting)?(?![^\W_])"
    assert ask(page, sample_url, "ommit ") == texts.with_words(commits) > 0
    expect(page.locator("#notices .notice")).to_contain_text("No case has “ommit”. Showing results for “commit”.")


def test_words_are_suggested_while_typing(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    page.locator("#q").press_sequentially("migr", delay=20)
    expect(page.locator("#q-words option").first).to_be_attached()
    values = page.locator("#q-words option").evaluate_all("options => options.map(option => option.value)")
    assert all(value.startswith("migr") for value in values)
    assert any("migration" in value for value in values)


def test_a_result_leads_to_its_words_on_the_case_page(page: Page, axe: Callable[..., None], sample_url: str) -> None:
    ask(page, sample_url, "commit ")
    page.locator("#results article a").first.click()
    expect(page).to_have_url(re.compile(r"/c/ama-[^/]+/\?q=commit$"))
    bar = page.get_by_role("complementary", name="Marked words")
    expect(bar).to_contain_text("with “commit”")
    marks = page.locator(".plate mark.hit")
    count = marks.count()
    assert count > 0
    assert all("commit" in text.lower() for text in marks.all_text_contents())
    bar.get_by_role("button", name="Next").click()
    expect(marks.first).to_have_class(re.compile("here"))
    expect(marks.first).to_be_in_viewport()
    bar.get_by_role("button", name="Previous").click()
    expect(marks.nth(count - 1)).to_have_class(re.compile("here"))
    axe(page)
    bar.get_by_role("button", name="Done").click()
    expect(marks).to_have_count(0)
    expect(bar).to_have_count(0)


def test_hostile_words_are_text_on_the_case_page_too(page: Page, sample_url: str) -> None:
    page.goto(sample_url)
    href = page.locator("#results article a").first.get_attribute("href") or ""
    page.goto(f"{sample_url}{href}?q=%3Cimg%20src=x%20onerror=alert(1)%3E%20%22%ud800%FF")
    expect(page.get_by_role("complementary", name="Marked words")).to_contain_text("<img src=x")
    assert page.locator(".plate img").count() == 0


@pytest.mark.parametrize(
    "spellings",
    [
        ("SPLIT_SEED", "split seed", "splitSeed"),
        ("ThemeContext", "theme context"),
        ("veuillez procéder", "veuillez proceder", "VEUILLEZ PROCÉDER"),
        ("変数名", "変数"),
        ("idempotency key", "idempotancy key", "idempo"),
    ],
)
def test_other_spellings_lead_to_the_same_case(page: Page, sample_url: str, spellings: tuple[str, ...]) -> None:
    first = page.locator("#results article").first
    found = []
    for words in spellings:
        assert ask(page, sample_url, words) > 0, words
        expect(first.locator("mark").first).to_be_attached()
        found.append(first.get_attribute("data-id"))
    assert len(set(found)) == 1, found


HOSTILE = [
    '"', '""', "“” ' '", "-", '-""', "- -", "name:", '-name:"', 'name:""', "id:AMA-", ":",
    "\u200f\u202ecommit", "\0", "commit\0branch",
    "a " * 4500, "w" * 9000, '"' * 3000, "😀", "👩\u200d💻", ".*(", "%", "&form=S3#", "<img src=x onerror=alert(1)>",
    '"__proto__"', "toString -hasOwnProperty",
]  # fmt: skip


def assert_answered(page: Page, typed: str) -> None:
    """The sentence or a notice quotes the words, and there are cases or there is a word on why there are none."""
    said = """words => !document.querySelector('#results[aria-busy]')
        && [...document.querySelectorAll('#answer, .notice')]
            .some(place => place.textContent.toWellFormed().includes(`“${words}”`))"""
    page.wait_for_function(said, arg=typed.strip())
    expect(page.locator("#results article, .empty").first).to_be_visible()
    expect(page.locator("#results article")).to_have_count(min(total(page), 40))


def test_whatever_is_typed_the_page_answers(page: Page, sample_url: str) -> None:
    """Whatever a page throws fails every test."""
    open_explorer(page, sample_url)
    for typed in HOSTILE:
        page.locator("#q").fill(typed)
        page.locator("#q").press("Enter")
        assert_answered(page, typed)
    half = "field => { field.value = '\\ud800'; field.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator("#q").evaluate(half)
    assert_answered(page, "\ufffd")
    assert ask_again(page, "commit ") > 0


@pytest.mark.parametrize("query", ["%ED%A0%80", "%"])
def test_an_address_that_cannot_be_decoded_is_taken_as_written(page: Page, sample_url: str, query: str) -> None:
    open_explorer(page, f"{sample_url}?q={query}")
    assert_answered(page, query)


def test_a_minus_takes_away_the_cases_with_a_word(page: Page, sample_url: str) -> None:
    both = ask(page, sample_url, '"commit" "branch"')
    assert both > 0
    assert ask(page, sample_url, '"commit" -branch') == ask(page, sample_url, '"commit"') - both


def test_cases_with_most_of_the_words_belong_to_every_part_of_the_result(page: Page, sample_url: str) -> None:
    page.goto(f"{sample_url}?q=commit+branch+&workflow=CLI")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("in CLI, with most of “commit branch”")
    expect(page.locator("#notices .notice")).to_contain_text("have all the words, the others most of them")
    cases = total(page)
    count = int(value(page, "form", "S3"))
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("group", name="Export").get_by_role("button", name="CSV", exact=True).click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert "with most of “commit branch”" in lines[2]
    assert len([line for line in lines if line.startswith("AMA-")]) == cases > count > 0
    page.get_by_role("link", name="Compare", exact=True).click()
    sides = page.locator(".compare-head p")
    expect(sides.first).to_contain_text("with most of “commit branch”")
    page.get_by_role("link", name="Cards", exact=True).click()
    choose(page, "form", "S3")
    expect(answer).to_contain_text(f"{count} of ")
    expect(page.locator("#results article")).to_have_count(count)
