"""How to cite a case and the study, in words and as BibTeX.

BibTeX entries are `@misc` with the title in double braces, and TeX's special characters escaped. The paper's data is
fixed here, because aggregators have it wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PAPER_AUTHORS = (
    ("Tang", "Ningzhi"), ("Chen", "Chaoran"), ("Xu", "Gelei"), ("Shi", "Yiyu"),
    ("Huang", "Yu"), ("McMillan", "Collin"), ("Dong", "Tao"), ("Li", "Toby Jia-Jun"),
)  # fmt: skip
PAPER_TITLE = (
    "How Coding Agents Fail Their Users: "
    "A Large-Scale Analysis of Developer-Agent Misalignment in 20,574 Real-World Sessions"
)
PAPER_URL = "https://arxiv.org/abs/2605.29442"

TEX = {
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    text: str
    bibtex: str


def escape_tex(text: str) -> str:
    return "".join(TEX.get(char, char) for char in text)


def write_bibtex(key: str, fields: dict[str, str]) -> str:
    """An `@misc` entry; empty fields are left out. The values are TeX already."""
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def cite_paper() -> Citation:
    people = ", ".join(f"{last}, {' '.join(f'{part[0]}.' for part in first.split())}" for last, first in PAPER_AUTHORS)
    return Citation(
        text=f"{people} (2026). {PAPER_TITLE}. arXiv:2605.29442. https://doi.org/10.48550/arXiv.2605.29442",
        bibtex=write_bibtex(
            "tang2026coding",
            {
                "author": " and ".join(f"{last}, {first}" for last, first in PAPER_AUTHORS),
                "title": "{" + PAPER_TITLE + "}",
                "year": "2026",
                "eprint": "2605.29442",
                "archiveprefix": "arXiv",
                "doi": "10.48550/arXiv.2605.29442",
                "url": PAPER_URL,
            },
        ),
    )


def cite_case(
    case_id: str, name: str, *, atlas: str, url: str | None, release: str | None, released: date | None
) -> Citation:
    """A citation of one case. Without a base URL there is no address to give, and the id stands for it."""
    version = f", release {release}" if release else ""
    year = f" ({released.year})" if released else ""
    return Citation(
        text=f"“{name}”. {atlas}{version}{year}, case {case_id}." + (f" {url}" if url else ""),
        bibtex=write_bibtex(
            case_id.lower().replace("-", "_"),
            {
                "author": "{" + escape_tex(atlas) + "}",
                "title": "{" + escape_tex(name) + "}",
                "year": str(released.year) if released else "",
                "howpublished": escape_tex(f"{atlas}, case {case_id}"),
                "version": escape_tex(release or ""),
                "url": url or "",
            },
        ),
    )
