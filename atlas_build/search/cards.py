"""Cards in chunks: what a list shows of an episode beyond its facets.

Chunks grow with the corpus, so that there are never more than `MOST_CHUNKS` files of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import CARD_DESCRIPTION, card_quote, shorten

MOST_CHUNKS = 256
SMALLEST_CHUNK = 16


def chunk_size(episodes: int) -> int:
    """The smallest power of two from 16 on that needs no more than 256 chunks."""
    size = SMALLEST_CHUNK
    while size * MOST_CHUNKS < episodes:
        size *= 2
    return size


def build_cards(episodes: Sequence[Episode]) -> Iterator[dict[str, Any]]:
    """The chunks in order; each holds columns of equal length."""
    size = chunk_size(len(episodes))
    for first in range(0, len(episodes), size):
        yield _write_chunk(first, episodes[first : first + size])


def _write_chunk(first: int, episodes: Sequence[Episode]) -> dict[str, Any]:
    sessions = [episode.facts.session for episode in episodes]
    return {
        "first": first,
        "ids": [episode.id.removeprefix("AMA-") for episode in episodes],
        "names": [episode.text.name for episode in episodes],
        "descriptions": [shorten(episode.text.description, CARD_DESCRIPTION) for episode in episodes],
        "quotes": [card_quote(episode.text.evidence) for episode in episodes],
        "notes": [shorten(episode.text.note or "", CARD_DESCRIPTION) for episode in episodes],
        "evidence": [len(episode.text.evidence) for episode in episodes],
        "dates": [session.timestamp.date().isoformat() if session.timestamp else None for session in sessions],
        "userTurns": [session.user_turns for session in sessions],
        "agentTurns": [session.agent_turns for session in sessions],
    }
