"""What a person's name looks like, and whether its words may be one. Shared by the cues and the name lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from atlas_build.scrub.vocabulary import Vocabulary


def _letters(category: str) -> str:
    """Latin, Greek, Cyrillic and Armenian letters of one category, as the inside of a character class."""
    places = [*range(0x41, 0x590), *range(0x1E00, 0x2000)]
    return "".join(chr(place) for place in places if unicodedata.category(chr(place)) == category)


UPPER = _letters("Lu")
LOWER = _letters("Ll")
MARK = "\u0300-\u036f"
TOKEN = (
    rf"[{UPPER}](?:a?c[{UPPER}][{LOWER}]{{1,20}}|[{LOWER}{MARK}]{{1,24}}"
    rf"|['’][{UPPER}][{LOWER}{MARK}]{{1,24}})(?:(?!['’]s(?![{LOWER}]))[-'’][{UPPER}]?[{LOWER}{MARK}]{{1,24}}){{0,2}}"
)
"""One capitalised word without a possessive: Anna, O'Neil, McAllister, El-Khoury."""
PARTICLE = (
    r"(?:van|der|den|de|la|le|du|des|del|della|di|da|do|dos|das|von|zu|zum|bin|ibn|al|el|ter|ten|af|av|y|e"
    r"|bat|ben|st\.|St\.)"
)
INITIAL = rf"[{UPPER}]\.?"
NAME = (
    rf"(?:[{UPPER}]\.[ ]?){{0,2}}{TOKEN}(?:[ ](?:{PARTICLE}[ -]){{0,3}}(?"
    rf":{TOKEN}|[{UPPER}]\.(?=[ ]{TOKEN}))"
    rf"|[ ]?[{UPPER}]\.[ ]{TOKEN}){{0,4}}"
)
"""One to five capitalised words, with particles and initials between them."""
TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Herr|Herrn|Frau|Señor|Señora|Sr|Sra|Srta|Don|Doña|Dona"
    r"|Dom|Monsieur|Madame|Mme|Mlle|Signor|Signora|Sig|Dott|Pan|Pani|Sayın|Meneer|Mevrouw|Fru|Ing|Eng)"
)
ROLE_WORDS = frozenset({
    "all", "team", "everyone", "everybody", "folks", "guys", "there", "world", "sir", "madam", "agent",
    "assistant", "claude", "again", "user", "friend", "friends", "developer", "reviewer", "maintainer", "you",
    "so", "for", "the", "in", "advance", "but", "and", "please", "both",
})  # fmt: skip
_REMEMBERED = 20_000
_PART = re.compile(rf"{TOKEN}|[{UPPER}]\.|[^\W\d_]+")


def parts(name: str) -> list[str]:
    return _PART.findall(name)


class NameJudge:
    """Decides which words of a capitalised run are a person's name."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.is_word = lru_cache(_REMEMBERED)(self._is_word)
        """The same words are asked for again and again, several times for each place where a name may stand."""

    def is_first(self, token: str) -> bool:
        folded = token.casefold().replace("’", "'")
        return folded in self._vocabulary.first_names or (
            "-" in folded and any(part in self._vocabulary.first_names for part in folded.split("-"))
        )

    def is_last(self, token: str) -> bool:
        """A listed family name; first names serve as family names too."""
        return token.casefold().replace("’", "'") in self._vocabulary.last_names or self.is_first(token)

    def _is_word(self, token: str) -> bool:
        folded = token.casefold()
        if "-" in folded:
            return all(self._vocabulary.is_word(part) for part in folded.split("-"))
        return self._vocabulary.is_word(token)

    def is_technology(self, token: str) -> bool:
        return token.casefold() in self._vocabulary.technology

    def is_unusual(self, token: str) -> bool:
        """Neither an ordinary nor a technical word: what a family name mostly is."""
        return len(token) > 1 and not self.is_word(token) and not token.endswith(".")

    def leading_name(self, tokens: Sequence[str], *, strong: bool) -> int:
        """How many leading tokens are a name; 0 if they are none.

        Args:
            strong: the cue alone says that a name stands here, as a trailer does; a lone first name that is also a
                word (Mark, Grace) is then enough.
        """
        if not tokens or tokens[0].casefold() in ROLE_WORDS:
            return 0
        if tokens[0].endswith("."):  # an initial: H. Nakamura
            behind = self.leading_name(tokens[1:], strong=strong)
            return behind + 1 if behind else 0
        length = 0
        for place, token in enumerate(tokens):
            follows = tokens[place + 1] if place + 1 < len(tokens) else ""
            if (
                self.is_unusual(token)
                or (length and (token.endswith(".") or token.casefold() in _PARTICLES))
                or (
                    (self.is_first(token) or (strong and self.is_last(token)))
                    and follows
                    and self.is_unusual(follows)
                    and not self.is_technology(follows)
                )
                or (length and self.is_last(token))
            ):
                length = place + 1
            elif place == 0 and strong and self.is_first(token) and not self.is_technology(token):
                length = 1
            else:
                break
        while length and tokens[length - 1].casefold() in _PARTICLES:
            length -= 1
        return length


_PARTICLES = frozenset({
    "van", "der", "den", "de", "la", "le", "du", "des", "del", "della", "di", "da", "do", "dos", "das", "von",
    "zu", "zum", "bin", "ibn", "al", "el", "ter", "ten", "af", "av", "y", "e", "bat", "ben", "st.",
})  # fmt: skip
