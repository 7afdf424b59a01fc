"""National ids and birth dates: by checksum and form where that is telling, else by a label before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit

SCORE = 0.82
_LABELS = (
    r"ssn|social security(?: (?:number|no\.?))?|national id(?:entity)?(?: (?:number|no\.?|card))?"
    r"|national insurance(?: number)?|nino|nhs(?: number)?|itin|tax id|taxpayer id"
    r"|tfn|medicare(?: number)?|sin|passport(?: (?:number|no\.?))?|driver'?s? licen[sc]e(?: (?:number"
    r"|no\.?))?|aadhaar|aadhar|pan(?: card| number)?|pesel|nip|dni|nie|nif|cpf|rg|curp|clave de elector"
    r"|steuer-?id(?:nummer)?|steueridentifikationsnummer|sozialversicherungsnummer|personalausweis(?:nummer)?"
    r"|reisepass(?:nummer)?|ausweisnummer|codice fiscale|numéro de sécurité sociale|nir|insee|bsn"
    r"|burgerservicenummer"
    r"|personnummer|hetu|cpr|fødselsnummer|t\.?c\.? ?kimlik(?: no| numarası)?|tckn|kimlik no|снилс|инн"
    r"|паспорт(?:а|ные данные)?|身份证(?:号码|号)?|身分證(?:字號)?"
    r"|护照(?:号码|号)?|マイナンバー|パスポート番号|免許証番号"
    r"|주민등록번호|주민번호|여권번호"
    r"|운전면허번호|cccd|cmnd|emirates id|nin|bvn|id number|identity number"
)
_LABEL = re.compile(
    rf"(?:{LEFT}|(?<=_))(?:{_LABELS})(?![A-Za-z])[\"'`*)]{{0,3}}[ \t]{{0,3}}"
    r"(?:(?:is|was|no\.?|nr\.?|number|num|ist|lautet|es|é|est|nº|n°|№|:"
    r"|：|=|#|是|为|は|은|는)[ \t]{0,3}){0,3}[\"'`*(]{0,3}$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?<![A-Za-z0-9.])[A-Za-z]{0,4}\d(?:[ .\-/]?[A-Z0-9]|[a-z](?![a-z])){5,20}(?![A-Za-z0-9])")
_NEAR = 60
_SSN = re.compile(r"(?<![A-Za-z0-9\-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![A-Za-z0-9\-])")
_CHINESE = re.compile(
    r"(?<![A-Za-z0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![A-Za-z0-9])"
)
_KOREAN = re.compile(r"(?<![A-Za-z0-9\-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?![A-Za-z0-9\-])")
_CPF = re.compile(rf"{LEFT}\d{{3}}\.\d{{3}}\.\d{{3}}-\d{{2}}{RIGHT}")
_ITALIAN = re.compile(rf"{LEFT}[A-Z]{{6}}\d{{2}}[ABCDEHLMPRST]\d{{2}}[A-Z]\d{{3}}[A-Z]{RIGHT}")
_CURP = re.compile(rf"{LEFT}[A-Z]{{4}}\d{{6}}[HM][A-Z]{{5}}[A-Z0-9]\d{RIGHT}")
_NINO = re.compile(rf"{LEFT}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D]{RIGHT}")
_BIRTH = re.compile(
    r"(?:born(?: on)?|date of birth|birth ?date|birthday(?: is)?|d\.?o\.?b\.?|geboren(?: am)?|geburtsdatum"
    r"|fecha de nacimiento|data de nascimento|né(?:e)? le|дата рождения|出生日期|生日|生年月日|생년월일|doğum tarihi)"
    r"[\"']?[ \t]{0,2}(?:is|:|：|=|是|为)?[ \t]{0,2}[\"']?(?P<value>\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}日?"
    r"|\d{1,2}\.? [A-Za-zäöü]{3,9} \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4})",
    re.IGNORECASE,
)


class Identifiers(Family):
    kinds: ClassVar = (Kind.NATIONAL_ID, Kind.BIRTH_DATE)
    _four_digits = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")

    def may_hold(self, text: str) -> bool:
        return self._four_digits.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for match in _VALUE.finditer(text):
            if _is_id(match[0]) and _LABEL.search(text, max(0, match.start() - _NEAR), match.start()):
                yield Hit(*match.span(), Kind.NATIONAL_ID, SCORE, "labelled-id")
        for rule, pattern, is_valid in _FORMS:
            for match in pattern.finditer(text):
                if is_valid(match[0]):
                    yield Hit(*match.span(), Kind.NATIONAL_ID, SCORE, rule)
        for match in _BIRTH.finditer(text):
            yield Hit(*match.span("value"), Kind.BIRTH_DATE, SCORE, "birth-date", False)


def _is_id(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return len(digits) >= 6 and len(set(digits)) > 2 and re.search(r"[a-z]{3}", value) is None


def _is_chinese_id(value: str) -> bool:
    """GB 11643-1999: weighted sum of 17 digits modulo 11 gives the last character."""
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(value[:17]))
    return "10X98765432"[total % 11] == value[17].upper()


def _is_cpf(value: str) -> bool:
    digits = [int(char) for char in value if char.isdigit()]
    if len(set(digits)) == 1:
        return False
    checks = [sum(d * w for d, w in zip(digits, range(n + 1, 1, -1), strict=False)) * 10 % 11 % 10 for n in (9, 10)]
    return digits[9:] == checks


def _any(value: str) -> bool:
    return len(set(value)) > 3


_FORMS = (
    ("us-ssn", _SSN, lambda value: value not in {"123-45-6789", "078-05-1120"} and _any(value)),
    ("chinese-id", _CHINESE, _is_chinese_id),
    ("korean-id", _KOREAN, _any),
    ("cpf", _CPF, _is_cpf),
    ("codice-fiscale", _ITALIAN, _any),
    ("curp", _CURP, _any),
    ("nino", _NINO, _any),
)
