"""Feeds and sitemap: read back as XML, with dates of releases and no date of today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from factories import make_episode

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.release import CaseEvent, CaseHistory, Chronicle, ReleaseNumbers, ReleaseRecord
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.changes import last_changes
from atlas_build.render.feeds import MOST_ENTRIES, write_feeds
from atlas_build.render.page import Site
from atlas_build.render.sitemap import write_robots, write_sitemap

BASE = "https://atlas.example.org/sub/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
FIRST, SECOND, THIRD = (
    make_episode(number=n, form=form, name=f"Case <{n}>") for n, form in enumerate(("S3", "S4", "S3"), 1)
)
DAYS = {"2026.11.0": date(2026, 11, 20), "2026.12.0": date(2026, 12, 18)}


@pytest.fixture(scope="module")
def codebook(root: Any) -> Codebook:
    return read_codebook(root / "data" / "codebook")


def make_site(**given: Any) -> Site:
    settings: dict[str, Any] = {
        "title": "Misalignment Atlas", "assets": "assets/0", "modules": (), "base_url": BASE, "sample": False,
        "release": "2026.12.0", "released": DAYS["2026.12.0"], "contact": None,
    }  # fmt: skip
    return Site(**{**settings, **given})


def make_chronicle(histories: Mapping[str, list[tuple[str, str]]]) -> Chronicle:
    """`histories`: id -> (release, kind of event)."""
    numbers = ReleaseNumbers(read=3, well_formed=3, valid=3, admitted=3, published=3, suppressed=0)
    releases = tuple(
        ReleaseRecord(version=name, date=day, scrub_rules="s1:0123456789abcdef", numbers=numbers, cases=())
        for name, day in DAYS.items()
    )
    return Chronicle(
        releases=releases,
        histories={
            case_id: CaseHistory(tuple(CaseEvent(name, DAYS.get(name), kind) for name, kind in events), ())
            for case_id, events in histories.items()
        },
    )


CHRONICLE = make_chronicle({
    FIRST.id: [("2026.11.0", "published"), ("2026.12.0", "revised")],
    SECOND.id: [("2026.11.0", "published")],
    THIRD.id: [("2026.12.0", "published"), ("", "revised")],
})  # fmt: skip
CASES = (FIRST, SECOND, THIRD)


def feeds(
    codebook: Codebook, cases: tuple[Episode, ...] = CASES, chronicle: Chronicle = CHRONICLE, **site: Any
) -> dict[str, bytes]:
    return dict(write_feeds(make_site(**site), codebook, cases, chronicle))


def entries(data: bytes) -> list[dict[str, str]]:
    tree = ElementTree.fromstring(data)
    return [
        {child.tag.rpartition("}")[2]: child.text or child.attrib.get("href", "") for child in entry}
        for entry in tree.findall("a:entry", ATOM)
    ]


def test_there_is_a_feed_for_the_site_and_one_for_each_form(codebook: Codebook) -> None:
    assert sorted(feeds(codebook)) == [*(f"codebook/s{n}/feed.xml" for n in range(1, 9)), "feed.xml"]


def test_the_feed_has_what_atom_demands(codebook: Codebook) -> None:
    tree = ElementTree.fromstring(feeds(codebook)["feed.xml"])
    assert tree.tag == "{http://www.w3.org/2005/Atom}feed"
    assert tree.findtext("a:id", namespaces=ATOM) == BASE
    assert tree.findtext("a:title", namespaces=ATOM) == "Misalignment Atlas"
    assert tree.findtext("a:updated", namespaces=ATOM) == "2026-12-18T00:00:00Z"
    assert tree.findtext("a:author/a:name", namespaces=ATOM) == "Misalignment Atlas"
    links = {link.attrib["rel"]: link.attrib["href"] for link in tree.findall("a:link", ATOM)}
    assert links == {"self": f"{BASE}feed.xml", "alternate": BASE}


def test_newest_changes_come_first_and_each_case_once(codebook: Codebook) -> None:
    found = entries(feeds(codebook)["feed.xml"])
    assert [entry["title"] for entry in found] == [
        f"Case <1> ({FIRST.id})",
        f"Case <3> ({THIRD.id})",
        f"Case <2> ({SECOND.id})",
    ]
    assert [entry["updated"][:10] for entry in found] == ["2026-12-18", "2026-12-18", "2026-11-20"]
    assert [entry["published"][:10] for entry in found] == ["2026-11-20", "2026-12-18", "2026-11-20"]
    assert found[0]["summary"].startswith("Revised in release 2026.12.0. The developer asked")
    assert found[1]["summary"].startswith("New in release 2026.12.0. ")
    assert found[0]["link"] == f"{BASE}c/{FIRST.slug}/"


def test_a_form_has_its_own_cases(codebook: Codebook) -> None:
    files = feeds(codebook)
    assert [entry["id"] for entry in entries(files["codebook/s4/feed.xml"])] == [f"{BASE}c/{SECOND.slug}/"]
    assert entries(files["codebook/s8/feed.xml"]) == []
    tree = ElementTree.fromstring(files["codebook/s4/feed.xml"])
    assert tree.findtext("a:id", namespaces=ATOM) == f"{BASE}codebook/s4/"


def test_ids_are_persistent_addresses(codebook: Codebook) -> None:
    pid = "https://w3id.example.org/ama/"
    found = entries(feeds(codebook, pid_base=pid)["feed.xml"])
    assert found[0]["id"] == f"{pid}c/{FIRST.slug}"
    assert found[0]["link"] == f"{BASE}c/{FIRST.slug}/"


def test_withdrawn_cases_are_in_no_feed(codebook: Codebook) -> None:
    gone = make_chronicle({
        FIRST.id: [("2026.11.0", "published"), ("2026.12.0", "withdrawn")],
        SECOND.id: [("2026.11.0", "published")],
    })  # fmt: skip
    assert FIRST.id not in feeds(codebook, (SECOND,), gone)["feed.xml"].decode()


def test_a_case_that_came_back_says_so() -> None:
    back = make_chronicle({FIRST.id: [("2026.11.0", "published"), ("2026.12.0", "returned")]})
    assert last_changes(back)[FIRST.id].words == "Back in release 2026.12.0"


@pytest.mark.parametrize("missing", ["base_url", "releases"])
def test_without_base_url_or_release_there_is_no_feed(codebook: Codebook, missing: str) -> None:
    if missing == "base_url":
        assert feeds(codebook, base_url=None) == {}
    else:
        assert feeds(codebook, chronicle=Chronicle()) == {}


def test_no_quote_is_in_a_feed(codebook: Codebook) -> None:
    case = make_episode(number=1, form="S3", quotes=["zanzibar"], name="x\ufffe\x0b")
    files = feeds(codebook, (case,), make_chronicle({case.id: [("2026.11.0", "published")]}))
    assert len(entries(files["feed.xml"])) == 1
    assert b"zanzibar" not in b"".join(files.values())


def test_a_feed_ends_after_the_newest_entries(codebook: Codebook) -> None:
    cases = tuple(make_episode(number=number) for number in range(1, MOST_ENTRIES + 3))
    chronicle = make_chronicle({case.id: [("2026.11.0", "published")] for case in cases})
    assert len(entries(feeds(codebook, cases, chronicle)["feed.xml"])) == MOST_ENTRIES


# The sitemap


def test_the_sitemap_names_pages_with_their_last_change() -> None:
    [(name, data)] = write_sitemap(BASE, ["", "c/a/", "data/"], {"c/a/": date(2026, 11, 20)})
    tree = ElementTree.fromstring(data)
    assert name == "sitemap.xml"
    assert [item.text for item in tree.findall("s:url/s:loc", MAP)] == [BASE, f"{BASE}c/a/", f"{BASE}data/"]
    assert [item.text for item in tree.findall("s:url/s:lastmod", MAP)] == ["2026-11-20"]


def test_more_than_50_000_addresses_make_an_index() -> None:
    files = dict(write_sitemap(BASE, [f"c/{number}/" for number in range(50_001)], {}))
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    index = ElementTree.fromstring(files["sitemap.xml"])
    assert [item.text for item in index.findall("s:sitemap/s:loc", MAP)] == [f"{BASE}sitemap-{n}.xml" for n in (1, 2)]
    counts = [len(ElementTree.fromstring(files[name]).findall("s:url", MAP)) for name in list(files)[1:]]
    assert counts == [50_000, 1]


def test_robots_forbid_nothing_and_name_the_sitemap() -> None:
    assert write_robots(BASE).decode() == f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"
