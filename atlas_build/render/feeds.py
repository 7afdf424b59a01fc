"""Atom feeds (RFC 4287) of new and changed cases: one for the site, one for each form.

Everything comes from release files: without a release there is no feed, and `updated` is a release's date, never the
clock's. Ids are persistent addresses, so a feed needs a base URL. Quotes are not in feeds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from xml.etree import ElementTree

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import shorten
from atlas_build.model.release import Chronicle
from atlas_build.render.changes import Change, last_changes
from atlas_build.render.citations import title_of
from atlas_build.render.codes import label_href
from atlas_build.render.page import Site
from atlas_build.render.pieces import plain

ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 200
"""Newest first; a reader that comes once a release misses nothing that the page of the release does not list."""
SUMMARY = 300
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold; control characters are visible marks by then."""


def write_feeds(
    site: Site, codebook: Codebook, cases: Sequence[Episode], chronicle: Chronicle
) -> Iterator[tuple[str, bytes]]:
    """(file, content) of every feed; nothing without a base URL or without a release."""
    days = [record.date for record in chronicle.releases if record.date]
    if not (site.base_url and days):
        return
    feed = _FeedWriter(site, last_changes(chronicle), updated=max(days))
    yield "feed.xml", feed.write("", site.title, "New and changed cases", cases)
    for label in codebook.axes["form"].label:
        chosen = [case for case in cases if case.facts.labels and label.code in case.facts.labels.forms]
        path = label_href("form", label)
        title = f"{site.title}: {label.name} ({label.code})"
        yield f"{path}feed.xml", feed.write(path, title, f"New and changed cases of the form {label.name}", chosen)


class _FeedWriter:
    def __init__(self, site: Site, changes: Mapping[str, Change], *, updated: date) -> None:
        self.site = site
        self.changes = changes
        self.updated = updated

    def write(self, path: str, title: str, subtitle: str, cases: Sequence[Episode]) -> bytes:
        """A feed. `path`: the page that lists the same cases."""
        tree = ElementTree.Element("feed", xmlns=ATOM)
        add = _adder(tree)
        add("id", f"{self.site.pid(path)}")
        add("title", title)
        add("subtitle", subtitle)
        add("updated", _stamp(self.updated))
        add("link", rel="self", type="application/atom+xml", href=f"{self.site.address(f'{path}feed.xml')}")
        add("link", rel="alternate", type="text/html", href=f"{self.site.address(path)}")
        ElementTree.SubElement(add("author"), "name").text = self.site.title
        for case in self._newest(cases):
            self._add_entry(tree, case)
        ElementTree.indent(tree, space="")
        text: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    def _newest(self, cases: Sequence[Episode]) -> list[Episode]:
        known = [case for case in cases if case.id in self.changes]
        return sorted(known, key=lambda case: self.changes[case.id].day, reverse=True)[:MOST_ENTRIES]

    def _add_entry(self, tree: ElementTree.Element, case: Episode) -> None:
        change, path = self.changes[case.id], f"c/{case.slug}/"
        entry = ElementTree.SubElement(tree, "entry")
        add = _adder(entry)
        add("id", f"{self.site.pid(path)}")
        add("title", f"{title_of(case.text.name)} ({case.id})")
        add("updated", _stamp(change.day))
        add("published", _stamp(change.first))
        add("link", rel="alternate", type="text/html", href=f"{self.site.address(path)}")
        add("summary", f"{change.words}. {shorten(plain(case.text.description), SUMMARY)}")
        for form in case.facts.labels.forms if case.facts.labels else ():
            add("category", term=form)


def _adder(parent: ElementTree.Element) -> Callable[..., ElementTree.Element]:
    def add(name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, name, attributes)
        element.text = text and _NOT_XML.sub("\ufffd", text)
        return element

    return add


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
