"""Any text at all: never an error, never more than linear time, and nothing left to do the second time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.scrubber import Scrubber

DATA = Path(__file__).parent.parent / "data"
SMALL, FACTOR = 40_000, 4
GENEROUS = 2.5
"""A quadratic step would make the ratio four times as large as it should be."""

PARTS = st.sampled_from([
    "ida@fjordwerk.no", "/Users/zlatkovic/app", "C:\\Users\\zlatkovic", "Zlatkovic", "zlatkovic", "@zlatko-dev",
    "Author: Ottoline Farrow <ottoline@farrowlabs.dev>", "Ottoline", "Farrow", "thanks,\nOttoline",
    "password: h4rvest!9",
    "51.15.204.9", "+49 30 901820", "4556 7375 8689 9855", "DE89 3704 0044 0532 0130 00", "欧阳雨桐", "請問",
    "さん", "씨",
    "ghp_" + "a8Kd03LmQz" * 4, "postgres://app:m00nrise@db/x", "[PERSON_1]", "[PERSON_1", "PERSON_2]", "[SECRET_99]",
    "[EMAIL_1][EMAIL_2]", "[REDACTED:email:0a1b2c3d4e]", "[REDACTED:x", "-----BEGIN PRIVATE KEY-----", "\ufffc",
    "\u202e", "\u2066", "\u200b", "\u0000", "\u0007", "\u0301", "\ud7ff", "\ue000", "\U0001f600", "İ", "ß", "ﬁ", "ǆ",
    "\r", "\n", "\t", "\u2028", "\u00a0", " ", "  ", ".", ",", ":", "=", '"', "'", "<", ">", "&", "%40", "\\n", "/",
    "_", "-",
])  # fmt: skip
TEXTS = st.lists(st.one_of(PARTS, st.text(max_size=6)), max_size=14).map("".join)


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber(ScrubPolicy.load(DATA))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(TEXTS)
def test_scrubbing_the_scrubbed_text_changes_nothing(scrubber: Scrubber, text: str) -> None:
    once = scrubber.scrub_text(text)
    again = scrubber.scrub_text(once.text)
    assert again.text == once.text
    assert again.spans == ()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(TEXTS, TEXTS)
def test_spans_are_in_order_apart_and_inside_their_field(scrubber: Scrubber, name: str, note: str) -> None:
    fields = {"name": name, "note": note}
    for field, spans in scrubber.find_spans(fields).spans.items():
        edges = [edge for span in spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(span.start < span.end for span in spans)
        assert 0 <= edges[0] <= edges[-1] <= len(fields[field])


def cost(scrubber: Scrubber, text: str) -> float:
    """CPU seconds, the best of two: other work on the machine only ever adds."""
    best = float("inf")
    for mark in ("a", "b"):  # another text each time, or it would be remembered
        started = time.process_time()
        scrubber.scrub_text(text + mark)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize(
    "unit",
    [
        ".", "a.", "@", "a@", " at a dot ", "a:", '="', "/home/", "\\", "1-", "[", "[PERSON_1]", "[REDACTED:a:",
        "-----BEGIN ", "eyJ.", "://", "中文", "Anna ", "\u202e\u2066", "_", "\n", "ab:", "password ", "{\\n",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_of_hostile_text_and_no_faster(scrubber: Scrubber, unit: str) -> None:
    small = unit * (SMALL // len(unit))
    ratio = cost(scrubber, small * FACTOR) / cost(scrubber, small)
    assert ratio < FACTOR * GENEROUS
