"""Street addresses of a dozen countries, with postcode and town where they are attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit
from atlas_build.scrub.recognizers.name_shapes import LOWER, UPPER

SCORE = 0.7
"""A street word, a capitalised name and a number in the order of the country; surer than bare names, whose words a
street may hold, and less sure than anything with a checksum or a label."""
_WORD = rf"[{UPPER}][{LOWER}'’.\-]{{1,20}}"
_TOWN = rf"{_WORD}(?:[ -](?:am|an|der|de|la|sur|upon|del|di|do|da)?[ -]?{_WORD}){{0,2}}"
_ENGLISH = re.compile(
    rf"(?<![\w.#])\d{{1,5}}[A-Za-z]?[ ](?:(?:N|S|E|W|NE|NW|SE|SW)\.?[ ])?(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd"
    rf"|th))[ ]){{1,3}}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl"
    rf"|Square|Sq|Terrace|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Way|Row|Mews|Gardens)\b\.?"
    rf"(?:,?[ ](?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor"
    rf"|#)\.?[ ]?[\w\-]{{1,6}})?(?:,[ ]{_TOWN})?(?:,?[ ][A-Z]{{2}}(?![A-Za-z\d]))?(?:,?[ ](?:\d{{5}}(?:-\d{{4}})?"
    rf"|[A-Z]{{1,2}}\d[A-Z\d]?[ ]?\d[A-Z]{{2}}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d))?"
)
_GERMANIC = re.compile(
    rf"(?<![\w.])(?:{_WORD}[ -]){{0,3}}{_WORD[:-7]}?[{LOWER}\-]{{0,20}}(?:straße|strasse|str\.|weg|allee|platz"
    rf"|gasse|damm|ufer|chaussee|straat|laan|plein|gracht|kade|gatan|vägen|gade|vej|veien|gata|katu"
    rf"|tie)[ ]\d{{1,4}}[ ]?[a-zA-Z]?(?![\w.])(?:,?[ \n](?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:[ ]?[A-Z]{{2}})?[ ]"
    rf"{_TOWN})?"
)
_GERMAN_SPACED = re.compile(
    rf"(?<![\w.])(?:(?:Am|An der|An den|Auf der|Im|In der|Zum|Zur|Unter den|Alte|Neue|Große|Kleine"
    rf"|Lange)[ ]){_WORD}(?:[ ]{_WORD})?[ ]\d{{1,4}}[a-z]?,?[ ]\d{{5}}[ ]{_TOWN}"
)
_FRENCH = re.compile(
    rf"(?<![\w.])\d{{1,4}}(?:[ ]?(?:bis|ter|quater))?,?[ ](?:rue|avenue|av\.|boulevard|bd|place|chemin|allée"
    rf"|impasse|quai|cours|route|passage|square)[ ](?:[\w'’.\-]{{1,20}}[ ]?){{1,6}}(?:,?[ ]\d{{5}}[ ]{_TOWN})?",
    re.IGNORECASE,
)
_ROMANCE = re.compile(
    rf"(?<![\w.])(?:Calle|C/|Avenida|Avda\.|Av\.|Paseo|Plaza|Carrer|Camino|Ronda|Rua|R\.|Travessa|Praça"
    rf"|Alameda|Estrada|Via|Viale|Corso|Piazza|Vicolo"
    rf"|Largo)[ ](?:[^\W\d][\w'’.\-]{{0,19}}[ ]){{0,5}}[^\W\d][\w'’.\-]{{0,19}},?[ ](?:(?:n[º°.o]?|nº"
    rf"|núm\.?)[ ]?)?\d{{1,5}}(?:,?[ ]\d{{1,2}}(?!\d)[.ºª°]{{0,2}}[ ]?(?:[A-Z]|izq|dcha"
    rf"|andar)?\.?)?(?:,?[ ](?:apto|ap|piso|bloco)\.?[ ]?\w{{1,4}})?(?:[ ]?[-,–][ ]?{_TOWN}(?:[ ]?[-/,][ ]?[A-Z"
    rf"]{{2}})?)?(?:,?[ ](?:CEP[ ]?)?\d{{4,5}}(?:-\d{{3}})?(?:[ ]{_TOWN})?)?"
)
_SLAVIC = re.compile(
    r"(?:ул\.|улица|вул\.|пр\.|пр-т|просп\.|проспект|пер\.|переулок|бульвар|б-р|наб\.|набережная"
    r"|шоссе)[ ]?(?P<value>[\u0410-\u042f\u0406\u0404][\w\-. ]{1,30}?,[ ]?(?:д\.|дом"
    r"|буд\.)?[ ]?\d{1,4}[а-яА-Я]?(?:/\d{1,4})?(?:,[ ]?(?:корп?\.|к\.|стр\.)[ ]?\d{1,3})?(?:,[ ]?(?:кв\."
    r"|квартира|оф\.|офис)[ ]?\d{1,4})?(?:,[ ]?(?:г\.[ ]?)?[\u0410-\u042f][\w\-]{2,20})?(?:,[ ]?\d{5,6})?)"
)
_POLISH = re.compile(
    rf"(?<![\w.])(?:ul\.|al\.|pl\.|os\.)[ ](?:{_WORD}[ ]){{1,3}}\d{{1,4}}[a-z]?(?:/\d{{1,4}}"
    rf"|[ ]m\.[ ]?\d{{1,4}})?(?:,?[ ]\d{{2}}-\d{{3}}[ ]{_TOWN})?"
)
_TURKISH = re.compile(
    rf"(?<![\w.])(?:{_WORD}[ ]){{1,3}}(?:Mah|Mahallesi|Cad|Caddesi|Sok|Sokak|Sk|Bulv"
    rf"|Bulvarı)\.?[ ,](?:[\w.]{{1,20}}[ ,]{{1,2}}){{0,5}}No\s?[:.]?\s?\d{{1,4}}(?:[/ ]\w{{1,8}}){{0,4}}"
)
_JAPANESE = re.compile(
    r"(?:〒\d{3}-\d{4}[ 　]?)?(?:東京都|北海道|大阪府|京都府"
    r"|[\u4e00-\u9fff]{2,3}県)[\u3040-\u9fff々ヶケ]{1,24}?[0-9０-９一二"
    r"三四五六七八九"
    r"十]{1,4}(?:(?:丁目|番地?|号|[-－ー‐の])[0-9０-９]{0,4}){1,5}(?:号室?|番地?)?"
)
_CHINESE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,4}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,5}市)?[\u4e00-\u9fff]{1,6}[区县镇][\u4e00-\u9fff]{1,1"
    r"2}?(?:路|街|大道|巷|弄|胡同)\d{1,5}(?:号|弄)(?:[\u4e00-\u9fffA-Za-z0-9\-]{1,16}?(?:室|楼|座|单元|号))?"
)
_KOREAN = re.compile(
    r"(?:[가-힣]{2,7}(?:시|도)[ ])?[가-힣]{1,6}(?:구|군|시)[ ](?:[가-힣0-9]{1,8}(?:읍|면|동)[ ])?[가-힣0-9]{1,12}(?:로"
    r"|길)[ ]?\d{1,4}(?:-\d{1,4})?(?:[ ,]{1,2}\d{1,5}(?:동|호|층)){0,3}"
)


class Addresses(Family):
    kinds: ClassVar = (Kind.ADDRESS,)
    _digit = re.compile(r"\d")

    def may_hold(self, text: str) -> bool:
        return self._digit.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for rule, hints, pattern in _RULES:
            if any(hint in text for hint in hints):
                for match in pattern.finditer(text):
                    group = "value" if "value" in pattern.groupindex else 0
                    yield Hit(*match.span(group), Kind.ADDRESS, SCORE, rule, False)


_RULES = (
    (
        "english",
        (" St", " Av", " R", " B", " L", " Dr", " C", " Pl", " Sq", " T", " P", " H", " W", " M", " G"),
        _ENGLISH,
    ),
    (
        "germanic",
        (
            "stra",
            "str.",
            "weg",
            "allee",
            "platz",
            "gasse",
            "damm",
            "ufer",
            "laan",
            "plein",
            "gracht",
            "kade",
            "gat",
            "vä",
            "gade",
            "vej",
            "ve",
            "katu",
            "tie",
        ),
        _GERMANIC,
    ),
    (
        "german-spaced",
        ("Am ", "An d", "Auf ", "Im ", "In ", "Zu", "Unter", "Alte", "Neue", "Gro", "Klei", "Lange"),
        _GERMAN_SPACED,
    ),
    (
        "french",
        (
            "rue",
            "ave",
            "av.",
            "boul",
            "bd ",
            "place",
            "chemin",
            "all",
            "impasse",
            "quai",
            "cours",
            "route",
            "pass",
            "Rue",
            "Ave",
            "Boul",
            "Place",
        ),
        _FRENCH,
    ),
    (
        "romance",
        ("Cal", "C/", "Av", "Pa", "Pl", "Ca", "Ro", "Ru", "R.", "Tr", "Pr", "Al", "Es", "Vi", "Co", "Pi", "La"),
        _ROMANCE,
    ),
    ("slavic", ("ул", "вул", "пр", "пер", "бул", "б-р", "наб", "шос"), _SLAVIC),
    ("polish", ("ul.", "al.", "pl.", "os."), _POLISH),
    ("turkish", ("Mah", "Cad", "Sok", "Sk", "Bulv"), _TURKISH),
    ("japanese", ("都", "道", "府", "県"), _JAPANESE),
    ("chinese", ("路", "街", "道", "巷", "弄", "胡同"), _CHINESE),
    ("korean", ("로", "길"), _KOREAN),
)
