"""An episode as it was read: our words for its parts, upstream's text unchanged.

A `SourceEpisode` may be unlicensed and full of personal data. Only the license gate may look at one, and only the
gate makes an `AdmittedEpisode` from it. Upstream calls a form `symptom` and the cost `outcome`; the readers translate.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from atlas_build.model.codebook import (
    SEVERITIES_WITH_LOCUS,
    Cause,
    Confidence,
    Form,
    Goal,
    Locus,
    Resolver,
    Severity,
    Source,
    Status,
    Tier,
    Validation,
    Workflow,
)
from atlas_build.model.identity import EpisodeKey


class Model(BaseModel):
    """Frozen and closed: what is not named here does not travel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _: Any, /) -> None:
        """Share the set of names of given fields, which nothing asks for: of its own it would be half of an episode."""
        object.__setattr__(self, "__pydantic_fields_set__", _names_of(type(self)))


@cache
def _names_of(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


class CauseLabel(Model):
    """A cause with the tier of its evidence; `tier` is None for C7 and where none was recorded."""

    label: Cause
    tier: Tier | None = None


class Labels(Model):
    """The four label axes of a VALID episode, in the order the annotator gave them."""

    forms: tuple[Form, ...]
    causes: tuple[CauseLabel, ...]
    severity: Severity
    locus: Locus | None = None
    status: Status
    resolver: Resolver | None = None

    def breaches(self) -> tuple[str, ...]:
        """The codebook's cross-rules that this record breaks, as rule ids. Real records break them; they are kept."""
        causes = [cause.label for cause in self.causes]
        broken = {
            "form-missing": not self.forms,
            "form-repeated": len(set(self.forms)) < len(self.forms),
            "other-form-not-alone": Form.S8 in self.forms and len(set(self.forms)) > 1,
            "cause-missing": not causes,
            "cause-repeated": len(set(causes)) < len(causes),
            "more-than-two-causes": len(set(causes)) > 2,
            "undetermined-cause-not-alone": Cause.C7 in causes and len(set(causes)) > 1,
            "undetermined-cause-with-tier": any(c.label is Cause.C7 and c.tier for c in self.causes),
            "cause-without-tier": any(c.label is not Cause.C7 and c.tier is None for c in self.causes),
            "locus-missing": self.severity in SEVERITIES_WITH_LOCUS and self.locus is None,
            "locus-without-damage": self.severity not in SEVERITIES_WITH_LOCUS and self.locus is not None,
            "resolver-missing": self.status is Status.RS1 and self.resolver is None,
            "resolver-without-resolution": self.status is not Status.RS1 and self.resolver is not None,
        }
        return tuple(rule for rule, is_broken in broken.items() if is_broken)


class Session(Model):
    """Facts about the session an episode comes from. None means "not recorded"; nothing is guessed."""

    number: int | None = None
    sha: str | None = None
    timestamp: datetime | None = None
    """Start of the session; upstream gives no zone."""
    workflow: Workflow | None = None
    agent: str | None = None
    user_turns: int | None = Field(default=None, ge=0)
    agent_turns: int | None = Field(default=None, ge=0)
    repository_commits: int | None = Field(default=None, ge=0)

    @property
    def agent_name(self) -> str:
        """The agent in words; `Unknown` is what the study calls an agent that the log does not name."""
        if self.agent is None:
            return "agent not recorded"
        return "agent unknown" if self.agent == "Unknown" else self.agent


class Evidence(Model):
    """One quoted turn. All three are free text."""

    turn: str
    quote: str
    context: str


class Reasonings(Model):
    """Why the annotator chose the labels, in free text; None where the record has none."""

    form: str | None = None
    cause: str | None = None
    cost: str | None = None
    resolution: str | None = None


class EpisodeText(Model):
    """Every free-text field of an episode. All of it passes the scrubber before it may be published."""

    name: str
    description: str
    evidence: tuple[Evidence, ...]
    reasonings: Reasonings = Reasonings()
    other_form: str | None = None
    """What an S8 episode is, in the annotator's words."""
    note: str | None = None
    """Why a candidate was rejected."""


class Facts(Model):
    """What is known of an episode beside its text."""

    key: EpisodeKey
    source: Source
    validation: Validation = Validation.VALID
    invalid_category: str | None = None
    goal: Goal | None = None
    confidence: Confidence | None = None
    labels: Labels | None = None
    """None for rejected candidates, which upstream does not annotate."""
    session: Session = Session()


class Origin(Model):
    """Where a record stood, for messages: never part of what is published."""

    file: str
    record: int
    """Counted from 1."""


class SourceEpisode(Model):
    facts: Facts
    license_raw: str | None
    text: EpisodeText | None
    """None for rows of the flat label files: they count in aggregates and get no page."""
    origin: Origin
