"""Exchange two folders' names in one step, where the system can.

Linux has renameat2(RENAME_EXCHANGE) and macOS renamex_np(RENAME_SWAP): afterwards both names exist, each with the
other's content, and no reader ever sees neither. Elsewhere two renames do, with the first undone if the second fails.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2  # linux/fs.h
RENAME_SWAP = 2  # sys/stdio.h of macOS


def exchange(first: Path, second: Path) -> None:
    """Swap the names of two existing folders of one file system.

    Raises:
        OSError: nothing was changed, or the old name was put back.
    """
    if not _exchange_in_one_step(first, second):
        _exchange_by_renames(first, second)


def _exchange_in_one_step(first: Path, second: Path) -> bool:
    """True when the kernel did it; False when it cannot, so that the caller falls back."""
    libc = ctypes.CDLL(None, use_errno=True)
    old, new = os.fsencode(first), os.fsencode(second)
    if sys.platform.startswith("linux") and hasattr(libc, "renameat2"):
        return bool(libc.renameat2(AT_FDCWD, old, AT_FDCWD, new, RENAME_EXCHANGE) == 0)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(old, new, RENAME_SWAP) == 0)
    return False


def _exchange_by_renames(first: Path, second: Path) -> None:
    aside = first.with_name(f"{first.name}.aside")
    first.rename(aside)
    try:
        second.rename(first)
    except BaseException:
        aside.rename(first)
        raise
    aside.rename(second)
