"""Word lists: which tokens are ordinary words, technology, first names, last names. All lookups ignore case."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")

_ORDINARY_ENDING = re.compile(
    r"[a-z]{3,20}(?:tions?|sions?|ments?|ness|ities|ity|ings?|ism|ology|ologies|apy|keepers?|ables?|ably|ally|ively|fully|less|ized?|ised|izing"
    r"|ship|hood|wise|ward|ware|proof|ation|ungen|ungs?|keiten|heiten|schaft|ciones|ções|ção|mente|zione|zioni)"
)

SHORTEST_DISTINCTIVE = 4
SHORTEST_DISTINCTIVE_NUMBER = 9
"""Shorter runs of digits are counts, ports and years as often as they are somebody's."""


@dataclass(frozen=True)
class Vocabulary:
    """Four sets of case-folded words."""

    words: frozenset[str]
    technology: frozenset[str]
    first_names: frozenset[str]
    last_names: frozenset[str]

    def is_word(self, token: str) -> bool:
        """True for an ordinary or a technical word, also in its plural or possessive, or by an ending no name has."""
        folded = token.casefold().replace("’", "'").removesuffix("'s")
        if folded in self.words or folded in self.technology:
            return True
        if folded in self.first_names or folded in self.last_names:
            return False
        singular = folded.removesuffix("s")
        return singular in self.words or singular in self.technology or _ORDINARY_ENDING.fullmatch(folded) is not None

    def is_distinctive(self, value: str) -> bool:
        """Whether a value gives somebody away wherever it stands.

        A distinctive value is removed in the whole corpus. It has at least four letters or digits, is no ordinary or
        technical word (nor made of such words only), and, if it is only digits, has at least nine of them.
        """
        parts = _LETTERS_AND_DIGITS.findall(value)
        size = sum(map(len, parts))
        if size < SHORTEST_DISTINCTIVE:
            return False
        if all(map(str.isdecimal, parts)):
            return size >= SHORTEST_DISTINCTIVE_NUMBER
        return not all(self.is_word(part) or part.isdigit() for part in parts)
