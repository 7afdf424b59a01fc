"""The ledger of case ids, what people asked to hold back, and what stays at the address of a case that is gone.

The ledger is append-only: one line an id and change, and the last line of an id is its state. After validation an id
is well formed and in its canonical spelling. None of these shapes has room for free text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  a field is called date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from atlas_build.model.codebook import Source
from atlas_build.model.identity import EpisodeKey, parse_case_id
from atlas_build.model.source import Model


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
Release = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$")]
"""The name of a release: it is also a part of a URL."""
KeyPart = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
RepositoryId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$"), BeforeValidator(_number_as_text)]


class LedgerEntry(Model):
    """One line of the ledger: what a release did to one id."""

    id: CaseId
    source: Source
    repository_id: RepositoryId
    session_id: KeyPart
    misalignment_id: KeyPart
    release: Release
    status: CaseStatus
    digest: Annotated[str, Field(pattern=r"^[A-Za-z0-9:_-]{8,128}$")] | None = None
    """Of the case as published; None where nothing was."""
    successor: CaseId | None = None
    """The case that continues a withdrawn one."""
    reason: Reason | None = None
    date: Date | None = None

    @property
    def key(self) -> EpisodeKey:
        return EpisodeKey(self.source.value, self.repository_id, self.session_id, self.misalignment_id)

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
    """All lines of a ledger, oldest first. An id keeps its key for ever, and a key its id."""

    entries: tuple[LedgerEntry, ...] = ()

    @cached_property
    def states(self) -> Mapping[str, LedgerEntry]:
        """Id to its last line."""
        return {entry.id: entry for entry in self.entries}

    def owned(self) -> dict[EpisodeKey, str]:
        """Key to id, of everything that ever had one, published or gone."""
        return {entry.key: case_id for case_id, entry in self.states.items()}

    def withdrawn(self) -> tuple[LedgerEntry, ...]:
        """The last lines of the cases that are gone, by id."""
        return tuple(self.states[case_id] for case_id in sorted(self.states) if self.states[case_id].is_gone)

    def tombstones(self) -> tuple[Tombstone, ...]:
        return tuple(entry.tombstone() for entry in self.withdrawn())
