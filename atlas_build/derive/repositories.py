"""Which sessions come from the same repository, in the order of time.

Known are sessions with a published case. Others, between them or not, are not among the input or were held back, so
"the next session" never means more than "the next with a published case".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from atlas_build.model.episode import Episode
from atlas_build.model.identity import sort_value
from atlas_build.model.numbers import RepositoryKey, SessionKey
from atlas_build.model.repositories import Repository, SessionCases


def group_repositories(sessions: Mapping[SessionKey, tuple[Episode, ...]]) -> dict[RepositoryKey, Repository]:
    """Repositories with published cases in more than one session; the cases of a session are in order already."""
    groups: defaultdict[RepositoryKey, list[tuple[Episode, ...]]] = defaultdict(list)
    for (source, repository, _), cases in sessions.items():
        groups[source, repository].append(cases)
    return {key: _order(group) for key, group in groups.items() if len(group) > 1}


def _order(group: Sequence[tuple[Episode, ...]]) -> Repository:
    sessions = sorted(map(_read_session, group), key=_time)
    return Repository(
        sessions=tuple(sessions),
        dated=sum(session.start is not None for session in sessions),
        totals=tuple(accumulate((len(session.cases) for session in sessions), initial=0)),
        places={
            case.id: (place, inside)
            for place, session in enumerate(sessions)
            for inside, case in enumerate(session.cases)
        },
    )


def _read_session(cases: tuple[Episode, ...]) -> SessionCases:
    stamps = [stamp for case in cases if (stamp := case.facts.session.timestamp)]
    forms = frozenset(str(form) for case in cases if case.facts.labels for form in case.facts.labels.forms)
    return SessionCases(min(stamps, default=None), cases, forms)


def _time(session: SessionCases) -> tuple[object, ...]:
    """Sessions that started at the same minute follow by their numbers."""
    return (session.start is None, session.start or datetime.min, sort_value(session.cases[0].key))
