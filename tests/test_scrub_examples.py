"""The labelled set in scrub_examples.jsonl: labelled values go, and clean developer text stays as it is.

The set is invented. Documents of the split `dev` were at hand when the rules were made: each one must be right. Those
of `heldout`, `fresh` and `late` were measured before any rule was mended for them: of them the shares must be right,
kind by kind, and single misses stay in the set. `benchmarks/scrub.py` prints the shares. Some letters of keys are
written as JSON escapes, so that scanners of the repository do not take them for real ones.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent
Example = dict[str, Any]
EXAMPLES: list[Example] = [
    json.loads(line) for line in (ROOT / "tests" / "scrub_examples.jsonl").read_text("utf-8").splitlines()
]
DEVELOPED = [example for example in EXAMPLES if example["split"] == "dev"]
UNSEEN = [example for example in EXAMPLES if example["split"] != "dev"]
LABELLED = [example for example in DEVELOPED if example["spans"]]
CLEAN = [example for example in DEVELOPED if not example["spans"]]
LEAST_RECALL = {
    "ADDRESS": 0.40,
    "BIRTH_DATE": 0.95,
    "CHAT_ID": 0.95,
    "CREDIT_CARD": 0.96,
    "EMAIL": 0.95,
    "GEO": 0.90,
    "HANDLE": 0.95,
    "HOST": 0.90,
    "IBAN": 0.96,
    "IP": 0.96,
    "MAC": 0.95,
    "NATIONAL_ID": 0.90,
    "PERSON": 0.92,
    "PHONE": 0.96,
    "PRIVATE_KEY": 1.00,
    "SECRET": 0.95,
    "USERNAME": 0.95,
}
"""Share of labelled values of which every letter and digit must be gone."""
MOST_CLEAN_TOUCHED = 0.03
MOST_OF_A_CATEGORY_TOUCHED = 0.20
MOST_OVER_REDACTED = 15
"""Letters and digits outside of labelled values, a thousand characters."""


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(ROOT / "data")


def named(examples: Iterable[Example]) -> list[Any]:
    return [pytest.param(example, id=f"{example['id']}-{example['category']}") for example in examples]


def letters_gone(scrubber: Scrubber, example: Example) -> set[int]:
    spans = scrubber.scrub_text(example["text"]).spans
    return {place for span in spans for place in range(span.start, span.end) if example["text"][place].isalnum()}


def letters_of(example: Example, span: Example) -> set[int]:
    return {place for place in range(span["start"], span["end"]) if example["text"][place].isalnum()}


def test_set_is_large_and_a_third_of_it_is_clean() -> None:
    sets = Counter(example["set"] for example in EXAMPLES)
    assert len(EXAMPLES) >= 500
    assert sets["hard_negative"] / len(EXAMPLES) >= 0.35
    assert set(sets) == {"devchat", "secret", "hard_negative"}
    assert len({example["id"] for example in EXAMPLES}) == len(EXAMPLES)


def test_labels_lie_on_values() -> None:
    for example in EXAMPLES:
        assert not (example["spans"] and example["set"] == "hard_negative"), example["id"]
        for span in example["spans"]:
            value = example["text"][span["start"] : span["end"]]
            assert value == value.strip(), example["id"]
            assert letters_of(example, span), example["id"]


@pytest.mark.parametrize("example", named(LABELLED))
def test_every_letter_of_a_labelled_value_is_gone(scrubber: Scrubber, example: Example) -> None:
    gone = letters_gone(scrubber, example)
    for span in example["spans"]:
        left = letters_of(example, span) - gone
        assert not left, f"{span['type']} at {span['start']}: {len(left)} letters are left"


@pytest.mark.parametrize("example", named(LABELLED))
def test_placeholder_says_what_kind_of_thing_stood_there(scrubber: Scrubber, example: Example) -> None:
    found = {str(span.kind) for span in scrubber.scrub_text(example["text"]).spans}
    assert found == {span["type"] for span in example["spans"]}


@pytest.mark.parametrize("example", named(CLEAN))
def test_clean_developer_text_stays_as_it_is(scrubber: Scrubber, example: Example) -> None:
    assert scrubber.scrub_text(example["text"]).text == example["text"]


@pytest.mark.parametrize("kind", LEAST_RECALL)
def test_enough_of_each_kind_is_found_in_unseen_texts(scrubber: Scrubber, kind: str) -> None:
    found = [
        letters_of(example, span) <= letters_gone(scrubber, example)
        for example in UNSEEN
        for span in example["spans"]
        if span["type"] == kind and not span.get("optional")
    ]
    assert len(found) >= 3
    assert sum(found) / len(found) >= LEAST_RECALL[kind]


def test_unseen_clean_text_is_hardly_touched(scrubber: Scrubber) -> None:
    touched: dict[str, list[bool]] = defaultdict(list)
    for example in UNSEEN:
        if example["set"] == "hard_negative":
            touched[example["category"]].append(scrubber.scrub_text(example["text"]).text != example["text"])
    everything = [hit for hits in touched.values() for hit in hits]
    assert sum(everything) / len(everything) <= MOST_CLEAN_TOUCHED
    worst = {category: sum(hits) / len(hits) for category, hits in touched.items()}
    assert {category for category, share in worst.items() if share > MOST_OF_A_CATEGORY_TOUCHED} == set()


def test_little_is_removed_beside_labelled_values(scrubber: Scrubber) -> None:
    over = size = 0
    for example in UNSEEN:
        if example["set"] != "hard_negative":
            labelled = {place for span in example["spans"] for place in letters_of(example, span)}
            over += len(letters_gone(scrubber, example) - labelled)
            size += len(example["text"])
    assert 1000 * over / size <= MOST_OVER_REDACTED


@pytest.mark.parametrize("example", named(EXAMPLES))
def test_scrubbing_its_own_output_changes_nothing(scrubber: Scrubber, example: Example) -> None:
    once = scrubber.scrub_text(example["text"]).text
    assert scrubber.scrub_text(once).text == once
