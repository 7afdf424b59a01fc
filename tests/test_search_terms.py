"""The tokenizer: its specification by example, and that the script's fixtures are what it says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_corpus import FIXTURES, write_terms_fixture

from atlas_build.search.terms import LONGEST_WORD, Tokenizer, fold, read_chunk, split_chunks, stem


def terms(text: str) -> list[str]:
    return Tokenizer().terms(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Naïve CAFÉ", ["naiv", "cafe"]),
        ("Straße Łódź œuvre", ["strass", "lodz", "oeuvr"]),
        ("don’t DON'T donʼt", ["dont", "dont", "dont"]),
        ("ﬁle ＡＢＣ soft\u00adhyphen", ["file", "abc", "softhyphen"]),
        ("Ёлка й ΟΔΥΣΣΕΥΣ", ["елка", "и", "οδυσσευσ"]),
        ("", []),
        ("??? ... 🙂 ┌─┐", []),
    ],
)
def test_spelling_is_folded(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fetchUserData", ["fetch", "user", "data", "fetchuserdata"]),
        ("HTMLParser", ["html", "parser", "htmlparser"]),
        ("user_id", ["user", "id", "userid"]),
        ("__init__.py", ["init", "py", "initpy"]),
        ("package.json", ["packag", "json", "packagejson"]),
        ("src/app.ts:42", ["src", "app", "ts", "appts", "42"]),
        ("1.31.13", ["1", "31", "13", "1.31.13"]),
        ("--no-verify", ["no", "verifi", "noverify"]),
        ("TS2345", ["ts2345", "ts", "2345"]),
        ("SC2086", ["sc2086", "sc", "2086"]),
        ("E0412", ["e0412", "0412"]),
        ("Errors404", ["errors404", "error", "404"]),
        ("parseTS2345", ["pars", "ts2345", "parsets2345", "ts", "2345"]),
        ("ERR_NOT_FOUND", ["err", "not", "found", "errnotfound"]),
        ("C++ c# F#", ["c++", "c#", "f#"]),
        ("a-b-c-d-e", ["a", "b", "c", "d", "e"]),
    ],
)
def test_identifiers_are_indexed_in_parts_and_whole(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("word", ["utf8", "base64", "v2", "5b02d8f", "404page", "e1234x", "id1234567", "0x80070005"])
def test_letters_and_digits_that_are_no_code_stay_whole(word: str) -> None:
    assert terms(word) == [word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不要修改", ["不要", "要修", "修改", "改"]),
        ("件", ["件"]),
        ("使用React组件", ["使用", "用", "react", "组件", "件"]),
        ("ガラス", ["ガラ", "ラス", "ス"]),
        ("한국어", ["한국", "국어", "어"]),
    ],
)
def test_scripts_without_blanks_give_pairs_and_the_last_character(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_voicing_marks_of_kana_are_kept() -> None:
    assert terms("が") == ["が"]
    assert terms("か") == ["か"]


@pytest.mark.parametrize(
    "noise",
    [
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "0123456789",
        "550e8400-e29b-41d4-a716-446655440000",
        "aGVsbG8gd29ybGQxMjM0NTY3ODkwYWJjZGVm",
        "x" * (LONGEST_WORD + 1),
    ],
)
def test_long_runs_without_meaning_are_left_out(noise: str) -> None:
    assert terms(f"this {noise} that") == ["this", "that"]


@pytest.mark.parametrize("kept", ["5b02d8f", "20250604", "deadbeef", "x" * LONGEST_WORD])
def test_short_runs_are_kept(kept: str) -> None:
    assert terms(kept) == [kept]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("rule", "rules"), "rule"),
        (("query", "queries"), "queri"),
        (("class", "classes"), "class"),
        (("box", "boxes"), "box"),
        (("branch", "branches"), "branch"),
        (("cache", "caches"), "cach"),
        (("delete", "deletes", "deleted", "deleting"), "delet"),
        (("ask", "asks", "asked", "asking"), "ask"),
        (("use", "uses", "used", "using"), "use"),
        (("change", "changes", "changed", "changing"), "chang"),
        (("commit", "commits", "committed", "committing"), "commit"),
        (("state", "states", "stated"), "state"),
        (("note", "noted", "notes"), "note"),
        (("try", "tries", "tried"), "tri"),
    ],
)
def test_forms_of_a_word_have_one_spelling(words: tuple[str, ...], expected: str) -> None:
    assert [stem(word) for word in words] == [expected] * len(words)


@pytest.mark.parametrize(
    "word", ["status", "this", "pass", "always2", "js", "día", "boss", "string", "need", "not", "stat", "has"]
)
def test_what_is_no_such_form_stays(word: str) -> None:
    assert stem(word) == word


@settings(deadline=None)
@given(st.text(max_size=60))
def test_terms_are_folded_short_and_without_capitals(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= LONGEST_WORD
        assert not any("A" <= char <= "Z" for char in term), "capitals separate terms in a shard"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_memory_of_chunks_changes_nothing(text: str) -> None:
    expected = [term for chunk in split_chunks(text) for term in read_chunk(chunk).terms()]
    tokenizer = Tokenizer()
    assert tokenizer.terms(text) == expected
    assert tokenizer.terms(text) == expected


def test_the_fixture_of_the_scripts_tests_is_up_to_date() -> None:
    """Rewrite it with `python tests/search_corpus.py`."""
    assert (FIXTURES / "terms.json").read_text("utf-8") == write_terms_fixture()


def test_the_fixture_holds_several_scripts() -> None:
    cases = json.loads((FIXTURES / "terms.json").read_text("utf-8"))
    found = "".join(case["text"] for case in cases)
    for sample in "éß’组한हع𠮷":
        assert sample in found
