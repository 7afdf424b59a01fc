"""Write every page of the site into a folder.

`render_site` gathers what all pages share, then writes page by page; case pages, which are most of them, are spread
over worker processes. A page depends on its view alone, so the bytes are the same for any number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from atlas_build.render.assets import Assets
from atlas_build.render.atlas import Atlas
from atlas_build.render.case_view import Neighbourhood
from atlas_build.render.changes import last_changes
from atlas_build.render.exports import DOWNLOADS, Download, MakeDownload
from atlas_build.render.feeds import write_feeds
from atlas_build.render.metadata import SOCIAL_CARD
from atlas_build.render.page_maker import PageMaker
from atlas_build.render.sitemap import write_robots, write_sitemap
from atlas_build.render.social_card import draw_social_card
from atlas_build.render.withdrawn import WITHDRAWN, write_withdrawn
from atlas_build.report import Report
from atlas_build.workers import spread

Write = Callable[[str, bytes], object]

CHUNK = 128
"""Case pages that a process renders at a time."""
WORTH_WORKERS = 1000
"""Cases from which starting other processes pays."""

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


def render_site(atlas: Atlas, assets: Assets, templates: Path, target: Target, report: Report) -> None:
    work = Work(atlas, templates, target.writer)
    jobs = target.jobs if len(atlas.cases) >= WORTH_WORKERS else 1
    files, downloads = list[str](), list[Download]()
    done, total = 0, len(atlas.cases) + len(atlas.candidates)
    for result in spread(work, work.tasks(), jobs):
        files += result.files
        downloads += result.downloads
        done += result.cases
        report.advance(done, total)
    maker = PageMaker(atlas, templates, downloads)
    for path, data in _few_pages(maker, assets):
        target.write(path, data)
        files.append(path)
    for path, data in (*_crawler_files(atlas, files), *maker.former_pages()):
        target.write(path, data)


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


class Task(NamedTuple):
    """A part of the site. `cases` and `candidates` are places of those to render; `download` is one of `DOWNLOADS`."""

    cases: range = range(0)
    candidates: range = range(0)
    download: int | None = None
    lists: bool = False


class Result(NamedTuple):
    """What has been written.

    Attributes:
        files: of pages beside case pages.
        downloads: without their data.
    """

    files: Sequence[str] = ()
    downloads: Sequence[Download] = ()
    cases: int = 0


@dataclass(frozen=True)
class Work:
    """Renders whatever there is much of, part by part, in any process."""

    atlas: Atlas
    templates: Path
    write: Write

    def tasks(self) -> list[Task]:
        """The long ones first, so that no process is left alone with one in the end."""
        return [
            *(Task(download=place) for place in range(len(DOWNLOADS))),
            Task(lists=True),
            *(Task(cases=some) for some in _cut(len(self.atlas.cases))),
            *(Task(candidates=some) for some in _cut(len(self.atlas.candidates))),
        ]

    def __call__(self, task: Task) -> Result:
        atlas, maker = self.atlas, self.maker
        if task.download is not None:
            return Result(downloads=list(self._write_download(DOWNLOADS[task.download])))
        if task.lists:
            return Result(files=[self._write_page(page) for page in (*maker.lists(), *maker.labels())])
        for place in task.cases:
            self._write_page(maker.case(atlas.cases[place], self.neighbourhood.context(place)))
        for place in task.candidates:
            candidate = atlas.candidates[place]
            self._write_page(maker.case(candidate, self.neighbourhood.candidate_context(candidate)))
        return Result(cases=len(task.cases) + len(task.candidates))

    @cached_property
    def maker(self) -> PageMaker:
        return PageMaker(self.atlas, self.templates)

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        atlas = self.atlas
        return Neighbourhood(
            atlas.cases,
            self.maker.cells,
            sessions=atlas.sessions,
            repositories=atlas.repositories,
            histories=atlas.chronicle.histories,
            relations=atlas.relations,
        )

    def _write_page(self, page: tuple[str, bytes]) -> str:
        self.write(*page)
        return page[0]

    def _write_download(self, make: MakeDownload) -> Iterator[Download]:
        download = make(self.atlas.cases, self.atlas.codebook)
        if download is not None:
            self.write(download.path, download.data)
            yield download.without_data()


def _cut(count: int) -> Iterator[range]:
    yield from (range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))


def _few_pages(maker: PageMaker, assets: Assets) -> Iterator[tuple[str, bytes]]:
    """Everything of which there is little."""
    atlas = maker.atlas
    for name, data in assets.files.items():
        yield f"{assets.folder}/{name}", data
    yield "favicon.svg", assets.favicon
    yield ".nojekyll", b""
    yield "_headers", HEADERS.encode()
    yield SOCIAL_CARD, draw_social_card()
    yield WITHDRAWN, write_withdrawn(atlas.tombstones)
    yield maker.explorer()
    yield maker.codebook()
    yield maker.inclusion()
    yield maker.data()
    yield from maker.small_files()
    yield maker.method()
    yield from maker.prompts()
    yield maker.about()
    yield maker.cite()
    yield maker.practice()
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
