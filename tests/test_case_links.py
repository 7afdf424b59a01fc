r"""Case links are found however LaTeX, BibTeX, Markdown and plain text write and wrap them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas_build.case_links import CaseLink, canonical, find_links

HOME = "https://atlas.example.org/"
ADDRESS = f"{HOME}c/ama-7k2d-9qxp/?r=2026.11.0#q2"
Found = tuple[int, str, str | None, int | None, bool]


def found(text: str) -> list[Found]:
    links = find_links("paper.tex", text)
    return [(link.line, link.typed, link.release, link.quote, link.is_address) for link in links]


@pytest.mark.parametrize(
    "text",
    [
        rf"\url{{{ADDRESS}}}",
        rf"\href{{{HOME}c/ama-7k2d-9qxp/?r=2026.11.0\#q2}}{{there}}",
        r"\nolinkurl{atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0\#q2}",
        f"  url = {{{ADDRESS}}},",
        f"[x]({ADDRESS}), and so on",
        f"<{ADDRESS}>",
        f'<a href="{HOME}c/ama-7k2d-9qxp/?utm=1&amp;r=2026.11.0#q2">x</a>',
        f"{HOME}c/ama-7k2d-9qxp/index.html?r=2026.11.0#q2.",
        "https%3A%2F%2Fatlas.example.org%2Fc%2Fama-7k2d-9qxp%2F%3Fr%3D2026.11.0%23q2",
        rf"\href{{{HOME}c/ama-7k2d-9qxp/\%3Fr\%3D2026.11.0\%23q2}}{{x}}",
        r'{"URL": "https:\/\/atlas.example.org\/c\/ama-7k2d-9qxp\/?r=2026.11.0#q2"}',
        "../c/ama-7k2d-9qxp/?r=2026.11.0#q2",
        f"https://web.archive.example/2026/{ADDRESS}",
    ],
)
def test_an_address_keeps_release_and_quote_in_every_spelling(text: str) -> None:
    assert found(text) == [(1, "ama-7k2d-9qxp", "2026.11.0", 2, True)]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("(AMA-7K2D-9QXP).", "AMA-7K2D-9QXP"),
        (r"\footnote{AMA\-7k2d\-9qxp}", "AMA-7k2d-9qxp"),
        ("AMA{-}7k2d{-}9qxp", "AMA-7k2d-9qxp"),
        (r"AMA-7k2d-\allowbreak 9qxp", "AMA-7k2d-9qxp"),
        (r"AMA-\allowbreak{}7k2d-9qxp", "AMA-7k2d-9qxp"),
        (r"ama\_7k2d\_9qxp", "ama_7k2d_9qxp"),
        ("**AMA-7k2d-9qxp**'s", "AMA-7k2d-9qxp"),
        ("is it AMA-7k2d-9qxp?", "AMA-7k2d-9qxp"),
    ],
)
def test_a_bare_id_is_no_address(text: str, typed: str) -> None:
    assert found(text) == [(1, typed, None, None, False)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n\\url{https://atlas.example.org/c/%\n  ama-7k2d-9qxp/?r=2026.11.0\\#q2}", 2),
        ("https://atlas.example.org/c/\nama-7k2d-9qxp/?r=2026.11.0#q2", 1),
        ("https://atlas.example.org/c/ama-7k2d-\n9qxp/?r=2026.11.0#q2", 1),
        ("\r\n> https://atlas.example.org/c/ama-7k2d-9qxp/\r\n> ?r=2026.11.0#q2", 2),
        ("https://atlas.example.org/c/ama-7k2d-9qxp/?r=\n2026.11.0#q2", 1),
        ("https://atlas.example.org/\nc/ama-7k2d-9qxp/?r=2026.11.0#q2", 2),
    ],
)
def test_an_address_that_is_wrapped_is_whole(text: str, line: int) -> None:
    assert [one[:4] for one in found(text)] == [(line, "ama-7k2d-9qxp", "2026.11.0", 2)]


@pytest.mark.parametrize("text", ["AMA-\n7k2d-9qxp", "AMA-7k2d-%\n  9qxp", "AMA-7k2d%\n-9qxp", "AMA-7k2d-\n> 9qxp"])
def test_an_id_that_is_wrapped_is_whole(text: str) -> None:
    assert found(f"x\n{text}\nAMA-7k2d-9qxp") == [
        (2, "AMA-7k2d-9qxp", None, None, False),
        (4, "AMA-7k2d-9qxp", None, None, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "the AMA-style-\nguide 2026",
        "AMA-\n2026-1234",
        "50%\nfewer",
        "a-\nb",
        "ama-\n\n7k2d-9qxp",
        "# h\n\n- AMA\n- 7k2d",
    ],
)
def test_words_at_the_end_of_a_line_make_no_case(text: str) -> None:
    assert found(text) == []


def test_two_addresses_on_two_lines_are_two() -> None:
    text = "https://atlas.example.org/c/ama-7k2d-9qxp/\nAMA-2222-bbbj\n100%\nAMA-7k2d-9qxp"
    assert [(line, typed) for line, typed, *_ in found(text)] == [
        (1, "ama-7k2d-9qxp"), (2, "AMA-2222-bbbj"), (4, "AMA-7k2d-9qxp"),
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word", "\n", " ", "%", "\\%\n", "-", "\ue000", "\x0b", "ü", "/c/", "http://"]), max_size=30
    )
)
def test_a_link_is_found_at_its_line_whatever_stands_around_it(before: list[str]) -> None:
    text = "".join(before) + "\n\n" + ADDRESS + "\n" + "".join(before)
    line = text[: text.index(ADDRESS)].count("\n") + 1
    assert CaseLink("f", line, "ama-7k2d-9qxp", "2026.11.0", 2, is_address=True) in list(find_links("f", text))


def test_a_long_text_takes_time_in_proportion_to_its_length() -> None:
    """A file of 2 MB; the bound is generous, and a search that looks again from every place would take hours."""
    start = time.process_time()
    assert len(found("AMA-7k2d-9qxp " * 20_000)) == 20_000
    assert len(found("see https://atlas.example.org/x/ama- " * 50_000)) == 0
    assert time.process_time() - start < 30


@pytest.mark.parametrize("typed", ["AMA-7k2d-9qxp", "ama\u20137k2d\u20139qxp", "7k2d9qxp", "ama_7k2d_9qxp"])
def test_spellings_of_an_id_are_one(typed: str) -> None:
    assert canonical(typed) == "AMA-7k2d-9qxp"
