"""What describes the downloads: to tools (Data Package, Croissant) and to people (README.md).

Data Package v2: https://datapackage.org/standard/data-package/. Croissant 1.1: https://docs.mlcommons.org/croissant/.
Paths are relative, so that both hold for a copy of the folder; only `url` and ids are absolute, and are left out where
the site has no base URL. Dates are the release's; nothing comes from the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from atlas_build.model.episode import Episode
from atlas_build.model.placeholder import TITLES, Kind
from atlas_build.render.citations import PAPER, PAPER_AUTHORS
from atlas_build.render.exports import Download
from atlas_build.render.metadata import (
    KEYWORDS,
    PAPER_ADDRESS,
    REPLICATION_PACKAGE,
    describe_in_words,
    license_address,
    temporal_coverage,
)
from atlas_build.render.page import Site
from atlas_build.render.references import write_bibtex, write_text
from atlas_build.render.tables import Column

Json = dict[str, object]

DATA_PACKAGE, CROISSANT, README, SUMS = "datapackage.json", "croissant.json", "README.md", "SHA256SUMS"
NAME = "misalignment-atlas"

CROISSANT_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{
        term: f"cr:{term}"
        for term in (
            "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject",
            "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5",
            "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate",
            "separator", "source", "subField", "transform",
        )
    },
}  # fmt: skip
"""The names that Croissant 1.1 gives to its terms."""
CROISSANT_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "boolean": "sc:Boolean"}


@dataclass(frozen=True)
class Collection:
    """What is described.

    Attributes:
        redactions: kind -> values replaced in the published cases.
        words: Markdown about licenses and scrubbing, which the page of the downloads shows, too.
    """

    site: Site
    cases: Sequence[Episode]
    redactions: Mapping[Kind, int]
    words: str


def write_descriptors(collection: Collection, downloads: Sequence[Download]) -> tuple[Download, ...]:
    """Data package, Croissant and README; the sums come last, because they cover these, too."""
    json = "application/json"
    return (
        Download(
            DATA_PACKAGE,
            _dump(describe_package(collection, downloads)),
            "Tables and columns, as a Data Package.",
            None,
            json,
            is_descriptor=True,
        ),
        Download(
            CROISSANT,
            _dump(describe_croissant(collection, downloads)),
            "The same as Croissant, for machine-learning tools.",
            None,
            "application/ld+json",
            is_descriptor=True,
        ),
        Download(
            README,
            write_readme(collection, downloads).encode("utf-8"),
            "What is in the files, under which licenses, and what scrubbing did.",
            None,
            "text/markdown",
        ),
    )


def write_sums(downloads: Sequence[Download]) -> bytes:
    """For `sha256sum --check`."""
    return "".join(f"{item.sha256}  {item.name}\n" for item in downloads).encode("ascii")


def _dump(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def describe_package(collection: Collection, downloads: Sequence[Download]) -> Json:
    site = collection.site
    return _filled({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "id": site.pid(""),
        "title": site.title,
        "description": describe_in_words(site, len(collection.cases)),
        "homepage": site.base_url,
        "version": site.release,
        "created": site.released and f"{site.released}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "licenses": [_package_license(expression) for expression in _licenses(collection)],
        "contributors": [
            {"title": f"{site.title} contributors", "roles": ["DataCurator"]},
            *({"title": f"{first} {last}", "roles": ["DataCollector"]} for last, first in PAPER_AUTHORS),
        ],
        "sources": [
            {"title": "Replication package of the study", "path": REPLICATION_PACKAGE},
            {"title": PAPER.title, "path": PAPER_ADDRESS},
        ],
        "resources": [_resource(item) for item in downloads],
    })  # fmt: skip


def _licenses(collection: Collection) -> list[str]:
    return sorted({case.license.spdx for case in collection.cases})


def _package_license(expression: str) -> Json:
    """A license of some of the cases; each case names its own."""
    address = license_address(expression)
    return {"name": expression, "path": address} if address else {"title": expression, "name": "other"}


def _resource(item: Download) -> Json:
    base: Json = {
        "name": item.name.replace(".", "-").lower(),
        "path": item.name,
        "description": item.about,
        "bytes": item.size,
        "hash": f"sha256:{item.sha256}",
    }
    if not item.table:
        return {**base, "mediatype": item.media_type}
    columns = item.columns
    return {
        **base,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "compression": "gz",
        "encoding": "utf-8",
        "schema": _filled({
            "fields": [{"name": column.name, "type": column.type, "description": column.about} for column in columns],
            "missingValues": [""],
            "primaryKey": list(item.key),
            "foreignKeys": [_foreign_key(item.refers)] if item.refers else [],
        }),
    }  # fmt: skip


def _foreign_key(column: str) -> Json:
    return {"fields": [column], "reference": {"resource": "cases-csv-gz", "fields": ["id"]}}


def describe_croissant(collection: Collection, downloads: Sequence[Download]) -> Json:
    site = collection.site
    return _filled({
        "@context": CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "@id": site.pid(""),
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": site.title,
        "description": describe_in_words(site, len(collection.cases)),
        "license": [license_address(expression) or expression for expression in _licenses(collection)],
        "url": site.base_url,
        "version": site.release,
        "creator": {"@type": "sc:Organization", "name": f"{site.title} contributors"},
        "datePublished": site.released and f"{site.released}",
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "temporalCoverage": temporal_coverage(collection.cases),
        "citeAs": write_bibtex(PAPER),
        "isLiveDataset": False,
        "distribution": [_file_object(item) for item in downloads],
        "recordSet": [_record_set(item) for item in downloads if item.table],
    })  # fmt: skip


def _file_object(item: Download) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": item.name,
        "name": item.name,
        "description": item.about,
        "contentUrl": item.name,
        "contentSize": f"{item.size} B",
        "encodingFormat": "text/csv" if item.table else item.media_type,
        "sha256": item.sha256,
    }


def _record_set(item: Download) -> Json:
    return _filled({
        "@type": "cr:RecordSet",
        "@id": item.table,
        "name": item.table,
        "description": item.about,
        "key": [{"@id": f"{item.table}/{name}"} for name in item.key],
        "field": [_field(item, column) for column in item.columns],
    })  # fmt: skip


def _field(item: Download, column: Column) -> Json:
    refers = {"references": {"field": {"@id": "cases/id"}}} if column.name == item.refers else {}
    return {
        "@type": "cr:Field",
        "@id": f"{item.table}/{column.name}",
        "name": column.name,
        "description": column.about,
        "dataType": CROISSANT_TYPES[column.type],
        "source": {"fileObject": {"@id": item.name}, "extract": {"column": column.name}},
        **refers,
    }


def write_readme(collection: Collection, downloads: Sequence[Download]) -> str:
    site = collection.site
    day = f" of {site.released}" if site.released else ""
    release = f"Release {site.release}{day}." if site.release else ""
    lines = [f"# {site.title}: data", "", describe_in_words(site, len(collection.cases))]
    lines += ["", release] if release else []
    lines += ["", f"Home: {site.base_url}"] if site.base_url else []
    lines += ["", "| file | rows | what it holds |", "|---|---:|---|"]
    lines += [f"| `{item.name}` | {_rows(item)} | {item.about} |" for item in downloads]
    lines += ["", f"`{SUMS}` has the SHA-256 of every file; check a copy with `sha256sum --check {SUMS}`."]
    lines += ["", collection.words.strip(), "", *_replaced(collection.redactions)]
    lines += ["", "## How to cite", "", f"Name the case id and the release. The study: {write_text(PAPER)}", ""]
    return "\n".join(lines)


def _rows(item: Download) -> str:
    return "" if item.rows is None else f"{item.rows:,}"


def _replaced(redactions: Mapping[Kind, int]) -> list[str]:
    if not redactions:
        return ["Nothing had to be replaced in the published cases."]
    rows = [f"| `{kind}` | {TITLES[kind]} | {count:,} |" for kind, count in sorted(redactions.items())]
    return ["| mark | what it says | values replaced |", "|---|---|---:|", *rows]


def _filled(record: Json) -> Json:
    """Without what is not known."""
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}
