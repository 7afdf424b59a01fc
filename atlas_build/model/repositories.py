"""The published cases of one repository, session by session in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from atlas_build.model.episode import Episode


@dataclass(frozen=True, slots=True)
class SessionCases:
    """One session that has published cases.

    Attributes:
        start: None if no case of it has a time.
        cases: in the order of the conversation.
        forms: codes of all its cases.
    """

    start: datetime | None
    cases: tuple[Episode, ...]
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Repository:
    """
    Attributes:
        sessions: the oldest first; undated ones at the end, by their names, as nobody knows where they belong.
        dated: how many of the sessions have a date.
        totals: totals[n] cases are in the first n sessions.
        places: case id -> place of its session, and its own place in it.
    """

    sessions: Sequence[SessionCases]
    dated: int
    totals: Sequence[int]
    places: Mapping[str, tuple[int, int]]

    def neighbours(self, place: int) -> tuple[SessionCases | None, SessionCases | None]:
        """The session before and the next one, as far as there are any and their dates tell which they are."""
        if place >= self.dated:
            return None, None
        return (
            self.sessions[place - 1] if place else None,
            self.sessions[place + 1] if place + 1 < self.dated else None,
        )
