"""How often each facet value occurs, and which cases carry it.

Two bases are kept apart: the published cases, and every valid episode that was read (also those that the gate
excluded and label rows without text), of which only labels are known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atlas_build.model.codebook import Validation
from atlas_build.model.episode import Episode, LabelRecord
from atlas_build.model.facets import FACETS, Value
from atlas_build.model.source import Labels


@dataclass(frozen=True)
class FacetCounts:
    """Published cases by facet value.

    Attributes:
        total: number of published cases, the denominator of every share.
        places: facet name -> value -> positions of the cases in reading order.
    """

    total: int
    places: dict[str, dict[Value, tuple[int, ...]]]

    def count(self, facet: str, value: Value) -> int:
        return len(self.places[facet].get(value, ()))


def count_facets(cases: Sequence[Episode]) -> FacetCounts:
    places: dict[str, dict[Value, list[int]]] = {facet.name: defaultdict(list) for facet in FACETS}
    for position, case in enumerate(cases):
        for facet in FACETS:
            for value in facet.values(case):
                places[facet.name][value].append(position)
    frozen = {name: {value: tuple(found) for value, found in values.items()} for name, values in places.items()}
    return FacetCounts(total=len(cases), places=frozen)


@dataclass(frozen=True)
class ReadCounts:
    """Every valid annotated episode that was read, by label code.

    Attributes:
        total: the denominator: valid episodes with labels.
        by_code: code (S3, C6, direct, DS1 ... IDE) -> episodes that carry it.
    """

    total: int
    by_code: Counter[str]


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
