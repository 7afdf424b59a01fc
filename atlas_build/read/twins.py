"""One episode a key: identical records collapse, different ones are set aside, the richer dialect stands for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from atlas_build.model.identity import EpisodeKey
from atlas_build.model.source import Labels, Origin, SourceEpisode
from atlas_build.report import Finding


@dataclass(frozen=True, slots=True)
class Reading:
    """An episode and the rank of the dialect it was read from."""

    episode: SourceEpisode
    rank: int


@dataclass(frozen=True)
class Settled:
    """What is left of all readings: each is in exactly one of `episodes`, `conflicts` and `collapsed`."""

    episodes: list[SourceEpisode] = field(default_factory=list)
    conflicts: list[tuple[Origin, Finding]] = field(default_factory=list)
    collapsed: list[Origin] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def settle_episodes(readings: Iterable[Reading]) -> Settled:
    """Decide every key. The result does not depend on the order of the readings."""
    groups: dict[EpisodeKey, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.episode.facts.key, []).append(reading)
    settled = Settled()
    for key in sorted(groups):
        group = groups[key]
        if len(group) > 1:
            group.sort(key=lambda reading: (reading.rank, *place(reading.episode.origin)))
        if _is_disputed(group):
            settled.conflicts.extend((reading.episode.origin, _conflict(group, reading)) for reading in group)
        else:
            settled.episodes.append(group[0].episode)
            settled.collapsed.extend(reading.episode.origin for reading in group[1:])
            settled.warnings.extend(_differing_twins(group))
    return settled


def place(origin: Origin) -> tuple[str, int]:
    """For sorting."""
    return origin.file, origin.record


def where(origin: Origin) -> str:
    return f"{origin.file}, record {origin.record}"


def _is_disputed(group: Sequence[Reading]) -> bool:
    """Two records of the best dialect say different things."""
    first = group[0]
    return any(reading.rank == first.rank and not _is_same(reading, first) for reading in group[1:])


def _is_same(one: Reading, other: Reading) -> bool:
    a, b = one.episode, other.episode
    return a.facts == b.facts and a.license_raw == b.license_raw and a.text == b.text


def _conflict(group: Sequence[Reading], reading: Reading) -> Finding:
    others = [where(other.episode.origin) for other in group if other is not reading]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return Finding(
        rule="key-conflict",
        where=where(reading.episode.origin),
        key=str(reading.episode.facts.key),
        message=f"the key is also that of {'; '.join(others[:3])}{more}, and they differ; keep the right one",
    )


def _differing_twins(group: Sequence[Reading]) -> Iterator[Finding]:
    """Poorer records that contradict the one that stands for them."""
    for reading in group[1:]:
        fields = _differences(group[0].episode, reading.episode) if reading.rank > group[0].rank else []
        if fields:
            yield Finding(
                rule="twin-differs",
                where=where(reading.episode.origin),
                key=str(reading.episode.facts.key),
                field=", ".join(fields),
                message=f"differs from {where(group[0].episode.origin)}, which is used; check which one is right",
            )


def _differences(one: SourceEpisode, other: SourceEpisode) -> list[str]:
    names = ["validation", "goal", "confidence"]
    found = [name for name in names if _contradict(getattr(one.facts, name), getattr(other.facts, name))]
    if _contradict(one.license_raw, other.license_raw):
        found.append("license")
    if one.facts.labels and other.facts.labels and _plain(one.facts.labels) != _plain(other.facts.labels):
        found.append("labels")
    return found


def _contradict(one: object, other: object) -> bool:
    """Both are recorded, and not the same."""
    return one is not None and other is not None and one != other


def _plain(labels: Labels) -> tuple[object, ...]:
    """Labels as a flat row can express them: no order, and the first tier of a cause that is given twice."""
    causes = {cause.label: cause.tier for cause in reversed(labels.causes)}
    return frozenset(labels.forms), causes, labels.severity, labels.locus, labels.status, labels.resolver
