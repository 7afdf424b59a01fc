r"""Find the case links of a paper: addresses and bare ids, as LaTeX, BibTeX, Markdown and plain text write them.

A text is read as a whole, because addresses and ids are wrapped over lines. Before the search it is undone what the
formats add: TeX's escapes (`\#`, `\_`, `\-`, `\allowbreak`), `&amp;`, percent-encoded signs, `%` at the end of a line.
A line break inside of a link becomes a mark, so that line numbers stay right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from atlas_build.model.identity import parse_case_id

WRAP = "\ue000"
"""Stands for a line break inside of a link."""
_TEX_ESCAPE = re.compile(r"\\([#%_&~$/-])|\{([-_])\}|\\allowbreak(?:\{\}| *)|&amp;")
_WRAPPED = re.compile(
    r"(?<=[-/=?&#_.])%[ \t]*\n[ \t]*|%[ \t]*\n[ \t]*(?=[-/?&#_])"  # TeX: a comment that swallows the line break
    r"|(?<=/c/)\n[ \t>]*|(?<=/)\n[ \t>]*(?=\?r=|#q[0-9])"
    r"|(?<=[0-9a-z][-_])\n[ \t>]*(?=[0-9a-z])|(?<=[?&][a-z]=)\n[ \t>]*(?=[0-9a-z])",
    re.I,
)
_PERCENT = re.compile(r"%(2F|3A|3F|3D|26|23|2D|5F)(?=[0-9A-Za-z/%?#&=:])", re.I)

_SEPARATOR = r"[-_\u00ad\u2010-\u2015\u2212\ufe63\uff0d]"
_ADDRESS = re.compile(r"https?://[^\s<>{}\"'|`]*?/c/(?P<id>[^\s/?#<>{}\"'|`)\],;]+)(?P<rest>[^\s<>{}\"'|`)\]]*)", re.I)
_BARE = re.compile(
    rf"(?<![0-9a-z])(?P<id>ama{_SEPARATOR}{{1,2}}{WRAP}?[0-9a-z]{{3,5}}"
    rf"{WRAP}?{_SEPARATOR}{{0,2}}{WRAP}?[0-9a-z]{{3,5}})(?![0-9a-z])"
    rf"(?P<rest>[#_]q[0-9]+|/?{WRAP}?[?#][^\s<>{{}}\"'|`)\]]*)?",
    re.I,
)
_OURS = re.compile(rf"ama{_SEPARATOR}?[0-9a-z]", re.I)
_RELEASE = re.compile(rf"[?&]r={WRAP}?([0-9A-Za-z._+%-]*[0-9A-Za-z])")
_QUOTE = re.compile(r"[#_]q([0-9]{1,6})")
_LENGTHS = range(7, 10)
"""Characters of an id with at most one too few or too many."""


@dataclass(frozen=True)
class CaseLink:
    """One mention of a case in a file.

    Attributes:
        line: from 1.
        release, quote: as far as the link names them.
        is_address: an address, in which the spelling of an id matters; not an id in a text or a BibTeX key.
    """

    file: str
    line: int
    typed: str
    release: str | None = None
    quote: int | None = None
    is_address: bool = False


def find_links(file: str, text: str, bases: Sequence[str] = ()) -> Iterator[CaseLink]:
    """Every case link and every bare id of a text, in reading order.

    Args:
        bases: addresses at which the site can be found; below them everything under `c/` is meant to be a case.
    """
    plain = undo_formats(text)
    line_of = number_lines(plain)
    homes = tuple(f"{base}c/" for base in bases)
    found: list[tuple[int, re.Match[str], bool]] = []
    for match in _ADDRESS.finditer(plain):
        if _OURS.match(match["id"].replace(WRAP, "")) or match[0].startswith(homes):
            found.append((match.start(), match, True))
    rest = _ADDRESS.sub(lambda match: " " * len(match[0]), plain)
    for match in _BARE.finditer(rest):
        if _may_be_id(match["id"]):
            found.append((match.start(), match, _follows_folder(plain, match.start())))
    for start, match, is_address in sorted(found, key=lambda item: item[0]):
        yield _link(file, line_of(start), match, is_address=is_address)


def _follows_folder(plain: str, start: int) -> bool:
    """Whether an id is the end of an address without scheme, or of a relative one."""
    return plain[max(start - 4, 0) : start].rstrip(WRAP).endswith("/c/")


def undo_formats(text: str) -> str:
    """The text as a reader of the formatted page sees it; `WRAP` stands for a line break inside of a link."""
    lines = text.replace(WRAP, " ").replace("\r\n", "\n").replace("\r", "\n")
    lines = _TEX_ESCAPE.sub(lambda match: match[1] or match[2] or ("&" if match[0] == "&amp;" else ""), lines)
    return _PERCENT.sub(lambda match: unquote(match[0]), _WRAPPED.sub(WRAP, lines))


def number_lines(plain: str) -> Callable[[int], int]:
    """Tells the line, from 1, of a place in a text whose formats are undone."""
    breaks = [match.start() for match in re.finditer(f"[\n{WRAP}]", plain)]
    return lambda start: bisect_left(breaks, start) + 1


def _link(file: str, line: int, match: re.Match[str], *, is_address: bool) -> CaseLink:
    rest = match["rest"] or ""
    release, quote = _RELEASE.search(rest), _QUOTE.search(rest)
    return CaseLink(
        file,
        line,
        typed=unquote(match["id"]).replace(WRAP, "").rstrip(".:"),
        release=unquote(release[1]) if release else None,
        quote=int(quote[1]) if quote else None,
        is_address=is_address,
    )


def _may_be_id(typed: str) -> bool:
    """Words such as `AMA-style-guide` are none: what is no id must at least have a digit to be a mistyped one."""
    if WRAP in typed:
        return canonical(typed) is not None
    body = "".join(char for char in typed[3:] if char.isalnum())
    return len(body) in _LENGTHS and (canonical(typed) is not None or any(char.isdigit() for char in body))


def canonical(typed: str) -> str | None:
    return parse_case_id(re.sub(_SEPARATOR, "-", typed.replace(WRAP, "")))


def is_spelled_as_address(typed: str) -> bool:
    """Hosts tell capitals and hyphens apart: only this spelling leads to a page."""
    found = canonical(typed)
    return found is not None and typed == found.lower()
