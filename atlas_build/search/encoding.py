"""Whole numbers as compact, printable text: an (s,c)-dense code over the 93 characters that JSON need not escape.

The first `STOPS` characters end a number, the others continue it. Small numbers take one character, numbers below
2,000 two. Such a string survives JSON unchanged, and gzip brings it close to its entropy because one character is
one symbol (base64 would smear a number over several). Source: Brisaboa et al., "(S,C)-Dense Coding", 2003.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

ALPHABET = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\')
STOPS = 62
CONTINUERS = len(ALPHABET) - STOPS


def write_number(value: int) -> str:
    """One number of 0 or more."""
    text = ALPHABET[value % STOPS]
    rest = value // STOPS
    while rest > 0:
        rest -= 1
        text = ALPHABET[STOPS + rest % CONTINUERS] + text
        rest //= CONTINUERS
    return text


class NumberWriter:
    """Writes many numbers fast: those below `tabled` are looked up."""

    def __init__(self, tabled: int) -> None:
        self._table = [write_number(value) for value in range(tabled)]

    def write(self, values: Sequence[int]) -> str:
        """The numbers one after the other, without separators. All must be below `tabled`."""
        return "".join(map(self._table.__getitem__, values))


def write_numbers(values: Iterable[int]) -> str:
    """The numbers one after the other, without separators."""
    return "".join(map(write_number, values))


def read_numbers(text: str) -> Iterator[int]:
    """The inverse of `write_numbers`."""
    pending = 0
    for char in text:
        symbol = ALPHABET.index(char)
        if symbol < STOPS:
            yield pending * STOPS + symbol
            pending = 0
        else:
            pending = pending * CONTINUERS + symbol - STOPS + 1
