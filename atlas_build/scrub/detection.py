"""Detection: what Presidio's analyzer finds in one text with our registry, as a pure function of text and policy.

It fails closed. A recognizer that raises becomes a `ScrubError`, and so does a pattern that timed out, or a text on
which a model failed, which Presidio skips with a line in its log: text that was not looked at by every recognizer must
not be published.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from atlas_build.errors import ScrubError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.hits import Hit
from atlas_build.scrub.language import LANGUAGE, MODEL_RULES, build_language
from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.recognizers.families import build_families
from atlas_build.scrub.recognizers.private_keys import find_private_keys

LOWEST_SCORE = 0.35
WINDOW = 24_000
"""Code points looked at in one go: longer texts are cut, so that no step is worse than linear in the whole text."""
OVERLAP = 6_000
"""Longer than any value but a private key, which is found on the whole text."""
PRESIDIO_LOG = "presidio-analyzer"


class SteadyEngine(AnalyzerEngine):  # type: ignore[misc]
    """Presidio's engine for a list of recognizers that does not change.

    It does what `AnalyzerEngine.analyze` does for a text, without what has the same result for every text or none
    here: lists of entities and recognizers, thresholds of single recognizers, and removing contained results, which
    takes the square of their number. Overlaps are left to `spans.merge`.
    """

    def analyze(self, text: str, language: str = LANGUAGE, *_: Any, **__: Any) -> list[RecognizerResult]:
        """All results from `LOWEST_SCORE` on, with the scores that context words give."""
        artifacts = self.nlp_engine.process_text(text, language)
        results: list[RecognizerResult] = []
        for recognizer in self._recognizers:
            # Its own entities alone: GLiNER takes any other as a label that it shall look for too.
            found = recognizer.analyze(text, recognizer.supported_entities, artifacts)
            if found and recognizer.context:
                found = self.context_aware_enhancer.enhance_using_context(text, found, artifacts, [recognizer])
            for result in found:
                if not result.recognition_metadata:  # a recognizer of Presidio for a model
                    result.recognition_metadata = {RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name}
            results += found
        return [result for result in results if result.score >= LOWEST_SCORE]

    @cached_property
    def _recognizers(self) -> list[EntityRecognizer]:
        recognizers: list[EntityRecognizer] = self.registry.recognizers
        return recognizers


class Detector:
    """One Presidio `AnalyzerEngine` with our recognizers. Costly to build, cheap to use, one a process."""

    def __init__(self, policy: ScrubPolicy) -> None:
        self.policy = policy
        nlp_engine, model_recognizers = build_language(policy.model)
        recognizers = [*build_families(policy), *model_recognizers]
        self.engine = SteadyEngine(
            registry=RecognizerRegistry(recognizers=recognizers, supported_languages=[LANGUAGE]),
            nlp_engine=nlp_engine,
            supported_languages=[LANGUAGE],
            default_score_threshold=LOWEST_SCORE,
            # The default mode matches parts of words: `lic` would vouch for a licence number near "public".
            context_aware_enhancer=LemmaContextAwareEnhancer(context_matching_mode="whole_word"),
        )
        self._skips = SkipHandler()

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
            with failing_closed(self._skips):
                results = self.engine.analyze(window)
        except ScrubError:
            raise
        except Exception as error:
            # The message of a foreign error may quote the text; its type and place are enough to find the fault.
            raise ScrubError(f"a detector failed ({type(error).__name__}); nothing was published", hint=_HINT) from None
        hits = (_hit(result) for result in results)
        return (hit for hit in hits if hit.rule not in MODEL_RULES or not self._is_technology(window, hit))

    def _is_technology(self, window: str, hit: Hit) -> bool:
        """Whether a model took agents, tools or fonts with people's names for people."""
        words = re.findall(r"[^\W\d_]+", window[hit.start : hit.end].casefold())
        return hit.kind is Kind.PERSON and all(word in self.policy.vocabulary.technology for word in words)


_HINT = "run the scrub command on single episodes to find the text, then fix or switch off the recognizer"


_SKIPPED = ("timed out", "skipping document")


class SkipHandler(logging.Handler):
    """Notices the log lines with which Presidio gives up on a pattern or a text."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.has_skipped = False

    def emit(self, record: logging.LogRecord) -> None:
        self.has_skipped = self.has_skipped or any(words in str(record.msg) for words in _SKIPPED)


@contextmanager
def failing_closed(handler: SkipHandler) -> Iterator[None]:
    """Raise `ScrubError` if Presidio skips something inside: it only logs that, and would pass the text unredacted."""
    handler.has_skipped = False
    logger = logging.getLogger(PRESIDIO_LOG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if handler.has_skipped:
        raise ScrubError("a pattern timed out or a model failed; nothing was published", hint=_HINT)


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
