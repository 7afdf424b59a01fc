"""The Jinja environment: everything is escaped, and a name that a view lacks is an error, not a blank."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from atlas_build.render.page import Page, Site


def make_environment(folder: Path, site: Site) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["site"] = site
    environment.filters["thousands"] = write_thousands
    environment.filters["bytes"] = write_bytes
    return environment


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
