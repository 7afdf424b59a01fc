"""Account names in home folders and account lists. Only the segment goes: the rest of the path is the story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Accounts
from atlas_build.scrub.recognizers.family import FILLER, Family, Hit, holds_any
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.92
"""The place in the path says what it is; only secrets and e-mails, which may stand in a path, are surer."""
_SEP = r"(?:\\{0,4}/|\\{1,4}|%2[Ff]|%5[Cc]|∕|＼)"
_HOME = re.compile(
    rf"(?:users|home|documents and settings|usuarios|benutzer|utilisateurs|utenti){_SEP.lower()}(?!{_SEP.lower()})"
)
"""For a text in lower case."""
_ROOT = re.compile(r"(?:[/\\]|%2[Ff]|%5[Cc]|[A-Za-z]:)$")
_SEGMENT = re.compile(
    r"(?:%20|(?!%2[Ff]|%5[Cc])[^/\\\s\"'`<>|:*?,;()\[\]{}$&#=!~^\u3000-\u303f\uff00-\uff65\ufffc]){1,64}"
)
_BLANK_SEGMENT = re.compile(r"[^\W_][^/\\:*?\"<>|\r\n'`\ufffc]{1,40}(?=[/\\])")
_WEB = re.compile(r"(?:https?|wss?)://[^\s\"'`<>]{0,90}$")
_DRIVE = re.compile(r"(?:[A-Za-z]:|[A-Za-z]%3[Aa]|/mnt/[a-z]|(?<![\w/])/[a-z]|wsl[^\s]{0,40}|file:/{2,3}[^\s]{0,40})/$")
_MOUNT = re.compile(r"(?:/run/media|/media)/([A-Za-z_][A-Za-z0-9_.\-]{1,31})/")
_ENCODED = re.compile(
    r"(?:(?<![A-Za-z0-9_])(?:[A-Za-z]-)?-|(?<=projects/))(?:Users|home)-([^\W_][\w.]{0,40})(?=-|$|[/\\\s\"'`.,;)])"
)
_SPOOL = re.compile(r"/var/(?:spool/)?(?:mail|cron/crontabs|cron)/([A-Za-z_][\w.\-]{1,31})")
_LOGGED = re.compile(
    r"(?:\bsudo: {1,4}([A-Za-z_][\w.\-]{1,31}) : TTY="
    r"|\b(?:Accepted|Failed) [\w\-/]{3,40} for (?:invalid user )?([A-Za-z_][\w.\-]{1,31}) from "
    r"|\bsession (?:opened|closed) for user ([A-Za-z_][\w.\-]{1,31})|\b[Ii]nvalid user ([A-Za-z_][\w.\-]{1,31}) from )"
)
"""Lines that sudo, sshd and PAM write."""
_TILDE = re.compile(r"(?<![\w/.~])~([A-Za-z_][A-Za-z0-9_.\-]{1,31})(?=/)")
_PASSWD = re.compile(r"^([a-z_][a-z0-9_.\-]{0,31}):[x*!]?:\d{1,10}:\d{1,10}:([^:\n]{0,80}):", re.MULTILINE)
_LIST = re.compile(
    r"^[ \t>|]{0,8}[bcdlps-](?:[r-][w-][xsStT-]){3}[@+.]?[ \t]{1,6}\d{1,6}[ \t]{1,8}([^\s\d][^\s]{0,63})[ \t]{"
    r"1,8}([^\s]{1,64})[ \t]{1,12}\d",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"(?<![A-Za-z])(?:USER|LOGNAME|USERNAME|SUDO_USER)=[\"']?([A-Za-z_][\w.\-]{0,63})")
_WHOAMI = re.compile(
    r"whoami[\"'`)]{0,2}[ \t]{0,4}(?:\r?\n[ \t>$#]{0,6}|[ \t]*(?:->|=>|→|:|returns?|says?|prints?|gives?"
    r"|is)[ \t]{1,3}[\"'`]?)([A-Za-z_][\w.\-\\]{1,63})"
)
_ID = re.compile(r"\b(?:uid|gid|groups)=\d{1,10}\(([A-Za-z_][\w.\-]{0,63})\)")
_AS_USER = re.compile(
    r"(?<![\w-])(?:sudo[ \t]+(?:-\w+[ \t]+){0,3}?-u|su[ \t]+-l?|runuser[ \t]+-u|sudo[ \t]+(?:adduser"
    r"|useradd(?:[ \t]+-\w+){0,3})|usermod[ \t]+-aG[ \t]+\w{1,32})[ \t]+([A-Za-z_][\w.\-]{0,31})"
)
_CHOWN = re.compile(r"\bchown[ \t]+(?:-R[ \t]+)?([A-Za-z_][\w.\-]{0,31}):([A-Za-z_][\w.\-]{0,31})?")
_LABEL = re.compile(
    r"(?:(?<![a-z_])(?:user[ _]?name|login[ _]?name|account[ _]?name|logged in as|log(?:ged)? ?in as)|用户名"
    r"|使用者名稱|账号|帐号|ユーザー名|사용자 ?이름|아이디"
    r"|имя пользователя|логин|benutzername|nombre de usuario|usuario"
    r"|usuário"
    r"|kullanıcı adı|nom d'utilisateur)"
    r"[\"'`*]{0,2}[ \t]{0,2}(?:is|was|ist|es|é|est|=|:|：|是|为|は|은"
    r"|는)?[ \t]{0,2}[\"'`*]{0,2}([a-z_][a-z0-9_.\-]{2,39})(?![\w(\[=@])"
)
_WRAPPED = re.compile(r"\r?\n([A-Za-z0-9_.\-]{1,30})(?=[/\\])")
_NARROWEST_TERMINAL = 72
_STAND_IN = re.compile(
    r"[\w\-]{1,30}\.(?:js|ts|tsx|jsx|py|md|json|html?|php|css|vue|go|rs|sh|txt|ya?ml|log)|\.{1,3}|x{2,}|\*+"
    r"|[<\[{$%].*|your.*|<.*|.*name|me|you|someone|somebody|my[-_]?user|…+|user\d*|test[-_]?user.*|u|username.*|\W+",
    re.IGNORECASE,
)


_RULES = (
    ("spool", ("/var/",), _SPOOL),
    ("login-log", ("sudo: ", "Accepted ", "Failed ", "session opened", "session closed", "nvalid user "), _LOGGED),
    ("tilde", ("~",), _TILDE),
    ("media", ("media/",), _MOUNT),
    ("passwd", (":x:", "::", ":*:"), _PASSWD),
    ("listing", ("rw", "r-"), _LIST),
    ("variable", ("USER", "LOGNAME"), _VARIABLE),
    ("whoami", ("whoami",), _WHOAMI),
    ("id", ("id=", "groups="), _ID),
    ("as-user", ("sudo", "su ", "user"), _AS_USER),
    ("chown", ("chown",), _CHOWN),
)
"""Rule, what the text must hold for it to be tried, pattern."""


class HomePaths(Family):
    kinds: ClassVar = (Kind.USERNAME,)

    def __init__(self, accounts: Accounts, vocabulary: Vocabulary) -> None:
        self._generic = accounts.folded
        self._vocabulary = vocabulary
        super().__init__()

    def may_hold(self, text: str) -> bool:  # noqa: ARG002 - every rule has a gate of its own
        return True

    def find(self, text: str) -> Iterator[Hit]:
        folded = fold(text)
        if holds_any(("users", "home", "settings", "usuarios", "benutzer", "uti"), folded):
            yield from self._find_homes(text, folded)
            yield from self._yield(_ENCODED, text, "path-encoded")
        for rule, marks, pattern in _RULES:
            if holds_any(marks, text):
                yield from self._yield(pattern, text, rule)
        if not text.isascii() or holds_any(
            ("user", "login", "log in", "logged", "account", "usu", "benutzer", "kullan"), folded
        ):
            yield from self._find_labelled(text, folded)

    def _find_homes(self, text: str, folded: str) -> Iterator[Hit]:
        for home in _HOME.finditer(folded):
            if not _ROOT.search(text, max(0, home.start() - 3), home.start()):
                continue
            is_windows = (
                "\\" in home[0] or "%5c" in home[0] or text[max(0, home.start() - 3) : home.start() - 1].endswith(":")
            )
            segment = (_BLANK_SEGMENT.match(text, home.end()) if is_windows else None) or _SEGMENT.match(
                text, home.end()
            )
            if segment is None or segment[0].startswith(FILLER):
                continue
            end = segment.start() + len(segment[0].rstrip(".,;:!?-…"))
            end = self._end_behind_wrap(text, home.start(), segment.end()) or end
            if self._is_somebodys(text[segment.start() : end]) and not self._is_route(text, home, end):
                yield Hit(segment.start(), end, Kind.USERNAME, SCORE, "home-path")

    def _end_behind_wrap(self, text: str, start: int, end: int) -> int | None:
        """Where a name ends that the width of a terminal broke: its line is full, and a path goes on in the next."""
        wrapped = _WRAPPED.match(text, end)
        line_start = text.rfind("\n", 0, start) + 1
        return wrapped.end(1) if wrapped and end - line_start >= _NARROWEST_TERMINAL else None

    def _is_route(self, text: str, home: re.Match[str], end: int) -> bool:
        """`/users/active`, `/home/about` and the like: paths of a web application, not of a disk."""
        before = text[max(0, home.start() - 100) : home.start()]
        written = text[home.start() : home.end()]
        if written.endswith("/") and _WEB.search(before) and not _DRIVE.search(before):
            return True
        if written == "users/" and not _DRIVE.search(before):
            return True
        is_word = self._vocabulary.is_word(text[home.end() : end])
        return written == "home/" and is_word and not text.startswith(("/", "\\"), end)

    def _find_labelled(self, text: str, folded: str) -> Iterator[Hit]:
        for match in _LABEL.finditer(folded):
            value = text[slice(*match.span(1))]
            if (
                self._is_somebodys(value)
                and re.search(r"[\d_.\-]", value.strip(".-_"))
                and not value.endswith((".py", ".ts", ".js", ".md"))
            ):
                yield Hit(match.start(1), match.start(1) + len(value.rstrip(".-")), Kind.USERNAME, SCORE, "labelled")

    def _yield(self, pattern: re.Pattern[str], text: str, rule: str) -> Iterator[Hit]:
        for match in pattern.finditer(text):
            for group in range(1, pattern.groups + 1):
                value = match[group]
                if value and self._is_somebodys(value.rstrip(".-")):
                    kind = Kind.PERSON if rule == "passwd" and group == 2 else Kind.USERNAME
                    start = match.start(group)
                    yield Hit(start, start + len(value.rstrip(".-")), kind, SCORE, rule)

    def _is_somebodys(self, account: str) -> bool:
        folded = account.casefold().strip()
        return (
            bool(folded)
            and folded[0] not in ".-_"
            and folded not in self._generic
            and _STAND_IN.fullmatch(folded) is None
        )
