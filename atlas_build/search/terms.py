"""From text to search terms. `assets/js/terms.js` does the same, held to this file by `tests/js/fixtures/terms.json`.

The specification, step by step:

1. *Fold*: spell apostrophes and hyphens one way, drop invisible characters, decompose (NFKD), drop combining marks
   except the voicing marks of kana, spell a few letters out (ß as ss), compose (NFC).
2. *Chunks*: letters, digits and underscores, joined by single apostrophes, full stops and hyphens; also `C++`, `C#`.
3. *Words* of a chunk: apostrophes vanish, full stops and hyphens part. Words too long or too random are noise.
4. *Parts* of a word: at underscores, at camelCase humps, and where the script changes between one with and one
   without blanks. Scripts without blanks give pairs of neighbouring characters and the last character.
5. Parts are lower-cased; plain English plurals, -ed, -ing and a final e or y are brought to one spelling.
6. A word of several parts is indexed as a whole too, and so is a chunk of two to four words, so that `user_id`,
   `userId` and `userid` meet.
7. A part made of letters and three to six digits, such as `SC2086`, is one part; the index holds its letters and
   its number as well, so that `2086` finds it, while a query for `SC2086` asks for the whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TOKENIZER = 2
"""Raised whenever the same text gives other terms."""

LONGEST_WORD = 40
MOST_JOINED_WORDS = 4

_SPELLING = str.maketrans({
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "\uff07": "'",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\ufe63": "-", "\uff0d": "-",
    "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u200e": None, "\u200f": None,
    "\u202a": None, "\u202b": None, "\u202c": None, "\u202d": None, "\u202e": None, "\u2060": None,
    "\u2066": None, "\u2067": None, "\u2068": None, "\u2069": None, "\ufeff": None,
})  # fmt: skip
_LETTERS = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ł": "l", "Ł": "L", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i",
})  # fmt: skip
_VOICING_MARKS = "\u3099\u309a"

_CHUNK = re.compile(r"[A-Za-z](?:\+\+|#)(?!\w)|\w+(?:['.\-]\w+)*")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER_RUN = re.compile(r"[0-9]{10,}")
_HEX_RUN = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{16,}", re.IGNORECASE)
_RANDOM_RUN = re.compile(r"(?=(?:[^0-9]*[0-9]){4})(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{24,}")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
_CODE = re.compile(r"([a-z]+)([0-9]{3,6})")
_SHORTEST_LETTERS = 2
_PLAIN = re.compile(r"[a-z]{3,}")
_PLURAL_ES = ("sses", "shes", "tches", "nches", "rches", "xes", "zzes")
# Porter, "An algorithm for suffix stripping", 1980: a word is [C](VC)^m[V]; here only its steps 1b, 1c and 5a.
_HAS_VOWEL = re.compile(r"(?:[^aeiou][^aeiouy]*)?[aeiouy]")
_ONE_SYLLABLE = re.compile(r"(?:[^aeiou][^aeiouy]*)?[aeiouy][aeiou]*[^aeiou][^aeiouy]*(?:[aeiouy][aeiou]*)?")
_TWO_SYLLABLES = re.compile(r"(?:[^aeiou][^aeiouy]*)?(?:[aeiouy][aeiou]*[^aeiou][^aeiouy]*){2}")
_SHORT = re.compile(r"[^aeiou][^aeiouy]*[aeiouy][^aeiouwxy]")
_DOUBLE = re.compile(r"([^aeiouylsz])\1$")


@dataclass(frozen=True)
class Word:
    """A run of letters and digits.

    Attributes:
        parts: terms that stand for the word together.
        whole: the word as one term, or "" if that says no more than the parts.
        tail: a further term for the index only: the last character of a run without blanks.
        inner: further terms for the index only: letters and number of a code.
    """

    parts: tuple[str, ...]
    whole: str = ""
    tail: str = ""
    inner: tuple[str, ...] = ()

    @property
    def is_unspaced(self) -> bool:
        return self.tail != ""


@dataclass(frozen=True)
class Chunk:
    """What was written without a blank; `whole` is "" if there is one word or too many."""

    words: tuple[Word, ...]
    whole: str = ""

    def terms(self) -> tuple[str, ...]:
        """Everything that the index holds for the chunk."""
        found = [term for word in self.words for term in (*word.parts, word.whole, word.tail, *word.inner)]
        return tuple(dict.fromkeys(term for term in (*found, self.whole) if term))


def fold(text: str) -> str:
    """Step 1. Lower-casing comes later, because camelCase would be lost."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLING))
    kept = "".join(char for char in decomposed if char.isascii() or not _is_dropped_mark(char))
    return unicodedata.normalize("NFC", kept.translate(_SPELLING).translate(_LETTERS))


def _is_dropped_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and char not in _VOICING_MARKS


def split_chunks(text: str) -> list[str]:
    """Steps 1 and 2."""
    found: list[str] = _CHUNK.findall(fold(text))
    return found


def read_chunk(chunk: str) -> Chunk:
    """Steps 3 to 6, for one chunk of folded text."""
    if chunk[-1] in "+#":
        return Chunk((Word((chunk.lower(),)),))
    if _UUID.fullmatch(chunk):
        return Chunk(())
    pieces = re.split(r"[.\-]", chunk.replace("'", ""))
    words = tuple(word for piece in pieces for word in _read_word(piece))
    joined = _join(pieces)
    is_joinable = (
        2 <= len(pieces) <= MOST_JOINED_WORDS
        and len(joined) <= LONGEST_WORD
        and not any(_is_noise(piece) or _UNSPACED.search(piece) for piece in pieces)
    )
    return Chunk(words, joined if is_joinable else "")


def _join(pieces: list[str]) -> str:
    """Words without what parted them; between two digits a full stop stays: 1.31 is not 131."""
    joined = pieces[0]
    for piece in pieces[1:]:
        joined += ("." if joined[-1:].isdecimal() and piece[:1].isdecimal() else "") + piece
    return _lower(joined.replace("_", ""))


def _is_noise(word: str) -> bool:
    return len(word) > LONGEST_WORD or any(run.fullmatch(word) for run in (_NUMBER_RUN, _HEX_RUN, _RANDOM_RUN))


def _read_word(word: str) -> list[Word]:
    if word.isascii():
        return [] if _is_noise(word) else _read_spaced(word)
    words: list[Word] = []
    place = 0
    for run in _UNSPACED.finditer(word):
        words += _read_word_without_runs(word[place : run.start()])
        words.append(_read_unspaced(_lower(run[0])))
        place = run.end()
    return words + _read_word_without_runs(word[place:])


def _read_word_without_runs(word: str) -> list[Word]:
    return [] if not word or _is_noise(word) else _read_spaced(word)


def _read_unspaced(run: str) -> Word:
    return Word(tuple(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1))), tail=run[-1])


def _read_spaced(word: str) -> list[Word]:
    parts = [_lower(part) for part in _HUMP.split(word) if part]
    if not parts:
        return []
    whole = "".join(parts) if len(parts) > 1 else ""
    inner = tuple(term for part in parts for term in _read_code(part))
    return [Word(tuple(dict.fromkeys(stem(part) for part in parts)), whole, inner=inner)]


def _read_code(part: str) -> tuple[str, ...]:
    """`ts2345` as `ts` and `2345`. One letter says nothing alone."""
    found = _CODE.fullmatch(part)
    if not found:
        return ()
    letters, number = found.groups()
    return (stem(letters), number) if len(letters) >= _SHORTEST_LETTERS else (number,)


def _lower(text: str) -> str:
    return text.lower().replace("ς", "σ")


def stem(part: str) -> str:
    """One spelling for the forms of a plain English word: `delete`, `deletes`, `deleted`, `deleting` as `delet`."""
    if not _PLAIN.fullmatch(part):
        return part
    word = _drop_past(_drop_plural(part))
    if word[-1] == "y" and word[-2] not in "aeiou":
        return word[:-1] + "i"
    return _drop_last_e(word) if word[-1] == "e" else word


def _drop_plural(word: str) -> str:
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-2]
    if word.endswith(_PLURAL_ES):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def _drop_past(word: str) -> str:
    if word.endswith("eed") or not word.endswith(("ed", "ing")):
        return word
    rest = word[: -2 if word[-1] == "d" else -3]
    if not _HAS_VOWEL.match(rest):
        return word
    if len(rest) <= 2 or rest.endswith(("at", "bl", "iz")) or _SHORT.fullmatch(rest):
        return rest + "e"
    return rest[:-1] if _DOUBLE.search(rest) else rest


def _drop_last_e(word: str) -> str:
    rest = word[:-1]
    is_long = _TWO_SYLLABLES.match(rest) or (_ONE_SYLLABLE.fullmatch(rest) and not _SHORT.fullmatch(rest))
    return rest if len(rest) > 2 and is_long else word


def _read_plain(chunk: str) -> tuple[str, ...]:
    """The one term of a plain word, as `read_chunk` would find it; () for any other chunk."""
    is_plain = chunk.isascii() and chunk.isalpha() and len(chunk) <= LONGEST_WORD and chunk[1:].islower()
    return (stem(chunk.lower()),) if is_plain else ()


class Tokenizer:
    """`read_chunk` with a memory: words repeat, so most chunks have been read before."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def terms(self, text: str) -> list[str]:
        """All terms of a text in its order, repeated as often as the text repeats them."""
        found: list[str] = []
        known = self._known
        for chunk in split_chunks(text):
            terms = known.get(chunk)
            if terms is None:
                terms = known[chunk] = _read_plain(chunk) or read_chunk(chunk).terms()
            found += terms
        return found
