"""Chance on a label's page: the interval beside its share, and which labels meet more often than by chance; and how the
tables of reading pages are taken away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from building import BuiltSite, words
from factories import make_episode
from playwright.sync_api import Page, expect

from atlas_build.derive.numbers import count_everything
from atlas_build.model.numbers import Meeting
from atlas_build.model.placeholder import TITLES
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.intervals import wilson
from atlas_build.render.markdown import Prose
from atlas_build.render.multiples_view import view_multiples
from atlas_build.render.queries import write_query

CODEBOOK = read_codebook(Path(__file__).resolve().parents[1] / "data" / "codebook")
S3 = "codebook/s3/index.html"


@pytest.fixture(scope="module")
def site(sample_site: Path) -> BuiltSite:
    return BuiltSite(sample_site)


@pytest.mark.parametrize(
    ("count", "size", "low", "high"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.00, 16.11), (1, 29, 0.61, 17.18)],
)
def test_the_interval_has_the_published_limits(count: int, size: int, low: float, high: float) -> None:
    """The examples of Newcombe R. G. (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    interval = wilson(count, size)
    assert interval
    assert (round(interval.low, 2), round(interval.high, 2)) == (low, high)


def test_an_interval_ends_at_the_ends_of_the_scale_and_needs_a_base() -> None:
    all_of_them = wilson(20, 20)
    assert all_of_them
    assert all_of_them.high == 100
    assert all_of_them.words == "83.9 to 100.0"
    assert wilson(0, 0) is None


def test_the_share_of_a_label_stands_with_its_interval_and_leads_to_the_method(site: BuiltSite) -> None:
    assert site.words(S3, ".entry-share") == "50 of 125 cases: 40.0 % (95 % interval 31.8 to 48.8)"
    assert site.hrefs(S3, ".entry-share a") == ["../../method/#intervals"]
    assert site.words("method/index.html", "#intervals") == "Chance in the numbers of a label"


CASES = [
    make_episode(number=number, form=forms, cause=cause)
    for number, (forms, cause) in enumerate(
        [(["S3", "S7"], "C1"), (["S3"], "C1"), (["S7"], "C1"), (["S1"], "C1"), (["S3", "S7"], "C1")], start=1
    )
]


def test_two_labels_meet_by_count_and_by_lift() -> None:
    numbers = count_everything(CASES, [], CODEBOOK)
    together = numbers.labels["form", "S3"].together
    # Of 5 cases 3 have S3, 3 have S7 and 1 has S1: 3 * 3 / 5 and 3 * 1 / 5 are expected.
    assert together == {"S1": Meeting(0, 0.6), "S7": Meeting(2, 1.8)}
    assert together["S7"].lift == pytest.approx(10 / 9)
    assert together["S7"].count == numbers.labels["form", "S7"].together["S3"].count


def test_labels_meet_on_axes_with_several_labels_a_case_only() -> None:
    numbers = count_everything(CASES, [], CODEBOOK)
    assert {axis for (axis, _), own in numbers.labels.items() if own.together} == {"form"}
    assert numbers.labels["form", "S8"].together == {}, "no case has S8"


def test_a_lift_of_few_expected_cases_is_marked_and_zero_has_no_link() -> None:
    many = [*CASES, *(make_episode(number=number, form=["S3", "S7"], cause=["C1", "C2"]) for number in range(6, 40))]
    figure, *_ = view_multiples(
        "form", CODEBOOK.axes["form"].by_code["S3"], count_everything(many, [], CODEBOOK), CODEBOOK
    ).figures
    s1, s7 = figure.bars
    assert s1.lift
    assert s7.lift
    assert (s1.code, s1.query, s1.lift.words, s1.lift.is_doubtful) == ("S1", "", "0.00", True)
    assert (s7.code, s7.query, s7.lift.is_doubtful) == ("S7", "?form=S3,S7&form.match=all", False)


def test_a_label_that_meets_no_other_says_so() -> None:
    apart = [make_episode(number=1, form="S3", cause="C1"), make_episode(number=2, form="S7", cause="C1")]
    label = CODEBOOK.axes["form"].by_code["S3"]
    figure, *_ = view_multiples("form", label, count_everything(apart, [], CODEBOOK), CODEBOOK).figures
    assert (figure.title, figure.bars) == ("Together with another form", ())
    assert figure.hint == "None of these cases has another."


def test_a_query_may_ask_for_all_of_its_codes() -> None:
    assert (
        write_query({"cause": ["C1", "C6"], "form": ["S3"]}, all_of="cause") == "?form=S3&cause=C1,C6&cause.match=all"
    )


def test_every_count_of_a_meeting_is_that_of_the_list_it_links(site: BuiltSite) -> None:
    labels = [record["labels"] for record in site.records()]
    carried = {
        "form": [set(each["forms"]) for each in labels],
        "cause": [{cause["label"] for cause in each["causes"]} for each in labels],
    }
    checked = 0
    for axis, cases in carried.items():
        for label in CODEBOOK.axes[axis].label:
            for link in site.page(f"codebook/{label.slug}/index.html").css(".multiple td.count a"):
                query = parse_qs((link.attributes["href"] or "").partition("?")[2], strict_parsing=True)
                assert query[f"{axis}.match"] == ["all"]
                both = set(query[axis][0].split(","))
                assert label.code in both
                assert len(both) == 2
                assert int(words(link)) == sum(both <= case for case in cases)
                checked += 1
    assert checked > 20


# Taking tables away


TAKEN = {
    S3: ["s3-where-it-occurs", "s3-by-month"],
    "codebook/index.html": ["labels"],
    "inclusion/index.html": ["funnel", "excluded-by-reason", "admitted-licenses", "excluded-licenses"],
    "method/index.html": ["label-reliability", "replaced-values"],
}


@pytest.mark.parametrize(("path", "names"), TAKEN.items())
def test_what_can_be_taken_has_a_caption_and_a_place_for_the_fold(site: BuiltSite, path: str, names: list[str]) -> None:
    page = site.page(path)
    found = page.css("[data-take]")
    assert [node.attributes["data-take"] for node in found] == names
    for node in found:
        caption = node.attributes.get("data-caption") or words(node.css_first("caption"))
        assert caption.endswith(".")
    folds = page.css(".take")
    assert len(folds) == len(names)
    assert all(fold.text(strip=True) == "" for fold in folds), "without script nothing shows"
    assert any("/js/tables.js" in (node.attributes["src"] or "") for node in page.css("script[src]"))


def test_a_caption_names_the_bases_of_its_shares(site: BuiltSite) -> None:
    def caption(path: str) -> str:
        return site.page(path).css_first(".multiples").attributes["data-caption"] or ""

    assert "share of these 50, beside number and share of all 125 published cases" in caption(S3)
    assert "causes" not in caption(S3)
    assert caption("codebook/c6/index.html").endswith(
        "Of evidence tier, shares are of the 49 cases in which this cause has one, and of all 111 causes with one."
    )


def test_a_table_of_our_prose_has_the_caption_that_stands_before_it(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(
        "# X\n\nTable two-numbers: Two <numbers>,\nof 3.\n\n| A |\n|---|\n| 1 |\n\n| B |\n|---|\n| 2 |\n",
        encoding="utf-8",
    )
    _, body = Prose(tmp_path).page("x")
    assert str(body).count("<caption") == str(body).count('class="take"') == 1
    assert '<table data-take="two-numbers">\n<caption class="vh">Two &lt;numbers&gt;, of 3.</caption>' in body
    assert "<p>" not in body


def download(page: Page, name: str) -> tuple[str, str]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes().decode("utf-8")


def test_the_numbers_of_a_label_can_be_taken_away(
    new_page: Callable[..., Page], axe: Callable[..., None], sample_url: str
) -> None:
    page = new_page(viewport=(320, 800))
    page.goto(f"{sample_url}codebook/s3/")
    page.get_by_text("CSV · LaTeX: s3 where it occurs").click()
    name, content = download(page, "Download CSV")
    assert name == "s3-where-it-occurs.csv"
    rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))
    by_value = {(row["Facet"], row["Value"]): row for row in rows}
    met = by_value["Together with another form", "Inaccurate Self-Reporting"]
    assert [met[key] for key in ("Code", "Cases", "Share, %", "All cases", "Share of all, %", "Lift")] == [
        "S7", "9", "18", "31", "24.8", "0.725806",
    ]  # fmt: skip
    assert by_value["Workflow", "CLI"]["Code"] == ""
    assert {row["caption"] for row in rows} == {page.locator(".multiples").get_attribute("data-caption")}
    name, content = download(page, "Download LaTeX")
    assert name == "s3-where-it-occurs.tex"
    assert "Together with another form & S7 & Inaccurate Self-Reporting & 9 & 18.0 & 31 & 24.8 & 0.73 \\\\" in content
    assert "\\caption{Cases with S3 Developer Constraint Violation by other facets" in content
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".multiple .count a", has_text="9").click()
    expect(page.locator("#answer")).to_contain_text("9 of 125 cases")


def test_tables_and_lists_can_be_taken_away_as_they_are_read(page: Page, sample_url: str) -> None:
    def first_lines(path: str, name: str) -> list[str]:
        page.goto(f"{sample_url}{path}")
        page.get_by_text(f"CSV · LaTeX: {name}", exact=True).click()
        return [line.rpartition(',"')[0] for line in download(page, "Download CSV")[1].splitlines()[1:]]

    assert first_lines("inclusion/", "funnel")[2] == "Valid,186,91.1765,passed the study’s validation"
    assert first_lines("inclusion/", "admitted licenses")[0] == "MIT,72,57.6"
    assert first_lines("codebook/", "labels")[2] == "Form,S3,Developer Constraint Violation,50,40,125,cases"
    assert first_lines("method/", "label reliability")[3] == "Locus,0.89,1,checked on 9 cases only"
    assert len(first_lines("method/", "replaced values")) <= len(TITLES)
