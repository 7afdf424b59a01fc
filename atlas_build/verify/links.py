"""Every link, anchor and file that a page, a style sheet or a script names is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape

from atlas_build.verify.addresses import FRONT, Address, Resolver, scheme_of
from atlas_build.verify.files import CASES, SiteFiles
from atlas_build.verify.markup import line_at
from atlas_build.verify.problem import Problem, show
from atlas_build.verify.reading import PageText

LISTING_KINDS = frozenset({"explorer", "list", "codebook", "label", "prose"})
"""Pages that lead to published cases and to nothing else below `c/`."""

SITEMAP = "sitemap.xml"
_LOCATION = re.compile(r"<loc>\s*([^<]*?)\s*</loc>")

ALWAYS_THERE = ("", "top")
"""Anchors that every page has."""

_CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]*)["']?\s*\)|@import\s+["']([^"']*)["']""", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_JS_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^'";()]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']"""
    r"""|\bimport\(\s*["']([^"']+)["']\s*\)""",
    re.MULTILINE,
)
_JS_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_SVG_ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']([^"']*)["']|url\(\s*["']?([^"')]*)["']?\s*\)""", re.IGNORECASE)


class LinkChecker:
    """Checks links page by page.

    Args:
        base_url: the site's own address, or ""; whole addresses below it in a head must lead to a file too.

    Attributes:
        wanted: file -> (anchor -> first page that wants it), for anchors on other pages.
        listed: case page -> first page that leads to it, of those that only lead to published cases.
        in_list: case page -> first page of the list of all cases that leads to it.
    """

    def __init__(self, resolver: Resolver, base_url: str) -> None:
        self._resolver = resolver
        self._base_url = base_url
        self.wanted: dict[str, dict[str, str]] = {}
        self.listed: dict[str, str] = {}
        self.in_list: dict[str, str] = {}

    def take(self) -> tuple[dict[str, dict[str, str]], dict[str, str], dict[str, str]]:
        """`wanted`, `listed` and `in_list`, which begin anew."""
        taken = self.wanted, self.listed, self.in_list
        self.wanted, self.listed, self.in_list = {}, {}, {}
        return taken

    def check(self, page: PageText) -> Iterator[Problem]:
        ids = page.ids
        for token, facts, _ in page.tags:
            for url in facts.links:
                address = self._resolver.resolve(page.path, url)
                if address.rule:
                    where = f" {show(address.file)}" if address.file else ""
                    yield page.problem(address.rule, f"a link{where} {address.fault}", token)
                elif address.file != page.path:
                    self._note(page, address)
                elif address.anchor not in ids and address.anchor not in ALWAYS_THERE:
                    yield page.problem("anchor", f"the anchor {show('#' + address.anchor)} is not there", token)

    def check_head(self, page: PageText) -> Iterator[Problem]:
        """Whole addresses: metadata has to give them, so that they can be read away from the page."""
        for tag in page.head if self._base_url else ():
            named = tag.attributes.get("href" if tag.name == "link" else "content", "")
            if named.startswith(self._base_url) and not resolve_own(self._resolver, self._base_url, named):
                yield page.problem("link", f"an address in the head ({tag.name}) leads to a file that is not there")

    def _note(self, page: PageText, address: Address) -> None:
        """Keep what can only be judged when all pages are known."""
        if address.anchor:
            self.wanted.setdefault(address.file, {}).setdefault(address.anchor, page.path)
        if address.file.startswith(CASES) and page.kind in LISTING_KINDS:
            self.listed.setdefault(address.file, page.path)
            if page.kind == "list":
                self.in_list.setdefault(address.file, page.path)


def resolve_own(resolver: Resolver, base_url: str, url: str) -> str:
    """The file that a whole address of this site leads to, or ""."""
    if not url.startswith(base_url):
        return ""
    address = resolver.resolve(FRONT, url.removeprefix(base_url) or "./")
    return "" if address.rule else address.file


def check_sitemap(files: SiteFiles, base_url: str, resolver: Resolver, kinds: Mapping[str, str]) -> Iterator[Problem]:
    """The sitemap, if there is one, names pages of this site, every case and no hidden page.

    Args:
        kinds: page that search engines may list -> its kind.
    """
    if SITEMAP not in files.sizes:
        return
    parts = files.named(".xml", below="sitemap")
    urls = [url for part in parts for url in _LOCATION.findall(files.read(part).decode("utf-8", errors="replace"))]
    named = {resolve_own(resolver, base_url, unescape(url)) if base_url else "" for url in urls} - set(parts)
    if wrong := len(named - kinds.keys()):
        yield Problem(SITEMAP, "sitemap", f"{wrong:,} addresses lead to no page that search engines may list")
    if lacking := sum(kind == "case" and page not in named for page, kind in kinds.items()):
        yield Problem(SITEMAP, "sitemap", f"{lacking:,} cases are not in it")


def check_anchors(page: PageText, wanted: Mapping[str, str]) -> Iterator[Problem]:
    """`wanted`: anchor of this page -> page that links it."""
    ids = page.ids
    for anchor, source in wanted.items():
        if anchor not in ids:
            yield Problem(source, "anchor", f"the anchor {show(f'{page.path}#{anchor}')} is not there")


def check_asset_links(files: SiteFiles) -> Iterator[Problem]:
    """Files that style sheets, scripts and drawings load."""
    for path in files.named(".css", ".js", ".svg"):
        try:
            text = files.read(path).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            yield Problem(path, "asset", "cannot be read as UTF-8 text")
            continue
        for url, line in _asset_addresses(path, text):
            fault = _asset_fault(files, path, url)
            if fault:
                yield Problem(path, fault[0], f"line {line}: {fault[1]}")


def _asset_addresses(path: str, text: str) -> Iterator[tuple[str, int]]:
    """(address, line) of what an asset loads. A bare module name counts: no browser could find it."""
    pattern, comment = {
        "css": (_CSS_ADDRESS, _CSS_COMMENT),
        "js": (_JS_IMPORT, _JS_COMMENT),
        "svg": (_SVG_ADDRESS, None),
    }[path.rpartition(".")[2]]
    if comment:
        text = comment.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in pattern.finditer(text):
        yield next(group for group in match.groups() if group is not None).strip(), line_at(text, match.start())


def _asset_fault(files: SiteFiles, path: str, url: str) -> tuple[str, str] | None:
    if scheme_of(url):
        return "third-party", "loads from another host, or data; ship the file with the site"
    target = url.partition("#")[0].partition("?")[0]
    if not target:
        return None
    if path.endswith(".js") and not target.startswith(("./", "../")):
        return "link", "an import must start with ./ or ../"
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if file in files.sizes else ("link", f"loads {show(file)}, which is not there")


def check_listed(listed: Mapping[str, str], kinds: Mapping[str, str], hidden: frozenset[str]) -> Iterator[Problem]:
    """Rejected candidates and withdrawn cases are in no list.

    Args:
        listed: case page -> page that lists it.
        kinds: page -> its kind.
        hidden: kinds that no list leads to.
    """
    for target, source in listed.items():
        if kinds.get(target) in hidden:
            yield Problem(source, "hidden-page", f"lists {show(target)}, which is a {kinds[target]}")
