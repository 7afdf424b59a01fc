"""Warnings about records that are kept: breaches of the codebook, and repositories with several licenses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atlas_build.model.codebook import Form
from atlas_build.model.source import SourceEpisode
from atlas_build.read.twins import where
from atlas_build.report import Finding

BREACHES = {
    "form-missing": "no form is given",
    "form-repeated": "a form is given twice",
    "other-form-not-alone": "S8 stands beside another form; it ought to stand alone",
    "cause-missing": "no cause is given",
    "cause-repeated": "a cause is given twice",
    "more-than-two-causes": "more than two causes are given",
    "undetermined-cause-not-alone": "C7 stands beside another cause; it ought to stand alone",
    "undetermined-cause-with-tier": "C7 has an evidence tier; it ought to have none",
    "cause-without-tier": "a cause other than C7 has no evidence tier",
    "locus-missing": "the severity is DS2 or DS3 and no locus is given",
    "locus-without-damage": "a locus is given and the severity is neither DS2 nor DS3",
    "resolver-missing": "the status is RS1 and no resolver is given",
    "resolver-without-resolution": "a resolver is given and the status is not RS1",
    "other-form-undescribed": "S8 is given and other_descriptor is empty",
    "other-form-described-without-s8": "other_descriptor is filled in and S8 is not given",
    "rejection-without-category": "the candidate was rejected and no category is given",
}
"""Rule id to sentence; the first thirteen are those of `Labels.breaches()`."""


def find_breaches(episodes: Iterable[SourceEpisode]) -> Iterator[Finding]:
    """Real records break the codebook's cross-rules. They are kept as they are, and each breach is told."""
    for episode in episodes:
        for rule in _broken_rules(episode):
            yield Finding(
                rule=rule,
                where=where(episode.origin),
                key=str(episode.facts.key),
                message=f"{BREACHES[rule]}; the record is kept as it is, check its annotation",
            )


def _broken_rules(episode: SourceEpisode) -> tuple[str, ...]:
    labels = episode.facts.labels
    if labels is None:
        is_unexplained = episode.facts.validation == "INVALID" and episode.facts.invalid_category is None
        return ("rejection-without-category",) if is_unexplained else ()
    return labels.breaches() + _descriptor_rules(episode, has_other=Form.S8 in labels.forms)


def _descriptor_rules(episode: SourceEpisode, *, has_other: bool) -> tuple[str, ...]:
    if episode.text is None or has_other == (episode.text.other_form is not None):
        return ()
    return ("other-form-undescribed",) if has_other else ("other-form-described-without-s8",)


def find_license_disputes(episodes: Iterable[SourceEpisode]) -> Iterator[Finding]:
    """A repository has one license; records that name several cannot all be right."""
    named: dict[tuple[str, str], set[str]] = {}
    for episode in episodes:
        if episode.license_raw is not None:
            named.setdefault(episode.facts.key[:2], set()).add(episode.license_raw)
    for repository in sorted(named):
        if len(named[repository]) > 1:
            yield Finding(
                rule="license-differs-in-repository",
                where="all files",
                key="/".join(repository),
                field="license_type",
                message=f"the records of this repository name {len(named[repository])} different licenses; check them",
            )
