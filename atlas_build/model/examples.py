"""Cases that show what a label is used for, and where its edge lies, with the reason for each.

They are chosen by a rule, from the words of the annotator's reasoning and from how sure the record is, not by people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from atlas_build.model.codebook import Tier
from atlas_build.model.source import EpisodeText

REASONED = {
    "form": "form",
    "cause": "cause",
    "severity": "cost",
    "locus": "cost",
    "status": "resolution",
    "resolver": "resolution",
}
"""The axes whose labels have examples, and which reasoning is about them.

Tier, goal and workflow have none: the annotator gives no reason for them."""


def reasoning_about(axis: str, text: EpisodeText) -> str:
    """Why the annotator chose the labels of one of `REASONED`; "" where that is not recorded."""
    return getattr(text.reasonings, REASONED[axis]) or ""


LabelKey = tuple[str, str]
"""Axis and code."""


class Doubt(Enum):
    """Why a case stands at the edge of a label."""

    RATHER = "rather"
    """The reasoning reads more like another label of the axis."""
    LOW = "low"
    """The case was extracted with low confidence."""
    SPECULATIVE = "speculative"
    """The evidence of this cause is speculative."""


@dataclass(frozen=True, slots=True)
class Example:
    """One case beside a label.

    Attributes:
        place: its position among the cases.
        words: words of the reasoning, as they are written there: of a typical case those that speak most for the
            label, or () where none does so alone; of a borderline one those that speak most for `rather`.
        doubts: why it is borderline; a typical case has none.
        rather: code of the label of the same axis that the reasoning reads more like, or "".
        also: codes of the other labels of the axis that the case carries.
        tier: of a cause, its best evidence.
    """

    place: int
    words: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    rather: str = ""
    also: tuple[str, ...] = ()
    tier: Tier | None = None


FEWEST_COMPARED = 5
"""Cases with a label, and without it, from which on words are tried for it."""


@dataclass(frozen=True, slots=True)
class WordTest:
    """How well the words of reasons tell the cases with a label from those without.

    Attributes:
        pairs: of 100 pairs, one case with the label and one without, those in which the words put the former first.
        having, lacking: the cases that the pairs are made of.
        believed: that is enough, and more than chance does, so that examples may rest on it.
    """

    pairs: int
    having: int
    lacking: int
    believed: bool


@dataclass(frozen=True, slots=True)
class Examples:
    """
    Attributes:
        typical, borderline: at most three each, no case in both, the clearest first.
        test: None where there were too few cases to try words at all.
    """

    typical: tuple[Example, ...] = ()
    borderline: tuple[Example, ...] = ()
    test: WordTest | None = None
