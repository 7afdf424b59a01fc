"""Records out of JSON text: three layouts, any chunking, and everything that files can do wrong."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas_build.errors import InputError
from atlas_build.read import json_records
from atlas_build.read.json_records import MAX_RECORD, RawRecord, split_records


def in_chunks(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def split(text: str, size: int = 7) -> list[RawRecord]:
    return list(split_records(in_chunks(text, size), "some.json", lambda value: "session_id" in value))


def values(text: str, size: int = 7) -> list[Any]:
    return [record.value for record in split(text, size)]


def flaws(text: str) -> list[tuple[int, str]]:
    return [(record.number, record.flaw) for record in split(text)]


RECORDS = [
    {"session_id": "s", "n": 12, "text": 'a "quote" \\ {[\n ü 漢'},
    {"session_id": "t", "list": [1, {"x": None}]},
]


def test_array_gives_its_items_numbered_from_one() -> None:
    assert split('[ {"a": 1} ,\n{"b": 2}\r\n]\n') == [RawRecord(1, {"a": 1}), RawRecord(2, {"b": 2})]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 16, 1000])
@pytest.mark.parametrize("indent", [None, 2])
def test_layouts_and_chunk_sizes_give_the_same_records(size: int, indent: int | None) -> None:
    array = json.dumps(RECORDS, indent=indent, ensure_ascii=False)
    wrapper = json.dumps({"note": {"by": "x"}, "count": 2, "records": RECORDS, "end": True}, indent=indent)
    lines = "\n".join(json.dumps(record) for record in RECORDS)
    assert values(array, size) == RECORDS
    assert values(wrapper, size) == RECORDS
    assert values(lines, size) == RECORDS
    assert values(lines + "\n\n", size) == RECORDS
    assert values(lines.replace("\n", "\r\n"), size) == RECORDS


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@given(st.lists(JSON), st.integers(1, 60))
def test_any_json_array_survives_any_chunking(items: list[Any], size: int) -> None:
    assert values(json.dumps(items), size) == items


def test_empty_array_has_no_records() -> None:
    assert split("[]") == []
    assert split(" [ \n ] ") == []
    assert split('{"records": []}') == []


def test_a_lone_object_is_a_record_if_it_looks_like_one() -> None:
    assert values('{"session_id": "s", "evidence": []}') == [{"session_id": "s", "evidence": []}]
    assert values('\n{"session_id": "s"}\n') == [{"session_id": "s"}]


def test_a_line_that_is_no_json_is_that_records_flaw() -> None:
    text = '{"a": 1}\n{"b": \nnonsense\n{"c": 3} {"d": 4}\n{"e": 5}\n'
    assert flaws(text) == [(1, ""), (2, "not-json"), (3, "not-json"), (4, "not-json"), (5, "")]


def test_a_cut_last_line_is_that_records_flaw() -> None:
    assert flaws('{"a": 1}\n{"b": "x') == [(1, ""), (2, "not-json")]


def test_a_field_that_stands_twice_is_a_flaw_at_any_depth() -> None:
    assert flaws('[{"a": 1, "a": 2}, {"b": {"c": [{"d": 1, "d": 1}]}}, {"e": 1}]') == [
        (1, "duplicate-key"),
        (2, "duplicate-key"),
        (3, ""),
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 5000, "-" + "9" * 21])
def test_numbers_that_are_none_are_flaws(number: str) -> None:
    assert flaws('[{"a": %s}, {"a": 1}]' % number) == [(1, "not-a-number"), (2, "")]  # noqa: UP031
    assert flaws('{"a": 1}\n{"a": %s}\n' % number) == [(1, ""), (2, "not-a-number")]  # noqa: UP031


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}")])
def test_a_record_nested_too_deeply_is_passed_over(opening: str, closing: str) -> None:
    depth = 150_000
    deep = opening * depth + "1" + closing * depth
    text = '[{"a": "]}"}, {"b": %s}, {"c": "[{"}]' % deep  # noqa: UP031
    found = list(split_records(in_chunks(text, 1 << 16), "some.json", lambda _: True))
    assert [(record.number, record.flaw) for record in found] == [(1, ""), (2, "too-deep"), (3, "")]
    lines = '{"a": 1}\n{"b": %s}\n{"c": 1}\n' % deep  # noqa: UP031
    found = list(split_records(in_chunks(lines, 1 << 16), "some.json", lambda _: True))
    assert [(record.number, record.flaw) for record in found] == [(1, ""), (2, "too-deep"), (3, "")]


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "[" + '{"b":[' * 100_000])
def test_brackets_that_never_close_are_an_incomplete_file(text: str) -> None:
    with pytest.raises(InputError, match=r"some\.json (ends in the middle of|is not valid JSON)"):
        list(split_records(in_chunks(text, 1 << 16), "some.json", lambda _: True))


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "some.json is empty."),
        (" \n\t ", "some.json is empty."),
        ("nonsense", "some.json is not valid JSON at character 1, record 1."),
        ('"text"', "some.json is not valid JSON at character 1, record 1."),
        ("\0", "some.json is not valid JSON at character 1, record 1."),
        ("[", "some.json ends in the middle of record 1."),
        ("[1", "some.json ends in the middle of record 2."),
        ('[{"a": "x', "some.json ends in the middle of record 1."),
        ('[{"a": 1}, {"b"', "some.json ends in the middle of record 2."),
        ('[{"a": 1}]]', "some.json is not valid JSON at character 11, record 2."),
        ('[{"a": 1}] {"b": 2}', "some.json is not valid JSON at character 12, record 2."),
        ('[{"a": 1},, {"b": 22222222222222222}]', "some.json is not valid JSON at character 11, record 2."),
        ('[{"a": 1} {"b": 22222222222222222}]', "some.json is not valid JSON at character 11, record 2."),
        ('[{"a": 1, b: 2, "longer than the slack": 1}]', "some.json is not valid JSON at character 11, record 1."),
        ('[{"a": "x\0y", "longer than the slack": 1}]', "some.json is not valid JSON at character 10, record 1."),
        ('{"a": 1}', "some.json is an object with no list in it; exactly one is expected."),
        ('{"a": [], "b": []}', "some.json is an object with more than one list in it; exactly one is expected."),
        ('{"a": [1]} x', "some.json is not valid JSON at character 12, record 2."),
        ('{"a" [1], "longer than the slack": 1}', "some.json is not valid JSON at character 6, record 1."),
    ],
)
def test_a_broken_file_is_an_error_that_says_where(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        split(text, 1000)
    assert error.value.message == message


@given(st.text(alphabet='[]{}",:\\ 1eNaInfinitynulltrue\n\0', max_size=40), st.integers(1, 9))
def test_nothing_but_records_and_input_errors_comes_out(text: str, size: int) -> None:
    try:
        found = split(text, size)
    except InputError:
        return
    assert [record.number for record in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("before", ["[", '[{"a": 1}, ', '{"records": [', "", '{"session_id": "s"}\n', '{"x": '])
def test_an_endless_record_stops_early_with_flat_memory(before: str) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        yield before + '{"text": "'
        for _ in range(200):
            taken += 1
            yield "x" * (1 << 20)

    tracemalloc.start()
    with pytest.raises(InputError, match=r"has more than 4,194,304 characters"):
        list(split_records(endless(), "some.json", lambda value: "session_id" in value))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 20
    assert peak < 60 << 20


def test_a_record_of_the_greatest_length_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MAX_RECORD", 50)
    exact = '{"a": "' + "x" * 41 + '"}'
    assert len(exact) == 50
    assert values(f"[{exact}]", 7) == [json.loads(exact)]
    with pytest.raises(InputError, match="has more than 50 characters"):
        values("[" + exact.replace("x", "xx", 1) + "]", 7)


def test_a_wrapper_may_be_larger_than_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MAX_RECORD", 100)
    records = [{"session_id": "s", "text": "x" * 40}] * 9
    assert values(json.dumps({"meta": {"a": [1]}, "records": records, "more": "y"})) == records


def test_memory_stays_flat_over_a_large_array() -> None:
    def chunks() -> Iterator[str]:
        record = json.dumps({"session_id": "s", "text": "x" * 3000})
        yield "[" + record
        for _ in range(500):
            yield ("," + record) * 20
        yield "]"

    tracemalloc.start()
    count = sum(1 for _ in split_records(chunks(), "some.json", lambda _: True))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_001
    assert peak < 3 << 20


def test_max_record_is_what_the_documentation_says() -> None:
    assert MAX_RECORD == 4_194_304
