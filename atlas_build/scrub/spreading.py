"""Propagation: what a strong cue gave away in one place is removed wherever else it stands.

Inside its episode a value spreads if it is no ordinary word: an account `main`, known from `/Users/main/`, goes from
the path alone, and a person called Mark takes along `Mark`, but not `mark`. In the rest of the corpus only
distinctive values spread (`Vocabulary.is_distinctive`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from atlas_build.model.lookup import CJK, MARKS, Lookup, core
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.hits import Hit
from atlas_build.scrub.numbering import plain_name, same_value
from atlas_build.scrub.vocabulary import Vocabulary

SPREAD_SCORE = 0.5
SPREAD_RULE = "spread"
SURE = 0.7
"""Scores from here on rest on a cue beside the name."""
_LETTERS = rf"[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*"
_PART = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*")
_CJK_ONLY = re.compile(f"[{CJK}]+")
_SHORTEST_PART = 3
_SHORTEST_ACCOUNT = 4
_SHORTEST_LOCAL_PART = 5
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})


@dataclass(frozen=True)
class Known:
    """Values known from elsewhere in the corpus, by `core`, with the kind they had there."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def with_values(self, more: Iterable[tuple[str, Kind]]) -> Known:
        """Where two episodes know one value as different kinds, the kind that comes first in `Kind` is kept."""
        order = list(Kind)
        kinds = dict(self.kinds)
        for value, kind in more:
            kinds[value] = min(kinds.get(value, kind), kind, key=order.index)
        return Known(dict(sorted(kinds.items())))

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def only(self, values: Iterable[str]) -> Known:
        """What is known of these values."""
        return Known({value: self.kinds[value] for value in sorted(values) if value in self.kinds})


@dataclass(frozen=True)
class Spreading:
    """One value to look for, and whose it is.

    Attributes:
        value: its core.
        owner: core of the whole value this one is a part of; they share a placeholder.
        spellings: None for any case, else the only spellings that count.
    """

    value: str
    kind: Kind
    owner: str
    spellings: frozenset[str] | None = None


def spread_of(hit: Hit, value: str, vocabulary: Vocabulary) -> Iterator[Spreading]:
    """What else is to be looked for in an episode once a hit has made `value` known there."""
    kind = hit.kind
    whole = core(value)
    if kind is Kind.PERSON:
        for spreading in _spread_of_name(value, same_value(kind, value), vocabulary, is_sure=hit.score >= SURE):
            yield spreading
            yield from _other_spellings(spreading)
        return
    if kind is Kind.EMAIL:
        yield from _spread_of_local_part(value, whole, vocabulary)
    if vocabulary.is_distinctive(value) or (kind is not Kind.SECRET and _is_plain_account(value, vocabulary)):
        yield Spreading(whole, kind, whole)


def _other_spellings(spreading: Spreading) -> Iterator[Spreading]:
    """A name as keyboards without its letters write it: José as Jose, Müller as Muller and Mueller."""
    for write in (plain_name, _with_digraphs):
        spelling = core(write(spreading.value))
        if spelling != spreading.value:
            spellings = spreading.spellings and frozenset(_like(one, write(one)) for one in spreading.spellings)
            yield replace(spreading, value=spelling, spellings=spellings)


def _with_digraphs(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower().translate(_DIGRAPHS)


def _like(name: str, spelling: str) -> str:
    """Another spelling with the capitals of the name."""
    return spelling.title() if name[:1].isupper() else spelling


def _spread_of_local_part(address: str, whole: str, vocabulary: Vocabulary) -> Iterator[Spreading]:
    """What stands before the at sign, where it names somebody: not `info`, not `sales.team`."""
    local = re.split("[@＠]|%40", address, maxsplit=1)[0].split("+")[0]
    if len(local) >= _SHORTEST_LOCAL_PART and vocabulary.is_distinctive(local):
        yield Spreading(core(local), Kind.EMAIL, whole)


def _is_plain_account(value: str, vocabulary: Vocabulary) -> bool:
    return len(value) >= _SHORTEST_ACCOUNT and not value.isdigit() and not vocabulary.is_word(value)


def _spread_of_name(value: str, whole: str, vocabulary: Vocabulary, *, is_sure: bool) -> Iterator[Spreading]:
    if _CJK_ONLY.fullmatch(value):
        if len(value) > 1:
            yield Spreading(whole, Kind.PERSON, whole)
        return
    parts = _PART.findall(value)
    for part in dict.fromkeys([value, *parts]) if len(parts) > 1 else [value]:
        if len(part) < _SHORTEST_PART or (part.islower() and part != value):
            continue
        is_word = all(vocabulary.is_word(word) for word in _PART.findall(part))
        if is_word and part != value:
            continue
        # Without a cue only a listed name is looked for in lower case too: an unusual word may be a product.
        is_exact = is_word or not (is_sure or _is_listed(part, vocabulary))
        yield Spreading(core(part), Kind.PERSON, whole, frozenset({part}) if is_exact else None)


def _is_listed(name: str, vocabulary: Vocabulary) -> bool:
    return all(
        word.casefold() in vocabulary.first_names or word.casefold() in vocabulary.last_names
        for word in _PART.findall(name)
    )


class Spreader:
    """Finds the known values of one episode in its texts."""

    def __init__(self, spreadings: Iterable[Spreading]) -> None:
        self._by_value: dict[str, Spreading] = {}
        for spreading in spreadings:
            # Any case beats one spelling, and a first name belongs to the longest name it is a part of.
            present = self._by_value.get(spreading.value)
            if present is None or _rank(spreading) < _rank(present):
                self._by_value[spreading.value] = spreading
            elif present.spellings and spreading.spellings:
                self._by_value[spreading.value] = replace(present, spellings=present.spellings | spreading.spellings)
        self._lookup = Lookup(self._by_value)
        self._owners = {
            same_value(spreading.kind, value) if spreading.kind is Kind.PERSON else value: spreading.owner
            for value, spreading in sorted(self._by_value.items(), key=lambda item: _rank(item[1]), reverse=True)
        }

    def owner(self, value: str) -> str | None:
        """Whose a value is, given in the form of `same_value`; None if it was not made known."""
        return self._owners.get(value)

    def find(self, text: str) -> Iterator[Hit]:
        for start, end, value in self._lookup.find(text):
            spreading = self._by_value[value]
            if spreading.spellings is None or text[start:end] in spreading.spellings:
                yield Hit(start, end, spreading.kind, SPREAD_SCORE, SPREAD_RULE, False)


def _rank(spreading: Spreading) -> tuple[bool, bool, int, str, str]:
    """Lowest first. A part of an e-mail address comes last: `ida` is the person Ida before it is ida@fjordwerk.no."""
    is_local_part = spreading.kind is Kind.EMAIL and spreading.value != spreading.owner
    return (is_local_part, spreading.spellings is not None, -len(spreading.owner), spreading.kind, spreading.owner)
