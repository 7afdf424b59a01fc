"""What a session mapping adds to the episodes: facts that their own records lack, and contradictions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from atlas_build.model.source import Origin, Session, SourceEpisode
from atlas_build.read.dialect import SessionKey, SessionRow
from atlas_build.read.twins import place, where
from atlas_build.report import Finding

_NUMBERED = re.compile(r"session_0*([0-9]{1,9})")
_FACTS = tuple(Session.model_fields)


@dataclass(frozen=True)
class SessionMapping:
    """The sessions on which all rows agree."""

    sessions: dict[SessionKey, SessionRow] = field(default_factory=dict)
    conflicts: list[tuple[Origin, Finding]] = field(default_factory=list)


@dataclass(frozen=True)
class Filled:
    episodes: list[SourceEpisode]
    fields: Counter[str]
    """How many missing values of each field the mapping supplied."""
    warnings: list[Finding]


def settle_sessions(rows: Iterable[SessionRow]) -> SessionMapping:
    """One row a session; rows of one session that differ are all set aside."""
    groups: dict[SessionKey, list[SessionRow]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    mapping = SessionMapping()
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda row: place(row.origin))
        if all(row.session == group[0].session and row.license_raw == group[0].license_raw for row in group):
            mapping.sessions[key] = group[0]
        else:
            mapping.conflicts.extend((row.origin, _conflict(row)) for row in group)
    return mapping


def _conflict(row: SessionRow) -> Finding:
    return Finding(
        rule="session-conflict",
        where=where(row.origin),
        key="/".join(map(str, row.key)),
        message="another row of the same session says something else; keep the right one",
    )


def fill_sessions(episodes: Sequence[SourceEpisode], sessions: Mapping[SessionKey, SessionRow]) -> Filled:
    """Take from the mapping what a record does not have. What it has stays; a contradiction is a warning."""
    filled = Filled([], Counter(), [])
    for episode in episodes:
        number = _session_number(episode)
        row = None if number is None else sessions.get((*episode.facts.key[:2], number))
        filled.episodes.append(_fill(episode, row, filled) if row else episode)
    return filled


def _session_number(episode: SourceEpisode) -> int | None:
    """The session's recorded number, or the one in its name: `session_007` is session 7 by upstream's definition."""
    if episode.facts.session.number is not None:
        return episode.facts.session.number
    match = _NUMBERED.fullmatch(episode.facts.key.session_id)
    return int(match[1]) if match else None


def _fill(episode: SourceEpisode, row: SessionRow, filled: Filled) -> SourceEpisode:
    own = {**episode.facts.session.__dict__, "license": episode.license_raw}
    given = {**row.session.__dict__, "license": row.license_raw}
    missing = [name for name in own if own[name] is None and given[name] is not None]
    differing = [name for name in own if own[name] is not None and given[name] not in (None, own[name])]
    if differing:
        filled.warnings.append(
            Finding(
                rule="session-differs",
                where=where(episode.origin),
                key=str(episode.facts.key),
                field=", ".join(differing),
                message=f"differs from {where(row.origin)}; the record's own value is used, check which one is right",
            )
        )
    if not missing:
        return episode
    filled.fields.update(missing)
    update = {name: given[name] for name in missing if name in _FACTS}
    facts = episode.facts.model_copy(update={"session": episode.facts.session.model_copy(update=update)})
    return episode.model_copy(update={"facts": facts, "license_raw": own["license"] or given["license"]})
