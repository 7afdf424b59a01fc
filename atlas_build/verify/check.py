"""Check a finished site against its promises, before anyone sees it.

Pages are read once, in processes; what concerns the whole site (same titles, the index, sizes) is put together here.
docs/checks.md lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from atlas_build.verify.addresses import FRONT, NOT_FOUND, Resolver
from atlas_build.verify.files import SiteFiles, check_presence, list_files
from atlas_build.verify.index_agreement import (
    IndexReader,
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
from atlas_build.verify.site_file import SiteFile
from atlas_build.verify.sweep import Sweep, sweep

__all__ = ["Problem", "check_site"]


@dataclass
class PagesResult:
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

    def add(self, other: PagesResult) -> None:
        """Join a later chunk; what the earlier one saw first stays first."""
        self.problems += other.problems
        self.pages += other.pages
        for page, anchors in other.wanted.items():
            self.wanted[page] = {**anchors, **self.wanted.get(page, {})}
        self.listed = {**other.listed, **self.listed}
        self.in_list = {**other.in_list, **self.in_list}


def check_site(
    site: Path,
    limits: Limits,
    *,
    csp: str,
    index: IndexReader,
    jobs: int = 1,
    base_path: str | None = None,
) -> list[Problem]:
    """All problems of the site in `site`, sorted; the same for any number of jobs.

    Args:
        csp: the security policy that every page must have.
        index: reads the search index back.
        base_path: path of the base URL, with slashes at both ends; `404.html` starts its links with it. None takes it
            from the front page's canonical address.

    Raises:
        InputError: the folder is not a site of ours.
    """
    check = plan_check(site, limits, csp=csp, base_path=base_path)
    pages = {path: check.files.sizes[path] for path in check.files.named(".html")}
    results = [found for (found,) in sweep(Sweep(site, [check], []), pages, jobs)]
    return finish_check(check, results, index)


def plan_check(site: Path, limits: Limits, *, csp: str, base_path: str | None = None) -> SiteCheck:
    """
    Raises:
        InputError: the folder is not a site of ours.
    """
    files = list_files(site)
    base_url = _read_base_url(files)
    if base_path is None:
        base_path = urlsplit(base_url).path or "/"
    return SiteCheck(files, limits, csp, base_path, base_url)


def finish_check(check: SiteCheck, results: Iterable[PagesResult], index: IndexReader) -> list[Problem]:
    """All problems of the site, after its pages have been looked at one by one; in the order of their paths."""
    result = PagesResult()
    for part in results:
        result.add(part)
    return sorted({*result.problems, *_check_whole(check, result, index)})


def _read_base_url(files: SiteFiles) -> str:
    page = PageReader().read(FRONT, files.read(FRONT)) if FRONT in files.sizes else None
    return canonical_base(page) if isinstance(page, PageText) else ""


@dataclass
class SiteCheck:
    """Checks pages by themselves, one after the other; only small records of them stay in memory.

    Attributes:
        base_url: as the front page's canonical link has it, or "".
    """

    files: SiteFiles
    limits: Limits
    csp: str
    base_path: str
    base_url: str
    _result: PagesResult = field(default_factory=PagesResult, repr=False)

    @cached_property
    def reader(self) -> PageReader:
        return PageReader()

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(self.files.sizes, self.base_path)

    @cached_property
    def links(self) -> LinkChecker:
        return LinkChecker(self.resolver, self.base_url)

    def look_at_page(self, file: SiteFile) -> bool:
        self._result.pages.append(self._check_page(file))
        return True

    def fail(self, file: str, error: OSError) -> None:
        if file.endswith(".html"):
            self._result.problems.append(Problem(file, "markup", f"cannot be read: {error.strerror}"))
            self._result.pages.append(PageRecord(file, "", ""))

    def take(self) -> PagesResult:
        result, self._result = self._result, PagesResult()
        result.wanted, result.listed, result.in_list = self.links.take()
        return result

    def _check_page(self, file: SiteFile) -> PageRecord:
        page = self.reader.read(file.path, file.data, file.lines)
        if isinstance(page, Problem):
            self._result.problems.append(page)
            return PageRecord(file.path, "", "")
        problems = self._result.problems
        problems += check_page(page, csp=self.csp)
        problems += self.links.check(page)
        problems += self.links.check_head(page)
        problems += check_page_size(page.path, page.kind, page.data, self.limits)
        strip = read_strip(page) if page.kind in ("case", "candidate") else None
        title = page.titles[0] if page.titles else ""
        return PageRecord(page.path, page.kind, title, canonical_base(page), strip)


def _check_whole(check: SiteCheck, result: PagesResult, reader: IndexReader) -> Iterator[Problem]:
    files, limits = check.files, check.limits
    kinds = {page.path: page.kind for page in result.pages}
    yield from check_presence(files)
    yield from check_titles((page.path, page.title) for page in result.pages)
    found = [page for page in result.pages if page.kind not in {"", *HIDDEN_KINDS} and page.path != NOT_FOUND]
    yield from check_canonical({page.path: page.base for page in found})
    yield from check_sitemap(files, check.base_url, check.resolver, {page.path: page.kind for page in found})
    yield from check_listed(result.listed, kinds, HIDDEN_KINDS)
    yield from _check_wanted_anchors(check, result, kinds)
    yield from check_asset_links(files)
    yield from check_file_limits(files, limits)
    yield from check_medians(files, _by_kind(result.pages), limits)
    index = read_index(files, reader)
    if isinstance(index, Problem):
        yield index
        yield from check_explorer_size(files, limits, index_file="", episodes=0)
        return
    yield from check_explorer_size(files, limits, index_file=index.entry, episodes=len(index.pages))
    yield from check_cases(index, [page for page in result.pages if page.kind])
    yield from check_listing(index, kinds, result.in_list)
    yield from _check_front_legend(files, index, kinds)


def _check_wanted_anchors(check: SiteCheck, result: PagesResult, kinds: dict[str, str]) -> Iterator[Problem]:
    for path in sorted(result.wanted):
        if kinds.get(path):
            page = check.reader.read(path, check.files.read(path))
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
