"""What pages tell machines in their heads, read back by a browser, a reference manager and a linked-data parser."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from factories import make_episode
from pyld import jsonld
from selectolax.lexbor import LexborHTMLParser

from atlas_build.cli import main
from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.metadata import describe_case, write_json_ld
from atlas_build.render.page import Head, Site, make_page
from atlas_build.render.social_card import draw_social_card

BASE = "https://atlas.example.org/sub/"
PID = "https://w3id.example.org/ama/"
SETTINGS = f"""
title = "Misalignment Atlas"
sample = true
base_url = "{BASE}"
pid_base = "{PID}"
release = "2026.11.0"
released = 2026-11-20
"""
QUOTE = "Only add the column, zanzibar."


@pytest.fixture(scope="module")
def codebook(root: Path) -> Codebook:
    return read_codebook(root / "data" / "codebook")


def make_site(**given: Any) -> Site:
    settings: dict[str, Any] = {
        "title": "Misalignment Atlas", "assets": "assets/0", "modules": (), "base_url": BASE, "sample": False,
        "release": "2026.11.0", "released": date(2026, 11, 20), "contact": None,
    }  # fmt: skip
    return Site(**{**settings, **given})


def head_of(codebook: Codebook, site: Site, **given: Any) -> Head:
    episode = make_episode(**given)
    page = make_page(site, f"c/{episode.slug}/", "case", episode.text.name, episode.text.description)
    return describe_case(episode, page, site, codebook)


def data_of(head: Head) -> dict[str, Any]:
    assert head.data is not None
    found = json.loads(head.data)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus with a base URL, persistent addresses and a release."""
    folder = tmp_path_factory.mktemp("metadata")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "atlas.toml").write_text(SETTINGS, encoding="utf-8")
    records = root / "data" / "sample" / "misalignments.json"
    (folder / "corpus" / "misalignments.json").write_bytes(records.read_bytes())
    assert main(["build", str(folder / "corpus"), "--out", str(folder / "site"), "--quiet"]) == 0
    return folder / "site"


def first_case(site: Path, kind: str = "case") -> tuple[str, LexborHTMLParser]:
    for path in sorted((site / "c").glob("*/index.html")):
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        if page.css_first("main").attributes["class"] == f"page-{kind}":
            return path.parent.name, page
    raise AssertionError(f"no {kind}")


def metas(page: LexborHTMLParser, attribute: str, prefix: str) -> dict[str, str]:
    found = [node.attributes for node in page.css(f'meta[{attribute}^="{prefix}"]')]
    return {f"{item[attribute]}": f"{item['content']}" for item in found}


def links(page: LexborHTMLParser, rel: str) -> list[str | None]:
    return [node.attributes["href"] for node in page.css(f'head link[rel="{rel}"]')]


def test_a_case_page_has_what_reference_managers_read(site: Path) -> None:
    slug, page = first_case(site)
    found = metas(page, "name", "citation_")
    assert found == {
        "citation_title": page.css_first("h1").text(),
        "citation_publication_date": "2026/11/20",
        "citation_publisher": "Misalignment Atlas",
        "citation_public_url": f"{PID}c/{slug}",
    }


def test_a_case_page_has_its_signposts(site: Path) -> None:
    slug, page = first_case(site)
    assert links(page, "canonical") == [f"{BASE}c/{slug}/"]
    assert links(page, "cite-as") == [f"{PID}c/{slug}"]
    assert links(page, "type") == ["https://schema.org/AboutPage", "https://schema.org/CreativeWork"]
    [license_page] = links(page, "license")
    assert re.fullmatch(r"https://spdx\.org/licenses/[A-Za-z0-9.-]+\.html", str(license_page))
    assert links(page, "collection") == [BASE]
    assert links(page, "describedby") == [f"{BASE}data/datapackage.json"]
    assert links(page, "related") == ["https://doi.org/10.48550/arXiv.2605.29442"]


def test_a_case_page_has_a_preview_without_quotes(site: Path) -> None:
    slug, page = first_case(site)
    found = metas(page, "property", "og:")
    assert found["og:url"] == f"{BASE}c/{slug}/"
    assert found["og:type"] == "article"
    assert found["og:image"] == f"{BASE}card.png"
    assert found["og:title"] == page.css_first("h1").text()
    assert (site / "card.png").is_file()


def test_no_head_holds_a_quote(codebook: Codebook) -> None:
    head = head_of(codebook, make_site(), quotes=[QUOTE])
    assert "zanzibar" not in f"{head}"


def test_candidates_and_tombstones_are_not_described_and_not_cited(site: Path) -> None:
    _, page = first_case(site, "candidate")
    assert metas(page, "name", "citation_") == {}
    assert page.css('script[type="application/ld+json"]') == []
    assert links(page, "canonical") == links(page, "cite-as") == []
    assert page.css(".cite-quote") == []
    assert "This case" not in [node.text() for node in page.css(".cite h3")]


def test_without_a_base_url_nothing_is_absolute_but_what_is_elsewhere(codebook: Codebook) -> None:
    head = head_of(codebook, make_site(base_url=None, pid_base=PID))
    assert head.properties == ()
    assert {link.rel for link in head.links} == {"type", "license", "related"}
    assert "citation_public_url" not in dict(head.meta)
    data = data_of(head)
    assert "@id" not in data
    assert "url" not in data
    assert PID not in f"{head}"


def test_without_a_release_there_is_no_date(codebook: Codebook) -> None:
    head = head_of(codebook, make_site(release=None, released=None))
    assert "citation_publication_date" not in dict(head.meta)
    assert {"version", "dateModified"}.isdisjoint(data_of(head))


def test_a_combined_license_has_no_page_of_its_own(codebook: Codebook) -> None:
    head = head_of(codebook, make_site(), license="MIT AND Apache-2.0")
    assert "license" not in {link.rel for link in head.links}
    assert data_of(head)["license"] == {"@type": "CreativeWork", "name": "MIT AND Apache-2.0"}


def test_nothing_ends_a_data_block_early() -> None:
    hostile = "</script><!-- & \u2028 \u2029 ]]> <script>"
    written = write_json_ld({"name": hostile})
    assert re.search(r"[<>&\u2028\u2029]", written) is None
    assert json.loads(written) == {"name": hostile}
    assert r"\u003c/script\u003e" in written


def test_a_hostile_name_stays_text(codebook: Codebook) -> None:
    name = "</script><script>alert(1)</script>"
    assert data_of(head_of(codebook, make_site(), name=name))["name"] == name


# JSON-LD, expanded by a parser that may load nothing

CONTEXT = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}}


@pytest.fixture
def expand() -> Callable[[object], list[dict[str, Any]]]:
    def load(url: str, _: object) -> dict[str, object]:
        assert url == "https://schema.org/", f"a test loads nothing else: {url}"
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}

    return lambda value: jsonld.expand(value, {"documentLoader": load})


def blocks(path: Path) -> list[Any]:
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    return [json.loads(node.text(deep=True)) for node in page.css('script[type="application/ld+json"]')]


def test_a_case_is_a_creative_work_about_its_labels(site: Path, expand: Any) -> None:
    slug, page = first_case(site)
    [block] = blocks(site / "c" / slug / "index.html")
    [node] = expand(block)
    schema = "https://schema.org/"
    assert node["@type"] == [f"{schema}CreativeWork"]
    assert node["@id"] == f"{PID}c/{slug}"
    assert node[f"{schema}identifier"] == [{"@value": f"AMA-{slug[4:]}"}]
    assert node[f"{schema}name"] == [{"@value": page.css_first("h1").text()}]
    assert node[f"{schema}isPartOf"][0]["@id"] == PID
    assert node[f"{schema}citation"][0]["@id"] == "https://doi.org/10.48550/arXiv.2605.29442"
    assert node[f"{schema}version"] == [{"@value": "2026.11.0"}]
    assert node[f"{schema}dateModified"] == [{"@value": "2026-11-20"}]
    codes = [term[f"{schema}termCode"][0]["@value"] for term in node[f"{schema}about"]]
    shown = [cell.text() for cell in page.css(".plate-head .strip .code")]
    assert set(codes) == set(shown[:-1])  # the last cell is the workflow, which is no label
    assert {term["@type"][0] for term in node[f"{schema}about"]} == {f"{schema}DefinedTerm"}


def test_every_concept_of_the_codebook_has_a_page(site: Path) -> None:
    nodes = json.loads((site / "data" / "codebook-skos.json").read_bytes())["@graph"]
    concepts = [node["@id"] for node in nodes if node["@type"] == "skos:Concept"]
    assert len(concepts) == 37
    for address in concepts:
        [block] = blocks(site / address.removeprefix(PID) / "index.html")
        assert block["@id"] == address


def test_the_front_page_is_a_data_set(site: Path, expand: Any) -> None:
    [block] = blocks(site / "index.html")
    assert block["@type"] == "Dataset"
    assert 50 <= len(block["description"]) <= 5000
    assert "invented" in block["description"]
    assert block["isAccessibleForFree"] is True
    assert re.fullmatch(r"\d{4}-\d\d/\d{4}-\d\d", block["temporalCoverage"])
    addresses = [item["contentUrl"] for item in block["distribution"]]
    assert all(address.startswith(f"{BASE}data/") for address in addresses)
    assert all((site / address.removeprefix(BASE)).is_file() for address in addresses)
    assert f"{BASE}data/episodes.jsonl.gz" in addresses
    [node] = expand(block)
    assert node["@id"] == PID
    page = LexborHTMLParser((site / "index.html").read_text(encoding="utf-8"))
    assert links(page, "cite-as") == [PID]
    assert links(page, "item") == addresses
    assert links(page, "describedby") == [f"{BASE}data/datapackage.json", f"{BASE}data/croissant.json"]


def test_the_codebook_is_one_set_of_terms_an_axis(site: Path, expand: Any, codebook: Codebook) -> None:
    [block] = blocks(site / "codebook" / "index.html")
    sets = {item["@id"].partition("#")[2]: item for item in block["@graph"]}
    assert [term["termCode"] for term in sets["form"]["hasDefinedTerm"]] == [
        "S1",
        "S2",
        "S3",
        "S4",
        "S5",
        "S6",
        "S7",
        "S8",
    ]
    assert sets["cause"]["name"] == codebook.axes["cause"].name
    assert len(expand(block)) == len(sets) == 9


def test_a_label_page_is_one_term(site: Path, codebook: Codebook) -> None:
    [block] = blocks(site / "codebook" / "s3" / "index.html")
    assert block["@type"] == "DefinedTerm"
    assert block["termCode"] == "S3"
    assert block["name"] == codebook.axes["form"].by_code["S3"].name
    assert block["inDefinedTermSet"] == f"{PID}codebook#form"
    assert block["url"] == f"{BASE}codebook/s3/"


# Crawlers


def test_the_sitemap_names_every_page_that_may_be_indexed(site: Path) -> None:
    tree = ElementTree.parse(site / "sitemap.xml")
    named = [
        f"{item.text}".removeprefix(BASE) for item in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    pages = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    open_pages = {path.removesuffix("index.html") for path, text in pages.items() if 'content="noindex"' not in text}
    assert sorted(named) == sorted(open_pages)
    assert len(named) == len(set(named)) > 150
    assert (site / "robots.txt").read_text() == f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"


def test_without_a_base_url_there_is_no_sitemap(sample_site: Path) -> None:
    found = {path.name for path in sample_site.iterdir()}
    assert found.isdisjoint({"sitemap.xml", "robots.txt", "feed.xml"})
    assert "card.png" in found


# The picture of previews


def read_png(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and pixels of a palette PNG."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        place += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = zlib.decompress(chunks[b"IDAT"])
    assert len(rows) == height * (width + 1)
    return width, height, b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))


def test_the_picture_is_a_png_with_the_mark() -> None:
    width, height, pixels = read_png(draw_social_card())
    assert (width, height) == (1200, 630)
    assert set(pixels) == {0, 1, 2}
    assert pixels[0] == 0
    assert pixels[315 * 1200 + 747] == 2  # the middle of the marked cell
    assert pixels[315 * 1200 + 600] == 0  # the middle of the cell beside it
    assert draw_social_card() == draw_social_card()


def test_two_releases_of_a_case_differ_only_in_date_and_version(codebook: Codebook) -> None:
    first, second = (data_of(head_of(codebook, make_site(release=name))) for name in ("2026.11.0", "2026.12.0"))
    assert {name for name in first if first[name] != second[name]} == {"version"}


def test_an_untitled_case_still_has_a_name(codebook: Codebook) -> None:
    episode: Episode = make_episode(name=" ")
    page = make_page(make_site(), f"c/{episode.slug}/", "case", "x", "y")
    assert data_of(describe_case(episode, page, make_site(), codebook))["name"] == "Untitled case"
