"""All numbers of one build, from the published cases and the labels of everything read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from atlas_build.derive.counts import count_facets, count_read
from atlas_build.derive.crosstabs import cross
from atlas_build.derive.timeline import count_months
from atlas_build.model.codebook import LABEL_AXES, VOCABULARIES
from atlas_build.model.episode import Episode, LabelRecord
from atlas_build.model.facets import BY_NAME
from atlas_build.model.numbers import FacetCounts, LabelNumbers, Numbers

BROKEN_DOWN_BY = ("form", "cause", "severity", "status", "workflow", "confidence")
"""Facets that a label's cases are broken down by."""


def count_everything(cases: Sequence[Episode], records: Iterable[LabelRecord]) -> Numbers:
    facets = count_facets(cases)
    return Numbers(
        facets=facets,
        read=count_read(records),
        form_by_cause=cross(cases, "form", "cause"),
        months=count_months(cases),
        labels={
            (axis, code): _count_label(axis, code, cases, facets) for axis in LABEL_AXES for code in VOCABULARIES[axis]
        },
    )


def _count_label(axis: str, code: str, cases: Sequence[Episode], facets: FacetCounts) -> LabelNumbers:
    found = [cases[place] for place in facets.places[axis].get(code, ())]
    return LabelNumbers(
        count=len(found),
        by_facet={
            facet: Counter(value for case in found for value in BY_NAME[facet].values(case))
            for facet in BROKEN_DOWN_BY
            if facet != axis
        },
        months=count_months(found),
    )
