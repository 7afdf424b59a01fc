"""People known by a strong cue: trailers, configuration, greetings, sign-offs, titles, verbs of asking and saying."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.recognizers.name_shapes import INITIAL, NAME, TITLE, UPPER, NameJudge, parts
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.78
_ANY_NAME = r"[^\W\d_][^\n<>\"'`,;:(){}\[\]@/\\|=\ufffc]{1,60}?"

_TRAILER = re.compile(
    r"(?:\b(?:Co-authored-by|Signed-off-by|Reviewed-by|Acked-by|Reported-by|Tested-by|Suggested-by|Helped-by|Cc|Author|Committer|Commit|AuthorName|CommitterName|Merged-by|Approved-by|From|To|Tagger|Maintainer|Assignee|Reviewer|Owner|作者|提交者|작성자|Автор|Auteur|Autor)"
    r"[ \t]?[:：][ \t]{0,12}|@author[ \t]{1,4}|@maintainer[ \t]{1,4}|--author[= ][\"']?|author[ \t]?=[ \t]?[\"'])"
    rf"(?P<name>{_ANY_NAME})(?=[ \t]{{0,3}}<[^<>\s]{{0,80}}[@＠\ufffc])",
    re.IGNORECASE,
)
_BEFORE_MAIL = re.compile(rf"(?<![\w@.])(?P<name>{NAME})[ ]?[<(](?=[^<>\s()]{{1,80}}[@＠]|\ufffc[>)])")
_FIELD = re.compile(
    r"(?:\b(?:Author|Committer|Reviewer|Assignee|Maintainer|Owner|Reporter|Approver|Approved by|Reviewed by|Created by|Written by|Reported by|Assigned to|Requested by|Modified by|Signed by|Contact|Manager|Customer|Client|Patient|Student|Teacher|Employee"
    r"|Kunde|Kundin|Bearbeiter|Ansprechpartner(?:in)?|Autor(?:a|in)?|Auteur|Autore|Responsable|Responsável|Автор|Исполнитель|Yazar)[\"']?[ \t]{0,2}(?:[:：=][ \t]{0,6}|[ \t])[\"']?"
    rf"|@author[ \t]{{1,4}}|@maintainer[ \t]{{1,4}}|user\.name(?:=|[ \t]{{1,3}})[\"']?|--author[= ][\"']?)(?P<name>{NAME})"
)
_QUOTED_FIELD = re.compile(
    r"(?:full[_ ]?name|fullName|display[_ ]?name|displayName|real[_ ]?name|first[_ ]?name|firstName|last[_ ]?name|lastName|surname|given[_ ]?name|family[_ ]?name|customer(?:_name|Name)?|contact(?:_name|Name)?|patient(?:_name|Name)?|employee(?:_name|Name)?|author|maintainer|owner|reviewer|assignee|(?<![\w.])name|vorname|nachname|nombre|apellidos?|nome|sobrenome|имя|фамилия)"
    rf"[\"']?[ \t]{{0,2}}(?::|=>|=|：)[ \t]{{0,2}}[\"'](?P<name>{NAME})(?=[\"' <(])",
)
_BLAME = re.compile(rf"^\^?[0-9a-f]{{7,40}} (?:[^\s(]{{1,80}} +)?\((?P<name>[^\d\n()]{{2,40}}?) +\d{{4}}-\d\d-\d\d", re.MULTILINE)
_SHORTLOG = re.compile(rf"^ {{0,6}}\d{{1,6}}\t(?P<name>[^\n<\t]{{2,40}}?)(?: <|$)", re.MULTILINE)
_COPYRIGHT = re.compile(rf"(?:Copyright|\(c\)|©)(?:[ \t]{{0,2}}\((?:c|C)\))?[ \t]{{0,2}}(?:©[ \t]{{0,2}})?(?:\d{{4}}(?:[ \t]?[-–,][ \t]?(?:\d{{4}}|present))?,?[ \t]+)?(?:by[ \t]+)?(?P<name>{NAME})", re.IGNORECASE)
_GREETING_WORDS = (
    r"hi|hello|hey|heya|hiya|dear|morning|good (?:morning|afternoon|evening|day)|howdy|yo|greetings|hallo|liebe[rs]?|guten (?:morgen|tag|abend)|moin|servus|sehr geehrte[rs]?|hola|buenos días|buenas|estimad[oa]|querid[oa]|oi|olá|bom dia|boa tarde|boa noite|caro|cara|prezad[oa]"
    r"|bonjour|bonsoir|salut|cher|chère|coucou|ciao|buongiorno|salve|gentile|привет|здравствуй(?:те)?|добрый (?:день|вечер)|уважаем(?:ый|ая)|дорог(?:ой|ая)|merhaba|selam|sevgili|sayın|hej|hoi|beste|cześć|drogi|szia|kedves|ahoj|dobrý den|γεια|xin chào|chào"
    r"|thanks|thank you(?: so much| very much)?|thx|ty|many thanks|cheers|kudos to|props to|congrats|congratulations|sorry|welcome|bye|goodbye|ok|okay|yes|no|well done|nice work|great work|good job|danke|vielen dank|merci|merci beaucoup|gracias|muchas gracias|obrigad[oa]|muito obrigad[oa]|grazie|спасибо|дякую|teşekkürler|teşekkür ederim|dziękuję|bedankt|dank je|tack|takk|tak"
)
_GREETING = re.compile(rf"(?<![^\W_])(?i:{_GREETING_WORDS})(?P<comma>,)?[ \t]{{1,2}}(?:(?i:to|an|a|à)[ \t])?(?P<name>(?:{TITLE}\.?[ ]){{0,2}}{NAME})(?P<after>[ \t]{{0,2}}(?:[,!.:;?\n—–-]|$|[ \t](?:for|für|für|pour|por|per|за|and|from|und)))?")
_GREETING_LOWER = re.compile(r"(?<![^\W_])(?i:hi|hello|hey|dear|thanks|thank you|ask|tell|ping|cc|hallo|hola|danke|gracias|merci|obrigado|привет|frag|sag|pergunta|pregunta)[,]?[ \t]{1,2}(?P<name>[^\W\d_A-Z]{3,20})(?![\w.(/@-])")
_SIGN_OFF = re.compile(
    r"(?:(?:(?:best|kind|warm|many|with)[ \t]+){0,2}(?:regards|wishes)|sincerely(?: yours)?|yours(?: truly| sincerely)?|cheers|thanks|thank you|best|cordially|respectfully|mit (?:freundlichen|besten|herzlichen) grüßen|(?:viele|beste|liebe|herzliche) grüße|lg|vg|mfg|gruß|cordialement|bien à vous|amicalement|bises|atenciosamente|abraços?|att|saludos(?: cordiales)?|un saludo|atentamente|abrazos|cordiali saluti|distinti saluti|saluti|с уважением|с наилучшими пожеланиями|з повагою"
    r"|saygılarımla|iyi çalışmalar|sevgiler|met vriendelijke groet(?:en)?|groeten|groetjes|med vennlig hilsen|med venlig hilsen|med vänliga hälsningar|mvh|hilsen|pozdrawiam|z poważaniem|üdvözlettel|s pozdravem|με εκτίμηση|trân trọng)"
    rf"[ \t]{{0,2}}[,!.]?[ \t]{{0,2}}(?:\r?\n[ \t]{{0,4}}(?:\r?\n)?[ \t]{{0,4}}(?:[-–—][ \t]?)?|,[ \t]|[ \t][-–—][ \t])(?P<name>{NAME})(?=[ \t]{{0,3}}(?:\r|\n|$|[.,|(]))",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(rf"(?:^|\n)[ \t]{{0,3}}(?:--|—|–|-)[ \t]?(?P<name>{NAME})[ \t]{{0,3}}(?=\n|$)")
_TITLED = re.compile(rf"(?<![\w.])(?P<name>(?:{TITLE}\.?[ ]){{1,3}}(?:{INITIAL}[ ]){{0,2}}{NAME})")
_INTRODUCTION = re.compile(
    rf"(?<![\w])(?i:my name is|my name's|name is|i am|i'm|i’m|im|this is|it's|here is|call me|ich hei(?:ß|ss)e|ich bin|mein name ist|hier ist|je m'appelle|je m’appelle|je suis|moi c'est|me llamo|mi nombre es|soy|meu nome é|eu sou|me chamo|mi chiamo|sono|меня зовут|я|мене звати|adım|ben|benim adım|ik ben|mijn naam is|jag heter|jeg heter|jeg hedder|nazywam się|jestem|με λένε)[ \t]{{1,2}}(?P<name>{NAME})(?P<after>[ \t]{{0,2}}(?:[,.!;:)\n(]|$|[ \t](?:from|and|here|with|at|the|who|aus|und|von|vom|de|del|di|и|из|y|et|e|van|en)[ \t]))"
)
_BEFORE_VERBS = (
    r"ask(?:ed|ing)?|tell|told|ping(?:ed)?|cc|contact(?:ed)?|email(?:ed)?|e-mail(?:ed)?|call(?:ed)?|phone[d]?|message[d]?|notify|notified|invite[d]?|thank(?:ed)?|blame[d]?|credit(?:ed)?|meet|met|text(?:ed)?|remind(?:ed)?|show(?:ed|n)?(?: it)? to|talk(?:ed|ing)? (?:to|with)|spoke (?:to|with)|speak (?:to|with)|check(?:ed)? with|chat(?:ted)? with|agree[d]? with|assign(?:ed)?(?: it)? to|sent(?: it)? to|send(?: it)? to|forward(?:ed)?(?: it)? to"
    r"|(?:approved|reviewed|decided|reported|written|created|made|requested|authored|maintained|owned|signed|done|fixed|built|added|designed|submitted|posted|merged|committed|wanted|used|suggested|found|tested|introduced|drafted|translated|rejected|proposed|implemented|prepared|sent|contributed|commented|agreed|broken|pushed|reverted|edited) by|according to|on behalf of|courtesy of|review from|approval from|feedback from|message from|mail from|email from|request from|comment from|report from|pr from|commit from|input from|reply from|what|when|until|unless|because|since|if|that|only|both|"
    r"works? for|fails? for|broke(?:n)? for|waiting (?:for|on)|works? with|working with|pair(?:ed|ing)? with|meeting with|call with|my (?:daughter|son|wife|husband|partner|colleague|coworker|co-worker|boss|manager|friend|buddy|brother|sister|mother|father|mom|dad|teammate|client|customer|cto|ceo|lead|intern|supervisor|professor|advisor|neighbour|neighbor|cousin|uncle|aunt|girlfriend|boyfriend|fiancée?)|our (?:designer|manager|lead|cto|ceo|boss|intern|tester|client|customer|colleague|admin|accountant|architect)|the (?:designer|manager|lead|cto|ceo|boss|client|customer|intern|maintainer|reviewer|developer|author|founder)|colleague|coworker|teammate|named"
    r"|frag(?:e|t|en)?(?: bitte)?|sag(?:e|t)?|bitte|laut|von|mit|für|bei|an|meine[rnm]? (?:tochter|sohn|frau|mann|kolleg(?:e|in|en)|chef(?:in)?|freund(?:in)?)|kolleg(?:e|in|en)|preg[uú]nt(?:a|e|ale|ar)(?: a)?|dile a|dice|según|mi (?:jef[ea]|hij[oa]|colega|compañer[oa]|amig[oa]|espos[oa])|pergunt(?:a|e|ar)(?: (?:ao|à|a|para))?|fal(?:a|e|ar) com|segundo|meu (?:chefe|colega|filho|marido)|minha (?:chefe|colega|filha|esposa)|demande(?:z|r)?(?: à)?|dis à|selon|mon (?:collègue|chef|fils|mari|ami)|ma (?:collègue|cheffe|fille|femme|amie)|chiedi(?: a)?|secondo|di' a|vraag(?: het)?(?: aan)?|zeg tegen|volgens|спроси(?:те)?(?: у)?|скажи(?:те)?|передай(?:те)?|запитай(?:те)?(?: у)?|скажи|по словам|коллег[аиу]|ρώτα(?: τον| την)?|πες (?:στον|στην)|kérdezd meg|szólj|zapytaj(?: o)?|powiedz|fråga|spør|spørg|kysy|sor|hỏi|zeptej se|întreabă"
)
_ASKED = re.compile(rf"(?<![^\W_])(?i:{_BEFORE_VERBS})[ \t]{{1,2}}(?P<name>(?:{TITLE}\.?[ ]){{0,2}}{NAME})(?![\w(]|\.\w)")
_AFTER_VERBS = (
    r"said|says|asked|asks|wrote|writes|wants?|wanted|approved?s?|told|thinks?|thought|replied|answered|complained|reported|reviewed|merged|pushed|committed|requested|insisted|mentioned|suggested|decided|confirmed|agreed|rejected|fixed|broke|owns|maintains|did|does|has|had|is|was|will|would|already|also|needs?|needed|likes?|hates?|knows?|from|and|or|sent|made|added|changed|deleted|uses?|used|can|could|should|must|never|just|commented|tested|found|reads?|attended|called|emailed|\(she|\(he|\(they"
    r"|hat|sagt(?:e)?|will|möchte|meint(?:e)?|ist|war|dice|dijo|pidió|quiere|escribió|disse|pediu|quer|mandou|escreveu|a dit|veut|demande|a écrit|dit|ha detto|vuole|zei|wil|сказала?|просила?|попросила?|хочет|написала?|istedi|istemedi|istiyor|dedi|yazdı|powiedziała?|chce|mondta|kéri|sa|sade|είπε|сказал|каже|сказав"
)
_SAYING = re.compile(rf"(?<![\w.@/#-])(?P<name>{NAME})(?:'s|’s)?[ \t](?i:{_AFTER_VERBS})(?![^\W_])")
_ORGANISATION = re.compile(r"\b(?:Inc|LLC|Ltd|GmbH|Corp|Corporation|Foundation|Authors?|Contributors?|Team|Company|Software|Systems|Labs?|Project|Group|University|Institute|Technologies|Limited|S\.A|AG|BV|Oy|AB|Studio|Games|Community|Organization|Developers?)\b", re.IGNORECASE)
_ROBOT = re.compile(r"\[bot\]|\bbot\b|-bot\b|agent|copilot|claude|codex|cursor|gemini|dependabot|renovate|github|gitlab|actions?\b|noreply|openai|anthropic|devin|jules|specstory|jenkins|travis", re.IGNORECASE)


class People(Family):
    kinds: ClassVar = (Kind.PERSON,)
    _capital = re.compile(rf"[{UPPER}]")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._judge = NameJudge(vocabulary)
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return True

    def find(self, text: str) -> Iterator[Hit]:
        if "<" in text or "(" in text:
            yield from self._find_before_mail(text)
        yield from self._lower(text)
        if self._capital.search(text) is None:
            return
        for rule, pattern, strong in _CUES:
            for match in pattern.finditer(text):
                yield from self._judged(text, match, rule, strong=strong)
        for rule, pattern in (("blame", _BLAME), ("shortlog", _SHORTLOG)):
            for match in pattern.finditer(text):
                if not _ROBOT.search(match["name"]):
                    yield Hit(*match.span("name"), Kind.PERSON, SCORE, rule)

    def _find_before_mail(self, text: str) -> Iterator[Hit]:
        for match in _TRAILER.finditer(text):
            name = match["name"].strip()
            if name and not _ROBOT.search(name) and not self._judge.is_technology(name):
                start = match.start("name")
                yield Hit(start, start + len(name), Kind.PERSON, SCORE + 0.1, "trailer")
        for match in _BEFORE_MAIL.finditer(text):
            if not _ROBOT.search(match["name"]):
                yield from self._judged(text, match, "before-mail", strong=True)

    def _lower(self, text: str) -> Iterator[Hit]:
        for match in _GREETING_LOWER.finditer(text):
            name = match["name"].casefold()
            if name in self._vocabulary.first_names and not self._vocabulary.is_word(name):
                yield Hit(*match.span("name"), Kind.PERSON, SCORE - 0.1, "lower-case-greeting")

    def _judged(self, text: str, match: re.Match[str], rule: str, *, strong: bool) -> Iterator[Hit]:
        name, start = match["name"], match.start("name")
        title = re.match(rf"(?:{TITLE}\.?[ ])*", name)
        lead = title.end() if title and rule in {"titled", "asked", "greeting"} else 0
        tokens = parts(name[lead:])
        if rule == "copyright" and _ORGANISATION.search(text[start : match.end() + 24]):
            return
        if rule in {"greeting", "introduction"} and not match["after"]:
            strong = False
        count = self._judge.leading_name(tokens, strong=strong or lead > 0)
        if not count and lead and tokens and not self._judge.is_word(tokens[0]):
            count = 1
        if count:
            end = start + lead + _end_of(name[lead:], tokens[:count])
            yield Hit(start, end, Kind.PERSON, SCORE, rule)


def _end_of(name: str, tokens: list[str]) -> int:
    place = 0
    for token in tokens:
        place = name.index(token, place) + len(token)
    return place


_CUES = (
    ("field", _FIELD, True),
    ("quoted-field", _QUOTED_FIELD, False),
    ("copyright", _COPYRIGHT, True),
    ("greeting", _GREETING, True),
    ("sign-off", _SIGN_OFF, True),
    ("signature", _SIGNATURE, False),
    ("titled", _TITLED, True),
    ("introduction", _INTRODUCTION, True),
    ("asked", _ASKED, False),
    ("saying", _SAYING, False),
)
