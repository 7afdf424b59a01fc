"""Known values are found as whole tokens, in any spelling, and in time by the length of the text alone."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas_build.model.lookup import Lookup, core, fold

ALPHABET = st.sampled_from("abAéß中가नहा्ाİ1_-. \t\n" + "\u0301\u00a0")
WORDS = st.lists(st.text(ALPHABET, min_size=1, max_size=5), min_size=1, max_size=6)


def places(values: list[str], text: str) -> list[tuple[int, int, str]]:
    return sorted(Lookup(values).find(text))


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("ida", "Ida, IDA and ida_backup; not idaho, not frida", ["Ida", "IDA", "ida"]),
        ("Anna Lind", "anna\n  lind and ANNA\u00a0LIND", ["anna\n  lind", "ANNA\u00a0LIND"]),
        ("José", "jose\u0301 and José; not jose", ["jose\u0301", "José"]),
        ("小明", "王小明的", ["小明"]),
        ("नेहा", "नेहा ने, नेहाल ने, निनेहा", ["नेहा"]),
        ("विक्रम", "(विक्रम) और विक्रमा", ["विक्रम"]),
        ("न", "नेहा और न", ["न"]),
        ("محمد", "قال محمد وَمُحَمَّد", ["محمد"]),
        ("a-b.c", "x a-b.c y a-b.cd", ["a-b.c"]),
    ],
)
def test_value_is_found_as_whole_tokens(value: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in places([value], text)] == found


def test_vowel_sign_at_the_end_belongs_to_a_value() -> None:
    assert core("«नेहा»!") == "नेहा"
    assert core(" ...Anna's?! ") == "anna's"
    assert core("...") == ""


@settings(max_examples=400, deadline=None, derandomize=True)
@given(WORDS, st.text(ALPHABET, max_size=30))
def test_finds_what_looking_at_every_place_finds(values: list[str], text: str) -> None:
    """The definition, spelled out: every stretch of the text whose spelling is a value's, with nothing joined to it."""
    spellings = {
        spelling: core(value) for value in values if core(value) for spelling in both_forms(core(value))
    }  # fmt: skip
    folded = fold(text)
    expected = {
        (start, end, spellings[spelling])
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if not folded[start].isspace() and not folded[end - 1].isspace()
        if (spelling := " ".join(folded[start:end].split())) in spellings
        if is_apart(folded, start, end)
    }
    assert set(places(values, text)) == expected


def both_forms(value: str) -> set[str]:
    return {value, unicodedata.normalize("NFD", value)}


def is_apart(folded: str, start: int, end: int) -> bool:
    def joins(one: str, other: str) -> bool:
        return all((char.isalnum() or char in "ा्") and char not in "中가" for char in (one, other))

    before = start > 0 and joins(folded[start - 1], folded[start])
    return not before and not (end < len(folded) and joins(folded[end - 1], folded[end]))


def test_many_values_that_share_words_take_no_longer() -> None:
    def cost(count: int) -> float:
        values = [f"Anna Lind{number}" for number in range(count)]
        lookup, text = Lookup(values), " ".join(values)
        started = time.process_time()
        assert sum(1 for _ in lookup.find(text)) == count
        return time.process_time() - started

    assert min(cost(8_000) for _ in range(3)) / min(cost(2_000) for _ in range(3)) < 8
