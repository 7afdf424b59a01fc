"""Everything a build may be told, in one frozen object.

The only reader of the corpus folder's settings is `read.corpus_folder`; the only reader of the command line is
`cli`. This module puts the two together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from atlas_build.errors import UsageError
from atlas_build.read.corpus import Stdin
from atlas_build.read.corpus_folder import CorpusFolder, CorpusSettings, read_corpus_folder

PACKAGE = Path(__file__).parent


def shared_folder(name: str) -> Path:
    """Where `templates`, `assets` and `data` are: in the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "_share" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class BuildConfig:
    """
    Attributes:
        inputs: files to read, or the standard input.
        settings: title, base URL, contact ... of the corpus.
        ledger: path of the id ledger, or None when plain files are built.
        suppressions: path of the suppression list, or None.
        releases: folder of the release files, or None.
        out: the site's folder.
        data_dir: policies and codebook.
        jobs: worker processes, at least 1.
        strict: set-aside records make the build fail.
        base_url: canonical address with a trailing slash, or None.
        cache: file of the scrubbing cache, or None for none.
        folder: the corpus folder, or None when plain files are built.
    """

    inputs: tuple[Path | Stdin, ...]
    settings: CorpusSettings
    ledger: Path | None
    suppressions: Path | None
    out: Path
    data_dir: Path
    jobs: int = 1
    strict: bool = False
    base_url: str | None = None
    releases: Path | None = None
    cache: Path | None = None
    folder: Path | None = None

    @property
    def base_path(self) -> str:
        """The path part of the base URL, `/` without one: where the links of 404.html start."""
        return urlsplit(self.base_url).path if self.base_url else "/"

    @property
    def templates_dir(self) -> Path:
        return shared_folder("templates")

    @property
    def assets_dir(self) -> Path:
        return shared_folder("assets")


def plan_build(
    given: list[str],
    *,
    out: Path,
    data: Path | None,
    jobs: int | None = None,
    strict: bool = False,
    base_url: str | None = None,
    cache: Path | None = None,
) -> tuple[BuildConfig, CorpusFolder | None]:
    """The configuration of a corpus folder or of plain files; the folder, if it is one."""
    inputs, folder = resolve_inputs(given)
    settings = folder.settings if folder else CorpusSettings()
    config = BuildConfig(
        inputs=inputs,
        settings=settings,
        ledger=folder.ledger if folder else None,
        suppressions=folder.suppressions if folder else None,
        releases=folder.releases if folder else None,
        out=out,
        data_dir=find_data(data),
        jobs=jobs or default_jobs(),
        strict=strict,
        base_url=resolve_base_url(base_url, settings),
        cache=cache,
        folder=folder.folder if folder else None,
    )
    return config, folder


def find_data(given: Path | None) -> Path:
    """The folder with policies and codebook: the one given, or the project's own."""
    folder = given or shared_folder("data")
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", hint="--data takes a folder with policy/ and codebook/")
    return folder


def resolve_inputs(given: list[str]) -> tuple[tuple[Path | Stdin, ...], CorpusFolder | None]:
    """One corpus folder, or any number of files, or `-`."""
    if not given:
        raise UsageError("no input given", hint="name a corpus folder, files, or - for the standard input")
    paths = [Path(name) for name in given if name != "-"]
    folders = [path for path in paths if path.is_dir()]
    if folders and len(given) > 1:
        raise UsageError("a corpus folder stands alone", hint="name one corpus folder, or only files")
    if folders:
        folder = read_corpus_folder(folders[0])
        return folder.inputs, folder
    if given.count("-") > 1:
        raise UsageError("- is given twice", hint="the standard input can be read once")
    return tuple(Stdin() if name == "-" else Path(name) for name in given), None


def resolve_base_url(given: str | None, settings: CorpusSettings) -> str | None:
    """The command line wins over the corpus; the address gets its trailing slash here."""
    url = given if given is not None else settings.base_url
    if not url:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(
            "the base URL is not an address", hint="give it like https://atlas.example.org/ (no query, no #)"
        )
    return url.rstrip("/") + "/"


def default_jobs() -> int:
    """One process for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
