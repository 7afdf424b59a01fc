"""Write every page of the site into a folder.

`render_site` gathers what all pages share, then writes page by page; case pages, which are most of them, are spread
over worker processes. A page depends on its view alone, so the bytes are the same for any number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path

from atlas_build.model.codebook import LABEL_AXES, Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.ledger import Tombstone
from atlas_build.model.numbers import Numbers, SessionKey
from atlas_build.model.placeholder import TITLES, Kind
from atlas_build.model.relations import Relations
from atlas_build.model.release import Chronicle
from atlas_build.render.assets import Assets
from atlas_build.render.case_view import CaseContext, session_contexts, view_case
from atlas_build.render.changes import last_changes
from atlas_build.render.citations import cite_paper
from atlas_build.render.codebook_view import label_address, label_frame, view_codebook, view_label
from atlas_build.render.codes import Cells
from atlas_build.render.descriptors import SUMS, Collection, write_descriptors, write_sums
from atlas_build.render.explorer_view import view_explorer
from atlas_build.render.exports import Download, write_downloads
from atlas_build.render.feeds import write_feeds
from atlas_build.render.inclusion_view import SUPPRESSION_REASONS, Funnel, view_inclusion
from atlas_build.render.lists import RowLists
from atlas_build.render.markdown import Prose
from atlas_build.render.metadata import SOCIAL_CARD, describe_codebook, describe_corpus, describe_label
from atlas_build.render.page import Site, make_page
from atlas_build.render.parquet import can_write_parquet
from atlas_build.render.release_view import ReleaseViews, list_releases, tombstone_history, write_notes
from atlas_build.render.sitemap import write_robots, write_sitemap
from atlas_build.render.social_card import draw_social_card
from atlas_build.render.templates import make_environment, render_page
from atlas_build.render.withdrawn import WITHDRAWN, write_withdrawn
from atlas_build.report import Report

Write = Callable[[str, bytes], object]

CHUNK = 128
WORTH_WORKERS = 8
"""Chunks from which starting other processes pays."""

HEADERS = """/*
  Content-Security-Policy: frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Permissions-Policy: camera=(), microphone=(), geolocation=()
  Strict-Transport-Security: max-age=31536000
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/index/*
  Cache-Control: public, max-age=31536000, immutable
"""
"""What a meta element cannot say, for hosts that read a `_headers` file."""


@dataclass(frozen=True)
class Atlas:
    """Everything that pages are made from.

    Attributes:
        cases: published episodes in reading order.
        candidates: rejected candidates, kept apart.
        redactions: kind -> replaced values in the published cases.
        index: folder of the search index below the root.
        chronicle: all releases and the life of each case.
        release_sizes: bytes of each release's file.
        relations: of each case in the order of `cases`, or none.
    """

    site: Site
    codebook: Codebook
    cases: Sequence[Episode]
    candidates: Sequence[Episode]
    tombstones: Sequence[Tombstone]
    numbers: Numbers
    sessions: dict[SessionKey, tuple[Episode, ...]]
    funnel: Funnel
    reasons: dict[str, str]
    redactions: dict[Kind, int]
    index: str
    chronicle: Chronicle = field(default_factory=Chronicle)
    release_sizes: Mapping[str, int] = field(default_factory=dict)
    relations: Sequence[Relations] = ()


def render_site(atlas: Atlas, assets: Assets, templates: Path, target: Target, report: Report) -> None:
    files = []
    for path, data in _few_pages(atlas, assets, templates):
        target.write(path, data)
        files.append(path)
    for path, data in _crawler_files(atlas, files):
        target.write(path, data)
    _write_cases(atlas, templates, target, report)


@dataclass(frozen=True)
class Target:
    """Where pages go: `write` for this process, `writer` (picklable) for workers.

    Attributes:
        write: writes one file, given its path below the root.
        writer: a function of the same kind that may be sent to another process.
        jobs: worker processes.
    """

    write: Write
    writer: Write
    jobs: int


def _few_pages(atlas: Atlas, assets: Assets, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Everything but case pages."""
    maker = _PageMaker(atlas, templates)
    for name, data in assets.files.items():
        yield f"{assets.folder}/{name}", data
    yield "favicon.svg", assets.favicon
    yield ".nojekyll", b""
    yield "_headers", HEADERS.encode()
    yield SOCIAL_CARD, draw_social_card()
    yield WITHDRAWN, write_withdrawn(atlas.tombstones)
    yield maker.explorer()
    yield from maker.lists()
    yield from maker.codebook()
    yield maker.inclusion()
    yield from maker.data()
    yield from maker.prose()
    yield maker.not_found()
    yield from maker.releases()
    for tombstone in atlas.tombstones:
        yield maker.tombstone(tombstone)


def _crawler_files(atlas: Atlas, files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Feeds and sitemap; without a base URL there are none."""
    yield from write_feeds(atlas.site, atlas.codebook, atlas.cases, atlas.chronicle)
    if not atlas.site.base_url:
        return
    pages = [path.removesuffix("index.html") for path in files if path.endswith("index.html") and path[:2] != "c/"]
    changes = {f"c/{case_id.lower()}/": change.day for case_id, change in last_changes(atlas.chronicle).items()}
    paths = sorted([*pages, *(f"c/{case.slug}/" for case in atlas.cases)])
    yield from write_sitemap(atlas.site.base_url, paths, changes)
    yield "robots.txt", write_robots(atlas.site.base_url)


class _PageMaker:
    """Makes the pages of which there are few; keeps what they share."""

    def __init__(self, atlas: Atlas, templates: Path) -> None:
        self.atlas = atlas
        self.environment = make_environment(templates, atlas.site)
        self.prose_files = Prose(templates / "prose")
        self.cells = Cells(atlas.codebook)
        self.row_lists = RowLists(
            atlas.cases,
            self.cells,
            self.environment,
            lengths=[len(atlas.cases), *(numbers.count for numbers in atlas.numbers.labels.values())],
        )

    @cached_property
    def downloads(self) -> tuple[Download, ...]:
        """Everything below `data/` but the sums."""
        atlas = self.atlas
        downloads = write_downloads(atlas.cases, atlas.codebook)
        collection = Collection(atlas.site, atlas.cases, atlas.redactions, self.prose_files.source("data"))
        return (*downloads, *write_descriptors(collection, downloads))

    def explorer(self) -> tuple[str, bytes]:
        atlas = self.atlas
        page = make_page(
            atlas.site, "", "explorer", atlas.site.title,
            f"{len(atlas.cases):,} annotated episodes in which a coding agent and its developer parted ways.",
            section="Explore",
        )  # fmt: skip
        head = describe_corpus(page, atlas.site, atlas.cases, self.downloads, has_feed=bool(atlas.chronicle.releases))
        page = replace(page, head=head)
        view = view_explorer(
            page,
            index=atlas.index,
            first=self.prose_files.page("first")[1],
            cases=atlas.cases,
            numbers=atlas.numbers,
            codebook=atlas.codebook,
            cells=self.cells,
        )
        return page.file, render_page(self.environment, "explorer", page, view=view)

    def lists(self) -> Iterator[tuple[str, bytes]]:
        for part in self.row_lists.pages(range(len(self.atlas.cases)), "list/{}/".format):
            words = f", page {part.number} of {part.pages}" if part.pages > 1 else ""
            page = make_page(
                self.atlas.site, f"list/{part.number}/", "list", f"All cases{words}",
                f"Every published case, newest first{words}.", section="Explore",
            )  # fmt: skip
            yield page.file, render_page(self.environment, "list", page, part=part)

    def codebook(self) -> Iterator[tuple[str, bytes]]:
        atlas = self.atlas
        page = make_page(
            atlas.site, "codebook/", "codebook", "Codebook",
            "Every label of the atlas with its definition and how often it occurs.", section="Codebook",
        )  # fmt: skip
        page = replace(page, head=describe_codebook(page, atlas.site, atlas.codebook))
        yield (
            page.file,
            render_page(
                self.environment,
                "codebook",
                page,
                axes=view_codebook(atlas.codebook, atlas.numbers.facets),
                total=atlas.numbers.facets.total,
            ),
        )
        for name in LABEL_AXES:
            for label in atlas.codebook.axes[name].label:
                yield from self._label(name, label.code)

    def _label(self, axis: str, code: str) -> Iterator[tuple[str, bytes]]:
        atlas = self.atlas
        view = view_label(
            atlas.codebook.axes[axis],
            atlas.codebook.axes[axis].by_code[code],
            codebook=atlas.codebook,
            prose=self.prose_files,
            numbers=atlas.numbers,
        )
        places = atlas.numbers.facets.places[axis].get(code, ())
        for part in self.row_lists.pages(places, partial(label_address, view.href)):
            page = label_frame(atlas.site, view, part.number, part.pages)
            if part.number == 1:
                has_feed = axis == "form" and bool(atlas.chronicle.releases)
                page = replace(page, head=describe_label(page, atlas.site, view.axis, view.label, has_feed=has_feed))
            yield page.file, render_page(self.environment, "label", page, view=view, part=part)

    def inclusion(self) -> tuple[str, bytes]:
        title, body = self.prose_files.page("inclusion")
        page = make_page(
            self.atlas.site,
            "inclusion/",
            "prose",
            title,
            "How many records were read, admitted and published, with a count for each reason.",
            section="Inclusion",
        )
        view = view_inclusion(self.atlas.funnel, self.atlas.reasons)
        return page.file, render_page(self.environment, "inclusion", page, heading=title, body=body, view=view)

    def data(self) -> Iterator[tuple[str, bytes]]:
        title, body = self.prose_files.page("data")
        page = make_page(
            self.atlas.site,
            "data/",
            "prose",
            title,
            "Downloads of the published cases and their labels.",
            section="Data",
        )
        yield page.file, render_page(
            self.environment, "data", page,
            heading=title, body=body, downloads=self.downloads, has_parquet=can_write_parquet(),
            has_feed=bool(self.atlas.site.base_url and self.atlas.chronicle.releases),
        )  # fmt: skip
        yield f"data/{SUMS}", write_sums(self.downloads)
        for download in self.downloads:
            yield download.path, download.data

    def prose(self) -> Iterator[tuple[str, bytes]]:
        contact = self.atlas.site.contact or "the people who host this site"
        title, body = self.prose_files.page("method")
        page = make_page(
            self.atlas.site,
            "method/",
            "prose",
            title,
            "Where the episodes and labels come from, and how to read the numbers.",
            section="Method",
        )
        redactions = [
            (TITLES[kind], count)
            for kind, count in sorted(self.atlas.redactions.items(), key=lambda item: (-item[1], item[0]))
        ]
        yield (
            page.file,
            render_page(
                self.environment,
                "method",
                page,
                heading=title,
                body=body,
                redactions=redactions,
                total=len(self.atlas.cases),
            ),
        )
        title, body = self.prose_files.page("about", contact=contact)
        page = make_page(
            self.atlas.site,
            "about/",
            "prose",
            title,
            "What the atlas is, for whom, and how to reach its keepers.",
            section="About",
        )
        yield page.file, render_page(self.environment, "about", page, heading=title, body=body, paper=cite_paper())

    def not_found(self) -> tuple[str, bytes]:
        """The one page that any address may show: its links start at the base URL's path."""
        site = self.atlas.site
        title, body = self.prose_files.page("notfound")
        page = make_page(
            site, "404.html", "prose", title, "There is no page at this address.", robots="noindex", root=site.base_path
        )
        return page.file, render_page(self.environment, "notfound", page, heading=title, body=body)

    def tombstone(self, tombstone: Tombstone) -> tuple[str, bytes]:
        page = make_page(
            self.atlas.site, f"c/{tombstone.id.lower()}/", "tombstone", f"Withdrawn case · {tombstone.id}",
            "This case is no longer published.", robots="noindex",
        )  # fmt: skip
        reason = SUPPRESSION_REASONS.get(tombstone.reason or "", "")
        history = tombstone_history(tombstone, self.atlas.chronicle.histories, self.atlas.site.releases)
        return page.file, render_page(
            self.environment, "tombstone", page, tombstone=tombstone, reason=reason, history=history,
            strip=self.cells.label_strip(tombstone.labels) if tombstone.labels else (),
        )  # fmt: skip

    def releases(self) -> Iterator[tuple[str, bytes]]:
        """The list of releases, then page and notes of each; nothing before there is one."""
        site, chronicle = self.atlas.site, self.atlas.chronicle
        if not chronicle.releases:
            return
        page = make_page(
            site, "releases/", "release", "Releases", "Every release of the atlas, and what changed in each.",
        )  # fmt: skip
        yield (
            page.file,
            render_page(
                self.environment, "releases", page, releases=list_releases(chronicle), pending=chronicle.pending
            ),
        )
        views = ReleaseViews(chronicle, self.atlas.cases, self.atlas.codebook, site)
        for place, comparison in enumerate(chronicle.comparisons):
            view = views.view(place, self.atlas.release_sizes[comparison.new])
            page = make_page(
                site, f"releases/{view.version}/", "release", f"Release {view.version}",
                f"What release {view.version} of the atlas added, revised and withdrew.",
            )  # fmt: skip
            yield page.file, render_page(self.environment, "release", page, view=view)
            yield f"releases/{view.version}/notes.md", write_notes(comparison, site.title)


class CaseMaker:
    """Renders case pages. One lives in every worker process."""

    def __init__(self, site: Site, codebook: Codebook, templates: Path, writer: Write) -> None:
        self.site = site
        self.codebook = codebook
        self.cells = Cells(codebook)
        self.environment = make_environment(templates, site)
        self.writer = writer

    def write(self, chunk: Sequence[tuple[Episode, CaseContext]]) -> int:
        for episode, context in chunk:
            view = view_case(episode, context, self.site, self.codebook, self.cells)
            self.writer(view.page.file, render_page(self.environment, "case", view.page, view=view))
        return len(chunk)


_maker: CaseMaker | None = None
"""The worker's own maker, set once when the process starts."""


def _start_worker(site: Site, codebook: Codebook, templates: Path, writer: Write) -> None:
    global _maker  # noqa: PLW0603  # the one way to hand a process pool's worker its state
    _maker = CaseMaker(site, codebook, templates, writer)


def _write_chunk(chunk: Sequence[tuple[Episode, CaseContext]]) -> int:
    assert _maker is not None, "the pool starts every worker with _start_worker"
    return _maker.write(chunk)


def _write_cases(atlas: Atlas, templates: Path, target: Target, report: Report) -> None:
    histories = atlas.chronicle.histories
    work = [
        *zip(atlas.cases, session_contexts(atlas.cases, atlas.sessions, histories, atlas.relations), strict=True),
        *((candidate, CaseContext(None, None, (), histories.get(candidate.id))) for candidate in atlas.candidates),
    ]
    chunks = [work[start : start + CHUNK] for start in range(0, len(work), CHUNK)]
    settings = (atlas.site, atlas.codebook, templates, target.writer)
    done = 0
    if target.jobs == 1 or len(chunks) < WORTH_WORKERS:
        maker = CaseMaker(*settings)
        for chunk in chunks:
            done += maker.write(chunk)
            report.advance(done, len(work))
        return
    with ProcessPoolExecutor(target.jobs, get_context("spawn"), _start_worker, settings) as pool:
        for count in pool.map(_write_chunk, chunks):
            done += count
            report.advance(done, len(work))
