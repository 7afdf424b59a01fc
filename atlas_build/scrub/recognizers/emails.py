"""E-mail addresses, plain, international, encoded, and in the usual disguises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Mail
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.recognizers.suffixes import bundled_suffixes

SCORE = 0.85
_LOCAL = r"[A-Za-z0-9\u00c0-\u024f\u0370-\u052f._+'’!#$&*=?^{}|~\-]"
_LABEL = r"[^\W_](?:[^\W_]|-(?=[^\W_]|-)){0,62}"
_TOP = r"(?:xn--[a-z0-9\-]{2,30}|[A-Za-z]{2,24}|[\u0400-\u052f]{2,10})"
_SIGN = r"(?:@|＠|%40|&#64;|&#x40;|&commat;|\\u0040)"
_BEFORE = re.compile(rf"(?<!{_LOCAL})(?<!%2[BbEe])(?:\")?((?:{_LOCAL}|%2[BbEe]){{1,64}})$")
_AFTER = re.compile(rf"((?:{_LABEL}\.){{1,6}}{_TOP})(?![A-Za-z0-9])")
_AT = re.compile(_SIGN, re.IGNORECASE)

_WORD_AT = (
    r"(?:\[at\]|\(at\)|\{at\}|<at>|\[@\]|\(@\)|\[ät\]|\(ät\)|\(arroba\)|\[arroba\]|\(собака\)|\[собака\]|_at_"
    r"|-at-| at | AT | arroba | @ |@ | @)"
)
_WORD_DOT = (
    r"(?:\[dot\]|\(dot\)|\{dot\}|<dot>|\[\.\]|\(\.\)|\[punkt\]|\(punkt\)|\(punto\)|\[punto\]|\(ponto\)"
    r"|\[ponto\]|_dot_|-dot-| dot | DOT | punkt | punto | ponto | point | \. | \.|\. |\.)"
)
_AT_WORD = re.compile(_WORD_AT)
_DOMAIN_AFTER = re.compile(
    rf"[ ]?([A-Za-z0-9][A-Za-z0-9\-]{{0,62}}(?:[ ]?{_WORD_DOT}[ ]?[A-Za-z][A-Za-z0-9\-]{{0,62}}){{1,5}})(?![A-Za-z0-9])"
)
_NAME_BEFORE = re.compile(
    rf"(?<![A-Za-z0-9._+\-])([A-Za-z0-9](?:[A-Za-z0-9_+\-]|{_WORD_DOT}(?=[A-Za-z0-9])){{0,60}})[ ]?$"
)
_LONGEST_NAME = 64
_BRACKETED = (
    "[at]",
    "(at)",
    "{at}",
    "<at>",
    "[@]",
    "(@)",
    " @",
    "@ ",
    "(arroba)",
    "[arroba]",
    "собака",
    "[ät]",
    "(ät)",
    "_at_",
    "-at-",
)
_SPELLED_AT = (" at ", " arroba ")
_SPELLED_DOT = (" dot ", "[dot]", "(dot)", " punkt ", " punto ", " ponto ", " point ", "[.]", "(.)")
REMOTE_LOGIN = re.compile(
    r"(?<![\w\-])(?:ssh|scp|sftp|rsync|mosh|sshfs|ssh-copy-id)"
    r"(?:[ \t]{1,4}-[^\s]{1,40}(?:[ \t]{1,4}[^\s\-][^\s]{0,60})?|[ \t]{1,4}[^\s]{0,60}[/.:][^\s]{0,60}){0,6}[ \t]{1,4}$"
)
"""The command and its options, with nothing of a sentence between them and the account."""
_USERINFO = re.compile(r"://[^\s/\"'<>]{0,110}:[^\s/\"'<>]{0,110}$")
_SPELLED = re.compile(r"\[|\(|\{|<| dot | DOT | punkt | punto | ponto | point | @ |_dot_|-dot-|arroba")


class Emails(Family):
    kinds: ClassVar = (Kind.EMAIL,)

    def __init__(self, mail: Mail) -> None:
        self._reserved = tuple(domain.casefold() for domain in mail.reserved_domains)
        self._robot_domains = tuple(domain.casefold() for domain in mail.robot_domains)
        self._robots = frozenset(robot.casefold() for robot in mail.robots)
        self._suffixes = bundled_suffixes()
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return (
            "@" in text
            or "＠" in text
            or "%40" in text
            or "&" in text
            or "u0040" in text
            or self._may_be_disguised(text)
        )

    def _may_be_disguised(self, text: str) -> bool:
        folded = text.lower()
        if any(hint in folded for hint in _BRACKETED):
            return True
        is_spelled = any(hint in folded for hint in _SPELLED_AT)
        return is_spelled and any(hint in folded for hint in _SPELLED_DOT)

    def find(self, text: str) -> Iterator[Hit]:
        for sign in _AT.finditer(text):
            before = _BEFORE.search(text, max(0, sign.start() - 66), sign.start())
            after = _AFTER.match(text, sign.end())
            if before and after and self._is_somebodys(text, before, after):
                start = before.start(1) + _leading_noise(before[1])
                yield Hit(start, after.end(1), Kind.EMAIL, SCORE, "email")
        if self._may_be_disguised(text):
            yield from self._find_disguised(text)

    def _find_disguised(self, text: str) -> Iterator[Hit]:
        """What stands behind the sign is looked at first: a domain is rarer there than a word before it."""
        for sign in _AT_WORD.finditer(text):
            after = _DOMAIN_AFTER.match(text, sign.end())
            if after is None or not self._is_spelled_domain(sign[0], after[1]):
                continue
            before = _NAME_BEFORE.search(text, max(0, sign.start() - _LONGEST_NAME), sign.start())
            if before and not self._stays(before[1], _plain_domain(after[1])):
                yield Hit(before.start(1), after.end(1), Kind.EMAIL, SCORE, "email-disguised")

    def _is_spelled_domain(self, sign: str, domain: str) -> bool:
        """A plain `at` or `@` between blanks is a disguise only if the dot is spelled too."""
        if sign.strip().lower() in {"at", "@"} and sign != sign.strip() and not _SPELLED.search(domain + sign):
            return False
        if sign.strip() == "@" and sign != " @ ":
            return False
        return self._is_public(_plain_domain(domain))

    def _is_somebodys(self, text: str, before: re.Match[str], after: re.Match[str]) -> bool:
        local, domain = before[1], after[1]
        lead = text[max(0, before.start(1) - 3) : before.start(1)]
        if _USERINFO.search(text, max(0, before.start(1) - 120), before.start(1)):
            return False
        if REMOTE_LOGIN.search(text, max(0, before.start(1) - 130), before.start(1)):
            return False  # an account on a host
        if lead.endswith("//") or (lead.endswith(":") and "//" in text[max(0, before.start(1) - 90) : before.start(1)]):
            return False  # user and password of a URL
        if local.casefold() in {"git", "hg", "svn"} or (
            text[after.end() : after.end() + 1] == ":" and text[after.end() + 1 : after.end() + 2] in "/~"
        ):
            return False  # a repository or a place for scp
        if re.fullmatch(r"[\W_]+", local) or (lead.endswith(("/", "\\")) and re.fullmatch(r"v?\d[\d.]*", domain)):
            return False
        return self._is_public(domain) and not self._stays(local, domain)

    def _is_public(self, domain: str) -> bool:
        result = self._suffixes(domain)
        return bool(result.suffix and result.domain)

    def _stays(self, local: str, domain: str) -> bool:
        folded_domain, folded_local = domain.casefold().rstrip("."), local.casefold().strip("'’\"")
        if any(folded_domain == reserved or folded_domain.endswith("." + reserved) for reserved in self._reserved):
            return True
        if any(folded_domain == robot or folded_domain.endswith("." + robot) for robot in self._robot_domains):
            return True
        return (
            folded_local in self._robots
            or "[bot]" in folded_local
            or folded_local.endswith("-bot")
            or folded_local.startswith(("noreply", "no-reply", "donotreply", "do-not-reply"))
        )


def _plain_domain(spelled: str) -> str:
    return re.sub(
        r"[\s\[\](){}<>]|(?<=[\s\[({<_-])(?:dot|punkt|punto|ponto|point)(?=[\s\])}>_-])",
        "",
        re.sub(_WORD_DOT, ".", spelled, flags=re.IGNORECASE),
    )


def _leading_noise(local: str) -> int:
    """How many characters before the address only quote or escape it: a quotation mark, `\\n`, an equals sign."""
    noise = re.match(r"(?:['’=?&*#!{}|^~.]|u0022|u003[ce]|mailto)*", local)
    size = noise.end() if noise else 0
    key = re.match(r"[A-Za-z_]+=", local[size:])
    return size + (key.end() if key else 0)
