"""The codebook's closed vocabularies, and the text that explains each label.

The codes are the study's (arXiv 2605.29442, annotation codebook); the wording under `data/codebook/` is ours.
A record with a code that is not listed here is set aside by the reader. Codes are never renamed.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Form(StrEnum):
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"
    S6 = "S6"
    S7 = "S7"
    S8 = "S8"


class Cause(StrEnum):
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    C7 = "C7"


class Tier(StrEnum):
    """How well the evidence carries a cause. C7 has none."""

    DIRECT = "direct"
    CONTEXTUAL = "contextual"
    SPECULATIVE = "speculative"


class Severity(StrEnum):
    """DS1 < DS2 < DS3 is a ladder; DS0 (no damage) and DS4 (unobservable) stand outside it."""

    DS0 = "DS0"
    DS1 = "DS1"
    DS2 = "DS2"
    DS3 = "DS3"
    DS4 = "DS4"


class Locus(StrEnum):
    DL1 = "DL1"
    DL2 = "DL2"
    DL3 = "DL3"
    DL4 = "DL4"


class Status(StrEnum):
    RS1 = "RS1"
    RS2 = "RS2"


class Resolver(StrEnum):
    RV1 = "RV1"
    RV2 = "RV2"
    RV3 = "RV3"


class Goal(StrEnum):
    INSTRUCTION = "instruction"
    INTENTION = "intention"
    BOTH = "both"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Source(StrEnum):
    SPECSTORY = "specstory"
    SWE = "swe"


class Workflow(StrEnum):
    IDE = "IDE"
    CLI = "CLI"


class Validation(StrEnum):
    VALID = "VALID"
    INVALID = "INVALID"


SEVERITIES_WITH_LOCUS = frozenset({Severity.DS2, Severity.DS3})
"""A locus is recorded if and only if something was damaged."""

KNOWN_AGENTS = frozenset({
    "Unknown", "Claude Code", "Cursor IDE", "OpenCode", "Codex", "Copilot IDE", "Gemini CLI", "Cursor CLI",
    "Copilot CLI",
})  # fmt: skip
"""Agents named by the study. `Unknown` is a value of its own, not a missing one."""

INVALID_CATEGORIES = (
    "invisible_agent_action",
    "invisible_project_context",
    "session_terminated_before_completion",
    "truncation",
    "unrequested_action_without_pushback",
    "intention_claim_without_pushback",
    "collaboration_style_without_pushback",
    "evidence_contradicts_description",
)
"""Why a candidate was rejected; `custom:snake_case` is allowed beside these."""


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Confusion(_Text):
    code: str
    how: str


class Label(_Text):
    """One code of one axis, explained."""

    code: str
    name: str
    gloss: str = Field(max_length=80)
    definition: str
    question: str
    signature: str = ""
    example: str = ""
    confusions: tuple[Confusion, ...] = ()

    @property
    def shown_code(self) -> str:
        """The code where it says more than the name: `S3`, but "" for `IDE` and `direct`."""
        return "" if self.code.lower() == self.name.lower() else self.code

    @property
    def full_name(self) -> str:
        """`S3 Developer Constraint Violation`, but `IDE`."""
        return f"{self.shown_code} {self.name}".strip()

    @property
    def slug(self) -> str:
        """The last part of the label's URL, `/codebook/<slug>/`."""
        return self.code.lower().replace("_", "-")


class Axis(_Text):
    """One axis of the codebook: a question and its possible answers."""

    axis: str
    name: str
    upstream: str = ""
    question: str
    base: str
    multiple: bool = False
    ladder: tuple[str, ...] = ()
    reliability: float | None = None
    reliability_n: int | None = None
    label: tuple[Label, ...]

    @cached_property
    def by_code(self) -> dict[str, Label]:
        return {label.code: label for label in self.label}

    @model_validator(mode="after")
    def codes_are_unique(self) -> Axis:
        if len(self.by_code) != len(self.label):
            raise ValueError(f"axis {self.axis}: a code stands twice in `label`")
        return self


VOCABULARIES: dict[str, tuple[str, ...]] = {
    "form": tuple(Form),
    "cause": tuple(Cause),
    "tier": tuple(Tier),
    "severity": tuple(Severity),
    "locus": tuple(Locus),
    "status": tuple(Status),
    "resolver": tuple(Resolver),
    "goal": tuple(Goal),
    "workflow": tuple(Workflow),
    "confidence": tuple(Confidence),
    "source": tuple(Source),
    "validation": tuple(Validation),
    "invalid": INVALID_CATEGORIES,
}
"""Every axis that the codebook explains, with its codes in their canonical order."""

LABEL_AXES = ("form", "cause", "tier", "severity", "locus", "status", "resolver", "goal", "workflow")
"""Axes whose labels have a page of their own."""


class Codebook(_Text):
    axes: dict[str, Axis]

    @model_validator(mode="after")
    def covers_every_code(self) -> Codebook:
        for name, codes in VOCABULARIES.items():
            if name not in self.axes:
                raise ValueError(f"axis {name} is missing")
            found = [label.code for label in self.axes[name].label]
            if found != list(codes):
                raise ValueError(f"axis {name} must list {', '.join(codes)} in this order")
        return self

    def label(self, axis: str, code: str) -> Label | None:
        return self.axes[axis].by_code.get(code) if axis in self.axes else None
