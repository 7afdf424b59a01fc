"""The files of a finished site."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas_build.errors import InputError
from atlas_build.verify.problem import Problem

MARKER = ".misalignment-atlas"
"""The file that says a folder is a site of ours; `publish` writes it first."""

CASES = "c/"
"""The folder of case pages."""


@dataclass(frozen=True)
class SiteFiles:
    """Every plain file below the root.

    Attributes:
        root: the site's folder.
        sizes: path below the root, with slashes -> bytes; sorted by path.
        strange: paths of links, sockets and the like, which no host would serve.
    """

    root: Path
    sizes: dict[str, int]
    strange: tuple[str, ...]

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def named(self, *endings: str, below: str = "") -> list[str]:
        return [path for path in self.sizes if path.endswith(endings) and path.startswith(below)]


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder by their path in it; each is read when it is asked for, and only `index.json` is listed.

    A reader of an index finds the others by what that file says.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, path: str) -> bytes:
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            raise KeyError(path) from None

    def __iter__(self) -> Iterator[str]:
        return iter(["index.json"])

    def __len__(self) -> int:
        return 1


def list_files(root: Path) -> SiteFiles:
    """
    Raises:
        InputError: the folder cannot be read, or is not a site of ours.
    """
    hint = "name the folder that `misalignment-atlas build` wrote"
    if not root.is_dir():
        raise InputError(f"{root} is not a folder", hint=hint)
    if not (root / MARKER).is_file():
        raise InputError(f"{root} is not a site of ours: it has no file {MARKER}", hint=hint)
    try:
        entries = sorted(_walk(root, ""))
    except OSError as error:
        raise InputError(f"cannot list the files of {root}: {error.strerror}", hint="check its permissions") from error
    sizes = {path: size for path, size in entries if size is not None}
    return SiteFiles(root, sizes, tuple(path for path, size in entries if size is None))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int | None]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                yield path, entry.stat(follow_symlinks=False).st_size
            else:
                yield path, None


def check_presence(files: SiteFiles) -> Iterator[Problem]:
    """Files that every host or browser asks for, and none that a host would not serve."""
    needed = {
        "index.html": "the front page",
        "404.html": "without it some hosts answer every address with the front page",
        ".nojekyll": "without it GitHub Pages leaves files out",
        "favicon.svg": "every browser asks for it",
    }
    for path, why in needed.items():
        if path not in files.sizes:
            yield Problem(path, "missing-file", f"is missing: {why}")
    for path in files.strange:
        yield Problem(path, "strange-file", "is not a plain file; replace it by what it stands for")
