"""Numbers that pages show, as shapes: `derive/` works them out, `render/` prints them.

Two bases are kept apart: the published cases, and every valid episode that was read (also those that the gate
excluded and label rows without text), of which only labels are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from atlas_build.model.examples import Examples, LabelKey
from atlas_build.model.facets import Value

SessionKey = tuple[str, str, str]
RepositoryKey = tuple[str, str]


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


@dataclass(frozen=True)
class ReadCounts:
    """Every valid annotated episode that was read, by label code.

    Attributes:
        total: the denominator: valid episodes with labels.
        by_code: code (S3, C6, direct, DS1 ... IDE) -> episodes that carry it.
    """

    total: int
    by_code: Counter[str]


@dataclass(frozen=True)
class CrossTab:
    """Cases (not label pairs) that carry both values, so a multi-label case may stand in several cells.

    Attributes:
        total: number of cases, the denominator.
        cells: (row value, column value) -> cases.
    """

    rows: str
    columns: str
    total: int
    cells: Counter[tuple[Value, Value]]


@dataclass(frozen=True)
class Month:
    """One calendar month, also when nothing happened in it."""

    name: str
    """`2026-04`."""
    ide: int
    cli: int
    other: int

    @property
    def total(self) -> int:
        return self.ide + self.cli + self.other


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two labels of one axis on the same cases.

    Attributes:
        count: cases that carry both.
        expected: as many would, if the two were independent: n_i n_j / n; more than 0.
    """

    count: int
    expected: float

    @property
    def lift(self) -> float:
        """How many times as often the two meet as if they were independent: n n_ij / (n_i n_j)."""
        return self.count / self.expected


@dataclass(frozen=True)
class LabelNumbers:
    """What the cases of one label are otherwise like.

    Attributes:
        count: cases that carry the label.
        by_facet: facet name -> value -> cases among them. Under a cause, `tier` is that of this very cause.
        with_tier: cases among them with an evidence tier; under a cause, of this very cause.
        months: cases among them by month.
        together: the other labels of its axis that occur, where a case may carry several, in the order of the codebook.
    """

    count: int
    by_facet: Mapping[str, Counter[Value]]
    with_tier: int
    months: tuple[Month, ...]
    together: Mapping[str, Meeting]


@dataclass(frozen=True)
class Numbers:
    """Everything that is counted for one build.

    Attributes:
        months: published cases by month.
        labels: (axis, code) -> numbers of that label's cases.
        examples: of each label that may have some.
    """

    facets: FacetCounts
    read: ReadCounts
    form_by_cause: CrossTab
    months: tuple[Month, ...]
    labels: Mapping[LabelKey, LabelNumbers]
    examples: Mapping[LabelKey, Examples]
