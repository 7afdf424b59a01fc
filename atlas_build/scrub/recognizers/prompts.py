"""Accounts and hosts in shell prompts, remote logins and URLs with a user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Accounts
from atlas_build.scrub.recognizers.emails import REMOTE_LOGIN
from atlas_build.scrub.recognizers.family import Family, Hit

SCORE = 0.9
_USER = r"[A-Za-z_\u00c0-\u024f\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af][\w.\-\\+]{0,39}"
_HOST = r"[A-Za-z0-9][\w.\-]{0,62}"
_PROMPT = re.compile(
    rf"(?<![\w.@/+\-=])(?P<user>{_USER})@(?P<host>{_HOST})"
    r"(?=:[~/][^\s$#%>]{0,200}[ ]?[$#%>](?:\s|$)|:[ ]?[$#%>](?:\s|$)|[ ]MINGW|[ ]MSYS|[ ]UCRT|[ ]CLANG|:~"
    r"|[ ][~/][^\s]{0,120}[ ]?[$#%>](?:\s|$)|[ ][^\s$#%>\n]{1,60}[ ][$#%❯➜](?:\s|$)|[ ][^\s\]\n]{1,60}\][$#]"
    r"|[ ][%$❯➜](?:\s|$)|[ ]\([^)\n]{1,40}\)[ ][%$#]|[ ]in[ ][~/])"
)
_LINE = re.compile(
    rf"(?:^|(?<=[\n\[(]))(?P<user>{_USER})@(?P<host>[A-Za-z0-9][\w\-]{{1,62}}(?:\.(?:local|lan|home"
    rf"|localdomain|fritz\.box))?)(?=[ \t]|:|$|\])",
    re.MULTILINE,
)
_REMOTE = re.compile(
    r"(?<![\w\-])(?:ssh|scp|sftp|rsync|mosh|sshfs|ssh-copy-id|autossh|git clone|pscp|plink)\b(?P<rest>[^\n;"
    r"|&]{0,200})"
)
_AT = re.compile(rf"(?<![\w.@/+\-=:])(?P<user>{_USER})@(?P<host>\[?[A-Za-z0-9\ufffc][\w.:\-]{{0,62}})")
_SCP_PLACE = re.compile(
    rf"(?<![\w.@/+\-=:])(?P<user>{_USER})@(?P<host>[A-Za-z0-9][\w.\-]{{0,62}}):(?=[~/.]|[\w\-]{{1,40}}/)"
)
_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:https?|ssh|git\+ssh|sftp|ftps?|svn\+ssh|smb|imaps?|smtps?|rsync|vnc|rdp|telnet"
    r"|davs?)://(?P<user>[^\s:/@\"'`<>\ufffc]{1,64})(?::[^\s/@\"'`<>]{0,200})?@(?=[A-Za-z0-9\[\ufffc])"
)
_SSH_L = re.compile(r"(?<![\w-])ssh[^\n]{0,80}?[ \t]-l[ \t]+(?P<user>[A-Za-z_][\w.\-]{0,39})")
_SSH_USER = re.compile(r"^[ \t]*User[ \t]+(?P<user>[A-Za-z_][\w.\-]{0,39})[ \t]*$", re.MULTILINE)
_LONGEST_LOGIN = 130
_GENERIC_HOSTS = frozenset({
    "host", "hostname", "localhost", "server", "example", "machine", "computer", "pc", "mac", "macbook", "ip",
    "your-server", "remote", "github.com", "gitlab.com", "bitbucket.org", "desktop", "laptop", "container",
    "docker", "ubuntu", "debian", "vm", "prod", "staging", "dev",
})  # fmt: skip
_CODE_SUFFIX = re.compile(
    r"\.(?:js|ts|py|rs|go|md|png|svg|json|css|html|com|org|net|io|dev|ai|co|app)$|^v?\d", re.IGNORECASE
)
_URL_ROLES = frozenset(
    {
        "git",
        "x-access-token",
        "oauth2",
        "token",
        "x-token-auth",
        "gitlab-ci-token",
        "hg",
        "svn",
        "anonymous",
        "ftp",
        "default",
        "sa",
    }
)


class Prompts(Family):
    kinds: ClassVar = (Kind.USERNAME, Kind.HOST)

    def __init__(self, accounts: Accounts) -> None:
        self._generic = accounts.folded
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return "@" in text or "ssh" in text

    def find(self, text: str) -> Iterator[Hit]:
        yield from self._accounts(_PROMPT, text, "prompt", with_host=True)
        for match in _LINE.finditer(text):
            if not _CODE_SUFFIX.search(match["host"]) and _looks_like_host(match["host"]):
                yield from self._account(match, "prompt-line", with_host=True)
        yield from self._accounts(_SCP_PLACE, text, "scp", with_host=False)
        for remote in _REMOTE.finditer(text):
            for match in _AT.finditer(text, *remote.span("rest")):
                is_login = REMOTE_LOGIN.search(text, max(0, match.start() - _LONGEST_LOGIN), match.start())
                if "." in match["host"] and not is_login:
                    continue  # a mail address somewhere behind the word: ssh keys go to ...
                yield from self._account(match, "remote-login", with_host=False)
        if "://" in text:
            for match in _URL.finditer(text):
                if match["user"].casefold() not in _URL_ROLES and not re.search(r"[<{$*]", match["user"]):
                    yield from self._account(match, "url-user", with_host=False)
        yield from self._accounts(_SSH_L, text, "ssh-l", with_host=False)
        if "Host" in text:
            yield from self._accounts(_SSH_USER, text, "ssh-config", with_host=False)

    def _accounts(self, pattern: re.Pattern[str], text: str, rule: str, *, with_host: bool) -> Iterator[Hit]:
        for match in pattern.finditer(text):
            yield from self._account(match, rule, with_host=with_host)

    def _account(self, match: re.Match[str], rule: str, *, with_host: bool) -> Iterator[Hit]:
        user = match["user"]
        start = match.start("user")
        if "\\" in user:  # DOMAIN\user, or an escaped line break before the name
            start += len(user) - len(user.rsplit("\\", 1)[1])
            user = user.rsplit("\\", 1)[1]
        if user.casefold() not in self._generic:
            yield Hit(start, match.end("user"), Kind.USERNAME, SCORE, rule)
        if (
            with_host
            and match["host"].casefold() not in _GENERIC_HOSTS
            and user.casefold() not in {"user", "root", "username"}
        ):
            yield Hit(*match.span("host"), Kind.HOST, SCORE, rule)


def _looks_like_host(host: str) -> bool:
    return (
        re.search(
            r"mac|book|pc|desktop|laptop|imac|thinkpad|linux|ubuntu|server|host|\.local|\.lan|-|\d", host, re.IGNORECASE
        )
        is not None
    )
