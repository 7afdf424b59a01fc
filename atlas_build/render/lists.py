"""Long lists of cases, cut into pages.

A case stands in the list of all cases and in those of its eight or nine labels. Its row is rendered once and joined
into every list. On pages of another depth only the way up to the site's root differs, with which its one link begins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from atlas_build.model.episode import Episode
from atlas_build.render.cards import COLUMNS, make_row
from atlas_build.render.codes import Cells
from atlas_build.render.page import root_of
from atlas_build.render.templates import macro_of

SHORTEST = 200
MOST_PAGES = 350
"""List pages of one site; beyond that pages get longer, since hosts limit the number of files."""

COLUMN_NAMES = tuple(name for name, _ in COLUMNS)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. `first` is the place of its first case, from 1; `rows` are finished."""

    number: int
    pages: int
    first: int
    total: int
    rows: Sequence[Markup]
    columns: tuple[str, ...] = COLUMN_NAMES

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


class RowLists:
    """Cuts any list of cases into pages of one common length."""

    def __init__(
        self, cases: Sequence[Episode], cells: Cells, environment: Environment, *, lengths: Sequence[int]
    ) -> None:
        """`lengths`: how many cases each list of the site will hold."""
        self._cases = cases
        self._cells = cells
        self._macro = macro_of(environment, "rows", "row")
        self._rendered: list[Markup] = []
        self._root = ""
        self.length = page_length(lengths)

    def pages(self, places: Sequence[int], address: Callable[[int], str]) -> Iterator[ListPage]:
        """The pages of one list; `address` tells where page 1, 2 ... of it stands."""
        count = self.count_pages(len(places))
        for number in range(1, count + 1):
            root = root_of(address(number))
            part = places[(number - 1) * self.length : number * self.length]
            rows = [self._row(place, root) for place in part]
            yield ListPage(number, count, (number - 1) * self.length + 1, len(places), rows)

    def count_pages(self, cases: int) -> int:
        """How many pages a list of so many cases has; an empty one has one."""
        return max(1, pages_of(cases, self.length))

    def _row(self, place: int, root: str) -> Markup:
        if not self._rendered:
            self._root = root
            self._rendered = [self._macro(make_row(case, self._cells), root) for case in self._cases]
        row = self._rendered[place]
        return row if root == self._root else row.replace(self._root, root, 1)


def pages_of(cases: int, length: int) -> int:
    return -(-cases // length)


def page_length(lengths: Collection[int]) -> int:
    """The smallest multiple of 200 with which all lists together need no more than `MOST_PAGES` pages."""
    length = SHORTEST
    while sum(pages_of(cases, length) for cases in lengths) > MOST_PAGES:
        length += SHORTEST
    return length
