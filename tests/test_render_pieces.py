"""Text as it is cut, folded and shortened for pages, and how it is written into citations."""

from __future__ import annotations

import pytest
from factories import make_evidence
from hypothesis import given
from hypothesis import strategies as st

from atlas_build.model.excerpt import card_quote, pushback_turns, shorten
from atlas_build.render.case_view import fold
from atlas_build.render.pieces import cut_pieces, plain

TEXTS = st.text(alphabet=st.sampled_from('ab <>&"\n\r\t[]_19EMAILPERSON\x00\x1b\u202e\u200b\ufeff漢🙂'), max_size=80)


# Pieces


def test_text_chips_and_signs_come_in_order() -> None:
    pieces = cut_pieces("Ask [EMAIL_1]\x00 & [PERSON_12].")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("text", "Ask "), ("chip", "[EMAIL_1]"), ("sign", "␀"), ("text", " & "), ("chip", "[PERSON_12]"), ("text", "."),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["[EMAIL_0]", "[EMAIL_1", "[email_1]", "[EMAIL_01]", "[OTHER_1]", "[EMAIL_]", "[1]"])
def test_what_only_looks_like_a_placeholder_is_text(text: str) -> None:
    assert [(piece.kind, piece.text) for piece in cut_pieces(text)] == [("text", text)]


@given(TEXTS)
def test_pieces_joined_are_the_text_with_signs_for_what_cannot_be_seen(text: str) -> None:
    shown = "".join(piece.text for piece in cut_pieces(text))
    unseen = {"\x00": "␀", "\x1b": "␛", "\u202e": "⟨RLO⟩", "\u200b": "⟨ZWSP⟩", "\ufeff": "⟨BOM⟩", "\r": "␍"}
    expected = text.replace("\r\n", "\n")
    for char, sign in unseen.items():
        expected = expected.replace(char, sign)
    assert shown == expected


def test_line_breaks_and_tabs_are_kept_and_a_lone_return_is_a_sign() -> None:
    assert [piece.text for piece in cut_pieces("a\r\nb\tc\rd")] == ["a\nb\tc", "␍", "d"]


def test_plain_is_one_line() -> None:
    assert plain("  Ask\n\n[EMAIL_1]\t\x07 now ") == "Ask [EMAIL_1] ␇ now"


# Folding


@given(st.text(alphabet="ab\n []", max_size=40), st.integers(min_value=1, max_value=120))
def test_a_folded_quote_is_whole(text: str, times: int) -> None:
    quote = (text + "[EMAIL_1]") * times
    head, rest = fold(quote)
    assert head + rest == quote
    assert head
    assert not rest or len(quote) > 1400


@pytest.mark.parametrize("before", range(890, 902))
def test_no_fold_runs_through_a_placeholder(before: int) -> None:
    quote = "x" * before + "[USERNAME_17]" + "x" * 1000
    head, rest = fold(quote)
    assert "[USERNAME_17]" in head or rest.startswith("[USERNAME_17]") or "[USERNAME_17]" in rest
    assert head + rest == quote


def test_a_fold_comes_after_a_line_where_there_is_one() -> None:
    quote = "line of text\n" * 200
    head, _ = fold(quote)
    assert head.endswith("\n")
    assert 450 < len(head) <= 900


# Shortening


@given(TEXTS, st.integers(min_value=20, max_value=60))
def test_a_shortened_text_keeps_its_limit_and_is_one_line(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_a_short_text_is_left_as_it_is() -> None:
    assert shorten("twenty characters ok", 20) == "twenty characters ok"


def test_a_long_text_ends_between_words_with_an_ellipsis() -> None:
    assert shorten("the quick brown fox jumps over the dog", 24) == "the quick brown fox…"


def test_a_placeholder_is_never_cut() -> None:
    assert shorten("mail was sent to [EMAIL_1] on Monday", 22) == "mail was sent to…"


# Pushback


def evidence(*roles: str) -> list[object]:
    return [make_evidence(f"quote {number}", turn=f"TURN {number} | {role}") for number, role in enumerate(roles, 1)]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (["USER", "AGENT", "USER"], {2}),
        (["USER", "AGENT", "USER", "USER"], {2, 3}),
        (["AGENT", "USER"], {1}),
        (["USER", "USER"], {1}),
        (["USER"], {0}),
        (["USER", "AGENT"], {0}),
        (["AGENT", "ASSISTANT"], set()),
        ([], set()),
        (["user", "agent", "user"], {2}),
    ],
)
def test_pushback_is_what_the_developer_says_after_the_agent(roles: list[str], expected: set[int]) -> None:
    assert pushback_turns(evidence(*roles)) == expected  # type: ignore[arg-type]


def test_a_card_shows_the_first_pushback() -> None:
    assert card_quote(evidence("USER", "AGENT", "USER", "USER")) == "quote 3"  # type: ignore[arg-type]
    assert card_quote(evidence("AGENT")) == ""  # type: ignore[arg-type]
