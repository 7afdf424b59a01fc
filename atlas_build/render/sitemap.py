"""sitemap.xml and robots.txt, for sites with a base URL.

Every page may be indexed but those that say noindex themselves: rejected candidates, withdrawn cases and 404.html. The
sitemap names none of these. robots.txt forbids nothing, because a crawler that may not fetch a page cannot read its
noindex; it only works at the root of a host, and elsewhere merely lies there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from xml.etree import ElementTree

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_ADDRESSES = 50_000
"""What one sitemap may hold; with more there is an index of several."""


def write_sitemap(base_url: str, paths: Sequence[str], changed: Mapping[str, date]) -> Iterator[tuple[str, bytes]]:
    """(file, content) of the sitemap, or of its index and parts.

    Args:
        paths: addresses of the pages below the root, without `index.html`.
        changed: path -> release date of its last change, where that is known.
    """
    parts = [paths[start : start + MOST_ADDRESSES] for start in range(0, len(paths), MOST_ADDRESSES)] or [()]
    if len(parts) == 1:
        yield "sitemap.xml", _write("urlset", "url", base_url, parts[0], changed)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield "sitemap.xml", _write("sitemapindex", "sitemap", base_url, names, {})
    for name, part in zip(names, parts, strict=True):
        yield name, _write("urlset", "url", base_url, part, changed)


def _write(root: str, item: str, base_url: str, paths: Sequence[str], changed: Mapping[str, date]) -> bytes:
    tree = ElementTree.Element(root, xmlns=NAMESPACE)
    for path in paths:
        entry = ElementTree.SubElement(tree, item)
        ElementTree.SubElement(entry, "loc").text = base_url + path
        if path in changed:
            ElementTree.SubElement(entry, "lastmod").text = changed[path].isoformat()
    ElementTree.indent(tree, space="")
    text: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def write_robots(base_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {base_url}sitemap.xml\n".encode("ascii")
