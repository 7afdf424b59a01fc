"""Private host names: a person's own machine, and machines behind a label such as `corp` or `intra`.

Names that a tool gives (`host.docker.internal`, `redis.default.svc.cluster.local`) and reserved names stay: they have
no registered domain behind the label, and no person in front. The score is below that of prompts, which say more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Mail
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit, holds_any
from atlas_build.scrub.recognizers.suffixes import bundled_suffixes
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.74
_SHORTEST_NAME = 4
_INNER = ("corp", "intranet", "intra", "internal", "lan", "prv", "priv", "int")
_INNER_HOST = re.compile(
    rf"(?<![\w.\-@])(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,4}}(?:{'|'.join(_INNER)})\."
    r"[a-z0-9][a-z0-9\-]{1,62}(?:\.[a-z0-9\-]{2,24}){1,2}(?![\w\-])",
    re.IGNORECASE,
)
_CONNECTING = re.compile(
    r"(?:://(?:[^\s/@]{0,80}@)?|(?<![A-Za-z])(?:ssh|ping|curl|host|hosts|into|nslookup|dig|telnet|server|proxy|vpn"
    r"|connect(?:ed|ing)? to|resolve|bastion|from|at|on)[ \t:=\"'`]{1,4}(?:[\w.\-]{1,40}@)?)$"
)
"""Dotted names of code have the same form (`app.internal.store.io`), so a host needs a place where hosts stand."""
_MACHINE = re.compile(
    rf"{LEFT}(?P<owner>[^\W\d_]{{2,20}}?)s?(?:-|[’'])?s?-(?:macbook|mbp|mba|imac|mac-?mini|mac-?studio|thinkpad|iphone|ipad"
    rf"|laptop|desktop|notebook|surface|xps|pixel|galaxy)(?:-(?:pro|air|max|mini|\d{{1,4}})){{0,3}}(?:\.(?:local|lan|home))?{RIGHT}",
    re.IGNORECASE,
)
_HOSTED = re.compile(
    r"(?<![\w.\-])(?:s3|gs|s3a|r2|oss|wasbs?)://(?P<bucket>[a-z0-9][a-z0-9\-]{4,62})(?![\w.\-])"
    r"|(?<![\w.\-])(?P<sub>[a-z0-9][a-z0-9\-]{4,62})\.(?:s3[.\-]|storage\.googleapis\.|blob\.core\.windows\.|github\.io|gitlab\.io"
    r"|vercel\.app|netlify\.app|herokuapp\.com|pages\.dev|workers\.dev|surge\.sh|web\.app|firebaseapp\.com|azurewebsites\.net"
    r"|fly\.dev|onrender\.com|up\.railway\.app|replit\.(?:dev|app)|repl\.co|ngrok\.io|streamlit\.app|hf\.space)"
)
"""Buckets and pages, which people call after themselves."""
_WINDOWS = re.compile(
    rf"{LEFT}(?:DESKTOP|LAPTOP|NOTEBOOK)-(?=[A-Z]{{0,7}}\d)[A-Z0-9]{{5,8}}{RIGHT}|{LEFT}WIN-[A-Z0-9]{{11}}{RIGHT}"
)
"""Names that the installer of Windows makes up, which no two machines share."""


class Hosts(Family):
    kinds: ClassVar = (Kind.HOST, Kind.USERNAME)
    _hints = (
        ".corp", ".int", ".lan", ".prv", ".priv", "-mac", "-mb", "-imac", "-think", "-ip", "-lap", "-desk", "-note",
        "s3", "gs://", "r2://", "oss://", "wasb", ".storage.", ".blob.", ".github.io", ".gitlab.io", ".app", ".dev",
        ".herokuapp", ".surge", ".firebaseapp", ".azurewebsites", ".onrender", ".repl", ".ngrok", ".hf.",
        "-surf", "-xps", "-pixel", "-galaxy", "desktop-", "laptop-", "notebook-", "win-",
    )  # fmt: skip

    def __init__(self, mail: Mail, vocabulary: Vocabulary) -> None:
        self._reserved = tuple(domain.casefold() for domain in mail.reserved_domains)
        self._vocabulary = vocabulary
        self._suffixes = bundled_suffixes()
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return holds_any(self._hints, fold(text))

    def find(self, text: str) -> Iterator[Hit]:
        for match in _INNER_HOST.finditer(text):
            if self._is_private(match[0]) and _CONNECTING.search(text, max(0, match.start() - 100), match.start()):
                yield Hit(*match.span(), Kind.HOST, SCORE, "inner-domain")
        for match in _MACHINE.finditer(text):
            if not self._vocabulary.is_word(match["owner"]):
                yield Hit(*match.span(), Kind.HOST, SCORE, "machine-of-a-person")
        for match in _HOSTED.finditer(text):
            yield from self._find_owner(match)
        for match in _WINDOWS.finditer(text):
            yield Hit(*match.span(), Kind.HOST, SCORE, "windows-machine")

    def _find_owner(self, match: re.Match[str]) -> Iterator[Hit]:
        """A listed name and another one that stand side by side, neither of them a word: `nora-lindqvist-backups`."""
        group = match.lastgroup or "sub"
        place, parts = match.start(group), match[group].split("-")
        for one, other in pairwise(parts):
            names = (self._is_name(one), self._is_name(other))
            if any(names) and not self._vocabulary.is_word(one) and not self._vocabulary.is_word(other):
                yield Hit(place, place + len(one) + 1 + len(other), Kind.USERNAME, SCORE, "hosted-owner")
                return
            place += len(one) + 1

    def _is_name(self, part: str) -> bool:
        lists = self._vocabulary.first_names, self._vocabulary.last_names
        return len(part) >= _SHORTEST_NAME and any(part in names for names in lists)

    def _is_private(self, host: str) -> bool:
        """Below a registered domain that is nobody's example."""
        parts = self._suffixes(host)
        registered = f"{parts.domain}.{parts.suffix}".casefold()
        is_inner = any(label.casefold() in _INNER for label in parts.subdomain.split("."))
        return bool(parts.suffix and parts.domain) and is_inner and registered not in self._reserved
