"""Any text at all: never an error, never more than linear time, and nothing left to do the second time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.scrubber import UNSETTLED, Scrubber

DATA = Path(__file__).parent.parent / "data"
SMALL, FACTOR = 12_000, 4
"""Code points within one window of the detector, and how many times as many the longer text has."""
LONG = 60_000
"""For texts in which much is found, because what is found is handled in the whole text."""
MOST = 1.6 * FACTOR
"""A quadratic step would make the ratio sixteen; windows overlap, so linear time gives up to 5."""
TRIES = 4
"""Other work on the machine only ever adds time, so the best of several tries counts."""

PARTS = st.sampled_from([
    "ida@fjordwerk.no", "/Users/zlatkovic/app", "C:\\Users\\zlatkovic", "Zlatkovic", "zlatkovic", "@zlatko-dev",
    "Author: Ottoline Farrow <ottoline@farrowlabs.dev>", "Ottoline", "Farrow", "thanks,\nOttoline",
    "password: h4rvest!9",
    "51.15.204.9", "+49 30 901820", "4556 7375 8689 9855", "DE89 3704 0044 0532 0130 00", "欧阳雨桐", "請問",
    "さん", "씨",
    "谢谢！\n", "郭晓峰", "감사합니다\n", "박서준", " 드림", "नमस्ते ", "दीपिका", " जी", "मेरा नाम ", "github.com/", "s3://",
    "tobias-lindgren", ".netlify.app", "the password is ", "kumquatli", "ssh ", "cc: ", "Anna", "'s ", "laptop",
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


@pytest.fixture(scope="module")
def no_collector() -> Iterator[None]:
    """Garbage collection comes when it comes, and may take as long as what is measured."""
    gc.disable()
    yield
    gc.enable()


def cost(scrubber: Scrubber, text: str) -> float:
    """CPU seconds."""
    started = time.process_time()
    scrubber.scrub_text(text)
    return time.process_time() - started


def ratio(scrubber: Scrubber, make: Callable[[int], str], size: int = SMALL) -> float:
    """How many times as long a text takes that is `FACTOR` times as long."""
    small = large = float("inf")
    for number in range(TRIES):
        # Another text each time, or it would be remembered.
        small = min(small, cost(scrubber, make(size) + f"\n{number}"))
        large = min(large, cost(scrubber, make(size * FACTOR) + f"\n{number}"))
        if large / small < MOST:
            break
    return large / small


UNITS = (
    ".", "a.", "@", "a@", " at a dot ", "a [at] b [dot] c ", "x@y.", "ida@fjordwerk.no ", "%25", "%40", "%3D", "&#64;",
    "a:", "ab:", '="', "a=b=", "token=", "token1=", "password is ", "password: ", "secret ", "key is ", "a1b2c3d4",
    "a1b2\n", "cookie: a=b;", "set-cookie:", "authorization: ", "mysql -p", "?key=", "://", "https://a:b@", "eyJ.",
    "ghp_", "hooks/", "a1Q~", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----\nMIIEabcdabcdabcdabcd\n", "QUJDREVGRw==",
    "/home/", "/Users/a b", "C:\\Users\\", "-Users-a-", "drwxr-xr-x 1 a a 1", "ssh ", "ssh -p a@", "a@b:~$ ", "sudo ",
    "github.com/", "t.me/", "@anna ", "<@U", "TODO(a", "a#1234 ", "user id 1", "\\", "\\u0041", "{\\n", "\\n", "'a', ",
    "1", "1-", "1 ", "12.12345, ", "1.1.1.", "ff:", "::", "(1)", "+49 30 ", "4111 ", "DE89 ", "ssn: 1", "1990-01-01 ",
    "[", "((", "[PERSON_1]", "[PERSON_1", "[REDACTED:a:", "[REDACTED:a:0123456]", "<a>", '"a": "b", ', "_", "*", "-",
    "Anna ", "Anna's ", "Grace Hopper ", "Mr. Young ", "Anna, ", "A. ", "Éa ", "Жа ", "hi anna ", "ask ", "van der ",
    "Best,\nAnna\n", "Best,\n", "Co-authored-by: ", "From: Anna <", "reviewers: Anna, ", 'name: "Anna" ', "(c) Anna ",
    "12 Main Street ", "rue de ", "straße 1 ", "ул. А", "東京都", "路1", "서울시 ",
    "中文", "王先生", "我是王", "김님", "田中です", "あ", "नमस्ते ", "أحمد ", "İ", "ﬁ", "a\u0301", "\u0301", "\ufffc",
    "🙂", "\u202e\u2066", "\u200b", "\x00", "\n", "\r\n", "\t", " ", "\u2028",
)  # fmt: skip
ONCE = (
    ("password: ", "a"), ("password: ", "a1!"), ("cookie: ", "a=b;"), ("https://", "a"), ("https://a:", "b"),
    ("-----BEGIN PRIVATE KEY-----\n", "MIIEabcdabcdabcdabcd\n"), ("eyJ", "a1"), ("ghp_", "a1\n"), ("ssh ", "a@"),
    ('"', "a"), ("reviewers: ", "Anna, "), ("ida@", "a."), ("/Users/", "a "), ("slack ", "U0AB12CD "), ("[", "a]("),
)  # fmt: skip
"""What stands once before what is repeated."""


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_of_hostile_text_and_no_faster(scrubber: Scrubber, unit: str) -> None:
    assert ratio(scrubber, lambda size: unit * (size // len(unit))) < MOST


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("unit", ["Anna ", "Anna's ", "ida@fjordwerk.no ", "a@b:~$ ", "王先生", "github.com/"])
def test_time_grows_no_faster_in_much_longer_texts_full_of_values(scrubber: Scrubber, unit: str) -> None:
    assert ratio(scrubber, lambda size: unit * (size // len(unit)), LONG) < MOST


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(("once", "unit"), ONCE)
def test_time_grows_no_faster_behind_something_that_opens_a_value(scrubber: Scrubber, once: str, unit: str) -> None:
    assert ratio(scrubber, lambda size: once + unit * (size // len(unit))) < MOST


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("line", [
    "mail {0}{1}@fjordwerk.no", "Author: Anna {0}{1} <a{1}@fjordwerk.no>", "/Users/{0}{1}/app", 'password="{0}!A{1}"',
    "ghp_{1:036d}", "call +49 30 9{1:06d}", "{0}{1}@{0}-mac:~$ ls",
])  # fmt: skip
def test_many_values_in_long_texts_take_time_by_their_sum(scrubber: Scrubber, line: str) -> None:
    def make(size: int) -> str:
        lines = (line.format("zlatk" + chr(97 + number % 26), number) for number in range(size // len(line)))
        return "\n".join(lines)

    assert ratio(scrubber, make) < MOST


@pytest.mark.parametrize("unit", ["github.com/", "t.me/"])
def test_chain_in_which_each_find_shows_the_next_comes_to_an_end(scrubber: Scrubber, unit: str) -> None:
    once = scrubber.scrub_text(f"the list\n{unit * 400} and so on\nthe end")
    assert once.text.startswith("the list\n")
    assert once.text.endswith("\nthe end")
    assert {"profile-link", UNSETTLED} == {span.rule for span in once.spans} - {"spread"}
    assert scrubber.scrub_text(once.text).text == once.text
