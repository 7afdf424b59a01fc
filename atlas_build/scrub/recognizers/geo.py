"""Coordinates that say where somebody is: precise ones beside words for home, position or a person.

A point on a map is no personal data by itself: a default center, a test box, a city. So a pair counts only with four
or more decimals (11 meters) or in degrees, minutes and seconds, and only beside such a word. The score is that of
addresses; nothing else has this form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit

SCORE = 0.72
_NEAR = 64
_DEGREES = r"-?\d{1,3}\.\d{4,12}"
_PAIR = re.compile(
    rf"(?<![\w.\-])(?P<one>{_DEGREES})(?:°?[ ]?[NSns](?![a-z]))?[ ]?(?:,|;|%2C|/|[ ])[ ]?"
    rf"(?P<two>{_DEGREES})(?:°?[ ]?[EWOew](?![a-z]))?(?![\w.])"
)
_KEYED = re.compile(
    rf"(?i:(?<![a-z])(?:lat(?:itude)?|lng|lon(?:gitude)?))[\"']?[ ]?[:=][ ]?[\"']?(?P<value>{_DEGREES})(?![\w.])"
)
_SEXAGESIMAL = re.compile(
    r"(?<!\w)\d{1,2}[°º][ ]?\d{1,2}['’′][ ]?\d{1,2}(?:\.\d{1,4})?(?:[\"”″]|'')[ ]?[NS][, ]{1,3}"
    r"\d{1,3}[°º][ ]?\d{1,2}['’′][ ]?\d{1,2}(?:\.\d{1,4})?(?:[\"”″]|'')[ ]?[EWO](?!\w)"
)
_SOMEBODY = re.compile(
    r"(?<![a-z])(?:(?:my|his|her|their)[ _](?:\w{2,12}[ _]){0,2}?(?:home|house|flat|place|position|location|gps|phone)"
    r"|home|house|i live|lives? (?:at|in|here)|residence|driver|courier|customer|users?|patient|passenger|rider"
    r"|employee|last[ _]seen|tracked|checked in|wohn\w*|zuhause|domicil\w*|mi casa|minha casa|vivo|vive"
    r"|maison|habite)(?![a-z])"
    r"|живёт|живет|домой|дома|家|住所|住んで|집|자택",
    re.IGNORECASE,
)
"""Whose place it is. `home` and `user` also stand in names of settings: `home_location`, `user_position`."""


class Places(Family):
    kinds: ClassVar = (Kind.GEO,)
    _decimals = re.compile(r"\d\.\d{4}|\d[°º]")

    def may_hold(self, text: str) -> bool:
        return self._decimals.search(text) is not None and _SOMEBODY.search(text.replace("_", " ")) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for match in _PAIR.finditer(text):
            if abs(float(match["one"])) <= 90 and abs(float(match["two"])) <= 180 and _is_somebodys(text, match):
                yield Hit(*match.span(), Kind.GEO, SCORE, "coordinates", False)
        for match in _KEYED.finditer(text):
            if abs(float(match["value"])) <= 180 and _is_somebodys(text, match):
                yield Hit(*match.span("value"), Kind.GEO, SCORE, "coordinate-field", False)
        for match in _SEXAGESIMAL.finditer(text):
            if _is_somebodys(text, match):
                yield Hit(*match.span(), Kind.GEO, SCORE, "degrees", False)


def _is_somebodys(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - _NEAR) : match.start()] + " " + text[match.end() : match.end() + _NEAR]
    return _SOMEBODY.search(around.replace("_", " ")) is not None
