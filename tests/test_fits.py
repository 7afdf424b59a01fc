"""Words that speak for a label, and how well a number tells two kinds apart; every value worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from atlas_build.derive.fits import Bits, Fit, Reading, Separation, fit_texts, separate


def reading(group: str, label: int, *words: str) -> Reading:
    return Reading(group, (label,), tuple(sorted(words)))


def make_fit(bits: Bits, weights: Mapping[str, Bits]) -> Fit:
    return Fit(bits, weights, surprise=lambda *_: 0.0)


FOUR = [
    reading("a", 0, "rule", "broken"),
    reading("b", 0, "rule", "gentle"),
    reading("c", 1, "crash", "broken"),
    reading("d", 1, "crash"),
]


def test_a_word_speaks_by_what_is_seen_over_what_is_expected_each_plus_one() -> None:
    """Without text a: 3 texts, of which 1 has label 0 and 2 have label 1; "rule" stands in b, "broken" in c."""
    fit = fit_texts(FOUR, 2)[0]
    assert fit.weights["rule"] == (log2(2 / (1 / 3 + 1)), log2(1 / (2 / 3 + 1)))
    assert fit.weights["broken"] == (log2(1 / (1 / 3 + 1)), log2(2 / (2 / 3 + 1)))
    assert fit.bits == tuple(fit.weights["broken"][label] + fit.weights["rule"][label] for label in (0, 1))
    assert fit.margin(0, 1) == 0.643856, "log2(3 / 2 * 3 / 4) - log2(3 / 5 * 6 / 5)"


def test_surprise_is_what_chance_would_have_to_do_in_the_texts_of_other_groups() -> None:
    """Without text a: 8 texts, 4 of each label. "rule" stands in three, all of label 0; "broken" in three, one of 0."""
    own = reading("a", 0, "rule", "broken", "alone")
    rules = [reading(group, 0, "rule") for group in "bcd"]
    broken = [reading("e", 0, "broken"), reading("f", 1, "broken"), reading("g", 1, "broken")]
    fit = fit_texts([own, *rules, *broken, reading("h", 1), reading("i", 1)], 2)[0]
    assert fit.surprise("rule", 0) == 3, "three heads in a row"
    assert fit.surprise("rule", 1) == fit.surprise("broken", 0) == 0
    assert round(fit.surprise("broken", 1), 6) == round(2 * log2(4 / 3) + log2(2 / 3), 6)


def test_a_text_with_the_words_of_a_label_fits_it_best() -> None:
    fits = fit_texts(FOUR, 2)
    assert [fit.rival(0, (0, 1)) for fit in fits] == [1, 1, 1, 1]
    assert [fit.margin(0, 1) > 0 for fit in fits] == [True, True, False, False]
    assert fits[3].margin(1, 0) == 1.321928, "log2(3 / 2) - log2(3 / 5)"


def test_a_word_that_no_other_group_has_says_nothing() -> None:
    same_group = [reading("a", 0, "zebra"), reading("a", 0, "zebra"), reading("b", 1, "crash")]
    assert [fit.bits for fit in fit_texts(same_group, 2)] == [(), (), ()]
    assert fit_texts(same_group, 2)[0].rival(0, (0, 1)) is None


def test_one_group_alone_says_nothing() -> None:
    assert fit_texts([reading("a", 0, "rule"), reading("a", 1, "rule")], 2)[0].bits == ()
    assert fit_texts([], 2) == []


def test_of_equal_rivals_the_first_counts_and_none_of_no_others() -> None:
    fit = make_fit((3.0, 1.0, 1.0), {})
    assert fit.rival(0, (0, 1, 2)) == 1
    assert fit.rival(1, (1, 2)) == 2
    assert fit.rival(1, (1,)) is None


def test_words_are_told_the_loudest_first_and_only_those_that_speak_for_the_label() -> None:
    fit = make_fit((2.0, 1.0), {"loud": (2.0, 0.0), "able": (1.0, 0.5), "also": (1.0, 0.5), "mute": (0.1, 0.1)})
    assert fit.speaking(["also", "mute", "able", "loud", "unknown"], 0, 1) == ["loud", "able", "also"]
    assert fit.speaking(["also", "mute", "able", "loud"], 1, 0) == []


def test_a_word_that_only_speaks_against_the_other_label_is_not_told() -> None:
    fit = make_fit((0.0, -2.0), {"against": (-0.5, -2.0), "for": (0.5, 0.0)})
    assert fit.speaking(["against", "for"], 0, 1) == ["for"]


def test_separation_counts_pairs_in_order_and_ties_by_half() -> None:
    assert separate([3.0, 2.0], [1.0, 0.0]).pairs == 100
    assert separate([1.0, 0.0], [3.0, 2.0]).pairs == 0
    assert separate([2.0], [1.0, 2.0, 3.0, 0.0]).pairs == 100 * 2.5 / 4
    assert separate([1.0] * 5, [1.0] * 7) == Separation(50.0, 100 * (13 / (12 * 35)) ** 0.5, 5, 7)
