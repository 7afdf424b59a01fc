"""Secrets in sentences: pass phrases of plain words, codes of digits, keys that are announced some words before.

Scores: a code of digits and an announced key are as sure as an assignment (0.9), since the words before name them. A
quoted plain word rests on quotes and the verb alone and gets 0.72, still above bare name lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.lookup import CJK, fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import FILLER, Family, Hit, holds_any
from atlas_build.scrub.recognizers.secret_values import is_dull, is_reference, is_stand_in, looks_random
from atlas_build.scrub.vocabulary import Vocabulary

SURE = 0.9
QUOTED = 0.72
_WORDS = (
    r"(?:password|passwd|passphrase|pass phrase|pwd|passwort|kennwort|passphrase|mot de passe|phrase secrète|contraseña"
    r"|contrasena|clave|senha|palavra-passe|parola|parola d'ordine|hasło|şifre|parola|wachtwoord|lösenord|passord"
    r"|adgangskode|salasana|heslo|jelszó|пароль|密码|密碼|口令|パスワード|비밀번호|암호|mật khẩu|पासवर्ड|كلمة المرور)"
)
_IS = (
    r"[ \t]{0,2}(?:is|was|to|be|lautet|ist|war|est|es|era|é|è|to|là|on|är|er|это|है|هي|=|:|：|→|->|是|为|は|은|는|—|–)"
    r"[ \t]{0,2}"
)
_QUOTED = re.compile(rf"{_WORDS}{_IS}[\"“„«「『](?P<value>[^\"“”„«»「」『』\n{FILLER}]{{5,80}})[\"“”»」』]")
_QUOTES = ('"', "“", "„", "«", "「", "『")
_PHRASE = re.compile(r"(?:pass ?phrase|phrase secrète|seed phrase|recovery phrase|mnemonic)")
_KEBAB = re.compile(rf"{_WORDS}{_IS}(?P<value>[^\W\d_]{{3,20}}(?:-[^\W\d_]{{3,20}}){{2,7}}(?:-\d{{1,6}})?)(?![\w\-/.])")
"""Words joined by hyphens, as generators of memorable passwords make them: three or more."""
_FOR = (
    r"(?:[ \t](?:for|of|to|on|für|von|zu|zum|der|des|vom|de|del|du|do|da|dos|al|van|til|для|от|к)[ \t]"
    r"(?:the[ \t]|la[ \t])?[\w.\-/]{1,30}(?:[ \t][\w.\-/]{1,20})?)?"
)
_COPULA = (
    r"[ \t]{0,2}(?:(?<=[ \t])(?:is|was|will be|lautet|ist|war|to|es|era|é|est|è|jest|on|är|er|это)(?=[ \t])"
    r"|—|–|是|为|為|は|은|는)[ \t]{0,2}"
)
_BEHIND = (
    r"(?=[ \t]{0,2}(?:[,;!)，。、]|\.(?!\w)|\r?\n|$|です|だよ|입니다|이에요|예요"
    r"|[ ](?:and|before|until|for now|und|y|e|et|и)[ ]))"
)
_WORD = rf"[^\W\d_{CJK}]{{5,20}}"
_PLAIN = re.compile(
    rf"{_WORDS}{_FOR}{_COPULA}(?P<value>{_WORD}){_BEHIND}"
    rf"|^[ \t]{{0,2}}(?:(?:the|my|our|new|das|die|la|le|mi|minha|sua)[ ])?{_WORDS}(?::[ \t]|：)[ \t]?"
    rf"(?P<line>{_WORD})(?=[ \t]{{0,2}}\.?(?:\r?\n|$))"
    rf"|(?<![a-z])(?:log[ -]?in|sign[ -]?in|credentials?|creds)(?:[ ](?:with|as|are)|:)?[ ]"
    rf"[\w.@+\-]{{2,40}}[ ]?/[ ]?(?P<pair>{_WORD}){_BEHIND}",
    re.MULTILINE,
)
"""One word that a sentence or a line of its own calls a password; whether it is a usual one is asked of the lists."""
_ENGLISH = re.compile(r"password|passwd|pass ?phrase|pwd|log[ -]?in|sign[ -]?in|cred")
_PREDICATE = re.compile(
    r"\w+(?:[ai]d[ao]s?|[oó]ri[ao]|[ei]ct?[ao]|[aeiáí]ve?l|ible|able|al|aire|oire|ecte?|ée?"
    r"|iert|lich|bar|ig|isch|haft|los"
    r"|[ыиоая]й|[оаеы]е|[аяую]я|[аеёя]н[аоы]?|ть|[еуи]т|л[аи]?|но"
    r"|[ıiuü]ş|l[ıiuü]|s[ıiuü]z|d[ıiuü]|yor"
    r"|owe|any|an[ae]|iony|[wnlkt]y|et|a[td]|lagt|igt|ende|te|den)"
    r"|(?:\w{0,4}ge|ver|zer|er|be|ent)\w{2,}(?:en|t)|falsch|leer|geheim|sicher|gleich|vide|vac[ií]a|vazia|juste|faux|errad[ao]|wrong|yanlış|zorunlu"
)
"""How adjectives and participles end where the word list knows few: Spanish, Portuguese, French, German, Russian,
Turkish, Polish, the Scandinavian languages. They say what a password is like."""
_AS_PASSWORD = re.compile(
    r"(?<![^\s\"'`“„(])(?P<value>[^\s\"'`“”,;()]{6,80})[\"'`“”]?[ \t](?:as|als|como|comme|come|jako|olarak)"
    rf"[ \t](?:(?:the|a|an|your|my|das|dein|la|a|le|votre|sua|tu)[ \t])?(?:(?:admin|new|root|login|temporary)[ \t])?"
    rf"{_WORDS}(?![\w-])"
)
_CODE = re.compile(
    r"(?<![a-z0-9_])(?:pin(?:[ -]?code)?|otp(?:[ -]code)?|cvv2?|cvc|one[ -]time (?:code|password|pin)"
    r"|(?:verification|2fa|mfa|security|door|alarm|sms|login|unlock|bestätigungs|sicherheits)[ -]?code"
    r"|(?:code|código|codice)[ ]de[ ](?:vérification|verificación|verificação|seguridad)|codice di verifica"
    r"|验证码|驗證碼|認証コード|暗証番号|인증번호|код подтверждения|код из смс|пин-?код|doğrulama kodu|mã xác nhận)"
    r"[ \t]{0,2}(?:is|was|ist|lautet|est|es|é|è|là|:|：|=|是|は|은|는|-|—)?[ \t]{0,2}[\"'`「]?"
    r"(?P<value>\d{3}[ -]?\d{0,5})(?![\w.\-:/%])"
)
_ANNOUNCED = re.compile(
    r"(?<![a-z])(?:api|access|secret|admin|auth|private|bot|service|license|live|production|prod)?[ _-]?"
    r"(?:key|token|secret|credential|schlüssel|clave|chave|clé|ключ|токен|密钥|密鑰|キー|키)s?(?![a-z_\-])"
    r"(?:[ \t]{1,2}[^\s:=]{1,20}){0,5}?(?:[ \t]{0,2}[:：=]|[ \t](?:is|ist|est|es)|是|は"
    r"|(?<=key)|(?<=token)|(?<=secret))[ \t\n]{1,4}[\"'`*]{0,2}"
    r"(?P<value>[a-z0-9_\-+/=]{20,400})(?![\w./])"
)
_NO_SECRET_KEY = re.compile(
    r"(?:public|cache|primary|foreign|idempotency|partition|sort|map|dict|json|object|react|i18n|translation|sync"
    r"|continuation|page|next|cursor|commit|build|hash|row)[ _-]$"
)
_LETTER_CASES = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])")
_NAMES_A_SECRET = re.compile(r"api|access|secret|admin|auth|private|bot|service|license|token|credential|токен|密")


class SecretProse(Family):
    kinds: ClassVar = (Kind.SECRET,)
    _hint = re.compile(
        r"pass|pwd|kennwort|contrase|clave|senha|parola|has[łl]o|şifre|wachtwoord|lösenord|adgangskode|heslo|jelsz|парол|密"
        r"|口令|パス|비밀|암호|khẩu|पास|كلمة|pin|otp|cv[vc]|code|código|codice|验证|認証|暗証|인증|код|пин|xác|key|token"
        r"|secret|cred|log[ -]?in|sign[ -]?in|schlüssel|chave|clé|ключ|токен|キー|키"
    )

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return len(text) > 8 and self._hint.search(fold(text)) is not None

    def find(self, text: str) -> Iterator[Hit]:
        folded = fold(text)
        for match in _QUOTED.finditer(folded) if holds_any(_QUOTES, folded) else ():
            if self._is_quoted_secret(match[0], text[slice(*match.span("value"))]):
                yield Hit(*match.span("value"), Kind.SECRET, QUOTED, "prose-quoted")
        for match in _KEBAB.finditer(folded):
            if not is_stand_in(match["value"]):
                yield Hit(*match.span("value"), Kind.SECRET, QUOTED, "prose-words")
        for match in _PLAIN.finditer(folded):
            group = match.lastgroup or "value"
            if self._is_unusual(text[slice(*match.span(group))], is_english=_ENGLISH.search(match[0]) is not None):
                yield Hit(*match.span(group), Kind.SECRET, QUOTED, "prose-word")
        for match in _AS_PASSWORD.finditer(folded):
            value = text[slice(*match.span("value"))]
            if re.search(r"\d|[!$%&*+#]", value) and not is_stand_in(value) and not is_reference(value):
                yield Hit(*match.span("value"), Kind.SECRET, SURE, "prose-as-password")
        for match in _CODE.finditer(folded):
            if len(set(match["value"])) > 1 and match["value"].replace(" ", "") not in {"1234", "12345", "123456"}:
                yield Hit(*match.span("value"), Kind.SECRET, SURE, "prose-code")
        for match in _ANNOUNCED.finditer(folded):
            if _is_announced(folded, match, text[slice(*match.span("value"))]):
                yield Hit(*match.span("value"), Kind.SECRET, SURE, "prose-key")

    def _is_quoted_secret(self, sentence: str, value: str) -> bool:
        """One word that is in no word list, or anything that is called a phrase."""
        if is_stand_in(value) or is_dull(value) or is_reference(value):
            return False
        if _PHRASE.search(sentence):
            return True
        return not re.search(r"\s", value) and re.search(r"[^\W_]", value) is not None and not self._is_ordinary(value)

    def _is_unusual(self, value: str, *, is_english: bool) -> bool:
        """No ordinary word, no adjective of another language, and written as a word is: not a name of code."""
        folded = fold(value)
        is_written_as_word = value.islower() or value.istitle()
        return (
            is_written_as_word
            and not self._vocabulary.is_word(value)
            and (is_english or _PREDICATE.fullmatch(folded) is None)
            and re.fullmatch(_WORDS, folded) is None
            and not is_stand_in(value)
            and not is_dull(value)
        )

    def _is_ordinary(self, value: str) -> bool:
        return all(self._vocabulary.is_word(part) for part in re.findall(r"[^\W\d_]+", value))


def _is_announced(folded: str, match: re.Match[str], value: str) -> bool:
    """Random enough; a bare `key`, which may be one of a cache or a table, wants both cases and digits."""
    if is_stand_in(value) or not looks_random(value, shortest=20):
        return False
    if _NO_SECRET_KEY.search(folded, max(0, match.start() - 16), match.start() + 1):
        return False
    announcement = match[0][: match.start("value") - match.start()]
    return bool(_NAMES_A_SECRET.search(announcement) or _LETTER_CASES.match(value))
