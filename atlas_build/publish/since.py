"""What has become of the cases of an older release: `releases/<version>/since.json`, one file a release.

The explorer answers a cited result with it: "214 then, 221 now: 9 added, 2 withdrawn". The release files themselves
would do, but two of them have some megabytes each; this file holds only what differs from the site as it stands.
docs/releases.md describes it. No text.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntFlag

import orjson

from atlas_build.model.facets import LABEL_FACETS, Missing, Value, joined_cause, label_values, scrubbed_values
from atlas_build.model.release import ReleaseCase, ReleaseRecord

FORMAT = "misalignment-atlas since 1"
JOINED = "cause:tier"
FACETS = (*LABEL_FACETS, JOINED, "workflow", "goal", "source", "license", "confidence", "scrubbed")
"""What a release file knows of a case, by the explorer's names, beside the facts of its session; not its texts."""

State = tuple[tuple[str, ...], ...]
"""A case's values, facet by facet, as keys: `=S3`, or `?none` and `?na` for the two ways of having no value."""


class Unknown(IntFlag):
    """What of a revised case may have been otherwise, although no release file says how."""

    TEXT = 1
    FACTS = 2
    """Agent, month or turns of the session: older release files do not hold them."""


def since_file(version: str) -> str:
    """Where it is, below the root of the site."""
    return f"releases/{version}/since.json"


def write_since(then: ReleaseRecord, now: ReleaseRecord, version: str | None) -> bytes:
    """
    Args:
        now: what the site shows.
        version: its release, or None when nobody has released it.
    """
    states: dict[State, int] = {}

    def place(case: ReleaseCase) -> int:
        return states.setdefault(state_of(case), len(states))

    def facts(case: ReleaseCase) -> list[str | int | None] | None:
        return [_key_of(case.facts.agent), _key_of(case.facts.month), case.facts.turns] if case.facts else None

    before, after = then.by_id, now.by_id
    revised = [
        [case_id, place(before[case_id]), int(find_unknown(before[case_id], after[case_id])), facts(before[case_id])]
        for case_id in sorted(before.keys() & after.keys())
        if _differ(before[case_id], after[case_id])
    ]
    withdrawn = [
        [case_id, place(before[case_id]), facts(before[case_id])] for case_id in sorted(before.keys() - after.keys())
    ]
    content = {
        "format": FORMAT,
        "release": then.version,
        "date": then.date.isoformat() if then.date else None,
        "now": version,
        "published": then.numbers.published,
        "facets": FACETS,
        "states": list(states),
        "added": sorted(after.keys() - then.ids),
        "revised": revised,
        "withdrawn": withdrawn,
        "removed": [item.id for item in then.removed],
    }
    return orjson.dumps(content) + b"\n"


def _differ(old: ReleaseCase, new: ReleaseCase) -> bool:
    """What was scrubbed is no part of the digest: the input may arrive with its placeholders."""
    return old.digest != new.digest or state_of(old) != state_of(new)


def find_unknown(old: ReleaseCase, new: ReleaseCase) -> Unknown:
    """Without facts in the file of then, those of a case that changed in nothing else or in its text may have."""
    text = Unknown.TEXT if old.text != new.text else Unknown(0)
    may_differ = old.facts is None and (text or state_of(old) == state_of(new))
    return text | Unknown.FACTS if may_differ else text


def state_of(case: ReleaseCase) -> State:
    return tuple(tuple(values) for values in _values(case))


def _values(case: ReleaseCase) -> Iterator[Iterator[str]]:
    """In the order of `FACETS`."""
    for name in LABEL_FACETS:
        yield map(_key, label_values(name, case.labels))
    yield map(_key, dict.fromkeys(joined_cause(cause) for cause in case.labels.causes))
    for value in (case.workflow, case.goal, case.source, case.license, case.confidence):
        yield iter((_key_of(value),))
    yield map(_key, scrubbed_values(case.redactions))


def _key_of(value: str | None) -> str:
    return _key(value or Missing.NONE)


def _key(value: Value) -> str:
    return f"?{value.value}" if isinstance(value, Missing) else f"={value}"
