"""The inverted index cut into files by term range, so that one word costs one request.

A shard holds four strings, one after the other so that gzip finds like beside like: the terms, front-coded; how many
episodes each has; the gaps between their ordinals; the classes. A capital letter says how many characters a term
shares with the one before (A none, B one ...) and so also where it begins, since terms have no capitals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from atlas_build.search.encoding import ALPHABET, NumberWriter
from atlas_build.search.postings import PostingList, Postings

LONGEST_SHARED = 25
SHARD_CHARACTERS = 24_000
"""Raw size of a shard; about 16 KB after gzip."""
MOST_SHARDS = 256
CLASSES_A_CHARACTER = 3


def build_shards(
    postings: Postings, episodes: int, characters: int = SHARD_CHARACTERS
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pairs of a shard's first term and its content, by term range; `characters` is the size aimed at.

    No posting names an ordinal of `episodes` or more.
    """
    writer = NumberWriter(episodes)
    entries = [(term, _write_entry(postings.of(term), writer)) for term in postings.terms()]
    limit = max(characters, -(-sum(_size(*entry) for entry in entries) // (MOST_SHARDS * 9 // 10)))
    for group in _group(entries, limit):
        yield group[0][0], _write_shard(group)


Entry = tuple[str, str, Sequence[int]]
"""Length and gaps as written, classes as numbers."""


def _write_entry(postings: PostingList, writer: NumberWriter) -> Entry:
    ordinals = postings.ordinals
    gaps = [after - before - 1 for before, after in pairwise(ordinals)]
    return writer.write([len(gaps)]), writer.write(ordinals[:1]) + writer.write(gaps), postings.classes


def _size(term: str, entry: Entry) -> int:
    return len(term) // 2 + 1 + len(entry[0]) + len(entry[1]) + len(entry[2]) // CLASSES_A_CHARACTER


def _group(entries: list[tuple[str, Entry]], limit: int) -> Iterator[list[tuple[str, Entry]]]:
    group: list[tuple[str, Entry]] = []
    size = 0
    for term, entry in entries:
        if group and size + _size(term, entry) > limit:
            yield group
            group, size = [], 0
        group.append((term, entry))
        size += _size(term, entry)
    if group:
        yield group


def _write_shard(group: list[tuple[str, Entry]]) -> dict[str, Any]:
    return {
        "terms": front_code([term for term, _ in group]),
        "lengths": "".join(entry[0] for _, entry in group),
        "gaps": "".join(entry[1] for _, entry in group),
        "classes": _pack_classes([found for _, entry in group for found in entry[2]]),
    }


def front_code(terms: list[str]) -> str:
    """Terms in order, each as a capital for the shared start and the rest. Shared counts UTF-16 code units."""
    pieces = []
    before = ""
    for term in terms:
        shared = _shared(before, term)
        pieces.append(chr(ord("A") + shared) + term[shared:])
        before = term
    return "".join(pieces)


def _shared(before: str, term: str) -> int:
    """Characters of the basic plane at the start of both; 25 at most."""
    shared = 0
    for one, other in zip(before, term, strict=False):
        if one != other or one > "\uffff" or shared == LONGEST_SHARED:
            break
        shared += 1
    return shared


def _pack_classes(classes: list[int]) -> str:
    padded = [*classes, 0, 0]
    triples = range(0, len(classes), CLASSES_A_CHARACTER)
    return "".join(ALPHABET[padded[i] + 4 * padded[i + 1] + 16 * padded[i + 2]] for i in triples)
