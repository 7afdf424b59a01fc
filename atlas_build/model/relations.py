"""Which other cases a case is shown beside, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """Another case.

    Attributes:
        place: its position among the cases.
        labels: forms and causes that both have; of a contrast, the causes of the other. Pairs of axis and code.
        words: rare words of name and description that both have, the rarest first.
    """

    place: int
    labels: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


CONTRASTS = (("form", "cause"), ("cause", "status"))
"""In what two cases are alike and in what they differ, as facets: the same form from another cause, and the same cause
with another resolution, which is status and resolver. Part of the explorer's addresses (`axes=form,cause`)."""


MOST_WORDS = 3
"""How many shared words are told of two cases."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The case that a contrast is shown with.

    Attributes:
        place: its position among the cases.
        alikeness: of both, in bits; `derive.related` says how it is measured.
        words: rare words that both have, the rarest first, at most `MOST_WORDS`.
    """

    place: int
    alikeness: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relations:
    """
    Attributes:
        related: the most alike, the nearest first.
        contrasts: cases of the same form with another cause.
    """

    related: tuple[Relation, ...] = ()
    contrasts: tuple[Relation, ...] = ()


NO_RELATIONS = Relations()
