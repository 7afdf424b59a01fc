"""The codebook as linked data: one SKOS concept scheme an axis, one concept a label, as JSON-LD.

SKOS: https://www.w3.org/TR/skos-reference/. Addresses are those of the codebook's pages, the same that JSON-LD in the
pages names; without a base URL they are relative to the file. There are no mappings to other schemes: those need a
source and a reason each.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from atlas_build.model.codebook import LABEL_AXES, Axis, Codebook, Label
from atlas_build.render.codes import label_href
from atlas_build.render.exports import Download
from atlas_build.render.metadata import PAPER_ADDRESS, without_marks
from atlas_build.render.page import Site

SKOS = "codebook-skos.json"
LICENSE = "https://spdx.org/licenses/MIT.html"
"""Of the codebook's wording, which is ours; the codes are the study's."""

Json = dict[str, object]

_ENGLISH = {name: {"@id": f"skos:{name}", "@language": "en"} for name in ("definition", "example", "prefLabel")}
CONTEXT: Json = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    **_ENGLISH,
    "scopeNote": {"@id": "skos:scopeNote", "@language": "en"},
    "notation": "skos:notation",
    "license": {"@id": "dct:license", "@type": "@id"},
    "source": {"@id": "dct:source", "@type": "@id"},
    **{name: {"@id": f"skos:{name}", "@type": "@id"} for name in ("hasTopConcept", "inScheme", "topConceptOf")},
}


def write_skos(site: Site, codebook: Codebook) -> Download:
    axes = [codebook.axes[name] for name in LABEL_AXES]
    graph = [node for axis in axes for node in _describe_axis(site, axis)]
    return Download(
        SKOS,
        orjson.dumps({"@context": CONTEXT, "@graph": graph}, option=orjson.OPT_INDENT_2) + b"\n",
        "The codebook as linked data: SKOS in JSON-LD.",
        sum(len(axis.label) for axis in axes),
        "application/ld+json",
    )


def _describe_axis(site: Site, axis: Axis) -> Iterator[Json]:
    scheme = _address(site, "codebook/") + f"#{axis.axis}"
    concepts = {label.code: _address(site, label_href(axis.axis, label)) for label in axis.label}
    yield {
        "@id": scheme,
        "@type": "skos:ConceptScheme",
        "prefLabel": axis.name,
        "scopeNote": without_marks(axis.question),
        "source": PAPER_ADDRESS,
        "license": LICENSE,
        "hasTopConcept": list(concepts.values()),
    }
    for label in axis.label:
        yield _describe_label(label, concepts[label.code], scheme)


def _describe_label(label: Label, address: str, scheme: str) -> Json:
    words = {"definition": label.definition, "scopeNote": label.question, "example": label.example}
    return {
        "@id": address,
        "@type": "skos:Concept",
        "notation": label.code,
        "prefLabel": label.name,
        **{name: without_marks(text) for name, text in words.items() if text},
        "inScheme": scheme,
        "topConceptOf": scheme,
    }


def _address(site: Site, path: str) -> str:
    return site.pid(path) or f"../{path}"
