"""The shape of a table, whatever file it ends up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from atlas_build.model.episode import Episode

Scalar = str | int | bool | None


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, its type in the words of Table Schema, and what it says."""

    name: str
    type: str
    about: str


@dataclass(frozen=True)
class Table:
    """
    Attributes:
        rows: the rows that one case has in the table.
        key: columns that name a row; empty where rows may repeat.
        refers: the column that holds a case id of the table `cases`, or "".
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Episode], Iterable[tuple[Scalar, ...]]]
    key: tuple[str, ...] = ()
    refers: str = ""
