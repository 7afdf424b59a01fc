"""Which episodes come from the same session, in the order of the conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from atlas_build.model.episode import Episode, parse_turn
from atlas_build.model.identity import sort_value
from atlas_build.model.numbers import SessionKey


def group_sessions(cases: Sequence[Episode]) -> dict[SessionKey, tuple[Episode, ...]]:
    """Cases by session, ordered by the first turn that is quoted, then by episode number."""
    sessions: dict[SessionKey, list[Episode]] = defaultdict(list)
    for case in cases:
        sessions[case.key.session].append(case)
    return {key: tuple(sorted(found, key=_place)) for key, found in sessions.items()}


def _place(case: Episode) -> tuple[object, ...]:
    turns = [number for number, _ in (parse_turn(item.turn) for item in case.text.evidence) if number is not None]
    return (not turns, min(turns, default=0), sort_value(case.key))
