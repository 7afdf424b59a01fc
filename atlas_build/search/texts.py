"""Texts in chunks: what a phrase or the word of one field is looked for in, once the index has said which episodes can
have it.

Fetched for such queries only. Fields are cut where the index stops reading, so that both know the same text. Few large
files, because a site may have only so many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from atlas_build.model.episode import Episode
from atlas_build.model.source import EpisodeText
from atlas_build.search.postings import LONGEST_FIELD

MOST_CHUNKS = 64
SMALLEST_CHUNK = 32


def chunk_size(episodes: int) -> int:
    """The smallest power of two from 32 on that needs no more than 64 chunks."""
    size = SMALLEST_CHUNK
    while size * MOST_CHUNKS < episodes:
        size *= 2
    return size


def build_texts(episodes: Sequence[Episode]) -> Iterator[dict[str, Any]]:
    """The chunks in order; each holds columns of equal length."""
    size = chunk_size(len(episodes))
    for first in range(0, len(episodes), size):
        yield _write_chunk(first, [episode.text for episode in episodes[first : first + size]])


def _write_chunk(first: int, texts: Sequence[EpisodeText]) -> dict[str, Any]:
    return {
        "first": first,
        "names": [_cut(text.name) for text in texts],
        "descriptions": [_cut(text.description) for text in texts],
        "quotes": [[_cut(item.quote) for item in text.evidence] for text in texts],
        "contexts": [[_cut(item.context) for item in text.evidence] for text in texts],
        "reasons": [[_cut(part) for part in _reasons(text)] for text in texts],
    }


def _reasons(text: EpisodeText) -> Iterator[str]:
    """Why the labels were chosen: the reasonings, what an S8 episode is, why a candidate was rejected."""
    reasonings = text.reasonings
    found = (reasonings.form, reasonings.cause, reasonings.cost, reasonings.resolution, text.other_form, text.note)
    yield from (part for part in found if part)


def _cut(text: str) -> str:
    return text[:LONGEST_FIELD]
