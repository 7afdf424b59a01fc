"""Presidio fails silently in several ways; each has a test here that shows that it does not happen to us."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from presidio_analyzer import Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from atlas_build.errors import PolicyError, ScrubError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.detection import PRESIDIO_LOG, SkipHandler, failing_closed
from atlas_build.scrub.language import WordEngine, build_language
from atlas_build.scrub.policy import Model
from atlas_build.scrub.recognizers.emails import Emails
from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(ROOT / "data")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the scrubber opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_scrubber_never_opens_a_socket(offline: None) -> None:
    scrubber = Scrubber.from_policy(ROOT / "data")
    assert scrubber.scrub_text("mail ida@fjordwerk.co.uk about it").text == "mail [EMAIL_1] about it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("卡号4539148803436467被拒绝", "卡号[CREDIT_CARD_1]被拒绝"),
        ("服务器51.15.204.9无法连接", "服务器[IP_1]无法连接"),
        ("联系邮箱zhaolin@126.com谢谢", "联系邮箱[EMAIL_1]谢谢"),
        ("이메일은minseo.k@daum.net입니다", "이메일은[EMAIL_1]입니다"),
    ],
)
def test_values_glued_to_cjk_text_are_found_whole(scrubber: Scrubber, text: str, expected: str) -> None:
    assert scrubber.scrub_text(text).text == expected


def test_context_words_raise_the_score_without_a_model() -> None:
    assert _score("the customs number is 77120") == pytest.approx(0.4)


def test_context_words_match_whole_words_only() -> None:
    assert _score("the customshouse number is 77120") == pytest.approx(0.05)


def _score(text: str) -> float:
    """The score of a weak pattern in our engine's setting: word tokens, whole-word context."""
    from presidio_analyzer import AnalyzerEngine

    recognizer = PatternRecognizer("CUSTOMS", patterns=[Pattern("digits", r"\d{5}", 0.05)], context=["customs"])
    engine = AnalyzerEngine(
        registry=RecognizerRegistry([recognizer]),
        nlp_engine=WordEngine(),
        context_aware_enhancer=LemmaContextAwareEnhancer(context_matching_mode="whole_word"),
    )
    (result,) = engine.analyze(text, language="en")
    return float(result.score)


def test_timed_out_pattern_stops_the_build() -> None:
    with pytest.raises(ScrubError, match="timed out"), failing_closed(SkipHandler()):
        logging.getLogger(PRESIDIO_LOG).warning("Regex pattern '%s' timed out after %s seconds, skipping.", "card", 60)


def test_presidio_still_words_its_timeout_the_way_we_listen_for(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = PatternRecognizer("SLOW", patterns=[Pattern("slow", r"x+", 0.5)])
    recognizer.patterns[0].compiled_regex = _TimesOut()
    recognizer.patterns[0].compiled_with_flags = recognizer.global_regex_flags
    with pytest.raises(ScrubError, match="timed out"), failing_closed(SkipHandler()):
        assert recognizer.analyze("xxx", ["SLOW"]) == []


class _TimesOut:
    def finditer(self, *_: Any, **__: Any) -> Any:
        raise TimeoutError


def test_raising_recognizer_stops_the_build_and_does_not_quote_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Emails, text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(Emails, "find", fail)
    with pytest.raises(ScrubError) as caught:
        Scrubber.from_policy(ROOT / "data").scrub_text("ida@fjordwerk.no")
    assert "ida" not in caught.value.diagnostics()
    assert caught.value.__cause__ is None


def test_numbers_count_in_reading_order_and_equal_values_are_equal(scrubber: Scrubber) -> None:
    text = "a@one-kiosk.com, b@two-kiosk.com, A@One-Kiosk.com"
    assert scrubber.scrub_text(text).text == "[EMAIL_1], [EMAIL_2], [EMAIL_1]"


@pytest.mark.parametrize("text", ["." * 8000, "a." * 4000, "@" * 8000, "a@" * 4000, "1" * 8000, "/Users/" * 1000])
def test_hostile_text_comes_back_unchanged(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text


def test_text_beyond_a_million_characters_is_scrubbed_to_its_end(scrubber: Scrubber) -> None:
    filler = "the quick test runs again and again\n" * 30_000
    result = scrubber.scrub_text(filler + "mail ida@fjordwerk.no")
    assert result.text == filler + "mail [EMAIL_1]"


def test_value_across_the_edge_of_a_window_is_found_whole(scrubber: Scrubber) -> None:
    for size in range(23_980, 24_010, 3):
        text = "x" * size + " ida.lindqvist@fjordwerk.no " + "y " * 15_000
        assert "lindqvist" not in scrubber.scrub_text(text).text


@pytest.mark.parametrize(
    "text", ["\x00\x01ida@fjordwerk.no\x00", "\u202eida@fjordwerk.no\u202c", "\ufffc\ufffc ida@fjordwerk.no"]
)
def test_control_and_bidi_characters_do_not_hide_a_value(scrubber: Scrubber, text: str) -> None:
    assert "fjordwerk" not in scrubber.scrub_text(text).text


def test_local_spacy_pipeline_adds_names_and_keeps_context_alive(tmp_path: Path) -> None:
    """A tiny pipeline made here stands in for an installed model."""
    policy_data = _data_with(
        tmp_path, lambda text: text.replace('engine = "none"', f'engine = "spacy"\nname = "{tmp_path}/tiny"')
    )
    _save_tiny_pipeline(tmp_path / "tiny")
    result = Scrubber.from_policy(policy_data).scrub_text("the zorblatt approved it")
    assert result.text == "the [PERSON_1] approved it"


def _save_tiny_pipeline(folder: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "zorblatt"}])
    pipeline.to_disk(folder)


def _data_with(tmp_path: Path, edit: Callable[[str], str]) -> Path:
    """A copy of the data folder with an edited policy."""
    policy = tmp_path / "data" / "policy"
    policy.mkdir(parents=True)
    for path in (ROOT / "data" / "policy").iterdir():
        content = path.read_text("utf-8")
        (policy / path.name).write_text(edit(content) if path.name == "scrub.toml" else content, "utf-8")
    return tmp_path / "data"


def test_model_that_is_not_installed_is_an_error_and_no_download(offline: None) -> None:
    with pytest.raises(PolicyError, match=r"model\.name"):
        build_language(Model(engine="spacy", name="en_core_web_of_nowhere"))


def test_lemmas_are_added_to_a_pipeline_without_them(tmp_path: Path) -> None:
    _save_tiny_pipeline(tmp_path / "tiny")
    engine, _ = build_language(Model(engine="spacy", name=str(tmp_path / "tiny"), entities={"PERSON": Kind.PERSON}))
    engine.load()
    assert engine.process_text("Two Words", "en").lemmas == ["two", "words"]


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda text: text.replace('version = "1"', "version ="), "is not TOML"),
        (lambda text: text.replace("[accounts]", "[acounts]"), "does not have the expected shape"),
        (lambda text: text.replace("patterns = []", 'patterns = ["("]'), "does not have the expected shape"),
        (lambda text: text.replace("words.txt", "no_such_list.txt"), "cannot be read"),
    ],
)
def test_broken_policy_is_a_policy_error(tmp_path: Path, edit: Callable[[str], str], complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint):
        Scrubber.from_policy(_data_with(tmp_path, edit))


def test_local_deny_and_allow_values_are_obeyed(tmp_path: Path) -> None:
    data = _data_with(tmp_path, lambda text: text)
    (data / "policy" / "scrub.local.toml").write_text(
        '[deny.values]\nHOST = ["quietharbor"]\n[allow]\nvalues = ["ida@fjordwerk.no"]\n', "utf-8"
    )
    scrubber = Scrubber.from_policy(data)
    assert scrubber.scrub_text("Quietharbor and ida@fjordwerk.no").text == "[HOST_1] and ida@fjordwerk.no"
