"""Private host names: a person's own machine, and machines behind a label such as `corp` or `intra`.

Names that a tool gives (`host.docker.internal`, `redis.default.svc.cluster.local`) and reserved names stay: they have
no registered domain behind the label, and no person in front. The score is below that of prompts, which say more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from tldextract import TLDExtract

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Mail
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.74
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
_WINDOWS = re.compile(
    rf"{LEFT}(?:DESKTOP|LAPTOP|NOTEBOOK)-(?=[A-Z]{{0,7}}\d)[A-Z0-9]{{5,8}}{RIGHT}|{LEFT}WIN-[A-Z0-9]{{11}}{RIGHT}"
)
"""Names that the installer of Windows makes up, which no two machines share."""


class Hosts(Family):
    kinds: ClassVar = (Kind.HOST,)
    _hint = re.compile(
        r"\.(?:corp|intra|internal|lan|prv|priv|int)|-(?:mac|mbp|mba|imac|think|iphone|ipad|lap|desk|note|surf|xps|pixel"
        r"|galaxy)|(?:DESKTOP|LAPTOP|NOTEBOOK|WIN)-",
        re.IGNORECASE,
    )

    def __init__(self, mail: Mail, vocabulary: Vocabulary) -> None:
        self._reserved = tuple(domain.casefold() for domain in mail.reserved_domains)
        self._vocabulary = vocabulary
        self._suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return self._hint.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for match in _INNER_HOST.finditer(text):
            if self._is_private(match[0]) and _CONNECTING.search(text, max(0, match.start() - 100), match.start()):
                yield Hit(*match.span(), Kind.HOST, SCORE, "inner-domain")
        for match in _MACHINE.finditer(text):
            if not self._vocabulary.is_word(match["owner"]):
                yield Hit(*match.span(), Kind.HOST, SCORE, "machine-of-a-person")
        for match in _WINDOWS.finditer(text):
            yield Hit(*match.span(), Kind.HOST, SCORE, "windows-machine")

    def _is_private(self, host: str) -> bool:
        """Below a registered domain that is nobody's example."""
        parts = self._suffixes(host)
        registered = f"{parts.domain}.{parts.suffix}".casefold()
        is_inner = any(label.casefold() in _INNER for label in parts.subdomain.split("."))
        return bool(parts.suffix and parts.domain) and is_inner and registered not in self._reserved
