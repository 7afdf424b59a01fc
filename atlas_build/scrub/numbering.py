"""Numbers for placeholders: by first appearance, one map for all fields of an episode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from atlas_build.model.lookup import core
from atlas_build.model.placeholder import PLACEHOLDER, Kind, write_placeholder
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
        texts: the episode's original texts; numbering goes on after the highest placeholder in them.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._highest: dict[str, int] = {}
        self._given: dict[str, str] = {}
        for text in texts:
            for match in PLACEHOLDER.finditer(text):
                self._highest[match[1]] = max(self._highest.get(match[1], 0), int(match[2]))

    def placeholder(self, kind: Kind, value: str) -> str:
        """The value's placeholder; the same for every call with this value."""
        if value not in self._given:
            self._highest[kind] = self._highest.get(kind, 0) + 1
            self._given[value] = write_placeholder(kind, self._highest[kind])
        return self._given[value]
