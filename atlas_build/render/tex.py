r"""Plain text as TeX: nothing in it is taken for a command, and pdfLaTeX can set every character.

The result is ASCII, so that it compiles with any engine, any input encoding and BibTeX's 8-bit sorting. Accented Latin
letters become accents, common signs become their commands. What remains (other scripts, emoji, rarer signs) would stop
pdfLaTeX in its default fonts; a run of such characters becomes `[...]`, and the caller says so in a note.

Braces are written by name: BibTeX counts braces without looking at backslashes, so `\{` would unbalance an entry.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

UNSETTABLE = "[...]"
"""What stands for characters that pdfLaTeX cannot set."""

SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"{\char34}", "`": r"{\`{}}", "“": "``", "”": "''", "„": ",,",
    "‘": "`", "’": "'", "‚": ",", "«": "``", "»": "''", "–": "--", "—": "---", "‐": "-", "‑": "-", "−": "$-$",
    "…": r"\ldots{}", "→": r"$\rightarrow$", "←": r"$\leftarrow$", "↔": r"$\leftrightarrow$", "⇒": r"$\Rightarrow$",
    "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "≈": r"$\approx$", "×": r"$\times$", "±": r"$\pm$",
    "÷": r"$\div$", "·": r"$\cdot$", "•": r"$\bullet$", "°": r"$^\circ$", "µ": r"$\mu$", "μ": r"$\mu$",
    "§": r"\S{}", "¶": r"\P{}", "©": r"\copyright{}", "£": r"\pounds{}", "™": r"\texttrademark{}",
    "®": r"\textregistered{}", "¡": "!`", "¿": "?`", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}",
    "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "å": r"\aa{}", "Å": r"\AA{}", "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}",
}  # fmt: skip
"""Character -> TeX that every LaTeX format of the last twenty years knows without a package."""

ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
"""Combining mark -> accent command of the default encoding."""

_PLAIN = re.compile(r"(?:[A-Za-z0-9.:;!?()\[\]/*+=@]|[-',](?![-',])| (?! ))+")
"""What stands for itself; single signs that TeX would join when they meet."""
_LIGATURES = frozenset("-',")
"""Characters that TeX joins when two of them meet: `--force` would lose a hyphen."""
_UNSETTABLE_RUN = re.compile("\0(?: *\0)*")
_URL = {"%": r"\%", "#": r"\#", "\\": "%5C", "{": "%7B", "}": "%7D"}


def escape_tex(text: str) -> str:
    """One line of plain text as TeX. Runs of characters that cannot be set become `[...]`."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if _PLAIN.fullmatch(line):
        return line
    written = [
        "{}" + char if char in _LIGATURES and char == before else _write(char) for before, char in pairwise(" " + line)
    ]
    return _UNSETTABLE_RUN.sub(UNSETTABLE, "".join(written))


def is_settable(text: str) -> bool:
    """Whether `escape_tex` keeps every character."""
    return _PLAIN.fullmatch(text) is not None or "\0" not in {
        _write(char) for char in unicodedata.normalize("NFC", text) if not char.isspace()
    }


def escape_url(url: str) -> str:
    r"""An address for `\href` and `\url` inside a footnote, where `%` and `#` must be escaped."""
    return "".join(_URL.get(char, char) for char in url)


def _write(char: str) -> str:
    r"""TeX for one composed character, or `\0` when there is none."""
    if char in SIGNS:
        return SIGNS[char]
    if " " <= char <= "~":
        return char
    base, mark = (*unicodedata.normalize("NFD", char), "", "")[:2]
    if len(unicodedata.normalize("NFD", char)) == 2 and base.isascii() and base.isalpha() and mark in ACCENTS:
        letter = {"i": r"\i", "j": r"\j"}.get(base, base) if mark not in "\u0327" else base
        return rf"\{ACCENTS[mark]}{{{letter}}}"
    return "\0"
