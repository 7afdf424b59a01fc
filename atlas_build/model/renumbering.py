"""Which episode is which, when upstream has counted sessions or episodes anew.

A natural key is made of sequence numbers. An episode is known again by its *anchor*: the session's sha and the turns
of its evidence, both inside one repository. Where several episodes share an anchor, the digests of their scrubbed
evidence decide; without those, the numbers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from atlas_build.model.episode import parse_turn
from atlas_build.model.identity import EpisodeKey, sort_value
from atlas_build.model.source import Evidence

UNREADABLE_TURN = "?"
MOST_TURNS = 64
"""More turns than this say nothing more about which episode it is."""


def make_anchor(key: EpisodeKey, sha: str | None, evidence: Iterable[Evidence]) -> str | None:
    """`a1:<session>:<turns>`, such as `a1:069b6b30e5b8769a:3u,5a`; None where the session's sha is not recorded.

    The session is 16 digits of the SHA-256 of source, repository and sha. Turns are numbers and the first letter of
    the role; nothing of the text goes in.
    """
    if not sha:
        return None
    turns = sorted({_name_turn(item.turn) for item in evidence})[:MOST_TURNS]
    session = hashlib.sha256("\n".join((key.source, key.repository_id, sha)).encode("utf-8", "surrogatepass"))
    return f"a1:{session.hexdigest()[:16]}:{','.join(name for _, name in turns)}"


def _name_turn(turn: str) -> tuple[int, str]:
    number, role = parse_turn(turn)
    if number is None or not role or not "a" <= role[0].lower() <= "z":
        return 10**6, UNREADABLE_TURN
    return number, f"{number}{role[0].lower()}"


def session_of(anchor: str) -> str:
    """The part of an anchor that all episodes of one session share."""
    return anchor.rpartition(":")[0]


def _turns_of(anchor: str | None) -> frozenset[str]:
    return frozenset((anchor or "").rpartition(":")[2].split(","))


class Known(NamedTuple):
    """A case of the ledger. `aliases`: the keys it had before, not the present one."""

    id: str
    key: EpisodeKey
    aliases: tuple[EpisodeKey, ...]
    anchor: str | None
    is_held: bool
    """Suppressed: in doubt an episode is this one, so that it stays away."""


class Found(NamedTuple):
    """An episode of the input."""

    key: EpisodeKey
    anchor: str | None


@dataclass(frozen=True)
class Tie:
    """Episodes that share an anchor, with the ids they have for now; `is_held` when one of the ids is suppressed."""

    keys: tuple[EpisodeKey, ...]
    is_held: bool


@dataclass(frozen=True)
class Matching:
    """
    Attributes:
        ids: key of the input -> id of the ledger. Keys that are not in it are new episodes.
        ties: groups in which a digest of the evidence may know better.
    """

    ids: Mapping[EpisodeKey, str]
    ties: tuple[Tie, ...]


def match_episodes(known: Iterable[Known], found: Iterable[Found]) -> Matching:
    """Find the cases of the ledger in the input. No id goes to two episodes, and no episode gets two ids."""
    matcher = _Matcher(sorted(known), sorted(found, key=lambda one: sort_value(one.key)))
    matcher.match_keys(_is_same_place)
    matcher.match_anchors()
    matcher.match_keys(_is_revised)
    matcher.match_keys(_is_corrected)
    matcher.match_aliases()
    return Matching(dict(matcher.ids), tuple(matcher.ties()))


def _is_same_place(case: Known, episode: Found) -> bool:
    return case.anchor is None or episode.anchor is None or case.anchor == episode.anchor


def _is_revised(case: Known, episode: Found) -> bool:
    """The session is the same, and at least one turn; of what is held back, the session is enough."""
    is_same_session = session_of(case.anchor or "") == session_of(episode.anchor or "")
    return is_same_session and (case.is_held or _share_turns(case, episode))


def _is_corrected(case: Known, episode: Found) -> bool:
    """The sha of the session was corrected and the turns are the same; of what is held back, one turn is enough."""
    is_same = _turns_of(case.anchor) == _turns_of(episode.anchor)
    return is_same or (case.is_held and _share_turns(case, episode))


def _is_held(case: Known, episode: Found) -> bool:
    """What is held back, under a key that it had once."""
    return case.is_held and (_is_revised(case, episode) or _is_corrected(case, episode))


def _share_turns(case: Known, episode: Found) -> bool:
    return not _turns_of(case.anchor).isdisjoint(_turns_of(episode.anchor))


@dataclass
class _Matcher:
    """Cases and episodes that have not found each other yet, step by step."""

    cases: Sequence[Known]
    episodes: Sequence[Found]
    ids: dict[EpisodeKey, str] = field(default_factory=dict)
    matched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_key = {episode.key: episode for episode in self.episodes}
        self.by_anchor: dict[str, list[Found]] = {}
        for episode in self.episodes:
            if episode.anchor:
                self.by_anchor.setdefault(episode.anchor, []).append(episode)

    def match_keys(self, agrees: Callable[[Known, Found], bool]) -> None:
        """By the present key. Of two ids that have one key the published one comes first."""
        for case in sorted(self._open_cases(), key=lambda one: (not one.is_held, one.id)):
            episode = self.by_key.get(case.key)
            if episode and episode.key not in self.ids and agrees(case, episode):
                self._take(case, episode)

    def match_anchors(self) -> None:
        """By anchor: first those whose number in the session is the same, then in the order of their keys."""
        groups: dict[str, list[Known]] = {}
        for case in self._open_cases():
            if case.anchor in self.by_anchor:
                groups.setdefault(case.anchor, []).append(case)
        for anchor, cases in sorted(groups.items()):
            for case in cases:
                number = case.key.misalignment_id
                same = [one for one in self._open(anchor) if one.key.misalignment_id == number]
                if len(same) == 1:
                    self._take(case, same[0])
            rest = [case for case in cases if case.id not in self.matched]
            # When there are fewer episodes than cases, what is held back comes first.
            left = self._open(anchor)
            rest = sorted(rest, key=lambda one: (not one.is_held, sort_value(one.key)))[: len(left)]
            rest.sort(key=lambda one: sort_value(one.key))
            for case, episode in zip(rest, left, strict=False):
                self._take(case, episode)

    def match_aliases(self) -> None:
        """By a key that the case had before, when upstream has gone back to it."""
        for case in self._open_cases():
            for key in reversed(case.aliases):
                episode = self.by_key.get(key)
                if episode and key not in self.ids and (_is_same_place(case, episode) or _is_held(case, episode)):
                    self._take(case, episode)
                    break

    def ties(self) -> Iterator[Tie]:
        held = {case.id for case in self.cases if case.is_held}
        for anchor in sorted(self.by_anchor):
            keys = tuple(episode.key for episode in self.by_anchor[anchor])
            if len(keys) > 1 and any(key in self.ids for key in keys):
                yield Tie(keys, any(self.ids.get(key) in held for key in keys))

    def _open(self, anchor: str) -> list[Found]:
        return [episode for episode in self.by_anchor[anchor] if episode.key not in self.ids]

    def _open_cases(self) -> list[Known]:
        return [case for case in self.cases if case.id not in self.matched]

    def _take(self, case: Known, episode: Found) -> None:
        self.ids[episode.key] = case.id
        self.matched.add(case.id)


def settle_tie(
    ids: Mapping[EpisodeKey, str], now: Mapping[EpisodeKey, str], before: Mapping[str, str]
) -> dict[EpisodeKey, str]:
    """Deal the ids of one tie out anew, as the evidence says.

    Args:
        ids: the tie's keys with the ids they have for now.
        now: digest of the scrubbed evidence, by key.
        before: the same by id, as last released; without ids that were not.

    Returns:
        The same ids over the same keys. Where digests are silent or not unique, ids stay where they are if they can.
    """
    by_digest: dict[str, list[EpisodeKey]] = {}
    for key in sorted(ids, key=sort_value):
        by_digest.setdefault(now[key], []).append(key)
    wanted = [before[case_id] for case_id in ids.values() if case_id in before]
    settled: dict[EpisodeKey, str] = {}
    for case_id in sorted(ids.values()):
        digest = before.get(case_id, "")
        keys = by_digest.get(digest, [])
        if len(keys) == 1 and wanted.count(digest) == 1:
            settled[keys[0]] = case_id
    dealt = set(settled.values())
    stay = {key: case_id for key, case_id in ids.items() if key not in settled and case_id not in dealt}
    settled |= stay
    left = sorted(set(ids.values()) - set(settled.values()))
    for key, case_id in zip((key for key in sorted(ids, key=sort_value) if key not in settled), left, strict=True):
        settled[key] = case_id
    return settled
