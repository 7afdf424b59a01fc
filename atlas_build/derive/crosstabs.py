"""Two facets at once: in how many cases does each pair of values occur?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from atlas_build.model.episode import Episode
from atlas_build.model.facets import BY_NAME
from atlas_build.model.numbers import CrossTab


def cross(cases: Sequence[Episode], rows: str, columns: str) -> CrossTab:
    row_values, column_values = BY_NAME[rows].values, BY_NAME[columns].values
    cells = Counter((row, column) for case in cases for row in row_values(case) for column in column_values(case))
    return CrossTab(rows=rows, columns=columns, total=len(cases), cells=cells)
