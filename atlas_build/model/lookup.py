"""Where known values occur in a text, bounded by tokens. The scrubber removes by it and the leak check looks by it.

A token is a run of letters and digits, or one Han, Kana or Hangul character, since those scripts write no blanks. A
value occurs where its letters stand in any case, its white space as any white space, composed or decomposed, and no
letter or digit of the same script touches its ends. An underscore is no letter: `ana_backup` holds `ana`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002ffff"
_LETTER = rf"[^\W_{CJK}]"
_TOKEN = re.compile(rf"[{CJK}]|{_LETTER}+")
_CJK_CHAR = re.compile(f"[{CJK}]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BLANKS = re.compile(r"\s+")
_ASCII_BLANKS = {number: " " for number in range(128) if not chr(number).isalnum()}


def fold(text: str) -> str:
    """Lower case without a change of length, so that offsets stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def core(value: str) -> str:
    """A value as it is compared: composed, in lower case, single blanks, without punctuation at its ends."""
    return _BLANKS.sub(" ", _EDGES.sub("", fold(unicodedata.normalize("NFC", value))))


def _rough_tokens(folded: str) -> list[str]:
    """The same tokens as `tokens`, three times as fast for most texts."""
    return folded.translate(_ASCII_BLANKS).split() if folded.isascii() else tokens(folded)


def tokens(folded: str) -> list[str]:
    """The tokens of a text that went through `fold`."""
    return _TOKEN.findall(folded)


class _Needle(NamedTuple):
    """One spelling of a value, and where in it the token stands by which it is found."""

    value: str
    parts: tuple[str, ...]
    offset: int


class Lookup:
    """A set of values, searchable in one pass over a text for all of them.

    Args:
        values: any spellings; they are compared by their `core`. Values without a letter or digit are dropped.
    """

    def __init__(self, values: Iterable[str]) -> None:
        cores = sorted({core(value) for value in values} - {""})
        spellings = [(value, spelling) for value in cores for spelling in _spellings(value)]
        # Each value is found by the token that fewest others have, or all addresses of one host would share a list.
        counts = Counter(match[0] for _, spelling in spellings for match in _TOKEN.finditer(spelling.split(" ")[0]))
        self._needles: dict[str, list[_Needle]] = {}
        for value, spelling in spellings:
            found = list(_TOKEN.finditer(spelling.split(" ")[0]))
            if found:
                anchor = min(found, key=lambda match: (counts[match[0]], match.start() - match.end(), match.start()))
                needle = _Needle(value, tuple(spelling.split(" ")), anchor.start())
                self._needles.setdefault(anchor[0], []).append(needle)

    def __bool__(self) -> bool:
        return bool(self._needles)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and core of every occurrence of every value; occurrences of different values may overlap."""
        if not self._needles:
            return
        folded = fold(text)
        if self._needles.keys().isdisjoint(_rough_tokens(folded)):
            return
        for token in _TOKEN.finditer(folded):
            for needle in self._needles.get(token[0], ()):
                start = token.start() - needle.offset
                end = _end_of(folded, start, needle.parts) if start >= 0 else None
                if end is not None and _is_bounded(folded, start, end):
                    yield start, end, needle.value

    def held_by(self, text: str) -> set[str]:
        """The cores of the values that occur in a text at least once."""
        return {value for _, _, value in self.find(text)}


def _spellings(value: str) -> list[str]:
    return sorted({value, unicodedata.normalize("NFD", value)})


def _end_of(folded: str, start: int, parts: Sequence[str]) -> int | None:
    """Where a value that begins at `start` ends, with any white space between its parts; None if it is not there."""
    place = start
    for number, part in enumerate(parts):
        if number:
            blanks = _BLANKS.match(folded, place)
            if blanks is None:
                return None
            place = blanks.end()
        if not folded.startswith(part, place):
            return None
        place += len(part)
    return place


def _is_bounded(folded: str, start: int, end: int) -> bool:
    left_open = start == 0 or _is_cjk(folded[start]) or not _is_letter(folded[start - 1])
    right_open = end == len(folded) or _is_cjk(folded[end - 1]) or not _is_letter(folded[end])
    return left_open and right_open


def _is_cjk(char: str) -> bool:
    return char >= "\u3040" and _CJK_CHAR.match(char) is not None


def _is_letter(char: str) -> bool:
    return char.isalnum() and not _is_cjk(char)
