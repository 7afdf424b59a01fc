"""Numbers for placeholders: by first appearance, one map for all fields of an episode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from atlas_build.model.lookup import core
from atlas_build.model.placeholder import HIGHEST_NUMBER, PLACEHOLDER, Kind, write_placeholder
from atlas_build.scrub.spans import UPSTREAM

_DIGRAPH = re.compile("(?<=[aou])e")
"""Mueller is Müller. Only for comparing: as a spelling to look for, `Sue` without it would be a command."""
_DIGITS_ONLY = frozenset({Kind.PHONE, Kind.CREDIT_CARD})
_POSSESSIVE = re.compile(r"['’]s$")
_BASES = {
    "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ё": "е", "’": "'",
}  # fmt: skip
"""Letters that do not decompose into a base and an accent."""


def same_value(kind: Kind, value: str) -> str:
    """The form in which two spellings of one value are equal: digits of a number, letters without case and marks."""
    if kind is Kind.REDACTED and (upstream := UPSTREAM.fullmatch(value)):
        return upstream[1].lower()
    if kind in _DIGITS_ONLY:
        return re.sub(r"\D", "", value) or core(value)
    return _DIGRAPH.sub("", plain_name(value)) if kind is Kind.PERSON else core(value)


def plain_name(name: str) -> str:
    """A name without what spellings differ in: case, accents, letters that keyboards lack, a possessive."""
    letters = unicodedata.normalize("NFD", core(_POSSESSIVE.sub("", name)))
    bare = "".join(
        _BASES.get(letter, letter) for letter in letters if not unicodedata.combining(letter) or letter > "\u036f"
    )
    return unicodedata.normalize("NFC", bare)


class Numbering:
    """Gives placeholders to the values of one episode, in the order it is asked.

    Args:
        texts: the episode's original texts; numbering goes on after the highest placeholder in them. Behind the highest
            number there can be it goes on with the lowest free one.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._taken: dict[str, set[int]] = {}
        self._last: dict[str, int] = {}
        self._given: dict[str, str] = {}
        for text in texts:
            for match in PLACEHOLDER.finditer(text):
                self._taken.setdefault(match[1], set()).add(int(match[2]))
        self._last = {kind: max(numbers) for kind, numbers in self._taken.items()}

    def placeholder(self, kind: Kind, value: str) -> str:
        """The value's placeholder; the same for every call with this value."""
        if value not in self._given:
            self._given[value] = write_placeholder(kind, self._next_number(kind))
        return self._given[value]

    def _next_number(self, kind: Kind) -> int:
        taken = self._taken.setdefault(kind, set())
        number = self._last.get(kind, 0) % HIGHEST_NUMBER + 1
        while number in taken and len(taken) < HIGHEST_NUMBER:
            number = number % HIGHEST_NUMBER + 1
        taken.add(number)
        self._last[kind] = number
        return number
