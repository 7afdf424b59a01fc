"""Our own prose (`templates/prose/*.md`), as HTML. Never used on evidence.

This is the one place where `Markup` is made from a string: markdown-it with raw HTML switched off escapes what is not
Markdown, and only files of this project come here.
"""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from atlas_build.errors import PolicyError


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
    return f"{frame}\n{renderer.renderToken(tokens, index, options, env)}"


def _close_table(renderer, tokens, index, options, env):  # type: ignore[no-untyped-def]  # as above
    return f"{renderer.renderToken(tokens, index, options, env)}</div>\n"


class Prose:
    """The prose folder: `page("method")` gives title and body."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parser = make_parser()

    def page(self, name: str, **values: str) -> tuple[str, Markup]:
        """Title (the first line's heading) and body of a prose file.

        Args:
            values: replacements for `{name}` in the Markdown, which are our own settings, not corpus text.
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
