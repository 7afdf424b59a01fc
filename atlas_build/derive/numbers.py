"""All numbers of one build, from the published cases and the labels of everything read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from atlas_build.derive.counts import count_facets, count_read
from atlas_build.derive.crosstabs import cross
from atlas_build.derive.examples import choose_examples
from atlas_build.derive.timeline import count_months
from atlas_build.model.codebook import LABEL_AXES, VOCABULARIES, Codebook
from atlas_build.model.episode import Episode, LabelRecord
from atlas_build.model.facets import BY_NAME, Value, tier_of
from atlas_build.model.numbers import FacetCounts, LabelNumbers, Meeting, Numbers

BROKEN_DOWN_BY = ("form", "cause", "severity", "tier", "status", "workflow", "confidence")
"""Facets that a label's cases are broken down by."""
MEETING_AXES = ("form", "cause")
"""Axes on which labels may meet. A case may have several tiers, too, but only as it has several causes."""


def count_everything(cases: Sequence[Episode], records: Iterable[LabelRecord], codebook: Codebook) -> Numbers:
    facets = count_facets(cases)
    return Numbers(
        facets=facets,
        read=count_read(records),
        form_by_cause=cross(cases, "form", "cause"),
        months=count_months(cases),
        labels={
            (axis, code): _count_label(axis, code, cases, facets) for axis in LABEL_AXES for code in VOCABULARIES[axis]
        },
        examples=choose_examples(cases, facets, codebook),
    )


def _count_label(axis: str, code: str, cases: Sequence[Episode], facets: FacetCounts) -> LabelNumbers:
    found = [cases[place] for place in facets.places[axis].get(code, ())]
    return LabelNumbers(
        count=len(found),
        by_facet={
            facet: Counter(value for case in found for value in _values(facet, case, axis, code))
            for facet in BROKEN_DOWN_BY
            if facet != axis
        },
        with_tier=sum(any(isinstance(tier, str) for tier in _values("tier", case, axis, code)) for case in found),
        months=count_months(found),
        together=count_meetings(axis, code, found, facets) if axis in MEETING_AXES else {},
    )


def count_meetings(axis: str, code: str, found: Sequence[Episode], facets: FacetCounts) -> dict[str, Meeting]:
    """How often the cases `found` of a label carry each other label of its axis, beside what chance would give."""
    counts = Counter(value for case in found for value in BY_NAME[axis].values(case))
    return {
        other: Meeting(counts[other], len(found) * facets.count(axis, other) / facets.total)
        for other in VOCABULARIES[axis]
        if found and other != code and facets.count(axis, other)
    }


def _values(facet: str, case: Episode, axis: str, code: str) -> Iterable[Value]:
    """A case may have two causes, each with its tier; under one of them the other's tier does not count."""
    if (facet, axis) == ("tier", "cause") and case.facts.labels is not None:
        return {tier_of(cause) for cause in case.facts.labels.causes if cause.label == code}
    return BY_NAME[facet].values(case)
