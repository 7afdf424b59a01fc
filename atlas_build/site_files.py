"""Data files of a finished site: in a folder, or on the web.

On the web only files below the given address are fetched, with a time limit and a size limit, and redirects to
another host are refused. Nothing but GET is sent, and no cookie, referrer or body.
"""

from __future__ import annotations

import gzip
import io
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from atlas_build.errors import InputError, UsageError

TIMEOUT = 20
"""Seconds of silence after which a server is given up."""
LARGEST = 100_000_000
"""Bytes that are fetched of one file; hosts take a quarter of that."""
LARGEST_INSIDE = 1_000_000_000
"""Bytes that a compressed file may unfold to."""


class SiteSource(Protocol):
    name: str

    def read(self, path: str) -> bytes | None:
        """A file below the root, unfolded when it ends in `.gz`; None when the site has none."""


class FolderSource:
    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        if not (folder / "index.html").is_file():
            raise UsageError(f"{folder} is not a site", hint="name the folder that `misalignment-atlas build` wrote")

    def read(self, path: str) -> bytes | None:
        try:
            data = (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise InputError(f"{self.name}: {path} cannot be read: {error.strerror}") from None
        return unfold(data, f"{self.name}: {path}") if path.endswith(".gz") else data


class WebSource:
    """
    Args:
        url: address of the front page, http or https.
    """

    def __init__(self, url: str) -> None:
        self.name = url.rstrip("/") + "/"
        parts = urlsplit(self.name)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError("the site is not a web address", hint="give it like https://atlas.example.org/")
        self._opener = urllib.request.build_opener(_SameHostRedirects())

    def read(self, path: str) -> bytes | None:
        request = urllib.request.Request(self.name + path, headers={"User-Agent": "misalignment-atlas"})
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                data: bytes = response.read(LARGEST + 1)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise InputError(f"{self.name}{path}: the server answers {error.code}", hint="try again later") from None
        except (OSError, ValueError) as error:
            reason = type(getattr(error, "reason", error)).__name__
            raise InputError(f"{self.name}{path} cannot be fetched ({reason})", hint="check address and net") from None
        if len(data) > LARGEST:
            raise InputError(f"{self.name}{path} has more than {LARGEST:,} bytes", hint="check a copy with --site DIR")
        return unfold(data, self.name + path) if path.endswith(".gz") else data


class _SameHostRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        is_safe = new.scheme == "https" or new.scheme == old.scheme == "http"
        if new.hostname != old.hostname or not is_safe:
            raise urllib.error.HTTPError(req.full_url, code, "redirect to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def unfold(data: bytes, name: str) -> bytes:
    """A gzip file's content. Servers may have unfolded it already."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            content = file.read(LARGEST_INSIDE + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError(f"{name} is a damaged gzip file", hint="fetch or build it again") from None
    if len(content) > LARGEST_INSIDE:
        raise InputError(f"{name} unfolds to more than {LARGEST_INSIDE:,} bytes", hint="is this the right site?")
    return content


def open_site(place: str) -> SiteSource:
    """A folder, or an address that begins with http."""
    return WebSource(place) if place.startswith(("http://", "https://")) else FolderSource(Path(place))
