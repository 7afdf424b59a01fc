"""Where known values occur in a text, bounded by tokens. The scrubber removes by it and the leak check looks by it.

A token is a run of letters and digits, or one Han, Kana or Hangul character, since those scripts write no blanks. A
value occurs where its letters stand in any case, its white space as any white space, composed or decomposed, and no
letter or digit of the same script touches its ends. An underscore is no letter: `ana_backup` holds `ana`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002ffff"
_LETTER = rf"[^\W_{CJK}]"
_TOKEN = re.compile(rf"[{CJK}]|{_LETTER}+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_BLANKS = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case without a change of length, so that offsets stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def core(value: str) -> str:
    """A value as it is compared: composed, in lower case, single blanks, without punctuation at its ends."""
    return _BLANKS.sub(" ", _EDGES.sub("", fold(unicodedata.normalize("NFC", value))))


def tokens(folded: str) -> list[str]:
    """The tokens of a text that went through `fold`."""
    return _TOKEN.findall(folded)


class Lookup:
    """A set of values, searchable in one pass over a text for all of them.

    Args:
        values: any spellings; they are compared by their `core`. Values without a letter or digit are dropped.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._by_anchor: dict[str, list[str]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for value in sorted({core(value) for value in values} - {""}):
            for spelling in sorted({value, unicodedata.normalize("NFD", value)}):
                anchor = max(tokens(spelling), key=len, default="")
                if anchor:
                    self._by_anchor.setdefault(anchor, []).append(value)

    def __len__(self) -> int:
        return len({value for values in self._by_anchor.values() for value in values})

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and core of every occurrence of every value; occurrences of different values may overlap."""
        if not self._by_anchor:
            return
        folded = fold(text)
        for value in self._candidates(folded):
            for match in self._pattern(value).finditer(folded):
                yield match.start(), match.end(), value

    def held_by(self, text: str) -> set[str]:
        """The cores of the values that occur in a text at least once."""
        folded = fold(text)
        return {value for value in self._candidates(folded) if self._pattern(value).search(folded)}

    def _candidates(self, folded: str) -> list[str]:
        present = self._by_anchor.keys() & set(tokens(folded))
        return sorted({value for anchor in present for value in self._by_anchor[anchor]})

    def _pattern(self, value: str) -> re.Pattern[str]:
        if value not in self._patterns:
            self._patterns[value] = _compile(value)
        return self._patterns[value]


def _compile(value: str) -> re.Pattern[str]:
    spellings = sorted({value, unicodedata.normalize("NFD", value)}, key=lambda spelling: (-len(spelling), spelling))
    bodies = "|".join(r"\s+".join(re.escape(part) for part in spelling.split(" ")) for spelling in spellings)
    is_cjk = [re.match(f"[{CJK}]", char) is not None for char in (value[0], value[-1])]
    left = "" if is_cjk[0] else f"(?<!{_LETTER})"
    right = "" if is_cjk[1] else f"(?!{_LETTER})"
    return re.compile(f"{left}(?:{bodies}){right}")
