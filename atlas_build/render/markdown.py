"""Our own prose (`templates/prose/*.md`), as HTML. Never used on evidence.

Here `Markup` is made from a string: markdown-it with raw HTML switched off escapes what is not Markdown. Files of this
project come here; those of a corpus go to `documents`.
"""

from __future__ import annotations

import re
import string
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from atlas_build.errors import PolicyError

_CAPTION = re.compile(r"Table ([a-z-]+): (.+)", re.DOTALL)
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")


def make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.add_render_rule("link_open", _render_link)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _render_cell)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


def _render_link(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]  # markdown-it's own signature
    """Links that leave the site tell neither where from nor vouch for it."""
    if "://" in str(tokens[index].attrs.get("href", "")):
        tokens[index].attrs["rel"] = "noopener noreferrer nofollow"
    return renderer.renderToken(tokens, index, options, env)


def _render_cell(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]  # as above
    """A column set to the right holds numbers; markdown-it says so by an inline style, which the policy blocks."""
    style = tokens[index].attrs.pop("style", "")
    if style == "text-align:right":
        tokens[index].attrs["class"] = "number"
    return renderer.renderToken(tokens, index, options, env)


def _open_table(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]  # as above
    """A table wider than a phone scrolls by itself, also by keyboard."""
    env["tables"] = env.get("tables", 0) + 1
    frame = f'<div class="scroll" tabindex="0" role="region" aria-label="Table {env["tables"]}">'
    caption = tokens[index].meta.get("caption", "")
    words = f'<caption class="vh">{escapeHtml(caption)}</caption>\n' if caption else ""
    return f"{frame}\n{renderer.renderToken(tokens, index, options, env)}{words}"


def _close_table(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]  # as above
    fold = '<div class="take"></div>\n' if tokens[index].meta.get("caption") else ""
    return f"{renderer.renderToken(tokens, index, options, env)}</div>\n{fold}"


def _take_captions(state: StateCore) -> None:
    """A paragraph `Table name: caption.` right before a table is its caption; readers take it away as a file `name`."""
    kept: list[Token] = []
    open_table: Token | None = None
    for token in state.tokens:
        if token.type == "table_open" and len(kept) > 1 and (found := _CAPTION.fullmatch(kept[-2].content)):
            del kept[-3:]
            token.attrs["data-take"], token.meta["caption"] = found[1], " ".join(found[2].split())
            open_table = token
        elif token.type == "table_close" and open_table:
            token.meta["caption"], open_table = open_table.meta["caption"], None
        kept.append(token)
    state.tokens = kept


def escape_markdown(text: str) -> str:
    """A line of plain text that Markdown leaves as it is."""
    return _PUNCTUATION.sub(r"\\\g<0>", text)


class Prose:
    """The prose folder: `page("method")` gives title and body."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parser = make_parser()
        self.parser.core.ruler.after("block", "captions", _take_captions)

    def page(self, name: str, **values: str) -> tuple[str, Markup]:
        """Title (the first line's heading) and body of a prose file.

        Args:
            values: replacements for `{name}` in the Markdown: our own settings, not corpus text, as Markdown.
        """
        title, _, body = self._read(name).partition("\n")
        for key, value in values.items():
            body = body.replace("{" + key + "}", value)
        return title.removeprefix("# ").strip(), Markup(self.parser.render(body))

    def source(self, name: str) -> str:
        """A prose file's Markdown without its title."""
        return self._read(name).partition("\n")[2]

    def _read(self, name: str) -> str:
        path = self.folder / f"{name}.md"
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"cannot read {path}", hint="reinstall, or restore the file") from error

    def inline(self, text: str) -> Markup:
        """One line of codebook prose."""
        return Markup(self.parser.renderInline(text))
