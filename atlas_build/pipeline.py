"""The whole build, in one direction:

    read -> license gate -> suppress -> scrub -> derive -> index -> render -> check -> publish

`SourceEpisode` (as read) becomes `AdmittedEpisode` (passed the gate) becomes `Episode` (scrubbed). Only this module
knows all stages; a stage knows the ground floor (`model/`) and nothing of another stage.
"""

from __future__ import annotations

import functools
import gc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from atlas_build.admission import Admission, admit, hold_back
from atlas_build.config import BuildConfig
from atlas_build.derive.numbers import count_everything
from atlas_build.derive.related import relate_cases
from atlas_build.derive.sessions import group_sessions
from atlas_build.edition import (
    Contents,
    Edition,
    Past,
    ReleaseOrder,
    describe_contents,
    find_reasons,
    make_edition,
    read_past,
    settle_ties,
)
from atlas_build.errors import CheckError, StrictError
from atlas_build.licenses.gate import REASONS, LicenseGate
from atlas_build.model.codebook import Codebook, Validation
from atlas_build.model.episode import Episode, reading_order
from atlas_build.model.release import Chronicle, ReleaseRecord
from atlas_build.publish.releases import describe_case, describe_scrub_rules
from atlas_build.publish.staging import Staging, refuse_foreign, write_file
from atlas_build.read.codebook_files import read_codebook
from atlas_build.read.corpus import Corpus, read_corpus
from atlas_build.render.assets import Assets, read_assets
from atlas_build.render.inclusion_view import Funnel
from atlas_build.render.page import CSP, Site
from atlas_build.render.site import Atlas, Target, render_site
from atlas_build.render.wording import own_wording
from atlas_build.report import Report
from atlas_build.scrub.corpus import scrub_corpus
from atlas_build.scrub.episodes import ScrubbedEpisode
from atlas_build.scrub.strong import StrongRecognizers
from atlas_build.search.index import SearchIndex, build_index
from atlas_build.search.reader import read_texts
from atlas_build.search.terms import Tokenizer
from atlas_build.verify.check import check_site
from atlas_build.verify.leaks import find_leaks
from atlas_build.verify.limits import read_limits
from atlas_build.verify.strong import find_strong_patterns


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


def build(config: BuildConfig, report: Report, order: ReleaseOrder | None = None) -> None:
    """Build the site, or leave the old one untouched and say why.

    Args:
        order: a release to make of it, which ledger and release files record.

    Raises:
        AtlasError: the input, a policy or the finished site is wrong; nothing was published.
    """
    refuse_foreign(config.out)
    codebook = read_codebook(config.data_dir / "codebook")
    gate = LicenseGate.from_policy(config.data_dir / "policy" / "licenses.toml")
    limits = read_limits(config.data_dir / "policy" / "limits.toml")
    with report.stage("read"):
        past = read_past(config, order)
        corpus = _read(config, report)
    with report.stage("license gate"):
        admission = _admit(corpus, gate, past, report)
    with report.stage("scrub"):
        scrubbed = _scrub(config, admission, past, report)
    contents = _contents(config, corpus, admission, scrubbed, report)
    edition = make_edition(config, past, contents, report, order)
    assets = read_assets(config.assets_dir)
    gc.freeze()  # what is read stays to the end; walking it again and again would cost more than the rendering
    with Staging(config.out) as staging:
        with report.stage("index"):
            index = build_index(sorted((*scrubbed.cases, *scrubbed.candidates), key=reading_order), codebook)
        with report.stage("render"):
            _render(
                config,
                assets=assets,
                codebook=codebook,
                admission=admission,
                scrubbed=scrubbed,
                edition=edition,
                index=index,
                staging=staging,
                report=report,
            )
        with report.stage("check"):
            problems = check_site(staging.path, limits, csp=CSP, jobs=config.jobs, base_path=config.base_path)
            _refuse(problems, "the finished site breaks its own rules")
        with report.stage("leak check"):
            removed = [value for result in scrubbed.results for value in result.removed]
            wording = own_wording(_site(config, assets, edition.chronicle), codebook, assets, config.templates_dir)
            leaks = find_leaks(
                staging.path,
                removed,
                jobs=config.jobs,
                own_text=wording,
                read_index=read_texts,
                read_terms=Tokenizer().terms,
            )
            _refuse(leaks, "something that was scrubbed is still in the finished site")
            strong = StrongRecognizers(config.data_dir)
            hits = find_strong_patterns(staging.path, strong, jobs=config.jobs, own_text=wording, read_index=read_texts)
            _refuse(hits, "something in the finished site looks like a secret or personal data")
        with report.stage("publish"):
            _count_files(staging, report)
            edition.finish(staging)


def survey(config: BuildConfig, report: Report) -> ReleaseRecord:
    """What a build would publish, as a release file says it; nothing is written."""
    gate = LicenseGate.from_policy(config.data_dir / "policy" / "licenses.toml")
    with report.stage("read"):
        past = read_past(config)
        corpus = _read(config, report)
    with report.stage("license gate"):
        admission = _admit(corpus, gate, past, report)
    with report.stage("scrub"):
        scrubbed = _scrub(config, admission, past, report)
    contents = _contents(config, corpus, admission, scrubbed, report)
    cases = {case.id: describe_case(case) for case in scrubbed.cases}
    gone = [item for item in admission.tombstones if item.id not in cases]
    return describe_contents(contents, cases, gone, report)


def _read(config: BuildConfig, report: Report) -> Corpus:
    corpus = read_corpus(config.inputs, report)
    if config.strict and report.set_aside:
        raise StrictError(
            f"{len(report.set_aside):,} records were set aside",
            hint="mend them, or build without --strict",
            details=[str(finding) for finding in report.set_aside],
        )
    return corpus


def _admit(corpus: Corpus, gate: LicenseGate, past: Past, report: Report) -> Admission:
    """The gate, then ids, then what a person asked to hold back."""
    admission = hold_back(admit(corpus.episodes, gate), past.suppressions, past.ledger)
    for name, value in admission.counts().items():
        report.count(name, value)
    return admission


def _scrub(config: BuildConfig, admission: Admission, past: Past, report: Report) -> Scrubbed:
    results = scrub_corpus(
        admission.identified, data_dir=config.data_dir, jobs=config.jobs, report=report, cache=config.cache
    )
    results = settle_ties(results, admission.ties, past, describe_scrub_rules(config.data_dir), report)
    episodes = sorted((result.episode for result in results), key=reading_order)
    return Scrubbed(
        results,
        cases=tuple(episode for episode in episodes if episode.is_case),
        candidates=tuple(episode for episode in episodes if not episode.is_case),
    )


def _contents(
    config: BuildConfig, corpus: Corpus, admission: Admission, scrubbed: Scrubbed, report: Report
) -> Contents:
    return Contents(
        cases=scrubbed.cases,
        admission=admission,
        reasons=find_reasons(corpus.episodes, admission, report),
        scrub_rules=describe_scrub_rules(config.data_dir),
    )


def _render(
    config: BuildConfig,
    *,
    assets: Assets,
    codebook: Codebook,
    admission: Admission,
    scrubbed: Scrubbed,
    edition: Edition,
    index: SearchIndex,
    staging: Staging,
    report: Report,
) -> None:
    atlas = Atlas(
        site=_site(config, assets, edition.chronicle),
        codebook=codebook,
        cases=scrubbed.cases,
        candidates=scrubbed.candidates,
        tombstones=edition.tombstones,
        numbers=count_everything(scrubbed.cases, admission.records),
        sessions=group_sessions(scrubbed.cases),
        funnel=_funnel(admission, scrubbed, report),
        reasons={reason.value: words for reason, words in REASONS.items()},
        redactions=dict(sum((Counter(case.redactions) for case in scrubbed.cases), Counter())),
        index=f"index/{index.digest}/",
        chronicle=edition.chronicle,
        release_sizes=edition.sizes,
        relations=relate_cases(scrubbed.cases),
    )
    for path, data in edition.files.items():
        staging.write(path, data)
    for path, data in index.files.items():
        staging.write(f"{atlas.index}{path}", data)
    writer = functools.partial(write_file, staging.path, staging.target)
    render_site(atlas, assets, config.templates_dir, Target(staging.write, writer, config.jobs), report)
    report.count("published", len(scrubbed.cases))
    report.count("candidates", len(scrubbed.candidates))
    report.count("tombstones", len(edition.tombstones))


def _site(config: BuildConfig, assets: Assets, chronicle: Chronicle) -> Site:
    """Where there are release files, they say which release this is; else the settings do."""
    settings = config.settings
    return Site(
        title=settings.title,
        assets=assets.folder,
        modules=assets.modules,
        base_url=config.base_url,
        sample=settings.sample,
        release=chronicle.version if chronicle.releases else settings.release,
        released=chronicle.date if chronicle.releases else settings.released,
        releases=chronicle.names,
        contact=settings.contact,
        license_note=settings.license_note,
        pid_base=settings.pid_base and settings.pid_base.rstrip("/") + "/",
    )


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
