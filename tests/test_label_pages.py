"""What a label's page argues from: how certain its cases are, and which of them are typical or borderline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from building import BuiltSite, words
from factories import make_episode
from playwright.sync_api import Page, expect
from selectolax.lexbor import LexborNode

from atlas_build.derive.numbers import count_everything
from atlas_build.model.examples import Examples, WordTest
from atlas_build.model.numbers import Numbers
from atlas_build.model.source import Labels
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.certainty_view import Part, view_certainty
from atlas_build.render.codes import Cells
from atlas_build.render.examples_view import view_examples
from atlas_build.render.queries import write_query
from atlas_build.render.shares import agree

ROOT = Path(__file__).resolve().parents[1]
Record = Mapping[str, Any]
REASONED = {
    "form": "form", "cause": "cause", "severity": "cost", "locus": "cost", "status": "resolution",
    "resolver": "resolution",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(sample_site: Path) -> BuiltSite:
    return BuiltSite(sample_site)


@pytest.fixture(scope="module")
def records(site: BuiltSite) -> dict[str, Record]:
    return {f"c/{record['id'].lower()}/": record for record in site.records()}


def count_all(*cases: Any) -> Numbers:
    return count_everything(cases, [], read_codebook(ROOT / "data" / "codebook"))


def certainty(numbers: Numbers, axis: str, code: str) -> list[tuple[int, int, str, str]]:
    def facts(part: Part) -> tuple[int, int, str, str]:
        return part.count, part.of, part.query, part.base_query

    return [facts(part) for part in view_certainty(axis, code, numbers.labels[axis, code])]


# How certain


GUESSED = make_episode(number=1, form="S3", cause=["C6:direct", "C2:speculative"], confidence="low")
CLEAR = make_episode(number=2, form="S3", cause="C6:contextual")
UNKNOWN = make_episode(number=3, form="S3", cause="C7")
UNTIERED = make_episode(number=4, form="S3", cause="C6", tier=None, confidence=None)


def test_the_tier_under_a_cause_is_that_of_this_cause() -> None:
    numbers = count_all(GUESSED, CLEAR, UNKNOWN, UNTIERED)
    joined = "cause={0}:direct,{0}:contextual,{0}:speculative"
    assert certainty(numbers, "cause", "C6")[1] == (0, 2, "?cause=C6:speculative", f"?{joined.format('C6')}")
    assert certainty(numbers, "cause", "C2")[1] == (1, 1, "?cause=C2:speculative", f"?{joined.format('C2')}")
    assert numbers.labels["cause", "C6"].by_facet["tier"]["direct"] == 1


def test_on_other_pages_a_case_counts_once_however_many_causes_it_has() -> None:
    assert certainty(count_all(GUESSED, CLEAR, UNKNOWN, UNTIERED), "form", "S3") == [
        (1, 3, "?form=S3&confidence=low", "?form=S3&confidence=high,medium,low"),
        (1, 2, "?form=S3&tier=speculative", "?form=S3&tier=direct,contextual,speculative"),
    ]


def test_a_cause_given_twice_counts_once() -> None:
    labels = GUESSED.facts.labels
    assert isinstance(labels, Labels)
    twice = labels.model_copy(
        update={"causes": (*labels.causes, labels.causes[0].model_copy(update={"tier": "speculative"}))}
    )
    case = make_episode(labels=twice)
    assert certainty(count_all(case), "cause", "C6")[1][:2] == (1, 1)


def test_where_all_is_recorded_the_base_is_the_label_itself() -> None:
    assert certainty(count_all(GUESSED, CLEAR), "form", "S3")[0] == (1, 2, "?form=S3&confidence=low", "?form=S3")


def test_nothing_is_said_of_what_cannot_be_or_is_not_recorded() -> None:
    numbers = count_all(GUESSED, UNKNOWN, UNTIERED)
    assert len(certainty(numbers, "cause", "C7")) == 1, "C7 has no tier"
    assert len(certainty(numbers, "tier", "speculative")) == 1, "a tier's page says it by itself"
    assert certainty(count_all(UNTIERED), "form", "S3") == []
    assert certainty(numbers, "form", "S8") == []


def test_a_query_names_its_facets_in_the_canonical_order() -> None:
    assert write_query({"confidence": ["low"], "tier": ["direct"], "workflow": ["CLI"]}) == (
        "?tier=direct&workflow=CLI&confidence=low"
    )
    with pytest.raises(ValueError, match="no facet is called colour"):
        write_query({"colour": ["red"]})


def values_of(record: Record, facet: str) -> set[str]:
    """An episode's values, as the downloads have them."""
    labels = record["labels"]
    if facet == "cause":
        return {text for each in labels["causes"] for text in (each["label"], f"{each['label']}:{each['tier']}")}
    return {
        "form": lambda: set(labels["forms"]),
        "tier": lambda: {each["tier"] for each in labels["causes"]},
        "goal": lambda: {record["goal"]},
        "confidence": lambda: {record["confidence"]},
        "workflow": lambda: {record["session"]["workflow"]},
    }.get(facet, lambda: {labels[facet]})()


def answer_query(query: str, records: Mapping[str, Record]) -> int:
    choices = {facet: set(values[0].split(",")) for facet, values in parse_qs(query, strict_parsing=True).items()}
    return sum(
        all(values_of(record, facet) & chosen for facet, chosen in choices.items()) for record in records.values()
    )


def label_pages(site: BuiltSite) -> list[str]:
    return [path for path in site.pages if re.fullmatch(r"codebook/[\w-]+/index\.html", path)]


def test_every_number_of_certainty_is_that_of_the_list_it_links(site: BuiltSite, records: Mapping[str, Record]) -> None:
    links = [link for path in label_pages(site) for link in site.page(path).css(".certainty a")]
    assert len(links) > 70
    for link in links:
        query = (link.attributes["href"] or "").removeprefix("../../?")
        assert int(words(link).replace(",", "")) == answer_query(query, records), query


def test_certainty_is_said_in_words_with_its_base(site: BuiltSite) -> None:
    assert site.words("codebook/c5/index.html", ".certainty") == (
        "Low confidence in the extraction: none of 5 cases. "
        "Speculative evidence for this cause: 1 of 5 cases in which it has an evidence tier, 20.0 %."
    )
    assert site.words("codebook/c7/index.html", ".certainty") == "Low confidence in the extraction: none of 24 cases."


def test_the_explorer_shows_as_many_cases_as_the_page_says(page: Page, sample_url: str) -> None:
    page.goto(f"{sample_url}codebook/c5/")
    links = [(link.text_content(), link.get_attribute("href")) for link in page.locator(".certainty a").all()]
    assert [count for count, _ in links] == ["5", "1", "5"]
    for count, href in links:
        page.goto(f"{sample_url}codebook/c5/{href}")
        expect(page.locator("#answer")).to_contain_text(f"{count} of 125 cases")


def test_the_small_multiple_of_tiers_is_of_this_very_cause(site: BuiltSite, records: Mapping[str, Record]) -> None:
    def tiers(code: str) -> dict[str, int]:
        (figure,) = [
            node for node in site.page(f"codebook/{code.lower()}/index.html").css(".multiple")
            if words(node.css_first("figcaption")).startswith("Evidence tier")
        ]  # fmt: skip
        return {words(row.css_first("th")): int(words(row.css_first(".count"))) for row in figure.css("tbody tr")}

    joined = {
        tier: answer_query(f"cause=C1:{tier.lower()}", records) for tier in ("Direct", "Contextual", "Speculative")
    }
    apart = {tier: answer_query(f"cause=C1&tier={tier.lower()}", records) for tier in joined}
    assert tiers("C1") == joined != apart, "some case has another cause with another tier"
    assert tiers("S3") == {tier: answer_query(f"form=S3&tier={tier.lower()}", records) for tier in joined}
    assert "Evidence tier" not in site.words("codebook/c7/index.html", ".multiples")
    assert "Evidence tier" not in site.words("codebook/direct/index.html", ".multiples")


# Typical and borderline


def examples_of(site: BuiltSite, path: str) -> Iterator[tuple[str, LexborNode]]:
    for section in site.page(path).css(".usage > section"):
        yield from ((words(section.css_first("h3")), item) for item in section.css("li"))


def test_examples_carry_the_label_and_say_words_of_their_own_reason(
    site: BuiltSite, records: Mapping[str, Record]
) -> None:
    axes = read_codebook(ROOT / "data" / "codebook").axes
    checked = 0
    for axis, part in REASONED.items():
        for label in axes[axis].label:
            seen = set()
            for kind, item in examples_of(site, f"codebook/{label.slug}/index.html"):
                href = (item.css_first("a").attributes["href"] or "").removeprefix("../../")
                record, reasons = records[href], words(item.css_first(".hint"))
                given = {value for value in values_of(record, axis) if ":" not in value}
                assert label.code in given
                assert kind == "Borderline" or (given == {label.code} and record["confidence"] == "high")
                for word in re.findall("“(.+?)”", reasons):
                    assert word in record["reasonings"][part].lower()
                assert href not in seen, "in both lists"
                seen.add(href)
                checked += 1
    assert checked > 50


def test_a_reason_names_code_and_name_of_the_other_label(site: BuiltSite) -> None:
    found = {
        words(item.css_first("a")): words(item.css_first(".hint"))
        for _, item in examples_of(site, "codebook/c5/index.html")
    }
    assert found == {
        "Polling Loop Slipped In For Notifications": "speculative evidence; Oct 2025",
    }
    found = {
        words(item.css_first("a")): words(item.css_first(".hint"))
        for _, item in examples_of(site, "codebook/c6/index.html")
    }
    assert found["Cents Turned Into Floating Euros"] == "speaks for it: “rule”; direct evidence; May 2025"
    assert found["Whole SDK Upgraded To Hide One Warning"] == "reads more like C2 Scope Overreach: “task”; Nov 2025"
    found = {
        words(item.css_first("a")): words(item.css_first(".hint"))
        for _, item in examples_of(site, "codebook/c7/index.html")
    }
    assert found["Anonymised Statement Still Carries Numbers"] == (
        "also coded C1 Underspecified Instruction and reads more like it: “request”; Jan 2026"
    )


def test_the_page_says_how_its_examples_were_chosen_and_leads_to_the_method(site: BuiltSite) -> None:
    for path, said in (
        ("codebook/c6/index.html", "first in 82 of 100 pairs, of 49 cases with it and 76 without. How"),
        ("codebook/c5/index.html", "first in 67 of 100 pairs, of 5 cases with it and 120 without, which is not enough"),
    ):
        note = site.words(path, ".examples > .hint")
        assert "not by people" in note
        assert said in note
        assert site.hrefs(path, ".examples > .hint a") == ["../../method/#examples"]
    assert site.words("method/index.html", "#examples") == "How examples of a label are chosen"


@pytest.mark.parametrize(
    ("axis", "code", "recorded"),
    [
        ("cause", "C6", "confidence, evidence tier"),
        ("cause", "C7", "confidence"),
        ("form", "S3", "confidence"),
        ("severity", "DS1", "confidence"),
        ("resolver", "RV1", "confidence"),
    ],
)
def test_the_rule_names_what_was_used_and_no_more(axis: str, code: str, recorded: str) -> None:
    codebook = read_codebook(ROOT / "data" / "codebook")

    def tell(test: WordTest | None) -> str:
        return view_examples(axis, code, Examples(test=test), [], Cells(codebook)).rule

    both = recorded.replace(", ", " and ")
    assert tell(WordTest(94, 1021, 78, believed=True)) == (
        f"Chosen by {recorded} and the words of the annotator’s reasons, not by people. Given one case with the "
        "label and one without, these words put the right one first in 94 of 100 pairs, of 1,021 cases with it and 78 "
        "without."
    )
    assert tell(WordTest(64, 11, 88, believed=False)) == (
        f"Chosen by {both}, not by people. The words of the annotator’s reasons were tried and not used: given one "
        "case with the label and one without, they put the right one first in 64 of 100 pairs, of 11 cases with it and "
        "88 without, which is not enough to go by."
    )
    assert tell(None) == (
        f"Chosen by {both}, not by people. The words of the annotator’s reasons were not tried: that takes 5 "
        "comparable cases with the label and 5 without."
    )


def test_one_case_is_not_told_in_the_plural(site: BuiltSite) -> None:
    assert site.words("codebook/speculative/index.html", ".certainty") == (
        "Low confidence in the extraction: none of 1 case."
    )
    assert "share among this one case." in site.words("codebook/speculative/index.html", ".entry-numbers")
    assert agree("visibly resolved cases", 1) == "visibly resolved case"
    assert agree("cases in which it has an evidence tier", 2) == "cases in which it has an evidence tier"


def test_axes_without_reasons_have_no_examples(site: BuiltSite) -> None:
    for path in ("codebook/direct/index.html", "codebook/intention/index.html", "codebook/cli/index.html"):
        assert site.page(path).css(".examples") == []
        assert len(site.page(path).css(".certainty")) == 1


def test_a_page_with_examples_has_no_accessibility_finding(
    new_page: Callable[..., Page], axe: Callable[..., None], sample_url: str
) -> None:
    page = new_page(viewport=(320, 800))
    page.goto(f"{sample_url}codebook/c6/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
