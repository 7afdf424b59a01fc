"""A number with what it is a share of."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A count with its denominator, which is 0 when the base is empty."""

    count: int
    of: int
    base: str

    @property
    def percent(self) -> str:
        return percent(self.count, self.of)


def percent(count: int, of: int) -> str:
    """A share with one decimal, or the reason why there is none."""
    return f"{100 * count / of:.1f} %" if of else "no base"


def agree(base: str, of: int) -> str:
    """What a number is a share of, as `case` where it is one: `cases with system damage`, `visibly resolved cases`."""
    return re.sub(r"\bcases\b", "case", base, count=1) if of == 1 else base
