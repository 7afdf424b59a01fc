"""Spread work over processes.

On Linux workers are forks of this process: what the work holds is there at once, shared with the parent page by page,
and neither imported nor copied again. Elsewhere, and when this process has threads, which a fork would lose, workers
are started afresh and get a pickled copy of the work.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def spread(work: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """What `work` makes of each task, in the order of the tasks.

    Args:
        work: may keep things between the tasks of one process; its results must not depend on them.
        jobs: most worker processes; with one, or for one task, this process does the work.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        yield from map(work, tasks)
        return
    pool = ProcessPoolExecutor(jobs, _context(), _start, (work,))
    try:
        yield from pool.map(_run, tasks)
    finally:
        pool.shutdown(cancel_futures=True)


def shares_memory() -> bool:
    """Whether workers that are started now will have all that this process has."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


def _context() -> BaseContext:
    return get_context("fork" if shares_memory() else "spawn")


def end_with_parent() -> None:
    """In a worker: end when the parent does, also when that was killed and could not say so."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


_worker: dict[str, Callable[[Any], Any]] = {}
"""The work of this process; filled once by `_start`, in worker processes only."""


def _start(work: Callable[[Any], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides; it stops its workers
    end_with_parent()
    gc.freeze()  # a collector that walked what is shared would make copies of it
    _worker["work"] = work


def _run(task: Any) -> Any:
    return _worker["work"](task)
