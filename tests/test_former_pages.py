"""A list that becomes shorter: the addresses of its last pages stay, and say where it ends now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, many_records, write_corpus

from atlas_build.cli import main

BASE_URL = "https://atlas.example/"
LONG, SHORT = 420, 190


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuiltSite, BuiltSite]:
    """The site of a release of 420 cases, and of the next one with 190 of them."""
    folder = tmp_path_factory.mktemp("shorter")
    records = many_records(LONG)
    return _release(folder, records, "2026.10.0"), _release(folder, records[:SHORT], "2026.11.0")


def _release(folder: Path, records: list[dict[str, Any]], version: str) -> BuiltSite:
    corpus = write_corpus(folder / "corpus", records, settings=f'base_url = "{BASE_URL}"\n')
    out = folder / version
    command = ["release", str(corpus), "--version", version, "--date", "2026-11-20", "--out", str(out)]
    assert main([*command, "--allow-withdrawals", str(LONG - SHORT), "--quiet", "--jobs", "1"]) == 0
    return BuiltSite(out)


def numbered(site: BuiltSite) -> list[str]:
    return [path for path in site.pages if path.startswith(("list/", "codebook/"))]


def test_every_list_page_of_an_earlier_release_is_still_there(sites: tuple[BuiltSite, BuiltSite]) -> None:
    long, short = sites
    assert {"list/3/index.html", "codebook/ide/2/index.html"} <= set(numbered(long))
    assert set(numbered(long)) <= set(numbered(short))


def test_a_former_page_says_where_the_list_ends_now(sites: tuple[BuiltSite, BuiltSite]) -> None:
    _, site = sites
    assert site.words("list/3/index.html", "h1") == "All cases"
    assert "The list has become shorter since: all of it is on one page" in site.words("list/3/index.html", ".prose")
    assert site.hrefs("list/3/index.html", ".prose a") == ["../../list/1/"]
    assert site.hrefs("codebook/ide/2/index.html", ".prose a") == ["../../../codebook/ide/"]


def test_a_former_page_is_in_no_sitemap(sites: tuple[BuiltSite, BuiltSite]) -> None:
    long, short = sites
    assert f"{BASE_URL}list/3/" in (long.folder / "sitemap.xml").read_text(encoding="utf-8")
    sitemap = (short.folder / "sitemap.xml").read_text(encoding="utf-8")
    assert f"{BASE_URL}list/1/" in sitemap
    assert f"{BASE_URL}list/3/" not in sitemap
    assert 'content="noindex"' in (short.folder / "list/3/index.html").read_text(encoding="utf-8")
