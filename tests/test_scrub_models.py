"""With an installed model recall rises: spaCy really, transformers and GLiNER behind stand-ins for their packages.

The stand-ins have the interface that Presidio calls, and nothing else: labels, offsets, scores, chunks and failures go
the way they would with the real packages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

from atlas_build.errors import PolicyError, ScrubError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.language import build_language
from atlas_build.scrub.policy import Model, ScrubPolicy
from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent
TEXT = "the zorblatt and the fizzgig approved it, says wobbleton"
"""Names that no list and no cue knows."""
PREDICTIONS = {
    "zorblatt": ("person", 0.91),
    "fizzgig": ("person", 0.41),  # below the least score
    "wobbleton": ("organization", 0.95),  # not a label that the settings ask for
    "claude code": ("person", 0.99),  # an agent, whatever a model says
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return tmp_path / "model"


def scrubber(model: Model) -> Scrubber:
    policy = ScrubPolicy.load(ROOT / "data")
    policy.model = model
    return Scrubber(policy)


def predict(text: str) -> list[dict[str, Any]]:
    """What a model finds in a text, by start: as GLiNER says it, and with the keys of transformers."""
    found = []
    for word, (label, score) in PREDICTIONS.items():
        for match in re.finditer(word, text, re.IGNORECASE):
            start, end = match.span()
            found.append({"start": start, "end": end, "label": label, "entity_group": label, "score": score})
    return sorted(found, key=lambda one: one["start"])


class FakeGliner:
    """`gliner.GLiNER`, as far as Presidio uses it."""

    loaded: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    asked: ClassVar[list[tuple[str, list[str], float]]] = []

    @classmethod
    def from_pretrained(cls, name: str, **options: Any) -> FakeGliner:
        cls.loaded.append((name, options))
        return cls()

    def predict_entities(
        self,
        text: str,
        labels: list[str],
        flat_ner: bool,  # noqa: ARG002
        threshold: float,
        multi_label: bool,  # noqa: ARG002
    ) -> list[dict[str, Any]]:
        self.asked.append((text, labels, threshold))
        return [one for one in predict(text) if one["label"] in labels and one["score"] >= threshold]


def install(monkeypatch: pytest.MonkeyPatch, name: str, **content: Any) -> None:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    vars(module).update(content)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.fixture
def gliner(monkeypatch: pytest.MonkeyPatch) -> type[FakeGliner]:
    from presidio_analyzer.predefined_recognizers.ner import gliner_recognizer

    install(monkeypatch, "gliner", GLiNER=FakeGliner)
    monkeypatch.setattr(gliner_recognizer, "GLiNER", FakeGliner)
    monkeypatch.setattr(FakeGliner, "loaded", [])
    monkeypatch.setattr(FakeGliner, "asked", [])
    return FakeGliner


def gliner_model(folder: Path, **more: Any) -> Model:
    return Model(engine="gliner", name=str(folder), entities={"person": Kind.PERSON}, **more)


def test_gliner_adds_names_that_are_sure_enough(gliner: type[FakeGliner], folder: Path) -> None:
    result = scrubber(gliner_model(folder)).scrub_text(TEXT)
    assert result.text == "the [PERSON_1] and the fizzgig approved it, says wobbleton"
    assert [(span.start, span.end, span.score, span.rule) for span in result.spans] == [
        (4, 12, 0.91, "GLiNERRecognizer")
    ]
    assert gliner.loaded == [(str(folder), {**gliner.loaded[0][1], "local_files_only": True})]


def test_least_score_is_the_one_of_the_settings(gliner: type[FakeGliner], folder: Path) -> None:
    result = scrubber(gliner_model(folder, minimum_score=0.4)).scrub_text(TEXT)
    assert result.text == "the [PERSON_1] and the [PERSON_2] approved it, says wobbleton"


def test_gliner_is_asked_for_the_labels_of_the_settings_and_no_others(gliner: type[FakeGliner], folder: Path) -> None:
    scrubber(gliner_model(folder)).scrub_text(TEXT)
    assert {(tuple(labels), threshold) for _, labels, threshold in gliner.asked} == {(("person",), 0.5)}


def test_gliner_finds_names_in_every_chunk_of_a_long_text(gliner: type[FakeGliner], folder: Path) -> None:
    filler = "the quick test runs again and again\n" * 40
    result = scrubber(gliner_model(folder)).scrub_text(f"{filler}zorblatt\n{filler}zorblatt\n{filler}")
    assert result.text == f"{filler}[PERSON_1]\n{filler}[PERSON_1]\n{filler}"
    assert max(len(text) for text, _, _ in gliner.asked) <= 300


def test_agent_that_a_model_takes_for_a_person_stays(gliner: type[FakeGliner], folder: Path) -> None:
    assert scrubber(gliner_model(folder)).scrub_text("so Claude Code said").text == "so Claude Code said"


def test_scrubbing_again_with_a_model_changes_nothing(gliner: type[FakeGliner], folder: Path) -> None:
    model = scrubber(gliner_model(folder))
    once = model.scrub_text(TEXT).text
    assert model.scrub_text(once).text == once


def test_failing_gliner_stops_the_build(
    gliner: type[FakeGliner], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: FakeGliner, **_: Any) -> None:
        raise RuntimeError("zorblatt")

    monkeypatch.setattr(FakeGliner, "predict_entities", fail)
    with pytest.raises(ScrubError) as caught:
        scrubber(gliner_model(folder)).scrub_text(TEXT)
    assert "zorblatt" not in caught.value.diagnostics()


class FakePipeline:
    """What `transformers.pipeline("token-classification", ...)` returns."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    def __call__(self, text: str) -> list[dict[str, Any]]:
        return predict(text)


@pytest.fixture
def transformers(monkeypatch: pytest.MonkeyPatch) -> list[FakePipeline]:
    from presidio_analyzer.nlp_engine import huggingface_token_pipe as pipe

    made: list[FakePipeline] = []

    def pipeline(**options: Any) -> FakePipeline:
        made.append(FakePipeline(**options))
        return made[-1]

    install(monkeypatch, "transformers", pipeline=pipeline)
    monkeypatch.setattr(pipe, "hf_pipeline", pipeline)
    monkeypatch.setattr(pipe, "get_torch_default_device", lambda: SimpleNamespace(type="cpu"))
    return made


@pytest.fixture
def spacy_base(tmp_path: Path) -> Path:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "base")
    return tmp_path / "base"


def transformers_model(folder: Path, spacy_base: Path, **more: Any) -> Model:
    return Model(
        engine="transformers", name=str(folder), spacy_base=str(spacy_base), entities={"person": Kind.PERSON}, **more
    )


def test_transformers_adds_names_that_are_sure_enough(
    transformers: list[FakePipeline], folder: Path, spacy_base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    result = scrubber(transformers_model(folder, spacy_base)).scrub_text(TEXT)
    assert result.text == "the [PERSON_1] and the fizzgig approved it, says wobbleton"
    assert [(span.start, span.end, span.score, span.rule) for span in result.spans] == [(4, 12, 0.91, "ModelNames")]
    assert [made.options["model"] for made in transformers] == [str(folder)]
    assert caplog.records == []  # a label that nobody asked for is no line on the terminal


def test_transformers_keeps_the_context_words_alive(
    transformers: list[FakePipeline], folder: Path, spacy_base: Path
) -> None:
    engine, _ = build_language(transformers_model(folder, spacy_base))
    assert engine.process_text("Two Words", "en").lemmas == ["two", "words"]


def test_offsets_of_transformers_are_those_of_the_text_also_behind_wide_characters(
    transformers: list[FakePipeline], folder: Path, spacy_base: Path
) -> None:
    result = scrubber(transformers_model(folder, spacy_base)).scrub_text("😀 ﬁne\n\n  (Zorblatt) é [PERSON_4]")
    assert result.text == "😀 ﬁne\n\n  ([PERSON_5]) é [PERSON_4]"


def test_text_on_which_transformers_fails_stops_the_build(
    transformers: list[FakePipeline], folder: Path, spacy_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Presidio would log it and pass the text as one without names."""

    def fail(self: FakePipeline, text: str) -> None:
        raise RuntimeError(text)

    model = scrubber(transformers_model(folder, spacy_base))
    monkeypatch.setattr(FakePipeline, "__call__", fail)
    with pytest.raises(ScrubError, match="a model failed"):
        model.scrub_text(TEXT)


def test_spacy_names_are_mapped_and_added_to_what_the_rules_find(tmp_path: Path) -> None:
    text = "ask Ottoline Farrow, the zorblatt and wobbleton"
    model = Model(engine="spacy", name=str(save_pipeline(tmp_path)), entities={"WHO": Kind.PERSON, "BOX": Kind.HOST})
    assert scrubber(Model()).scrub_text(text).text == "ask [PERSON_1], the zorblatt and wobbleton"
    assert scrubber(model).scrub_text(text).text == "ask [PERSON_1], the [PERSON_2] and [HOST_1]"


def save_pipeline(folder: Path) -> Path:
    import spacy

    pipeline = spacy.blank("en")
    patterns = [{"label": "WHO", "pattern": "zorblatt"}, {"label": "BOX", "pattern": "wobbleton"}]
    pipeline.add_pipe("entity_ruler").add_patterns([*patterns, {"label": "NOT_ASKED_FOR", "pattern": "the"}])
    pipeline.to_disk(folder / "tiny")
    return folder / "tiny"


def test_settings_choose_the_model(gliner: type[FakeGliner], folder: Path, tmp_path: Path) -> None:
    policy = tmp_path / "data" / "policy"
    policy.mkdir(parents=True)
    for path in (ROOT / "data" / "policy").iterdir():
        (policy / path.name).write_text(path.read_text("utf-8"), "utf-8")
    settings = f'[model]\nengine = "gliner"\nname = "{folder}"\nentities = {{ person = "PERSON" }}\n'
    (policy / "scrub.local.toml").write_text(settings, "utf-8")
    assert "zorblatt" not in Scrubber.from_policy(tmp_path / "data").scrub_text(TEXT).text


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        (lambda here: Model(engine="transformers", name=here), "model.engine asks for the library transformers"),
        (lambda here: Model(engine="gliner", name=here), "model.engine asks for the library gliner"),
        (lambda _: Model(engine="spacy", name="no_such_pipeline"), "model.name asks for an installed spaCy pipeline"),
        (lambda here: Model(engine="spacy", name=here), "cannot be loaded"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_published(
    model: Callable[[str], Model], complaint: str, folder: Path
) -> None:
    with pytest.raises(PolicyError, match=re.escape(complaint)) as caught:
        build_language(model(str(folder)))
    assert 'model.engine = "none"' in caught.value.hint


def test_missing_model_folder_is_no_name_for_a_download(
    gliner: type[FakeGliner], transformers: list[FakePipeline], spacy_base: Path
) -> None:
    for engine in ("gliner", "transformers"):
        with pytest.raises(PolicyError, match=r"model\.name asks for a folder"):
            build_language(Model(engine=engine, name="somebody/some-model", spacy_base=str(spacy_base)))
    assert gliner.loaded == []
    assert transformers == []
