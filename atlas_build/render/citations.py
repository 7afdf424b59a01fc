"""How to cite a case, one of its quotes, and the study.

The author of a case is the atlas: the people whose words are quoted are not named, and the study's authors have not
seen what the atlas selects and scrubs. So the study is always cited beside the case. No citation has an access date,
because a build knows no clock; the release says what was seen, and the address carries it along.

The study's data is fixed here, because aggregators have it wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from urllib.parse import quote

from atlas_build.model.excerpt import shorten
from atlas_build.model.fingerprint import fingerprint
from atlas_build.render.pieces import plain
from atlas_build.render.references import Person, Reference, write_bibtex, write_csl, write_ris, write_text
from atlas_build.render.tex import escape_tex, escape_url

PAPER_AUTHORS = (
    ("Tang", "Ningzhi"), ("Chen", "Chaoran"), ("Xu", "Gelei"), ("Shi", "Yiyu"),
    ("Huang", "Yu"), ("McMillan", "Collin"), ("Dong", "Tao"), ("Li", "Toby Jia-Jun"),
)  # fmt: skip
PAPER_TITLE = (
    "How Coding Agents Fail Their Users: "
    "A Large-Scale Analysis of Developer-Agent Misalignment in 20,574 Real-World Sessions"
)
PAPER_DOI = "10.48550/arXiv.2605.29442"
PAPER_URL = "https://arxiv.org/abs/2605.29442"
LONGEST_TITLE = 200
UNRELEASED = "unreleased"
"""Stands for a release in the link to a result of what nobody has released."""

PAPER = Reference(
    key="tang2026coding",
    is_data=False,
    title=PAPER_TITLE,
    publisher="arXiv",
    number="arXiv:2605.29442",
    people=tuple(Person(last, first) for last, first in PAPER_AUTHORS),
    year=2026,
    doi=PAPER_DOI,
    url=PAPER_URL,
)


@dataclass(frozen=True, slots=True)
class Format:
    """A citation in one format; `newline` is what a file in this format ends its lines with."""

    name: str
    content: str
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class Citation:
    text: str
    formats: tuple[Format, ...]

    @property
    def bibtex(self) -> str:
        return self.formats[0].content


@cache
def cite_paper() -> Citation:
    """The same on every page."""
    return Citation(write_text(PAPER), _formats(PAPER))


def title_of(name: str) -> str:
    """An episode's name as the title of a citation: on one line, not too long, never empty."""
    return shorten(plain(name), LONGEST_TITLE) or "Untitled case"


def refer_to_case(
    case_id: str, name: str, *, atlas: str, url: str | None, release: str | None, released: date | None
) -> Reference:
    """A case as a reference.

    Args:
        name: the case's name as published.
        url: persistent address of the case, or None without a base URL; then the id stands for it.
    """
    return Reference(
        key=case_id.lower().replace("-", "_"),
        is_data=True,
        title=title_of(name),
        publisher=atlas,
        number=case_id,
        organization=atlas,
        issued=released,
        version=release or "",
        url=dated_url(url, release) if url else "",
    )


def refer_to_atlas(cases: int, *, atlas: str, url: str | None, release: str | None, released: date | None) -> Reference:
    """The whole atlas, as it stands."""
    return Reference(
        key=re.sub(r"[^a-z0-9]+", "_", atlas.lower()).strip("_") or "atlas",
        is_data=True,
        title=atlas,
        publisher=atlas,
        number="",
        thing=f"{cases:,} cases" if cases != 1 else "1 case",
        organization=f"{atlas} contributors",
        issued=released,
        version=release or "",
        url=dated_url(url, release) if url else "",
    )


def refer_to_result(
    words: str,
    ids: Sequence[str],
    cases: int,
    *,
    query: str,
    atlas: str,
    url: str | None,
    release: str | None,
    released: date | None,
) -> Reference:
    """What the explorer lists for a query; `assets/js/result-citation.js` writes the same.

    Args:
        words: the query in words.
        ids: of the listed cases; `cases`: of how many.
        query: the address's query in its canonical form, without `r`. It has its part in the key, because other
            questions may list the same cases.
        url: persistent address of the front page, or None without a base URL.
    """
    mark = fingerprint(ids)
    cited = f"{release or UNRELEASED}:{len(ids)}:{mark}"
    asked = f"?{query}{'&' if query else ''}r={quote(cited, safe=':')}"
    return Reference(
        key=f"atlas_result_{mark[:8]}_{sha256(asked.encode()).hexdigest()[:6]}",
        is_data=True,
        title=words,
        publisher=atlas,
        number="",
        thing=f"{len(ids):,} of {cases:,} cases",
        organization=atlas,
        issued=released,
        version=release or "",
        part=f"fingerprint {mark}" + ("" if release else ", not yet released"),
        url=f"{url}{asked}" if url else "",
    )


def dated_url(url: str, release: str | None) -> str:
    """The address with the release it was copied from; the case page says what has changed since."""
    return f"{url}?r={quote(release, safe='')}" if release else url


def cite_case(case: Reference) -> Citation:
    return Citation(write_text(case), (*_formats(case), Format("LaTeX", write_latex(case))))


def cite_quote(case: Reference, number: int) -> str:
    """One quote of a case, in words. `number` counts from 1, as in the page's anchors."""
    return write_text(part_of(case, number))


def part_of(case: Reference, number: int) -> Reference:
    """The reference of one quote of a case."""
    url = f"{case.url}#q{number}" if case.url else ""
    return replace(case, key=f"{case.key}_q{number}", part=f"quote {number}", url=url)


def _formats(reference: Reference) -> tuple[Format, ...]:
    return (
        Format("BibTeX", write_bibtex(reference)),
        Format("RIS", write_ris(reference), newline="\r\n"),
        Format("CSL-JSON", write_csl(reference)),
    )


def write_latex(reference: Reference) -> str:
    r"""The id as a link, with a footnote for those who read on paper. `\href` and `\url` are hyperref's."""
    what = ", ".join(part for part in (reference.part, reference.version and f"release {reference.version}") if part)
    note = f"{reference.publisher}, {reference.name}" + (f", {what}" if what else "")
    title = f"``{escape_tex(reference.title)}''"
    shown = reference.number or escape_tex(reference.thing)
    if not reference.url:
        return rf"{shown}\footnote{{{escape_tex(note)}: {title}.}}"
    url = escape_url(reference.url)
    return (
        "% \\usepackage{hyperref}\n"
        rf"\href{{{url}}}{{{shown}}}\footnote{{{escape_tex(note)}: {title}, \url{{{url}}}.}}"
    )
