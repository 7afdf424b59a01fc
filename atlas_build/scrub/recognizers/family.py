"""The common shape of our recognizers: a Presidio `EntityRecognizer` with a cheap gate and a generator of hits.

A family says in `may_hold` whether a text can hold anything of its kind at all (a substring test, no regex), and
yields `Hit`s in `find`. Patterns are linear: bounded or possessive repeats, and boundaries that look at Latin letters
and digits only, so that a value glued to Chinese, Japanese or Korean text is still found whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from presidio_analyzer import EntityRecognizer, RecognizerResult

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.hits import FILLER, Hit

__all__ = ["FILLER", "LEFT", "RIGHT", "Family", "Hit", "holds_any"]

LEFT = r"(?<![A-Za-z0-9])"
"""A boundary before a Latin or digit token; unlike a word boundary it holds after Han, Kana and Hangul."""
RIGHT = r"(?![A-Za-z0-9])"


def holds_any(hints: Iterable[str], text: str) -> bool:
    """Whether a text holds one of some strings; a loop of its own, because gates are asked for every text."""
    for hint in hints:  # noqa: SIM110 - half the time of `any` with a generator
        if hint in text:
            return True
    return False


class Family(EntityRecognizer):  # type: ignore[misc]
    """One file's recognizer. Subclasses give `kinds`, `may_hold` and `find`."""

    kinds: ClassVar[tuple[Kind, ...]]

    def __init__(self) -> None:
        super().__init__(supported_entities=[str(kind) for kind in self.kinds], supported_language="en")

    def load(self) -> None:
        """Nothing to load: patterns are compiled with their class."""

    def may_hold(self, text: str) -> bool:
        """Whether `find` needs to look at all. Must never be False for a text that holds a hit."""
        raise NotImplementedError

    def find(self, text: str) -> Iterator[Hit]:
        raise NotImplementedError

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """Presidio's entry point; what it returns passes through the engine to `detect`."""
        if not self.may_hold(text):
            return []
        return [self._result(hit) for hit in self.find(text) if hit.start < hit.end]

    def _result(self, hit: Hit) -> RecognizerResult:
        return RecognizerResult(
            entity_type=str(hit.kind),
            start=hit.start,
            end=hit.end,
            score=hit.score,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                "rule": hit.rule,
                "spreads": hit.spreads,
            },
        )
