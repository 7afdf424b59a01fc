"""One walk over the files of a site for everything that looks at them.

Each file is read and decoded once, in one of several processes, and shown to each verifier. A line of a page in which
nobody found anything is not shown again, since most lines stand on many pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from atlas_build.verify.decoding import Batch
from atlas_build.verify.files import FolderFiles
from atlas_build.verify.reading import PageReader
from atlas_build.verify.site_file import SiteFile
from atlas_build.workers import spread

WORTH_A_JOB = 20_000_000
"""Bytes: less is searched sooner than a process starts."""
BYTES_A_TASK = 6_000_000
INDEX = "index/"
TERM_SHARD = re.compile(r"index/[^/]+/terms/[^/]+\.json")

ReadIndex = Callable[[Mapping[str, bytes]], Iterator[tuple[str, str]]]
"""The files of an index, by their path in it -> (path, text) of everything readable in them."""


Advance = Callable[[int, int], None]
"""Told how many tasks of how many are done."""


class PageCheck(Protocol):
    """Looks at page after page, in any process. It may go to a worker process, so it holds little."""

    def look_at_page(self, file: SiteFile) -> bool:
        """Whether nothing was found, so that the page's lines need not be looked at again."""
        ...

    def fail(self, file: str, error: OSError) -> None:
        """The file cannot be read."""
        ...

    def take(self) -> Any:
        """What was found since the last call."""
        ...


class Search(PageCheck, Protocol):
    """Looks at all other files, too."""

    def look_at_text(self, file: SiteFile) -> None:
        """A text file that is no page."""
        ...

    def look_at_pieces(self, file: SiteFile, batch: Batch) -> None:
        """Some pieces of a data file."""
        ...

    def look_at_terms(self, file: str, text: str) -> None:
        """The terms that a file of the search index spells out, one a line."""
        ...


@dataclass(frozen=True)
class Sweep:
    """Shows files to checks and searches.

    Attributes:
        read_index: spells out the terms of the search index; without it its files are data like others.
    """

    site: Path
    checks: Sequence[PageCheck]
    searches: Sequence[Search]
    read_index: ReadIndex | None = None

    @property
    def lookers(self) -> Sequence[PageCheck]:
        return (*self.checks, *self.searches)

    @cached_property
    def pages(self) -> PageReader:
        return PageReader()

    def __call__(self, files: Sequence[str]) -> list[Any]:
        """What each check and search took from these files. A name that ends with a slash is the folder of an index."""
        for file in files:
            if file.endswith("/"):
                self._show_terms(file)
            else:
                self._show(file)
        return [looker.take() for looker in self.lookers]

    def _show(self, path: str) -> None:
        try:
            file = SiteFile(path, (self.site / path).read_bytes(), self.pages)
        except OSError as error:
            for looker in self.lookers:
                looker.fail(path, error)
            return
        if file.is_page:
            clean = [looker.look_at_page(file) for looker in self.lookers]
            if all(clean):
                file.remember()
        elif file.is_data:
            for batch in file.batches():
                for search in self.searches:
                    search.look_at_pieces(file, batch)
        else:
            for search in self.searches:
                search.look_at_text(file)

    def _show_terms(self, folder: str) -> None:
        assert self.read_index, "only `plan` names folders, and only with a reader"
        for path, text in self.read_index(FolderFiles(self.site / folder)):
            if TERM_SHARD.fullmatch(f"{folder}{path}"):
                for search in self.searches:
                    search.look_at_terms(f"{folder}{path}", text)

    def plan(self, sizes: Mapping[str, int]) -> list[list[str]]:
        """The files as tasks of about equal size, in the order of their paths, large data files before all."""
        folders = sorted({"/".join(path.split("/", 2)[:2]) + "/" for path in sizes if _is_index(path)})
        small, tasks = list[str](), list[list[str]]()
        for path, size in sizes.items():
            if self.read_index and TERM_SHARD.fullmatch(path):
                continue
            if size > BYTES_A_TASK // 2:
                tasks.append([path])
            else:
                small.append(path)
        tasks += [[folder] for folder in folders if self.read_index]
        task, total = list[str](), 0
        for path in small:
            task.append(path)
            total += sizes[path]
            if total >= BYTES_A_TASK:
                tasks.append(task)
                task, total = [], 0
        return [*tasks, task]


def _is_index(path: str) -> bool:
    return path.startswith(INDEX) and path.count("/") > 1


def unheard(done: int, total: int) -> None:
    """An `Advance` that nobody listens to."""


def sweep(work: Sweep, sizes: Mapping[str, int], jobs: int, advance: Advance = unheard) -> Iterator[list[Any]]:
    """What each check and search found, task by task; the tasks are the same for any number of jobs.

    Args:
        sizes: path of each file below the site's root, sorted -> bytes.
    """
    jobs = max(1, min(jobs, sum(sizes.values()) // WORTH_A_JOB))
    tasks = work.plan(sizes)
    for done, found in enumerate(spread(work, tasks, jobs), 1):
        advance(done, len(tasks))
        yield found
