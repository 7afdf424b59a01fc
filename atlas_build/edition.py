"""An edition: what one build publishes, seen beside all releases before it.

Every build of a corpus folder reads the ledger and the release files and shows what they say; only a build that was
ordered as a release writes them. Identity is settled here: which episode of the input is which case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date  # noqa: N812  as the ledger's field
from pathlib import Path

from atlas_build.admission import Admission
from atlas_build.config import BuildConfig
from atlas_build.errors import PublishError
from atlas_build.model.codebook import Validation
from atlas_build.model.episode import Episode
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.ledger import (
    CaseStatus,
    Ledger,
    LedgerEntry,
    Reason,
    Suppression,
    Tombstone,
    digest_lines,
)
from atlas_build.model.release import (
    RECIPE,
    Chronicle,
    ReleaseCase,
    ReleaseNumbers,
    ReleaseRecord,
    parse_version,
)
from atlas_build.model.renumbering import Tie, settle_tie
from atlas_build.model.source import SourceEpisode
from atlas_build.publish.diff import make_chronicle
from atlas_build.publish.journal import Pending, Proof, Step, no_step, publish_together
from atlas_build.publish.ledger import Outcome, append, draft_entries, refuse_mass_withdrawal, write_entries
from atlas_build.publish.releases import (
    compress,
    describe_case,
    digest_evidence,
    write_release,
)
from atlas_build.publish.since import since_file, write_since
from atlas_build.publish.staging import Staging
from atlas_build.read.ledger import read_ledger, read_suppressions
from atlas_build.read.releases import compare_with_ledger, read_releases
from atlas_build.report import Finding, Report
from atlas_build.scrub.scrubber import ScrubbedEpisode

UNRELEASED = "unreleased"
"""Stands for the version of what nobody has released yet."""


@dataclass(frozen=True)
class ReleaseOrder:
    """A release that a person asked for.

    Attributes:
        corpus: the corpus folder.
        allow_withdrawals: how many cases may go, or None for a tenth.
        successors: withdrawn id -> the id that continues it.
        at: told before each step of the publication; for tests.
    """

    corpus: Path
    version: str
    date: Date
    allow_withdrawals: int | None = None
    successors: Mapping[str, str] = field(default_factory=dict)
    at: Step = no_step


@dataclass(frozen=True)
class Past:
    """What a corpus folder holds of earlier releases. Nothing of it for plain files."""

    ledger: Ledger = field(default_factory=Ledger)
    suppressions: tuple[Suppression, ...] = ()
    releases: tuple[ReleaseRecord, ...] = ()

    @property
    def last(self) -> ReleaseRecord | None:
        return self.releases[-1] if self.releases else None


def read_past(config: BuildConfig, order: ReleaseOrder | None = None) -> Past:
    """
    Raises:
        InputError: ledger, suppressions or release files are broken, or do not agree.
        PublishError: the release that was ordered cannot follow on what is there.
    """
    past = Past(
        ledger=read_ledger(config.ledger) if config.ledger else Ledger(),
        suppressions=read_suppressions(config.suppressions) if config.suppressions else (),
        releases=read_releases(config.releases) if config.releases else (),
    )
    if config.ledger and (past.releases or order):
        compare_with_ledger(past.ledger, past.releases, config.ledger)
    if order:
        _refuse_order(order, past.last)
        _refuse_lost_releases(config.out, past.releases)
    return past


def _refuse_order(order: ReleaseOrder, last: ReleaseRecord | None) -> None:
    version = parse_version(order.version)
    if version is None:
        raise PublishError(
            "the version is not well-formed", hint="write year, two-digit month and number, as in 2026.11.0"
        )
    if last is None:
        return
    if version <= (parse_version(last.version) or ()):
        what = "exists already" if order.version == last.version else f"is not newer than {last.version}"
        raise PublishError(f"release {order.version} {what}", hint="give a version after the last one")
    if last.date and order.date < last.date:
        raise PublishError(
            f"the date {order.date} is before that of release {last.version}, {last.date}", hint="give a later date"
        )


def _refuse_lost_releases(site: Path, releases: Iterable[ReleaseRecord]) -> None:
    """A corpus folder that was set back has lost ids without a trace in it; the site still knows the release."""
    shown = {path.parent.name for path in site.glob("releases/*/release.json.gz")}
    lost = sorted(shown - {record.version for record in releases})
    if lost:
        raise PublishError(
            f"{site} shows releases that the corpus folder does not have",
            details=lost,
            hint="restore ledger and releases/ from version control; if these were never deployed, give another --out",
        )


def settle_ties(
    results: Sequence[ScrubbedEpisode], ties: Iterable[Tie], past: Past, scrub_rules: str, report: Report
) -> list[ScrubbedEpisode]:
    """Where only the evidence tells episodes apart, give each the id that its scrubbed evidence had last time.

    Evidence that is the same to the letter is the same under other scrubbing rules, too. Evidence that differs says
    something only under the same rules.
    """
    if past.last is None or past.last.recipe != RECIPE:
        return list(results)
    is_scrubbed_alike = past.last.scrub_rules == scrub_rules
    before = {case.id: case.evidence for case in past.last.cases}
    by_key = {result.episode.key: result for result in results}
    renamed: dict[EpisodeKey, str] = {}
    for tie in ties:
        group = {key: by_key[key].episode.id for key in tie.keys if key in by_key}
        now = {key: _evidence_digest(by_key[key].episode) for key in group}
        if tie.is_held:
            report.warnings += _doubts(group, now, before) if is_scrubbed_alike else ()
        else:
            renamed |= settle_tie(group, now, before)
    return [_rename(result, renamed.get(result.episode.key, result.episode.id)) for result in results]


def _evidence_digest(episode: Episode) -> str:
    return digest_evidence(item.model_dump() for item in episode.text.evidence)


def _doubts(group: Mapping[EpisodeKey, str], now: Mapping[EpisodeKey, str], before: Mapping[str, str]) -> list[Finding]:
    message = (
        "it shares session and turns with a suppressed case, and its evidence has changed; make sure it is not that"
    )
    return [
        Finding(rule="like-a-suppressed-case", where=case_id, key=str(key), message=message)
        for key, case_id in group.items()
        if before.get(case_id) != now[key]
    ]


def _rename(result: ScrubbedEpisode, case_id: str) -> ScrubbedEpisode:
    if result.episode.id == case_id:
        return result
    return replace(
        result,
        episode=result.episode.model_copy(update={"id": case_id}),
        removed=tuple(replace(value, case_id=case_id) for value in result.removed),
    )


def find_reasons(episodes: Iterable[SourceEpisode], admission: Admission, report: Report) -> dict[EpisodeKey, Reason]:
    """Why episodes of the input may have lost their page, by key."""
    admitted = {episode.facts.key for episode in admission.admitted}
    keys = {episode.facts.key for episode in episodes if episode.text is not None} - admitted
    reasons = dict.fromkeys(keys, Reason.LICENSE)
    unreadable = {finding.key for finding in report.set_aside}
    return reasons | {
        EpisodeKey(*parts): Reason.ERROR
        for key in unreadable
        if len(parts := key.split("/")) == len(EpisodeKey._fields)
    }


@dataclass(frozen=True)
class Edition:
    """
    Attributes:
        chronicle: what the pages show of releases.
        tombstones: pages of cases that are gone.
        files: of the site, path below its root -> bytes: two files a release.
        finish: puts the finished site in place, and with it whatever else the release changes.
    """

    chronicle: Chronicle
    tombstones: tuple[Tombstone, ...]
    files: Mapping[str, bytes]
    finish: Callable[[Staging], None]

    @property
    def sizes(self) -> dict[str, int]:
        """Release -> bytes of its file on the site."""
        return {record.version: len(self.files[_site_file(record.version)]) for record in self.chronicle.releases}


@dataclass(frozen=True)
class Contents:
    """What this build is going to publish.

    Attributes:
        reasons: key -> why its episode has no page; retraction by upstream where none is given.
    """

    cases: Sequence[Episode]
    admission: Admission
    reasons: Mapping[EpisodeKey, Reason]
    scrub_rules: str


def make_edition(
    config: BuildConfig, past: Past, contents: Contents, report: Report, order: ReleaseOrder | None
) -> Edition:
    """
    Raises:
        PublishError: the release would lose, reuse or change an id, or take out too many cases.
    """
    cases = {case.id: describe_case(case) for case in contents.cases} if past.releases or order else {}
    if order is None:
        return _plain_edition(past, contents, cases, report)
    outcome = _outcome(past, contents, cases, order)
    entries = draft_entries(past.ledger, outcome, order.version, order.date)
    refuse_mass_withdrawal(past.ledger, entries, order.allow_withdrawals)
    ledger = Ledger((*past.ledger.entries, *entries))
    record = describe_contents(contents, cases, ledger.tombstones(), report)
    record = record.model_copy(
        update={
            "version": order.version,
            "date": order.date,
            "previous": past.last.version if past.last else None,
            "ledger": digest_lines(ledger.entries),
        }
    )
    known = _by_id(contents.admission.tombstones) | _by_id(ledger.tombstones())
    earlier = _take_down(past.releases, known)
    chronicle = make_chronicle((*earlier, record))
    tombstones = [item for case_id, item in known.items() if case_id not in contents.admission.pages]
    site_files = _site_files((*earlier, record), record, order.version)
    assert config.ledger is not None and config.releases is not None, "only a corpus folder is released"
    corpus_files = {config.ledger: append(_read(config.ledger), write_entries(entries))}
    for old, new in zip((*past.releases, None), (*earlier, record), strict=True):
        if new is not old:
            corpus_files[config.releases / f"{new.version}.json"] = write_release(new)
    return Edition(
        chronicle,
        _with_labels(tombstones, earlier),
        site_files,
        _finish_release(order, ledger, corpus_files, site_files[_site_file(order.version)]),
    )


def _finish_release(
    order: ReleaseOrder, ledger: Ledger, files: Mapping[Path, bytes], proof: bytes
) -> Callable[[Staging], None]:
    def finish(staging: Staging) -> None:
        refuse_lost_addresses(staging.path, ledger)
        mark = Proof(_site_file(order.version), hashlib.sha256(proof).hexdigest())
        publish_together(Pending(order.corpus, files, staging.target, mark), staging.publish, order.at)

    return finish


def _plain_edition(past: Past, contents: Contents, cases: Mapping[str, ReleaseCase], report: Report) -> Edition:
    """An ordinary build: it shows the releases, and what has changed since the last one."""
    known = {item.id: _with_reason(item, past, contents) for item in contents.admission.tombstones}
    if not past.releases:
        return Edition(Chronicle(), tuple(known.values()), {}, lambda staging: staging.publish())
    gone = _by_id(past.ledger.tombstones()) | known
    gone |= {
        entry.id: Tombstone(id=entry.id, status=CaseStatus.WITHDRAWN, reason=Reason.UPSTREAM_RETRACTION)
        for entry in past.ledger.published()
        if entry.id not in cases and entry.id not in gone
    }
    earlier = _take_down(past.releases, gone)
    now = describe_contents(contents, cases, [gone[case_id] for case_id in sorted(gone)], report)
    chronicle = make_chronicle(earlier, now)
    return Edition(
        chronicle,
        _with_labels(known.values(), earlier),
        _site_files(earlier, now, chronicle.version),
        lambda staging: staging.publish(),
    )


def _outcome(past: Past, contents: Contents, cases: Mapping[str, ReleaseCase], order: ReleaseOrder) -> Outcome:
    tombstones = {item.id: _with_reason(item, past, contents) for item in contents.admission.tombstones}
    for old, new in sorted(order.successors.items()):
        if old in cases or past.ledger.states.get(old) is None or new not in cases:
            raise PublishError(
                f"{new} cannot continue {old}",
                hint="--successor takes OLD=NEW: a case that this release withdraws, and one that it publishes",
            )
    return Outcome(
        cases=cases,
        tombstones=tombstones,
        held=contents.admission.held,
        reasons={entry.id: _reason(entry, contents) for entry in past.ledger.published()},
        successors=order.successors,
    )


def _with_reason(tombstone: Tombstone, past: Past, contents: Contents) -> Tombstone:
    """A case that goes with this build says why."""
    entry = past.ledger.states.get(tombstone.id)
    if tombstone.reason or tombstone.status is not CaseStatus.WITHDRAWN or entry is None or entry.is_gone:
        return tombstone
    return tombstone.model_copy(update={"reason": _reason(entry, contents)})


def _reason(entry: LedgerEntry, contents: Contents) -> Reason:
    return contents.reasons.get(entry.key, Reason.UPSTREAM_RETRACTION)


def _by_id(tombstones: Iterable[Tombstone]) -> dict[str, Tombstone]:
    return {item.id: item for item in tombstones}


def _take_down(releases: Iterable[ReleaseRecord], gone: Mapping[str, Tombstone]) -> tuple[ReleaseRecord, ...]:
    suppressed = {case_id: item for case_id, item in gone.items() if item.status is CaseStatus.SUPPRESSED}
    return tuple(record.without(suppressed) for record in releases)


def _with_labels(tombstones: Iterable[Tombstone], releases: Sequence[ReleaseRecord]) -> tuple[Tombstone, ...]:
    """What is withdrawn keeps its labels, as they were last released."""
    labels = {case.id: case.labels for record in releases for case in record.cases}
    return tuple(
        item.model_copy(update={"labels": labels.get(item.id)}) if item.status is CaseStatus.WITHDRAWN else item
        for item in sorted(tombstones, key=lambda one: one.id)
    )


def _site_file(version: str) -> str:
    return f"releases/{version}/release.json.gz"


def _site_files(releases: Sequence[ReleaseRecord], now: ReleaseRecord, version: str | None) -> dict[str, bytes]:
    """Of each release its file, and what differs `now` from it; `version` is the release that the site shows."""
    files = {_site_file(record.version): compress(write_release(record)) for record in releases}
    return files | {since_file(record.version): write_since(record, now, version) for record in releases}


def describe_contents(
    contents: Contents, cases: Mapping[str, ReleaseCase], gone: Iterable[Tombstone], report: Report
) -> ReleaseRecord:
    """What a build is going to publish as a release file says it, without version and date."""
    return ReleaseRecord(
        version=UNRELEASED,
        date=None,
        scrub_rules=contents.scrub_rules,
        numbers=_numbers(contents, report),
        cases=tuple(cases[case_id] for case_id in sorted(cases)),
        gone=tuple(gone),
    )


def _numbers(contents: Contents, report: Report) -> ReleaseNumbers:
    admission = contents.admission
    return ReleaseNumbers(
        read=int(report.counts["read"]),
        well_formed=int(report.counts["well_formed"]),
        valid=sum(record.validation is Validation.VALID for record in admission.records),
        admitted=admission.admitted_licenses.total(),
        published=len(contents.cases),
        suppressed=admission.suppressed.total(),
        excluded=dict(sorted(admission.excluded.items())),
    )


def refuse_lost_addresses(site: Path, ledger: Ledger) -> None:
    """
    Raises:
        PublishError: an id of the ledger has neither a case page nor a tombstone in the finished site.
    """
    lost = [case_id for case_id in sorted(ledger.states) if not (site / "c" / case_id.lower() / "index.html").is_file()]
    if lost:
        raise PublishError(
            f"{len(lost):,} ids of the ledger have no page in the new site",
            details=lost[:20],
            hint="this is a fault of the program; nothing was published; please report it",
        )


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
