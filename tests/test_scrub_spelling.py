"""One person, one placeholder: spellings of a value that was seen already, across the fields of an episode."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import write_spans
from atlas_build.scrub.numbering import same_value
from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(ROOT / "data")


def scrub(scrubber: Scrubber, *texts: str) -> list[str]:
    fields = {str(number): text for number, text in enumerate(texts)}
    spans = scrubber.find_spans(fields).spans
    return [write_spans(text, spans.get(name, ())) for name, text in fields.items()]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("ask Thandiwe Khumalo", "THANDIWE KHUMALO said no", "[PERSON_1] said no"),
        ("ask Thandiwe Khumalo", "thandiwe broke it", "[PERSON_1] broke it"),
        ("ask Thandiwe Khumalo", "Khumalo's branch", "[PERSON_1]'s branch"),
        ("Reviewed-by: José Álvarez <j@alvarez.es>", "jose alvarez said no", "[PERSON_1] said no"),
        ("Reviewed-by: José Álvarez <j@alvarez.es>", "JOSÉ agreed", "[PERSON_1] agreed"),
        ("Reviewed-by: Jose Alvarez <j@alvarez.es>", "ask José Álvarez", "ask [PERSON_1]"),
        ("ask Jörg Müller", "Joerg Mueller said no", "[PERSON_1] said no"),
        ("ask Jörg Müller", "Jorg Muller said no", "[PERSON_1] said no"),
        ("ask Søren Ødegård", "soren left", "[PERSON_1] left"),
        ("नमस्ते दीपिका जी", "यह दीपिका ने लिखा", "यह [PERSON_1] ने लिखा"),
        ("मेरा नाम कविता शर्मा है", "शर्मा का लैपटॉप", "[PERSON_1] का लैपटॉप"),
        ("mail t.okparaku@lingvaforge.io", "t.okparaku pushed it", "[EMAIL_1] pushed it"),
        ("mail T.Okparaku@lingvaforge.io", "mail t.okparaku@LingvaForge.io", "mail [EMAIL_1]"),
        ("call +49 30 901820", "or +49 (30) 901820", "or [PHONE_1]"),
    ],
)
def test_other_spelling_has_the_same_placeholder(scrubber: Scrubber, first: str, second: str, expected: str) -> None:
    assert scrub(scrubber, first, second)[1] == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ask Sue Thackeray", "type su and enter"),
        ("my name is Mark Turner.", "mark it as read"),
        ("mail info@fjordwerk.no", "see info for more"),
        ("mail release.notes@fjordwerk.no", "the release.notes label"),
    ],
)
def test_ordinary_word_is_no_spelling_of_a_name(scrubber: Scrubber, first: str, second: str) -> None:
    assert scrub(scrubber, first, second)[1] == second


def test_person_keeps_the_first_name_that_is_also_a_local_part(scrubber: Scrubber) -> None:
    texts = scrub(scrubber, "user.name Teodora Ilieva", "user.email teodora@ilieva.bg", "Teodora is away")
    assert texts == ["user.name [PERSON_1]", "user.email [EMAIL_1]", "[PERSON_1] is away"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("José", "jose"), ("Anna's", "anna"), ("Müller", "Mueller"), ("Łukasz", "lukasz"), ("Семён", "Семен")],
)
def test_spellings_of_a_name_are_the_same_value(one: str, other: str) -> None:
    assert same_value(Kind.PERSON, one) == same_value(Kind.PERSON, other)


def test_accounts_that_differ_in_an_accent_are_two_values() -> None:
    assert same_value(Kind.USERNAME, "josé") != same_value(Kind.USERNAME, "jose")
