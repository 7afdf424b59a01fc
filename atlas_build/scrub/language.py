"""What stands in for a language model: the seam between Presidio and an optional, locally installed model.

Presidio's context words are silently dead with a blank pipeline, because the enhancer compares lemmas and a blank
pipeline has none. `WordEngine` gives every token its lower-case form as lemma and needs no model; a configured spaCy
pipeline without lemmas gets a component that does the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, NlpEngine, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from atlas_build.errors import PolicyError
from atlas_build.scrub.policy import Model

LANGUAGE = "en"
"""Presidio matches recognizers by exact language code; ours look at text of any language under this one."""
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


class LocalSpacyEngine(SpacyNlpEngine):  # type: ignore[misc]
    """Presidio's spaCy engine that never downloads, and never lets the context words die for want of lemmas."""

    def load(self) -> None:
        super().load()
        for pipeline in self.nlp.values():
            if "lemmatizer" not in pipeline.pipe_names:
                _add_lower_lemmas(pipeline)


def _add_lower_lemmas(pipeline: Any) -> None:
    from spacy.language import Language  # noqa: PLC0415 - spaCy is loaded for a configured model only

    def lower_lemmas(doc: Any) -> Any:
        for token in doc:
            if not token.lemma_:
                token.lemma_ = token.lower_
        return doc

    Language.component("atlas_lower_lemmas", func=lower_lemmas)
    pipeline.add_pipe("atlas_lower_lemmas", last=True)


def build_language(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    """The NLP engine for the configured model, and the recognizers that pass on what the model finds.

    Raises:
        PolicyError: the model or its library is not installed. Nothing is ever downloaded.
    """
    builders = {
        "none": _build_none,
        "spacy": _build_spacy,
        "transformers": _build_transformers,
        "gliner": _build_gliner,
    }
    return builders[model.engine](model)


def _build_none(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:  # noqa: ARG001
    return WordEngine(), []


def _build_spacy(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_spacy_pipeline(model.name)
    engine = LocalSpacyEngine(
        models=[{"lang_code": LANGUAGE, "model_name": model.name}], ner_model_configuration=_configuration(model)
    )
    return engine, [_model_recognizer(model)]


def _build_transformers(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_library("spacy_huggingface_pipelines", "transformers")
    _require_spacy_pipeline(model.spacy_base)
    if not Path(model.name).exists():
        raise _missing("a folder with the transformers model", "model.name")
    from presidio_analyzer.nlp_engine import TransformersNlpEngine  # noqa: PLC0415 - heavy, and only when configured

    names = {"spacy": model.spacy_base, "transformers": model.name}
    engine = TransformersNlpEngine(
        models=[{"lang_code": LANGUAGE, "model_name": names}], ner_model_configuration=_configuration(model)
    )
    return engine, [_model_recognizer(model)]


def _build_gliner(model: Model) -> tuple[NlpEngine, list[EntityRecognizer]]:
    _require_library("gliner", "gliner")
    if not Path(model.name).exists():
        raise _missing("a folder with the GLiNER model", "model.name")
    from presidio_analyzer.predefined_recognizers import GLiNERRecognizer  # noqa: PLC0415 - only when configured

    mapping = {label: str(kind) for label, kind in model.entities.items()}
    recognizer = GLiNERRecognizer(
        model_name=model.name, entity_mapping=mapping, threshold=model.minimum_score, supported_language=LANGUAGE
    )
    return WordEngine(), [recognizer]


def _configuration(model: Model) -> NerModelConfiguration:
    return NerModelConfiguration(
        model_to_presidio_entity_mapping={label: str(kind) for label, kind in model.entities.items()},
        labels_to_ignore=["O"],
    )


def _model_recognizer(model: Model) -> SpacyRecognizer:
    kinds = sorted({str(kind) for kind in model.entities.values()})
    return SpacyRecognizer(supported_language=LANGUAGE, supported_entities=kinds)


def _require_spacy_pipeline(name: str) -> None:
    from spacy.util import is_package  # noqa: PLC0415

    if not name or not (Path(name).exists() or is_package(name)):
        raise _missing("an installed spaCy pipeline or a folder with one", "model.name")


def _require_library(module: str, library: str) -> None:
    if find_spec(module) is None:
        raise _missing(f"the library {library}", "model.engine")


def _missing(what: str, field: str) -> PolicyError:
    return PolicyError(
        f"scrub.toml: {field} asks for {what}, which is not there",
        hint='install it yourself, or set model.engine = "none"; nothing is downloaded during a build',
    )
