"""The judged queries of benchmarks/: well-formed, varied, and about cases that exist."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from building import ROOT

KINDS = {"known-item", "topical", "typo", "prefix", "code", "cjk", "accent", "phrase"}
Judged = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    found: Judged = json.loads((ROOT / "benchmarks" / "judged_queries.json").read_text(encoding="utf-8"))
    return {part: found[part] for part in ("sample", "real")}


def key_of(record: dict[str, Any]) -> str:
    return "/".join(str(record[name]) for name in ("source", "repository_id", "session_id", "misalignment_id"))


def published_keys(site: Path) -> set[str]:
    """Cases by natural key, as the site's own download lists them."""
    with gzip.open(site / "data" / "episodes.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {key_of(json.loads(line)) for line in lines}


def test_there_are_enough_queries_of_every_kind(judged: Judged) -> None:
    kinds = Counter(query["kind"] for query in judged["sample"])
    assert set(kinds) == KINDS
    assert sum(kinds.values()) >= 150
    assert min(kinds.values()) >= 5
    assert kinds["topical"] >= 50


def test_every_query_has_judgements_from_one_to_three(judged: Judged) -> None:
    for query in (*judged["sample"], *judged["real"]):
        assert set(query) == {"query", "kind", "relevant"}, query["query"]
        assert query["query"].strip() and query["kind"] in KINDS
        assert query["relevant"] and set(query["relevant"].values()) <= {1, 2, 3}, query["query"]
        assert max(query["relevant"].values()) == 3, query["query"]


def test_no_query_is_asked_twice(judged: Judged) -> None:
    for queries in judged.values():
        assert [text for text, times in Counter(query["query"] for query in queries).items() if times > 1] == []


def test_judged_cases_are_published_in_the_sample(judged: Judged, sample_site: Path) -> None:
    asked = {key for query in judged["sample"] for key in query["relevant"]}
    assert asked - published_keys(sample_site) == set()
    assert len(asked) > 100


def test_judged_records_are_in_the_real_corpus(judged: Judged, shared: Path) -> None:
    records = json.loads((shared / "corpus" / "real_episodes.json").read_text(encoding="utf-8"))
    asked = {key for query in judged["real"] for key in query["relevant"]}
    assert asked - {key_of(record) for record in records if record["label"] == "VALID"} == set()


def test_queries_over_the_real_corpus_are_words_of_our_own(judged: Judged, shared: Path) -> None:
    """None is a run of four or more words of a record's texts."""
    records = json.loads((shared / "corpus" / "real_episodes.json").read_text(encoding="utf-8"))
    texts = [json.dumps(record, ensure_ascii=False).lower() for record in records]
    for query in judged["real"]:
        words = query["query"].lower().split()
        assert len(words) < 4 or not any(" ".join(words) in text for text in texts), query["query"]
