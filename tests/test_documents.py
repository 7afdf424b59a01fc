"""Markdown by somebody else: all of it is shown, none of it acts, and the page around it stays whole."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from atlas_build.errors import InputError
from atlas_build.read.prompts import MAX_PROMPT
from atlas_build.render.documents import Heading, count_words, list_contents, render_document


def render(markdown: str) -> str:
    return str(render_document(markdown, name="the prompt x").body)


def words(markdown: str) -> str:
    return " ".join(LexborHTMLParser(render(markdown)).text().split())


def headings(markdown: str) -> list[tuple[int, str, str]]:
    return [tuple(heading) for heading in render_document(markdown, name="the prompt x").headings]


# What stands there as it is written


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<transcript>{transcript}</transcript>",
        "a <b and {c d} and {{e}} and {% raw %}",
        "<!-- not shown elsewhere -->",
        "<user:input>",
        "[ref]: https://example.com/hidden",
        "[text][ref] and [x]",
        "[a](javascript:alert(1)) [b](vbscript:x) [c](data:text/html,x)",
        "S3 (Developer Constraint Violation), C6:direct",
        "[ ] a task",
    ],
)
def test_what_is_no_markdown_stands_there_to_the_letter(text: str) -> None:
    assert words(text) == text
    assert not LexborHTMLParser(render(text)).css("script, img, a, transcript, user")


def test_a_tag_is_code_to_the_eye() -> None:
    assert render('see <quote turn="1"> in {session_id}') == (
        "<p>see <code>&lt;quote turn=&quot;1&quot;&gt;</code> in <code>{session_<wbr>id}</code></p>\n"
    )


def test_lines_of_tags_and_placeholders_keep_their_line_and_others_flow() -> None:
    assert render("<a>\n{{b}}\n</a>\nprose that\nflows\n") == (
        "<p><code>&lt;a&gt;</code><br>\n<code>{{b}}</code><br>\n<code>&lt;/a&gt;</code><br>\nprose that\nflows</p>\n"
    )


def test_characters_that_cannot_be_seen_have_a_mark() -> None:
    assert words("a\u202eb `c\u200bd` &#x202E;") == "a⟨RLO⟩b c⟨ZWSP⟩d ⟨RLO⟩"
    assert words("so\u00adft `\U000e0041` &shy;\u3164") == "so⟨SHY⟩ft ⟨U+E0041⟩ ⟨SHY⟩⟨U+3164⟩"


@pytest.mark.parametrize("address", ["https://example.com", "x.md", "#a"])
def test_no_attribute_holds_a_character_that_cannot_be_seen(address: str) -> None:
    made = render(f'# a\n\n[b]({address} "&#x202E;x") ![c]({address} "&shy;y")\n\n```&#x202E;z\n```\n')
    assert "\u202e" not in made and "\u00ad" not in made
    assert '("⟨RLO⟩x")' in made.replace(f"({address} ", "(").replace("&quot;", '"')


def test_a_code_block_keeps_everything_and_names_its_language() -> None:
    made = render('````json {x}\n\n  {"a": "<b>"}\t_x_\n```\n````\n')
    code = LexborHTMLParser(made).css_first("pre")
    assert code.text() == '\n  {"a": "<b>"}\t_x_\n```\n'
    assert code.attributes == {"tabindex": "0", "role": "group", "aria-label": "Code 1", "data-info": "json {x}"}


def test_code_with_a_long_line_wraps_and_other_code_scrolls() -> None:
    blocks = LexborHTMLParser(render(f"```\n{'x' * 80}\n```\n\n```\n{'x' * 81}\n```\n")).css("pre")
    assert [block.attributes.get("class") for block in blocks] == [None, "wraps"]
    assert ["tabindex" in block.attributes for block in blocks] == [True, False]


def test_a_wide_table_scrolls_by_itself_and_its_heads_say_what_they_head() -> None:
    row = "|" + "cell|" * 300
    page = LexborHTMLParser(render(f"| |{'h|' * 299}\n|{'-|' * 299}-:|\n{row}\n"))
    frame = page.css_first("div.scroll")
    assert frame.attributes == {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table 1"}
    assert [node.tag for node in frame.css("thead tr > *")] == ["td", *["th"] * 299]
    assert {node.attributes["scope"] for node in frame.css("th")} == {"col"}
    assert frame.css("tbody td")[-1].attributes == {"class": "number"}
    assert "style=" not in render("|a|\n|:-:|\n|b|\n")


@pytest.mark.parametrize(
    "rows",
    [
        ["| S1 | a | b |"],
        ["| `x|y` | lost? |"],
        ["| `x|y` |"],
        ["| one | two |", "three", "| four | five | | six", r"| \| seven | eight | nine |"],
    ],
    ids=["a cell too many", "a pipe in code", "code cut in two", "only one row of several"],
)
def test_a_table_that_would_lose_cells_or_cut_code_stands_as_it_is_written(rows: list[str]) -> None:
    written = "\n".join(["| a | b |", "|---|---|", *rows]) + "\n"
    page = LexborHTMLParser(render(f"before\n\n{written}\nafter\n"))
    assert page.css_first("pre").text() == written
    assert not page.css("table")
    assert [node.text() for node in page.css("p")] == ["before", "after"]
    quoted = LexborHTMLParser(render(f"> {written.strip().replace(chr(10), chr(10) + '> ')}\n"))
    assert quoted.css_first("blockquote pre").text() == written


def test_a_table_with_escaped_pipes_and_short_rows_is_a_table() -> None:
    page = LexborHTMLParser(render("| a | b |\n|---|---|\n| `x\\|y` | `z` |\n| one |\ntwo\n"))
    assert [node.text() for node in page.css("td")] == ["x|y", "z", "one", "", "two", ""]


# Links and pictures


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[a](x.md "the title")', 'a (x.md "the title")'),
        ("[](x.md 'the title')", 'x.md ("the title")'),
        ('[a](https://example.com "the title")', 'a ("the title")'),
        ('![a](x.png "the title")', 'Image: a (x.png "the title")'),
        ('[![a](x.png "one")](https://example.com "two")', 'Image: a (x.png "one") ("two")'),
    ],
)
def test_titles_are_text(text: str, shown: str) -> None:
    assert words(text) == shown
    assert "title=" not in render(text)


def test_a_long_address_is_shown_whole() -> None:
    assert words(f"[a]({'x' * 500}.md)") == f"a ({'x' * 500}.md)"


def test_links_to_the_web_lead_out_with_care() -> None:
    for text in ("[a](https://example.com/x)", "<https://example.com/x>", "[![a](i.png)](https://example.com/x)"):
        (link,) = LexborHTMLParser(render(text)).css("a")
        assert link.attributes == {"href": "https://example.com/x", "rel": "noopener noreferrer nofollow"}


@pytest.mark.parametrize(
    "address", ["codebook.md", "../../list/1/", "/c/x/", "//evil.example/x", "#nowhere", "ftp://x.y/z", "?form=S3"]
)
def test_a_link_that_leads_nowhere_from_here_is_text_with_its_address(address: str) -> None:
    made = render(f"see [*the* book]({address}), please")
    assert made == f"<p>see <em>the</em> book ({address}), please</p>\n"


def test_a_link_inside_the_document_works() -> None:
    made = LexborHTMLParser(render("[down](#the-end) and [nowhere](#end)\n\n## The End\n"))
    assert [(link.text(), link.attributes["href"]) for link in made.css("p a")] == [("down", "#the-end")]
    assert made.css_first("h2").id == "the-end"


def test_a_link_without_words_shows_its_address() -> None:
    assert words("[](https://example.com/) [](x.md)") == "https://example.com/ x.md"


def test_no_picture_is_loaded_from_anywhere() -> None:
    made = LexborHTMLParser(
        render('![A map](https://example.com/m.png "t") ![](local.png) ![x](data:image/png;base64,AA)')
    )
    assert not made.css("img")
    assert [(link.text(), link.attributes["href"]) for link in made.css("a")] == [
        ("Image: A map", "https://example.com/m.png")
    ]
    assert made.text().strip() == 'Image: A map ("t") Image (local.png) Image: x (data:image/png;base64,AA)'


# Headings


def test_headings_stand_below_that_of_the_page_in_steps_of_one() -> None:
    assert headings("#### A\n# B\n###### C\n## D\n### E\n#### F\n##### G\n###### H\n") == [
        (2, "a", "A"), (2, "b", "B"), (3, "c", "C"), (3, "d", "D"), (4, "e", "E"), (5, "f", "F"), (6, "g", "G"),
        (6, "h", "H"),
    ]  # fmt: skip


def test_same_headings_have_different_anchors_and_none_is_the_pages_own() -> None:
    anchors = [anchor for _, anchor, _ in headings("# A\n# A\n# A-1\n# A\n# Main\n# Top\n# !\n# ?\n")]
    assert anchors == ["a", "a-1", "a-1-1", "a-2", "main-1", "top-1", "section", "section-1"]


def test_anchors_are_those_of_github() -> None:
    found = [anchor for _, anchor, _ in headings("# 1. Scope & *aims*: `a_b`\n# Ünïcode 漢字\n")]
    assert found == ["1-scope--aims-a_b", "ünïcode-漢字"]


def test_a_heading_is_a_link_to_itself_unless_a_link_stands_in_it() -> None:
    assert render("# A <b>") == '<h2 id="a-b"><a href="#a-b">A <code>&lt;b&gt;</code></a></h2>\n'
    assert render("# [A](https://example.com)") == (
        '<h2 id="a"><a href="https://example.com" rel="noopener noreferrer nofollow">A</a></h2>\n'
    )


def test_a_heading_without_words_is_no_heading() -> None:
    assert render("##") == "<p>##</p>\n"


def test_contents_leave_out_the_title_and_what_is_deep() -> None:
    text = "# Title\n## A\n### B\n#### C\n## D\n"
    found = render_document(text, name="x").headings
    assert list_contents(found, least=3, levels=2) == (Heading(1, "a", "A"), Heading(2, "b", "B"), Heading(1, "d", "D"))
    assert list_contents(found, least=4, levels=2) == ()
    two_parts = render_document("# A\n# B\n", name="x").headings
    assert [entry.text for entry in list_contents(two_parts, least=1, levels=1)] == ["A", "B"]
    assert list_contents((), least=0, levels=2) == ()


# What would get lost, or take for ever


ODD_PARTS = (
    "жук", "дом ", "|", "|-|-|\n", "`", "```", "\n", "\n\n", "[", "](", "](x.md", "](https://a.b/", ' "', "![", ")",
    "]", "> ", "- ", "2. ", "# ", "*", "**", "_", "~~", "<b>", "<b:", ">", "{ж}", "    ", "\\", "\n---\n", "===\n",
)  # fmt: skip
"""The letters are of an alphabet that pages do not use for what they add."""


@given(st.lists(st.sampled_from(ODD_PARTS), max_size=40).map("".join))
@example("|жук|дом|\n|-|-|\n|ж|у|к|\n")
@example("|жук|дом|\n|-|-|\n|`ж|у`|к|\n")
@example('[жук](x.md "дом")')
@example('![жук](https://a.b/ "дом")')
@example("[жук](https://a.b/дом)")
def test_no_letter_vanishes_and_none_is_shown_twice(text: str) -> None:
    page = LexborHTMLParser(render(text))
    notes = [node.attributes["data-info"] or "" for node in page.css("[data-info]")]
    targets = [node.attributes["href"] or "" for node in page.css('[href^="http"]')]
    shown = unquote("".join([page.text(), *notes, *targets]))
    assert letters(shown) == letters(text)


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter in "жукдом")


@pytest.mark.parametrize("text", ["> " * 38 + "zebra", "\n".join("  " * deep + "- item" for deep in range(19))])
def test_what_is_too_deep_to_be_shown_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="the prompt x has lists or quotes too deep") as caught:
        render(text)
    assert "zebra" not in caught.value.diagnostics()


def test_what_is_deep_is_shown() -> None:
    assert words("\n".join("  " * deep + f"- item{deep}" for deep in range(18))).endswith("item16 item17")
    assert words("> " * 37 + "here") == "here"


def test_tables_that_ask_for_endless_cells_are_an_error() -> None:
    table = f"{'h|' * 150}\n{'-|' * 150}\nzebra|x\n" + "|x\n" * 150
    with pytest.raises(InputError, match="the prompt x has tables whose rows lack more than 20,000 cells") as caught:
        render(f"{table}\n" * 30)
    assert "zebra" not in caught.value.diagnostics()


GARBAGE = (
    "[", "![", "[a](", "[[](", '[](a "', "[](<", "]", "{", "`", "a`", "<a ", "<a>\n", "*a _", "a *b ", "**a", "~~a",
    "&", "\\\n", "# a\n", "# [\n", "> a\n", "- a\n", "- > ", "|x|\n|-|\n", "|x|`|\n",
)  # fmt: skip


@pytest.mark.parametrize("unit", GARBAGE)
def test_garbage_takes_no_longer_than_it_is(unit: str) -> None:
    """Eight times the text may take eight times as long, with room for noise; if it went by the square, 64 times."""
    small, large = (unit * (MAX_PROMPT // share // len(unit)) for share in (80, 10))
    assert min(cost(large) for _ in range(2)) < 25 * min(cost(small) for _ in range(4))


def cost(text: str) -> float:
    """Seconds of this process."""
    start = time.process_time()
    with suppress(InputError):
        render(text)
    return time.process_time() - start


def test_words_are_what_has_a_letter_or_digit() -> None:
    assert count_words("## Two words\n\n| a | - |\n* * *\n`x_y` 漢字 7") == 6
