"""A release: which cases were published, with which labels, and what has happened to each since. No text.

`ReleaseRecord` is the file `releases/<version>.json` of a corpus folder. `Chronicle` is what all of them say together,
for pages, feeds and comparisons. After validation a record's cases are sorted by id and no id stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812  a field is called date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from atlas_build.model.codebook import Confidence, Goal, Source, Workflow
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.ledger import AnchorText, CaseId, CaseStatus, Digest, KeyPart, Release, RepositoryId, Tombstone
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import Labels, Model

RECIPE = "c1"
"""How content digests are made; docs/releases.md describes it."""
VERSION = re.compile(r"([0-9]{4})\.(0[1-9]|1[0-2])\.(0|[1-9][0-9]{0,3})")


def parse_version(text: str) -> tuple[int, int, int] | None:
    """`2026.11.0` as numbers that sort; None for anything that is not year, two-digit month and number."""
    match = VERSION.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


class SessionFacts(Model):
    """What readers can filter by beside labels. None: not recorded."""

    agent: str | None = None
    month: Annotated[str | None, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")] = None
    turns: Annotated[int | None, Field(ge=0)] = None
    """Of developer and agent together."""


class ReleaseCase(Model):
    """One case as a release published it."""

    id: CaseId
    source: Source
    repository_id: RepositoryId
    session_id: KeyPart
    misalignment_id: KeyPart
    anchor: AnchorText | None = None
    digest: Digest
    """Of everything below and the texts."""
    text: Digest
    """Of the scrubbed texts alone."""
    evidence: Digest
    """Of the scrubbed quotes alone: breaks ties when upstream counts anew, under the same scrubbing rules."""
    labels: Labels
    goal: Goal | None = None
    confidence: Confidence | None = None
    workflow: Workflow | None = None
    facts: SessionFacts | None = None
    """None in a file that was written before there were facts in it."""
    license: Annotated[str, Field(max_length=300)]
    redactions: dict[Kind, int] = Field(default_factory=dict)

    @property
    def key(self) -> EpisodeKey:
        return EpisodeKey(self.source.value, self.repository_id, self.session_id, self.misalignment_id)


class ReleaseNumbers(Model):
    """The funnel of one release: records, then valid episodes, then cases. None is what a comparison cannot know."""

    read: int | None = None
    well_formed: int | None = None
    valid: int | None = None
    admitted: int | None = None
    published: int
    suppressed: int | None = None
    excluded: dict[str, int] = Field(default_factory=dict)
    """Reason code of the license gate -> valid episodes."""


class ReleaseRecord(Model):
    """One release file.

    Attributes:
        cases: published in this release, but those of `removed`.
        removed: published in this release and taken down since. Nothing else of them stays.
        ledger: digest of all lines of the ledger up to those of this release.
        gone: every id that this release or an earlier one took out and that was out when this release was made.
    """

    format: Literal["misalignment-atlas release 1"] = "misalignment-atlas release 1"
    version: Release
    date: Date | None
    """None for what has not been released."""
    previous: Release | None = None
    recipe: str = RECIPE
    scrub_rules: Digest
    ledger: Digest | None = None
    numbers: ReleaseNumbers
    cases: tuple[ReleaseCase, ...]
    removed: tuple[Tombstone, ...] = ()
    gone: tuple[Tombstone, ...] = ()

    @model_validator(mode="after")
    def _is_sorted(self) -> Self:
        for name in ("cases", "removed", "gone"):
            ids = [item.id for item in getattr(self, name)]
            if ids != sorted(set(ids)):
                raise PydanticCustomError("wrong-form", "the ids of a list must be sorted, each once")
        if not self.by_id.keys().isdisjoint(item.id for item in self.removed):
            raise PydanticCustomError("wrong-form", "a removed case still stands among the cases")
        if any(item.status is not CaseStatus.SUPPRESSED for item in self.removed):
            raise PydanticCustomError("wrong-form", "removed cases are suppressed ones")
        return self

    @cached_property
    def by_id(self) -> dict[str, ReleaseCase]:
        return {case.id: case for case in self.cases}

    @cached_property
    def ids(self) -> frozenset[str]:
        """All ids that this release published, also those taken down since."""
        return frozenset({*self.by_id, *(item.id for item in self.removed)})

    def without(self, suppressed: Mapping[str, Tombstone]) -> ReleaseRecord:
        """The record after a takedown: of a suppressed case nothing but id, date, reason code and release stays."""
        if suppressed.keys().isdisjoint(self.by_id) and suppressed.keys().isdisjoint(item.id for item in self.gone):
            return self
        removed = {item.id: item for item in self.removed}
        removed |= {case_id: suppressed[case_id] for case_id in self.by_id if case_id in suppressed}
        gone = tuple(suppressed.get(item.id, item) for item in self.gone)
        fields = {name: getattr(self, name) for name in ReleaseRecord.model_fields}
        fields["cases"] = tuple(case for case in self.cases if case.id not in suppressed)
        fields["removed"] = tuple(removed[case_id] for case_id in sorted(removed))
        return ReleaseRecord.model_validate({**fields, "gone": gone})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one case, before and after, as it is printed; "" where there was nothing."""

    field: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        return f"{self.field} {self.old or 'none'} → {self.new or 'none'}" if self.old or self.new else self.field


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed in one case."""

    id: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """How many cases exchanged one label for another; "" stands for none."""

    axis: str
    old: str
    new: str
    count: int


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number before and after. `group`: what it counts (cases, form, license ...)."""

    group: str
    name: str
    old: int
    new: int


@dataclass(frozen=True)
class Comparison:
    """One state of a corpus against an earlier one.

    Attributes:
        old, new: names of the two; `old` is "" for the first release.
        renumbered: ids whose key changed.
        withdrawn, suppressed: tombstones of what `new` has no more.
        flips: label changes, most frequent first on each axis.
        numbers: every number of either side.
        is_scrubbed_otherwise: the scrubbing rules differ.
    """

    old: str
    new: str
    date: Date | None
    added: tuple[str, ...]
    revised: tuple[Revision, ...]
    returned: tuple[str, ...]
    renumbered: tuple[str, ...]
    withdrawn: tuple[Tombstone, ...]
    suppressed: tuple[Tombstone, ...]
    flips: tuple[Flip, ...]
    numbers: tuple[NumberChange, ...]
    is_scrubbed_otherwise: bool

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.revised or self.returned or self.withdrawn or self.suppressed)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What one release did to one case. `kind`: published, revised, withdrawn, suppressed or returned."""

    release: str
    """"" for what has not been released."""
    date: Date | None
    kind: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """The life of one case, release by release.

    Attributes:
        states: (release, fields as printed, None while the case was gone) of every release that changed it.
    """

    events: tuple[CaseEvent, ...]
    states: tuple[tuple[str, dict[str, str] | None], ...]


@dataclass(frozen=True)
class Chronicle:
    """All releases of a corpus, oldest first.

    Attributes:
        releases: the records, without what was taken down since.
        comparisons: one a release, against the one before.
        histories: id -> its life, of every id that was ever released.
        version, date: the release that the site shows; None when its cases differ from the last release's.
        pending: what differs from the last release, when nobody has released it yet.
    """

    releases: tuple[ReleaseRecord, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    histories: Mapping[str, CaseHistory] = field(default_factory=dict)
    version: str | None = None
    date: Date | None = None
    pending: Comparison | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(record.version for record in self.releases)
