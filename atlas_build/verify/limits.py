"""How many files and bytes a site may have. The numbers and their reasons are in data/policy/limits.toml."""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atlas_build.errors import PolicyError
from atlas_build.verify.addresses import FRONT
from atlas_build.verify.files import CASES, SiteFiles
from atlas_build.verify.pages import KINDS
from atlas_build.verify.problem import Problem

GZIP_LEVEL = 6
"""What hosts use for text."""

NAMED_BY_A_PAGE = re.compile(rb'(?:href|src)="(assets/[\w./-]+\.(?:css|js))"')
"""Styles and scripts in the head of the front page, whose addresses are relative to the root."""

MEDIAN_SAMPLE = 255
"""Pages that a median is taken of: evenly spaced by path, so that the answer is the same each time."""

Bytes = Annotated[int, Field(strict=True, gt=0)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileLimits(_Table):
    others: Annotated[int, Field(strict=True, gt=0)]
    largest: Bytes
    total: Bytes


class ExplorerLimits(_Table):
    shell_gzip: Bytes
    first_data_gzip: Bytes
    first_data_gzip_each: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class PageLimits(_Table):
    raw: Bytes
    gzip: Bytes
    median_gzip: Bytes | None = None
    median_from: Annotated[int, Field(ge=1)] = 20
    """Pages from which a median is judged; that of a few says nothing."""


class Limits(_Table):
    files: FileLimits
    explorer: ExplorerLimits
    page: dict[str, PageLimits]
    """By kind of page."""


def read_limits(path: Path) -> Limits:
    """
    Raises:
        PolicyError: the file is missing or broken; the message names the entry.
    """
    try:
        limits = Limits.model_validate(tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise PolicyError(
            f"{path} cannot be read ({error.strerror})", hint="check the path given with --data"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"{path} is not TOML in UTF-8", hint="restore its last good version") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:120]
        raise PolicyError(f"{path}: {where}: {first['msg'][:120]}", hint="docs/checks.md describes it") from error
    if differing := sorted(limits.page.keys() ^ KINDS):
        raise PolicyError(
            f"{path}: page: one table for each kind of page is needed; look at {', '.join(differing)[:120]}",
            hint=f"the kinds are {', '.join(sorted(KINDS))}",
        )
    return limits


def gzip_size(data: bytes, level: int = GZIP_LEVEL) -> int:
    """Bytes of `data` as a host would send it."""
    return len(zlib.compress(data, level, wbits=31))


def _exceeds_gzip(data: bytes, allowed: int) -> bool:
    """Most pages are far below; then their own length, or the fastest level, answers without the slow one."""
    return len(data) > allowed and gzip_size(data, 1) > allowed and gzip_size(data) > allowed


def check_page_size(path: str, kind: str, data: bytes, limits: Limits) -> Iterator[Problem]:
    allowed = limits.page.get(kind)
    if allowed is None:
        return
    if len(data) > allowed.raw:
        yield Problem(path, "page-size", f"{len(data):,} bytes; a page of the kind {kind} may have {allowed.raw:,}")
    elif _exceeds_gzip(data, allowed.gzip):
        size = gzip_size(data)
        yield Problem(
            path, "page-size", f"{size:,} bytes after gzip; a page of the kind {kind} may have {allowed.gzip:,}"
        )


def check_file_limits(files: SiteFiles, limits: Limits) -> Iterator[Problem]:
    cases = sum(path.startswith(CASES) and path.endswith(f"/{FRONT}") for path in files.sizes)
    others = len(files.sizes) - cases
    if others > limits.files.others:
        yield Problem(".", "file-count", f"{others:,} files beside the case pages; may be {limits.files.others:,}")
    for path, size in files.sizes.items():
        if size > limits.files.largest:
            yield Problem(path, "file-size", f"{size:,} bytes; a file may have {limits.files.largest:,}")
    total = sum(files.sizes.values())
    if total > limits.files.total:
        yield Problem(".", "site-size", f"{total:,} bytes; a site may have {limits.files.total:,}")


def check_explorer_size(files: SiteFiles, limits: Limits, *, index_file: str, episodes: int) -> Iterator[Problem]:
    """What a first visit loads: page, style sheet and the scripts that the page names; then the facets. Scripts that
    are fetched on first use are not among them. `index_file` is "" when unknown."""
    page = files.read(FRONT) if FRONT in files.sizes else b""
    shell = {FRONT, *(path.decode("ascii") for path in NAMED_BY_A_PAGE.findall(page))}
    size = sum(gzip_size(files.read(path)) for path in sorted(shell) if path in files.sizes)
    if size > limits.explorer.shell_gzip:
        message = f"{size:,} bytes of HTML, CSS and JS after gzip; may be {limits.explorer.shell_gzip:,}"
        yield Problem(FRONT, "explorer-size", message)
    if index_file in files.sizes:
        allowed = max(limits.explorer.first_data_gzip, int(limits.explorer.first_data_gzip_each * episodes))
        size = gzip_size(files.read(index_file))
        if size > allowed:
            yield Problem(
                index_file, "first-data", f"{size:,} bytes after gzip; {episodes:,} episodes may need {allowed:,}"
            )


def check_medians(files: SiteFiles, pages: Mapping[str, Sequence[str]], limits: Limits) -> Iterator[Problem]:
    """`pages`: kind -> its pages by path."""
    for kind, allowed in sorted(limits.page.items()):
        paths = pages.get(kind, ())
        if allowed.median_gzip is None or len(paths) < allowed.median_from:
            continue
        step = -(-len(paths) // MEDIAN_SAMPLE)
        size = int(median(gzip_size(files.read(path)) for path in paths[::step]))
        if size > allowed.median_gzip:
            message = f"the median {kind} page has {size:,} bytes after gzip; may be {allowed.median_gzip:,}"
            yield Problem(".", "median-size", message)
