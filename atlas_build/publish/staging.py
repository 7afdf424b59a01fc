"""Build beside the old site, then swap.

A `Staging` is a sibling folder `.NAME.atlas-PID` of the target. Files that did not change are hard links to the old
site's, so that a rebuild writes only what differs. `publish()` exchanges the two names; whatever happens before that,
the old site stands untouched, and leaving the context removes the sibling. A folder without our marker file is never
replaced.
"""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from atlas_build.errors import PublishError
from atlas_build.publish.exchange import exchange

MARKER = ".misalignment-atlas"
"""Says that a folder is ours to replace."""

MARKER_TEXT = b"This folder is written by misalignment-atlas. The next build replaces it.\n"
CLOCK_ERROR = 2
"""Seconds by which the start of a process may be wrong: the moment of booting is told in whole ones."""
KEPT = (".gitignore",)
"""Files of the target that a build carries over: the repository keeps its empty site folder with one."""


class Staging:
    """A site in the making. Use as a context manager; call `publish()` last.

    Attributes:
        path: the folder to write into.
        target: where the site will be.
    """

    def __init__(self, target: Path) -> None:
        self.target = Path(os.path.abspath(target))  # noqa: PTH100  Path.absolute() keeps `..`, which has no sibling
        if not self.target.name:
            raise PublishError(f"{target} cannot be replaced", hint="give --out the name of a folder")
        self.path = self.target.with_name(f".{self.target.name}.atlas-{os.getpid()}")
        self.written = 0
        self.linked = 0
        self._made: list[Path] = []
        """Parent folders that were not there before, the innermost first."""

    def __enter__(self) -> Staging:
        refuse_foreign(self.target)
        remove_strays(self.target)
        self._made = [folder for folder in self.path.parents if not folder.exists()]
        try:
            self.path.mkdir(parents=True)
        except OSError as error:
            self._remove_made()
            raise PublishError(
                f"cannot create a folder beside {self.target}: {error.strerror}",
                hint="check that the parent folder exists and is writable",
            ) from error
        self.write(MARKER, MARKER_TEXT)
        for name in KEPT:
            if (self.target / name).is_file():
                self.write(name, (self.target / name).read_bytes())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._remove_made()

    def _remove_made(self) -> None:
        """Nothing stays of a build that failed. A folder with a site, or anything else, is not empty and stays."""
        for folder in self._made:
            with suppress(OSError):
                folder.rmdir()

    def write(self, relative: str, data: bytes) -> None:
        if write_file(self.path, self.target, relative, data):
            self.written += 1
        else:
            self.linked += 1

    def publish(self) -> None:
        """Swap the finished site in. The old one ends under the sibling's name and is removed on leaving."""
        try:
            if self.target.exists():
                exchange(self.target, self.path)
            else:
                self.path.rename(self.target)
        except OSError as error:
            raise PublishError(
                f"cannot put the new site in place at {self.target}: {error.strerror}",
                hint="the old site is unchanged; check permissions and that no program holds the folder",
            ) from error


def write_file(staging: Path, old: Path, relative: str, data: bytes) -> bool:
    """Write one file of the new site, or link the old site's when it holds the same bytes.

    Returns:
        True when bytes were written, False when the old file was linked.
    """
    path, before = f"{staging}/{relative}", f"{old}/{relative}"
    _make_folder(os.path.dirname(path))  # noqa: PTH120  pathlib costs more than the writing
    if _same(before, data):
        try:
            os.link(before, path)
            return False
        except OSError:
            pass  # a file system without hard links: write it
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)
    return True


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


def _same(path: str, data: bytes) -> bool:
    try:
        if os.stat(path).st_size != len(data):  # noqa: PTH116
            return False
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.read() == data
    except OSError:
        return False


def refuse_foreign(target: Path) -> None:
    """Only an absent, an empty or an earlier atlas folder may be replaced."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise PublishError(f"{target} is not a folder", hint="give --out the name of a folder")
    if not target.exists() or (target / MARKER).is_file():
        return
    if any(entry.name not in KEPT for entry in target.iterdir()):
        raise PublishError(
            f"{target} holds files that this program did not write",
            hint="give --out an empty or new folder, or empty this one yourself",
        )


def remove_strays(target: Path) -> None:
    """Remove siblings that killed builds of this target left behind. Those of running builds stay."""
    for stray in target.parent.glob(f".{glob.escape(target.name)}.atlas-*"):
        owner = stray.name.rpartition("-")[2]
        if owner.isdecimal() and not _is_running(int(owner), stray):
            shutil.rmtree(stray, ignore_errors=True)
    aside = target.with_name(f"{target.name}.aside")
    if aside.is_dir() and (aside / MARKER).is_file():
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(target)  # killed between two renames: the old site comes back


def _is_running(pid: int, stray: Path) -> bool:
    """Whether the process that made `stray` still runs, and not merely another one under its number."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _started_after(pid, stray)


def _started_after(pid: int, stray: Path) -> bool:
    """Where the system tells (Linux): a process that is younger than the folder has not made it."""
    try:
        after_boot = int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19]) / os.sysconf(
            "SC_CLK_TCK"
        )
        [booted] = [
            int(line[6:]) for line in Path("/proc/stat").read_bytes().splitlines() if line.startswith(b"btime ")
        ]
        return booted + after_boot > stray.stat().st_mtime + CLOCK_ERROR
    except (OSError, ValueError, IndexError):
        return False
