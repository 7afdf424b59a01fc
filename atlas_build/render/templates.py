"""The Jinja environment: everything is escaped, and a name that a view lacks is an error, not a blank."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from atlas_build.render.page import Page, Site
from atlas_build.render.pieces import Piece

_MOST_KNOWN = 4096


class Macro(Hashable, Protocol):
    def __call__(self, *arguments: Hashable) -> Markup: ...


def make_environment(folder: Path, site: Site) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["site"] = site
    environment.globals["once"] = Once()
    environment.filters["thousands"] = write_thousands
    environment.filters["bytes"] = write_bytes
    environment.filters["words"] = Words(environment)
    return environment


def macro_of(environment: Environment, component: str, name: str) -> Macro:
    """A macro of a component, for use outside of templates."""
    macro: Macro = getattr(environment.get_template(f"components/{component}.html.jinja2").module, name)
    return macro


class Once:
    """What a macro makes of some values, made once: `once(strip, view.strip, page.root)`.

    For what stands on many pages. The values must be all that the macro's result depends on.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Hashable, ...], Markup] = {}

    def __call__(self, macro: Macro, *arguments: Hashable) -> Markup:
        made = self._known.get((macro, *arguments))
        if made is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            made = self._known[macro, *arguments] = macro(*arguments)
        return made


class Words:
    """Scrubbed text for a page. Most is plain, and is escaped like any other; the macro `pieces` writes the rest."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __call__(self, pieces: Sequence[Piece]) -> str | Markup:
        if len(pieces) == 1 and pieces[0].kind == "text":
            return pieces[0].text
        return macro_of(self._environment, "pieces", "pieces")(tuple(pieces))


def render_page(environment: Environment, template: str, page: Page, **values: object) -> bytes:
    return environment.get_template(f"pages/{template}.html.jinja2").render(page=page, **values).encode("utf-8")


def write_thousands(number: int) -> str:
    return f"{number:,}"


def write_bytes(size: int) -> str:
    """A size for people: 812 bytes, 14 kB, 3.2 MB."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
