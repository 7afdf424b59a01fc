"""Check a finished site against its promises, before anyone sees it.

Pages are read once, in processes; what concerns the whole site (same titles, the index, sizes) is put together here.
docs/checks.md lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

from atlas_build.verify.addresses import FRONT, NOT_FOUND, Resolver
from atlas_build.verify.files import SiteFiles, check_presence, list_files
from atlas_build.verify.index_agreement import (
    PageRecord,
    PublishedIndex,
    check_cases,
    check_legend,
    check_listing,
    read_index,
    read_strip,
)
from atlas_build.verify.limits import (
    Limits,
    check_explorer_size,
    check_file_limits,
    check_medians,
    check_page_size,
)
from atlas_build.verify.links import LinkChecker, check_anchors, check_asset_links, check_listed, check_sitemap
from atlas_build.verify.pages import HIDDEN_KINDS, canonical_base, check_canonical, check_page, check_titles
from atlas_build.verify.problem import Problem
from atlas_build.verify.reading import PageReader, PageText

__all__ = ["Problem", "check_site"]

CHUNKS_A_JOB = 4
"""Every chunk carries the list of files along, so there are few of them."""

PAGES_WORTH_A_JOB = 1_000
"""Fewer are read sooner than a process starts."""


@dataclass(frozen=True)
class Context:
    """What a process needs to check pages by themselves."""

    files: SiteFiles
    limits: Limits
    csp: str
    base_path: str
    base_url: str
    """As the front page's canonical link has it, or ""."""


@dataclass
class ChunkResult:
    """What remains of some pages after they were checked by themselves.

    Attributes:
        wanted: page -> (anchor -> first page that links it).
        listed: case page -> first page that leads to it, of those that only lead to published cases.
        in_list: case page -> first page of the list of all cases that leads to it.
    """

    problems: list[Problem] = field(default_factory=list)
    pages: list[PageRecord] = field(default_factory=list)
    wanted: dict[str, dict[str, str]] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    in_list: dict[str, str] = field(default_factory=dict)

    def add(self, other: ChunkResult) -> None:
        """Join a later chunk; what the earlier one saw first stays first."""
        self.problems += other.problems
        self.pages += other.pages
        for page, anchors in other.wanted.items():
            self.wanted[page] = {**anchors, **self.wanted.get(page, {})}
        self.listed = {**other.listed, **self.listed}
        self.in_list = {**other.in_list, **self.in_list}


def check_site(site: Path, limits: Limits, *, csp: str, jobs: int = 1, base_path: str | None = None) -> list[Problem]:
    """All problems of the site in `site`, sorted; the same for any number of jobs.

    Args:
        csp: the security policy that every page must have.
        base_path: path of the base URL, with slashes at both ends; `404.html` starts its links with it. None takes it
            from the front page's canonical address.

    Raises:
        InputError: the folder is not a site of ours.
    """
    files = list_files(site)
    base_url = _read_base_url(files)
    if base_path is None:
        base_path = urlsplit(base_url).path or "/"
    context = Context(files, limits, csp, base_path, base_url)
    result = ChunkResult()
    for part in _map_chunks(context, files.named(".html"), jobs):
        result.add(part)
    return sorted({*result.problems, *_check_whole(context, result)})


def _read_base_url(files: SiteFiles) -> str:
    page = PageReader().read(FRONT, files.read(FRONT)) if FRONT in files.sizes else None
    return canonical_base(page) if isinstance(page, PageText) else ""


def _map_chunks(context: Context, paths: Sequence[str], jobs: int) -> Iterator[ChunkResult]:
    jobs = max(1, min(jobs, len(paths) // PAGES_WORTH_A_JOB))
    size = max(1, -(-len(paths) // (jobs * CHUNKS_A_JOB)))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    work = partial(check_pages, context)
    if jobs == 1:
        yield from map(work, chunks)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(work, chunks)


def check_pages(context: Context, paths: Iterable[str]) -> ChunkResult:
    """Check pages by themselves, one after the other; only small records of them stay in memory."""
    reader = PageReader()
    links = LinkChecker(Resolver(context.files.sizes, context.base_path), context.base_url)
    result = ChunkResult(wanted=links.wanted, listed=links.listed, in_list=links.in_list)
    for path in paths:
        result.pages.append(_check_page(context, path, reader, links, result.problems))
    return result


def _check_page(
    context: Context, path: str, reader: PageReader, links: LinkChecker, problems: list[Problem]
) -> PageRecord:
    try:
        data = context.files.read(path)
    except OSError as error:
        problems.append(Problem(path, "markup", f"cannot be read: {error.strerror}"))
        return PageRecord(path, "", "")
    page = reader.read(path, data)
    if isinstance(page, Problem):
        problems.append(page)
        return PageRecord(path, "", "")
    problems += check_page(page, csp=context.csp)
    problems += links.check(page)
    problems += links.check_head(page)
    problems += check_page_size(path, page.kind, data, context.limits)
    strip = read_strip(page) if page.kind in ("case", "candidate") else None
    return PageRecord(path, page.kind, page.titles[0] if page.titles else "", canonical_base(page), strip)


def _check_whole(context: Context, result: ChunkResult) -> Iterator[Problem]:
    files, limits = context.files, context.limits
    kinds = {page.path: page.kind for page in result.pages}
    yield from check_presence(files)
    yield from check_titles((page.path, page.title) for page in result.pages)
    found = [page for page in result.pages if page.kind not in {"", *HIDDEN_KINDS} and page.path != NOT_FOUND]
    yield from check_canonical({page.path: page.base for page in found})
    resolver = Resolver(files.sizes, context.base_path)
    yield from check_sitemap(files, context.base_url, resolver, {page.path: page.kind for page in found})
    yield from check_listed(result.listed, kinds, HIDDEN_KINDS)
    yield from _check_wanted_anchors(files, result, kinds)
    yield from check_asset_links(files)
    yield from check_file_limits(files, limits)
    yield from check_medians(files, _by_kind(result.pages), limits)
    index = read_index(files)
    if isinstance(index, Problem):
        yield index
        yield from check_explorer_size(files, limits, index_file="", episodes=0)
        return
    yield from check_explorer_size(files, limits, index_file=index.entry, episodes=len(index.pages))
    yield from check_cases(index, [page for page in result.pages if page.kind])
    yield from check_listing(index, kinds, result.in_list)
    yield from _check_front_legend(files, index, kinds)


def _check_wanted_anchors(files: SiteFiles, result: ChunkResult, kinds: dict[str, str]) -> Iterator[Problem]:
    reader = PageReader()
    for path in sorted(result.wanted):
        if kinds.get(path):
            page = reader.read(path, files.read(path))
            assert not isinstance(page, Problem), "a page with a kind has been read before"
            yield from check_anchors(page, result.wanted[path])


def _check_front_legend(files: SiteFiles, index: PublishedIndex, kinds: dict[str, str]) -> Iterator[Problem]:
    if not kinds.get(FRONT):
        return
    page = PageReader().read(FRONT, files.read(FRONT))
    if not isinstance(page, Problem):
        yield from check_legend(index, page)


def _by_kind(pages: Iterable[PageRecord]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for page in pages:
        kinds.setdefault(page.kind, []).append(page.path)
    return kinds
