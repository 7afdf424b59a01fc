"""All stages together, on the bundled sample: what comes out, what stays in, and that nothing is counted twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, build, case_id, case_path, decode_site, holding, write_corpus
from factories import make_record, make_rejected_record

from atlas_build.model.codebook import VOCABULARIES

Record = dict[str, Any]

# Of the license texts in the sample; written out, so that a change of the policy shows here.
ADMITTED = {
    "MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Unlicense", "MPL-1.0-none", "Zlib", "CC0-1.0",
    "MIT/Apache-2.0", "MIT OR Apache-2.0", "BSL-1.0",
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(sample_site: Path) -> BuiltSite:
    return BuiltSite(sample_site)


@pytest.fixture(scope="module")
def records(root: Path) -> list[Record]:
    found: list[Record] = json.loads((root / "data" / "sample" / "misalignments.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def planted(root: Path) -> dict[str, list[str]]:
    """Values that were put into the sample to be removed, by natural key."""
    found: dict[str, list[str]] = json.loads((root / "tests" / "data" / "sample_planted.json").read_text("utf-8"))
    return found


def key_of(record: Record) -> str:
    return "/".join(str(record[name]) for name in ("source", "repository_id", "session_id", "misalignment_id"))


# The sample


def test_no_planted_value_of_any_record_stands_anywhere(
    sample: BuiltSite, records: list[Record], planted: dict[str, list[str]]
) -> None:
    assert planted.keys() <= {key_of(record) for record in records}
    values = {value for found in planted.values() for value in found}
    assert len(values) > 60
    assert [(value, found) for value in sorted(values) if (found := holding(value, sample.text))] == []


def test_every_planted_value_is_in_the_text_of_its_record(records: list[Record], planted: dict[str, list[str]]) -> None:
    texts = {key_of(record): "\n".join(strings_of(record)) for record in records}
    assert [(key, value) for key, found in planted.items() for value in found if value not in texts[key]] == []


def strings_of(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings_of(item)


def test_every_code_of_every_axis_occurs_in_a_published_case_or_candidate(sample: BuiltSite) -> None:
    rows = sample.index_file("index.json")["facets"]
    values = {row["name"]: {value for value in row["values"] if isinstance(value, str)} for row in rows}
    assert [(axis, code) for axis, codes in VOCABULARIES.items() for code in codes if code not in values[axis]] == []


def test_every_code_of_every_label_axis_has_a_case_of_its_own(sample: BuiltSite) -> None:
    empty = [path for path in sample.pages_of("label") if not sample.page(path).css("table.rows tbody tr")]
    assert empty == []


def test_every_page_of_the_sample_says_that_it_is_invented(sample: BuiltSite) -> None:
    assert len(sample.pages) > 150
    assert [path for path in sample.pages if "is invented" not in sample.words(path, ".sample-note")] == []


def test_a_corpus_that_is_no_sample_does_not_say_so(tmp_path: Path) -> None:
    site = build(write_corpus(tmp_path / "corpus", [make_record()]), tmp_path / "site")
    assert [path for path in site.pages if site.page(path).css(".sample-note")] == []


def test_the_funnel_of_the_sample_adds_up(sample: BuiltSite, records: list[Record]) -> None:
    page = "inclusion/index.html"
    names, counts = sample.all_words(page, ".funnel-name"), sample.all_words(page, ".funnel .count")
    steps = {name: int(count.replace(",", "")) for name, count in zip(names, counts, strict=True)}
    reasons = sample.page(page).css('[aria-labelledby="reasons"] tbody .number')
    excluded = sum(int(node.text()) for node in reasons)
    assert steps["Read"] == len(records)
    assert steps["Valid"] == sum(record["label"] == "VALID" for record in records)
    assert steps["Admitted"] + excluded == steps["Valid"]
    assert steps["Published"] == len(sample.pages_of("case")) == len(sample.records())


def test_every_number_of_the_map_is_that_of_the_cases_it_links_to(sample: BuiltSite) -> None:
    pairs = Counter(
        (form, cause)
        for record in sample.records()
        for form in set(record["labels"]["forms"])
        for cause in {cause["label"] for cause in record["labels"]["causes"]}
    )
    shown = {
        link.attributes["data-query"]: int(link.text()) for link in sample.page("index.html").css(".map tbody td a")
    }
    assert shown == {f"?form={form}&cause={cause}": count for (form, cause), count in pairs.items()}


# Small corpora


def test_an_empty_corpus_gives_a_whole_site_that_passes_its_own_check(tmp_path: Path, root: Path) -> None:
    from atlas_build.cli import main

    site = build(write_corpus(tmp_path / "corpus", []), tmp_path / "site")
    expected = ("index.html", "list/1/index.html", "codebook/index.html", "inclusion/index.html", "method/index.html",
                "data/index.html", "about/index.html", "404.html")  # fmt: skip
    assert [path for path in expected if path not in site.tree] == []
    assert len(site.pages_of("label")) == 37
    assert site.records() == []
    assert main(["check", str(site.folder), "--jobs", "1"]) == 0


def test_of_an_excluded_episode_only_source_license_and_labels_leave_the_gate(tmp_path: Path) -> None:
    marked = {
        "name": "Quagga Zeppelin", "description": "Xylophone quartz description.", "license_type": "GPL-3.0",
        "evidence": [{"turn": "TURN 1 | USER", "quote": "Vortex umbrella quote.", "context": "Jigsaw context."}],
        "symptom": {"reasoning": "Kumquat reasoning.", "labels": ["S8"], "other_descriptor": "Walrus descriptor."},
        "agent": "Codex", "session_sha": "feedfacefeedfacefeedfacefeedfacefeedface",
        "session_timestamp": "2025-12-24 18:00:00", "session_id": "session_987", "repository_id": 424242424,
    }  # fmt: skip
    site = build(write_corpus(tmp_path / "corpus", [make_record(**marked), make_record()]), tmp_path / "site")
    traces = ("Quagga", "Xylophone", "Vortex", "Jigsaw", "Kumquat", "Walrus", "feedface", "session_987", "424242424",
              "2025-12", "Dec 2025", case_id(make_record(**marked)))  # fmt: skip
    assert [(trace, found) for trace in traces if (found := holding(trace, site.text))] == []
    assert "GPL-3.0" in site.words("inclusion/index.html", '[aria-labelledby="excluded"]')
    assert "In the whole input: 1 of 2 valid episodes" in site.words("codebook/s8/index.html", ".entry-numbers")


def test_a_license_that_is_no_name_is_not_printed(tmp_path: Path) -> None:
    text = "Copyright 2025 Wilhelmina Quackenbush <wilhelmina@quackenbush.example>, all rights reserved"
    corpus = write_corpus(tmp_path / "corpus", [make_record(license_type=text), make_record(repository_id=7)])
    site = build(corpus, tmp_path / "site")
    assert holding("uackenbush", site.text) == []
    assert "another text" in site.words("inclusion/index.html", '[aria-labelledby="excluded"]')


def test_rejected_candidates_under_an_excluded_license_leave_no_trace(tmp_path: Path) -> None:
    rejected = make_rejected_record(license_type="AGPL-3.0", name="Quagga Zeppelin", note="Kumquat note.")
    site = build(write_corpus(tmp_path / "corpus", [rejected]), tmp_path / "site")
    assert holding("Quagga", site.text) == holding("Kumquat", site.text) == []
    assert site.pages_of("candidate") == []


def test_a_value_removed_from_one_case_is_gone_from_all_others(tmp_path: Path) -> None:
    cue = make_record(
        description="Mail sent by Wilhelmina Quackenbush <wilhelmina.quackenbush@quackmail.net> was lost."
    )
    plain = make_record(misalignment_id="M002", description="The agent asked wilhelmina.quackenbush@quackmail.net.")
    site = build(write_corpus(tmp_path / "corpus", [cue, plain]), tmp_path / "site")
    assert holding("quackmail", site.text) == []
    assert "[EMAIL_1]" in site.words(case_path(plain), ".story")


def test_equal_records_are_one_case_and_conflicting_ones_none(tmp_path: Path) -> None:
    twin = make_record(misalignment_id="M002")
    conflict = [make_record(misalignment_id="M003", name=name) for name in ("One Name", "Another Name")]
    site = build(write_corpus(tmp_path / "corpus", [make_record(), twin, twin, *conflict]), tmp_path / "site")
    assert set(site.pages_of("case")) == {case_path(make_record()), case_path(twin)}
    assert holding("Another Name", site.text) == []


def test_the_site_says_nothing_that_the_leak_check_would_take_for_a_person(tmp_path: Path) -> None:
    """A person in a record may be called like an author of the study, who is cited on every page."""
    record = make_record(description="Reviewed by: Chaoran Chen <chaoran.chen@quackmail.net>")
    site = build(write_corpus(tmp_path / "corpus", [record]), tmp_path / "site")
    assert "Chaoran" not in site.words(case_path(record), ".story")
    assert "Chen" in site.words("about/index.html", "main")


def test_nothing_reads_the_output_of_an_earlier_build(tmp_path: Path) -> None:
    first = write_corpus(tmp_path / "first", [make_record(name="Quagga Zeppelin")])
    second = write_corpus(tmp_path / "second", [make_record(repository_id=8)])
    build(first, tmp_path / "site")
    build(second, tmp_path / "site")
    assert holding("Quagga", decode_site(tmp_path / "site")) == []
