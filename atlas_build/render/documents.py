"""A document of the corpus, such as a prompt, as HTML: the same Markdown as our own prose, by somebody else.

Nothing of the text may vanish, and nothing may act. Raw HTML is off, so `<transcript>` stands there as written; so do
reference definitions, which Markdown would swallow, and tables of which it would drop a cell; characters that cannot
be seen have a mark. Pictures become links to them, links that lead nowhere from here become text with their address,
titles of both are text, and headings stand below the page's own, in steps of one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token
from markupsafe import Markup

from atlas_build.errors import InputError
from atlas_build.render.markdown import make_parser
from atlas_build.render.pieces import show_hidden

DEEPEST = 40
"""Levels of lists and quotes in each other; beyond, the parser would leave text out. Open brackets cost time by it."""
MOST_FILLED_CELLS = 20_000
"""Cells that rows lack and tables get. A few bytes can ask for any number, and each takes time and room."""
LOWEST_HEADING = 6
LONG_LINE = 80
"""Characters of a line of code: as many as fit on a wide screen. A block with a longer one wraps; others keep their
lines, and scroll where there is less room."""
_OUTSIDE = re.compile(r"https?://[^/]|mailto:", re.IGNORECASE)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_LINE_OF_ITS_OWN = re.compile(r"</?[A-Za-z][^<>]*>|\{{1,3}[^{}]+\}{1,3}$")
"""What begins a line that must not flow into the one before: a tag, or a placeholder alone."""
_SIGN = re.compile(r"(</?[A-Za-z][^<>]*>|(?<!\{)\{{1,3}\w[\w.-]*\}{1,3})")
_BESIDE_TEXT = re.compile(r"[|\\\s]")
"""What a row has beside its cells, and what blanks around them and escapes may change."""
_REL = "noopener noreferrer nofollow"


class Heading(NamedTuple):
    """`level` is that on the page, from 2."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    body: Markup
    headings: tuple[Heading, ...]


def render_document(markdown: str, *, name: str, taken: Collection[str] = ("main", "top")) -> Document:
    """
    Args:
        name: for the message of an error.
        taken: ids that the page has already.

    Raises:
        InputError: lists or quotes stand too deep in each other, or tables lack too many cells.
    """
    parser = _make_parser()
    env: dict[str, int] = {}
    tokens = parser.parse(show_hidden(markdown), env)
    if env.get("filled", 0) > MOST_FILLED_CELLS:
        raise InputError(
            f"{name} has tables whose rows lack more than {MOST_FILLED_CELLS:,} cells in all",
            hint="give the rows as many cells as the head, or make code of the tables",
        )
    if any(token.level >= DEEPEST - 1 for token in tokens):
        raise InputError(
            f"{name} has lists or quotes too deep in each other; part of it would be lost",
            hint=f"take out levels: {DEEPEST // 2 - 2} lists or {DEEPEST - 3} quotes in each other can be shown",
        )
    headings = tuple(_place_headings(tokens, Anchors(taken)))
    anchors = {heading.anchor for heading in headings}
    for token in tokens:
        if token.type == "inline":
            children = _keep_lines(list(_settle_links(token.children or [], anchors)))
            token.children = [part for child in children for part in _set_apart(child)]
    _link_headings(tokens)
    _settle_tables(tokens)
    return Document(Markup(parser.renderer.render(tokens, parser.options, {})), headings)


def _make_parser() -> MarkdownIt:
    parser = make_parser().enable("strikethrough").disable("reference")
    parser.options["maxNesting"] = DEEPEST
    parser.options["xhtmlOut"] = False
    parser.block.ruler.at("table", _read_table, {"alt": ["paragraph", "reference"]})
    for name in ("fence", "code_block"):
        parser.add_render_rule(name, _render_code)
    parser.add_render_rule("code_inline", _render_short_code)
    return parser


# Headings


class Anchors:
    """Makes ids of headings, as GitHub does: an address that works there has the same ending here."""

    def __init__(self, taken: Collection[str]) -> None:
        self._last = dict.fromkeys(taken, 0)

    def make(self, text: str) -> str:
        base = _NOT_IN_ANCHOR.sub("", text.strip().lower()).replace(" ", "-") or "section"
        anchor = base
        while anchor in self._last:
            self._last[base] += 1
            anchor = f"{base}-{self._last[base]}"
        self._last[anchor] = 0
        return anchor


def _place_headings(tokens: Sequence[Token], anchors: Anchors) -> Iterator[Heading]:
    """Give each heading its place on the page; one without words becomes a paragraph.

    The text's own levels say what is below what. On the page each is one step below the heading it belongs to, however
    many steps the text takes at once.
    """
    above: list[int] = []
    for start, inline, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if start.type != "heading_open":
            continue
        level = int(start.tag[1:])
        text = show_hidden(" ".join(_plain(inline.children or []).split()))
        if not text:
            start.tag = end.tag = "p"
            inline.children = [_text("#" * level), *(inline.children or [])]
            continue
        above = [*(other for other in above if other < level), level]
        place = min(1 + len(above), LOWEST_HEADING)
        start.tag = end.tag = f"h{place}"
        anchor = anchors.make(text)
        start.attrSet("id", anchor)
        yield Heading(place, anchor, text)


def _plain(children: Sequence[Token]) -> str:
    return "".join(" " if token.type in ("softbreak", "hardbreak") else token.content for token in children)


def _link_headings(tokens: Sequence[Token]) -> None:
    """A heading is a link to itself, unless a link stands in it."""
    for start, inline in pairwise(tokens):
        anchor = start.attrs.get("id") if start.type == "heading_open" else None
        children = inline.children or []
        if anchor and not any(token.type == "link_open" for token in children):
            inline.children = [_open_link(f"#{anchor}"), *children, _close_link()]


# Links and pictures


def _settle_links(children: Sequence[Token], anchors: Collection[str]) -> Iterator[Token]:
    """Links that lead somewhere stay; of others the words and the address stay."""
    ends: list[list[Token]] = []
    for place, token in enumerate(children):
        if token.type == "image":
            yield from _name_picture(token, is_in_link=bool(ends) and ends[-1][0].type == "link_close")
        elif token.type == "link_open":
            opening, end = _settle_link(token, anchors, is_empty=children[place + 1].type == "link_close")
            ends.append(end)
            yield from opening
        elif token.type == "link_close":
            yield from ends.pop()
        else:
            yield token


def _settle_link(token: Token, anchors: Collection[str], *, is_empty: bool) -> tuple[list[Token], list[Token]]:
    """What stands at the beginning and at the end of a link. Its title is text: else only a mouse would find it."""
    address, title = str(token.attrs.get("href", "")), _quote_title(token)
    token.attrs.pop("title", None)
    leads_out = _leads_out(address)
    if leads_out:
        token.attrSet("rel", _REL)
    if leads_out or (address.startswith("#") and unquote(address[1:]) in anchors):
        return [token, _text(address if is_empty else "")], [_close_link(), _text(_put_behind(title))]
    if token.info == "auto":  # `<user:input>` is an address to Markdown, and a tag to whoever wrote it
        return [_text("<")], [_text(">")]
    return [], [_text(f"{address}{_put_behind(title)}" if is_empty else _put_behind(address, title))]


def _name_picture(token: Token, *, is_in_link: bool) -> Iterator[Token]:
    """No picture is loaded from anywhere: its words, with a link to it."""
    address, title = str(token.attrs.get("src", "")), _quote_title(token)
    name = f"Image: {token.content}" if token.content else "Image"
    if _leads_out(address) and not is_in_link:
        yield from (_open_link(address, rel=_REL), _text(name), _close_link(), _text(_put_behind(title)))
    else:
        yield _text(name + _put_behind(address, title))


def _quote_title(token: Token) -> str:
    title = token.attrs.get("title")
    return f'"{title}"' if title else ""


def _put_behind(*parts: str) -> str:
    """Parts that are there, in brackets."""
    found = " ".join(filter(None, parts))
    return f" ({found})" if found else ""


def _leads_out(address: str) -> bool:
    return _OUTSIDE.match(address) is not None


def _open_link(address: str, **attributes: str) -> Token:
    return Token("link_open", "a", 1, attrs={"href": address, **attributes})


def _close_link() -> Token:
    return Token("link_close", "a", -1)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


# Lines


def _keep_lines(children: list[Token]) -> list[Token]:
    """A line that begins with a tag, or holds a placeholder alone, keeps its line; others flow as Markdown wants."""
    breaks = [place for place, token in enumerate(children) if token.type == "softbreak"]
    edges = pairwise([-1, *breaks, len(children)])
    own = [_LINE_OF_ITS_OWN.match(_plain(children[start + 1 : end]).strip()) is not None for start, end in edges]
    for place, (before, after) in zip(breaks, pairwise(own), strict=True):
        if before or after:
            children[place].type = "hardbreak"
    return children


def _read_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table; as code, to the letter, if cells of it would be lost, or be cut through a `|` in code."""
    before = len(state.tokens)
    if state.env.get("filled", 0) > MOST_FILLED_CELLS or not table(state, start, end, silent):
        return False
    if silent:
        return True
    rows = [line for line in range(start, state.line) if line != start + 1]
    written = "".join(state.src[state.bMarks[row] + state.tShift[row] : state.eMarks[row]] for row in rows)
    cells = [token.content for token in state.tokens[before:] if token.type == "inline"]
    state.env["filled"] = state.env.get("filled", 0) + max(0, len(cells) - written.count("|") - len(rows))
    is_whole = _BESIDE_TEXT.sub("", "".join(cells)) == _BESIDE_TEXT.sub("", written)
    if not is_whole or any(cell.count("`") % 2 for cell in cells):
        del state.tokens[before:]
        code = state.push("code_block", "code", 0)
        code.content = state.getLines(start, state.line, state.blkIndent, True)
    return True


def _settle_tables(tokens: Sequence[Token]) -> None:
    """A heading cell heads its column; one that says nothing heads nothing."""
    for start, inline, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if start.type == "th_open" and inline.content.strip():
            start.attrSet("scope", "col")
        elif start.type == "th_open":
            start.tag = end.tag = "td"


# Code


def _set_apart(token: Token) -> Iterator[Token]:
    """Tags and placeholders look like code; they are signs for a program, and small in other type."""
    if token.type != "text":
        yield token
        return
    for place, part in enumerate(_SIGN.split(show_hidden(token.content))):  # again: `&#x202E;` is such a character, too
        if part:
            yield Token("code_inline", "code", 0, content=part) if place % 2 else _text(part)


def _render_short_code(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """A long name may break after its underscores, or it would widen tables and phones."""
    return f"<code>{escapeHtml(tokens[index].content).replace('_', '_<wbr>')}</code>"


def _render_code(_: object, tokens: Sequence[Token], index: int, __: object, env: dict[str, int]) -> str:
    """Code that keeps its lines can be scrolled, also by keyboard; the word after the fence stands above it."""
    token = tokens[index]
    info = escapeHtml(token.info.strip())
    about = f' data-info="{info}"' if info else ""
    code = f"<code>{escapeHtml(token.content)}</code></pre>\n"
    if any(len(line) > LONG_LINE for line in token.content.split("\n")):
        return f'<pre class="wraps"{about}>{code}'
    env["code"] = env.get("code", 0) + 1
    return f'<pre tabindex="0" role="group" aria-label="Code {env["code"]}"{about}>{code}'


def count_words(text: str) -> int:
    """What stands between blanks and has a letter or digit."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def list_contents(headings: Sequence[Heading], *, least: int, levels: int) -> tuple[Heading, ...]:
    """Headings for a list of contents, their levels counted from 1; none if there are fewer than `least`.

    A heading that all others are below is the document's title, which heads no part of it.
    """
    tops = [heading for heading in headings if heading.level == 2]
    parts = headings[1:] if len(tops) == 1 and tops[0] is headings[0] else headings
    top = min((heading.level for heading in parts), default=0)
    found = tuple(heading._replace(level=heading.level - top + 1) for heading in parts if heading.level < top + levels)
    return found if len(found) >= least else ()
