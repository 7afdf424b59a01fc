"""The merge rule: nothing that any rule found is left, nothing overlaps, and the surer hit keeps its kind."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.hits import Hit
from atlas_build.scrub.spans import merge, without_covered

TEXT = "ab c.d  ef, gh -- ij k l..m no"
HITS = st.lists(
    st.builds(
        lambda start, size, kind, score: Hit(start, min(start + size, len(TEXT)), kind, score, "rule"),
        st.integers(0, len(TEXT) - 1),
        st.integers(1, 12),
        st.sampled_from([Kind.PERSON, Kind.EMAIL, Kind.SECRET]),
        st.sampled_from([0.5, 0.7, 0.9]),
    ),
    max_size=8,
)


def letters(hits: list[Hit]) -> set[int]:
    return {place for hit in hits for place in range(hit.start, hit.end) if TEXT[place].isalnum()}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(HITS)
def test_every_letter_that_was_found_is_covered_once(hits: list[Hit]) -> None:
    merged = merge(TEXT, hits)
    assert letters(merged) == letters(hits)
    edges = [edge for hit in merged for edge in (hit.start, hit.end)]
    assert edges == sorted(edges)
    assert all(TEXT[hit.start : hit.end] == TEXT[hit.start : hit.end].strip() for hit in merged)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(HITS)
def test_letter_belongs_to_the_surest_of_its_hits(hits: list[Hit]) -> None:
    for hit in merge(TEXT, hits):
        for place in letters([hit]):
            assert hit.score == max(other.score for other in hits if other.start <= place < other.end)


def test_longer_then_earlier_hit_wins_among_equally_sure_ones() -> None:
    long, short = Hit(0, 4, Kind.PERSON, 0.7, "long"), Hit(3, 6, Kind.EMAIL, 0.7, "short")
    assert merge(TEXT, [short, long]) == [long, short._replace(start=4)]
    first, second = Hit(0, 4, Kind.EMAIL, 0.7, "first"), Hit(3, 7, Kind.PERSON, 0.7, "second")
    assert merge(TEXT, [second, first]) == [first, second._replace(start=4, end=6)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(HITS, HITS)
def test_what_lies_within_a_taken_stretch_is_left_out(found: list[Hit], taken: list[Hit]) -> None:
    merged = merge(TEXT, taken)
    expected = [hit for hit in found if not any(one.start <= hit.start and hit.end <= one.end for one in merged)]
    assert without_covered(found, merged) == expected
