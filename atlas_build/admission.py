"""Which episodes go on: those whose license the gate admits and that nobody asked to hold back.

This is the only place where an `AdmittedEpisode` is made. Of every other episode nothing but source, license and
labels leaves. Prompts pass the same gate; one that it does not admit is an error, since a person put it there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from atlas_build.errors import InputError
from atlas_build.licenses.gate import REASONS, LicenseGate, Verdict, shown_license
from atlas_build.model.codebook import Validation
from atlas_build.model.episode import AdmittedEpisode, LabelRecord, LicenseGrant
from atlas_build.model.identity import EpisodeKey, assign_case_ids
from atlas_build.model.ledger import CaseStatus, Ledger, Suppression, Tombstone
from atlas_build.model.prompt import Prompt, PromptFile
from atlas_build.model.renumbering import Found, Known, Tie, make_anchor, match_episodes, session_of
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
        identified: (case id, episode) of what is to be published; empty until `hold_back`.
        pages: their ids.
        suppressed: reason -> valid admitted episodes held back.
        tombstones: ids whose page says that the case is gone.
        held: id -> key and anchor of the episodes held back.
        ties: episodes that only their scrubbed evidence can tell apart.
    """

    admitted: tuple[AdmittedEpisode, ...]
    records: tuple[LabelRecord, ...]
    excluded: Counter[str]
    admitted_licenses: Counter[str]
    excluded_licenses: Counter[tuple[str, str]]
    identified: tuple[tuple[str, AdmittedEpisode], ...] = ()
    pages: frozenset[str] = frozenset()
    suppressed: Counter[str] = field(default_factory=Counter)
    tombstones: tuple[Tombstone, ...] = ()
    held: Mapping[str, tuple[EpisodeKey, str | None]] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()

    def without_texts(self) -> Admission:
        """The account alone: once the episodes are scrubbed, nobody needs them as they were."""
        return replace(self, admitted=(), identified=())

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
    verdicts: dict[str | None, tuple[Verdict, LicenseGrant | None]] = {}
    known: dict[LabelRecord, LabelRecord] = {}
    for episode in episodes:
        if episode.license_raw not in verdicts:
            verdict = gate.judge(episode.license_raw)
            verdicts[episode.license_raw] = verdict, _grant(verdict)
        verdict, grant = verdicts[episode.license_raw]
        record = _label_record(episode)
        records.append(known.setdefault(record, record))  # many are the same
        is_valid = episode.facts.validation is Validation.VALID
        if grant is None:
            excluded[verdict.reason.value] += is_valid
            excluded_licenses[shown_license(verdict), verdict.reason.value] += is_valid
        elif episode.text is not None:
            admitted.append(AdmittedEpisode(facts=episode.facts, license=grant, text=episode.text))
            admitted_licenses[grant.spdx] += is_valid
    return Admission(tuple(admitted), tuple(records), +excluded, +admitted_licenses, +excluded_licenses)


def _grant(verdict: Verdict) -> LicenseGrant | None:
    """An admitted verdict always carries branch, expression and rule; anything less is no grant."""
    if verdict.admitted and verdict.branch and verdict.masked and verdict.rule:
        return LicenseGrant(spdx=verdict.branch, expression=verdict.masked, rule=verdict.rule)
    return None


def admit_prompts(files: Iterable[PromptFile], gate: LicenseGate) -> tuple[Prompt, ...]:
    """
    Raises:
        InputError: a license is not admitted; the message says which prompt has it, and why not.
    """
    prompts: list[Prompt] = []
    for number, file in enumerate(files, 1):
        verdict = gate.judge(file.license_raw)
        grant = _grant(verdict)
        if grant is None:
            raise InputError(
                f"prompts[{number}] ({file.name}) cannot be published [{verdict.reason}]: {REASONS[verdict.reason]}",
                hint="write the license as its SPDX id, take the prompt out of the settings, or have the license "
                "reviewed and added to data/policy/licenses.toml; `misalignment-atlas licenses NAME` judges a name",
            )
        prompts.append(Prompt(file, grant))
    return tuple(prompts)


def _label_record(episode: SourceEpisode) -> LabelRecord:
    return LabelRecord(
        source=episode.facts.source,
        license_raw=episode.license_raw,
        validation=episode.facts.validation,
        labels=episode.facts.labels,
        workflow=episode.facts.session.workflow,
        has_text=episode.text is not None,
    )


def hold_back(admission: Admission, suppressions: Sequence[Suppression], ledger: Ledger) -> Admission:
    """Give every episode its id, then hold back what a suppression names; a suppression wins over the input for ever.

    Every address that was ever given away keeps an answer: a case that a suppression names, or that the ledger knows
    and this build does not publish, leaves a tombstone.
    """
    orders = Orders(suppressions, ledger)
    ids, ties = identify(admission.admitted, ledger, orders)
    identified: list[tuple[str, AdmittedEpisode]] = []
    held: dict[str, tuple[EpisodeKey, str | None]] = {}
    suppressed: Counter[str] = Counter()
    gone = {case_id: orders.tombstone(case_id) for case_id in ledger.states}
    gone |= {order.id: order.tombstone(order.id) for order in suppressions if order.id and order.id not in gone}
    for episode in admission.admitted:
        key, anchor = episode.facts.key, anchor_of(episode)
        case_id = ids[key]
        tombstone = orders.find(case_id, key, anchor)
        if tombstone is None:
            identified.append((case_id, episode))
            continue
        suppressed[tombstone.reason or ""] += episode.facts.validation is Validation.VALID
        held[case_id] = key, anchor
        gone[case_id] = tombstone
    published = {case_id for case_id, _ in identified}
    return replace(
        admission,
        identified=tuple(identified),
        pages=frozenset(published),
        suppressed=+suppressed,
        tombstones=tuple(gone[case_id] for case_id in sorted(gone.keys() - published)),
        held=held,
        ties=ties,
    )


def anchor_of(episode: AdmittedEpisode) -> str | None:
    return make_anchor(episode.facts.key, episode.facts.session.sha, episode.text.evidence)


def identify(
    episodes: Sequence[AdmittedEpisode], ledger: Ledger, orders: Orders
) -> tuple[dict[EpisodeKey, str], tuple[Tie, ...]]:
    """The id of every episode: that of the ledger, also where upstream has numbered it anew, else a new one."""
    known = [
        Known(
            case_id,
            state.key,
            ledger.aliases[case_id][:-1],
            anchor,
            orders.find(case_id, state.key, anchor) is not None,
        )
        for case_id, state in ledger.states.items()
        for anchor in [ledger.anchors.get(case_id)]
    ]
    matching = match_episodes(known, [Found(episode.facts.key, anchor_of(episode)) for episode in episodes])
    keys = [episode.facts.key for episode in episodes]
    return assign_case_ids(keys, matching.ids, taken=ledger.states), matching.ties


class Orders:
    """The suppressions, as they apply to cases whose numbers may have changed since.

    An order for a session means the session that had this number when the order was given. The ledger knows it by its
    anchor, so that it stays away under another number, and another session that gets its number does not. In the same
    way an episode that nobody knew stays away when it has the anchor of a case that is held back.
    """

    def __init__(self, suppressions: Sequence[Suppression], ledger: Ledger) -> None:
        self._orders = tuple(suppressions)
        self._ledger = ledger
        self._sessions = [self._known_sessions(order) for order in self._orders]
        self._published = {
            session_of(ledger.anchors[entry.id]) for entry in ledger.published() if entry.id in ledger.anchors
        }.difference(*self._sessions)
        self._held = {
            entry.anchor: tombstone
            for entry in ledger.entries
            if entry.anchor and (tombstone := self._find_known(entry.id, entry.key, entry.anchor))
        }

    def find(self, case_id: str, key: EpisodeKey, anchor: str | None) -> Tombstone | None:
        """What stays of an episode that is held back; None for one that is not."""
        found = self._find_known(case_id, key, anchor)
        if found is None and anchor in self._held and case_id not in self._ledger.states:
            order = self._held[anchor]
            return Tombstone(id=case_id, status=order.status, reason=order.reason, date=order.date)
        return found

    def _find_known(self, case_id: str, key: EpisodeKey, anchor: str | None) -> Tombstone | None:
        state = self._ledger.states.get(case_id)
        if state is not None and state.status is CaseStatus.SUPPRESSED:
            return state.tombstone()  # once and for all, even if the order has been lost
        for order, sessions in zip(self._orders, self._sessions, strict=True):
            if self._applies(order, sessions, case_id, key, anchor):
                return order.tombstone(case_id)
        return None

    def tombstone(self, case_id: str) -> Tombstone:
        """What to say of a case of the ledger that is not published; a suppression has the last word."""
        entry = self._ledger.states[case_id]
        found = self.find(case_id, entry.key, self._ledger.anchors.get(case_id))
        if found is None and entry.is_gone:
            return entry.tombstone()
        return found or Tombstone(id=case_id, status=CaseStatus.WITHDRAWN)

    def _known_sessions(self, order: Suppression) -> frozenset[str]:
        """Sessions that the order is known to mean: those held back already, else those that have its number."""
        if order.session_id is None:
            return frozenset()
        ledger = self._ledger
        named = [case_id for case_id in ledger.anchors if order.matches(case_id, ledger.states[case_id].key)]
        held = [
            case_id
            for case_id in ledger.anchors
            if ledger.states[case_id].status is CaseStatus.SUPPRESSED
            and any(order.matches(case_id, key) for key in ledger.aliases[case_id])
        ]
        return frozenset(session_of(ledger.anchors[case_id]) for case_id in held or named)

    def _applies(
        self, order: Suppression, sessions: frozenset[str], case_id: str, key: EpisodeKey, anchor: str | None
    ) -> bool:
        if order.session_id is None:
            return order.matches(case_id, key)
        session = session_of(anchor) if anchor else None
        if session in sessions:
            return True
        state = self._ledger.states.get(case_id)
        is_named = order.matches(case_id, state.key if state else key)
        return is_named and (not sessions or session is None or session not in self._published)
