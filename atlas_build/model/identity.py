"""Natural keys, and the lasting ids that papers cite.

A case id is `AMA-xxxx-xxxc`: seven digits of an alphabet without vowels and `l`, which encode the SHA-256 of the
natural key, and a NOID check character (https://metacpan.org/dist/Noid) that catches every single wrong character
and every swap of neighbours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
DIGITS = 7
SPACE: int = len(ALPHABET) ** DIGITS


class EpisodeKey(NamedTuple):
    """The natural key of an episode, as text. `count_id` is a position and never part of it."""

    source: str
    repository_id: str
    session_id: str
    misalignment_id: str

    @property
    def session(self) -> tuple[str, str, str]:
        """What the episodes of one session share."""
        return self[:3]

    @property
    def repository(self) -> tuple[str, str]:
        """Repositories are numbered within their source."""
        return self[:2]

    def __str__(self) -> str:
        return "/".join(self)


def sort_value(key: EpisodeKey) -> tuple[object, ...]:
    """Order keys as a person would: numbers inside the parts by value."""
    return tuple(piece for part in key for piece in _natural(part))


def _natural(part: str) -> list[tuple[int, int, str]]:
    pieces = re.findall(r"\d+|\D+", part)
    return [(0, int(piece), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece) for piece in pieces] + [
        (-1, 0, part)
    ]


def case_number(key: EpisodeKey, attempt: int = 0) -> int:
    """The key's SHA-256 as a big-endian number modulo 29^7; `attempt` n > 0 appends a line with n."""
    text = "\n".join(key) + (f"\n{attempt}" if attempt else "")
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest(), "big")
    return number % SPACE


def check_character(body: str) -> str:
    """NOID: sum of position (from 1) times digit value, modulo the size of the alphabet."""
    return ALPHABET[sum(place * ALPHABET.index(char) for place, char in enumerate(body, 1)) % len(ALPHABET)]


def write_case_id(number: int) -> str:
    body = ""
    for _ in range(DIGITS):
        number, digit = divmod(number, len(ALPHABET))
        body = ALPHABET[digit] + body
    body += check_character(body)
    return f"AMA-{body[:4]}-{body[4:]}"


def parse_case_id(text: str) -> str | None:
    """The canonical spelling of a case id typed by a person (any case, with or without hyphens), or None."""
    body = re.sub(r"[-\s\u2010-\u2015]", "", text).lower()
    body = body.removeprefix("ama")
    if len(body) != DIGITS + 1 or any(char not in ALPHABET for char in body):
        return None
    return f"AMA-{body[:4]}-{body[4:]}" if check_character(body[:-1]) == body[-1] else None


def assign_case_ids(
    keys: Iterable[EpisodeKey], owned: Mapping[EpisodeKey, str], taken: Iterable[str] = ()
) -> dict[EpisodeKey, str]:
    """Give every key its id.

    Args:
        keys: natural keys of all episodes that need an id.
        owned: ids that these keys already have.
        taken: further ids that are given away, whose keys are not among these.

    Returns:
        One id a key; no two keys share one. The result depends on the set of keys, not on their order.
    """
    ids = dict(owned)
    gone = {*owned.values(), *taken}
    for key in sorted(set(keys) - owned.keys()):
        attempt = 0
        while (case_id := write_case_id(case_number(key, attempt))) in gone:
            attempt += 1
        ids[key] = case_id
        gone.add(case_id)
    return {key: ids[key] for key in keys}
