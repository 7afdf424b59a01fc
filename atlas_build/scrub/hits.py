"""What a recognizer reports. Here and not beside the recognizers, because they load Presidio, which takes seconds: a
build whose texts are all in the cache never needs it."""

from __future__ import annotations

from typing import NamedTuple

from atlas_build.model.placeholder import Kind

FILLER = "\ufffc"
"""Stands for a placeholder while recognizers look at a text; never part of a value."""


class Hit(NamedTuple):
    """One found value, as code point offsets into the text that was looked at.

    Attributes:
        score: how sure the rule is, 0 to 1; the merge rule prefers the higher one.
        rule: short id of the rule, for audits.
        spreads: the cue is strong enough to remove the same value elsewhere in the episode.
    """

    start: int
    end: int
    kind: Kind
    score: float
    rule: str
    spreads: bool = True
