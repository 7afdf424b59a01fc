"""The search index of one build: its files, under a name that is a digest of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.identity import DIGITS
from atlas_build.model.placeholder import TITLES
from atlas_build.search.cards import build_cards, chunk_size
from atlas_build.search.contrasts import Counterparts, build_contrasts
from atlas_build.search.facets import build_facets, build_turns
from atlas_build.search.postings import collect_postings
from atlas_build.search.shards import SHARD_CHARACTERS, build_shards
from atlas_build.search.terms import TOKENIZER
from atlas_build.search.texts import build_texts
from atlas_build.search.texts import chunk_size as text_chunk_size

FORMAT = 2
"""Raised when a reader of the old format would misread the new one; see docs/index-format.md."""

DIGEST_CHARACTERS = 16


@dataclass(frozen=True)
class SearchIndex:
    """Attributes:
    digest: hexadecimal, from the names and bytes of all files.
    files: path below `index/<digest>/` -> content.
    """

    digest: str
    files: dict[str, bytes]


def build_index(
    episodes: Sequence[Episode],
    codebook: Codebook,
    counterparts: Sequence[Counterparts] = (),
    *,
    shard_characters: int = SHARD_CHARACTERS,
) -> SearchIndex:
    """The index of cases and rejected candidates, in the given order: an episode's place is its ordinal.

    Args:
        counterparts: of each case, as `build_contrasts` takes them; nothing where no case has any.
    """
    files: dict[str, bytes] = {}
    firsts: list[str] = []
    postings = collect_postings(episodes)
    for number, (first, shard) in enumerate(build_shards(postings, len(episodes), shard_characters)):
        firsts.append(first)
        files[f"terms/{number}.json"] = _write(shard)
    cards = 0
    for cards, chunk in enumerate(build_cards(episodes), 1):
        files[f"cards/{cards - 1}.json"] = _write(chunk)
    texts = 0
    for texts, chunk in enumerate(build_texts(episodes), 1):
        files[f"texts/{texts - 1}.json"] = _write(chunk)
    files["turns.json"] = _write({"turns": build_turns(episodes)})
    files["ids.json"] = _write({"ids": "".join(map(_digits, episodes))})
    files["contrasts.json"] = _write(build_contrasts(episodes, counterparts))
    files["index.json"] = _write({
        "format": FORMAT,
        "tokenizer": TOKENIZER,
        "episodes": len(episodes),
        "cases": sum(episode.is_case for episode in episodes),
        "cards": {"size": chunk_size(len(episodes)), "chunks": cards},
        "texts": {"size": text_chunk_size(len(episodes)), "chunks": texts},
        "terms": {"count": len(postings), "firsts": firsts},
        "placeholders": {kind.value: title for kind, title in TITLES.items()},
        **build_facets(episodes, codebook),
    })  # fmt: skip
    return SearchIndex(digest=_digest(files), files=dict(sorted(files.items())))


def _digits(episode: Episode) -> str:
    """The seven digits of the id; prefix, hyphens and check character follow from them."""
    return episode.id.removeprefix("AMA-").replace("-", "")[:DIGITS]


def _write(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content)


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n{len(files[path])}\n".encode())
        digest.update(files[path])
    return digest.hexdigest()[:DIGEST_CHARACTERS]
