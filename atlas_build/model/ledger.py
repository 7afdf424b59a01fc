"""The ledger of case ids, what people asked to hold back, and what stays at the address of a case that is gone.

The ledger is append-only: one line an id and change, and the last line of an id is its state. After validation an id
is well formed and in its canonical spelling. None of these shapes has room for free text.

A case keeps its id for ever. Its key may change, when upstream counts sessions or episodes anew; the line that says so
names the key before (`renumbered_from`), which stays an alias. An id that takes a key which another id had names that
other id (`key_from`). Whatever is not said in this way is a broken ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  a field is called date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from atlas_build.model.codebook import Source
from atlas_build.model.identity import EpisodeKey, parse_case_id
from atlas_build.model.source import Labels, Model


class CaseStatus(StrEnum):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """No longer in the corpus, or no longer admitted."""
    SUPPRESSED = "suppressed"
    """Held back because somebody asked for it."""


class Reason(StrEnum):
    """Why a case is gone."""

    PRIVACY = "privacy"
    LICENSE = "license"
    OWNER_REQUEST = "owner-request"
    UPSTREAM_RETRACTION = "upstream-retraction"
    DUPLICATE = "duplicate"
    ERROR = "error"


def _canonical(text: str) -> str:
    case_id = parse_case_id(text)
    if case_id is None:
        raise PydanticCustomError("wrong-form", "this is no case id, or one of its characters is wrong")
    return case_id


def _is_canonical(text: str) -> str:
    if _canonical(text) != text:
        raise PydanticCustomError("wrong-form", "a case id is written AMA-xxxx-xxxx here")
    return text


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


CaseId = Annotated[str, Field(max_length=32), AfterValidator(_is_canonical)]
TypedCaseId = Annotated[str, Field(max_length=32), AfterValidator(_canonical)]
"""A case id as a person types it."""
RELEASE_NAME = r"[0-9A-Za-z][0-9A-Za-z._+-]{0,63}"
Release = Annotated[str, Field(pattern=f"^{RELEASE_NAME}$")]
"""The name of a release: it is also a part of a URL."""
KeyPart = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
RepositoryId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$"), BeforeValidator(_number_as_text)]
Digest = Annotated[str, Field(pattern=r"^[A-Za-z0-9:_-]{8,128}$")]
AnchorText = Annotated[str, Field(pattern=r"^a1:[0-9a-f]{16}:[0-9a-z,?]{0,600}$")]
"""What an episode is known by when its numbers change; see `model.renumbering`."""


class FormerKey(Model):
    """The parts of a key that upstream's renumbering can change, as they were before."""

    session_id: KeyPart
    misalignment_id: KeyPart


class LedgerEntry(Model):
    """One line of the ledger: what a release did to one id."""

    id: CaseId
    source: Source
    repository_id: RepositoryId
    session_id: KeyPart
    misalignment_id: KeyPart
    release: Release
    status: CaseStatus
    digest: Digest | None = None
    """Of the case as published; None where nothing was."""
    anchor: AnchorText | None = None
    """None where the session's sha is not recorded."""
    renumbered_from: FormerKey | None = None
    """The key that the case had until this line; it stays an alias."""
    key_from: CaseId | None = None
    """The id that had this key before, and has left it."""
    successor: CaseId | None = None
    """The case that continues a withdrawn one."""
    reason: Reason | None = None
    date: Date | None = None

    @property
    def key(self) -> EpisodeKey:
        return EpisodeKey(self.source.value, self.repository_id, self.session_id, self.misalignment_id)

    @property
    def former_key(self) -> EpisodeKey | None:
        if self.renumbered_from is None:
            return None
        return self.key._replace(**self.renumbered_from.model_dump())

    @property
    def is_gone(self) -> bool:
        return self.status is not CaseStatus.PUBLISHED

    def tombstone(self) -> Tombstone:
        return Tombstone(
            id=self.id,
            status=self.status,
            reason=self.reason,
            date=self.date,
            release=self.release,
            successor=self.successor,
        )

    @model_validator(mode="after")
    def _points_elsewhere(self) -> Self:
        if self.successor == self.id:
            raise PydanticCustomError("wrong-form", "a case cannot be its own successor")
        if self.status is CaseStatus.PUBLISHED and (self.reason or self.successor):
            raise PydanticCustomError("wrong-form", "a published case has neither reason nor successor")
        if self.status is CaseStatus.SUPPRESSED and (self.digest or self.successor):
            raise PydanticCustomError("wrong-form", "a suppressed case has neither digest nor successor")
        return self


class Tombstone(Model):
    """What the page of a case that is gone may say."""

    id: CaseId
    status: CaseStatus
    reason: Reason | None = None
    date: Date | None = None
    release: Release | None = None
    """The release that took it out; None before there was one."""
    successor: CaseId | None = None
    labels: Labels | None = None
    """As last released. A suppressed case keeps none."""

    @model_validator(mode="after")
    def _forgets_what_is_suppressed(self) -> Self:
        if self.status is CaseStatus.SUPPRESSED and (self.labels or self.successor):
            raise PydanticCustomError("wrong-form", "a suppressed case keeps neither labels nor successor")
        return self


class Suppression(Model):
    """A request to hold back one case, one session or a whole repository. It wins over the input for ever."""

    id: TypedCaseId | None = None
    source: Source | None = None
    repository_id: RepositoryId | None = None
    session_id: KeyPart | None = None
    date: Date
    reason: Reason

    @model_validator(mode="after")
    def _names_one_target(self) -> Self:
        by_key = (self.source, self.repository_id, self.session_id)
        is_id_alone = self.id is not None and by_key == (None, None, None)
        is_key_alone = self.id is None and self.source is not None and self.repository_id is not None
        if not (is_id_alone or is_key_alone):
            raise PydanticCustomError(
                "wrong-form", "give either id, or source and repository_id with or without session_id"
            )
        return self

    def matches(self, case_id: str, key: EpisodeKey) -> bool:
        if self.id is not None:
            return self.id == case_id
        is_repository = self.source == key.source and self.repository_id == key.repository_id
        return is_repository and self.session_id in (None, key.session_id)

    def tombstone(self, case_id: str) -> Tombstone:
        return Tombstone(id=case_id, status=CaseStatus.SUPPRESSED, reason=self.reason, date=self.date)


@dataclass(frozen=True)
class Ledger:
    """All lines of a ledger, oldest first."""

    entries: tuple[LedgerEntry, ...] = ()

    @cached_property
    def states(self) -> Mapping[str, LedgerEntry]:
        """Id to its last line."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def aliases(self) -> Mapping[str, tuple[EpisodeKey, ...]]:
        """Id to every key that it ever had, the present one last."""
        keys: dict[str, dict[EpisodeKey, None]] = {}
        for entry in self.entries:
            known = keys.setdefault(entry.id, {})
            known.pop(entry.key, None)
            known[entry.key] = None
        return {case_id: tuple(known) for case_id, known in keys.items()}

    @cached_property
    def anchors(self) -> Mapping[str, str]:
        """Id to its last known anchor."""
        return {entry.id: entry.anchor for entry in self.entries if entry.anchor}

    def owned(self) -> dict[EpisodeKey, str]:
        """Key to the id that took it last, of everything that ever had one, published or gone."""
        return dict(_walk(self.entries).owners)

    def withdrawn(self) -> tuple[LedgerEntry, ...]:
        """The last lines of the cases that are gone, by id."""
        return tuple(self.states[case_id] for case_id in sorted(self.states) if self.states[case_id].is_gone)

    def tombstones(self) -> tuple[Tombstone, ...]:
        return tuple(entry.tombstone() for entry in self.withdrawn())

    def published(self) -> tuple[LedgerEntry, ...]:
        """The last lines of the cases that are published, by id."""
        return tuple(self.states[case_id] for case_id in sorted(self.states) if not self.states[case_id].is_gone)

    def before(self, release: str) -> Ledger:
        """The ledger as it was when `release` began."""
        place = next((i for i, entry in enumerate(self.entries) if entry.release == release), len(self.entries))
        return Ledger(self.entries[:place])

    def releases(self) -> tuple[str, ...]:
        """Names of the releases that wrote lines, oldest first."""
        return tuple(dict.fromkeys(entry.release for entry in self.entries))


def spell_line(entry: LedgerEntry) -> bytes:
    """A line as the digest of a ledger takes it, however the file spells it."""
    return entry.model_dump_json(exclude_none=True).encode("utf-8") + b"\n"


def digest_lines(entries: Iterable[LedgerEntry]) -> str:
    """What a release file keeps of the ledger, to notice whatever is edited later: `l1:` and the SHA-256."""
    return f"l1:{hashlib.sha256(b''.join(map(spell_line, entries))).hexdigest()}"


@dataclass(frozen=True)
class LedgerBreach:
    """Why a ledger cannot be trusted.

    Attributes:
        place: position of the line among the entries, from 0.
        rule: short kebab-case id.
    """

    place: int
    rule: str
    message: str


def find_ledger_breach(entries: Iterable[LedgerEntry]) -> LedgerBreach | None:
    """The first line that loses, reuses or silently changes an id or a key; None when all lines agree."""
    return _walk(tuple(entries)).breach


@dataclass
class _Walk:
    """The state of a ledger while its lines are read one after the other."""

    states: dict[str, LedgerEntry]
    owners: dict[EpisodeKey, str]
    releases: set[str]
    breach: LedgerBreach | None = None


def _walk(entries: tuple[LedgerEntry, ...]) -> _Walk:
    """Read lines in order. The breach is that of the first bad line; owners count all lines."""
    walk = _Walk({}, {}, set())
    start = 0
    for place, entry in enumerate(entries):
        if place and entry.release != entries[place - 1].release:
            _end_release(walk, start, entries[start:place])
            start = place
        found = _fault(walk, entry, is_first=start == place)
        if found and walk.breach is None:
            walk.breach = LedgerBreach(place, *found)
        before = walk.states.get(entry.id)
        if before is None or before.key != entry.key:
            walk.owners[entry.key] = entry.id
        walk.states[entry.id] = entry
        walk.releases.add(entry.release)
    _end_release(walk, start, entries[start:])
    return walk


def _fault(walk: _Walk, entry: LedgerEntry, *, is_first: bool) -> tuple[str, str] | None:
    """What one line does that it must not."""
    before = walk.states.get(entry.id)
    if is_first and entry.release in walk.releases:
        return "release-out-of-order", "its release has ended before; lines of one release stand together"
    if before is not None and before.release == entry.release:
        return "id-twice", "the id has a line in this release already; there is one an id and release"
    if before is not None and before.status is CaseStatus.SUPPRESSED:
        return "suppressed-returned", "the id was suppressed, and what is suppressed never changes again"
    return _key_fault(walk, entry, before)


def _key_fault(walk: _Walk, entry: LedgerEntry, before: LedgerEntry | None) -> tuple[str, str] | None:
    """What the line says of its key against what is known of it."""
    before_key = before.key if before is not None else entry.key
    if entry.former_key not in (None, before_key) or (entry.former_key is None and before_key != entry.key):
        return "id-reused", "the id belongs to another key; an id changes its key only by `renumbered_from`"
    if entry.former_key == entry.key or (before is None and entry.former_key is not None):
        return "renumbered-from-nothing", "`renumbered_from` names no key that the id had"
    holder = walk.owners.get(entry.key, entry.id)
    claims = before is None or before.key != entry.key
    if claims and holder != entry.id and entry.key_from is None:
        return "key-with-two-ids", "the key already has another id; a key changes its id only by `key_from`"
    if entry.key_from is not None and (not claims or entry.key_from != holder or holder == entry.id):
        return "key-from-nobody", "`key_from` is not the id that had this key"
    return None


def _end_release(walk: _Walk, start: int, group: tuple[LedgerEntry, ...]) -> None:
    """After a release every key has at most one published id."""
    if walk.breach is not None:
        return
    by_key: dict[EpisodeKey, str] = {}
    taken = {entry.key for entry in group}
    for entry in walk.states.values():
        if entry.key in taken and not entry.is_gone and by_key.setdefault(entry.key, entry.id) != entry.id:
            place = max(i for i, line in enumerate(group) if line.key == entry.key)
            message = "the key has two published ids after this release; a key never has two"
            walk.breach = LedgerBreach(start + place, "key-with-two-ids", message)
            return
