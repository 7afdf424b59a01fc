"""Card numbers and bank accounts: Presidio's recognizers and checksums, with boundaries that hold in Chinese."""

from __future__ import annotations

import re
from typing import Any

from presidio_analyzer import Pattern, RecognizerResult
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import RIGHT

_TWELVE_DIGITS = re.compile(r"\d(?:[ -]?\d){11}")
_CARD = (
    rf"(?<![A-Za-z0-9.\-])(?:(?:4\d{{3}}|5[1-5]\d{{2}}|2[2-7]\d{{2}}|6(?:011|[245]\d{{2}})"
    rf"|35\d{{2}})(?:(?:[ -]\d{{4}}){{3}}|\d{{12}}|\d{{9}})"
    rf"|62\d{{15,17}}"
    rf"|3[47]\d{{2}}[ -]?\d{{6}}[ -]?\d{{5}}|3(?:0[0-5]|[68]\d)\d[ -]?\d{{6}}[ -]?\d{{4}}){RIGHT}(?![.\-]\d)"
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[ -]?[A-Z0-9]")


class Cards(CreditCardRecognizer):  # type: ignore[misc]
    """Presidio's Luhn check; its stock pattern starts at a word boundary and misses a number glued to Chinese."""

    def __init__(self) -> None:
        super().__init__(
            patterns=[Pattern("card", _CARD, 0.3)], context=["card", "visa"], supported_entity=str(Kind.CREDIT_CARD)
        )

    def analyze(self, text: str, *arguments: Any, **options: Any) -> list[RecognizerResult]:
        return super().analyze(text, *arguments, **options) if _TWELVE_DIGITS.search(text) else []


class BankAccounts(IbanRecognizer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(supported_entity=str(Kind.IBAN))

    def analyze(self, text: str, *arguments: Any, **options: Any) -> list[RecognizerResult]:
        return super().analyze(text, *arguments, **options) if _IBAN.search(text) else []
