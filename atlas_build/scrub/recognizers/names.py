"""People in plain sentences, by name lists and by words that are no words.

Capitalised runs are read token by token: a first name that is no ordinary or technical word is a person, with the
unusual words behind it; so are two unusual words in a row. Words of the text that also stand there in lower case are
ordinary words of that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.recognizers.name_shapes import LOWER, NAME, UPPER, NameJudge
from atlas_build.scrub.recognizers.name_shapes import TOKEN as NAME_TOKEN
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.6
_RUN = re.compile(rf"(?<![\w.@/#$\\&+~=<-])(?<!['’`])(?<![\"'(\[]\.){NAME}(?![\w(/\\=@{{\[*~-]|\.[\w(]|::|->|<\w|'[{UPPER}]|:\d)")
_TOKEN = re.compile(rf"{NAME_TOKEN}|[{UPPER}]\.|[{LOWER}]+\.?")
_CYRILLIC_FAMILY = re.compile(r"[\u0410-\u042f][\u0430-\u044f\u0451-]{2,20}(?:ов|ова|ову|овой|овым|ове|ев|ева|еву|евой|евым|ёв|ёва|ин|ина|ину|иной|иным|ский|ская|скому|ского|ской|ским|цкий|цкая|енко|чук|юк|ук|ко|ян|дзе|швили|ович|евич|овна|евна|ична|овича|евича|овне|евне|овну|евну)")
_NOT_AFTER = re.compile(r"(?:\b(?:the|an?|this|each|every|any|no|our|its|their|these|those|which|via|in|into|on|use|using|install|import|class|function|method|component|der|die|das|ein|eine|el|los|las|un|una|il|lo|gli|os|as)[ ]|\d[ ])$", re.IGNORECASE)


class Names(Family):
    kinds: ClassVar = (Kind.PERSON,)
    _capital = re.compile(rf"[{UPPER}][{LOWER}]")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._judge = NameJudge(vocabulary)
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return self._capital.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for run in _RUN.finditer(text):
            tokens = list(_TOKEN.finditer(run[0]))
            for first, last, rule in self._people([token[0] for token in tokens]):
                start, end = run.start() + tokens[first].start(), run.start() + tokens[last].end()
                if rule != "lone-first-name" or not _NOT_AFTER.search(text[max(0, start - 12) : start]):
                    yield Hit(start, end, Kind.PERSON, SCORE, rule)

    def _people(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        place = 0
        while place < len(tokens):
            length, rule = self._person_at(tokens[place:])
            if length:
                yield place, place + length - 1, rule
            place += max(length, 1)

    def _person_at(self, tokens: Sequence[str]) -> tuple[int, str]:
        judge, head = self._judge, tokens[0]
        length = judge.leading_name(tokens, strong=False)
        if not length:
            return 0, ""
        names = [token for token in tokens[:length] if token[0].isupper() and not token.endswith(".")]
        if any(judge.is_first(token) and not judge.is_word(token) for token in names):
            return length, "first-name" if len(names) > 1 else "lone-first-name"
        if judge.is_first(head) and len(names) > 1:
            return length, "first-and-unusual"
        if len(names) > 1 and any(judge.is_last(token) for token in names) and all(judge.is_unusual(token) for token in names):
            return length, "unusual-and-last"
        if len(names) > 1 and all(_CYRILLIC_FAMILY.fullmatch(token) or judge.is_unusual(token) for token in names) and any(
            _CYRILLIC_FAMILY.fullmatch(token) for token in names
        ):
            return length, "cyrillic-family-name"
        if len(names) in {2, 3} and all(judge.is_unusual(token) and len(token) > 2 for token in names):
            return length, "unusual-pair"
        return 0, ""
