"""The facets: fields that readers filter by, and how an episode answers each.

Names and values are part of the site's URLs and stay for ever. A missing value is not a string but a `Missing`, so
that an agent who calls itself "none" is told apart from one that was not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from atlas_build.model.codebook import SEVERITIES_WITH_LOCUS, VOCABULARIES, Cause, Status
from atlas_build.model.episode import Episode
from atlas_build.model.placeholder import NAMES, Kind
from atlas_build.model.source import CauseLabel, Labels


class Missing(Enum):
    """Why there is no value. The enum's value is its word in the query language."""

    NONE = "none"
    """Not recorded."""
    NOT_APPLICABLE = "na"
    """The facet does not apply, as a locus without damage."""


Value = str | Missing


@dataclass(frozen=True)
class Facet:
    """A field with a closed or open set of values.

    Attributes:
        name: the key in the URL.
        title: the heading above its values.
        vocabulary: the codes in canonical order; empty for open vocabularies (agent, license, month).
        values: the episode's values, at least one, each at most once.
        multiple: an episode may have several values, so shares may add up to more than 100 %.
        names: what values are called that the codebook does not explain, in canonical order.
    """

    name: str
    title: str
    values: Callable[[Episode], tuple[Value, ...]]
    multiple: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        return VOCABULARIES.get(self.name, ())


def joined_cause(cause: CauseLabel) -> str:
    """A cause with its tier as one value of the query language: `C6:direct`, `C7:na`, `C2:none`."""
    tier = tier_of(cause)
    return f"{cause.label}:{tier.value if isinstance(tier, Missing) else tier}"


def tier_of(cause: CauseLabel) -> Value:
    """C7 has none; of other causes it may not have been recorded."""
    if cause.tier is not None:
        return cause.tier
    return Missing.NOT_APPLICABLE if cause.label is Cause.C7 else Missing.NONE


def _label(name: str) -> Callable[[Episode], tuple[Value, ...]]:
    """Ask the labels; a rejected candidate has none, so the axis does not apply to it."""

    def values(episode: Episode) -> tuple[Value, ...]:
        labels = episode.facts.labels
        return (Missing.NOT_APPLICABLE,) if labels is None else label_values(name, labels)

    return values


def _recorded(pick: Callable[[Episode], str | None]) -> Callable[[Episode], tuple[Value, ...]]:
    def values(episode: Episode) -> tuple[Value, ...]:
        return (pick(episode) or Missing.NONE,)

    return values


def _locus(labels: Labels) -> tuple[Value, ...]:
    if labels.locus is not None:
        return (labels.locus,)
    return () if labels.severity in SEVERITIES_WITH_LOCUS else (Missing.NOT_APPLICABLE,)


def _resolver(labels: Labels) -> tuple[Value, ...]:
    if labels.resolver is not None:
        return (labels.resolver,)
    return () if labels.status is Status.RS1 else (Missing.NOT_APPLICABLE,)


_PICKS: dict[str, Callable[[Labels], tuple[Value, ...]]] = {
    "form": lambda labels: labels.forms,
    "cause": lambda labels: tuple(cause.label for cause in labels.causes),
    "tier": lambda labels: tuple(tier_of(cause) for cause in labels.causes),
    "severity": lambda labels: (labels.severity,),
    "locus": _locus,
    "status": lambda labels: (labels.status,),
    "resolver": _resolver,
}
SOMETHING, NOTHING = "any", "nothing"


def scrubbed_values(redactions: Mapping[Kind, int]) -> tuple[Value, ...]:
    """The kinds of what was replaced, behind a value that says that something was."""
    kinds = [kind.value for kind, count in redactions.items() if count]
    return (SOMETHING, *kinds) if kinds else (NOTHING,)


def _scrubbed(episode: Episode) -> tuple[Value, ...]:
    return scrubbed_values(episode.redactions)


_KIND_NAMES = {kind.value: name[0].upper() + name[1:] for kind, name in NAMES.items()}
_SCRUBBED_NAMES = {SOMETHING: "Something", NOTHING: "Nothing", **_KIND_NAMES}

LABEL_FACETS = tuple(_PICKS)
"""What labels alone answer, without the episode."""


def label_values(name: str, labels: Labels) -> tuple[Value, ...]:
    """How labels answer one of `LABEL_FACETS`: at least one value, each once."""
    return tuple(dict.fromkeys(_PICKS[name](labels))) or (Missing.NONE,)


FACETS: tuple[Facet, ...] = (
    Facet("form", "Form", _label("form"), multiple=True),
    Facet("cause", "Cause", _label("cause"), multiple=True),
    Facet("tier", "Evidence tier", _label("tier"), multiple=True),
    Facet("severity", "Severity", _label("severity")),
    Facet("locus", "Locus", _label("locus")),
    Facet("status", "Resolution", _label("status")),
    Facet("resolver", "Resolver", _label("resolver")),
    Facet("workflow", "Workflow", _recorded(lambda episode: episode.facts.session.workflow)),
    Facet("agent", "Agent", _recorded(lambda episode: episode.facts.session.agent)),
    Facet("goal", "Goal", _recorded(lambda episode: episode.facts.goal)),
    Facet("source", "Source", _recorded(lambda episode: episode.facts.source)),
    Facet("license", "License", _recorded(lambda episode: episode.license.spdx)),
    Facet("confidence", "Confidence", _recorded(lambda episode: episode.facts.confidence)),
    Facet("scrubbed", "Scrubbed", _scrubbed, multiple=True, names=_SCRUBBED_NAMES),
    Facet("month", "Month", _recorded(lambda episode: episode.month)),
    Facet("validation", "Validation", lambda episode: (episode.facts.validation,)),
    Facet("invalid", "Rejected because", lambda episode: (episode.facts.invalid_category or Missing.NOT_APPLICABLE,)),
)
"""In the order of the legend."""

LISTED_BY_SCRIPT = frozenset({"scrubbed"})
"""Facets whose values are not in the front page's HTML: they have no pages to lead to, and its first bytes are dear."""

BY_NAME = {facet.name: facet for facet in FACETS}


def joined_causes(episode: Episode) -> tuple[str, ...]:
    """All `cause:tier` pairs of an episode, for queries such as `cause=C6:direct`."""
    labels = episode.facts.labels
    return tuple(dict.fromkeys(joined_cause(cause) for cause in labels.causes)) if labels else ()
