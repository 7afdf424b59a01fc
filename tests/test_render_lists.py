"""Lists, label pages and the front page of a corpus of 450 cases: every number right, every case reachable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from building import BuiltSite, build, case_id, case_path, many_records, words, write_corpus
from factories import make_record, make_rejected_record

COUNT = 450
RECORDS = many_records(COUNT)
ODD = [
    make_record(repository_id=5, agent="none", name="Agent Called None"),
    make_record(repository_id=6, agent="-dash, and comma", name="Agent With Signs"),
    make_record(repository_id=7, agent=None, name="No Agent"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("lists")
    rejected = make_rejected_record(repository_id=4, name="Rejected One")
    return build(write_corpus(folder / "corpus", [*RECORDS, rejected]), folder / "site")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("odd")
    return build(write_corpus(folder / "corpus", ODD), folder / "site")


def rows_of(site: BuiltSite, path: str) -> list[str]:
    """Case pages that the rows of a list lead to, in order."""
    depth = "../" * path.count("/")
    return [f"{href.removeprefix(depth)}index.html" for href in site.hrefs(path, "table.rows tbody a")]


def has_form(code: str) -> Callable[[dict[str, Any]], bool]:
    return lambda record: code in record["symptom"]["labels"]


# Lists


def test_the_list_has_200_cases_a_page_and_every_case_once(site: BuiltSite) -> None:
    pages = [f"list/{number}/index.html" for number in (1, 2, 3)]
    assert [path for path in site.pages if path.startswith("list/")] == pages
    assert [len(rows_of(site, path)) for path in pages] == [200, 200, 50]
    assert sorted(row for path in pages for row in rows_of(site, path)) == sorted(map(case_path, RECORDS))


def test_every_page_of_the_list_says_which_part_it_shows(site: BuiltSite) -> None:
    heads = [site.words(f"list/{number}/index.html", ".page-head .hint") for number in (1, 2, 3)]
    assert [head.split(" cases")[0] for head in heads] == ["1–200 of 450", "201–400 of 450", "401–450 of 450"]


def test_pages_of_the_list_lead_to_each_other(site: BuiltSite) -> None:
    def steps(number: int) -> dict[str, str]:
        links = site.page(f"list/{number}/index.html").css(".pager a")
        return {str(link.attributes["rel"]): str(link.attributes["href"]) for link in links}

    assert steps(1) == {"next": "../../list/2/"}
    assert steps(2) == {"prev": "../../list/1/", "next": "../../list/3/"}
    assert steps(3) == {"prev": "../../list/2/"}


def test_the_newest_session_comes_first_and_undated_ones_last(site: BuiltSite) -> None:
    order = [row for number in (1, 2, 3) for row in rows_of(site, f"list/{number}/index.html")]
    stamps = {case_path(record): record["session_timestamp"] for record in RECORDS}
    shown = [stamps[row] for row in order]
    dated = [stamp for stamp in shown if stamp]
    assert dated == sorted(dated, reverse=True)
    assert shown[len(dated) :] == [None] * (COUNT - len(dated))
    assert site.all_words("list/3/index.html", "table.rows td.when")[-1] == "undated"


def test_every_code_in_a_row_carries_its_name(site: BuiltSite) -> None:
    codes = site.page("list/1/index.html").css("table.rows tbody td abbr")
    assert len(codes) > 800
    assert [code.html for code in codes if len(code.attributes.get("title") or "") < 2] == []


def test_previous_and_next_are_one_chain_in_reading_order(site: BuiltSite) -> None:
    order = [row for number in (1, 2, 3) for row in rows_of(site, f"list/{number}/index.html")]

    def neighbour(path: str, way: str) -> str | None:
        found = site.hrefs(path, f'.turn-page a[rel="{way}"]')
        assert len(found) <= 1
        return f"{found[0].removeprefix('../../')}index.html" if found else None

    assert [neighbour(path, "next") for path in order] == [*order[1:], None]
    assert [neighbour(path, "prev") for path in order] == [None, *order[:-1]]


def test_cases_of_one_session_are_listed_on_each_of_them_in_order(site: BuiltSite) -> None:
    session = RECORDS[30:33]
    assert len({record["session_id"] for record in session}) == 1
    for place, record in enumerate(session):
        items = site.page(case_path(record)).css(".session-strip > li")
        names = [f"Generated Case Number {number}" for number in (30, 31, 32)]
        assert [name in words(item) for name, item in zip(names, items, strict=True)] == [True] * 3
        assert [bool(item.css("[aria-current]")) for item in items] == [number == place for number in range(3)]
        links = [
            f"{href.removeprefix('../../')}index.html" for href in site.hrefs(case_path(record), ".session-strip a")
        ]
        assert links == [case_path(other) for other in session if other is not record]


def test_every_title_is_unique(site: BuiltSite) -> None:
    titles = Counter(site.words(path, "head > title") for path in site.pages)
    assert len(titles) > COUNT
    assert [title for title, count in titles.items() if count > 1] == []


# Label pages


@pytest.mark.parametrize("code", ["S1", "S4", "C2", "MIT"])
def test_a_label_lists_its_cases_and_counts_them(code: str, site: BuiltSite) -> None:
    fits = {
        "S1": has_form("S1"),
        "S4": has_form("S4"),
        "C2": lambda record: record["cause"]["labels"][0]["label"] == "C2",
    }.get(code)
    if fits is None:
        assert f"codebook/{code.lower()}/index.html" not in site.tree
        return
    expected = {case_path(record) for record in RECORDS if fits(record)}
    pages = sorted(path for path in site.pages if re.fullmatch(rf"codebook/{code.lower()}/(\d+/)?index\.html", path))
    rows = [row for path in pages for row in rows_of(site, path)]
    assert set(rows) == expected
    assert len(rows) == len(expected)
    share = f"{len(expected)} of 450 cases: {100 * len(expected) / 450:.1f} %"
    assert site.words(f"codebook/{code.lower()}/index.html", ".entry-share").partition(" (95 %")[0] == share


def test_where_a_case_may_have_several_labels_the_share_of_all_labels_is_told_too(site: BuiltSite) -> None:
    """The study's own tables count labels as well as episodes."""
    forms = Counter(label for record in RECORDS for label in record["symptom"]["labels"])
    given = forms.total()
    assert given > len(RECORDS)
    for code in ("S1", "S4"):
        assert f"Of the {given} form labels of all cases: {100 * forms[code] / given:.1f} %." in site.all_words(
            f"codebook/{code.lower()}/index.html", ".entry-numbers .hint"
        )
    assert "labels of all cases" not in site.words("codebook/ide/index.html", ".entry-numbers")


def test_a_long_label_list_goes_on_over_pages_and_starts_at_the_labels_own_address(site: BuiltSite) -> None:
    first, second, third = "codebook/ide/index.html", "codebook/ide/2/index.html", "codebook/ide/3/index.html"
    count = sum(record["session_type"] == "IDE" for record in RECORDS)
    assert count == 337
    assert third not in site.tree
    rows = rows_of(site, first) + rows_of(site, second)
    assert len(rows) == len(set(rows)) == count
    assert len(rows_of(site, first)) == 200
    hints = [site.words(path, "[aria-labelledby=cases] .hint").split(",")[0] for path in (first, second)]
    assert hints == ["1–200 of 337", "201–337 of 337"]
    assert site.hrefs(first, '.pager a[rel="next"]') == ["../../codebook/ide/2/"]
    assert site.hrefs(second, '.pager a[rel="prev"]') == ["../../../codebook/ide/"]
    assert site.page(second).css(".entry-body") == []


def test_a_label_page_names_its_neighbours_and_what_it_is_confused_with(site: BuiltSite) -> None:
    path = "codebook/s2/index.html"
    assert site.hrefs(path, '.turn-page a[rel="prev"]') == ["../../codebook/s1/"]
    assert site.hrefs(path, '.turn-page a[rel="next"]') == ["../../codebook/s3/"]
    confused = site.hrefs(path, ".confusions a")
    assert confused
    assert [href for href in confused if f"{href.removeprefix('../../')}index.html" not in site.tree] == []


def test_a_label_without_a_case_says_so(site: BuiltSite) -> None:
    assert "No published case carries this label." in site.words("codebook/s8/index.html", '[aria-labelledby="cases"]')
    assert site.words("codebook/s8/index.html", ".entry-share") == "0 of 450 cases: 0.0 % (95 % interval 0.0 to 0.8)"


def test_locus_and_resolver_are_shares_of_where_they_can_apply(site: BuiltSite) -> None:
    assert "0 of 0 cases with system damage" in site.words("codebook/dl1/index.html", ".entry-share")
    assert "0 of 0 visibly resolved cases" in site.words("codebook/rv1/index.html", ".entry-share")


def test_the_codebook_lists_every_label_with_its_count(site: BuiltSite) -> None:
    entries = {
        words(entry.css_first("dt")).split(" ")[0]: words(entry.css_first(".share"))
        for entry in site.page("codebook/index.html").css("dl.labels > div")
    }
    for code in ("S1", "S2", "S3", "S4", "S5", "S6", "S7"):
        count = sum(has_form(code)(record) for record in RECORDS)
        assert entries[code].startswith(f"{count} of 450 cases")


def test_the_small_multiples_of_a_label_count_its_own_cases(site: BuiltSite) -> None:
    """S1 by cause: cases with both."""
    tables = {
        words(node.css_first("figcaption")): node for node in site.page("codebook/s1/index.html").css(".multiple")
    }
    rows = {
        words(row.css_first("th")).split(" ")[0]: int(words(row.css_first(".count")))
        for row in tables["Cause"].css("tbody tr")
    }
    expected = Counter(record["cause"]["labels"][0]["label"] for record in RECORDS if has_form("S1")(record))
    assert {code: count for code, count in rows.items() if count} == dict(expected)


# The front page


def test_the_front_page_shows_forty_cards_and_leads_to_the_whole_list(site: BuiltSite) -> None:
    cards = site.page("index.html").css("#results article.card")
    assert len(cards) == 40
    order = rows_of(site, "list/1/index.html")[:40]
    assert [f"{link}index.html" for link in site.hrefs("index.html", "#results .card-title a")] == order
    assert site.hrefs("index.html", "#pager a") == ["list/1/"]
    assert site.words("index.html", "#answer") == "All 450 cases, newest session first."


def test_the_front_page_says_how_its_figures_divide_by_source(site: BuiltSite, tmp_path: Path) -> None:
    assert site.words("index.html", ".tally small") == "Start with the rarest", "a single source has no parts"
    records = [
        make_record(source="swe", repository_id=5, session_type="CLI"),
        make_record(repository_id=5),
        make_record(repository_id=5, misalignment_id="M002"),
        make_record(repository_id=5, session_id="session_002"),
        make_record(repository_id=6),
        make_rejected_record(source="swe", repository_id=7),
    ]
    mixed = build(write_corpus(tmp_path / "corpus", records), tmp_path / "site")
    assert mixed.all_words("index.html", ".tally span")[:3] == ["5 cases", "4 sessions", "3 repositories"]
    parts = "SpecStory-chat + SWE-chat: 4 + 1 cases, 3 + 1 sessions, 2 + 1 repositories. Start with the rarest"
    assert mixed.words("index.html", ".tally small") == parts
    facet = '[data-facet="source"] .facet-value .name'
    assert mixed.all_words("index.html", facet) == ["SpecStory-chat", "SWE-chat"], "in the order of the legend"


def test_the_legend_counts_each_value_and_links_what_needs_no_script(site: BuiltSite) -> None:
    rows = site.page("index.html").css('[data-facet="form"] .facet-value')
    shown = {str(row.attributes["data-value"]): int(words(row.css_first(".count"))) for row in rows}
    counts = Counter(form for record in RECORDS for form in record["symptom"]["labels"])
    assert shown == {f"S{number}": counts[f"S{number}"] for number in range(1, 9)}
    assert site.hrefs("index.html", '[data-facet="form"] a') == [f"codebook/s{number}/" for number in range(1, 9)]


def test_months_and_licenses_of_the_legend_are_counted(site: BuiltSite) -> None:
    def counts(facet: str) -> dict[str, int]:
        rows = site.page("index.html").css(f'[data-facet="{facet}"] .facet-value')
        return {
            str(r.attributes.get("data-value") or r.attributes.get("data-missing")): int(words(r.css_first(".count")))
            for r in rows
        }

    months = Counter(record["session_timestamp"][:7] if record["session_timestamp"] else "none" for record in RECORDS)
    assert counts("month") == dict(months)
    assert list(counts("month")) == [*sorted((month for month in months if month != "none"), reverse=True), "none"]
    assert counts("license") == {"Apache-2.0": 225, "MIT": 225}


def test_the_map_counts_pairs_of_form_and_cause(site: BuiltSite) -> None:
    pairs = Counter((form, r["cause"]["labels"][0]["label"]) for r in RECORDS for form in r["symptom"]["labels"])
    links = site.page("index.html").css(".map tbody td a")
    shown = {link.attributes["data-query"]: int(words(link)) for link in links}
    assert shown == {f"?form={form}&cause={cause}": count for (form, cause), count in pairs.items()}
    assert all(
        f"codebook/{str(link.attributes['data-query'])[6:8].lower()}/" == link.attributes["href"] for link in links
    )
    assert len(site.page("index.html").css(".map tbody td")) == 8 * 7


def test_values_that_mean_something_to_the_query_language_are_written_encoded(odd: BuiltSite) -> None:
    links = {
        words(row.css_first(".name")): row.css_first("a").attributes["data-query"]
        for row in odd.page("index.html").css('[data-facet="agent"] .facet-value')
    }
    assert links["none"] == "?agent=%6Eone"
    assert links["-dash, and comma"] == "?agent=%2Ddash%2C%20and%20comma"
    assert links["not recorded"] == "?agent=none"
    assert parse_qs(urlsplit(links["none"] or "").query) == {"agent": ["none"]}


def test_the_page_works_as_a_form_without_script(site: BuiltSite) -> None:
    page = site.page("index.html")
    form = page.css_first("form#search")
    assert (form.attributes["action"], form.attributes["method"]) == ("./", "get")
    assert page.css_first("#q").attributes["name"] == "q"
    assert page.css_first('label[for="q"]') is not None
    assert site.hrefs("index.html", "noscript a") == ["list/1/"] or "list/1/" in page.css_first("noscript").html
    assert len(page.css("template#card-template")) == 1


def test_the_index_is_where_the_page_says(site: BuiltSite) -> None:
    folder = site.page("index.html").css_first("[data-index]").attributes["data-index"]
    assert f"{folder}index.json" in site.tree
    index = site.index_file("index.json")
    assert sum(1 for path in site.tree if path.startswith(f"{folder}cards/")) == index["cards"]["chunks"]


def test_the_rejected_candidate_is_in_the_index_and_on_no_page_of_lists(site: BuiltSite) -> None:
    rejected = case_id(make_rejected_record(repository_id=4)).lower()
    listing = [path for path in site.pages if site.kind(path) in ("explorer", "list", "label", "codebook", "case")]
    assert len(listing) > COUNT
    assert [path for path in listing if rejected in site.tree[path].decode().lower()] == []
    cards = [path for path in site.tree if "/cards/" in path and b"Rejected One" in site.tree[path]]
    assert len(cards) == 1
