"""The recognizers that are sure by form alone, for the last look at the finished site.

They know no placeholders, no names and no lists of the corpus: a vendor's token, a key block, an e-mail address, a
card, an account in a home folder is what it is wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from atlas_build.model.placeholder import PLACEHOLDER, Kind
from atlas_build.scrub.hits import FILLER, Hit
from atlas_build.scrub.policy import ScrubPolicy

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

    from atlas_build.scrub.recognizers.family import Family

_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.:%@~]{15,}")
"""Vendors make their secrets of these characters; what they span over lines or blanks is left to the scrubber."""
_BETWEEN = f"\n{FILLER}\n"
"""Two tokens must not be taken for one that a line break has cut."""
_LINE_CUES = (
    ("emails", "@", re.compile(r"[^\s@]@[^\s@.]+\.[^\W\d_]")),
    ("places", "://", re.compile(r"://[^\s/@]+@")),
    ("paths", "sers", re.compile(r"[Uu]sers[/\\]")),
    ("paths", "home", re.compile(r"home[/\\]")),
)
"""Family, a literal that must be in the text, and what a line must hold for the family to look at it."""
_DIGITS = re.compile(r"\d(?:[ -]?\d){11}")
_ACCOUNT = re.compile(r"[A-Z]{2}\d\d[ -]?[A-Z0-9]{4}")
_SHAPES = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0" * 10 + b"A" * 26)
"""Byte -> what kind of character it is, as far as the two patterns above tell them apart."""
_COMMON_SIGNS = "“”‘’–—…·←→"
"""Signs of ordinary prose; none is a letter or digit."""
STRONG_RULES = frozenset({"email", "home-path", "url-password", "url-token"})
"""Of families that also have weaker rules, which depend on words around them."""


@dataclass(frozen=True)
class StrongRecognizers:
    """Finds values that are sure by their form. Built from the policy on first use, so that it can go to workers."""

    data_dir: Path

    @cached_property
    def _policy(self) -> ScrubPolicy:
        return ScrubPolicy.load(self.data_dir)

    @cached_property
    def _families(self) -> dict[str, Family]:
        from atlas_build.scrub.recognizers.emails import Emails  # noqa: PLC0415 - Presidio takes seconds to load
        from atlas_build.scrub.recognizers.paths import HomePaths  # noqa: PLC0415
        from atlas_build.scrub.recognizers.secret_places import SecretPlaces  # noqa: PLC0415
        from atlas_build.scrub.recognizers.vendor_secrets import VendorSecrets  # noqa: PLC0415

        policy = self._policy
        return {
            "vendor": VendorSecrets(),
            "places": SecretPlaces(),
            "emails": Emails(policy.mail),
            "paths": HomePaths(policy.accounts, policy.vocabulary),
        }

    @cached_property
    def _numbers(self) -> list[tuple[Kind, EntityRecognizer]]:
        from atlas_build.scrub.recognizers.numbers import BankAccounts, Cards  # noqa: PLC0415

        return [(Kind.CREDIT_CARD, Cards()), (Kind.IBAN, BankAccounts())]

    def __call__(self, text: str) -> Iterator[tuple[Kind, str, str]]:
        """Kind, rule and value of each hit, without those that an allow entry keeps."""
        text = PLACEHOLDER.sub(FILLER, text) if "[" in text else text
        for looked_at, hit in self._find(text):
            value = looked_at[hit.start : hit.end]
            if self._policy.allow.find(value) is None:
                yield hit.kind, hit.rule, value

    def _find(self, text: str) -> Iterator[tuple[str, Hit]]:
        """Hits, each with the text that its offsets belong to: lines and tokens that a cheap pattern has picked."""
        if "-----BEGIN " in text:
            yield from ((text, hit) for hit in _find_private_keys(text))
        tokens = _BETWEEN.join(dict.fromkeys(_TOKEN.findall(text)))
        if tokens:
            yield from ((tokens, hit) for hit in self._families["vendor"].find(tokens))
        for family, cue, pattern in _LINE_CUES:
            if cue in text:
                for line in _lines_with(pattern, text):
                    yield from ((line, hit) for hit in self._families[family].find(line) if hit.rule in STRONG_RULES)
        for pattern in _numbers_in(text):
            for line in _lines_with(pattern, text):
                yield from ((line, hit) for hit in self._find_numbers(line))

    def _find_numbers(self, line: str) -> Iterator[Hit]:
        for kind, recognizer in self._numbers:
            for result in recognizer.analyze(line, [str(kind)], None):
                if result.score >= 1:  # its check digits are right
                    yield Hit(result.start, result.end, kind, result.score, str(kind).lower())


def _find_private_keys(text: str) -> Iterator[Hit]:
    from atlas_build.scrub.recognizers.private_keys import find_private_keys  # noqa: PLC0415 - loads Presidio

    return find_private_keys(text)


def _numbers_in(text: str) -> list[re.Pattern[str]]:
    """The patterns of long numbers that a text may hold, told from its bytes, which is ten times as fast as to search
    for both. Digits of other scripts are digits, too, so a text with letters beyond ASCII is searched anyway."""
    if not text.isascii():
        for sign in _COMMON_SIGNS:
            text = text.replace(sign, " ")
        if not text.isascii():
            return [_DIGITS, _ACCOUNT]
    shape = text.encode("ascii").translate(_SHAPES)
    found = [_DIGITS] if b"0" * 12 in shape.translate(None, b" -") else []
    return [*found, _ACCOUNT] if b"AA00" in shape else found


def _lines_with(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The lines that hold a match."""
    place = 0
    while match := pattern.search(text, place):
        end = text.find("\n", match.end())
        place = end if end >= 0 else len(text)
        yield text[text.rfind("\n", 0, match.start()) + 1 : place]
