"""Where a link of a page leads.

Links inside the site are relative, so that it works under any path; only `404.html`, which a host shows at any
address, starts its links with the base URL's path.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from typing import NamedTuple
from urllib.parse import unquote

from atlas_build.model.codebook import VOCABULARIES
from atlas_build.model.facets import BY_NAME, Missing

FRONT = "index.html"
NOT_FOUND = "404.html"

QUERY_NAMES = frozenset({
    "q", "from", "to", "turns", "sort", "seed", "sample", "stratify", "view", "axes", "cols", "compare", "page", "r",
})  # fmt: skip
"""Keys of the explorer's query language that are no facets."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"^[\x00-\x20]+|[\t\n\r]+")
_MEMORY = 50_000


class Address(NamedTuple):
    """A link's target: a file of the site and what to find there. `fault` says why there is none."""

    file: str = ""
    query: str = ""
    anchor: str = ""
    rule: str = ""
    fault: str = ""


def scheme_of(url: str) -> str:
    """`https`, `mailto` ... in lower case, `//` for an address without scheme on another host, "" inside the site.

    Browsers drop control characters, and take a backslash for a slash; so does this.
    """
    url = _IGNORED.sub("", url)
    if url[:2].replace("\\", "/") == "//":
        return "//"
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


class Resolver:
    """Resolves links of one site. Remembers, because most pages share most links."""

    def __init__(self, files: Container[str], base_path: str) -> None:
        self._files = files
        self._base_path = base_path
        self._known: dict[tuple[str, str], Address] = {}

    def resolve(self, page: str, url: str) -> Address:
        """The address of an internal `url` that stands on `page`."""
        if page == NOT_FOUND or not url or url[0] in "?#":
            return self._resolve(page, url)
        folder = page.rpartition("/")[0]
        if folder and url.startswith("../"):
            folder = f"{folder.rpartition('/')[0]}/*"  # the same for every page of sibling folders
        if (folder, url) not in self._known:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[folder, url] = self._resolve(page, url)
        return self._known[folder, url]

    def _resolve(self, page: str, url: str) -> Address:
        rest, _, anchor = url.partition("#")
        path, _, query = rest.partition("?")
        folder = posixpath.dirname(page)
        if page == NOT_FOUND and (path or query):
            if not path.startswith(self._base_path):
                return Address(rule="link-form", fault=f"must start with the site's path, {self._base_path}")
            path = path.removeprefix(self._base_path) or "./"
        elif path.startswith("/"):
            return Address(rule="link-form", fault="starts with a slash; it must be relative")
        file = _file(folder, unquote(path)) if path else page
        if file not in self._files:
            return Address(file, rule="link", fault="leads to a file that is not there")
        fault = query_fault(file, query) if query else ""
        return Address(file, query, unquote(anchor), "query" if fault else "", fault)


def _file(folder: str, path: str) -> str:
    """The file below the root that a host answers a path with."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    if path.endswith(("/", "/.", "/..")) or path in (".", ".."):
        return FRONT if joined == "." else f"{joined}/{FRONT}"
    return joined


def query_fault(file: str, query: str) -> str:
    """What the explorer would not understand of a query, or ""."""
    if file != FRONT:
        return "has a query, but only the explorer reads one"
    for part in query.split("&"):
        key, _, values = part.partition("=")
        facet = key.removesuffix(".match")
        if facet not in BY_NAME and key not in QUERY_NAMES:
            return "has a query key that the explorer does not know"
        if key in VOCABULARIES and not all(_is_known(key, value) for value in values.split(",")):
            return f"has a value for {key} that the codebook does not know"
    return ""


def _is_known(facet: str, value: str) -> bool:
    value = value.removeprefix("-")
    if value in {missing.value for missing in Missing}:
        return True
    if facet == "invalid" and value.startswith(("custom:", "custom%3A")):
        return True
    code, _, tier = unquote(value).partition(":")
    known = code in VOCABULARIES[facet]
    return known and (not tier or (facet == "cause" and _is_known("tier", tier)))
