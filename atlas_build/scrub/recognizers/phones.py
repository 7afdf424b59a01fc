"""Phone numbers: candidates by shape, judged by the numbering plans of the `phonenumbers` library.

A number with a plus and a country code must be a possible one. A national number needs grouping that is usual where
it is valid, or a word for telephone nearby. Plain runs of digits are ids, counts and times far more often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

import phonenumbers

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit

SCORE = 0.75
REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "BR",
    "MX",
    "CN",
    "KR",
    "JP",
    "IN",
    "AU",
    "RU",
    "TR",
    "PL",
    "VN",
    "AE",
    "ZA",
    "NG",
)
_CANDIDATE = re.compile(
    r"(?<![\w.,:/=#@$%+\-\u2013])(?:\+|00(?=[1-9]))?(?:\(\d{1,6}\)"
    r"|\d{1,15})(?:[ .\-/\u00a0\u2011]{0,2}\(\d{1,6}\)|[ .\-/\u00a0\u2011]{1,2}\d{1,8}"
    r"|(?<=\))\d{1,8}){0,7}(?![\w@%$]|[.,:]\d|-[A-Za-z0-9])"
)
_GLUED = re.compile(
    r"(?<=[\u3040-\u9fff\uac00-\ud7af：；，。])(?:\+|00)?(?:\(\d{2,5}\)|\d{2,15})(?:[ \-]\d{2,8}){0,5}(?![A-Za-z0-9])"
)
_LABEL = re.compile(
    r"\b(?:(?:tele)?phones?|mobiles?|cell(?:ular)?|call(?:ed|s)?|tel"
    r"|telefon[eo]?|teléfono|téléphone|handy|fax|whats ?app|sms"
    r"|text(?:ed)? (?:me|him|her)"
    r"|dial(?:ed)?|ring|appelle[rz]?|rufen?|ruf mich|móvil|celular"
    r"|portable|numéro|nummer|número|twilio|contact|hotline|support is"
    r"|signal|viber|telegram"
    r"|gsm|rufnummer|cellulare|chiama|llam[ae]|komórka|zadzwoń|điện thoại|sđt|номер\w*|телефон\w*|звон\w*|моб\w*)\b"
    r"|电话|電話|手机|手機|号码|账号|联系|전화|휴대폰|연락|携帯|फ़ोन|هاتف",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d")
_GROUPED = re.compile(
    r"\(\d{2,5}\)[ \-]?\d{3,5}[ \-.]?\d{3,5}|0\d{1,4}[ \-/]\d{3,4}[ \-]\d{3,5}|0\d{2,5}[ /\-]\d{5,8}"
    r"|0\d(?:[ .]\d\d){4}|[2-9]\d{2}([-. ])[2-9]\d{2}\1\d{4}|\(?\d{2}\)?[ ]9?\d{4}-\d{4}"
    r"|0\d{3}[ ]\d{3}[ ]\d{3,4}|0\d{3,4}[ ]\d{6}|8[ \-]\(?\d{3}\)?[ \-]\d{3}[ \-]\d{2}[ \-]\d{2}"
    r"|1[ \-][2-9]\d{2}[ \-]\d{3}[ \-]\d{4}|0\d{2,3}[ ]\d{3}[ ]\d{2}[ ]\d{2}|1[3-9]\d[ \-]\d{4}[ \-]\d{4}"
)
_NUMBER_CONTEXT = re.compile(
    r"(?:id|ids|timeout|retries|backoff|port|pid|sku|isbn|order|ticket|invoice|issue|build|row|rows|line"
    r"|lines|commit|bytes|seed|resize|crop|size|lat|lon|version|index|width|height|padding|margin|hash|mod"
    r"|prime|error|code|timestamp|epoch)[\s:#=\"'.]{0,3}$",
    re.IGNORECASE,
)
_NEAR = 48


class Phones(Family):
    kinds: ClassVar = (Kind.PHONE,)
    _seven_digits = re.compile(r"\d(?:\D{0,3}\d){6}")

    def may_hold(self, text: str) -> bool:
        return self._seven_digits.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for pattern in (_CANDIDATE, _GLUED):
            for match in pattern.finditer(text):
                start, end = _balanced(text, *match.span())
                value = text[start:end]
                digits = re.sub(r"\D", "", value)
                if 7 <= len(digits) <= 15 and not _DATE.fullmatch(value) and self._is_phone(text, start, value, digits):
                    yield Hit(start, end, Kind.PHONE, SCORE, "phone")

    def _is_phone(self, text: str, start: int, value: str, digits: str) -> bool:
        if value.startswith("+"):
            return _is_possible(value, None)
        before = text[max(0, start - _NEAR) : start]
        if len(set(digits)) < 3 or _NUMBER_CONTEXT.search(before):
            return False
        after = text[start + len(value) : start + len(value) + 24]
        if _LABEL.search(before) or _LABEL.search(after):
            return any(_is_possible(value, region) for region in REGIONS)
        if not _GROUPED.fullmatch(value):
            return False
        return (
            any(_is_valid(value, region) for region in REGIONS)
            or re.fullmatch(r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}", value) is not None
        )


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a bracket that belongs to the sentence, and without trailing separators."""
    value = text[start:end].rstrip(" .-/\u00a0")
    if value.startswith("(") and ")" not in value:
        return start + 1, start + len(value)
    if value.endswith(")") and value.count("(") < value.count(")"):
        value = value[:-1]
    return start, start + len(value)


def _is_possible(value: str, region: str | None) -> bool:
    try:
        number = phonenumbers.parse(value.replace("\u00a0", " "), region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and (
        region is None or phonenumbers.is_valid_number(number) or len(re.sub(r"\D", "", value)) >= 9
    )


def _is_valid(value: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, region))
    except phonenumbers.NumberParseException:
        return False
