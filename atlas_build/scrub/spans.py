"""Spans of one text: the merge rule, and the view in which recognizers see it.

The merge rule: where hits overlap, the higher score wins, then the longer, then the earlier, then the kind that comes
first in `Kind`. What sticks out of a loser stays a span of its own if it holds a letter or digit. So everything that
any rule found is gone in the end, whatever wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from atlas_build.model.placeholder import PLACEHOLDER, Kind
from atlas_build.scrub.hits import FILLER, Hit

UPSTREAM = re.compile(r"\[REDACTED:[\w .\-]{1,40}:([0-9a-fA-F]{6,64})\]")
"""Placeholder of the upstream release. Its digest can be tested against guesses, so it becomes a number of ours."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ORDER = {kind: place for place, kind in enumerate(Kind)}


class Piece(NamedTuple):
    """A stretch of the original text: hidden from recognizers, or shown as it is."""

    start: int
    end: int
    hidden: bool


@dataclass(frozen=True)
class View:
    """A text in which every placeholder and every span already found is one filler character.

    A placeholder and the value it stands for look the same here. That is why scrubbing twice changes nothing: the
    view of the scrubbed text is the view in which the last round found nothing.
    """

    text: str
    pieces: tuple[Piece, ...]
    offsets: tuple[int, ...]
    """Where each piece begins in the view."""

    @classmethod
    def of(cls, original: str, hidden: Iterable[tuple[int, int]]) -> View:
        pieces = list(_pieces(len(original), sorted(hidden)))
        offsets, length = [], 0
        for piece in pieces:
            offsets.append(length)
            length += 1 if piece.hidden else piece.end - piece.start
        text = "".join(FILLER if piece.hidden else original[piece.start : piece.end] for piece in pieces)
        return cls(text, tuple(pieces), tuple(offsets))

    def to_original(self, hit: Hit) -> Iterator[Hit]:
        """A hit in the view as hits in the original, without the hidden stretches."""
        if not any(piece.hidden for piece in self.pieces):
            yield hit
            return
        place = max(bisect_left(self.offsets, hit.start + 1) - 1, 0)
        while place < len(self.pieces) and self.offsets[place] < hit.end:
            piece, shift = self.pieces[place], self.pieces[place].start - self.offsets[place]
            if not piece.hidden:
                yield hit._replace(start=max(hit.start + shift, piece.start), end=min(hit.end + shift, piece.end))
            place += 1


def _pieces(length: int, hidden: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    place = 0
    for start, end in hidden:
        if place < start:
            yield Piece(place, start, hidden=False)
        yield Piece(start, end, hidden=True)
        place = end
    if place < length:
        yield Piece(place, length, hidden=False)


def find_placeholders(text: str) -> list[tuple[int, int]]:
    """Our own placeholders, which stay as they are."""
    return [match.span() for match in PLACEHOLDER.finditer(text)] if "_" in text and "[" in text else []


def find_upstream_placeholders(text: str) -> list[Hit]:
    if "[REDACTED:" not in text:
        return []
    return [Hit(*match.span(), Kind.REDACTED, 1.0, "upstream-placeholder", False) for match in UPSTREAM.finditer(text)]


def merge(text: str, hits: Iterable[Hit]) -> list[Hit]:
    """Hits without overlaps, by start. Takes little more time than sorting them, however they overlap."""
    found = sorted(set(hits))
    if all(one.end <= other.start for one, other in pairwise(found)):
        return [trimmed for hit in found if (trimmed := _trim(text, hit))]
    edges = sorted({edge for hit in found for edge in (hit.start, hit.end)})
    places = {edge: place for place, edge in enumerate(edges)}
    free = _FreePlaces(len(edges))
    placed = []
    for hit in sorted(found, key=_rank):
        for first, last in free.take(places[hit.start], places[hit.end]):
            trimmed = _trim(text, hit._replace(start=edges[first], end=edges[last]))
            if trimmed is not None:
                placed.append(trimmed)
    return sorted(placed)


def without_covered(found: Iterable[Hit], taken: Sequence[Hit]) -> list[Hit]:
    """Those hits that do not lie within one of `taken`, which are in order and without overlaps."""
    starts = [hit.start for hit in taken]
    free = []
    for hit in found:
        place = bisect_right(starts, hit.start) - 1
        if place < 0 or taken[place].end < hit.end:
            free.append(hit)
    return free


def _rank(hit: Hit) -> tuple[float, int, int, int, str]:
    return (-hit.score, hit.start - hit.end, hit.start, _ORDER[hit.kind], hit.rule)


class _FreePlaces:
    """Places in a row, each of which is taken once. A taken place points towards the next free one behind it."""

    def __init__(self, count: int) -> None:
        self._next = list(range(count + 1))

    def take(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Take what is free from `start` up to `end`; gives the first and the end of each run."""
        place = self._find(start)
        while place < end:
            first = place
            while place < end and self._next[place] == place:
                self._next[place] = place + 1
                place += 1
            yield first, place
            place = self._find(place)

    def _find(self, place: int) -> int:
        """The first free place from here on."""
        root = place
        while self._next[root] != root:
            root = self._next[root]
        while self._next[place] != root:
            self._next[place], place = root, self._next[place]
        return root


def _trim(text: str, hit: Hit) -> Hit | None:
    """Without blanks at the ends; None if no letter or digit is left."""
    value = text[hit.start : hit.end]
    if not _LETTER_OR_DIGIT.search(value):
        return None
    start, end = hit.end - len(value.lstrip()), hit.start + len(value.rstrip())
    return hit if (start, end) == hit[:2] else hit._replace(start=start, end=end)
