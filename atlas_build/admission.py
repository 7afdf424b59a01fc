"""Which episodes go on: those whose license the gate admits and that nobody asked to hold back.

This is the only place where an `AdmittedEpisode` is made. Of every other episode nothing but source, license and
labels leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from atlas_build.licenses.gate import LicenseGate, Verdict
from atlas_build.model.codebook import Validation
from atlas_build.model.episode import AdmittedEpisode, LabelRecord, LicenseGrant
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.ledger import CaseStatus, Ledger, LedgerEntry, Suppression, Tombstone
from atlas_build.model.source import SourceEpisode


@dataclass(frozen=True)
class Admission:
    """What came through the gate, and the account of what did not.

    Attributes:
        admitted: episodes and rejected candidates with text, under an allowed license, by key.
        records: one label record of every episode read, for aggregate counts.
        excluded: reason -> valid episodes that the gate excluded.
        admitted_licenses: SPDX expression -> valid admitted episodes.
        excluded_licenses: (license as recorded, reason) -> valid excluded episodes.
        identified: (case id, episode) of what is to be published; empty until `suppress`.
        suppressed: reason -> valid admitted episodes held back.
        tombstones: ids whose page says that the case is gone.
    """

    admitted: tuple[AdmittedEpisode, ...]
    records: tuple[LabelRecord, ...]
    excluded: Counter[str]
    admitted_licenses: Counter[str]
    excluded_licenses: Counter[tuple[str, str]]
    identified: tuple[tuple[str, AdmittedEpisode], ...] = ()
    suppressed: Counter[str] = field(default_factory=Counter)
    tombstones: tuple[Tombstone, ...] = ()

    def counts(self) -> dict[str, int | dict[str, int]]:
        valid = sum(record.validation is Validation.VALID for record in self.records)
        return {
            "valid": valid,
            "admitted": self.admitted_licenses.total(),
            "excluded": dict(sorted(self.excluded.items())),
            "suppressed": self.suppressed.total(),
        }


def admit(episodes: Iterable[SourceEpisode], gate: LicenseGate) -> Admission:
    admitted: list[AdmittedEpisode] = []
    records: list[LabelRecord] = []
    excluded: Counter[str] = Counter()
    admitted_licenses: Counter[str] = Counter()
    excluded_licenses: Counter[tuple[str, str]] = Counter()
    for episode in episodes:
        verdict = gate.judge(episode.license_raw)
        records.append(_label_record(episode))
        is_valid = episode.facts.validation is Validation.VALID
        grant = _grant(verdict)
        if grant is None:
            excluded[verdict.reason.value] += is_valid
            excluded_licenses[episode.license_raw or "not recorded", verdict.reason.value] += is_valid
        elif episode.text is not None:
            admitted.append(AdmittedEpisode(facts=episode.facts, license=grant, text=episode.text))
            admitted_licenses[grant.spdx] += is_valid
    return Admission(tuple(admitted), tuple(records), +excluded, +admitted_licenses, +excluded_licenses)


def _grant(verdict: Verdict) -> LicenseGrant | None:
    """An admitted verdict always carries branch, expression and rule; anything less is no grant."""
    if verdict.admitted and verdict.branch and verdict.expression and verdict.rule:
        return LicenseGrant(spdx=verdict.branch, expression=verdict.expression, rule=verdict.rule)
    return None


def _label_record(episode: SourceEpisode) -> LabelRecord:
    return LabelRecord(
        source=episode.facts.source,
        license_raw=episode.license_raw,
        validation=episode.facts.validation,
        labels=episode.facts.labels,
        workflow=episode.facts.session.workflow,
        has_text=episode.text is not None,
    )


def suppress(
    admission: Admission, ids: Mapping[EpisodeKey, str], suppressions: Sequence[Suppression], ledger: Ledger
) -> Admission:
    """Hold back what a suppression names; a suppression wins over the input for ever.

    Every address that was ever given away keeps an answer: a case that a suppression names, or that the ledger knows
    and this build does not publish, leaves a tombstone.
    """
    identified: list[tuple[str, AdmittedEpisode]] = []
    suppressed: Counter[str] = Counter()
    gone = {entry.id: _tombstone(entry, suppressions) for entry in ledger.states.values()}
    gone |= {order.id: order.tombstone(order.id) for order in suppressions if order.id}
    for episode in admission.admitted:
        case_id = ids[episode.facts.key]
        order = _order_for(case_id, episode.facts.key, suppressions)
        if order is None:
            identified.append((case_id, episode))
            continue
        suppressed[order.reason] += episode.facts.validation is Validation.VALID
        gone[case_id] = order.tombstone(case_id)
    published = {case_id for case_id, _ in identified}
    return replace(
        admission,
        identified=tuple(identified),
        suppressed=+suppressed,
        tombstones=tuple(gone[case_id] for case_id in sorted(gone.keys() - published)),
    )


def _order_for(case_id: str, key: EpisodeKey, suppressions: Sequence[Suppression]) -> Suppression | None:
    return next((order for order in suppressions if order.matches(case_id, key)), None)


def _tombstone(entry: LedgerEntry, suppressions: Sequence[Suppression]) -> Tombstone:
    """What to say of a case of the ledger that is not published; a suppression has the last word."""
    order = _order_for(entry.id, entry.key, suppressions)
    if order:
        return order.tombstone(entry.id)
    if entry.is_gone:
        return entry.tombstone()
    return Tombstone(id=entry.id, status=CaseStatus.WITHDRAWN)
