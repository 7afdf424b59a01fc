"""What a page tells machines in its head: Highwire, Signposting, Open Graph and JSON-LD.

Highwire elements (https://scholar.google.com/intl/en/scholar/inclusion.html) are what reference managers read. A case
has no `citation_author`: no person is its author, and readers of these elements cut a name such as "Misalignment
Atlas" into first and last name. Signposting is https://signposting.org/FAIR/. What needs an absolute address is left
out where the site has no base URL. Quotes are in none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

import orjson
from markupsafe import Markup

from atlas_build.model.codebook import LABEL_AXES, Axis, Codebook, Label
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import shorten
from atlas_build.model.release import CaseHistory
from atlas_build.render.changes import last_change
from atlas_build.render.citations import PAPER_DOI, PAPER_TITLE, title_of
from atlas_build.render.codes import label_href
from atlas_build.render.exports import Download
from atlas_build.render.page import Head, HeadLink, Page, Site
from atlas_build.render.pieces import plain

Json = dict[str, object]

CONTEXT = "https://schema.org/"
PAPER_ADDRESS = f"https://doi.org/{PAPER_DOI}"
REPLICATION_PACKAGE = "https://github.com/ND-SaNDwichLAB/coding-agent-misalignment"
SOCIAL_CARD = "card.png"
"""The one picture that all pages share; `render.social_card` draws it."""
KEYWORDS = ("coding agents", "human-AI interaction", "misalignment", "developer pushback", "annotated corpus")
ABSTRACT = 2000
"""Characters of a description in JSON-LD."""

_ESCAPES = {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029"}
_ESCAPED = re.compile("[<>&\u2028\u2029]")
_MARKDOWN = re.compile(r"[*`]")


def without_marks(text: str) -> str:
    """The codebook's wording without its Markdown."""
    return _MARKDOWN.sub("", text)


def write_json_ld(value: Json) -> Markup:
    r"""JSON that may stand in a script element.

    This is safe without HTML escaping: inside a script element only `<` can end the element or open a comment, and
    every `<`, `>`, `&` and line separator is written as `\uXXXX`, which JSON reads as the same character.
    """
    text = orjson.dumps(value).decode("utf-8")
    return Markup(_ESCAPED.sub(lambda match: _ESCAPES[match[0]], text))


def describe_case(
    episode: Episode, page: Page, site: Site, codebook: Codebook, history: CaseHistory | None = None
) -> Head:
    """The head of a published case's page; `history` knows when a release changed it last."""
    change = last_change(history)
    name = title_of(episode.text.name)
    pid = site.pid(page.path)
    meta = [("citation_title", name)]
    meta += [("citation_publication_date", f"{site.released:%Y/%m/%d}")] if site.released else []
    meta += [("citation_publisher", site.title)]
    meta += [("citation_public_url", pid)] if pid else []
    return Head(
        meta=tuple(meta),
        properties=_open_graph(page, site, "article", name, page.description),
        links=_case_links(episode, page, site),
        data=write_json_ld(_case_data(episode, page, site, codebook, changed=change.day if change else site.released)),
    )


def _open_graph(page: Page, site: Site, kind: str, title: str, description: str) -> tuple[tuple[str, str], ...]:
    """Every one of these needs an absolute address to be of use."""
    card = site.address(SOCIAL_CARD)
    if not (card and page.canonical):
        return ()
    return (
        ("og:title", title),
        ("og:type", kind),
        ("og:url", page.canonical),
        ("og:description", description),
        ("og:site_name", site.title),
        ("og:image", card),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "A grid of nine cells, one of them marked"),
    )


def _case_links(episode: Episode, page: Page, site: Site) -> tuple[HeadLink, ...]:
    license_page = license_address(episode.license.spdx)
    links = [
        ("cite-as", site.pid(page.path), ""),
        ("type", "https://schema.org/AboutPage", ""),
        ("type", "https://schema.org/CreativeWork", ""),
        ("license", license_page, ""),
        ("collection", site.address(""), "text/html"),
        ("describedby", site.address("data/datapackage.json"), "application/json"),
        ("related", PAPER_ADDRESS, ""),
    ]
    return tuple(HeadLink(rel, href, kind) for rel, href, kind in links if href)


def license_address(expression: str) -> str | None:
    """SPDX has a page for one license, not for a combination."""
    return f"https://spdx.org/licenses/{expression}.html" if " " not in expression else None


def _license_data(expression: str) -> str | Json:
    return license_address(expression) or {"@type": "CreativeWork", "name": expression}


def _case_data(episode: Episode, page: Page, site: Site, codebook: Codebook, *, changed: date | None) -> Json:
    return _filled({
        "@context": CONTEXT,
        "@type": "CreativeWork",
        "@id": site.pid(page.path),
        "url": page.canonical,
        "identifier": episode.id,
        "name": title_of(episode.text.name),
        "abstract": shorten(plain(episode.text.description), ABSTRACT),
        "isPartOf": _filled({"@id": site.pid(""), "@type": "CreativeWork", "name": site.title, "url": site.base_url}),
        "about": [_term(site, codebook, axis, code) for axis, code in _labels(episode)],
        "license": _license_data(episode.license.spdx),
        "citation": {"@type": "ScholarlyArticle", "@id": PAPER_ADDRESS, "name": PAPER_TITLE},
        "isBasedOn": REPLICATION_PACKAGE,
        "dateModified": changed and f"{changed}",
        "version": site.release,
    })  # fmt: skip


def _labels(episode: Episode) -> Iterable[tuple[str, str]]:
    labels = episode.facts.labels
    if labels is None:
        return
    yield from (("form", code) for code in labels.forms)
    yield from (("cause", cause.label) for cause in labels.causes)
    yield "severity", labels.severity
    if labels.locus:
        yield "locus", labels.locus
    yield "status", labels.status
    if labels.resolver:
        yield "resolver", labels.resolver


def _term(site: Site, codebook: Codebook, axis: str, code: str) -> Json:
    label = codebook.axes[axis].by_code[code]
    return _filled({
        "@type": "DefinedTerm",
        "@id": site.pid(label_href(axis, label)),
        "termCode": label.code,
        "name": label.name,
        "inDefinedTermSet": _set_address(site, axis),
    })  # fmt: skip


def _set_address(site: Site, axis: str) -> str | None:
    codebook = site.pid("codebook/")
    return f"{codebook}#{axis}" if codebook else None


def describe_label(page: Page, site: Site, axis: Axis, label: Label, *, has_feed: bool) -> Head:
    """The head of a label's page: one term."""
    term = {"@context": CONTEXT, **_described_term(site, axis, label)}
    return Head(
        properties=_open_graph(page, site, "website", f"{label.name} ({label.code})", page.description),
        links=(*_cite_as(page, site), *_feed(page, site, has_feed=has_feed)),
        data=write_json_ld(term),
    )


def _cite_as(page: Page, site: Site) -> tuple[HeadLink, ...]:
    pid = site.pid(page.path)
    return (HeadLink("cite-as", pid),) if pid else ()


def _feed(page: Page, site: Site, *, has_feed: bool) -> tuple[HeadLink, ...]:
    address = site.address(f"{page.path}feed.xml")
    return (HeadLink("alternate", address, "application/atom+xml"),) if address and has_feed else ()


def _described_term(site: Site, axis: Axis, label: Label) -> Json:
    path = label_href(axis.axis, label)
    return _filled({
        "@type": "DefinedTerm",
        "@id": site.pid(path),
        "url": site.address(path),
        "name": label.name,
        "termCode": label.code,
        "description": without_marks(label.definition),
        "inDefinedTermSet": _set_address(site, axis.axis),
    })  # fmt: skip


def describe_codebook(page: Page, site: Site, codebook: Codebook) -> Head:
    """The head of the codebook page: one set of terms an axis."""
    sets = [_term_set(site, codebook.axes[name]) for name in LABEL_AXES]
    return Head(
        properties=_open_graph(page, site, "website", "Codebook", page.description),
        links=_cite_as(page, site),
        data=write_json_ld({"@context": CONTEXT, "@graph": sets}),
    )


def _term_set(site: Site, axis: Axis) -> Json:
    return _filled({
        "@type": "DefinedTermSet",
        "@id": _set_address(site, axis.axis),
        "name": axis.name,
        "description": without_marks(axis.question),
        "hasDefinedTerm": [
            _filled({**_described_term(site, axis, label), "description": label.gloss}) for label in axis.label
        ],
    })  # fmt: skip


def describe_corpus(
    page: Page, site: Site, cases: Sequence[Episode], files: Sequence[Download], *, has_feed: bool
) -> Head:
    """The head of the front page: the corpus as one data set.

    Args:
        files: everything below `data/` that can be downloaded.
    """
    links = (
        *_cite_as(page, site),
        HeadLink("type", "https://schema.org/AboutPage"),
        HeadLink("type", "https://schema.org/Dataset"),
        HeadLink("related", PAPER_ADDRESS),
        *_file_links(site, files),
        *_feed(page, site, has_feed=has_feed),
    )
    return Head(
        properties=_open_graph(page, site, "website", site.title, page.description),
        links=links,
        data=write_json_ld(_corpus_data(site, cases, files)),
    )


def _file_links(site: Site, files: Sequence[Download]) -> Iterable[HeadLink]:
    for file in files:
        address = site.address(file.path)
        if address and (file.is_data or file.is_descriptor):
            yield HeadLink("item" if file.is_data else "describedby", address, file.media_type)


def _corpus_data(site: Site, cases: Sequence[Episode], files: Sequence[Download]) -> Json:
    licenses = sorted({case.license.spdx for case in cases})
    return _filled({
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": site.pid(""),
        "name": site.title,
        "description": describe_in_words(site, len(cases)),
        "url": site.base_url,
        "identifier": site.pid(""),
        "version": site.release,
        "datePublished": site.released and f"{site.released}",
        "license": [_license_data(expression) for expression in licenses],
        "creator": {"@type": "Organization", "name": f"{site.title} contributors"},
        "citation": {"@type": "ScholarlyArticle", "@id": PAPER_ADDRESS, "name": PAPER_TITLE},
        "isBasedOn": REPLICATION_PACKAGE,
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "temporalCoverage": temporal_coverage(cases),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": site.address(file.path),
                "encodingFormat": file.media_type,
            }
            for file in files
            if file.is_data and site.base_url
        ],
    })  # fmt: skip


def describe_in_words(site: Site, count: int) -> str:
    """Two or three sentences, as search engines for data want them: between 50 and 5,000 characters."""
    invented = "All of them are invented samples. " if site.sample else ""
    return (
        f"{count:,} annotated episodes in which a coding agent departed from what its developer asked or meant, "
        f"visible through the developer's pushback. {invented}Each episode has its form, cause, cost and resolution, "
        "and quotes of the conversation; only episodes from permissively licensed repositories are included, and "
        "personal data and secrets are replaced by placeholders."
    )


def temporal_coverage(cases: Sequence[Episode]) -> str | None:
    """First and last month of the sessions, as ISO 8601 writes an interval; None when no session is dated."""
    months = sorted(month for case in cases if (month := case.month))
    return f"{months[0]}/{months[-1]}" if months else None


def _filled(record: Json) -> Json:
    """Without what is not known."""
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}
