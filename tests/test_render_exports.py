"""Downloads: what the pages say and nothing else, safe to open in a spreadsheet, the same bytes every time."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, build, case_id, case_path, many_records, words, write_corpus
from factories import make_record, make_rejected_record

FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tcell", "\rcell"]
TRICKY = "comma, \"quote\"\nsecond line; semicolon\ttab 'apostrophe' 漢字 🙂"
TEXTS = [
    make_record(
        misalignment_id=f"M{number:03}", name=f"{formula} name", description=f"{formula} description",
        evidence=[{"turn": "TURN 3 | USER", "quote": f"{formula} quote", "context": f"{formula} context"}],
    )
    for number, formula in enumerate(FORMULAS, 1)
]  # fmt: skip
TRICKY_RECORD = make_record(
    misalignment_id="M020",
    name="Tricky",
    description=TRICKY,
    evidence=[
        {"turn": "TURN 2 | AGENT", "quote": "done\x00\x1b[0m", "context": ""},
        {"turn": "TURN 3 | USER", "quote": TRICKY, "context": TRICKY},
    ],
    cause={"labels": [{"label": "C1", "evidence_tier": None}, {"label": "C6", "evidence_tier": "direct"}]},
)
REJECTED = make_rejected_record(misalignment_id="M030", name="Rejected Quagga")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("exports")
    records = [*TEXTS, TRICKY_RECORD, REJECTED, *many_records(10)]
    return build(write_corpus(folder / "corpus", records), folder / "site")


@pytest.fixture(scope="module")
def sample(sample_site: Path) -> BuiltSite:
    return BuiltSite(sample_site)


def row_of(site: BuiltSite, table: str, record: dict[str, Any]) -> dict[str, str]:
    return next(row for row in site.table(table) if row["id"] == case_id(record))


# The pages' content

SIGNS = {
    "\r": "␍",
    "\x00": "␀",
    "\x1b": "␛",
    "\x7f": "␡",
    "\u200b": "⟨ZWSP⟩",
    "\u202e": "⟨RLO⟩",
    "\ufeff": "⟨BOM⟩",
    "\u200e": "⟨LRM⟩",
}


def shown(text: str) -> str:
    """As a page shows it."""
    text = text.replace("\r\n", "\n")
    for char, sign in SIGNS.items():
        text = text.replace(char, sign)
    return text


@pytest.mark.parametrize("which", ["site", "sample"])
def test_the_json_lines_say_what_the_pages_say(which: str, request: pytest.FixtureRequest) -> None:
    site: BuiltSite = request.getfixturevalue(which)
    records = site.records()
    assert len(records) == len(site.pages_of("case")) > 10
    for record in records:
        page = site.page(case_path(record["id"]))
        assert page.css_first("h1").text() == shown(record["name"])
        assert page.css_first(".story").text() == shown(record["description"])
        turns = page.css(".turns > li")
        assert [("".join(part.text() for part in turn.css(".evidence"))) for turn in turns] == [
            shown(item["quote"]) for item in record["evidence"]
        ]
        assert [node.text() for turn in turns for node in turn.css(".turn-context")] == [
            shown(item["context"]) for item in record["evidence"] if item["context"]
        ]
        reasonings = [node.text().removeprefix("Annotator’s reasoning: ") for node in page.css(".reasoning")]
        assert reasonings == [shown(text) for text in record["reasonings"].values() if text]
        codes = [words(code) for code in page.css(".plate-head .strip .code")]
        labels = record["labels"]
        expected = [*labels["forms"], *(cause["label"] for cause in labels["causes"]), labels["severity"],
                    labels["locus"], labels["status"], labels["resolver"], record["session"]["workflow"]]  # fmt: skip
        assert codes == list(dict.fromkeys(code for code in expected if code))


def test_records_come_in_reading_order(site: BuiltSite) -> None:
    order = [f"{href.removeprefix('../../')}index.html" for href in site.hrefs("list/1/index.html", "table.rows a")]
    assert [case_path(record["id"]) for record in site.records()] == order


def test_records_hold_nothing_of_upstream_but_what_a_page_shows(site: BuiltSite) -> None:
    assert {key for record in site.records() for key in record} == {
        "id", "source", "repository_id", "session_id", "misalignment_id", "goal", "confidence", "labels", "session",
        "name", "description", "evidence", "reasonings", "other_form", "license", "redactions",
    }  # fmt: skip


def test_what_was_replaced_is_counted_by_kind(site: BuiltSite) -> None:
    record = next(record for record in site.records() if record["name"] == "Generated Case Number 3")
    assert record["redactions"] == {"EMAIL": 1}
    assert "[EMAIL_1]" in record["description"]


# Tables


def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(site: BuiltSite) -> None:
    for record, formula in zip(TEXTS, FORMULAS, strict=True):
        case, quote = row_of(site, "cases", record), row_of(site, "evidence", record)
        cells = [case["name"], case["description"], quote["quote"], quote["context"]]
        assert [cell[:2] for cell in cells] == [f"'{formula[0]}"] * 4


def test_no_cell_of_any_table_starts_a_formula(sample: BuiltSite) -> None:
    cells = [value for name in ("cases", "evidence", "labels") for row in sample.table(name) for value in row.values()]
    assert len(cells) > 5000
    assert [cell[:20] for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_texts_with_quotes_newlines_and_other_scripts_survive_the_table(site: BuiltSite) -> None:
    assert row_of(site, "cases", TRICKY_RECORD)["description"] == TRICKY
    quotes = [row for row in site.table("evidence") if row["id"] == case_id(TRICKY_RECORD)]
    assert [row["quote"] for row in quotes] == ["done\x00\x1b[0m", TRICKY]
    assert [(row["quote_number"], row["turn_number"], row["role"], row["is_pushback"]) for row in quotes] == [
        ("1", "2", "AGENT", "false"), ("2", "3", "USER", "true"),
    ]  # fmt: skip


def test_tables_end_their_lines_as_rfc_4180_says(site: BuiltSite) -> None:
    text = gzip.decompress(site.tree["data/labels.csv.gz"])
    assert text.count(b"\r\n") == len(site.table("labels")) + 1
    assert text.endswith(b"\r\n")


def test_tiers_stand_in_the_order_of_their_causes(site: BuiltSite) -> None:
    row = row_of(site, "cases", TRICKY_RECORD)
    assert row["causes"] == "C1 C6"
    assert row["tiers"] == "none direct"


def test_the_labels_table_has_one_row_a_label(site: BuiltSite) -> None:
    expected = Counter()
    for record in site.records():
        labels = record["labels"]
        expected.update(labels["forms"])
        expected.update(cause["label"] for cause in labels["causes"])
        expected.update(labels[axis] for axis in ("severity", "locus", "status", "resolver") if labels[axis])
    assert Counter(row["code"] for row in site.table("labels")) == expected


# Files


def test_no_download_holds_a_rejected_candidate(site: BuiltSite) -> None:
    data = {path: text for path, text in site.text.items() if path.startswith("data/")}
    assert len(data) > 5
    traces = ("Rejected Quagga", case_id(REJECTED), case_id(REJECTED).lower())
    assert [(path, trace) for path, text in data.items() for trace in traces if trace in text] == []


def test_gzip_members_have_neither_time_nor_name(site: BuiltSite) -> None:
    packed = [path for path in site.tree if path.endswith(".gz")]
    assert len(packed) >= 4
    for path in packed:
        # RFC 1952: magic, method, flags (no name, no comment), four bytes of time
        assert site.tree[path][:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00", path


def test_checksums_are_those_of_the_files(site: BuiltSite) -> None:
    lines = site.tree["data/SHA256SUMS"].decode().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    assert sums.keys() >= {"episodes.jsonl.gz", "cases.csv.gz", "evidence.csv.gz", "labels.csv.gz", "codebook.json"}
    assert {name: hashlib.sha256(site.tree[f"data/{name}"]).hexdigest() for name in sums} == sums


def test_the_data_page_lists_every_file_with_its_rows(site: BuiltSite) -> None:
    rows = site.page("data/index.html").css("table.downloads tbody tr")
    shown_rows = {words(row.css_first("a")): words(row.css("td")[1]) for row in rows}
    files = {path.removeprefix("data/") for path in site.tree if path.startswith("data/")}
    assert shown_rows.keys() == files - {"index.html", "SHA256SUMS"}
    assert shown_rows["episodes.jsonl.gz"] == str(len(site.records()))
    for name in ("cases", "evidence", "labels"):
        assert shown_rows[f"{name}.csv.gz"] == str(len(site.table(name)))


def test_the_columns_on_the_data_page_are_those_of_the_tables(site: BuiltSite) -> None:
    details = {
        words(node.css_first("summary")): [words(cell) for cell in node.css("tbody th")]
        for node in site.page("data/index.html").css("details.columns")
    }
    for name in ("cases", "evidence", "labels"):
        assert details[f"Columns of {name}.csv.gz"] == list(site.table(name)[0])


def test_the_database_holds_the_same_rows_as_the_tables(site: BuiltSite) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gzip.decompress(site.tree["data/atlas.sqlite.gz"]))
        for name in ("cases", "evidence", "labels"):
            (count,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
            assert count == len(site.table(name)), name
        quote = database.execute(
            "SELECT quote FROM evidence WHERE id = ? AND quote_number = 2", [case_id(TRICKY_RECORD)]
        )
        assert quote.fetchone() == (TRICKY,)


def test_the_codebook_file_explains_every_code_that_occurs(site: BuiltSite) -> None:
    codebook = json.loads(site.tree["data/codebook.json"])
    known = {label["code"] for axis in codebook.values() for label in axis["label"]}
    assert {row["code"] for row in site.table("labels")} <= known
    assert all(label["definition"] for axis in codebook.values() for label in axis["label"])
