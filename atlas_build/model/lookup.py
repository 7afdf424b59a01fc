"""Where known values occur in a text, bounded by tokens. The scrubber removes by it and the leak check looks by it.

A token is a run of letters and digits with the vowel signs of their script, or one Han, Kana or Hangul character,
since those scripts write no blanks. A value occurs where its letters stand in any case, its white space as any white
space, composed or decomposed, and no letter or digit of the same script touches its ends. An underscore is no letter:
`ana_backup` holds `ana`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002ffff"


def _marks() -> str:
    """Marks that are part of a word in the scripts between Hebrew and Balinese, as the inside of a character class.

    Accents over Latin, Greek and Cyrillic letters are none of them: a name is also found where one was added.
    """
    places = [*range(0x590, 0x1AB0), *range(0x1B00, 0x1DC0), *range(0xA800, 0xAC00)]
    return "".join(chr(place) for place in places if unicodedata.category(chr(place)) in {"Mn", "Mc"})


MARKS = _marks()
_LETTER = rf"[^\W_{CJK}]"
_TOKEN = re.compile(rf"[{CJK}]|{_LETTER}+(?:[{MARKS}]+{_LETTER}*)*")
_FIRST_LETTER = re.compile(r"[^\W_]")
_CJK_CHAR = re.compile(f"[{CJK}]")
_MARK_CHARS = frozenset(MARKS)
_BLANKS = re.compile(r"\s+")
_OTHER_BLANKS = re.compile(r"\s{2}|[^\S ]")
_ASCII_OTHER_BLANKS = ("\n", "  ", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")
_COMMON_SIGNS = "“”‘’–—…·←→"
"""Signs of ordinary prose; none is a letter or digit."""
_FEW = 6
"""So many tokens are looked for one by one sooner than in one pass over all tokens of a text."""
_ASCII_BLANKS = {number: " " for number in range(128) if not chr(number).isalnum()}


def fold(text: str) -> str:
    """Lower case without a change of length, so that offsets stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=50_000)
def core(value: str) -> str:
    """A value as it is compared: composed, in lower case, single blanks, without punctuation at its ends."""
    folded = fold(unicodedata.normalize("NFC", value))
    first = _FIRST_LETTER.search(folded)
    if first is None:
        return ""
    end = len(folded)
    while not _is_part_of_word(folded[end - 1]):
        end -= 1
    return _BLANKS.sub(" ", folded[first.start() : end])


def _rough_tokens(folded: str) -> list[str]:
    """The same tokens as `tokens`, three times as fast for most texts."""
    if not folded.isascii():
        for sign in _COMMON_SIGNS:
            folded = folded.replace(sign, " ")
    return folded.translate(_ASCII_BLANKS).split() if folded.isascii() else tokens(folded)


def tokens(folded: str) -> list[str]:
    """The tokens of a text that went through `fold`."""
    return _TOKEN.findall(folded)


class Lookup:
    """A set of values, searchable in one pass over a text for all of them.

    However many values there are, a text takes time in proportion to its length: each value is found by one of its
    tokens, and the values of one token are looked up together, by their length and the token's place in them.

    Args:
        values: any spellings; they are compared by their `core`. Values without a letter or digit are dropped.
    """

    def __init__(self, values: Iterable[str]) -> None:
        cores = sorted({core(value) for value in values} - {""})
        spellings = {spelling: value for value in cores for spelling in (value, unicodedata.normalize("NFD", value))}
        # Each value is found by the token that fewest others have, or all addresses of one host would share a list.
        counts = Counter(token for spelling in spellings for token in _TOKEN.findall(spelling))
        self._values: dict[str, dict[tuple[int, int], dict[str, str]]] = {}
        """Token -> its place in the value and the value's length -> spelling -> core."""
        for spelling, value in spellings.items():
            found = _TOKEN.finditer(spelling)
            anchor = min(found, key=lambda match: (counts[match[0]], match.start() - match.end(), match.start()))
            shape = (anchor.start(), len(spelling))
            self._values.setdefault(anchor[0], {}).setdefault(shape, {})[spelling] = value

    def __bool__(self) -> bool:
        return bool(self._values)

    def touches(self, text: str) -> bool:
        """Whether a text holds a token that values are found by. Every occurrence of a value holds one, so a text can
        be looked at in parts that no token goes across: if none is touched, the whole holds no value."""
        return bool(self._values) and not self._values.keys().isdisjoint(_rough_tokens(fold(text)))

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and core of every occurrence of every value; occurrences of different values may overlap."""
        if not self._values:
            return
        folded = fold(text)
        found = _rough_tokens(folded)
        if self._values.keys().isdisjoint(found):
            return
        touched = self._values.keys() & found
        if not _has_other_blanks(folded):
            yield from self._find(folded, touched)
            return
        places = _BlankPlaces(folded)
        for start, end, value in self._find(_BLANKS.sub(" ", folded), touched):
            yield places.original(start), places.original(end), value

    def _find(self, folded: str, touched: Collection[str]) -> Iterator[tuple[int, int, str]]:
        """The same, of a text whose white space is single blanks and that holds some tokens of values."""
        for place, token in _places_of(touched, folded):
            for (offset, size), spellings in self._values[token].items():
                start = place - offset
                value = spellings.get(folded[start : start + size]) if start >= 0 else None
                if value is not None and _is_bounded(folded, start, start + size):
                    yield start, start + size, value

    def held_by(self, text: str) -> set[str]:
        """The cores of the values that occur in a text at least once."""
        return {value for _, _, value in self.find(text)}


def _places_of(some: Collection[str], folded: str) -> Iterator[tuple[int, str]]:
    """Where some tokens stand, and perhaps where one is only part of a longer token."""
    if len(some) > _FEW:
        yield from ((match.start(), match[0]) for match in _TOKEN.finditer(folded) if match[0] in some)
        return
    for token in some:
        place = folded.find(token)
        while place >= 0:
            yield place, token
            place = folded.find(token, place + 1)


def _has_other_blanks(text: str) -> bool:
    """Whether a text has white space that is not one blank."""
    if text.isascii():
        return any([blanks in text for blanks in _ASCII_OTHER_BLANKS])  # noqa: C419 - half the time
    return _OTHER_BLANKS.search(text) is not None


class _BlankPlaces:
    """From places in a text whose white space became single blanks back to places in the text itself."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        """Where text goes on behind white space, in the changed text."""
        self._shifts: list[int] = []
        shift = 0
        for blanks in _BLANKS.finditer(text):
            shift += len(blanks[0]) - 1
            self._starts.append(blanks.end() - shift)
            self._shifts.append(shift)

    def original(self, place: int) -> int:
        number = bisect_right(self._starts, place)
        return place + self._shifts[number - 1] if number else place


def _is_bounded(folded: str, start: int, end: int) -> bool:
    left_open = start == 0 or _is_cjk(folded[start]) or not _is_letter(folded[start - 1])
    right_open = end == len(folded) or _is_cjk(folded[end - 1]) or not _is_letter(folded[end])
    return left_open and right_open


def _is_cjk(char: str) -> bool:
    return char >= "\u3040" and _CJK_CHAR.match(char) is not None


def _is_letter(char: str) -> bool:
    return _is_part_of_word(char) and not _is_cjk(char)


def _is_part_of_word(char: str) -> bool:
    return char.isalnum() or char in _MARK_CHARS
