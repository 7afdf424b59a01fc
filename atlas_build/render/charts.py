"""Geometry of the charts. Numbers only: the templates draw them as SVG attributes, which need no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atlas_build.model.numbers import Month
from atlas_build.render.codes import month_name

STEP = 8.0
GAP = 2.0
HEIGHT = 60.0


@dataclass(frozen=True, slots=True)
class Column:
    """One month: `all` cases in grey behind `now` cases in ink; places are in the chart's own units."""

    name: str
    all: int
    now: int
    x: float
    all_y: float
    all_height: float
    now_y: float
    now_height: float


@dataclass(frozen=True, slots=True)
class Columns:
    columns: tuple[Column, ...]
    width: float
    height: float
    step: float
    largest: int


def draw_months(everywhere: Sequence[Month], here: Sequence[Month]) -> Columns | None:
    """Columns for every month of the corpus, both series to the scale of the largest month; None without dates."""
    if not everywhere:
        return None
    count = {month.name: month.total for month in here}
    largest = max(month.total for month in everywhere)
    columns = tuple(_column(place, month, count.get(month.name, 0), largest) for place, month in enumerate(everywhere))
    return Columns(
        columns, width=len(columns) * STEP - GAP, height=HEIGHT, step=STEP - GAP, largest=max(count.values(), default=0)
    )


def _column(place: int, month: Month, now: int, largest: int) -> Column:
    tall, small = (round(HEIGHT * value / largest, 2) for value in (month.total, now))
    return Column(month_name(month.name), month.total, now, place * STEP, HEIGHT - tall, tall, HEIGHT - small, small)
