"""Which case ids are near to a mistyped one. The same rules as assets/js/case-id.js."""

from __future__ import annotations

import re
from collections.abc import Iterable

from atlas_build.model.identity import DIGITS

FARTHEST = 2
MOST = 3
_NOT_TYPED = re.compile(r"[^0-9a-z]")


def body_of(text: str) -> str:
    """The eight characters of an id as typed, without prefix and hyphens."""
    return _NOT_TYPED.sub("", text.lower()).removeprefix("ama")


def nearest_ids(typed: str, ids: Iterable[str]) -> list[str]:
    """The ids nearest to what was typed: at most three, all at the same distance of at most two; sorted."""
    body = body_of(typed)
    if abs(len(body) - DIGITS - 1) > FARTHEST:
        return []
    least, found = FARTHEST, list[str]()
    for case_id in ids:
        far = distance(body, body_of(case_id))
        if far > least:
            continue
        if far < least:
            found.clear()
        least = far
        found.append(case_id)
    return sorted(found)[:MOST]


def distance(start: str, end: str) -> int:
    """Fewest insertions, removals, replacements and swaps of neighbours between two short words."""
    before, last = list[int](), list(range(len(end) + 1))
    for row, char in enumerate(start, 1):
        now = [row]
        for column, other in enumerate(end, 1):
            best = min(now[column - 1] + 1, last[column] + 1, last[column - 1] + (char != other))
            if row > 1 and column > 1 and char == end[column - 2] and start[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            now.append(best)
        before, last = last, now
    return last[-1]
