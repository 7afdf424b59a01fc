"""Secrets known by their place: assignments to secret-sounding names, flags, headers, cookies, URLs, and prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.recognizers.secret_values import (
    is_dull,
    is_identifier,
    is_reference,
    is_stand_in,
    looks_like_password,
    looks_random,
)

SCORE = 0.9
_HINTS = (
    "pass", "pwd", "secret", "token", "key", "cred", "auth", "bearer", "cookie", "sig", "dsn", "://", "login", "identified", "otp",
    "密", "口令", "비밀번호", "암호", "パスワード", "парол", "ключ", "токен", "contrase", "senha", "şifre", "parola", "kennwort", "passwort",
    "mot de passe", "clave", "wachtwoord", "hasło", "haslo", "hash_", "session", "connect.sid", "salt", "pin", "sas", "webhook", "mfa", "2fa", "code",
)  # fmt: skip

_PASSWORD = r"pass(?:w(?:or)?d|phrase|code)?|pwd|passwort|kennwort|contrase(?:ñ|n)a|senha|şifre|sifre|parola|parool|wachtwoord|has(?:ł|l)o|пароль|密码|密碼|口令|パスワード|비밀번호|암호"
_KEY = (
    r"secret|token|api[_\-]?key|apikey|access[_\-]?key|auth[_\-]?key|storage[_\-]?key|account[_\-]?key|private[_\-]?key"
    r"|signing[_\-]?key|encryption[_\-]?key|master[_\-]?key|app[_\-]?key|service[_\-]?key|shared[_\-]?key|license[_\-]?key"
    r"|subscription[_\-]?key|deploy[_\-]?key|anon[_\-]?key|role[_\-]?key|credentials?|signature|webhook|bearer"
    r"|authorization|auth|cookie|session[_\-]?id|sessionid|jwt|sig|salt|ключ|токен"
)
_ASSIGN = re.compile(
    rf"(?:(?P<pass>{_PASSWORD})|(?P<key>{_KEY}))(?P<rest>[A-Za-z0-9_\-]{{0,30}})"
    r"(?:\\?[\"'`]|\]|\*\*){0,3}[ \t]{0,4}(?::=|=>|=|：|:)[ \t]{0,4}"
    r"(?P<value>(?:[rbu]{0,2})(?:\\?[\"'`])[^\"'`\n\\]{1,4000}|[^\s\"'`,;<>&)}\]，。；、\ufffc]{3,4000})",
    re.IGNORECASE,
)
_XML = re.compile(
    rf"(?:{_PASSWORD}|{_KEY})[A-Za-z0-9_\-]{{0,30}}\"[ \t]{{1,4}}value=\"(?P<value>[^\"\n]{{3,4000}})\"", re.IGNORECASE
)
_XML_ELEMENT = re.compile(
    rf"<(?:\w{{0,20}}(?:{_PASSWORD}|{_KEY})\w{{0,20}})>(?P<value>[^<\s]{{3,2000}})</", re.IGNORECASE
)
_FLAG = re.compile(
    r"(?<![\w-])--?(?:pass(?:word|wd|phrase)?|pwd|token|api[-_]?key|secret(?:[-_]key)?|access[-_]token|auth[-_]token|client[-_]secret|key)"
    r"(?:=|[ \t]{1,3})(?P<quote>[\"']?)(?P<value>[^\s\"'\ufffc]{4,2000})",
    re.IGNORECASE,
)
_SHORT_FLAG = re.compile(
    r"(?:sshpass|mysql(?:dump|admin)?|docker login|redis-cli|psql|mongo(?:sh)?|twine|7z|unzip)\b[^\n]{0,120}?[ \t]-(?:p|a|P)[ \t]{0,2}(?P<quote>[\"']?)(?P<value>[^\s\"'\-][^\s\"']{3,200})"
)
_BASIC = re.compile(r"(?<![\w-])(?:-u|--user)(?:=|[ \t]{1,3})[\"']?[^\s\"':]{1,64}:(?P<value>[^\s\"']{3,200})")
_HEADER = re.compile(
    r"(?:authorization|x-[a-z\-]{0,30}(?:key|token|auth|secret))[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?(?:(?:bearer|basic|token|apikey|digest|key)[ \t]+)?"
    r"(?P<value>[A-Za-z0-9_\-.+/=~:]{8,4000})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?<![A-Za-z])bearer[ \t]{1,3}(?P<value>[A-Za-z0-9_\-.+/=~]{12,4000})", re.IGNORECASE)
_COOKIES = re.compile(
    r"(?:set-)?cookies?[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\"']?(?P<pairs>[^\r\n\"']{8,4000})", re.IGNORECASE
)
_COOKIE = re.compile(r"(?P<name>[A-Za-z0-9_.\-]{1,64})=(?P<value>[^;\s\"']{8,4000})")
_COOKIE_NAME = re.compile(
    r"(?:connect\.sid|JSESSIONID|PHPSESSID|ASP\.NET_SessionId|laravel_session|sessionid|\.ROBLOSECURITY)[\"']?[=:][ \t]?[\"']?(?P<value>[A-Za-z0-9%_.\-+/=|]{8,2000})",
    re.IGNORECASE,
)
_USERINFO = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.\-]{1,30}://[^\s:/@\"'`<>\ufffc]{0,80}:(?P<value>[^\s/\"'`<>\ufffc]{1,300})@(?=[A-Za-z0-9\[_$\ufffc])"
)
_USERINFO_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.\-]{1,30}://(?P<value>[A-Za-z0-9_\-]{20,200})@(?=[A-Za-z0-9])"
)
_QUERY = re.compile(
    r"[?&](?:amp;)?(?:[A-Za-z0-9_\-]{0,40}?)(?:key|token|secret|sig|signature|credential|password|passwd|pwd|auth|code|sid|hash|policy)=(?P<value>[^\s&\"'`<>#)\]\ufffc]{6,4000})",
    re.IGNORECASE,
)
_SQL = re.compile(
    r"(?:identified[ \t]+by|with[ \t]+(?:encrypted[ \t]+)?password|set[ \t]+password[^'\n]{0,40})[ \t]*=?[ \t]*'(?P<value>[^'\n]{3,200})'",
    re.IGNORECASE,
)
_PROSE = re.compile(
    rf"(?:{_PASSWORD}|\bpin\b|\botp\b|api[ -]?key|access token|auth token|secret key|token|secret|passcode|Zugangscode|clave|mot de passe|пароля|(?:2fa|mfa|verification) code)"
    r"(?:[ \t]{1,2}(?:for|of|to|von|für|de|del|do|da|pour|для|от)[ \t]{1,2}(?:the[ \t])?[\w.\-/@]{1,40}(?:[ \t][\w.\-/]{1,20})?)?"
    r"[ \t]{0,2}(?:is|was|are|ist|war|lautet|es|era|é|est|è|to be|still|now|будет|=|:|：|是|为|為|は|은|는|이|가|—|–|-|→|\s)[ \t]{0,2}"
    r"(?:(?:still|now|just|currently|also|noch|jetzt|simply)[ \t]+)?(?P<quote>[\"'`“”「«*]{0,2})(?P<value>[^\s\"'`“”「」«»，。；、,;\ufffc]{4,200})",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:log[ -]?in|credentials?|creds|account|user(?:name)?|sign[ -]?in|zugang|anmeldung|логин|账号|帐号|아이디)[ \t]{0,2}(?:(?:with|as|is|are|using|mit|:|：|=)[ \t]{0,2}){0,2}"
    r"(?P<user>[A-Za-z0-9_.@+\-]{2,64})[ \t]{0,2}(?:/|:|\||with|and|&)[ \t]{0,2}(?P<value>[^\s\"'`,;，。]{5,100})",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}>*`\"'"


class SecretPlaces(Family):
    kinds: ClassVar = (Kind.SECRET,)

    def may_hold(self, text: str) -> bool:
        folded = text.lower()
        return any(hint in folded for hint in _HINTS)

    def find(self, text: str) -> Iterator[Hit]:
        for value_start, value_end, rule in self._candidates(text):
            yield Hit(value_start, value_end, Kind.SECRET, SCORE, rule)

    def _candidates(self, text: str) -> Iterator[tuple[int, int, str]]:
        yield from _assignments(text)
        if "://" in text:
            yield from _userinfo(text)
        if "?" in text or "&" in text:
            yield from _values(text, _QUERY, "query-parameter", lambda value: looks_random(value, shortest=8))
        if "-" in text:
            yield from _values(text, _FLAG, "flag", _is_flag_value)
            yield from _values(text, _SHORT_FLAG, "short-flag", _is_flag_value)
            yield from _values(text, _BASIC, "basic-auth", _is_flag_value)
        yield from _values(text, _HEADER, "header", lambda value: looks_random(value, shortest=10))
        yield from _values(text, _BEARER, "bearer", lambda value: looks_random(value, shortest=12))
        yield from _values(text, _XML, "xml-value", lambda value: looks_like_password(value) or looks_random(value))
        yield from _values(text, _XML_ELEMENT, "xml-element", looks_like_password)
        yield from _values(text, _SQL, "sql-password", lambda value: not is_dull(value))
        yield from _values(text, _COOKIE_NAME, "session-cookie", lambda value: True)
        yield from _cookies(text)
        yield from _values(text, _PROSE, "prose", _is_prose_value)
        yield from _values(text, _LOGIN, "login-pair", looks_like_strong_password)


def _values(
    text: str, pattern: re.Pattern[str], rule: str, accepts: Callable[[str], bool]
) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(text):
        start, end = match.span("value")
        end = start + len(match["value"].rstrip(_TRAILING)) if not match["value"].endswith("=") else end
        value = text[start:end]
        if value and not is_stand_in(value) and not is_reference(value) and accepts(value):
            yield start, end, rule


def _assignments(text: str) -> Iterator[tuple[int, int, str]]:
    place = 0
    while match := _ASSIGN.search(text, place):
        place = max(match.start("value"), match.start() + 1)
        start, end = match.span("value")
        quoted = re.match(r"[rbuRBU]{0,2}\\?[\"'`]", match["value"])
        if quoted:
            start += quoted.end()
        value = text[start:end]
        if not quoted:
            value = value.rstrip(_TRAILING)
            end = start + len(value)
        if value and _is_assigned_secret(value, is_password=match["pass"] is not None, is_quoted=quoted is not None):
            place = end
            yield start, end, "assignment"


def _is_assigned_secret(value: str, *, is_password: bool, is_quoted: bool) -> bool:
    if is_stand_in(value) or is_dull(value) or (is_reference(value) and not is_quoted) or " " in value.strip():
        return False
    if is_password:
        return looks_like_password(value) and not (not is_quoted and is_identifier(value))
    return (
        looks_random(value, shortest=8)
        and not is_identifier(value)
        and not re.fullmatch(r"[\w\-]{1,30}\.[a-z]{2,5}", value)
    )


def _userinfo(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _USERINFO.finditer(text):
        value = match["value"]
        if not is_stand_in(value) and not is_dull(value) and not is_reference(value):
            yield *match.span("value"), "url-password"
    for match in _USERINFO_TOKEN.finditer(text):
        if looks_random(match["value"]):
            yield *match.span("value"), "url-token"


def _cookies(text: str) -> Iterator[tuple[int, int, str]]:
    for header in _COOKIES.finditer(text):
        for match in _COOKIE.finditer(text, *header.span("pairs")):
            if looks_random(match["value"], shortest=12):
                yield *match.span("value"), "cookie"


def _is_flag_value(value: str) -> bool:
    return (
        not is_dull(value)
        and not is_identifier(value)
        and (looks_like_password(value) or looks_random(value, shortest=8))
    )


def _is_prose_value(value: str) -> bool:
    if re.fullmatch(r"\d{4,8}", value):
        return False
    return looks_like_strong_password(value)


def looks_like_strong_password(value: str) -> bool:
    """Stricter, for prose: a digit and a letter, and no version, file, path, address, date or code around them."""
    if not looks_like_password(value) or is_identifier(value) or not re.search(r"\d|[!#$%^&*]", value):
        return False
    if re.search(r"[/\\()<>{}\[\]]|::|^\W*\d[\d.:,\-]*\w{0,2}$|^v?\d+\.\d|\.[a-z]{2,4}$|@", value) and not looks_random(
        value, shortest=20
    ):
        return re.search(r"^[A-Za-z][A-Za-z0-9]{2,}@\d{2,}", value) is not None
    return re.search(r"\d", value) is not None or re.search(r"[a-z]", value) is not None
