"""How often each facet value occurs, and which cases carry it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from atlas_build.model.codebook import Validation
from atlas_build.model.episode import Episode, LabelRecord
from atlas_build.model.facets import FACETS, Value
from atlas_build.model.numbers import FacetCounts, ReadCounts
from atlas_build.model.source import Labels


def count_facets(cases: Sequence[Episode]) -> FacetCounts:
    places: dict[str, dict[Value, list[int]]] = {facet.name: defaultdict(list) for facet in FACETS}
    for position, case in enumerate(cases):
        for facet in FACETS:
            for value in facet.values(case):
                places[facet.name][value].append(position)
    frozen = {name: {value: tuple(found) for value, found in values.items()} for name, values in places.items()}
    return FacetCounts(total=len(cases), places=frozen)


def count_read(records: Iterable[LabelRecord]) -> ReadCounts:
    by_code: Counter[str] = Counter()
    total = 0
    for record in records:
        if record.validation is not Validation.VALID or record.labels is None:
            continue
        total += 1
        by_code.update(_codes(record.labels))
        if record.workflow:
            by_code[record.workflow] += 1
    return ReadCounts(total=total, by_code=by_code)


def _codes(labels: Labels) -> set[str]:
    codes: set[str] = {*labels.forms, *(cause.label for cause in labels.causes), labels.severity, labels.status}
    codes.update(cause.tier for cause in labels.causes if cause.tier)
    codes.update(code for code in (labels.locus, labels.resolver) if code)
    return codes
