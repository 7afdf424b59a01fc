"""How certain the cases of a label are: how many were extracted with low confidence or rest on speculative evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from atlas_build.model.codebook import Cause, Confidence, Tier
from atlas_build.model.facets import Missing
from atlas_build.model.numbers import LabelNumbers
from atlas_build.render.queries import write_query
from atlas_build.render.shares import agree, percent


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases of a base, each with the explorer's address that lists exactly these.

    Attributes:
        title: what they are.
        base: what the base is.
    """

    title: str
    count: int
    query: str
    of: int
    base: str
    base_query: str

    @property
    def percent(self) -> str:
        return percent(self.count, self.of)


def view_certainty(axis: str, code: str, own: LabelNumbers) -> tuple[Part, ...]:
    """What is recorded of it: nothing where no confidence or no evidence tier is, or where there can be none."""
    return tuple(part for part in (_low(axis, code, own), _speculative(axis, code, own)) if part.of)


def _low(axis: str, code: str, own: LabelNumbers) -> Part:
    counts = own.by_facet["confidence"]
    missing = counts[Missing.NONE]
    recorded = {"confidence": list[str](Confidence)} if missing else {}
    of = own.count - missing
    return Part(
        title="Low confidence in the extraction",
        count=counts[Confidence.LOW],
        query=write_query({axis: [code], "confidence": [Confidence.LOW]}),
        of=of,
        base=agree("cases with a recorded confidence" if missing else "cases", of),
        base_query=write_query({axis: [code]} | recorded),
    )


def _speculative(axis: str, code: str, own: LabelNumbers) -> Part:
    """Under a cause the tier is that of this cause, which the query language joins to it."""
    is_cause = axis == "cause"
    choose = _choose_joined if is_cause else _choose_apart
    query, base_query = (write_query(choose(axis, code, tiers)) for tiers in ([Tier.SPECULATIVE], list(Tier)))
    of = 0 if axis == "tier" or code == Cause.C7 else own.with_tier
    return Part(
        title="Speculative evidence for this cause" if is_cause else "Speculative evidence for a cause",
        count=own.by_facet["tier"][Tier.SPECULATIVE] if axis != "tier" else 0,
        query=query,
        of=of,
        base=agree("cases in which it has an evidence tier" if is_cause else "cases with an evidence tier", of),
        base_query=base_query,
    )


def _choose_joined(axis: str, code: str, tiers: Iterable[Tier]) -> dict[str, list[str]]:
    return {axis: [f"{code}:{tier}" for tier in tiers]}


def _choose_apart(axis: str, code: str, tiers: Iterable[Tier]) -> dict[str, list[str]]:
    return {axis: [code], "tier": list(tiers)}
