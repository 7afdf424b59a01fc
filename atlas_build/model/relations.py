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
