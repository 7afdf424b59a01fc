"""Secrets known by their place: assignments to secret-sounding names, flags, headers, cookies, URLs, and prose.

Only the value goes: the name, the scheme, the host and the quotes stay, so that a reader sees what happened. Patterns
are matched on the text in lower case, which is faster than matching without regard to case.

The score is below that of vendor forms, which also say whose key it is, and above that of names and accounts, since a
value in such a place may look like either (`password: kowalski99`). A name that says password is a context in which a
value of five characters with a digit or mark counts; a name that says key or token wants letters and digits mixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import ClassVar, NamedTuple

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import FILLER, Family, Hit, holds_any
from atlas_build.scrub.recognizers.secret_values import (
    is_dull,
    is_identifier,
    is_reference,
    is_stand_in,
    looks_like_password,
    looks_like_strong_password,
    looks_random,
)

SCORE = 0.9
_PASSWORD_WORDS = (
    "password", "passwd", "passphrase", "passcode", "pwd", "passwort", "kennwort", "contraseña", "contrasena",
    "senha", "şifre", "sifre", "parola", "parool", "wachtwoord", "hasło", "haslo", "пароль", "密码",
    "密碼", "口令", "パスワード", "비밀번호", "암호", "mật khẩu", "lösenord", "adgangskode", "passord", "salasana",
    "heslo", "jelszó", "пароля", "पासवर्ड", "كلمة المرور", "كلمة السر",
)  # fmt: skip
_PASSWORD = "|".join(_PASSWORD_WORDS)
_PASSWORD_NAME = re.compile(rf"{_PASSWORD}|pass(?![a-z])|clave")
_KEY_NAME = re.compile(
    r"secret|token|(?:api|access|auth|storage|account|private|signing|encryption|master|app|service|shared"
    r"|license|subscription|deploy|anon|role"
    r"|admin|publishable|client|project|server|write|read|hmac|crypt|cipher|aes|session|cookie|host|function)[_\-.]?key"
    r"|credentials?|signature|webhook|bearer|authorization|auth(?![a-z])|cookie|session[_\-]?id|connect\.sid"
    r"|jwt|sig(?![a-z])|salt(?![a-z])"
    r"|dsn(?![a-z])|ключ|токен"
)
JUDGED = 256
"""Characters of a value that tell whether it is a secret. Values may nest (`a=b=c=...`), so reading each whole would
take the square of their length."""
_LONGEST_REST = 4000
_ASSIGN = re.compile(
    r"(?<![\w.\-])(?P<name>[^\W_][\w.\-]{1,100}+|_[\w.\-]{2,100}+)(?:\\?[\"'`]|\]|\)"
    r"|\*\*){0,3}[ \t]{0,4}(?P<sign>:=|=>|=|：|:)[ \t]{0,4}"
)
_QUOTED_CHAR = r"[^\"'`\n\\]"
_PLAIN_CHAR = rf"[^\s\"'`,;<>&)}}\]，。；、{FILLER}]"
_ASSIGNED = re.compile(
    rf"[rbuf]{{0,2}}\\?[\"'`](?P<quoted>{_QUOTED_CHAR}{{1,{JUDGED}}})|(?P<plain>{_PLAIN_CHAR}{{3,{JUDGED}}})"
)
_QUOTED_REST = re.compile(rf"{_QUOTED_CHAR}{{0,{_LONGEST_REST}}}")
_PLAIN_REST = re.compile(rf"{_PLAIN_CHAR}{{0,{_LONGEST_REST}}}")
_IN_URL = re.compile(r"://[^\s\"'`<>]{0,110}$")
_XML = re.compile(r"(?P<name>[\w.\-]{3,60})\"[ \t]{1,4}value=\"(?P<value>[^\"\n]{3,4000})\"")
_XML_ELEMENT = re.compile(r"<(?P<name>[a-z_][\w.\-]{2,60})>(?P<value>[^<\s]{3,2000})</")
_FLAG = re.compile(
    r"(?<![\w-])--?(?:[a-z]{2,12}-){0,2}(?:pass(?:word|wd|phrase)?|pwd|token|api[-_]?key"
    r"|secret(?:[-_](?:access[-_])?key)?|access[-_]key|key|pat)"
    rf"(?:=|[ \t]{{1,3}})[\"']?(?P<value>[^\s\"'{FILLER}]{{4,2000}})"
)
_SHORT_FLAG = re.compile(
    r"(?:sshpass|mysql(?:dump|admin)?|docker login|redis-cli|psql|mongo(?:sh|dump|restore)?|twine|7z|unzip"
    r"|smbclient|ldapsearch|sqlcmd|htpasswd)\b"
    r"[^\n]{0,120}?[ \t]-(?:p|a|w|pw)[ \t]{0,2}[\"']?(?P<value>[^\s\"'\-][^\s\"']{3,200})"
)
_BASIC = re.compile(r"(?<![\w-])(?:-u|--user)(?:=|[ \t]{1,3})[\"']?[^\s\"':]{1,64}:(?P<value>[^\s\"']{3,200})")
_HEADER = re.compile(
    r"(?:authorization|x-[a-z\-]{0,30}(?:key|token|auth"
    r"|secret))[\"']?[ \t]{0,3}[:=,][ \t]{0,3}[\"'`]?(?:(?:bearer|basic|token|apikey|digest|key)[ \t]+)?"
    r"(?P<value>[a-z0-9_\-.+/=~:]{8,4000})"
)
_BEARER = re.compile(r"(?<![a-z])(?:bearer|basic)[ \t]{1,3}(?P<value>[a-z0-9_\-.+/=~]{12,4000})")
_COOKIES = re.compile(r"cookies?[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\"']?(?P<pairs>[^\r\n\"']{8,4000})")
_COOKIE = re.compile(r"(?P<name>[A-Za-z0-9_.\-]{1,64})=(?P<value>[^;\s\"']{8,4000})")
_COOKIE_PAIR = re.compile(r"[\w.\-]{1,64}=[^=]")
_SESSION = re.compile(
    r"(?:connect\.sid|jsessionid|phpsessid|asp\.net_sessionid|laravel_session|sessionid|session_id"
    r"|\.roblosecurity)[\"']?[=:][ \t]?[\"']?"
    r"(?P<value>[a-z0-9%_.\-+/=|]{8,2000})"
)
_USERINFO = re.compile(
    rf"(?<![a-z0-9])[a-z][a-z0-9+.\-]{{1,30}}://[^\s:/@\"'`<>{FILLER}]{{0,80}}:(?P<value>[^\s/\"'`<>{FILLER}]{{"
    rf"1,300}})@(?=[a-z0-9\[_${FILLER}])"
)
_USERINFO_TOKEN = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9+.\-]{1,30}://(?P<value>[a-z0-9_\-]{20,200})@(?=[a-z0-9])")
_QUERY = re.compile(
    r"[?&](?:amp;)?[a-z0-9_\-]{0,40}(?:key|token|secret|sig|signature|credential|password|passwd|pwd|auth"
    r"|code|sid|hash|policy|jwt|pat)=(?P<value>"
    rf"[^\s&\"'`<>#)\]{FILLER}]{{6,4000}})"
)
_SQL = re.compile(
    r"(?:identified[ \t]+by|with[ \t]+(?:encrypted[ \t]+)?password|set[ \t]+password[^'\n]{0,40}"
    r"|password[ \t]+=?)[ \t]*=?[ \t]*'(?P<value>[^'\n]{3,200})'"
)
_PROSE = re.compile(
    rf"(?:{_PASSWORD}|(?<![a-z])pass(?![a-z])|(?<![a-z-])p(?:in|at)(?![a-z-])|(?<![a-z-])otp(?![a-z-])"
    rf"|api[ -]?key|access token|auth token|secret key|token|secret"
    r"|clave|mot de passe|zugangscode|(?:2fa|mfa|verification|recovery) code)"
    r"(?:[ \t]{1,2}(?:for|of|to|on|von|für|zu|zum|der|des|vom|de|del|du|des|do|da|na|pour|al|della|voor|van|til|till"
    r"|для|от|к|для|ke|için)[ \t]{1,2}(?:the[ \t])?[\w.\-/@]{1,40}(?:[ \t][\w.\-/]{1,20})?)?"
    r"[ \t]{0,2}(?:is|was|are|ist|war|lautet|es|era|é|est|è|to be|будет|là|to"
    r"|=|:|：|是|为|為|は|은|는|이|가|—|–|-|→|\s)[ \t]{0,2}"
    r"(?:(?:still|now|just|currently|also|noch|jetzt|simply)[ \t]+)?[\"'`“”「«*]{0,2}(?P<value>"
    rf"[^\s\"'`“”「」«»，。；、,;{FILLER}]{{4,200}})"
)
_LOGIN = re.compile(
    r"(?<![a-z])(?:log[ -]?in|credentials?|creds|account|user(?:name)?|sign[ -]?in|zugang|anmeldung|логин|账号"
    r"|帐号|아이디)(?![\w.])[ \t]{0,2}"
    r"(?:(?:with|as|is|are|using|mit|:|：|=)[ \t]{0,2}){0,2}"
    r"(?P<user>[a-z0-9_.@+\-]{2,64})[ \t]{0,2}(?:/|:|\||with|and"
    r"|&)[ \t]{0,2}(?P<value>[^\s\"'`,;，。=/]{5,100})(?![=/])"
)
_ENCODED_SIGN = re.compile(r"(?:%22|%27)?%3[ad](?:%20|%22|%27){0,2}")
"""An equals sign or a colon, with quotes and a blank around it, in a URL-encoded text."""
_ENCODED_NAME = re.compile(r"[\w.\-]{2,60}")
"""Matched backwards from the sign: a search up to it would begin again at every character."""
_ENCODED_VALUE = re.compile(rf"(?:[^%\s&\"'<>{FILLER}]|%(?!26|22|27|2c|3b|7d|0[ad])[0-9a-f]{{2}}){{4,2000}}")
_ENCODED_USERINFO = re.compile(rf"%3a%2f%2f[^\s%/{FILLER}]{{0,80}}%3a(?P<value>[^\s/{FILLER}]{{3,200}}?)%40")
_NAMED = re.compile(
    r"name[\"']?:[ \t]{0,3}[\"']?(?P<name>[\w.\-]{3,80})[\"']?,?\s{1,40}[\"']?value[\"']?:[ \t]{0,3}"
    rf"(?P<quote>[\"']?)(?P<value>[^\s\"'{FILLER}]{{3,2000}})"
)
"""`name: SMTP_PASS` and in the next line `value: ...`, as container settings are written."""
_PAIR = re.compile(
    rf"(?P<quote>[\"'])(?P<name>[a-z_][\w.\-]{{2,60}})[\"'][ \t]?,[ \t]?[\"'](?P<value>[^\"'\s{FILLER}]{{4,2000}})[\"']"
)
"""`define('DB_PASSWORD', '...')`: two strings, the first of which names a secret."""
_VARIABLE = re.compile(r"\$\{?\w+\}?|%\w+%|\$\(.*")
_EASTERN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_TRAILING = ".,;:!?)]}>*`\"'"


def _is_flag_value(value: str) -> bool:
    return not is_identifier(value) and (looks_like_password(value) or looks_random(value, shortest=8))


def _is_prose_value(value: str) -> bool:
    return re.fullmatch(r"\d{4,8}", value) is None and looks_like_strong_password(value)


_MARKED = re.compile(r"[\d!@#$%^&*+=~?_|]")
_CODED = re.compile(r"[\d!#$%^&*]")
"""What a value must hold to be taken for a secret in a weak and in a strong place."""


class Place(NamedTuple):
    """One place where secrets stand.

    Attributes:
        hints: the text in lower case must hold one of them.
        needs: the text must hold a match, since nothing else is accepted; None if anything is.
    """

    rule: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool]
    needs: re.Pattern[str] | None = _CODED


PLACES = (
    Place("query-parameter", ("?", "&"), _QUERY, lambda value: looks_random(value, shortest=8)),
    Place("flag", ("-p", "-t", "key", "token", "secret"), _FLAG, _is_flag_value, _MARKED),
    Place(
        "short-flag",
        (
            "sshpass",
            "mysql",
            "docker login",
            "redis-cli",
            "psql",
            "mongo",
            "twine",
            "7z",
            "unzip",
            "smbclient",
            "ldap",
            "sqlcmd",
            "htpasswd",
        ),
        _SHORT_FLAG,
        _is_flag_value,
        _MARKED,
    ),
    Place("basic-auth", ("-u", "--user"), _BASIC, _is_flag_value, _MARKED),
    Place("header", ("authorization", "x-"), _HEADER, lambda value: looks_random(value, shortest=10)),
    Place("bearer", ("bearer", "basic "), _BEARER, lambda value: looks_random(value, shortest=12)),
    Place(
        "sql-password", ("identified", "password"), _SQL, lambda value: " " not in value and not is_dull(value), None
    ),
    Place("session-cookie", ("sess", "sid", ".roblo"), _SESSION, lambda value: looks_random(value, shortest=8)),
    Place(
        "prose",
        (
            *_PASSWORD_WORDS,
            "pass",
            "pin",
            "pat",
            "otp",
            "key",
            "token",
            "secret",
            "clave",
            "mot de passe",
            "zugangscode",
            " code",
        ),
        _PROSE,
        _is_prose_value,
    ),
    Place(
        "login-pair",
        ("log", "cred", "account", "user", "sign", "zugang", "anmeld", "логин", "账号", "帐号", "아이디"),
        _LOGIN,
        looks_like_strong_password,
    ),
)


class SecretPlaces(Family):
    kinds: ClassVar = (Kind.SECRET,)

    def may_hold(self, text: str) -> bool:
        return len(text) > 8

    def find(self, text: str) -> Iterator[Hit]:
        for start, end, rule in self._candidates(text, fold(text)):
            yield Hit(start, end, Kind.SECRET, SCORE, rule)

    def _candidates(self, text: str, folded: str) -> Iterator[tuple[int, int, str]]:
        if "=" in text or ":" in text or "：" in text:
            yield from _assignments(text, folded)
        is_marked, is_coded = _MARKED.search(text) is not None, _CODED.search(text) is not None
        for place in PLACES:
            is_possible = is_coded if place.needs is _CODED else is_marked or place.needs is None
            if is_possible and holds_any(place.hints, folded):
                yield from _values(text, folded, place)
        if "://" in text:
            yield from _userinfo(text, folded)
        if "cookie" in folded:
            yield from _cookies(text, folded)
        if "</" in text or "value=" in text:
            yield from _markup(text, folded)
        if "%3" in text:
            yield from _encoded(text, folded)
        if "value" in folded and "name" in folded:
            yield from _named(text, folded, _NAMED)
        if "'," in text or '",' in text:
            yield from _named(text, folded, _PAIR)


def _values(text: str, folded: str, place: Place) -> Iterator[tuple[int, int, str]]:
    for match in place.pattern.finditer(folded):
        start, end = match.span("value")
        if not text.startswith("=", end - 1):
            end = start + len(text[start:end].rstrip(_TRAILING))
        if text[start].isascii() and (eastern := _EASTERN.search(text, start, end)):
            end = eastern.start()  # the sentence goes on without a blank
        value = text[start:end]
        is_userinfo = place.rule == "prose" and _IN_URL.search(text, max(0, match.start() - 120), match.start())
        if value and not is_userinfo and not is_stand_in(value) and not is_reference(value) and place.accepts(value):
            yield start, end, place.rule


def _assignments(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    place = 0
    while match := _ASSIGN.search(folded, place):
        place = match.end("sign")  # the value may hold the next assignment: url=...?token=...
        is_password, is_key = _sorts_of_name(match["name"])
        if not is_password and not is_key:
            continue
        span = _assigned_secret(text, folded, match, is_password=is_password)
        if span:
            place = span[1]
            yield *span, "assignment"


@lru_cache(maxsize=4096)
def _sorts_of_name(name: str) -> tuple[bool, bool]:
    """Whether a name sounds like a password's, and like a key's. The same names come again and again."""
    return _PASSWORD_NAME.search(name) is not None, _KEY_NAME.search(name) is not None


def _assigned_secret(text: str, folded: str, match: re.Match[str], *, is_password: bool) -> tuple[int, int] | None:
    """Where the value of an assignment stands, if it is a secret."""
    value = _ASSIGNED.match(folded, match.end())
    if value is None:
        return None
    is_quoted = value["quoted"] is not None
    start, end = value.span("quoted" if is_quoted else "plain")
    if _is_other_place(text, match, start):
        return None
    is_whole = end - start < JUDGED
    judged = text[start:end] if is_quoted or not is_whole else text[start:end].rstrip(_TRAILING)
    if not _is_assigned_secret(judged, is_password=is_password, is_quoted=is_quoted):
        return None
    rest = (_QUOTED_REST if is_quoted else _PLAIN_REST).match(folded, end)
    if is_whole or rest is None:
        return start, start + len(judged)
    whole = text[start : rest.end()]
    return start, start + len(whole if is_quoted else whole.rstrip(_TRAILING))


def _is_other_place(text: str, match: re.Match[str], start: int) -> bool:
    """Whether a cookie's name, a scheme such as `otpauth://`, or a host stands before the sign."""
    if "cookie" in match["name"] and _COOKIE_PAIR.match(text, start):
        return True  # the names of cookies stay: `_cookies`
    if match["sign"] != ":":
        return False
    return text.startswith("//", start) or _IN_URL.search(text, max(0, match.start() - 120), match.start()) is not None


def _is_assigned_secret(value: str, *, is_password: bool, is_quoted: bool) -> bool:
    looks_secret = looks_like_password(value) if is_password else looks_random(value, shortest=8)
    if (
        not looks_secret
        or is_stand_in(value)
        or is_dull(value)
        or " " in value.strip()
        or (is_reference(value) and not is_quoted)
        or _VARIABLE.fullmatch(value)
    ):
        return False
    if is_password:
        return is_quoted or not is_identifier(value)
    return not is_identifier(value) and not re.fullmatch(r"[\w\-]{1,30}\.[a-z]{2,5}", value)


def _encoded(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    """Assignments and URL passwords inside of a URL-encoded text."""
    for sign in _ENCODED_SIGN.finditer(folded):
        name = _ENCODED_NAME.match(folded[max(0, sign.start() - 60) : sign.start()][::-1])
        if not name or not _names_a_secret(name[0][::-1]):
            continue
        value = _ENCODED_VALUE.match(text, sign.end())
        if value and _is_named_secret(name[0][::-1], value[0]):
            yield *value.span(), "encoded-assignment"
    for match in _ENCODED_USERINFO.finditer(folded):
        value_text = text[slice(*match.span("value"))]
        if not is_stand_in(value_text) and not is_dull(value_text):
            yield *match.span("value"), "encoded-url-password"


def _named(text: str, folded: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(folded):
        if _is_named_secret(match["name"], text[slice(*match.span("value"))]):
            yield *match.span("value"), "named-value"


def _names_a_secret(name: str) -> bool:
    return any(_sorts_of_name(name))


def _is_named_secret(name: str, value: str) -> bool:
    if not _names_a_secret(name):
        return False
    is_password, _ = _sorts_of_name(name)
    return not is_reference(value) and _is_assigned_secret(value, is_password=is_password, is_quoted=False)


def _userinfo(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    for match in _USERINFO.finditer(folded):
        value = text[slice(*match.span("value"))]
        if not is_stand_in(value) and not is_dull(value) and not is_reference(value):
            yield *match.span("value"), "url-password"
    for match in _USERINFO_TOKEN.finditer(folded):
        if looks_random(match["value"]):
            yield *match.span("value"), "url-token"


def _cookies(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    for header in _COOKIES.finditer(folded):
        for match in _COOKIE.finditer(text, *header.span("pairs")):
            if looks_random(match["value"], shortest=12):
                yield *match.span("value"), "cookie"


def _markup(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_XML, _XML_ELEMENT):
        for match in pattern.finditer(folded):
            value = text[slice(*match.span("value"))]
            is_named = (
                _PASSWORD_NAME.search(match["name"]) or _KEY_NAME.search(match["name"]) or match["name"].endswith("key")
            )
            if is_named and not is_stand_in(value) and not is_reference(value) and looks_like_password(value):
                yield *match.span("value"), "markup"
