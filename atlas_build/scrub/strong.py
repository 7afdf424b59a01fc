"""The recognizers that are sure by form alone, for the last look at the finished site.

They know no placeholders, no names and no lists of the corpus: a vendor's token, a key block, an e-mail address, a
card, an account in a home folder is what it is wherever it stands.
"""

from __future__ import annotations

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

    def __call__(self, text: str) -> Iterator[tuple[int, Kind, str, str]]:
        """Start, kind, rule and value of each hit, without those that an allow entry keeps."""
        text = PLACEHOLDER.sub(lambda match: FILLER * len(match[0]), text) if "[" in text else text
        for hit in self._find(text):
            value = text[hit.start : hit.end]
            if self._policy.allow.find(value) is None:
                yield hit.start, hit.kind, hit.rule, value

    def _find(self, text: str) -> Iterator[Hit]:
        from atlas_build.scrub.recognizers.private_keys import find_private_keys  # noqa: PLC0415

        families = self._families
        yield from find_private_keys(text)
        yield from families["vendor"].find(text)
        if "://" in text:
            yield from self._strong("places", text)
        if families["emails"].may_hold(text):
            yield from self._strong("emails", text)
        yield from self._strong("paths", text)
        for kind, recognizer in self._numbers:
            for result in recognizer.analyze(text, [str(kind)], None):
                if result.score >= 1:  # its check digits are right
                    yield Hit(result.start, result.end, kind, result.score, str(kind).lower())

    def _strong(self, family: str, text: str) -> Iterator[Hit]:
        return (hit for hit in self._families[family].find(text) if hit.rule in STRONG_RULES)
