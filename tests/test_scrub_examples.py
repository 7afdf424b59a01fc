"""The labelled set in scrub_examples.jsonl: every labelled value goes, and clean developer text stays as it is.

The set is invented; `benchmarks/scrub.py` measures on it and on larger ones. Letters of some key prefixes are written
as JSON escapes, so that scanners of the repository do not take them for real keys.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent
EXAMPLES = [json.loads(line) for line in (ROOT / "tests" / "scrub_examples.jsonl").read_text("utf-8").splitlines()]
LABELLED = [example for example in EXAMPLES if example["spans"]]
CLEAN = [example for example in EXAMPLES if not example["spans"]]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(ROOT / "data")


def test_examples_cover_every_set() -> None:
    assert {example["set"] for example in EXAMPLES} == {"devchat", "secret", "hard_negative"}
    assert len(LABELLED) >= 100
    assert len(CLEAN) >= 50


@pytest.mark.parametrize("example", LABELLED, ids=lambda example: f"{example['id']}-{example['category']}")
def test_every_letter_of_a_labelled_value_is_gone(scrubber: Scrubber, example: dict[str, Any]) -> None:
    text = example["text"]
    covered = {place for span in scrubber.scrub_text(text).spans for place in range(span.start, span.end)}
    for span in example["spans"]:
        left = [place for place in range(span["start"], span["end"]) if text[place].isalnum() and place not in covered]
        assert not left, f"{span['type']} at {span['start']}: {len(left)} letters are left"


@pytest.mark.parametrize("example", LABELLED, ids=lambda example: f"{example['id']}-{example['category']}")
def test_placeholder_says_what_kind_of_thing_stood_there(scrubber: Scrubber, example: dict[str, Any]) -> None:
    found = {str(span.kind) for span in scrubber.scrub_text(example["text"]).spans}
    assert found == {span["type"] for span in example["spans"]}


@pytest.mark.parametrize("example", CLEAN, ids=lambda example: f"{example['id']}-{example['category']}")
def test_clean_developer_text_stays_as_it_is(scrubber: Scrubber, example: dict[str, Any]) -> None:
    assert scrubber.scrub_text(example["text"]).text == example["text"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_scrubbing_its_own_output_changes_nothing(scrubber: Scrubber, example: dict[str, Any]) -> None:
    once = scrubber.scrub_text(example["text"]).text
    assert scrubber.scrub_text(once).text == once
