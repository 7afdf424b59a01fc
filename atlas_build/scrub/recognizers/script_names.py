"""Names in scripts without capitals: Arabic, Devanagari, Hebrew, Bengali, Tamil, Thai, Georgian.

Two listed names in a row are a person, or one beside an honorific or a verb of asking. A single listed name without a
cue stays: in these scripts most first names are also words. In Hindi a greeting, an honorific or `my name is` is cue
enough for names on no list. Han, Kana and Hangul, which write no blanks, have a file of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.vocabulary import Vocabulary

CUED = 0.74
LISTED = 0.6
_LETTERS = "\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff"
_WORD = re.compile(f"[{_LETTERS}\u200c\u200d]{{2,24}}")
_PUNCTUATION = "،؟؛।״׳"
_GLUE = frozenset({"عبد", "بن", "ابن", "بنت", "أبو", "ابو", "أم", "آل", "בן", "בת"})
"""Particles inside a name: Abd al-Rahman is two words and one name."""
_BEFORE = frozenset({
    "السيد", "السيدة", "الأستاذ", "أستاذ", "الأستاذة", "الدكتور", "الدكتورة", "الأخ", "الأخت", "مرحبا", "أهلا", "يا",
    "شكرا", "عزيزي", "عزيزتي", "مني", "اسمي", "زميلي", "زميلتي", "आदरणीय", "श्री", "श्रीमती", "सुश्री", "नमस्ते",
    "प्रिय", "डॉ", "धन्यवाद",
    "नाम", "מר", "גברת", "שלום", "תודה", "คุณ", "นาย", "นางสาว", "ბატონი", "ქალბატონი",
})  # fmt: skip
"""Honorifics, greetings, and `asked me`, `my name`."""
_AFTER = frozenset(
    {"ने", "जी", "को", "से", "साहब", "قال", "قالت", "طلب", "طلبت", "كتب", "كتبت", "אמר", "אמרה", "ביקש", "ביקשה"}
)
"""The Hindi ergative and honorific, verbs of saying and asking."""
_MOST_WORDS = 5
_HINDI = "\u0900-\u0963\u0970-\u097f"
_HINDI_ENDS = rf"(?![{_HINDI}])"
_NOBODY = (
    rf"(?!(?:आप|सभी|सब|दोस्त|मित्र|साथि|टीम|सर|मैडम|हाँ|हां|नहीं|अच्छा|गुरु|कृपया|फिर|बहुत|दुनिया)[{_HINDI}]{{0,6}}{_HINDI_ENDS})"
    rf"(?!(?:नमस्ते|नमस्कार|धन्यवाद|शुक्रिया|श्री|श्रीमती|सुश्री|आदरणीय|प्रिय){_HINDI_ENDS})"
)
_HINDI_NAME = rf"{_NOBODY}[{_HINDI}]{{2,20}}"
_RESPECTED = re.compile(
    rf"(?<![{_HINDI}])(?:श्री|श्रीमती|सुश्री|आदरणीय|नमस्ते|नमस्कार|प्रिय|धन्यवाद|शुक्रिया)[ ,]{{1,2}}"
    rf"(?P<name>{_HINDI_NAME}(?: {_HINDI_NAME})?)(?= जी{_HINDI_ENDS}|[ ]?[,!.।\n]|$)"
    rf"|(?<![{_HINDI}])(?:मेरा|उसका|उनका|इनका) नाम "
    rf"(?P<named>{_HINDI_NAME}(?: {_HINDI_NAME}){{0,2}})(?= (?:है|हैं){_HINDI_ENDS})"
    rf"|(?:(?:^|(?<=[\n,.।!]))[ ]?(?P<both>{_HINDI_NAME} {_HINDI_NAME})"
    rf"|(?<![{_HINDI}])(?P<one>{_HINDI_NAME}))(?= जी{_HINDI_ENDS})",
)
"""Behind a greeting, before the honorific, in `my name is`: no list has to know the name."""


class ScriptNames(Family):
    kinds: ClassVar = (Kind.PERSON,)
    _script = re.compile(f"[{_LETTERS}]")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._first, self._last = vocabulary.first_names, vocabulary.last_names
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return not text.isascii() and self._script.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        words = [word for word in _WORD.finditer(text) if not set(word[0]) & set(_PUNCTUATION)]
        place = 0
        for match in _RESPECTED.finditer(text):
            yield Hit(*match.span(match.lastgroup or "name"), Kind.PERSON, CUED, "script-honorific")
        while place < len(words):
            length, listed = self._run(text, words, place)
            before = words[place - 1][0] if place else ""
            after = words[place + length][0] if place + length < len(words) else ""
            is_cued = before in _BEFORE or after in _AFTER
            if listed and (listed > 1 or is_cued):
                start, end = words[place].start(), words[place + length - 1].end()
                yield Hit(start, end, Kind.PERSON, CUED if is_cued else LISTED, "script-name")
            place += max(length, 1)

    def _run(self, text: str, words: list[re.Match[str]], place: int) -> tuple[int, int]:
        """How many words from here on are a name, and how many of them stand in a list."""
        length = listed = 0
        for number, word in enumerate(words[place : place + _MOST_WORDS]):
            if number and text[words[place + number - 1].end() : word.start()] not in {" ", "\u00a0", "-"}:
                break
            if self._is_listed(word[0]):
                length, listed = number + 1, listed + 1
            elif word[0] not in _GLUE:
                break
        return length, listed

    def _is_listed(self, word: str) -> bool:
        """Also with the Arabic article, which family names of origin carry."""
        return any(form in self._first or form in self._last for form in (word, word.removeprefix("ال")))
