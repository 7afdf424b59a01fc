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
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from building import write_downloads
from factories import make_episode, make_evidence
from frictionless import Package, system
from pyld import jsonld

from atlas_build.model.codebook import LABEL_AXES, Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.ledger import CaseStatus, Reason, Tombstone
from atlas_build.model.placeholder import Kind
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.database import read_database
from atlas_build.render.descriptors import Collection, write_descriptors, write_sums
from atlas_build.render.exports import TABLES, Download
from atlas_build.render.page import Site
from atlas_build.render.parquet import can_write_parquet
from atlas_build.render.skos import write_skos
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


def write_database(*given: Any) -> bytes:
    return b"".join(read_database(*given))


def make_files(codebook: Codebook, cases: Sequence[Episode] = CASES, **site: Any) -> dict[str, Download]:
    downloads = (*write_downloads(cases, codebook), write_skos(make_site(**site), codebook))
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


CR, SCHEMA = "http://mlcommons.org/croissant/", "https://schema.org/"
NEEDED = ("name", "description", "license", "url", "creator", "datePublished", "distribution")
REFERENCES = {f"{CR}fileObject": f"{CR}FileObject", f"{CR}field": f"{CR}Field", f"{CR}key": f"{CR}Field"}
"""What the values of these must be. `field` is both: the fields of a record set, and the field that one refers to."""
HAS = {
    f"{CR}RecordSet": (f"{CR}field", f"{SCHEMA}name"),
    f"{CR}Field": (f"{CR}source", f"{CR}dataType", f"{SCHEMA}name"),
    f"{CR}FileObject": (f"{SCHEMA}contentUrl", f"{SCHEMA}encodingFormat", f"{SCHEMA}sha256"),
}
"""What a node of a type must have."""


def croissant_faults(croissant: dict[str, Any], folder: Path) -> Iterator[str]:
    """The rules of Croissant 1.1 that need no download, over the expanded file; a parser may load nothing."""
    [data] = jsonld.expand(croissant, {"documentLoader": lambda url, _: pytest.fail(f"loads {url}")})
    yield from (f"{name} is missing" for name in NEEDED if not data.get(SCHEMA + name))
    if [one["@value"] for one in data.get("http://purl.org/dc/terms/conformsTo", [])] != [f"{CR}1.1"]:
        yield "conforms to nothing"
    nodes = list(_nodes(data))
    kinds: dict[str, list[str]] = {}
    for node in nodes:
        if "@type" in node:
            kinds.setdefault(node.get("@id", ""), []).append(node["@type"][0])
    yield from (f"{name} stands twice" for name, found in kinds.items() if name and len(found) > 1)
    for node in nodes:
        needed = HAS.get(node.get("@type", [""])[0], ())
        yield from (f"{node.get('@id')} has no {name}" for name in needed if not node.get(name))
        for name, kind in REFERENCES.items():
            yield from (
                f"{one.get('@id')} is no {kind}" for one in node.get(name, []) if kinds.get(one.get("@id")) != [kind]
            )
        types = [one.get("@id", one.get("@value")) for one in node.get(f"{CR}dataType", [])]
        yield from (
            f"{one} is no type"
            for one in types
            if one not in {f"{SCHEMA}{it}" for it in ("Text", "Integer", "Boolean")}
        )
    for item in croissant["distribution"]:
        path = folder / item["contentUrl"]
        data_bytes = path.read_bytes() if path.is_file() else b""
        if item["sha256"] != hashlib.sha256(data_bytes).hexdigest() or item["contentSize"] != f"{len(data_bytes)} B":
            yield f"{item['name']} is not the file that is described"


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one)


def test_croissant_is_sound_in_itself(folder: Path) -> None:
    assert list(croissant_faults(json.loads((folder / "croissant.json").read_bytes()), folder)) == []


def _drop(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda croissant: croissant.pop(name)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_drop("license"), "license is missing"),
        (_drop("datePublished"), "datePublished is missing"),
        (_drop("conformsTo"), "conforms to nothing"),
        (lambda it: it["@context"].pop("field"), "has no http"),
        (lambda it: it["recordSet"][0]["field"][0]["source"]["fileObject"].update({"@id": "other.csv"}), "is no http"),
        (lambda it: it["recordSet"][1]["key"][0].update({"@id": "cases/none"}), "is no http"),
        (lambda it: it["recordSet"][1]["field"][0].update({"@id": "cases/id"}), "cases/id stands twice"),
        (lambda it: it["recordSet"][0]["field"][3].update(dataType="sc:Nothing"), "is no type"),
        (lambda it: it["distribution"][2].update(sha256="0" * 64), "is not the file"),
        (lambda it: it["distribution"][0].update(contentSize="1 B"), "is not the file"),
    ],
)  # fmt: skip
def test_a_broken_croissant_file_would_be_noticed(
    folder: Path, spoil: Callable[[dict[str, Any]], object], fault: str
) -> None:
    croissant = json.loads((folder / "croissant.json").read_bytes())
    spoil(croissant)
    assert any(fault in found for found in croissant_faults(croissant, folder))


def test_mlcroissant_finds_no_fault_and_reads_the_rows(folder: Path) -> None:
    reason = "mlcroissant is not installed (one of its dependencies has no wheel, and the locks hold wheels only)"
    croissant = pytest.importorskip("mlcroissant", reason=reason)
    found = croissant.Dataset(jsonld=folder / "croissant.json")
    assert found.metadata.ctx.issues.errors == set()
    assert found.metadata.ctx.issues.warnings == set()
    ids = [record["cases/id"].decode() for record in found.records("cases")]
    assert ids == [case.id for case in CASES]
    assert [record["evidence/quote_number"] for record in found.records("evidence")] == [1, 2, 1, 2]


# SKOS

W3 = "http://www.w3.org/2004/02/skos/core#"


def read_skos(codebook: Codebook, **site: Any) -> list[dict[str, Any]]:
    """The expanded nodes, as a parser that loads nothing reads them from their place on the site."""
    document = json.loads(make_files(codebook, **site)["codebook-skos.json"].data)
    options = {"base": f"{BASE}data/codebook-skos.json", "documentLoader": lambda url, _: pytest.fail(f"loads {url}")}
    found: list[dict[str, Any]] = jsonld.expand(document, options)
    return found


@pytest.mark.parametrize("base_url", [BASE, None])
def test_every_label_is_a_concept_of_one_scheme(codebook: Codebook, base_url: str | None) -> None:
    nodes = read_skos(codebook, base_url=base_url)
    schemes = {node["@id"]: node for node in nodes if node["@type"] == [f"{W3}ConceptScheme"]}
    concepts = {node["@id"]: node for node in nodes if node["@type"] == [f"{W3}Concept"]}
    assert list(schemes) == [f"{BASE}codebook/#{axis}" for axis in LABEL_AXES]
    assert len(concepts) == len(nodes) - len(schemes) == sum(len(codebook.axes[axis].label) for axis in LABEL_AXES)
    for address, concept in concepts.items():
        [scheme] = concept[f"{W3}inScheme"]
        assert concept[f"{W3}topConceptOf"] == [scheme]
        assert {"@id": address} in schemes[scheme["@id"]][f"{W3}hasTopConcept"]
        assert all(len(concept[W3 + name]) == 1 for name in ("notation", "prefLabel", "definition", "scopeNote"))
        assert concept[f"{W3}prefLabel"][0]["@language"] == "en"
    assert concepts[f"{BASE}codebook/s3/"][f"{W3}notation"] == [{"@value": "S3"}]
    assert concepts[f"{BASE}codebook/s3/"][f"{W3}prefLabel"][0]["@value"] == codebook.axes["form"].by_code["S3"].name


def test_the_codebook_is_mapped_to_no_other_scheme_and_has_no_markup(codebook: Codebook) -> None:
    data = make_files(codebook)["codebook-skos.json"].data.decode()
    assert "Match" not in data and "`" not in data


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
