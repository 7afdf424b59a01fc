"""Search every file of a site with the same search, here or in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol, TypeVar

WORTH_A_JOB = 60_000_000
"""Bytes: less is searched sooner than a process starts."""
BATCH = 64

T = TypeVar("T")


class Search(Protocol[T]):
    """What is done to one file. It goes to worker processes, so it holds little and makes the rest when it is used."""

    def __call__(self, file: str, path: Path) -> set[T]:
        """
        Args:
            file: path below the site's root, with slashes.
        """


def search_files(site: Path, search: Search[T], jobs: int) -> list[tuple[str, set[T]]]:
    """What the search finds in each plain file, by path; files without a find are left out."""
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    tasks = [(path.relative_to(site).as_posix(), path) for path in paths]
    jobs = min(jobs, sum(path.stat().st_size for path in paths) // WORTH_A_JOB)
    if jobs <= 1:
        return [(file, found) for file, path in tasks if (found := search(file, path))]
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (search,)) as pool:
        results = pool.map(_run_task, tasks, chunksize=BATCH)
        return [(file, found) for (file, _), found in zip(tasks, results, strict=True) if found]


_worker: dict[str, Search[Any]] = {}
"""The search of this process; filled once by `_start_worker`, in worker processes only."""


def _start_worker(search: Search[Any]) -> None:
    _worker["search"] = search


def _run_task(task: tuple[str, Path]) -> set[Any]:
    return _worker["search"](*task)


def read_folder(
    site: Path, folder: Path, read_index: Callable[[Mapping[str, bytes]], Iterator[tuple[str, str]]]
) -> Iterator[tuple[str, str]]:
    """(file of the site, text) of everything that an index in `folder` says."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    place = folder.relative_to(site).as_posix()
    yield from ((f"{place}/{file}", text) for file, text in read_index(files))
