"""The sessions of one repository as a strip on a case page: a row a session, a coloured tile a case.

A repository may have hundreds of cases and the page should stay small, so that only the sessions around the present
one are shown. What is left out is counted, and links to its nearest case, whose page shows the sessions around that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from atlas_build.model.episode import Episode
from atlas_build.model.numbers import RepositoryKey
from atlas_build.model.repositories import Repository, SessionCases
from atlas_build.render.codes import Cell, Cells, date_name, day_name, month_name
from atlas_build.render.neighbours import Neighbour
from atlas_build.render.queries import write_query

MOST_SESSIONS = 7
"""The present one and three on both sides; near an end of the repository more of the other side."""
MOST_TILES = 30
"""Nearer sessions go first; the present one and its two neighbours always have room."""
MOST_HERE = 12
"""Tiles of the present session, around the present case."""
MOST_ELSEWHERE = 6
"""Tiles of any other session, from its beginning."""

RECURRENCES = {
    (True, True): "{0} in the session before and in the next one, too",
    (True, False): "{0} in the session before, too, but not in the next one",
    (False, True): "{0} again in the next session, but not in the one before",
    (False, False): "{0} neither in the session before nor in the next one",
    (True, None): "{0} in the session before, too",
    (None, True): "{0} again in the next session",
    (False, None): "{1} not occur in the session before",
    (None, False): "{1} not occur in the next session",
}
"""Whether a form occurs in the session before and in the next one; None where there is none, or nobody knows which."""

MakeNeighbour = Callable[[Episode], Neighbour]


@dataclass(frozen=True, slots=True)
class Rest:
    """What is not shown. `case` is the nearest of it."""

    words: str
    case: Neighbour


@dataclass(frozen=True, slots=True)
class SessionRow:
    """
    Attributes:
        when: day of the session, with the time where another session has the same day, or "undated".
        before, after: cases of the session that are not shown.
    """

    when: str
    is_here: bool
    cases: tuple[Neighbour, ...]
    before: Rest | None
    after: Rest | None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A sentence: forms and what is said of them."""

    cells: tuple[Cell, ...]
    words: str


@dataclass(frozen=True, slots=True)
class RepositoryView:
    """
    Attributes:
        summary: how many cases in how many sessions, and when.
        forms: codes of the present case with blanks between them, lower case, as the style sheet asks for them.
        before, after: sessions that are not shown.
        query: finds all cases of the repository in the explorer; "" where the strip shows them all.
    """

    summary: str
    forms: str
    rows: tuple[SessionRow, ...]
    before: Rest | None
    after: Rest | None
    recurrences: tuple[Recurrence, ...]
    query: str


class RepositoryStrips:
    """Makes the strips. A session looks the same on the pages of all others, so its row is made once."""

    def __init__(self, neighbour: MakeNeighbour, cells: Cells) -> None:
        self._neighbour = neighbour
        self._cells = cells
        self._rows: dict[RepositoryKey, tuple[SessionRow, ...]] = {}

    def view(self, repository: Repository, case: Episode) -> RepositoryView:
        """The strip on the page of one of the repository's cases."""
        here, inside = repository.places[case.id]
        sessions = repository.sessions
        forms = self._neighbour(case).forms
        shown = choose_sessions(repository.totals, here)
        rows = self._rows_of(repository, case.key.repository)
        tiles = choose_tiles(len(sessions[here].cases), inside)
        row_here = self._row(sessions[here], tiles, rows[here].when, is_here=True)
        visible = (*rows[shown.start : here], row_here, *rows[here + 1 : shown.stop])
        is_cut = sum(len(row.cases) for row in visible) < repository.totals[-1]
        return RepositoryView(
            summary=summarize(repository),
            forms=" ".join(forms).lower(),
            rows=visible,
            before=self._sessions_before(repository, here, shown.start),
            after=self._sessions_after(repository, shown.stop),
            recurrences=tell_recurrences(forms, *repository.neighbours(here), self._cells),
            query=write_query({"source": [case.key.source]}, words=f'id:"{case.key.repository_id}"') if is_cut else "",
        )

    def _rows_of(self, repository: Repository, key: RepositoryKey) -> tuple[SessionRow, ...]:
        if key not in self._rows:
            days = Counter(session.start.date() for session in repository.sessions if session.start)
            self._rows[key] = tuple(
                self._row(session, choose_tiles(len(session.cases)), _when(session.start, days))
                for session in repository.sessions
            )
        return self._rows[key]

    def _row(self, session: SessionCases, tiles: range, when: str, *, is_here: bool = False) -> SessionRow:
        cases = session.cases
        hidden = len(cases) - tiles.stop
        return SessionRow(
            when=when,
            is_here=is_here,
            cases=tuple(self._neighbour(case) for case in cases[tiles.start : tiles.stop]),
            before=Rest(f"{tiles.start:,} earlier", self._neighbour(cases[tiles.start - 1])) if tiles.start else None,
            after=Rest(f"{hidden:,} more", self._neighbour(cases[tiles.stop])) if hidden else None,
        )

    def _sessions_before(self, repository: Repository, here: int, stop: int) -> Rest | None:
        if not stop:
            return None
        # Of an undated session nobody can say that another is earlier.
        kind = "earlier session" if here < repository.dated else "more session"
        words = f"{_count(stop, kind)} with {_count(repository.totals[stop], 'case')}"
        return Rest(words, self._neighbour(repository.sessions[stop - 1].cases[-1]))

    def _sessions_after(self, repository: Repository, start: int) -> Rest | None:
        count = len(repository.sessions) - start
        if not count:
            return None
        undated = len(repository.sessions) - max(start, repository.dated)
        kind = "later session" if not undated else "undated session" if undated == count else "more session"
        words = f"{_count(count, kind)} with {_count(repository.totals[-1] - repository.totals[start], 'case')}"
        some = f", {undated:,} of them undated" if 0 < undated < count else ""
        return Rest(words + some, self._neighbour(repository.sessions[start].cases[0]))


def choose_sessions(totals: Sequence[int], here: int) -> range:
    """Places of the sessions to show, one run around the present one.

    Args:
        totals: as in `Repository`.
    """
    start, stop, last = here, here + 1, len(totals) - 2
    room = MOST_TILES - min(totals[stop] - totals[start], MOST_HERE)
    while stop - start < MOST_SESSIONS:
        near = (stop, start - 1) if stop - here <= here - start + 1 else (start - 1, stop)
        for place in near:
            if 0 <= place <= last and (tiles := min(totals[place + 1] - totals[place], MOST_ELSEWHERE)) <= room:
                break
        else:
            break
        start, stop = min(start, place), max(stop, place + 1)
        room -= tiles
    return range(start, stop)


def choose_tiles(count: int, inside: int | None = None) -> range:
    """Of the session of the present case those around it, of any other the first."""
    if inside is None:
        return range(min(count, MOST_ELSEWHERE))
    start = max(0, min(inside - MOST_HERE // 2, count - MOST_HERE))
    return range(start, min(count, start + MOST_HERE))


def summarize(repository: Repository) -> str:
    """`15 published cases in 12 sessions, Apr to May 2025`, and how many of them have no date."""
    sessions, dated = repository.sessions, repository.dated
    words = f"{_count(repository.totals[-1], 'published case')} in {_count(len(sessions), 'session')}"
    if not dated:
        return f"{words}, all undated"
    undated = f"; {len(sessions) - dated:,} undated, at the end" if dated < len(sessions) else ""
    return f"{words}, {_span(sessions[0].start, sessions[dated - 1].start)}{undated}"


def tell_recurrences(
    forms: Sequence[str], before: SessionCases | None, after: SessionCases | None, cells: Cells
) -> tuple[Recurrence, ...]:
    """Which forms of a case occur in the session before and in the next one: nothing about why."""
    groups: dict[str, list[Cell]] = {}
    for form in forms:
        words = RECURRENCES.get((_has(before, form), _has(after, form)))
        if words:
            groups.setdefault(words, []).append(cells.cell("form", form))
    return tuple(
        Recurrence(tuple(some), words.format(*("occurs", "does") if len(some) == 1 else ("occur", "do")))
        for words, some in groups.items()
    )


def _has(session: SessionCases | None, form: str) -> bool | None:
    return form in session.forms if session else None


def _when(start: datetime | None, days: Mapping[date, int]) -> str:
    if start is None:
        return "undated"
    return date_name(start) if days[start.date()] == 1 else day_name(start)


def _span(first: datetime | None, last: datetime | None) -> str:
    """`Apr 2025`, `Apr to May 2025`, `Dec 2025 to Jan 2026`."""
    start, end = (month_name(f"{stamp:%Y-%m}") if stamp else "" for stamp in (first, last))
    if start == end:
        return end
    return f"{start[:3] if start[-4:] == end[-4:] else start} to {end}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
