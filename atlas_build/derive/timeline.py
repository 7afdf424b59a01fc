"""Cases by month and workflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from atlas_build.model.codebook import Workflow
from atlas_build.model.episode import Episode
from atlas_build.model.numbers import Month

LONGEST = 240  # months


def count_months(cases: Sequence[Episode]) -> tuple[Month, ...]:
    """Every month from the first to the last dated case; undated cases are left out.

    Where a stray date would stretch the line over more than 20 years, only months with cases are listed.
    """
    found = Counter((case.month, case.facts.session.workflow) for case in cases if case.month)
    if not found:
        return ()
    names = sorted({month for month, _ in found if month})
    return tuple(
        Month(
            name,
            ide=found[name, Workflow.IDE],
            cli=found[name, Workflow.CLI],
            other=found[name, None],
        )
        for name in (_months_between(names[0], names[-1]) if _span(names) <= LONGEST else names)
    )


def _span(names: list[str]) -> int:
    first, last = (int(name[:4]) * 12 + int(name[5:]) for name in (names[0], names[-1]))
    return last - first


def _months_between(first: str, last: str) -> list[str]:
    year, month = (int(part) for part in first.split("-"))
    names = [first]
    while names[-1] < last:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        names.append(f"{year:04d}-{month:02d}")
    return names
