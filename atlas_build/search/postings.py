"""Which episodes a term occurs in, and how prominently.

A posting is an episode's ordinal with a class: 3 in the name, 2 several times in description and quotes, 1 once
there, 0 only in the rest (contexts, reasonings, descriptor, note) or an id of the source.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from atlas_build.model.episode import Episode
from atlas_build.model.placeholder import PLACEHOLDER
from atlas_build.search.terms import Tokenizer, read_chunk

LONGEST_FIELD = 4000
"""Characters of a field that are indexed: a pasted log must not flood the index."""

SOURCE_ID = "@"
"""Begins the terms of ids that the source gave to repository and session. No text has such a term."""

IN_REST, ONCE, OFTEN, IN_NAME = range(4)

_NO_ID = re.compile(r"[^0-9a-z]+")


class PostingList(NamedTuple):
    ordinals: list[int]
    classes: list[int]


class Postings:
    """All terms of a corpus with their postings, packed as ordinal * 4 + class."""

    def __init__(self) -> None:
        self._packed: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, ordinal: int, classes: dict[str, int]) -> None:
        """Ordinals must come in rising order."""
        packed = self._packed
        base = ordinal * 4
        for term, found in classes.items():
            packed[term].append(base + found)

    def terms(self) -> list[str]:
        """Sorted by UTF-16 code units, as JavaScript compares strings."""
        return sorted(self._packed, key=lambda term: term.encode("utf-16-be"))

    def of(self, term: str) -> PostingList:
        packed = self._packed[term]
        return PostingList([value >> 2 for value in packed], [value & 3 for value in packed])

    def __len__(self) -> int:
        return len(self._packed)


def collect_postings(episodes: Sequence[Episode]) -> Postings:
    postings = Postings()
    tokenizer = Tokenizer()
    for ordinal, episode in enumerate(episodes):
        postings.add(ordinal, classify_terms(episode, tokenizer))
    return postings


def classify_terms(episode: Episode, tokenizer: Tokenizer) -> dict[str, int]:
    """Every term of an episode with its class."""
    classes = dict.fromkeys(tokenizer.terms(_join(_rest(episode))), IN_REST)
    for term in tokenizer.terms(_join(_told(episode))):
        classes[term] = OFTEN if classes.get(term) else ONCE
    names = tokenizer.terms(_join((episode.text.name,)))
    classes.update(dict.fromkeys((*names, read_chunk(episode.id).whole), IN_NAME))
    classes.update(dict.fromkeys(_source_ids(episode), IN_REST))
    return classes


def _source_ids(episode: Episode) -> Iterator[str]:
    """Ids as the case page shows them, each as one term. A number alone always names a repository."""
    key = episode.facts.key
    repository, session = (_NO_ID.sub("", text.lower()) for text in (key.repository_id, key.session_id))
    if repository:
        yield SOURCE_ID + repository
    if session and not session.isdecimal():
        yield SOURCE_ID + session


def _told(episode: Episode) -> Iterator[str]:
    yield episode.text.description
    for item in episode.text.evidence:
        yield item.quote


def _rest(episode: Episode) -> Iterator[str]:
    text = episode.text
    for item in text.evidence:
        yield item.context
    reasonings = text.reasonings
    found = (reasonings.form, reasonings.cause, reasonings.cost, reasonings.resolution, text.other_form, text.note)
    yield from (part for part in found if part)


def _join(fields: Iterable[str]) -> str:
    """The starts of the fields, one a line, without placeholders, whose words say nothing about the episode."""
    text = "\n".join([field[:LONGEST_FIELD] for field in fields])
    return PLACEHOLDER.sub(" ", text) if "[" in text else text
