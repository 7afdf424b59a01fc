"""Detection: what Presidio's analyzer finds in one text with our registry, as a pure function of text and policy.

It fails closed. A recognizer that raises, or a pattern that Presidio would skip after a timeout with a line in its
log, becomes a `ScrubError`: text that was not looked at by every recognizer must not be published.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from atlas_build.errors import ScrubError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.hits import Hit
from atlas_build.scrub.language import LANGUAGE, build_language
from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.recognizers.families import build_families
from atlas_build.scrub.recognizers.private_keys import find_private_keys

LOWEST_SCORE = 0.35
WINDOW = 24_000
"""Code points looked at in one go: longer texts are cut, so that no step is worse than linear in the whole text."""
OVERLAP = 6_000
"""Longer than any value but a private key, which is found on the whole text."""
PRESIDIO_LOG = "presidio-analyzer"


class SteadyRegistry(RecognizerRegistry):  # type: ignore[misc]
    """A registry that does not change: Presidio's own filters and logs its list on every call."""

    def get_recognizers(self, *_: Any, **__: Any) -> list[EntityRecognizer]:
        recognizers: list[EntityRecognizer] = self.recognizers
        return recognizers


class SteadyEngine(AnalyzerEngine):  # type: ignore[misc]
    """Presidio's engine without the work that has the same result for every text; half of its time on short ones."""

    def get_supported_entities(self, language: str | None = None) -> list[str]:  # noqa: ARG002
        return self._entities

    @cached_property
    def _entities(self) -> list[str]:
        entities: list[str] = sorted(super().get_supported_entities(LANGUAGE))
        return entities

    def _enhance_using_context(self, text: str, raw_results: list[RecognizerResult], *rest: Any) -> Any:
        return super()._enhance_using_context(text, raw_results, *rest) if raw_results else []


class Detector:
    """One Presidio `AnalyzerEngine` with our recognizers. Costly to build, cheap to use, one a process."""

    def __init__(self, policy: ScrubPolicy) -> None:
        self.policy = policy
        nlp_engine, model_recognizers = build_language(policy.model)
        recognizers = [*build_families(policy), *model_recognizers]
        self.engine = SteadyEngine(
            registry=SteadyRegistry(recognizers=recognizers, supported_languages=[LANGUAGE]),
            nlp_engine=nlp_engine,
            supported_languages=[LANGUAGE],
            default_score_threshold=LOWEST_SCORE,
            # The default mode matches parts of words: `lic` would vouch for a licence number near "public".
            context_aware_enhancer=LemmaContextAwareEnhancer(context_matching_mode="whole_word"),
        )

    def detect(self, text: str) -> list[Hit]:
        """All hits in a text, by start; they may overlap.

        Raises:
            ScrubError: a recognizer failed or timed out.
        """
        hits = list(find_private_keys(text))
        for start, end in windows(text):
            window = text if end - start == len(text) else text[start:end]
            hits += [hit._replace(start=hit.start + start, end=hit.end + start) for hit in self._analyze(window)]
        return sorted(set(hits))

    def _analyze(self, window: str) -> Iterator[Hit]:
        try:
            with failing_closed():
                results = self.engine.analyze(window, language=LANGUAGE)
        except ScrubError:
            raise
        except Exception as error:
            # The message of a foreign error may quote the text; its type and place are enough to find the fault.
            raise ScrubError(f"a detector failed ({type(error).__name__}); nothing was published", hint=_HINT) from None
        return (_hit(result) for result in results)


_HINT = "run the scrub command on single episodes to find the text, then fix or switch off the recognizer"


class _TimeoutHandler(logging.Handler):
    """Notices the log line with which Presidio gives up on a pattern."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.has_timeout = False

    def emit(self, record: logging.LogRecord) -> None:
        self.has_timeout = self.has_timeout or "timed out" in str(record.msg)


@contextmanager
def failing_closed() -> Iterator[None]:
    """Raise `ScrubError` if Presidio skips a pattern inside: it only logs that, and would pass the text unredacted."""
    handler = _TimeoutHandler()
    logger = logging.getLogger(PRESIDIO_LOG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if handler.has_timeout:
        raise ScrubError("a pattern timed out; nothing was published", hint=_HINT)


def _hit(result: RecognizerResult) -> Hit:
    details = result.recognition_metadata or {}
    rule = str(details.get("rule") or details.get(RecognizerResult.RECOGNIZER_NAME_KEY) or "unnamed")
    return Hit(
        result.start, result.end, Kind(result.entity_type), result.score, rule, bool(details.get("spreads", True))
    )


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into overlapping windows whose edges stand at white space where there is some nearby."""
    if len(text) <= WINDOW:
        yield 0, len(text)
        return
    start = 0
    while True:
        end = min(start + WINDOW, len(text))
        if end < len(text):
            end = _break_before(text, end)
        yield start, end
        if end == len(text):
            return
        start = _break_before(text, end - OVERLAP)


def _break_before(text: str, place: int) -> int:
    """The last white space within 1,000 code points before `place`, or `place` itself."""
    for candidate in range(place, place - 1000, -1):
        if text[candidate - 1].isspace():
            return candidate
    return place
