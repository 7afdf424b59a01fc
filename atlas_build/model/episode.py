"""The two promises that a build makes, as types.

`AdmittedEpisode`: its repository's license allows publication; only the license gate makes one.
`Episode`: admitted, and every free-text field is scrubbed; only the scrubber makes one. Index, pages and downloads
take `Episode` and nothing else, so that unlicensed or unscrubbed text cannot reach them by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from atlas_build.model.codebook import Validation
from atlas_build.model.identity import EpisodeKey, sort_value
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import EpisodeText, Facts, Labels, Model

ROLES = frozenset({"USER", "AGENT", "ASSISTANT", "SYSTEM", "TOOL"})
"""Speakers that upstream's transcripts name. Any other word may be somebody's account name and is nobody's role."""

TURN = re.compile(r"TURN\s+(\d{1,6})\s*\|\s*(\w{1,32})", re.IGNORECASE)


class LicenseGrant(Model):
    """Why an episode may be published."""

    spdx: str
    """The SPDX expression (of an OR: the branch) that the decision rests on."""
    expression: str
    """The whole normalised SPDX expression of the repository."""
    rule: str
    """The policy entry that admitted it."""


class LabelRecord(Model):
    """What remains of any episode, admitted or not, for aggregate counts: no text, no session, no repository."""

    source: str
    license_raw: str | None
    validation: Validation
    labels: Labels | None
    workflow: str | None
    has_text: bool


class AdmittedEpisode(Model):
    facts: Facts
    license: LicenseGrant
    text: EpisodeText


class Episode(Model):
    """One published case."""

    id: str
    facts: Facts
    license: LicenseGrant
    text: EpisodeText
    redactions: dict[Kind, int] = Field(default_factory=dict)
    """How many spans of each kind were replaced in this episode."""

    @property
    def key(self) -> EpisodeKey:
        return self.facts.key

    @property
    def slug(self) -> str:
        """The case page is at `/c/<slug>/`."""
        return self.id.lower()

    @property
    def is_case(self) -> bool:
        """True for episodes; False for rejected candidates, which are kept apart everywhere."""
        return self.facts.validation is Validation.VALID

    @property
    def month(self) -> str | None:
        stamp = self.facts.session.timestamp
        return f"{stamp:%Y-%m}" if stamp else None


def parse_turn(turn: str) -> tuple[int | None, str | None]:
    """Number and upper-case role of a turn such as `TURN 3 | USER`; None for what is no number or no known role."""
    match = TURN.search(turn)
    if not match:
        return None, None
    role = match[2].upper()
    return int(match[1]), role if role in ROLES else None


def reading_order(episode: Episode) -> tuple[object, ...]:
    """The order of every list: newest session first, undated last, then by natural key."""
    stamp = episode.facts.session.timestamp
    age = (datetime.max - stamp).total_seconds() if stamp else 0.0
    return (stamp is None, age, sort_value(episode.key))


def text_fields(text: EpisodeText) -> Iterator[tuple[str, str]]:
    """Every free-text field as (path, text), in reading order: the one list that scrubbing and checks go by."""
    yield "name", text.name
    yield "description", text.description
    for number, item in enumerate(text.evidence, 1):
        yield f"evidence[{number}].turn", item.turn
        yield f"evidence[{number}].quote", item.quote
        yield f"evidence[{number}].context", item.context
    for part in ("form", "cause", "cost", "resolution"):
        reasoning = getattr(text.reasonings, part)
        if reasoning is not None:
            yield f"reasonings.{part}", reasoning
    if text.other_form is not None:
        yield "other_form", text.other_form
    if text.note is not None:
        yield "note", text.note
