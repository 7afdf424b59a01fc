"""The whole build, in one direction:

    read -> license gate -> suppress -> scrub -> derive -> index -> render -> check -> publish

`SourceEpisode` (as read) becomes `AdmittedEpisode` (passed the gate) becomes `Episode` (scrubbed). Only this module
knows all stages; a stage knows the ground floor (`model/`) and nothing of another stage.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from atlas_build.admission import Admission, admit, suppress
from atlas_build.config import BuildConfig
from atlas_build.derive.numbers import count_everything
from atlas_build.derive.sessions import group_sessions
from atlas_build.errors import CheckError, StrictError
from atlas_build.licenses.gate import REASONS, LicenseGate
from atlas_build.model.codebook import Codebook, Validation
from atlas_build.model.episode import Episode, reading_order
from atlas_build.model.identity import assign_case_ids
from atlas_build.model.ledger import Ledger
from atlas_build.publish.staging import Staging, write_file
from atlas_build.read.codebook_files import read_codebook
from atlas_build.read.corpus import Corpus, read_corpus
from atlas_build.read.ledger import read_ledger, read_suppressions
from atlas_build.render.assets import read_assets
from atlas_build.render.inclusion_view import Funnel
from atlas_build.render.page import CSP, Site
from atlas_build.render.site import Atlas, Target, render_site
from atlas_build.report import Report
from atlas_build.scrub.scrubber import ScrubbedEpisode, scrub_corpus
from atlas_build.search.index import SearchIndex, build_index
from atlas_build.verify.check import check_site
from atlas_build.verify.leaks import find_leaks
from atlas_build.verify.limits import read_limits


@dataclass(frozen=True)
class Scrubbed:
    """What the scrubber hands on.

    Attributes:
        results: episodes with the values that were removed from them; the values live in memory only.
        cases: published episodes in reading order.
        candidates: rejected candidates in reading order.
    """

    results: Sequence[ScrubbedEpisode]
    cases: tuple[Episode, ...]
    candidates: tuple[Episode, ...]


def build(config: BuildConfig, report: Report) -> None:
    """Build the site, or leave the old one untouched and say why.

    Raises:
        AtlasError: the input, a policy or the finished site is wrong; nothing was published.
    """
    codebook = read_codebook(config.data_dir / "codebook")
    gate = LicenseGate.from_policy(config.data_dir / "policy" / "licenses.toml")
    limits = read_limits(config.data_dir / "policy" / "limits.toml")
    with report.stage("read"):
        corpus = _read(config, report)
    with report.stage("license gate"):
        admission = _admit(config, corpus, gate, report)
    with report.stage("scrub"):
        scrubbed = _scrub(config, admission, report)
    with Staging(config.out) as staging:
        with report.stage("index"):
            index = build_index(sorted((*scrubbed.cases, *scrubbed.candidates), key=reading_order), codebook)
        with report.stage("render"):
            _render(
                config,
                codebook=codebook,
                admission=admission,
                scrubbed=scrubbed,
                index=index,
                staging=staging,
                report=report,
            )
        with report.stage("check"):
            problems = check_site(staging.path, limits, csp=CSP, jobs=config.jobs, base_path=config.base_path)
            _refuse(problems, "the finished site breaks its own rules")
        with report.stage("leak check"):
            removed = [value for result in scrubbed.results for value in result.removed]
            leaks = find_leaks(staging.path, removed, jobs=config.jobs)
            _refuse(leaks, "something that was scrubbed is still in the finished site")
        with report.stage("publish"):
            _count_files(staging, report)
            staging.publish()


def _read(config: BuildConfig, report: Report) -> Corpus:
    corpus = read_corpus(config.inputs, report)
    if config.strict and report.set_aside:
        raise StrictError(
            f"{len(report.set_aside):,} records were set aside",
            hint="mend them, or build without --strict",
            details=[str(finding) for finding in report.set_aside],
        )
    return corpus


def _admit(config: BuildConfig, corpus: Corpus, gate: LicenseGate, report: Report) -> Admission:
    """The gate, then ids, then what a person asked to hold back."""
    admission = admit(corpus.episodes, gate)
    ledger = read_ledger(config.ledger) if config.ledger else Ledger()
    suppressions = read_suppressions(config.suppressions) if config.suppressions else ()
    ids = assign_case_ids([episode.facts.key for episode in admission.admitted], ledger.owned())
    admission = suppress(admission, ids, suppressions, ledger)
    for name, value in admission.counts().items():
        report.count(name, value)
    return admission


def _scrub(config: BuildConfig, admission: Admission, report: Report) -> Scrubbed:
    results = scrub_corpus(admission.identified, data_dir=config.data_dir, jobs=config.jobs, report=report)
    episodes = sorted((result.episode for result in results), key=reading_order)
    return Scrubbed(
        results,
        cases=tuple(episode for episode in episodes if episode.is_case),
        candidates=tuple(episode for episode in episodes if not episode.is_case),
    )


def _render(
    config: BuildConfig,
    *,
    codebook: Codebook,
    admission: Admission,
    scrubbed: Scrubbed,
    index: SearchIndex,
    staging: Staging,
    report: Report,
) -> None:
    assets = read_assets(config.assets_dir)
    settings = config.settings
    atlas = Atlas(
        site=Site(
            title=settings.title,
            assets=assets.folder,
            modules=assets.modules,
            base_url=config.base_url,
            sample=settings.sample,
            release=settings.release,
            released=settings.released,
            contact=settings.contact,
        ),
        codebook=codebook,
        cases=scrubbed.cases,
        candidates=scrubbed.candidates,
        tombstones=admission.tombstones,
        numbers=count_everything(scrubbed.cases, admission.records),
        sessions=group_sessions(scrubbed.cases),
        funnel=_funnel(admission, scrubbed, report),
        reasons={reason.value: words for reason, words in REASONS.items()},
        redactions=dict(sum((Counter(case.redactions) for case in scrubbed.cases), Counter())),
        index=f"index/{index.digest}/",
    )
    for path, data in index.files.items():
        staging.write(f"{atlas.index}{path}", data)
    writer = functools.partial(write_file, staging.path, staging.target)
    render_site(atlas, assets, config.templates_dir, Target(staging.write, writer, config.jobs), report)
    report.count("published", len(scrubbed.cases))
    report.count("candidates", len(scrubbed.candidates))
    report.count("tombstones", len(admission.tombstones))


def _funnel(admission: Admission, scrubbed: Scrubbed, report: Report) -> Funnel:
    return Funnel(
        read=int(report.counts["read"]),
        well_formed=int(report.counts["well_formed"]),
        valid=sum(record.validation is Validation.VALID for record in admission.records),
        admitted=sum(admission.admitted_licenses.values()),
        published=len(scrubbed.cases),
        labels_only=sum(not record.has_text and record.validation is Validation.VALID for record in admission.records),
        candidates=len(scrubbed.candidates),
        excluded=admission.excluded,
        suppressed=admission.suppressed,
        admitted_licenses=admission.admitted_licenses,
        excluded_licenses=admission.excluded_licenses,
    )


def _refuse(findings: Sequence[object], message: str) -> None:
    if findings:
        raise CheckError(
            f"{message}: {len(findings):,} findings; nothing was published",
            details=[str(finding) for finding in findings[:50]],
            hint="the old site is unchanged; mend the cause and build again",
        )


def _count_files(staging: Staging, report: Report) -> None:
    sizes = [path.stat().st_size for path in staging.path.rglob("*") if path.is_file()]
    report.count("files", len(sizes))
    report.count("bytes", sum(sizes))
