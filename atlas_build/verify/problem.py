"""What a check reports."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHOWABLE = re.compile(r"[A-Za-z0-9_./#?=:-]{1,120}")


@dataclass(frozen=True, order=True)
class Problem:
    """One broken promise of a finished site.

    Attributes:
        file: path below the site's root, or "." for the site as a whole.
        rule: short kebab-case id; docs/checks.md lists them all.
        message: what is wrong and what to do. Never text of a page, which may be personal.
    """

    file: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message} [{self.rule}]"


def show(name: str) -> str:
    """A path, id or key for a message, if it is made of plain characters only; else a word that stands for it."""
    return f"`{name}`" if _SHOWABLE.fullmatch(name) else "(not shown)"
