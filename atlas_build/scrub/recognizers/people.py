"""People: capitalised runs read token by token, with the words before and behind them as cues.

With a cue one unusual word is a person, and with a strong cue even a first name that is also a word (Mark, Grace).
Without a cue it takes a first name that is no word, or two unusual words in a row. What counts as a word is
decided by the vocabulary, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import ClassVar

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers import cues
from atlas_build.scrub.recognizers.family import FILLER, Family, Hit, holds_any
from atlas_build.scrub.recognizers.name_shapes import LOWER, NAME, UPPER, NameJudge, parts
from atlas_build.scrub.recognizers.name_shapes import TOKEN as NAME_TOKEN
from atlas_build.scrub.vocabulary import Vocabulary

CUED = 0.78
"""A word beside the name says that it is one; below handles and e-mails, of which a name may be a part."""
UNCUED = 0.6
"""Word lists alone. Below `spreading.SURE`: such a name is looked for elsewhere only as it is written."""
_RUN = re.compile(rf"(?<![\w.@/#$\\&+~=<-])(?<![\"'(\[]\.){NAME}(?![\w(/\\=@{{\[~]|\.[\w(]|::|->|<\w|:\d)")
_TOKEN = re.compile(rf"{NAME_TOKEN}|[{UPPER}]\.|[{LOWER}]+\.?")
_WORDS_BEFORE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_GAP = re.compile(r"[ \t]*[,:：.!]?[ \t\"'“„«*_]*$")
_NEXT_WORD = re.compile(r"(?:['’]s)?[ \t,]{1,2}([^\W\d_]+(?:[ ][^\W\d_]+)?)|[ ]\((?:she|he|they)/")
_NAME_ENDS = re.compile(r"[ \t]{0,2}(?:[,!.:;?)\n\r—–-]|$|[ \t](?:for|für|pour|por|per|за|and|from|und|y|et|e|и)\b)")
_VERSION = re.compile(r"[ ]\(?v?\d{1,4}\.\d")
"""A version behind two unusual words: they are a product."""
_LISTED = re.compile(
    r"(?i:\b(?:attendees|participants|present|reviewers|authors|assignees|approvers|recipients|cc|teilnehmer"
    r"|anwesend|participantes|asistentes|présents|участники|присутствовали))[ \t]?[:：][^\n:;]{0,200}[,;&][ ]$"
)
"""A list of people goes on: what makes the first one a name makes the others too."""
_LINE_ENDS = re.compile(r"[ \t]{0,3}(?:[\r\n.,|(]|$)")
_IN_SENTENCE = re.compile(r"[\w,;][ \t]+[^\W\d_]+[ \t\"'“„«*_]*$")
_TITLES_BEFORE = re.compile(rf"(?:(?<![^\W_])(?i:{'|'.join(sorted(cues.TITLES))})\.?[ ]){{1,3}}$")
_ARTICLE = re.compile(
    r"(?:\b(?:the|an?|this|each|every|any|no|our|its|their|these|those|which|via|in|into|using|install|import"
    r"|class|function"
    r"|method|component|der|die|das|ein|eine|el|los|las|un|una|il|lo|gli|os)[ ]|\d[ ])$",
    re.IGNORECASE,
)
_CYRILLIC_FAMILY = re.compile(
    r"[\u0400-\u042f][\u0430-\u045f-]{2,20}(?:[оеё]в(?:а|у|ой|ым|е)?|[иы]н(?:а|у|ой|ым|е)?|[сц]к(?:ий|ая|ому"
    r"|ого|ой|им)|енко|чук|юк|ук|ян|дзе|швили"
    r"|ович(?:а|у|ем)?|евич(?:а|у|ем)?|[ое]вн(?:а|ы|е|у|ой)|ичн(?:а|ы|е|у))"
)
_LOWER_CASE = re.compile(
    r"(?<![^\W_])(?:hi|hello|hey|yo|heya|morning|thx|ty|cheers|sorry|dear|thanks|thank you|ask|tell|ping"
    r"|cc|hallo|hola|danke|gracias|merci"
    r"|obrigado|привет|frag|sag|pergunta|pregunta)"
    r",?[ \t]{1,2}(?P<name>[^\W\d_]{3,20})(?![\w.(/@-])"
)
"""For a text in lower case; the name is in lower case also before."""


_LATIN_CAPITAL = re.compile("[A-Z]")


class Cue(IntEnum):
    NONE = 0
    WEAK = 1
    STRONG = 2


class People(Family):
    kinds: ClassVar = (Kind.PERSON,)
    _capital = re.compile(rf"[{UPPER}][{LOWER}'’]")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._judge = NameJudge(vocabulary)
        super().__init__()

    def may_hold(self, text: str) -> bool:  # noqa: ARG002 - every rule has a gate of its own
        return True

    def find(self, text: str) -> Iterator[Hit]:
        for match in _LOWER_CASE.finditer(fold(text)):
            name = match["name"]
            if _LATIN_CAPITAL.search(text, *match.span("name")):
                continue
            if name in self._vocabulary.first_names and not self._vocabulary.is_word(name):
                yield Hit(*match.span("name"), Kind.PERSON, CUED - 0.1, "lower-case-greeting")
        if self._capital.search(text):
            for run in _RUN.finditer(text):
                yield from self._people_in(text, run)

    def _people_in(self, text: str, run: re.Match[str]) -> Iterator[Hit]:
        tokens = list(_TOKEN.finditer(text, *run.span()))
        words = [token[0] for token in tokens]
        place = 0
        while place < len(tokens):
            length, rule = self._person_at(text, tokens, words, place)
            if length:
                start, end = tokens[place].start(), tokens[place + length - 1].end()
                titles = _TITLES_BEFORE.search(text, max(0, start - 24), start)
                score = UNCUED if rule in _UNCUED_RULES else CUED
                yield Hit(titles.start() if titles else start, end, Kind.PERSON, score, rule)
            place += max(length, 1)

    def _person_at(self, text: str, tokens: list[re.Match[str]], words: list[str], place: int) -> tuple[int, str]:
        """Length in tokens and rule of the person that begins at a token; (0, "") if none does."""
        rest = words[place:]
        length = self._judge.leading_name(rest, strong=True) or self._titled_length(text, tokens[place], rest[0])
        if not length or rest[0].casefold() in _CUE_WORDS or rest[0].endswith(_CONTRACTIONS):
            return 0, ""
        start, end = tokens[place].start(), tokens[place + length - 1].end()
        is_line_start = start == 0 or text[start - 1] == "\n"
        plain = self._judge.leading_name(rest, strong=False)
        rule = self._plain_rule(rest[:plain]) if plain else ""
        if rule and _VERSION.match(text, tokens[place + plain - 1].end()):
            return 0, ""
        if rule and not self._is_doubtful(
            rule, text, start, follows_capital=place > 0 and words[place - 1][0].isupper()
        ):
            return plain, rule
        cue = self._cue_before(text, start, end)
        if cue is Cue.STRONG:
            return length, "strong-cue"
        if plain and (
            cue is Cue.WEAK or self._says_behind(text, tokens[place + plain - 1].end(), is_line_start=is_line_start)
        ):
            return plain, "cue"
        return 0, ""

    def _is_doubtful(self, rule: str, text: str, start: int, *, follows_capital: bool) -> bool:
        """An article before a lone name, or a heading in Title Case around a first name that is also a word."""
        if rule == "lone-first-name":
            return _ARTICLE.search(text, max(0, start - 12), start) is not None
        return rule == "first-and-unusual" and follows_capital

    def _titled_length(self, text: str, token: re.Match[str], word: str) -> int:
        """1 if a title stands before a family name that is also a word: Frau Meier, Mr. Young."""
        titled = _TITLES_BEFORE.search(text, max(0, token.start() - 24), token.start()) is not None
        return int(titled and self._judge.is_last(word))

    def _plain_rule(self, words: Sequence[str]) -> str:
        """By which rule some words are a person without any cue; "" if by none."""
        judge = self._judge
        names = [word for word in words if word[0].isupper() and not word.endswith(".")]
        is_several = len(names) > 1
        if any(judge.is_first(name) and not judge.is_word(name) for name in names):
            return "first-name" if is_several else "lone-first-name"
        if is_several and judge.is_first(words[0]):
            return "first-and-unusual"
        if words[0].endswith(".") and names and judge.is_last(names[0]) and judge.is_unusual(names[0]):
            return "initial-and-last"
        all_unusual = all(judge.is_unusual(name) and len(name) > 2 for name in names)
        if is_several and all_unusual and any(judge.is_last(name) for name in names):
            return "unusual-and-last"
        if is_several and any(_CYRILLIC_FAMILY.fullmatch(name) for name in names):
            return "cyrillic-family-name"
        return "unusual-pair" if len(names) in {2, 3} and all_unusual else ""

    def _cue_before(self, text: str, start: int, end: int) -> Cue:
        """What the words before a possible name say of it."""
        before = text[max(0, start - 48) : start]
        gap = _GAP.search(before)
        mark = gap[0].strip(" \t\"'“„«*_") if gap else ""
        if before.endswith((", ", "; ", " & ")) and _LISTED.search(text, max(0, start - 240), start):
            return Cue.STRONG
        if before.endswith("\n"):
            return self._sign_off(before, text, end)
        if re.search(r"(?:^|\n)[ \t]{0,3}(?:--|—|–)[ \t]?$", before) and _LINE_ENDS.match(text, end):
            return Cue.STRONG
        words = _WORDS_BEFORE.findall(before)[-4:]
        is_title = bool(words) and words[-1].casefold() in cues.TITLES
        if words and words[-1][0].isupper() and not is_title and _IN_SENTENCE.search(before):
            return Cue.NONE  # a heading in Title Case: Sent To Therapy
        last = before[: gap.start()] if gap else before
        if not words or not last.endswith(words[-1]):
            return Cue.NONE
        phrases = {" ".join(words[-size:]).casefold().replace("’", "'") for size in range(1, len(words) + 1)}
        return self._cue_of(phrases, mark, text, end)

    def _cue_of(self, phrases: set[str], mark: str, text: str, end: int) -> Cue:
        ends = _NAME_ENDS.match(text, end) is not None
        if phrases & cues.TITLES and mark in {"", "."}:
            return Cue.STRONG
        if phrases & cues.FIELDS and mark in {":", "："}:
            return Cue.STRONG
        if (phrases & cues.GREETINGS and mark in {"", ","}) or (phrases & cues.SIGN_OFFS and mark == ","):
            return Cue.STRONG if ends else Cue.WEAK
        if phrases & cues.NAMINGS and not mark:
            return Cue.STRONG
        if phrases & cues.INTRODUCTIONS and not mark:
            following = _NEXT_WORD.match(text, end)
            is_followed = following and (following[1] or "").split(" ")[0].casefold() in cues.AFTER_INTRODUCTION
            return Cue.WEAK if ends or is_followed else Cue.NONE
        return Cue.WEAK if phrases & cues.ASKING and not mark else Cue.NONE

    def _sign_off(self, before: str, text: str, end: int) -> Cue:
        lines = [line.strip(" \t\r,!.") for line in before.rstrip().split("\n")]
        is_signed = bool(lines) and lines[-1].casefold() in cues.SIGN_OFFS
        return Cue.STRONG if is_signed and _LINE_ENDS.match(text, end) else Cue.NONE

    def _says_behind(self, text: str, end: int, *, is_line_start: bool) -> bool:  # noqa: ARG002
        following = _NEXT_WORD.match(text, end)
        if not following:
            return False
        if following[1] is None:
            return True
        if following[0].startswith(("'s", "’s")) and following[1].split(" ")[0] in cues.BELONGINGS:
            return True
        # As it is written: in a heading (Outlier Answered With) the verb is capitalised.
        return following[1] in cues.SAYING or following[1].split(" ")[0] in cues.SAYING


_UNCUED_RULES = frozenset({
    "initial-and-last", "first-name", "lone-first-name", "first-and-unusual", "unusual-and-last",
    "cyrillic-family-name", "unusual-pair",
})  # fmt: skip
_CONTRACTIONS = ("'ll", "’ll", "'re", "’re", "'ve", "’ve")
_CUE_WORDS = frozenset(
    phrase
    for phrases in (
        cues.GREETINGS,
        cues.SIGN_OFFS,
        cues.TITLES,
        cues.FIELDS,
        cues.ASKING,
        cues.INTRODUCTIONS,
        cues.SAYING,
    )
    for phrase in phrases
    if " " not in phrase
)
"""Never a name themselves, as capitalised first words of a sentence: Ask, Bitte, Ping."""

_ROBOT = re.compile(
    r"\[bot\]|\bbot\b|-bot\b|agent|copilot|claude|codex|cursor|gemini|dependabot|renovate|github|gitlab"
    r"|actions?\b|noreply|openai|anthropic"
    r"|devin|jules|specstory|jenkins|travis",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:Inc|LLC|Ltd|GmbH|Corp|Corporation|Foundation|Authors?|Contributors?|Team|Company|Software|Systems"
    r"|Labs?|Project|Group|University"
    r"|Institute|Technologies|Limited|S\.A|AG|BV|Oy|AB|Studio|Games|Community|Organization|Developers?)\b",
    re.IGNORECASE,
)
_ANY_NAME = r"[^\W\d_][^\n<>\"'`,;:(){}\[\]@/\\|=\ufffc]{1,60}?"
_TRAILER = re.compile(
    r"(?:\b(?:[A-Za-z]{2,12}(?:-[a-z]{2,12}){0,2}-by|Cc|Author|Committer|Commit|AuthorName|CommitterName|From"
    r"|To|Tagger|Maintainer|Assignee|Reviewer|Owner"
    r"|作者|提交者|작성자|Автор|Auteur|Autor)[ \t]?[:：][ \t]{0,12}|@author[ \t]{1,4}|@maintainer[ \t]{1,4}"
    r"|--author[= ][\"']?|author[ \t]?=[ \t]?[\"'])"
    rf"(?P<name>{_ANY_NAME})(?=[ \t]{{0,3}}<[^<>\s]{{0,80}}[@＠\ufffc])",
    re.IGNORECASE,
)
_BEFORE_MAIL = re.compile(rf"(?<![\w@.])(?P<name>{NAME})[ ]?[<(](?=[^<>\s()]{{1,80}}[@＠]|\ufffc[>)])")
_SETTING = re.compile(
    rf"(?:@author[ \t]{{1,4}}|@maintainer[ \t]{{1,4}}|user\.name(?:=|[ \t]{{1,3}})[\"']?"
    rf"|--author[= ][\"']?)(?P<name>{NAME})"
)
_QUOTED_FIELD = re.compile(
    r"(?:full[_ ]?name|display[_ ]?name|real[_ ]?name|first[_ ]?name|last[_ ]?name|surname|given[_ ]?name"
    r"|family[_ ]?name|customer(?:_?name)?"
    r"|contact(?:_?name)?|patient(?:_?name)?|employee(?:_?name)?|author|maintainer|owner|reviewer|assignee"
    r"|(?<![\w.])name|vorname|nachname|nombre"
    rf"|apellidos?|nome|sobrenome|имя|фамилия)\\{{0,2}}[\"']?[ \t]{{0,2}}(?::|=>|="
    rf"|：)[ \t]{{0,2}}\\{{0,2}}[\"'](?P<name>(?-i:{NAME}))(?=\\{{0,2}}[\"' <(])",
    re.IGNORECASE,
)
_QUOTED_VALUE = re.compile(rf"[:=：>][ \t]{{0,2}}\\{{0,2}}[\"'][{UPPER}]")
_PERSONAL_FIELD = re.compile(
    r"(?:full|real|first|last|given|family|sur|patient|customer|employee)_?[ ]?name|surname|vorname|nachname"
    r"|apellidos?|sobrenome|фамилия",
    re.IGNORECASE,
)
"""Fields that hold nothing but a person's name: no list has to know it. Others are `name` of anything."""
_BLAME = re.compile(
    rf"^\^?[0-9a-f]{{7,40}} (?:[^\s({FILLER}]{{1,80}} +)?\((?P<name>[^\d\n(){FILLER}]{{2,40}}?) +\d{{4}}-\d\d-\d\d",
    re.MULTILINE,
)
_SHORTLOG = re.compile(rf"^ {{0,6}}\d{{1,6}}\t(?P<name>[^\n<\t{FILLER}]{{2,40}}?)(?: <|$)", re.MULTILINE)
_COPYRIGHT = re.compile(
    r"(?:(?i:copyright)|\([cC]\)|©)(?:[ \t]{0,2}\((?:c"
    r"|C)\))?[ \t]{0,2}(?:©[ \t]{0,2})?(?:\d{4}(?:[ \t]?[-–,][ \t]?(?:\d{4}|present))?,?[ \t]+)?(?:by[ \t]+)?"
    rf"(?P<name>{NAME})"
)


class Signatures(Family):
    """People in the formats of tools: git trailers and settings, blame lines, copyright lines, JSON fields."""

    kinds: ClassVar = (Kind.PERSON,)

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._judge = NameJudge(vocabulary)
        super().__init__()

    def may_hold(self, text: str) -> bool:  # noqa: ARG002 - every rule has a gate of its own
        return True

    def find(self, text: str) -> Iterator[Hit]:
        if "<" in text or "(" in text:
            yield from self._find_before_mail(text)
        folded = fold(text)
        for rule, hints, pattern in _FORMATS:
            if holds_any(hints, folded) and (rule != "quoted-field" or _QUOTED_VALUE.search(text)):
                for match in pattern.finditer(text):
                    yield from self._judged(text, match, rule)
        if "20" in text or "\t" in text:
            for rule, pattern in (("blame", _BLAME), ("shortlog", _SHORTLOG)):
                for match in pattern.finditer(text):
                    if not _ROBOT.search(match["name"]):
                        yield Hit(*match.span("name"), Kind.PERSON, CUED, rule)

    def _find_before_mail(self, text: str) -> Iterator[Hit]:
        if "@" not in text and "＠" not in text and FILLER not in text:
            return
        for match in _TRAILER.finditer(text):
            name = match["name"].strip()
            if name and not _ROBOT.search(name) and not self._judge.is_technology(name):
                start = match.start("name")
                yield Hit(start, start + len(name), Kind.PERSON, CUED + 0.1, "trailer")
        for match in _BEFORE_MAIL.finditer(text):
            if not _ROBOT.search(match["name"]):
                yield from self._judged(text, match, "before-mail")

    def _judged(self, text: str, match: re.Match[str], rule: str) -> Iterator[Hit]:
        name, start = match["name"], match.start("name")
        if rule == "copyright" and _ORGANISATION.search(text[start : match.end() + 24]):
            return
        tokens = parts(name)
        if rule == "before-mail" and tokens[0].casefold() in _CUE_WORDS:
            return
        count = self._judge.leading_name(tokens, strong=rule != "quoted-field")
        if (
            rule == "quoted-field"
            and not _PERSONAL_FIELD.match(match[0])
            and not any(self._judge.is_last(token) for token in tokens[:count])
        ):
            return  # `name: "Paella"` is no person's field
        if count:
            place = 0
            for token in tokens[:count]:
                place = name.index(token, place) + len(token)
            yield Hit(start, start + place, Kind.PERSON, CUED, rule)


_FORMATS = (
    ("setting", ("@author", "@maintainer", "user.name", "--author"), _SETTING),
    (
        "quoted-field",
        (
            "name",
            "author",
            "maintainer",
            "owner",
            "reviewer",
            "assignee",
            "customer",
            "contact",
            "patient",
            "employee",
            "nombre",
            "apellido",
            "nome",
            "имя",
            "фамилия",
        ),
        _QUOTED_FIELD,
    ),
    ("copyright", ("opyright", "(c)", "©"), _COPYRIGHT),
)
