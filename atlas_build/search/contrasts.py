"""The contrasts of the index: beside each case the most alike one that differs in one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from atlas_build.model.episode import Episode
from atlas_build.model.relations import CONTRASTS, MOST_WORDS, Counterpart
from atlas_build.search.encoding import write_numbers

TENTHS = 10
"""Alikeness is written in tenths of a bit."""

Counterparts = Sequence[Counterpart | None]
"""Of one case, one item for each of `CONTRASTS`."""


def build_contrasts(episodes: Sequence[Episode], counterparts: Sequence[Counterparts]) -> dict[str, Any]:
    """The content of `contrasts.json`.

    Args:
        counterparts: of every case, in the order of `episodes` without the rejected candidates among them; or nothing.
    """
    ordinals = [ordinal for ordinal, episode in enumerate(episodes) if episode.is_case]
    rows = counterparts or [(None,) * len(CONTRASTS)] * len(ordinals)
    words = sorted({word for row in rows for one in row if one for word in one.words})
    writer = _Writer(ordinals, len(episodes), {word: place for place, word in enumerate(words, 1)})
    columns = [
        {"same": same, "other": other, **writer.write([row[number] for row in rows])}
        for number, (same, other) in enumerate(CONTRASTS)
    ]
    return {"words": words, "contrasts": columns}


@dataclass(frozen=True)
class _Writer:
    """
    Attributes:
        ordinals: of the cases, by place.
        size: how many episodes there are; a rejected candidate has no counterpart.
        words: word -> its place among all, from 1.
    """

    ordinals: Sequence[int]
    size: int
    words: Mapping[str, int]

    def write(self, column: Counterparts) -> dict[str, str]:
        """Where there is no counterpart, every number is 0."""
        nearest, alikeness, said = [0] * self.size, [0] * self.size, [[0] * MOST_WORDS for _ in range(self.size)]
        for ordinal, one in zip(self.ordinals, column, strict=True):
            if one is not None:
                nearest[ordinal] = self.ordinals[one.place] + 1
                alikeness[ordinal] = round(TENTHS * one.alikeness)
                said[ordinal][: len(one.words)] = [self.words[word] for word in one.words]
        return {
            "nearest": write_numbers(nearest),
            "alikeness": write_numbers(alikeness),
            "said": write_numbers(chain.from_iterable(said)),
        }
