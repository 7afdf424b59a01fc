"""What stands in for a language model: the seam between Presidio and an optional, locally installed model.

Presidio's context words are silently dead with a blank pipeline, because the enhancer compares lemmas and a blank
pipeline has none. `WordEngine` gives every token its lower-case form as lemma and needs no model; a configured spaCy
pipeline without lemmas gets a component that does the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import (
    NerModelConfiguration,
    NlpArtifacts,
    NlpEngine,
    SpacyNlpEngine,
    TransformersNlpEngine,
)
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from atlas_build.errors import PolicyError
from atlas_build.scrub.policy import Model

LANGUAGE = "en"
"""Presidio matches recognizers by exact language code; ours look at text of any language under this one."""
MODEL_RULES = frozenset({"ModelNames", "GLiNERRecognizer"})
"""Rules under which a model's finds are known."""
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


class WordArtifacts(NlpArtifacts):  # type: ignore[misc]
    """Tokens and lower-case lemmas, made only when a recognizer with context words has found something."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.entities: list[Any] = []
        self.scores: list[float] = []
        self.nlp_engine = None

    @cached_property
    def _matches(self) -> list[re.Match[str]]:
        return list(_TOKEN.finditer(self._text))

    @cached_property
    def tokens(self) -> list[str]:
        return [match[0] for match in self._matches]

    @cached_property
    def tokens_indices(self) -> list[int]:
        return [match.start() for match in self._matches]

    @cached_property
    def lemmas(self) -> list[str]:
        return [match[0].lower() for match in self._matches]

    @cached_property
    def keywords(self) -> list[str]:
        return [lemma for lemma in self.lemmas if lemma.isalnum()]


class WordEngine(NlpEngine):  # type: ignore[misc]
    """An `NlpEngine` without a model: tokens are runs of letters and digits, a lemma is the token in lower case."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002
        return WordArtifacts(text)

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,  # noqa: ARG002
        n_process: int = 1,  # noqa: ARG002
        **_: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        return not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [LANGUAGE]


class _LocalPipeline:
    """What both spaCy engines lack: lemmas, so that the context words live, and silence about other labels."""

    def load(self) -> None:
        super().load()  # type: ignore[misc]
        pipelines: dict[str, Any] = self.nlp  # type: ignore[attr-defined]
        for pipeline in pipelines.values():
            if "lemmatizer" not in pipeline.pipe_names:
                _add_lower_lemmas(pipeline)

    def _get_updated_entities(self, entities: Iterable[Any], scores: Iterable[float]) -> tuple[list[Any], list[float]]:
        mapping: Mapping[str, str] = self.ner_model_configuration.model_to_presidio_entity_mapping  # type: ignore[attr-defined]
        wanted = [(entity, score) for entity, score in zip(entities, scores, strict=True) if entity.label_ in mapping]
        result: tuple[list[Any], list[float]] = super()._get_updated_entities(  # type: ignore[misc]
            [entity for entity, _ in wanted], [score for _, score in wanted]
        )
        return result


class LocalSpacyEngine(_LocalPipeline, SpacyNlpEngine):  # type: ignore[misc]
    """A spaCy pipeline that is installed or stands in a folder; asked for before, so that none is downloaded."""


class LocalTransformersEngine(_LocalPipeline, TransformersNlpEngine):  # type: ignore[misc]
    """A transformers model in a folder behind a spaCy pipeline that makes the tokens."""


def _add_lower_lemmas(pipeline: Any) -> None:
    from spacy.language import Language  # noqa: PLC0415 - spaCy is loaded for a configured model only

    def lower_lemmas(doc: Any) -> Any:
        for token in doc:
            if not token.lemma_:
                token.lemma_ = token.lower_
        return doc

    Language.component("atlas_lower_lemmas", func=lower_lemmas)
    pipeline.add_pipe("atlas_lower_lemmas", last=True)


class ModelNames(SpacyRecognizer):  # type: ignore[misc]
    """Passes on what a spaCy or transformers model found, if the model was sure enough."""

    def __init__(self, model: Model) -> None:
        self._minimum_score = model.minimum_score
        kinds = sorted({str(kind) for kind in model.entities.values()})
        super().__init__(supported_language=LANGUAGE, supported_entities=kinds)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts = None) -> list[RecognizerResult]:
        results = super().analyze(text, entities, nlp_artifacts)
        return [result for result in results if result.score >= self._minimum_score]


def build_language(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    """The loaded NLP engine for the configured model, and the recognizers that pass on what the model finds.

    Raises:
        PolicyError: the model or its library is not installed, or cannot be loaded. Nothing is ever downloaded.
    """
    builders = {
        "none": _build_none,
        "spacy": _build_spacy,
        "transformers": _build_transformers,
        "gliner": _build_gliner,
    }
    try:
        engine, recognizers = builders[model.engine](model)
        engine.load()
    except PolicyError:
        raise
    except Exception as error:
        # Libraries of models raise whatever their files make them raise.
        raise PolicyError(
            f"scrub.toml: the model for model.engine = {model.engine!r} cannot be loaded ({type(error).__name__})",
            hint='check model.name and the versions of its libraries, or set model.engine = "none"',
        ) from error
    return engine, recognizers


def _build_none(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:  # noqa: ARG001
    return WordEngine(), []


def _build_spacy(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_spacy_pipeline(model.name, "model.name")
    engine = LocalSpacyEngine(
        models=[{"lang_code": LANGUAGE, "model_name": model.name}], ner_model_configuration=_configuration(model)
    )
    return engine, [ModelNames(model)]


def _build_transformers(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_library("transformers")
    _require_spacy_pipeline(model.spacy_base, "model.spacy_base")
    _require_folder(model.name, "a folder with the transformers model")
    names = {"spacy": model.spacy_base, "transformers": model.name}
    engine = LocalTransformersEngine(
        models=[{"lang_code": LANGUAGE, "model_name": names}], ner_model_configuration=_configuration(model)
    )
    return engine, [ModelNames(model)]


def _build_gliner(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_library("gliner")
    _require_folder(model.name, "a folder with the GLiNER model")
    from presidio_analyzer.predefined_recognizers import GLiNERRecognizer  # noqa: PLC0415 - only when configured

    recognizer = GLiNERRecognizer(
        model_name=model.name,
        entity_mapping={label: str(kind) for label, kind in model.entities.items()},
        threshold=model.minimum_score,
        supported_language=LANGUAGE,
        local_files_only=True,
    )
    return WordEngine(), [recognizer]


def _configuration(model: Model) -> NerModelConfiguration:
    return NerModelConfiguration(
        model_to_presidio_entity_mapping={label: str(kind) for label, kind in model.entities.items()},
        labels_to_ignore=["O"],
    )


def _require_spacy_pipeline(name: str, field: str) -> None:
    from spacy.util import is_package  # noqa: PLC0415

    if not name or not (Path(name).exists() or is_package(name)):
        raise _missing("an installed spaCy pipeline or a folder with one", field)


def _require_folder(name: str, what: str) -> None:
    if not name or not Path(name).is_dir():
        raise _missing(what, "model.name")


def _require_library(library: str) -> None:
    if find_spec(library) is None:
        raise _missing(f"the library {library}", "model.engine")


def _missing(what: str, field: str) -> PolicyError:
    return PolicyError(
        f"scrub.toml: {field} asks for {what}, which is not there",
        hint='install it yourself, or set model.engine = "none"; nothing is downloaded during a build',
    )
