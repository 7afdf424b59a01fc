"""The whole pipeline on real records: what is published, what is counted, and what must never come out.

The records lie beside the checkout and are no part of the project; without them these tests are skipped. What is
expected is computed here, from the verdict and the license of each record and from nothing of the package.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, build, case_id, case_path, holding, write_corpus
from factories import make_record

# Of the nine license ids that occur in the records.
ADMITTED = {"MIT", "Apache-2.0", "ISC", "CC0-1.0"}
EXCLUDED = {"NO_LICENSE", "NOASSERTION", "AGPL-3.0", "GPL-3.0", "CC-BY-SA-4.0"}

Record = dict[str, Any]


@dataclass(frozen=True)
class Real:
    """The records, parted as they ought to be, and the site built from them."""

    site: BuiltSite
    records: list[Record]

    @property
    def published(self) -> list[Record]:
        return [record for record in self.records if is_admitted(record) and record["label"] == "VALID"]

    @property
    def candidates(self) -> list[Record]:
        return [record for record in self.records if is_admitted(record) and record["label"] == "INVALID"]

    @property
    def excluded(self) -> list[Record]:
        return [record for record in self.records if not is_admitted(record)]


def is_admitted(record: Record) -> bool:
    return record["license_type"] in ADMITTED


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    path = shared / "corpus" / "real_episodes.json"
    records = json.loads(path.read_text(encoding="utf-8"))
    assert {record["license_type"] for record in records} == ADMITTED | EXCLUDED
    return Real(build(path, tmp_path_factory.mktemp("real") / "site"), records)


@pytest.fixture(scope="module")
def label_files(shared: Path) -> list[Path]:
    folder = shared / "reference" / "core_sample"
    return [
        folder / f"{name}.json" for name in ("annotated_misalignments", "validated_misalignments", "session_mapping")
    ]


def key_of(record: Record) -> tuple[str, ...]:
    return tuple(str(record[name]) for name in ("source", "repository_id", "session_id", "misalignment_id"))


def texts_of(record: Record) -> Iterator[str]:
    yield record["name"]
    yield record["description"]
    for item in record["evidence"]:
        yield from (item["quote"], item["context"])
    for axis in ("symptom", "cause", "outcome", "resolution"):
        if record[axis]:
            yield record[axis]["reasoning"]
    yield from filter(None, [record.get("validation_note"), (record["symptom"] or {}).get("other_descriptor")])


def squeeze(text: str) -> str:
    return " ".join(text.split())


# What is published


def test_valid_episodes_under_admitted_licenses_and_no_others_are_cases(real: Real) -> None:
    assert len(real.published) == 99
    expected = {case_path(record) for record in real.published}
    assert set(real.site.pages_of("case")) == expected


def test_the_downloads_hold_the_published_cases_and_no_others(real: Real) -> None:
    assert sorted(key_of(record) for record in real.site.records()) == sorted(map(key_of, real.published))
    assert sorted(key_of(row) for row in real.site.table("cases")) == sorted(map(key_of, real.published))
    ids = {row["id"] for row in real.site.table("cases")}
    assert {row["id"] for row in real.site.table("evidence")} <= ids
    assert {row["id"] for row in real.site.table("labels")} == ids


def test_every_page_of_the_site_is_accounted_for(real: Real) -> None:
    kinds = Counter(real.site.kind(path) for path in real.site.pages)
    # 8 forms, 7 causes, 3 tiers, 5 severities, 4 loci, 2 statuses, 3 resolvers, 3 goals, 2 workflows
    labels = 8 + 7 + 3 + 5 + 4 + 2 + 3 + 3 + 2
    assert kinds["case"] == 99
    assert kinds["candidate"] == 17
    assert kinds["label"] == labels
    assert kinds["tombstone"] == 0
    assert kinds["list"] == 1
    assert sum(kinds.values()) == 99 + 17 + labels + len({"front", "list", "codebook"}) + kinds["prose"]


def test_excluded_episodes_have_no_page(real: Real) -> None:
    assert len(real.excluded) == 57
    assert [case_path(record) for record in real.excluded if case_path(record) in real.site.tree] == []


# What is counted


def test_the_front_page_counts_published_cases_only(real: Real) -> None:
    assert real.site.words("index.html", "#answer") == "All 99 cases, newest session first."
    sessions = {key_of(record)[:3] for record in real.published}
    repositories = {key_of(record)[:2] for record in real.published}
    months = {record["session_timestamp"][:7] for record in real.published if record["session_timestamp"]}
    assert real.site.all_words("index.html", ".tally span") == [
        "99 cases", f"{len(sessions)} sessions", f"{len(repositories)} repositories", f"{len(months)} months",
    ]  # fmt: skip
    parts = [Counter(key[0] for key in keys) for keys in (set(map(key_of, real.published)), sessions, repositories)]
    cases, sittings, places = (f"{part['specstory']} + {part['swe']}" for part in parts)
    assert real.site.words("index.html", ".tally small") == (
        f"SpecStory-chat + SWE-chat: {cases} cases, {sittings} sessions, {places} repositories. Start with the rarest"
    )


def read_legend(site: BuiltSite, facet: str) -> dict[str, int]:
    rows = site.page("index.html").css(f'[data-facet="{facet}"] .facet-value')
    return {
        str(row.attributes.get("data-value") or row.attributes.get("data-missing")): int(
            row.css_first(".count").text().replace(",", "")
        )
        for row in rows
    }


def test_the_legend_counts_what_the_records_say(real: Real) -> None:
    published = real.published
    expected = {
        "form": Counter(form for r in published for form in set(r["symptom"]["labels"])),
        "cause": Counter(cause for r in published for cause in {c["label"] for c in r["cause"]["labels"]}),
        "severity": Counter(r["outcome"]["damage_severity"] for r in published),
        "status": Counter(r["resolution"]["status"] for r in published),
        "workflow": Counter(r["session_type"] for r in published),
        "agent": Counter(r["agent"] for r in published),
        "goal": Counter(r["alignment_goal"] for r in published),
        "source": Counter(r["source"] for r in published),
        "license": Counter(r["license_type"] for r in published),
        "validation": Counter({"VALID": 99}),
    }
    for facet, counts in expected.items():
        shown = read_legend(real.site, facet)
        assert {value: count for value, count in shown.items() if count} == dict(counts), facet


def test_label_pages_list_exactly_their_cases(real: Real) -> None:
    for code in ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"):
        path = f"codebook/{code.lower()}/index.html"
        expected = {case_path(r) for r in real.published if code in r["symptom"]["labels"]}
        linked = {f"{href.removeprefix('../../')}index.html" for href in real.site.hrefs(path, "table.rows a")}
        assert linked == expected, code


def test_the_list_holds_every_case_once_newest_session_first(real: Real) -> None:
    hrefs = real.site.hrefs("list/1/index.html", "table.rows a")
    assert len(hrefs) == len(set(hrefs)) == 99
    stamps = {f"../../{case_path(r).removesuffix('index.html')}": r["session_timestamp"] for r in real.published}
    shown = [stamps[href] for href in hrefs]
    dated = [stamp for stamp in shown if stamp]
    assert dated == sorted(dated, reverse=True)
    assert shown == dated + [None] * (99 - len(dated))


def test_the_funnel_is_that_of_the_records(real: Real) -> None:
    steps = dict(
        zip(
            real.site.all_words("inclusion/index.html", ".funnel-name"),
            real.site.all_words("inclusion/index.html", ".funnel .count"),
            strict=True,
        )
    )
    assert steps == {
        "Read": "173", "Well-formed": "173", "Valid": "150", "Admitted": "99", "Suppressed": "0", "Published": "99",
    }  # fmt: skip
    reasons = real.site.page("inclusion/index.html").css('[aria-labelledby="reasons"] tbody tr')
    shown = {row.css_first(".id").text(): int(row.css_first(".number").text()) for row in reasons}
    assert shown == {"no-license": 38, "no-assertion": 7, "not-permissive": 4 + 1 + 1}


# Rejected candidates


def test_rejected_candidates_have_a_page_with_a_banner_apart_from_everything(real: Real) -> None:
    pages = {case_path(record): record for record in real.candidates}
    assert len(pages) == 17
    assert set(real.site.pages_of("candidate")) == set(pages)
    for path, record in pages.items():
        page = real.site.page(path)
        assert [meta.attributes["content"] for meta in page.css('meta[name="robots"]')] == ["noindex"]
        assert "Rejected candidate" in real.site.words(path, ".banner")
        assert page.css(".plate .cite")[0].text().count("This case") == 0
        assert record["license_type"] in page.css_first(".license").text()


def test_no_page_links_a_rejected_candidate(real: Real) -> None:
    names = {case_path(record).split("/")[1] for record in real.candidates}
    linked = {
        (path, name)
        for path in real.site.pages
        for href in real.site.hrefs(path)
        for name in re.findall(r"ama-\w{4}-\w{4}", href)
        if name in names and name not in path
    }
    assert linked == set()


def test_no_download_and_no_count_holds_a_rejected_candidate(real: Real) -> None:
    ids = {case_path(record).split("/")[1].upper() for record in real.candidates}
    texts = {path: text.upper() for path, text in real.site.text.items() if path.startswith("data/")}
    assert [(path, one) for path, text in texts.items() for one in ids if one in text] == []
    assert "INVALID" not in {value for value, count in read_legend(real.site, "validation").items() if count}


# What must never come out


def test_no_words_of_an_excluded_episode_stand_anywhere(real: Real, tmp_path: Path) -> None:
    """Pieces of 24 characters from the start, the middle and the end of every text of every excluded record.

    Not counted are pieces that a published record says too, and those of a site without any record: logs quote
    style sheets.
    """
    said = [text for record in (*real.published, *real.candidates) for text in texts_of(record)]
    said += build(write_corpus(tmp_path / "none", []), tmp_path / "empty").text.values()
    pieces = {piece for record in real.excluded for text in texts_of(record) for piece in cut(squeeze(text))}
    pieces -= {piece for text in map(squeeze, said) for piece in pieces if piece in text}
    assert len(pieces) > 1000
    output = {path: squeeze(text) for path, text in real.site.text.items()}
    assert [(piece, path) for path, text in output.items() for piece in pieces if piece in text] == []


def cut(text: str) -> Iterable[str]:
    if len(text) < 24:
        return ()
    middle = len(text) // 2 - 12
    return {text[:24], text[middle : middle + 24], text[-24:]}


def test_no_name_of_an_excluded_repository_stands_anywhere(real: Real) -> None:
    names = {record["repository_full_name"] for record in real.excluded} - {
        record["repository_full_name"] for record in (*real.published, *real.candidates)
    }
    assert len(names) > 15
    assert [(name, found) for name in names if (found := holding(name, real.site.text))] == []


def test_repository_names_come_out_only_where_a_quote_says_them(real: Real) -> None:
    """One published quote is compiler output that names a module of its own organisation on GitHub."""
    assert holding("repository_full_name", real.site.text) == []
    said = {
        (name, case_path(record))
        for name in {record["repository_full_name"] for record in real.records}
        for record in real.published
        if any(name in text for text in texts_of(record))
    }
    assert len(said) == 1
    for name in {record["repository_full_name"] for record in real.records}:
        found = holding(name, real.site.text)
        pages = [path for path in found if path.startswith("c/")]
        assert {(name, page) for page in pages} == {pair for pair in said if pair[0] == name}
        if not pages:
            assert found == []


def test_the_marks_of_personal_data_never_reach_the_site(real: Real) -> None:
    assert holding("_pii", real.site.text) == []


def test_no_listed_personal_data_of_a_published_record_stands_anywhere(real: Real) -> None:
    values = {value for record in (*real.published, *real.candidates) for value in record["_pii"]}
    assert len(values) == 15
    assert [(value, found) for value in values if (found := holding(value, real.site.text))] == []


def test_no_listed_personal_data_of_an_excluded_record_stands_anywhere(real: Real) -> None:
    values = {value for record in real.excluded for value in record["_pii"]}
    assert len(values) == 31
    assert [(value, found) for value in values if (found := holding(value, real.site.text))] == []


# Flat label files


def test_label_files_count_in_aggregates_and_get_no_page(label_files: list[Path], tmp_path: Path) -> None:
    site = build(label_files, tmp_path / "site")
    assert site.pages_of("case") == site.pages_of("candidate") == []
    assert site.records() == []
    annotated = json.loads(label_files[0].read_text(encoding="utf-8"))
    assert len(annotated) == 215
    with_s3 = sum(row["S3"] for row in annotated)
    assert with_s3 > 0
    assert f"In the whole input: {with_s3} of 215 valid episodes" in site.words(
        "codebook/s3/index.html", ".entry-numbers"
    )
    assert "0 of 0 cases" in site.words("codebook/s3/index.html", ".entry-share")


def test_label_files_beside_records_with_text_add_no_case(label_files: list[Path], tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    site = build([corpus / "misalignments.json", *label_files], tmp_path / "site")
    assert site.pages_of("case") == [case_path(make_record())]
    assert [record["id"] for record in site.records()] == [case_id(make_record())]
