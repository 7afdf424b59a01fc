"""The last thing that a release did to a published case: what feeds tell, and the date that pages carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from atlas_build.model.release import CaseHistory, Chronicle

NEWS = {"published": "New", "revised": "Revised", "returned": "Back"}
"""Events that change what a published case shows, and how a feed calls them."""


@dataclass(frozen=True, slots=True)
class Change:
    """`first`: the day of the release that published the case first."""

    words: str
    day: date
    first: date


def last_change(history: CaseHistory | None) -> Change | None:
    """None for what was never released. What has not been released yet is no change."""
    events = history.events if history else ()
    told = [(event, event.date) for event in events if event.release and event.date and event.kind in NEWS]
    if not told:
        return None
    last, day = told[-1]
    return Change(f"{NEWS[last.kind]} in release {last.release}", day, told[0][1])


def last_changes(chronicle: Chronicle) -> dict[str, Change]:
    """Case id -> its last change, of every case that was ever released."""
    found = {case_id: last_change(history) for case_id, history in chronicle.histories.items()}
    return {case_id: change for case_id, change in found.items() if change is not None}
