"""National ids and birth dates: by checksum and form where that is telling, else by a label before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit, holds_any

SCORE = 0.82
"""Above phone numbers, whose grouping an id may have: a label or a check digit says more than grouping."""
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
    r"|운전면허번호|cccd|cmnd|emirates id|nin|bvn|rut|cuil|cuit|cédula|cedula|henkilötunnus|rodné číslo"
    r"|egn|oib|jmbg|amka|ahv|avs|nric|hkid|cnp|ppsn?|emšo|isikukood|asmens kodas|ktp|personnr|kennitala"
    r"|id number|identity number"
)
_LABEL = re.compile(
    rf"(?:{LEFT}|(?<=_))(?:{_LABELS})(?![A-Za-z])[\"'`*)]{{0,3}}[ \t]{{0,3}}"
    r"(?:(?:is|was|no\.?|nr\.?|number|num|ist|lautet|es|é|est|nº|n°|№|:"
    r"|：|=|#|是|为|は|은|는)[ \t]{0,3}){0,3}[\"'`*(]{0,3}$",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(rf"(?:{LEFT}|(?<=_))(?:{_LABELS})(?![A-Za-z])", re.IGNORECASE)
"""One search of the whole text spares one before every number."""
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
_RUT = re.compile(rf"{LEFT}\d{{1,2}}\.\d{{3}}\.\d{{3}}-[\dkK]{RIGHT}")
_HETU = re.compile(rf"{LEFT}(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+A]\d{{3}}[0-9A-FHJ-NPR-Y]{RIGHT}")
_NRIC = re.compile(rf"{LEFT}[STFG]\d{{7}}[A-Z]{RIGHT}")
_AHV = re.compile(rf"{LEFT}756\.\d{{4}}\.\d{{4}}\.\d{{2}}{RIGHT}")
_NIR = re.compile(rf"{LEFT}[12] \d\d (?:0[1-9]|1[0-2]) (?:\d\d|2[AB]) \d{{3}} \d{{3}} \d\d{RIGHT}")
_SNILS = re.compile(rf"{LEFT}\d{{3}}-\d{{3}}-\d{{3}} \d\d{RIGHT}")
_BIRTH = re.compile(
    r"(?:born(?: on)?|date[ _-]of[ _-]birth|birth[ _-]?date|birthday(?: is)?|(?<![a-z])d\.?o\.?b\.?"
    r"|geboren(?: am)?|geburtsdatum"
    r"|fecha[ _]de[ _]nacimiento|fecha_nacimiento|data[ _]de[ _]nascimento|née? le|nat[oa] il|data di nascita"
    r"|urodzon[ya]|data urodzenia|ngày sinh|geboortedatum|födelsedatum|fødselsdato|syntymäaika"
    r"|जन्म तिथि|تاريخ الميلاد|дата рождения|出生日期|生日|生年月日|생년월일|doğum tarihi)"
    r"[\"']?[ \t]{0,2}(?:is|:|：|=|是|为)?[ \t]{0,2}[\"']?(?P<value>\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}日?"
    r"|\d{1,2}\.? [A-Za-zäöü]{3,9} \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4})",
    re.IGNORECASE,
)

_BIRTH_HINTS = (
    "born", "birth", "dob", "d.o", "geboren", "geburts", "nacimiento", "nascimento", "né", "nat", "nascita", "urodz",
    "sinh", "geboorte", "födelse", "fødsel", "syntym", "जन्म", "ميلاد", "рожд", "出生", "生日", "生年", "생년", "doğum",
    "do.b",
)  # fmt: skip


class Identifiers(Family):
    kinds: ClassVar = (Kind.NATIONAL_ID, Kind.BIRTH_DATE)
    _four_digits = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")

    def may_hold(self, text: str) -> bool:
        return self._four_digits.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for match in _VALUE.finditer(text) if _ANY_LABEL.search(text) else ():
            if _is_id(match[0]) and _LABEL.search(text, max(0, match.start() - _NEAR), match.start()):
                yield Hit(*match.span(), Kind.NATIONAL_ID, SCORE, "labelled-id")
        for rule, pattern, is_valid in _FORMS:
            for match in pattern.finditer(text):
                if is_valid(match[0]):
                    yield Hit(*match.span(), Kind.NATIONAL_ID, SCORE, rule)
        for match in _BIRTH.finditer(text) if holds_any(_BIRTH_HINTS, fold(text)) else ():
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


def _is_rut(value: str) -> bool:
    """Chile: digits weighted 2 to 7 from the right, modulo 11."""
    digits, check = re.sub(r"\D", "", value[:-1]), value[-1].upper()
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    return "0K987654321"[total % 11] == check


def _is_hetu(value: str) -> bool:
    """Finland: the nine digits modulo 31 give the last character."""
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(value[:6] + value[7:10]) % 31] == value[10]


def _is_nric(value: str) -> bool:
    """Singapore: weights 2, 7, 6, 5, 4, 3, 2, four more for T and G, modulo 11."""
    total = sum(int(d) * w for d, w in zip(value[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True)) + 4 * (value[0] in "TG")
    return ("JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK")[total % 11] == value[8]


def _is_ahv(value: str) -> bool:
    """Switzerland: the check digit of EAN-13."""
    digits = [int(char) for char in value if char.isdigit()]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _is_nir(value: str) -> bool:
    """France: 97 minus the number modulo 97; 2A and 2B of Corsica count as 19 and 18."""
    digits = value.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _is_snils(value: str) -> bool:
    """Russia: nine digits weighted 9 to 1, modulo 101, where 100 counts as 0."""
    digits = re.sub(r"\D", "", value)
    return sum(int(d) * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True)) % 101 % 100 == int(digits[9:])


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
    ("rut", _RUT, _is_rut),
    ("hetu", _HETU, _is_hetu),
    ("nric", _NRIC, _is_nric),
    ("ahv", _AHV, _is_ahv),
    ("nir", _NIR, _is_nir),
    ("snils", _SNILS, _is_snils),
)
