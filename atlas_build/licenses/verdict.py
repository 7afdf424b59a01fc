"""What the gate answers: admitted or excluded, why, and by which entry of the policy.

An admitted verdict always has a rule, an expression and a branch; an excluded one never has a branch.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class Reason(StrEnum):
    ALLOWED = "allowed"
    MISSING = "missing"
    NO_LICENSE = "no-license"
    NO_ASSERTION = "no-assertion"
    UNPARSABLE = "unparsable"
    UNKNOWN_LICENSE = "unknown-license"
    CUSTOM_LICENSE = "custom-license"
    NOT_LISTED = "not-listed"
    NOT_PERMISSIVE = "not-permissive"
    SOURCE_AVAILABLE = "source-available"
    POLICY_SWITCH_OFF = "policy-switch-off"
    EXCEPTION_NOT_REVIEWED = "exception-not-reviewed"


REASONS: dict[Reason, str] = {
    Reason.ALLOWED: "The license is on the reviewed list of permissive licenses.",
    Reason.MISSING: "The record does not say which license the repository has.",
    Reason.NO_LICENSE: "The repository has no license, or says that all rights are reserved.",
    Reason.NO_ASSERTION: "The source says that it does not know the license.",
    Reason.UNPARSABLE: "The license text is neither a known name nor a well-formed SPDX expression.",
    Reason.UNKNOWN_LICENSE: "The license name is not in the SPDX list, and no reviewed name stands for it.",
    Reason.CUSTOM_LICENSE: "The license is the repository's own text (LicenseRef), which nobody has reviewed.",
    Reason.NOT_LISTED: "SPDX knows the license, but the reviewed list does not hold it.",
    Reason.NOT_PERMISSIVE: "The license is known and asks for more than a permissive one, for example copyleft.",
    Reason.SOURCE_AVAILABLE: "The source may be read, but some uses of it are reserved.",
    Reason.POLICY_SWITCH_OFF: "The license is admitted only if the corpus turns on a policy switch, which is off.",
    Reason.EXCEPTION_NOT_REVIEWED: "The license is allowed, but the exception named after WITH has not been reviewed.",
}
"""One sentence for each reason, as the site's inclusion page shows it."""


class Verdict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    raw: str | None
    """The license text as read."""
    admitted: bool
    reason: Reason
    rule: str | None
    """The entries of the policy that decided, joined by a comma: `allow:MIT`, `alias:Apache 2.0, allow:Apache-2.0`."""
    expression: str | None
    """The normalised SPDX expression; None when the text names no license that SPDX knows."""
    shown: str | None = None
    """The text as read, if every word of it is SPDX's or the policy's and it may be printed; else None."""
    masked: str | None = None
    """The expression with `LicenseRef-unlisted` for ids that only the repository knows, which may name people."""
    branch: str | None
    """When admitted: the licenses that the decision rests on. Of an OR it is the first admitted branch."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.admitted != (self.reason is Reason.ALLOWED):
            raise ValueError("admitted and reason disagree")
        if self.admitted != (self.branch is not None):
            raise ValueError("exactly the admitted have a branch")
        if self.admitted and (self.rule is None or self.expression is None):
            raise ValueError("an admitted verdict has a rule and an expression")
        return self
