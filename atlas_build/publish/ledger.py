"""What a release appends to the ledger, and what it refuses to append."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812  as the ledger's field
from typing import Any

import orjson

from atlas_build.errors import PublishError
from atlas_build.model.codebook import Source
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.ledger import (
    CaseStatus,
    FormerKey,
    Ledger,
    LedgerEntry,
    Reason,
    Tombstone,
    find_ledger_breach,
)
from atlas_build.model.release import ReleaseCase

MOST_WITHDRAWN = 0.10
"""Share of the published cases that one release may take out without being told to."""


@dataclass(frozen=True)
class Outcome:
    """What a build found of every id, for the ledger.

    Attributes:
        cases: published by this build, by id.
        tombstones: gone, by id, with status, reason and date as far as they are known.
        held: key and anchor of suppressed episodes of the input, by id.
        reasons: why a published case is not published any more, by id; upstream's retraction where none is given.
        successors: id of a withdrawn case -> the case that continues it.
    """

    cases: Mapping[str, ReleaseCase]
    tombstones: Mapping[str, Tombstone]
    held: Mapping[str, tuple[EpisodeKey, str | None]]
    reasons: Mapping[str, Reason]
    successors: Mapping[str, str] = field(default_factory=dict)


def draft_entries(ledger: Ledger, outcome: Outcome, release: str, day: Date) -> tuple[LedgerEntry, ...]:
    """The lines of one release, by id: new, changed, withdrawn, suppressed, returned.

    Raises:
        PublishError: an id would be lost, reused or changed.
    """
    drafts: list[LedgerEntry] = []
    for case_id in sorted(ledger.states.keys() | outcome.cases.keys() | outcome.held.keys()):
        entry = _draft_entry(ledger, outcome, case_id, release, day)
        if entry is not None:
            drafts.append(entry)
    entries = _name_former_owners(ledger, drafts)
    breach = find_ledger_breach((*ledger.entries, *entries))
    if breach:
        raise PublishError(
            f"the release would break the ledger: {breach.message} [{breach.rule}]",
            details=[entries[breach.place - len(ledger.entries)].id],
            hint="this is a fault of the program; nothing was published; please report it",
        )
    return entries


def _draft_entry(ledger: Ledger, outcome: Outcome, case_id: str, release: str, day: Date) -> LedgerEntry | None:
    before, case = ledger.states.get(case_id), outcome.cases.get(case_id)
    if case is not None:
        return _draft_published(before, case, release, day)
    gone = outcome.tombstones.get(case_id) or Tombstone(id=case_id, status=CaseStatus.WITHDRAWN)
    if before is not None and (before.status is gone.status or before.status is CaseStatus.SUPPRESSED):
        return None
    if gone.status is CaseStatus.SUPPRESSED:
        return _draft_suppressed(before, outcome, gone, release, day)
    if before is None or before.is_gone:
        return None
    return LedgerEntry(
        id=case_id,
        **_key_fields(before.key),
        release=release,
        status=CaseStatus.WITHDRAWN,
        successor=outcome.successors.get(case_id),
        reason=gone.reason or outcome.reasons.get(case_id, Reason.UPSTREAM_RETRACTION),
        date=day,
    )


def _draft_published(before: LedgerEntry | None, case: ReleaseCase, release: str, day: Date) -> LedgerEntry | None:
    is_same = before is not None and not before.is_gone and before.digest == case.digest
    if before is not None and is_same and (before.key, before.anchor) == (case.key, case.anchor):
        return None
    return LedgerEntry(
        id=case.id,
        **_key_fields(case.key),
        release=release,
        status=CaseStatus.PUBLISHED,
        digest=case.digest,
        anchor=case.anchor,
        renumbered_from=_former(before, case.key),
        date=day,
    )


def _draft_suppressed(
    before: LedgerEntry | None, outcome: Outcome, gone: Tombstone, release: str, day: Date
) -> LedgerEntry | None:
    """A line also for what never was published: its id has a page, and its anchor must be known when numbers change."""
    if before is None and gone.id not in outcome.held:
        return None
    key, anchor = outcome.held.get(gone.id) or (before.key if before else None, None)
    assert key is not None, "either the ledger or the input knows the key"
    return LedgerEntry(
        id=gone.id,
        **_key_fields(key),
        release=release,
        status=CaseStatus.SUPPRESSED,
        anchor=anchor,
        renumbered_from=_former(before, key),
        reason=gone.reason,
        date=gone.date or day,
    )


def _key_fields(key: EpisodeKey) -> dict[str, Any]:
    return {**key._asdict(), "source": Source(key.source)}


def _former(before: LedgerEntry | None, key: EpisodeKey) -> FormerKey | None:
    if before is None or before.key == key:
        return None
    return FormerKey(session_id=before.session_id, misalignment_id=before.misalignment_id)


def _name_former_owners(ledger: Ledger, drafts: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Where an id takes a key that another one had, the line says so."""
    owners = ledger.owned()
    entries: list[LedgerEntry] = []
    for draft in drafts:
        before = ledger.states.get(draft.id)
        entry = draft
        if before is None or before.key != draft.key:
            holder = owners.get(draft.key, draft.id)
            if holder != draft.id:
                entry = draft.model_copy(update={"key_from": holder})
            owners[draft.key] = draft.id
        entries.append(entry)
    return tuple(entries)


def refuse_mass_withdrawal(ledger: Ledger, entries: Iterable[LedgerEntry], allowed: int | None) -> None:
    """
    Args:
        allowed: how many cases this release may take out; None for a tenth of those published.

    Raises:
        PublishError: more would go.
    """
    published = {entry.id for entry in ledger.published()}
    going = sorted(entry.id for entry in entries if entry.is_gone and entry.id in published)
    limit = int(MOST_WITHDRAWN * len(published)) if allowed is None else allowed
    if len(going) > limit:
        raise PublishError(
            f"this release would take out {len(going):,} of {len(published):,} published cases; {limit:,} are allowed",
            details=[*going[:20], *([f"and {len(going) - 20:,} more"] if len(going) > 20 else [])],
            hint=f"look at why they go (`diff` shows it); if it is meant, say --allow-withdrawals {len(going)}",
        )


def write_entries(entries: Iterable[LedgerEntry]) -> bytes:
    """The lines to append, one JSON object each, without empty fields."""
    return b"".join(
        orjson.dumps(entry.model_dump(mode="json", exclude_none=True), option=orjson.OPT_APPEND_NEWLINE)
        for entry in entries
    )


def append(old: bytes, lines: bytes) -> bytes:
    """The ledger's bytes with further lines; what stands there stays byte for byte."""
    return old + (b"\n" if old and not old.endswith(b"\n") else b"") + lines
