"""The facets as columns: one code an episode and column, and a dictionary that says what a code stands for.

Facets that depend on each other share a column (a cause with its tier, severity with locus ...), so that pairs stay
exact and the dependent value costs next to nothing. The dictionary of a column lists combinations; the most frequent
one has code 0 and so on, which keeps the codes short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from atlas_build.model.codebook import LABEL_AXES, Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.facets import BY_NAME, FACETS, Facet, Missing, Value, joined_causes
from atlas_build.search.encoding import NumberWriter, write_numbers

JOINED = "cause:tier"
"""The hidden facet of causes with their tiers; its values are those of `cause=C6:direct`."""

COLUMNS: tuple[tuple[str, ...], ...] = (
    ("form",),
    ("cause", "tier", JOINED),
    ("severity", "locus"),
    ("status", "resolver"),
    ("workflow", "agent", "source"),
    ("goal", "confidence"),
    ("license",),
    ("scrubbed",),
    ("month",),
    ("validation", "invalid"),
)

_JOINED_FACET = Facet(JOINED, "Cause with evidence tier", joined_causes, multiple=True)
_ALL: dict[str, Facet] = {**BY_NAME, JOINED: _JOINED_FACET}

Combination = tuple[tuple[Value, ...], ...]
"""What one episode answers to each facet of a column."""


def build_facets(episodes: Sequence[Episode], codebook: Codebook) -> dict[str, Any]:
    """The parts `facets` and `columns` of `index.json`.

    Every value of a closed vocabulary is listed, with or without episodes; open values and missing ones as they occur.
    """
    combinations = {column: [_combine(column, episode) for episode in episodes] for column in COLUMNS}
    values = {
        name: _list_values(_ALL[name], (row[place] for row in combinations[column]))
        for column in COLUMNS
        for place, name in enumerate(column)
    }
    names = [*(facet.name for facet in FACETS), JOINED]
    return {
        "facets": [_describe(_ALL[name], values[name], codebook) for name in names],
        "columns": [_write_column(column, combinations[column], values) for column in COLUMNS],
    }


def _combine(column: tuple[str, ...], episode: Episode) -> Combination:
    return tuple(_ALL[name].values(episode) for name in column)


def _list_values(facet: Facet, found: Iterable[tuple[Value, ...]]) -> list[Value]:
    seen = Counter(value for values in found for value in values)
    named = sorted(facet.names, key=lambda value: -seen[value])  # the most frequent first, equal ones in their order
    known = [*map(str, facet.vocabulary), *named]
    further = sorted({str(value) for value in seen if isinstance(value, str)} - set(known))
    return [*known, *further, *(missing for missing in Missing if missing in seen)]


def _describe(facet: Facet, values: list[Value], codebook: Codebook) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": facet.name,
        "title": facet.title,
        "multiple": facet.multiple,
        "values": [{"missing": value.value} if isinstance(value, Missing) else value for value in values],
    }
    if axis := codebook.axes.get(facet.name):
        described["names"] = {label.code: label.name for label in axis.label}
        described["pages"] = facet.name in LABEL_AXES
    elif facet.names:
        described["names"] = dict(facet.names)
    return described


def _write_column(
    column: tuple[str, ...], rows: Sequence[Combination], values: dict[str, list[Value]]
) -> dict[str, Any]:
    ids = [{value: number for number, value in enumerate(values[name])} for name in column]
    frequency = Counter(rows)
    by_entry = {row: _number(row, ids) for row in frequency}
    ordered = sorted(frequency, key=lambda row: (-frequency[row], by_entry[row]))
    codes = {row: code for code, row in enumerate(ordered)}
    return {
        "facets": list(column),
        "entries": [by_entry[row] for row in ordered],
        "codes": NumberWriter(len(codes)).write([codes[row] for row in rows]),
    }


def _number(row: Combination, ids: list[dict[Value, int]]) -> list[list[int]]:
    return [[known[value] for value in values] for values, known in zip(row, ids, strict=True)]


def total_turns(episode: Episode) -> int | None:
    """Turns of developer and agent together; None unless both are recorded."""
    session = episode.facts.session
    if session.user_turns is None or session.agent_turns is None:
        return None
    return session.user_turns + session.agent_turns


def build_turns(episodes: Sequence[Episode]) -> str:
    """All turn counts, one more than they are, so that 0 says "not recorded"."""
    turns: list[int | None] = [total_turns(episode) for episode in episodes]
    return write_numbers(0 if count is None else count + 1 for count in turns)
