"""The downloads are what their descriptors say: read with the standards' own tools, and byte by byte."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import make_episode, make_evidence
from frictionless import Package, system

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.ledger import CaseStatus, Reason, Tombstone
from atlas_build.model.placeholder import Kind
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.database import write_database
from atlas_build.render.descriptors import Collection, write_descriptors, write_sums
from atlas_build.render.exports import TABLES, Download, write_downloads
from atlas_build.render.page import Site
from atlas_build.render.parquet import can_write_parquet
from atlas_build.render.withdrawn import write_withdrawn
from atlas_build.verify.leaks import visible_texts

BASE = "https://atlas.example.org/"
CASES = (
    make_episode(number=1, form=["S3", "S4"], cause="C6", severity="DS2", locus="DL1", name="=cmd, “quoted”\nname"),
    make_episode(
        number=2,
        license="Apache-2.0",
        workflow="CLI",
        timestamp=None,
        evidence=[make_evidence("Why, [PERSON_1]?", turn="TURN 3 | USER"), make_evidence("标题 🎉", turn="7")],
        redactions={Kind.PERSON: 2},
    ),
)


@pytest.fixture(scope="module")
def codebook(root: Path) -> Codebook:
    return read_codebook(root / "data" / "codebook")


def make_site(**given: Any) -> Site:
    settings: dict[str, Any] = {
        "title": "Misalignment Atlas", "assets": "assets/0", "modules": (), "base_url": BASE, "sample": False,
        "release": "2026.11.0", "released": date(2026, 11, 20), "contact": None,
    }  # fmt: skip
    return Site(**{**settings, **given})


def make_files(codebook: Codebook, cases: Sequence[Episode] = CASES, **site: Any) -> dict[str, Download]:
    downloads = write_downloads(cases, codebook)
    redactions = {Kind.PERSON: 2}
    collection = Collection(make_site(**site), cases, redactions, "## Licenses\n\nEach case names its license.\n")
    return {item.name: item for item in (*downloads, *write_descriptors(collection, downloads))}


@pytest.fixture
def folder(codebook: Codebook, tmp_path: Path) -> Path:
    files = make_files(codebook)
    for item in files.values():
        (tmp_path / item.name).write_bytes(item.data)
    (tmp_path / "SHA256SUMS").write_bytes(write_sums(list(files.values())))
    return tmp_path


def read_csv(item: Download) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gzip.decompress(item.data).decode("utf-8"), newline="")))


def test_the_sums_cover_every_file(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sums.keys() == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())


# SQLite


def open_database(item: Download, folder: Path) -> sqlite3.Connection:
    path = folder / "atlas.sqlite"
    path.write_bytes(gzip.decompress(item.data))
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def test_the_database_holds_the_same_rows_as_the_tables(codebook: Codebook, tmp_path: Path) -> None:
    connection = open_database(make_files(codebook)["atlas.sqlite.gz"], tmp_path)
    for table in TABLES:
        expected = [row for case in CASES for row in table.rows(case)]
        names = ", ".join(column.name for column in table.columns)
        assert connection.execute(f"SELECT {names} FROM {table.name}").fetchall() == expected
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    question = "SELECT name FROM codebook WHERE axis = 'form' AND code = 'S3'"
    assert connection.execute(question).fetchone() == (codebook.axes["form"].by_code["S3"].name,)


def test_the_database_has_the_same_bytes_each_time(codebook: Codebook, root: Path) -> None:
    first = write_database(TABLES, CASES, codebook)
    program = (
        "import hashlib, sys; sys.path[:0] = ['tests', '.']\n"
        "from pathlib import Path\n"
        "from test_descriptors import CASES, TABLES, read_codebook, write_database\n"
        "codebook = read_codebook(Path('data/codebook'))\n"
        "print(hashlib.sha256(write_database(TABLES, CASES, codebook)).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_the_database_does_not_say_which_library_wrote_it(codebook: Codebook) -> None:
    data = write_database(TABLES, CASES, codebook)
    assert data[:16] == b"SQLite format 3\0"
    assert data[16:18] == (4096).to_bytes(2, "big")
    assert data[24:28] == data[92:96] == (1).to_bytes(4, "big")
    assert data[96:100] == (3_008_008).to_bytes(4, "big")


def test_the_leak_check_reads_the_database(codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "atlas.sqlite.gz"
    path.write_bytes(make_files(codebook)["atlas.sqlite.gz"].data)
    texts = list(visible_texts(path))
    assert any("标题 🎉" in text for text in texts)
    assert any(CASES[0].text.name in text for text in texts)


def test_an_empty_corpus_still_has_all_tables(codebook: Codebook, tmp_path: Path) -> None:
    connection = open_database(make_files(codebook, ())["atlas.sqlite.gz"], tmp_path)
    assert connection.execute("SELECT count(*) FROM cases").fetchone() == (0,)


# Parquet


def test_parquet_is_written_where_pyarrow_is(codebook: Codebook) -> None:
    names = {name for name in make_files(codebook) if name.endswith(".parquet")}
    assert names == ({f"{table.name}.parquet" for table in TABLES} if can_write_parquet() else set())


def test_parquet_holds_the_same_rows(codebook: Codebook, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    read = parquet.read_table(io.BytesIO(make_files(codebook)["cases.parquet"].data)).to_pylist()
    path = tmp_path / "cases.parquet"
    path.write_bytes(make_files(codebook)["cases.parquet"].data)
    assert any(CASES[0].text.name in text for text in visible_texts(path))
    assert [tuple(row.values()) for row in read] == [row for case in CASES for row in TABLES[0].rows(case)]


# Data Package


def test_frictionless_finds_no_fault(folder: Path) -> None:
    system.trusted = True
    described = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    tables = [item["name"] for item in described if item.get("type") == "table"]
    assert tables == ["cases-csv-gz", "evidence-csv-gz", "labels-csv-gz"]
    package = Package(str(folder / "datapackage.json"))
    for item in described:  # frictionless would read every JSON file as a table
        if item["name"] not in tables:
            package.remove_resource(item["name"])
    report = package.validate()
    assert report.flatten(["type", "note"]) == []
    assert report.valid
    rows = package.get_resource("cases-csv-gz").read_rows()
    assert [row["id"] for row in rows] == [case.id for case in CASES]
    assert rows[0]["breaks_codebook"] is False
    assert rows[1]["started"] is None


def test_frictionless_would_find_a_broken_row(folder: Path) -> None:
    system.trusted = True
    text = gzip.decompress((folder / "labels.csv.gz").read_bytes()).replace(CASES[0].id.encode(), b"AMA-0000-0000", 1)
    (folder / "labels.csv.gz").write_bytes(gzip.compress(text, mtime=0))
    report = Package(str(folder / "datapackage.json")).get_resource("labels-csv-gz").validate()
    assert "hash-count" in {kind for (kind,) in report.flatten(["type"])}


def test_the_package_names_release_licenses_and_home(codebook: Codebook) -> None:
    package = json.loads(make_files(codebook)["datapackage.json"].data)
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["version"] == "2026.11.0"
    assert package["created"] == "2026-11-20T00:00:00Z"
    assert package["id"] == package["homepage"] == BASE
    assert package["licenses"] == [
        {"name": "Apache-2.0", "path": "https://spdx.org/licenses/Apache-2.0.html"},
        {"name": "MIT", "path": "https://spdx.org/licenses/MIT.html"},
    ]
    keys = {item["name"]: item.get("schema", {}).get("primaryKey") for item in package["resources"]}
    assert keys["evidence-csv-gz"] == ["id", "quote_number"]
    assert keys["codebook-json"] is None


def test_descriptors_without_base_url_and_release_name_neither(codebook: Codebook) -> None:
    files = make_files(codebook, base_url=None, release=None, released=None)
    package, croissant = (json.loads(files[name].data) for name in ("datapackage.json", "croissant.json"))
    assert {"id", "homepage", "version", "created"}.isdisjoint(package)
    assert {"@id", "url", "version", "datePublished"}.isdisjoint(croissant)
    assert "atlas.example.org" not in files["README.md"].data.decode()


# Croissant


def test_croissant_names_files_and_columns_that_are_there(folder: Path) -> None:
    croissant = json.loads((folder / "croissant.json").read_bytes())
    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    for item in croissant["distribution"]:
        assert item["sha256"] == hashlib.sha256((folder / item["contentUrl"]).read_bytes()).hexdigest()
    for table in croissant["recordSet"]:
        [file] = {field["source"]["fileObject"]["@id"] for field in table["field"]}
        header = gzip.decompress((folder / file).read_bytes()).decode().split("\r\n", 1)[0]
        assert [field["source"]["extract"]["column"] for field in table["field"]] == header.split(",")


def test_mlcroissant_finds_no_fault_and_reads_the_rows(folder: Path) -> None:
    reason = "mlcroissant is not installed (one of its dependencies has no wheel, and the locks hold wheels only)"
    croissant = pytest.importorskip("mlcroissant", reason=reason)
    found = croissant.Dataset(jsonld=folder / "croissant.json")
    assert found.metadata.ctx.issues.errors == set()
    assert found.metadata.ctx.issues.warnings == set()
    ids = [record["cases/id"].decode() for record in found.records("cases")]
    assert ids == [case.id for case in CASES]
    assert [record["evidence/quote_number"] for record in found.records("evidence")] == [1, 2, 1, 2]


# For people, and for the other tools of the project


def test_the_readme_says_what_holds(codebook: Codebook) -> None:
    files = make_files(codebook)
    text = files["README.md"].data.decode()
    assert "Release 2026.11.0 of 2026-11-20." in text
    assert "## Licenses\n\nEach case names its license." in text
    assert "| `PERSON` | a person’s name was here | 2 |" in text
    assert all(f"`{name}`" in text for name, item in files.items() if item.is_data)
    assert "https://doi.org/10.48550/arXiv.2605.29442" in text


def test_the_list_of_ids_has_the_number_of_quotes(codebook: Codebook) -> None:
    lines = make_files(codebook)["ids.txt"].data.decode("ascii").splitlines()
    assert lines == sorted(f"{case.id} 2" for case in CASES)


def test_a_formula_is_no_formula_in_a_spreadsheet(codebook: Codebook) -> None:
    files = make_files(codebook)
    assert read_csv(files["cases.csv.gz"])[0]["name"] == "'=cmd, “quoted”\nname"


def test_withdrawn_json_says_what_tombstones_say() -> None:
    first = Tombstone(id=CASES[1].id, status=CaseStatus.SUPPRESSED, reason=Reason.PRIVACY, date=date(2026, 12, 1))
    second = Tombstone(id=CASES[0].id, status=CaseStatus.WITHDRAWN, release="2026.12.0", successor=CASES[1].id)
    assert json.loads(write_withdrawn([first, second])) == sorted(
        [
            {"id": CASES[1].id, "status": "suppressed", "reason": "privacy", "date": "2026-12-01"},
            {"id": CASES[0].id, "status": "withdrawn", "release": "2026.12.0", "successor": CASES[1].id},
        ],
        key=lambda row: row["id"],
    )
