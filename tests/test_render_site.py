"""What holds for the site as a whole: cases that are gone, ids that last, addresses, the path it is hosted under."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from building import BuiltSite, build, case_id, case_path, holding, words, write_corpus
from factories import make_record, make_rejected_record

BASE = "https://atlas.example.org/papers/atlas/"
OWNED = "AMA-0000-0000"
"""A well-formed id that no key of these tests has by itself."""

STAYS = make_record(name="Stays Here")
TAKEN_DOWN = make_record(misalignment_id="M002", name="Quagga One", description="Zeppelin one.")
OF_SESSION = make_record(session_id="session_002", name="Quagga Two")
OF_REPOSITORY = make_record(repository_id=2002, name="Quagga Three")
REJECTED = make_rejected_record(repository_id=2002, misalignment_id="M005")
LOST = make_record(misalignment_id="M009")
WITHDRAWN = make_record(misalignment_id="M010")


def ledger_line(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": case_id(record), "source": record["source"], "repository_id": record["repository_id"],
        "session_id": record["session_id"], "misalignment_id": record["misalignment_id"], "release": "2026.1.0",
        "status": "published", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("gone")
    corpus = write_corpus(
        folder / "corpus",
        [STAYS, TAKEN_DOWN, OF_SESSION, OF_REPOSITORY, REJECTED],
        suppressions=[
            {"id": case_id(TAKEN_DOWN).lower().replace("-", ""), "date": "2026-02-01", "reason": "privacy"},
            {"source": "specstory", "repository_id": 1001, "session_id": "session_002", "date": "2026-02-02",
             "reason": "owner-request"},
            {"source": "specstory", "repository_id": "2002", "date": "2026-02-03", "reason": "license"},
        ],
        ledger=[
            ledger_line(LOST),
            ledger_line(WITHDRAWN),
            ledger_line(STAYS),
            ledger_line(
                WITHDRAWN, release="2026.2.0", status="withdrawn", reason="duplicate", successor=case_id(STAYS),
                date="2026-03-01",
            ),
        ],
    )  # fmt: skip
    return build(corpus, folder / "site", "--base-url", BASE)


# Cases that are gone


def facts_of(site: BuiltSite, record: dict[str, Any]) -> dict[str, str]:
    rows = site.page(case_path(record)).css("dl.facts > div")
    return {words(row.css_first("dt")): words(row.css_first("dd")) for row in rows}


@pytest.mark.parametrize(
    ("record", "reason", "date"),
    [
        (TAKEN_DOWN, "privacy", "2026-02-01"),
        (OF_SESSION, "owner-request", "2026-02-02"),
        (OF_REPOSITORY, "license", "2026-02-03"),
    ],
    ids=["by id", "by session", "by repository"],
)
def test_a_suppressed_case_leaves_a_tombstone_without_a_word_of_it(
    record: dict[str, Any], reason: str, date: str, gone: BuiltSite
) -> None:
    assert gone.kind(case_path(record)) == "tombstone"
    facts = facts_of(gone, record)
    assert (facts["Status"], facts["Reason code"], facts["Date"]) == ("suppressed", reason, date)
    assert holding(record["name"], gone.text) == []


def test_only_what_nobody_asked_to_hold_back_is_published(gone: BuiltSite) -> None:
    assert gone.pages_of("case") == [case_path(STAYS)]
    assert gone.pages_of("candidate") == []
    assert [record["id"] for record in gone.records()] == [case_id(STAYS)]
    assert holding("Quagga", gone.text) == holding("Zeppelin", gone.text) == []


def test_a_case_of_the_ledger_that_is_not_in_the_input_leaves_a_tombstone(gone: BuiltSite) -> None:
    assert gone.kind(case_path(LOST)) == "tombstone"
    assert facts_of(gone, LOST)["Status"] == "withdrawn"


def test_a_withdrawn_case_leads_to_the_one_that_continues_it(gone: BuiltSite) -> None:
    facts = facts_of(gone, WITHDRAWN)
    assert (facts["Status"], facts["Reason code"], facts["Date"]) == ("withdrawn", "duplicate", "2026-03-01")
    assert facts["Continued as"] == case_id(STAYS)
    assert f"../../c/{case_id(STAYS).lower()}/" in gone.hrefs(case_path(WITHDRAWN), "dl.facts a")


def test_tombstones_are_hidden_from_search_engines_and_lists(gone: BuiltSite) -> None:
    tombstones = gone.pages_of("tombstone")
    assert len(tombstones) >= 5
    for path in tombstones:
        assert gone.page(path).css_first('meta[name="robots"]').attributes["content"] == "noindex"
        assert gone.page(path).css('link[rel="canonical"]') == []
        slug = path.split("/")[1]
        listing = [page for page in gone.pages if gone.kind(page) in ("explorer", "list", "label", "codebook", "case")]
        assert [page for page in listing if slug in gone.tree[page].decode()] == []
        assert slug not in gone.tree["sitemap.xml"].decode()


def test_suppressed_cases_are_counted_on_the_inclusion_page(gone: BuiltSite) -> None:
    rows = gone.page("inclusion/index.html").css('[aria-labelledby="reasons"] tbody tr')
    shown = {words(row.css_first(".id")): words(row.css_first(".number")) for row in rows}
    assert shown == {"privacy": "1", "owner-request": "1", "license": "1"}


# Ids


def test_an_id_of_the_ledger_wins_over_the_computed_one(tmp_path: Path) -> None:
    line = ledger_line(STAYS, id=OWNED)
    site = build(write_corpus(tmp_path / "corpus", [STAYS], ledger=[line]), tmp_path / "site")
    assert site.pages_of("case") == [case_path(OWNED)]
    assert [record["id"] for record in site.records()] == [OWNED]
    assert case_path(STAYS) not in site.tree


def test_an_id_that_the_ledger_gave_away_never_passes_to_another_case(tmp_path: Path) -> None:
    """The ledger gave this record's own id to a case that is gone; the record gets another one."""
    line = {**ledger_line(LOST), "id": case_id(STAYS)}
    site = build(write_corpus(tmp_path / "corpus", [STAYS], ledger=[line]), tmp_path / "site")
    (path,) = site.pages_of("case")
    assert path != case_path(STAYS)
    assert site.kind(case_path(STAYS)) == "tombstone"


def test_plain_files_have_neither_ledger_nor_suppressions(tmp_path: Path) -> None:
    order = {"id": case_id(STAYS), "date": "2026-02-01", "reason": "privacy"}
    corpus = write_corpus(tmp_path / "corpus", [STAYS], ledger=[ledger_line(STAYS, id=OWNED)], suppressions=[order])
    site = build(corpus / "misalignments.json", tmp_path / "site")
    assert site.pages_of("case") == [case_path(STAYS)]


def test_a_suppression_wins_over_the_input_for_ever(tmp_path: Path) -> None:
    """Also when the ledger still calls the case published."""
    order = {"id": OWNED, "date": "2026-02-01", "reason": "privacy"}
    corpus = write_corpus(tmp_path / "corpus", [STAYS], ledger=[ledger_line(STAYS, id=OWNED)], suppressions=[order])
    site = build(corpus, tmp_path / "site")
    assert site.pages_of("case") == []
    assert site.kind(case_path(OWNED)) == "tombstone"
    assert "suppressed" in site.words(case_path(OWNED), "dl.facts")


def test_an_ordinary_build_writes_nothing_into_the_corpus(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [STAYS], ledger=[ledger_line(STAYS)])
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    build(corpus, tmp_path / "site")
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


# Addresses


def address_of(path: str) -> str:
    return urljoin(BASE, path.removesuffix("index.html"))


def test_every_page_that_may_be_indexed_has_its_canonical_address(gone: BuiltSite) -> None:
    for path in gone.pages:
        found = [link.attributes["href"] for link in gone.page(path).css('link[rel="canonical"]')]
        hidden = gone.kind(path) in ("tombstone", "candidate") or path == "404.html"
        assert found == ([] if hidden else [address_of(path)]), path


def test_the_sitemap_lists_exactly_the_pages_that_may_be_indexed(gone: BuiltSite) -> None:
    root = ElementTree.fromstring(gone.tree["sitemap.xml"])
    listed = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    indexable = [path for path in gone.pages if gone.page(path).css('link[rel="canonical"]')]
    assert sorted(str(address) for address in listed) == sorted(map(address_of, indexable))


def test_without_a_base_url_nothing_needs_an_absolute_address(tmp_path: Path) -> None:
    site = build(write_corpus(tmp_path / "corpus", [STAYS]), tmp_path / "site")
    assert [path for path in site.pages if site.page(path).css('link[rel="canonical"], meta[property="og:url"]')] == []
    assert [path for path in site.tree if path in ("sitemap.xml", "feed.xml", "robots.txt")] == []


def test_the_address_of_the_corpus_is_used_and_the_command_line_wins(tmp_path: Path) -> None:
    settings = 'base_url = "https://one.example.org/a"\n'
    corpus = write_corpus(tmp_path / "corpus", [STAYS], settings=settings)
    from_corpus = build(corpus, tmp_path / "one")
    from_command = build(corpus, tmp_path / "two", "--base-url", "https://two.example.org/")
    without = build(corpus, tmp_path / "three", "--base-url", "")
    canonical = [
        site.page("about/index.html").css('link[rel="canonical"]') for site in (from_corpus, from_command, without)
    ]
    assert [[link.attributes["href"] for link in links] for links in canonical] == [
        ["https://one.example.org/a/about/"], ["https://two.example.org/about/"], [],
    ]  # fmt: skip


def test_links_inside_the_site_are_relative_and_lead_to_files(gone: BuiltSite) -> None:
    for path in gone.pages:
        if path == "404.html":
            continue
        for href in gone.hrefs(path):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            assert not parts.path.startswith("/"), (path, href)
            target = urlsplit(urljoin(f"https://x/{path}", href)).path.removeprefix("/")
            assert (f"{target}index.html" if target.endswith("/") or not target else target) in gone.tree, (path, href)


@pytest.mark.parametrize(("base", "root"), [(BASE, "/papers/atlas/"), ("https://atlas.example.org", "/"), (None, "/")])
def test_the_page_for_missing_addresses_links_from_the_base_urls_path(
    base: str | None, root: str, tmp_path: Path
) -> None:
    options = ["--base-url", base] if base else []
    site = build(write_corpus(tmp_path / "corpus", [STAYS]), tmp_path / "site", *options)
    page = site.page("404.html")
    links = [href for href in site.hrefs("404.html") if not urlsplit(href).scheme and not href.startswith("#")]
    assert len(links) > 5
    assert [href for href in links if not href.startswith(root)] == []
    assert [href for href in links if f"{root}{root.strip('/')}/" in href and root != "/"] == []
    sheet = page.css_first('link[rel="stylesheet"]').attributes["href"] or ""
    assert sheet.startswith(f"{root}assets/")
    assert page.css_first('meta[name="robots"]').attributes["content"] == "noindex"


# Every page


def test_every_page_has_one_heading_a_title_a_language_and_the_policy(gone: BuiltSite) -> None:
    policies = set()
    for path in gone.pages:
        page = gone.page(path)
        assert len(page.css("h1")) == len(page.css("main")) == len(page.css("head > title")) == 1, path
        assert page.css_first("html").attributes["lang"] == "en"
        assert page.css_first('meta[name="description"]').attributes["content"]
        policies.add(page.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"])
    (policy,) = policies
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_no_page_asks_another_host_for_anything(gone: BuiltSite) -> None:
    for path in gone.pages:
        page = gone.page(path)
        asked = [node.attributes.get("src") for node in page.css("script[src], img[src], iframe, video, audio, object")]
        asked += [
            link.attributes.get("href")
            for link in page.css("link[href]")
            if link.attributes.get("rel")
            in ("stylesheet", "icon", "modulepreload", "preload", "preconnect", "dns-prefetch")
        ]
        assert [address for address in asked if address is None or urlsplit(address).netloc] == [], path


def test_links_that_leave_the_site_tell_nothing_of_the_reader(gone: BuiltSite) -> None:
    for path in gone.pages:
        for link in gone.page(path).css("a[href]"):
            if urlsplit(link.attributes["href"] or "").netloc:
                rel = set((link.attributes.get("rel") or "").split())
                assert {"noopener", "noreferrer"} <= rel, (path, link.attributes["href"])


def test_a_contact_is_named_on_every_page(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [STAYS], settings='contact = "atlas@example.org"\n')
    site = build(corpus, tmp_path / "site")
    without = [path for path in site.pages if "mailto:atlas@example.org" not in site.hrefs(path, "footer a")]
    assert without == []


def test_assets_and_index_live_under_names_made_of_their_content(tmp_path: Path) -> None:
    one = build(write_corpus(tmp_path / "a", [STAYS]), tmp_path / "one")
    two = build(write_corpus(tmp_path / "b", [STAYS, TAKEN_DOWN]), tmp_path / "two")

    def folder(site: BuiltSite, name: str) -> str:
        found = {match[0] for path in site.tree if (match := re.match(rf"{name}/[0-9a-f]{{12,}}/", path))}
        assert len(found) == 1
        return found.pop()

    assert folder(one, "assets") == folder(two, "assets")
    assert folder(one, "index") != folder(two, "index")
    assert json.loads(one.tree[f"{folder(one, 'index')}index.json"])
