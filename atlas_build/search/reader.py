"""Reads the index back, as the browser does: for the checks of a finished site and for tests.

It shares the alphabet with the writer and nothing else, so that a mistake of the writer shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

import orjson

from atlas_build.model.facets import Missing, Value
from atlas_build.search.encoding import ALPHABET, read_numbers

_ENTRY = re.compile(r"([A-Z])([^A-Z]*)")


class IndexedTerm(NamedTuple):
    """A term with the ordinals it occurs in and a class (0 to 3) for each."""

    term: str
    ordinals: list[int]
    classes: list[int]


def read_meta(files: Mapping[str, bytes]) -> dict[str, Any]:
    meta: dict[str, Any] = orjson.loads(files["index.json"])
    return meta


def read_facets(files: Mapping[str, bytes]) -> dict[str, list[tuple[Value, ...]]]:
    """Facet name -> the values of every episode, by ordinal; `cause:tier` holds the joined causes."""
    meta = read_meta(files)
    values = {facet["name"]: [_read_value(value) for value in facet["values"]] for facet in meta["facets"]}
    columns: dict[str, list[tuple[Value, ...]]] = {}
    for column in meta["columns"]:
        codes = list(read_numbers(column["codes"]))
        for place, name in enumerate(column["facets"]):
            answers = [tuple(values[name][number] for number in entry[place]) for entry in column["entries"]]
            columns[name] = [answers[code] for code in codes]
    return columns


def _read_value(value: str | dict[str, str]) -> Value:
    return value if isinstance(value, str) else Missing(value["missing"])


def read_turns(files: Mapping[str, bytes]) -> list[int | None]:
    return [number - 1 if number else None for number in read_numbers(orjson.loads(files["turns.json"])["turns"])]


def read_terms(files: Mapping[str, bytes]) -> Iterator[IndexedTerm]:
    """All terms of all shards in order."""
    for number in range(len(read_meta(files)["terms"]["firsts"])):
        yield from _read_shard(orjson.loads(files[f"terms/{number}.json"]))


def _read_shard(shard: dict[str, str]) -> Iterator[IndexedTerm]:
    terms = read_front_coded(shard["terms"])
    lengths = [number + 1 for number in read_numbers(shard["lengths"])]
    gaps = read_numbers(shard["gaps"])
    classes = [ALPHABET.index(char) >> shift & 3 for char in shard["classes"] for shift in (0, 2, 4)]
    start = 0
    for term, length in zip(terms, lengths, strict=True):
        steps = [next(gaps) + 1 for _ in range(length)]
        yield IndexedTerm(term, [place - 1 for place in accumulate(steps)], classes[start : start + length])
        start += length


def read_front_coded(text: str) -> list[str]:
    terms: list[str] = []
    for capital, rest in _ENTRY.findall(text):
        shared = ord(capital) - ord("A")
        terms.append((terms[-1][:shared] if shared else "") + rest)
    return terms


def read_cards(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    """One dictionary an episode, by ordinal, with the keys of the chunks in the singular of columns."""
    for number in range(read_meta(files)["cards"]["chunks"]):
        chunk = orjson.loads(files[f"cards/{number}.json"])
        chunk.pop("first")
        for row in zip(*chunk.values(), strict=True):
            yield dict(zip(chunk, row, strict=True))


def read_texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every readable text in the index with the file it stands in: what a search for leaks has to look at."""
    for number in range(len(read_meta(files)["terms"]["firsts"])):
        path = f"terms/{number}.json"
        yield path, "\n".join(read_front_coded(orjson.loads(files[path])["terms"]))
    for path in sorted(files):
        if not path.startswith("terms/"):
            yield from ((path, text) for text in _strings(orjson.loads(files[path])))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
