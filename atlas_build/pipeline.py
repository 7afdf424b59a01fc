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
from pathlib import Path

from atlas_build.admission import Admission, admit, admit_prompts, hold_back
from atlas_build.config import BuildConfig
from atlas_build.derive.numbers import count_everything
from atlas_build.derive.related import RelatedCases, relate_cases
from atlas_build.derive.repositories import group_repositories
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
from atlas_build.model.episode import Episode, reading_order, text_fields
from atlas_build.model.prompt import Prompt
from atlas_build.model.release import Chronicle, ReleaseRecord
from atlas_build.publish.releases import describe_case
from atlas_build.publish.staging import Staging, refuse_foreign, write_file
from atlas_build.read.codebook_files import read_codebook
from atlas_build.read.corpus import Corpus, read_corpus
from atlas_build.read.prompts import read_prompts
from atlas_build.render.assets import Assets, read_assets
from atlas_build.render.atlas import Atlas
from atlas_build.render.inclusion_view import Funnel
from atlas_build.render.page import CSP, Site
from atlas_build.render.site import Target, render_site
from atlas_build.render.wording import own_wording
from atlas_build.report import Report
from atlas_build.scrub.corpus import scrub_corpus
from atlas_build.scrub.episodes import ScrubbedEpisode
from atlas_build.scrub.rules import digest_rules
from atlas_build.scrub.strong import StrongRecognizers
from atlas_build.search import reader
from atlas_build.search.index import build_index
from atlas_build.search.terms import Tokenizer
from atlas_build.verify.final import Findings, Index, Rules, Secrets, verify_site
from atlas_build.verify.limits import Limits, read_limits

RULES_RECIPE = "s2"
"""How the digest of the scrubbing rules is made: s1 took the files as they are written, s2 what they mean."""

MEND = "the old site is unchanged; mend the cause and build again"
HOLD_BACK = (
    "the old site is unchanged; keep the case out with `misalignment-atlas suppress`, or tell the scrubber what it is: "
    "a deny entry in scrub.local.toml, or, if it is no secret, an allow entry with its reason in scrub.toml"
)


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
    prompts = _take_prompts(config, gate)
    past, scrubbed, contents = _take_in(config, gate, report, order)
    edition = make_edition(config, past, contents, report, order)
    assets = read_assets(config.assets_dir)
    gc.collect()  # what the stages so far have left in cycles, or it would stay for ever
    gc.freeze()  # what is read stays to the end; walking it again and again would cost more than the rendering
    with Staging(config.out) as staging:
        with report.stage("index"):
            relations = relate_cases(scrubbed.cases)
            index = _write_index(scrubbed, codebook, relations, staging)
        with report.stage("render"):
            _render(
                config,
                assets=assets,
                codebook=codebook,
                prompts=prompts,
                admission=contents.admission,
                scrubbed=scrubbed,
                edition=edition,
                relations=relations,
                index=index,
                staging=staging,
                report=report,
            )
        with report.stage("check"):
            findings = _verify(
                config,
                limits=limits,
                assets=assets,
                codebook=codebook,
                edition=edition,
                scrubbed=scrubbed,
                staging=staging,
                report=report,
            )
        _refuse(findings)
        with report.stage("publish"):
            _count_files(staging, report)
            edition.finish(staging)


def survey(config: BuildConfig, report: Report) -> ReleaseRecord:
    """What a build would publish, as a release file says it; nothing is written."""
    gate = LicenseGate.from_policy(config.data_dir / "policy" / "licenses.toml")
    _, scrubbed, contents = _take_in(config, gate, report)
    cases = {case.id: describe_case(case) for case in scrubbed.cases}
    gone = [item for item in contents.admission.tombstones if item.id not in cases]
    return describe_contents(contents, cases, gone, report)


def _take_prompts(config: BuildConfig, gate: LicenseGate) -> tuple[Prompt, ...]:
    """First of all, so that a mistake in the settings shows at once. Plain files have no prompts."""
    return admit_prompts(read_prompts(config.folder, config.settings.prompts), gate) if config.folder else ()


def _take_in(
    config: BuildConfig, gate: LicenseGate, report: Report, order: ReleaseOrder | None = None
) -> tuple[Past, Scrubbed, Contents]:
    """The first half of a build. What was read is let go of as soon as the next stage has made its own of it."""
    with report.stage("read"):
        past = read_past(config, order)
        corpus = _read(config, report)
    with report.stage("license gate"):
        admission = _admit(corpus, gate, past, report)
        reasons = find_reasons(corpus.episodes, admission, report)
        del corpus
    with report.stage("scrub"):
        rules = describe_scrub_rules(config.data_dir)
        scrubbed = _scrub(config, admission, past, rules, report)
    contents = Contents(
        cases=scrubbed.cases,
        admission=admission.without_texts(),
        reasons=reasons,
        scrub_rules=rules,
    )
    return past, scrubbed, contents


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


def _scrub(config: BuildConfig, admission: Admission, past: Past, rules: str, report: Report) -> Scrubbed:
    results = scrub_corpus(
        admission.identified, data_dir=config.data_dir, jobs=config.jobs, report=report, cache=config.cache
    )
    results = settle_ties(results, admission.ties, past, rules, report)
    episodes = sorted((result.episode for result in results), key=reading_order)
    return Scrubbed(
        results,
        cases=tuple(episode for episode in episodes if episode.is_case),
        candidates=tuple(episode for episode in episodes if not episode.is_case),
    )


def describe_scrub_rules(data_dir: Path) -> str:
    """How a release file names the rules that were in force; personal entries are no part of them."""
    return f"{RULES_RECIPE}:{digest_rules(data_dir)[:16]}"


def _write_index(scrubbed: Scrubbed, codebook: Codebook, relations: RelatedCases, staging: Staging) -> str:
    """The folder of the index below the root; its files are written, and let go of."""
    episodes = sorted((*scrubbed.cases, *scrubbed.candidates), key=reading_order)
    index = build_index(episodes, codebook, relations.counterparts())
    folder = f"index/{index.digest}/"
    for path, data in index.files.items():
        staging.write(f"{folder}{path}", data)
    return folder


def _render(
    config: BuildConfig,
    *,
    assets: Assets,
    codebook: Codebook,
    prompts: tuple[Prompt, ...],
    admission: Admission,
    scrubbed: Scrubbed,
    edition: Edition,
    relations: RelatedCases,
    index: str,
    staging: Staging,
    report: Report,
) -> None:
    sessions = group_sessions(scrubbed.cases)
    atlas = Atlas(
        site=_site(config, assets, edition.chronicle),
        codebook=codebook,
        cases=scrubbed.cases,
        candidates=scrubbed.candidates,
        tombstones=edition.tombstones,
        numbers=count_everything(scrubbed.cases, admission.records, codebook),
        sessions=sessions,
        repositories=group_repositories(sessions),
        funnel=_funnel(admission, scrubbed, report),
        reasons={reason.value: words for reason, words in REASONS.items()},
        redactions=dict(sum((Counter(case.redactions) for case in scrubbed.cases), Counter())),
        index=index,
        chronicle=edition.chronicle,
        release_sizes=edition.sizes,
        relations=relations,
        prompts=prompts,
    )
    for path, data in edition.files.items():
        staging.write(path, data)
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


def _verify(
    config: BuildConfig,
    *,
    limits: Limits,
    assets: Assets,
    codebook: Codebook,
    edition: Edition,
    scrubbed: Scrubbed,
    staging: Staging,
    report: Report,
) -> Findings:
    """What is wrong with the finished site, or still in it."""
    wording = own_wording(_site(config, assets, edition.chronicle), codebook, assets, config.templates_dir)
    removed = (value for result in scrubbed.results for value in result.removed)
    texts = (text for result in scrubbed.results for _, text in text_fields(result.episode.text))
    return verify_site(
        staging.path,
        Rules(limits, CSP, config.base_path),
        Secrets(removed, StrongRecognizers(config.data_dir), wording, texts),
        Index(reader, reader.read_texts, Tokenizer().terms),
        jobs=config.jobs,
        advance=report.advance,
    )


def _refuse(findings: Findings) -> None:
    """
    Raises:
        CheckError: there are findings. Those of the first kind are named, since the others may follow from them.
    """
    for found, message, hint in (
        (findings.problems, "the finished site breaks its own rules", MEND),
        (findings.leaks, "something that was scrubbed is still in the finished site", MEND),
        (findings.hits, "something in the finished site looks like a secret or personal data", HOLD_BACK),
    ):
        if found:
            raise CheckError(
                f"{message}: {len(found):,} findings; nothing was published",
                details=[str(finding) for finding in found[:50]],
                hint=hint,
            )


def _count_files(staging: Staging, report: Report) -> None:
    sizes = [path.stat().st_size for path in staging.path.rglob("*") if path.is_file()]
    report.count("files", len(sizes))
    report.count("bytes", sum(sizes))
