"""A reference, and the formats that reference managers read: text, BibTeX, RIS and CSL-JSON.

Values are plain text; each writer escapes for its own format. Sources: BibTeX's `@misc`, the RIS tag table of
https://en.wikipedia.org/wiki/RIS_(file_format), and the CSL 1.0.2 input schema (citation-style-language/schema).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import orjson

from atlas_build.render.codes import month_name
from atlas_build.render.tex import UNSETTABLE, escape_tex, is_settable

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    last: str
    first: str

    @property
    def short(self) -> str:
        """Last name and initials: `Li, T. J.-J.`."""
        initials = ("-".join(f"{part[0]}." for part in name.split("-") if part) for name in self.first.split())
        return f"{self.last}, {' '.join(initials)}"


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that can be cited.

    Attributes:
        key: letters, digits and underscores.
        is_data: a record of a data collection; otherwise a paper.
        people: authors; none when the author is `organization`.
        number: what the publisher calls it: case id, or arXiv number; "" for what is no single thing.
        thing: what it is, in words, where there is no number: `213 of 9,481 cases`.
        version: release of the collection.
        part: the part that is meant, such as `quote 2`.
    """

    key: str
    is_data: bool
    title: str
    publisher: str
    number: str
    thing: str = ""
    people: tuple[Person, ...] = ()
    organization: str = ""
    issued: date | None = None
    year: int | None = None
    version: str = ""
    part: str = ""
    url: str = ""
    doi: str = ""

    @property
    def name(self) -> str:
        """What a record of a collection is called there."""
        return self.thing or f"case {self.number}"

    @property
    def issue_year(self) -> int | None:
        return self.issued.year if self.issued else self.year


def write_text(reference: Reference) -> str:
    """One sentence or two, for a footnote or a message."""
    year = f" ({reference.issue_year})" if reference.issue_year else ""
    if not reference.is_data:
        people = ", ".join(person.short for person in reference.people)
        return f"{people}{year}. {reference.title}. {reference.number}. https://doi.org/{reference.doi}"
    parts = [reference.name, reference.part, _edition(reference)]
    what = ", ".join(part for part in parts if part)
    what = what[:1].upper() + what[1:]
    return f"{reference.organization}{year}. “{reference.title}”. {what}." + (
        f" {reference.url}" if reference.url else ""
    )


def _edition(reference: Reference) -> str:
    """The release; for what is no single record also its day, because that is what the number stands for."""
    day = reference.issued
    dated = f" of {day.day} {month_name(f'{day:%Y-%m}')}" if reference.thing and day else ""
    return f"release {reference.version}{dated}" if reference.version else ""


def write_bibtex(reference: Reference) -> str:
    """An `@misc` entry in ASCII. The title stands in double braces, so that styles keep its capitals."""
    people = " and ".join(escape_tex(f"{person.last}, {person.first}") for person in reference.people)
    number = reference.name if reference.is_data else reference.number
    fields = {
        "author": people or "{" + escape_tex(reference.organization) + "}",
        "title": "{" + escape_tex(reference.title) + "}",
        "year": str(reference.issue_year or ""),
        "howpublished": escape_tex(f"{reference.publisher}, {number}" if reference.is_data else number),
        "version": escape_tex(reference.version),
        "eprint": reference.number.removeprefix("arXiv:") if reference.number.startswith("arXiv:") else "",
        "archiveprefix": "arXiv" if reference.number.startswith("arXiv:") else "",
        "doi": reference.doi,
        "url": reference.url,
        "note": _note(reference),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@misc{" + ",\n".join([reference.key, *lines]) + "\n}"


def _note(reference: Reference) -> str:
    """What the entry says beside its fields: classic BibTeX styles print neither `version` nor `url`."""
    parts = [
        reference.part.capitalize(),
        f"release {reference.version}" if reference.version else "",
        "" if is_settable(reference.title) else f"{UNSETTABLE} stands for characters that TeX cannot set here",
    ]
    note = escape_tex("; ".join(part for part in parts if part))
    return note[:1].upper() + note[1:]


def write_ris(reference: Reference) -> str:
    """Lines end in `\\n` here; a RIS file has `\\r\\n`."""
    issued = f"{reference.issued:%Y/%m/%d}" if reference.issued else ""
    parts = (reference.thing, reference.part, reference.version and f"release {reference.version}")
    note = ", ".join(part for part in parts if part)
    tags = [
        ("TY", "DATA" if reference.is_data else "UNPB"),
        ("ID", reference.key),
        *(("AU", f"{person.last}, {person.first}") for person in reference.people),
        ("AU", reference.organization),
        ("TI", reference.title),
        ("PY", str(reference.issue_year or "")),
        ("DA", issued),
        ("PB", reference.publisher),
        ("M1", reference.number),
        ("ET", reference.version),
        ("DO", reference.doi),
        ("UR", reference.url),
        ("N1", note[:1].upper() + note[1:]),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in tags if value]
    return "\n".join([*lines, "ER  - "]) + "\n"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def as_csl(reference: Reference) -> Json:
    """One item of the CSL input schema."""
    people: list[Json] = [{"family": person.last, "given": person.first} for person in reference.people]
    date_parts = (
        [reference.issued.year, reference.issued.month, reference.issued.day] if reference.issued else [reference.year]
    )
    item: Json = {
        "id": reference.key,
        "type": "dataset" if reference.is_data else "article",
        "title": reference.title,
        "author": people or [{"literal": reference.organization}],
        "issued": {"date-parts": [date_parts]} if date_parts[0] else None,
        "publisher": reference.publisher,
        "number": reference.number,
        "version": reference.version,
        "note": ", ".join(part for part in (reference.thing, reference.part) if part),
        "DOI": reference.doi,
        "URL": reference.url,
    }
    return {name: value for name, value in item.items() if value}


def write_csl(reference: Reference) -> str:
    """CSL-JSON, an array of one item, one line a field."""
    fields = ",\n".join(
        f"  {orjson.dumps(name).decode()}: {orjson.dumps(value).decode()}" for name, value in as_csl(reference).items()
    )
    return f"[{{\n{fields}\n}}]"
