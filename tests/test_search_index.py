"""The index as written and read back: exact facets, complete postings, whole cards, the same bytes every time."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson
import pytest
from factories import make_episode
from hypothesis import given, settings
from hypothesis import strategies as st
from search_corpus import FIXTURES, ROOT, SHARD_CHARACTERS, make_corpus, make_fixtures, read_codebook

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import card_quote
from atlas_build.model.facets import FACETS, Missing, joined_causes
from atlas_build.model.placeholder import Kind
from atlas_build.model.relations import Counterpart
from atlas_build.model.source import CauseLabel, Labels
from atlas_build.search.cards import MOST_CHUNKS, chunk_size
from atlas_build.search.encoding import ALPHABET, read_numbers, write_numbers
from atlas_build.search.facets import total_turns
from atlas_build.search.index import FORMAT, SearchIndex, build_index
from atlas_build.search.postings import IN_NAME, IN_REST, LONGEST_FIELD, OFTEN, ONCE, classify_terms
from atlas_build.search.reader import (
    read_cards,
    read_facets,
    read_front_coded,
    read_meta,
    read_terms,
    read_texts,
    read_turns,
)
from atlas_build.search.shards import front_code
from atlas_build.search.terms import Tokenizer
from atlas_build.search.texts import chunk_size as text_chunk_size


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_codebook()


@pytest.fixture(scope="module")
def episodes() -> list[Episode]:
    return make_corpus()


@pytest.fixture(scope="module")
def index(episodes: list[Episode], codebook: Codebook) -> SearchIndex:
    return build_index(episodes, codebook, shard_characters=SHARD_CHARACTERS)


@settings(deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=2_000_000)))
def test_numbers_survive_the_code(values: list[int]) -> None:
    assert list(read_numbers(write_numbers(values))) == values


def test_the_code_is_short_and_needs_no_escape() -> None:
    assert len(ALPHABET) == 93
    assert [len(write_numbers([value])) for value in (0, 61, 62, 1983, 1984, 61_565)] == [1, 1, 2, 2, 3, 3]
    assert not set('"\\\n\x7f') & set(ALPHABET)


@settings(deadline=None)
@given(st.lists(st.text("abé中𠮷", min_size=1, max_size=40), unique=True))
def test_terms_survive_front_coding(words: list[str]) -> None:
    ordered = sorted(words, key=lambda word: word.encode("utf-16-be"))
    assert read_front_coded(front_code(ordered)) == ordered


def test_every_facet_of_every_episode_is_exact(index: SearchIndex, episodes: list[Episode]) -> None:
    columns = read_facets(index.files)
    for facet in FACETS:
        assert columns[facet.name] == [facet.values(episode) for episode in episodes], facet.name
    assert columns["cause:tier"] == [joined_causes(episode) for episode in episodes]


_CAUSES = st.lists(
    st.builds(
        CauseLabel,
        label=st.sampled_from(["C1", "C6", "C7"]),
        tier=st.sampled_from(["direct", "contextual", "speculative", None]),
    ),
    max_size=3,
)
_LABELS = st.builds(
    Labels,
    forms=st.lists(st.sampled_from(["S1", "S3", "S8"]), max_size=3).map(tuple),
    causes=_CAUSES.map(tuple),
    severity=st.sampled_from(["DS0", "DS2"]),
    locus=st.sampled_from([None, "DL1"]),
    status=st.sampled_from(["RS1", "RS2"]),
    resolver=st.sampled_from([None, "RV3"]),
)
_EPISODES = st.builds(
    make_episode,
    labels=_LABELS,
    agent=st.sampled_from([None, "none", "na", "Codex", "-x", 'a"\\b', "中文"]),
    timestamp=st.sampled_from([None, "2024-12-31 23:59:59", "2025-01-01 00:00:00"]),
    user_turns=st.sampled_from([None, 0, 70, 5000]),
    validation=st.sampled_from(["VALID", "VALID", "INVALID"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_EPISODES, max_size=40))
def test_counts_from_the_index_are_those_of_a_brute_force(episodes: list[Episode]) -> None:
    files = build_index(episodes, read_codebook()).files
    columns = read_facets(files)
    for facet in FACETS:
        expected = Counter(value for episode in episodes for value in facet.values(episode))
        assert Counter(value for values in columns[facet.name] for value in values) == expected
    assert Counter(v for values in columns["cause:tier"] for v in values) == Counter(
        v for e in episodes for v in joined_causes(e)
    )
    assert read_turns(files) == [total_turns(episode) for episode in episodes]
    assert [card["ids"] for card in read_cards(files)] == [episode.id.removeprefix("AMA-") for episode in episodes]


def test_a_missing_value_is_no_string(index: SearchIndex) -> None:
    agents = next(facet for facet in read_meta(index.files)["facets"] if facet["name"] == "agent")
    assert agents["values"] == ["A, B", "Cursor IDE", "na", "none", {"missing": "none"}]


def test_closed_vocabularies_are_complete_and_in_order(codebook: Codebook) -> None:
    meta = read_meta(build_index([make_episode(form="S3")], codebook).files)
    forms = meta["facets"][0]
    assert forms["values"] == ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"]
    assert forms["names"]["S3"] == "Developer Constraint Violation"


def test_every_term_of_every_episode_has_its_posting(index: SearchIndex, episodes: list[Episode]) -> None:
    expected: dict[str, dict[int, int]] = {}
    for ordinal, episode in enumerate(episodes):
        for term, found in classify_terms(episode, Tokenizer()).items():
            expected.setdefault(term, {})[ordinal] = found
    found = {term: dict(zip(ordinals, classes, strict=False)) for term, ordinals, classes in read_terms(index.files)}
    assert found == expected


def test_terms_stand_in_the_order_of_utf16_and_shards_tell_their_first(index: SearchIndex) -> None:
    terms = [entry.term for entry in read_terms(index.files)]
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))
    firsts = read_meta(index.files)["terms"]["firsts"]
    assert len(firsts) > 3
    assert set(firsts) <= set(terms)
    assert firsts == sorted(firsts, key=lambda term: term.encode("utf-16-be"))


def test_a_term_counts_most_in_the_name() -> None:
    episode = make_episode(
        name="Alpha", description="alpha beta beta gamma", quotes=("gamma", "delta"), note="omega beta"
    )
    classes = classify_terms(episode, Tokenizer())
    assert {term: classes[term] for term in ("alpha", "beta", "gamma", "delta", "omega")} == {
        "alpha": IN_NAME,
        "beta": OFTEN,
        "gamma": OFTEN,
        "delta": ONCE,
        "omega": IN_REST,
    }


def test_a_case_is_found_by_its_id() -> None:
    episode = make_episode()
    whole = episode.id.lower().replace("-", "")
    assert whole in {term.replace(".", "") for term in classify_terms(episode, Tokenizer())}


def test_ids_of_the_source_are_terms_of_their_own_in_the_lowest_class() -> None:
    episode = make_episode(
        repository_id="8123044178", session_id="Session_004", name="Quiet", description="", quotes=()
    )
    terms = classify_terms(episode, Tokenizer())
    found = {term: terms[term] for term in terms if term.startswith("@")}
    assert found == {"@8123044178": IN_REST, "@session004": IN_REST}
    assert not {"session", "004", "session004", "8123044178", "m001"} & set(terms)


def test_a_session_that_is_only_numbered_is_not_taken_for_a_repository() -> None:
    classes = classify_terms(make_episode(repository_id="12", session_id="34"), Tokenizer())
    assert {term for term in classes if term.startswith("@")} == {"@12"}


def test_placeholders_are_not_indexed() -> None:
    classes = classify_terms(make_episode(description="[PERSON_1] asked [SECRET_12]."), Tokenizer())
    assert not {"person", "secret", "person1"} & set(classes)
    assert "ask" in classes


def test_a_pasted_log_is_indexed_up_to_the_cap() -> None:
    classes = classify_terms(make_episode(quotes=("begin " + "x " * LONGEST_FIELD + "finish",)), Tokenizer())
    assert "begin" in classes
    assert "finish" not in classes


def test_rejected_candidates_are_in_the_index_and_told_apart(codebook: Codebook) -> None:
    files = build_index([make_episode(), make_episode(number=2, validation="INVALID")], codebook).files
    assert read_meta(files)["episodes"] == 2
    assert read_meta(files)["cases"] == 1
    assert read_facets(files)["validation"] == [("VALID",), ("INVALID",)]
    assert read_facets(files)["form"][1] == (Missing.NOT_APPLICABLE,)


def test_contrasts_name_ordinals_and_skip_rejected_candidates(codebook: Codebook) -> None:
    episodes = [make_episode(number=1, validation="INVALID"), *(make_episode(number=number) for number in (2, 3, 4))]
    none, found = (None, None), Counterpart(place=2, alikeness=12.34, words=("schema", "migration"))
    files = build_index(episodes, codebook, [(found, None), none, (None, Counterpart(0, 0.04, ("schema",)))]).files
    content = orjson.loads(files["contrasts.json"])
    assert content["words"] == ["migration", "schema"]
    by_cause, by_resolution = content["contrasts"]
    assert list(read_numbers(by_cause["said"])) == [0, 0, 0, 2, 1, 0, *[0] * 6]
    assert list(read_numbers(by_resolution["said"])) == [*[0] * 9, 2, 0, 0]
    assert (by_cause["same"], by_cause["other"]) == ("form", "cause")
    assert list(read_numbers(by_cause["nearest"])) == [0, 4, 0, 0]
    assert list(read_numbers(by_cause["alikeness"])) == [0, 123, 0, 0]
    assert (by_resolution["same"], by_resolution["other"]) == ("cause", "status")
    assert list(read_numbers(by_resolution["nearest"])) == [0, 0, 0, 2]
    assert list(read_numbers(by_resolution["alikeness"])) == [0, 0, 0, 0]


def test_kinds_of_what_was_replaced_are_values(codebook: Codebook) -> None:
    episodes = [make_episode(redactions={Kind.EMAIL: 2, Kind.PERSON: 0}), make_episode(number=2)]
    files = build_index(episodes, codebook).files
    assert read_facets(files)["scrubbed"] == [("any", "EMAIL"), ("nothing",)]
    scrubbed = next(facet for facet in read_meta(files)["facets"] if facet["name"] == "scrubbed")
    assert scrubbed["values"] == ["any", "nothing", "EMAIL", *(kind for kind in Kind if kind is not Kind.EMAIL)]
    assert scrubbed["names"]["EMAIL"] == "E-mail address"


def test_cards_hold_what_a_list_shows(index: SearchIndex, episodes: list[Episode]) -> None:
    cards = list(read_cards(index.files))
    assert [card["names"] for card in cards] == [episode.text.name for episode in episodes]
    assert [card["quotes"] for card in cards] == [card_quote(episode.text.evidence) for episode in episodes]
    assert [card["evidence"] for card in cards] == [2] * len(episodes)


@pytest.mark.parametrize(
    ("episodes", "size"), [(0, 16), (4096, 16), (4097, 32), (7_000, 32), (16_118, 64), (100_000, 512)]
)
def test_chunks_grow_so_that_files_stay_few(episodes: int, size: int) -> None:
    assert chunk_size(episodes) == size
    assert -(-episodes // size) <= MOST_CHUNKS


def test_an_empty_corpus_has_an_index(codebook: Codebook) -> None:
    files = build_index([], codebook).files
    assert sorted(files) == ["contrasts.json", "ids.json", "index.json", "turns.json"]
    assert files["ids.json"] == b'{"ids":""}'
    assert read_meta(files)["format"] == FORMAT


def test_the_digest_names_the_bytes(episodes: list[Episode], codebook: Codebook, index: SearchIndex) -> None:
    again = build_index(episodes, codebook, shard_characters=SHARD_CHARACTERS)
    assert again == index
    assert build_index(episodes[1:], codebook).digest != index.digest


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = "from search_corpus import *; print(build_index(make_corpus(40), read_codebook()).digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_all_texts_can_be_read_back_for_the_leak_check(index: SearchIndex, episodes: list[Episode]) -> None:
    texts = "\n".join(text for _, text in read_texts(index.files))
    assert episodes[0].text.name in texts
    assert "fetchuserdata" in texts, "front-coded terms are spelled out"


def test_the_fixtures_of_the_scripts_tests_are_up_to_date() -> None:
    """Rewrite them with `python tests/search_corpus.py`."""
    expected = make_fixtures()
    found = {path.relative_to(FIXTURES).as_posix(): path.read_bytes() for path in FIXTURES.rglob("*") if path.is_file()}
    assert sorted(found) == sorted(expected)
    assert [path for path in expected if found[path] != expected[path]] == []


def test_the_index_of_a_thousand_episodes_is_small(codebook: Codebook) -> None:
    """Sizes are firm: facets and full text of this made-up text take less than 40 bytes an episode."""
    files = build_index(make_corpus(1000), codebook).files
    compressed = sum(
        len(gzip.compress(content, 9, mtime=0))
        for path, content in files.items()
        if not path.startswith(("cards/", "texts/", "ids."))
    )
    assert compressed / 1000 < 40


def test_the_format_is_documented() -> None:
    text = (Path(ROOT) / "docs" / "index-format.md").read_text("utf-8")
    for name in (
        "index.json",
        "turns.json",
        "ids.json",
        "terms/<n>.json",
        "cards/<n>.json",
        "texts/<n>.json",
        "firsts",
        "entries",
        "codes",
        "lengths",
        "gaps",
        "classes",
    ):
        assert name in text, name


def test_texts_are_what_the_index_reads_of_every_field(index: SearchIndex, episodes: list[Episode]) -> None:
    chunks = [orjson.loads(content) for path, content in index.files.items() if path.startswith("texts/")]
    chunks.sort(key=lambda chunk: int(chunk["first"]))
    meta = read_meta(index.files)["texts"]
    assert [chunk["first"] for chunk in chunks] == [number * meta["size"] for number in range(meta["chunks"])]
    quotes = [quotes for chunk in chunks for quotes in chunk["quotes"]]
    assert quotes == [[item.quote for item in episode.text.evidence] for episode in episodes]
    assert [name for chunk in chunks for name in chunk["names"]] == [episode.text.name for episode in episodes]
    reasons = [reasons for chunk in chunks for reasons in chunk["reasons"]]
    rejected = next(place for place, episode in enumerate(episodes) if episode.text.note)
    assert reasons[rejected][-1] == episodes[rejected].text.note


def test_long_texts_are_cut_where_the_index_stops_reading(codebook: Codebook) -> None:
    files = build_index([make_episode(quotes=("x" * (LONGEST_FIELD + 7),))], codebook).files
    assert len(orjson.loads(files["texts/0.json"])["quotes"][0][0]) == LONGEST_FIELD


@pytest.mark.parametrize(("episodes", "size"), [(0, 32), (2048, 32), (2049, 64), (7_000, 128), (16_118, 256)])
def test_there_are_never_more_than_64_chunks_of_texts(episodes: int, size: int) -> None:
    assert text_chunk_size(episodes) == size
