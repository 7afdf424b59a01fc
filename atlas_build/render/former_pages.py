"""List pages that an earlier release had and this site does not need any more.

A list that has become shorter ends earlier. The addresses of its last pages were given out all the same, so each keeps
a page that says where the list ends now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from atlas_build.model.facets import LABEL_FACETS, Missing, label_values
from atlas_build.model.release import ReleaseCase, ReleaseRecord
from atlas_build.render.lists import page_length, pages_of

ListName = tuple[str, str]
"""Axis and code of a label's list."""
ALL_CASES: ListName = ("", "")


def count_former_pages(releases: Iterable[ReleaseRecord]) -> Counter[ListName]:
    """The most pages that each list ever had in a release.

    Where cases were taken down since, a release file no longer says in which lists they stood. Each then counts in all
    lists, so that there is rather a page too many than a dead address.
    """
    most = Counter[ListName]()
    for record in releases:
        cases = Counter(name for case in record.cases for name in _lists_of(case))
        length = page_length(cases.values())
        removed = len(record.removed)
        most |= Counter({name: pages_of(count + removed, length) for name, count in cases.items()})
    return most


def _lists_of(case: ReleaseCase) -> set[ListName]:
    values = [(axis, value) for axis in LABEL_FACETS for value in label_values(axis, case.labels)]
    return {
        ALL_CASES,
        *((axis, value) for axis, value in values if not isinstance(value, Missing)),
        *((axis, value.value) for axis, value in (("goal", case.goal), ("workflow", case.workflow)) if value),
    }
