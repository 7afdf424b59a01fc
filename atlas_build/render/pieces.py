"""Cut scrubbed text into what is shown as it stands, placeholders, and characters that need a visible mark.

Evidence is plain text: no Markdown, no links, nothing stripped. Control and bidirectional characters would be
invisible or change the order of what a reader sees, so each is shown as a small mark with its name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from atlas_build.model.placeholder import PLACEHOLDER, TITLES, Kind
from atlas_build.model.unseen import HIDDEN, SIGNS

SPECIAL = re.compile(
    rf"(?P<chip>{PLACEHOLDER.pattern})"
    rf"|(?P<mark>[{SIGNS}])"
)
_HIDDEN = re.compile(f"[{HIDDEN}]")
NAMES = {
    "\u00ad": "SHY",
    "\u200b": "ZWSP", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM", "\u202a": "LRE", "\u202b": "RLE",
    "\u202c": "PDF", "\u202d": "LRO",
    "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
    "\u2028": "LS", "\u2029": "PS",
}  # fmt: skip


class Piece(NamedTuple):
    """A run of text of one kind: `text`, `chip` (placeholder) or `sign` (a character that cannot be shown)."""

    kind: str
    text: str
    title: str = ""


def cut_pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a text, in order; their texts joined are what the reader sees."""
    text = text.replace("\r\n", "\n")
    if SPECIAL.search(text) is None:
        return (Piece("text", text),) if text else ()
    pieces: list[Piece] = []
    end = 0
    for match in SPECIAL.finditer(text):
        if match.start() > end:
            pieces.append(Piece("text", text[end : match.start()]))
        pieces.append(_chip(match) if match["chip"] else _sign(match["mark"]))
        end = match.end()
    if end < len(text):
        pieces.append(Piece("text", text[end:]))
    return tuple(pieces)


def _chip(match: re.Match[str]) -> Piece:
    kind = Kind(match[0][1:].rpartition("_")[0])
    return Piece("chip", match[0], TITLES[kind])


def _sign(char: str) -> Piece:
    point = ord(char)
    if point < 0x20:
        shown = chr(0x2400 + point)
    elif point == 0x7F:
        shown = "\u2421"
    else:
        shown = f"⟨{NAMES.get(char, f'U+{point:04X}')}⟩"
    return Piece("sign", shown, f"invisible character U+{point:04X}")


def show_signs(text: str) -> str:
    """The text with a visible mark for each character that cannot be shown."""
    text = text.replace("\r\n", "\n")
    return SPECIAL.sub(lambda match: match[0] if match["chip"] else _sign(match["mark"]).text, text)


def show_hidden(text: str) -> str:
    """As `show_signs`, and marks for what fonts show as nothing."""
    return _HIDDEN.sub(lambda match: _sign(match[0]).text, show_signs(text))


def plain(text: str) -> str:
    """The text as a reader sees it, on one line, for titles and descriptions of pages."""
    pieces = cut_pieces(text)
    return " ".join((pieces[0].text if len(pieces) == 1 else "".join(piece.text for piece in pieces)).split())
