"""Renumbering: which episode of a new input is which case of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from factories import make_evidence, make_key
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas_build.model.identity import EpisodeKey
from atlas_build.model.renumbering import (
    Found,
    Known,
    Tie,
    make_anchor,
    match_episodes,
    session_of,
    settle_tie,
)

FIRST, SECOND, THIRD = "AMA-0000-0000", "AMA-1111-1111", "AMA-2222-2222"


def anchor(session: str, turns: str = "1") -> str:
    return f"a1:{session * 16}:{turns}"


def known(case_id: str, key: EpisodeKey, mark: str | None, *aliases: EpisodeKey, is_held: bool = False) -> Known:
    return Known(case_id, key, aliases, mark, is_held)


def match(cases: Sequence[Known], *found: tuple[EpisodeKey, str | None]) -> dict[EpisodeKey, str]:
    return dict(match_episodes(cases, [Found(*one) for one in found]).ids)


def in_session(number: int, session: str = "session_001") -> EpisodeKey:
    return make_key(number, session_id=session)


def test_an_anchor_holds_session_and_turns_and_nothing_of_the_text() -> None:
    one = make_anchor(
        make_key(1), "abc", [make_evidence("one", turn="TURN 3 | USER"), make_evidence("two", turn="TURN 5 | AGENT")]
    )
    other = make_anchor(
        make_key(2), "abc", [make_evidence("x", turn="turn 5 | agent"), make_evidence("y", turn="TURN 3 | USER, late")]
    )
    assert one == other == "a1:069b6b30e5b8769a:3u,5a"
    assert make_anchor(make_key(1, repository_id="7"), "abc", []) != make_anchor(make_key(1), "abc", [])
    assert make_anchor(make_key(1), None, [make_evidence("one")]) is None
    assert session_of("a1:0123:3u,5a") == "a1:0123"


def test_the_same_key_and_anchor_is_the_same_case() -> None:
    cases = [known(FIRST, in_session(1), anchor("a")), known(SECOND, in_session(2), anchor("a", "2"))]
    assert match(cases, (in_session(2), anchor("a", "2")), (in_session(1), anchor("a"))) == {
        in_session(1): FIRST,
        in_session(2): SECOND,
    }


def test_shifted_sessions_take_their_ids_along() -> None:
    """A new first session pushes the others on; every old key now belongs to another episode."""
    cases = [known(FIRST, in_session(1), anchor("a")), known(SECOND, in_session(1, "session_002"), anchor("b"))]
    found = match(
        cases,
        (in_session(1), anchor("0")),
        (in_session(1, "session_002"), anchor("a")),
        (in_session(1, "session_003"), anchor("b")),
    )
    assert found == {in_session(1, "session_002"): FIRST, in_session(1, "session_003"): SECOND}


def test_episodes_of_one_session_that_change_places_take_their_ids_along() -> None:
    cases = [known(FIRST, in_session(1), anchor("a", "1")), known(SECOND, in_session(2), anchor("a", "2"))]
    found = match(cases, (in_session(1), anchor("a", "2")), (in_session(2), anchor("a", "1")))
    assert found == {in_session(1): SECOND, in_session(2): FIRST}


@pytest.mark.parametrize(
    "mark, is_same",
    [
        (anchor("a", "1,2"), True),  # further turns: the evidence was revised
        (anchor("a", "2"), False),  # another episode of the session has this number now
        (anchor("b", "1"), True),  # another sha with the same turns: the sha was corrected
        (anchor("b", "2"), False),  # nothing agrees but the number
        (None, True),  # the sha is not recorded any more
    ],
)
def test_a_key_that_stays_is_the_same_case_unless_session_and_turns_differ(mark: str | None, is_same: bool) -> None:
    found = match([known(FIRST, in_session(1), anchor("a"))], (in_session(1), mark))
    assert found == ({in_session(1): FIRST} if is_same else {})


@pytest.mark.parametrize(
    "mark, is_same", [(anchor("a", "2"), True), (anchor("b", "1,2"), True), (anchor("b", "2"), False), (None, True)]
)
def test_what_is_held_back_is_known_by_its_key_and_session_or_one_turn(mark: str | None, is_same: bool) -> None:
    found = match([known(FIRST, in_session(1), anchor("a"), is_held=True)], (in_session(1), mark))
    assert found == ({in_session(1): FIRST} if is_same else {})


def test_with_fewer_episodes_than_cases_the_one_that_is_held_back_comes_first() -> None:
    cases = [known(FIRST, in_session(1), anchor("a")), known(SECOND, in_session(2), anchor("a"), is_held=True)]
    assert match(cases, (in_session(9, "session_005"), anchor("a"))) == {in_session(9, "session_005"): SECOND}


def test_an_old_key_that_comes_back_is_an_alias() -> None:
    moved = known(FIRST, in_session(1, "session_002"), None, in_session(1))
    assert match([moved], (in_session(1), None)) == {in_session(1): FIRST}
    assert match([moved], (in_session(1), None), (in_session(1, "session_002"), None)) == {
        in_session(1, "session_002"): FIRST
    }


def test_sessions_are_told_apart_by_repository() -> None:
    here = make_anchor(make_key(1), "abc", [])
    there = make_anchor(make_key(1, repository_id="7"), "abc", [])
    assert match([known(FIRST, make_key(1), here)], (make_key(1, repository_id="7"), there)) == {}


def test_ties_are_named_and_the_numbers_decide_first() -> None:
    cases = [known(FIRST, in_session(1), anchor("a")), known(SECOND, in_session(2), anchor("a"))]
    episodes = [Found(in_session(number, "session_002"), anchor("a")) for number in (1, 2, 3)]
    matching = match_episodes(cases, episodes)
    assert matching.ids == {in_session(1, "session_002"): FIRST, in_session(2, "session_002"): SECOND}
    assert matching.ties == (Tie(tuple(one.key for one in episodes), is_held=False),)


def test_in_a_tie_the_evidence_decides() -> None:
    one, two, three = in_session(1), in_session(2), in_session(3)
    ids = {one: FIRST, two: SECOND, three: THIRD}
    before = {FIRST: "x", SECOND: "y"}
    assert settle_tie(ids, {one: "new", two: "x", three: "y"}, before) == {one: THIRD, two: FIRST, three: SECOND}
    assert settle_tie(ids, {one: "y", two: "x", three: "z"}, before) == {one: SECOND, two: FIRST, three: THIRD}
    assert settle_tie(ids, {one: "x", two: "x", three: "y"}, before) == {one: FIRST, two: THIRD, three: SECOND}
    assert settle_tie(ids, {one: "p", two: "q", three: "r"}, before) == ids


keys = st.builds(in_session, st.integers(1, 4), st.sampled_from(["session_001", "session_002"]))
marks = st.none() | st.builds(anchor, st.sampled_from("ab"), st.sampled_from("12"))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(keys, st.lists(keys, max_size=2), marks, st.booleans()), max_size=8, unique_by=lambda one: one[0]
    ),
    st.dictionaries(keys, marks, max_size=8),
)
def test_no_id_goes_to_two_episodes_whatever_the_numbers_do(
    drawn: list[tuple[EpisodeKey, list[EpisodeKey], str | None, bool]], found: dict[EpisodeKey, str | None]
) -> None:
    cases = [
        known(f"AMA-{place:04}-0000", key, mark, *aliases, is_held=is_held)
        for place, (key, aliases, mark, is_held) in enumerate(drawn)
    ]
    matching = match_episodes(cases, [Found(*one) for one in found.items()])
    assert matching.ids.keys() <= found.keys()
    assert len(set(matching.ids.values())) == len(matching.ids)
    for case in cases:  # what stands still keeps its id
        if case.anchor is not None and found.get(case.key) == case.anchor:
            assert case.id in matching.ids.values()
