"""Two states of a corpus against each other: what came, changed, went and came back, label by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from atlas_build.model.codebook import VOCABULARIES
from atlas_build.model.ledger import CaseStatus, Tombstone
from atlas_build.model.release import (
    CaseEvent,
    CaseHistory,
    Chronicle,
    Comparison,
    FieldChange,
    Flip,
    NumberChange,
    ReleaseCase,
    ReleaseRecord,
    Revision,
)

PRINTED = ("form", "cause", "severity", "locus", "status", "resolver", "goal", "confidence", "workflow", "license")
"""Fields whose values are printed, in their order; `redactions` follows."""
FLIP_AXES = ("form", "cause", "severity", "locus", "status", "resolver", "goal", "confidence", "workflow")
SHORT = 12
"""Characters of a digest in a page."""


def values_of(case: ReleaseCase) -> dict[str, tuple[str, ...]]:
    """Every label of a case by axis; a cause with its tier is one value: `C6 contextual`."""
    labels = case.labels
    causes = (f"{cause.label.value} {cause.tier.value}" if cause.tier else cause.label.value for cause in labels.causes)
    single = {
        "severity": labels.severity,
        "locus": labels.locus,
        "status": labels.status,
        "resolver": labels.resolver,
        "goal": case.goal,
        "confidence": case.confidence,
        "workflow": case.workflow,
    }
    return {
        "form": tuple(dict.fromkeys(form.value for form in labels.forms)),
        "cause": tuple(dict.fromkeys(causes)),
        **{name: (value.value,) if value else () for name, value in single.items()},
    }


def state_of(case: ReleaseCase) -> dict[str, str]:
    """A case's fields as they are printed and compared; `text` and `all` are short digests and say only "changed"."""
    return {
        **{name: ", ".join(values) for name, values in values_of(case).items()},
        "license": case.license,
        "redactions": str(sum(case.redactions.values())),
        "text": case.text[-SHORT:],
        "all": case.digest[-SHORT:],
    }


def compare_cases(old: ReleaseCase, new: ReleaseCase) -> tuple[FieldChange, ...]:
    """What differs, field by field; empty when the content digests agree."""
    if old.digest == new.digest and old.redactions == new.redactions:
        return ()
    before, after = state_of(old), state_of(new)
    changes = [_name_change(name, before[name], after[name]) for name in PRINTED if before[name] != after[name]]
    changes += [
        FieldChange(f"redactions {kind.value}", str(old.redactions.get(kind, 0)), str(new.redactions.get(kind, 0)))
        for kind in sorted(old.redactions.keys() | new.redactions.keys())
        if old.redactions.get(kind, 0) != new.redactions.get(kind, 0)
    ]
    if old.text != new.text:
        changes.append(FieldChange("text changed"))
    return tuple(changes) or (FieldChange("session facts changed"),)


def _name_change(name: str, old: str, new: str) -> FieldChange:
    """A cause of which only the tier changed is named with its code."""
    (old_code, _, old_tier), (new_code, _, new_tier) = old.partition(" "), new.partition(" ")
    if name == "cause" and old_code == new_code and "," not in old + new:
        return FieldChange(f"cause {old_code} tier", old_tier, new_tier)
    return FieldChange(name, old, new)


Counts = Counter[tuple[str, str]]
"""(what is counted, its name) -> how many."""


def compare_releases(
    old: ReleaseRecord | None,
    new: ReleaseRecord,
    earlier: Iterable[str] = (),
    counts: tuple[Counts, Counts] | None = None,
) -> Comparison:
    """
    Args:
        old: the state before; None for the first release.
        earlier: ids that were published before `old`: what `new` has of them has come back.
        counts: the numbers of both, if they are known already.
    """
    before = old.by_id if old else {}
    removed = {item.id for item in old.removed} if old else set()
    was_known = frozenset(earlier) | {item.id for item in old.gone} if old else frozenset(earlier)
    fresh = sorted(new.ids - (old.ids if old else frozenset()))
    revisions = tuple(
        Revision(case_id, changes)
        for case_id in sorted(before.keys() & new.by_id.keys())
        if (changes := compare_cases(before[case_id], new.by_id[case_id]))
    )
    gone = _gone(old, new)
    return Comparison(
        old=old.version if old else "",
        new=new.version,
        date=new.date,
        added=tuple(case_id for case_id in fresh if case_id not in was_known),
        revised=revisions,
        returned=tuple(case_id for case_id in fresh if case_id in was_known),
        renumbered=tuple(
            case_id
            for case_id in sorted(before.keys() & new.by_id.keys())
            if before[case_id].key != new.by_id[case_id].key
        ),
        withdrawn=tuple(item for item in gone if item.status is CaseStatus.WITHDRAWN and item.id not in removed),
        suppressed=tuple(item for item in gone if item.status is CaseStatus.SUPPRESSED or item.id in removed),
        flips=_count_flips(before, new.by_id),
        numbers=_compare_numbers(*(counts or (_count_all(old), _count_all(new)))),
        is_scrubbed_otherwise=old is not None and old.scrub_rules != new.scrub_rules,
    )


def _gone(old: ReleaseRecord | None, new: ReleaseRecord) -> list[Tombstone]:
    """Tombstones of what `old` published and `new` does not."""
    if old is None:
        return []
    known = {item.id: item for item in (*old.removed, *new.gone)}
    lost = sorted(old.ids - new.ids)
    return [known.get(case_id) or Tombstone(id=case_id, status=CaseStatus.WITHDRAWN) for case_id in lost]


def _count_flips(old: Mapping[str, ReleaseCase], new: Mapping[str, ReleaseCase]) -> tuple[Flip, ...]:
    flips: Counter[tuple[str, str, str]] = Counter()
    for case_id in old.keys() & new.keys():
        if old[case_id].digest == new[case_id].digest:
            continue
        before, after = values_of(old[case_id]), values_of(new[case_id])
        for axis in FLIP_AXES:
            for pair in _pair_up(before[axis], after[axis]):
                flips[axis, *pair] += 1
    order = {axis: place for place, axis in enumerate(FLIP_AXES)}
    ranked = sorted(flips.items(), key=lambda item: (order[item[0][0]], -item[1], item[0]))
    return tuple(Flip(*flip, count) for flip, count in ranked)


def _pair_up(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(lost, gained) labels: those of one code first, then the last of each side; "" where there is no partner."""
    lost, gained = [value for value in old if value not in new], [value for value in new if value not in old]
    for value in list(lost):
        partner = next((other for other in gained if other.split(" ")[0] == value.split(" ")[0]), None)
        if partner is not None:
            lost.remove(value)
            gained.remove(partner)
            yield value, partner
    if len(lost) == len(gained) == 1:
        yield lost[0], gained[0]
        return
    yield from ((value, "") for value in lost)
    yield from (("", value) for value in gained)


def _compare_numbers(before: Counts, after: Counts) -> tuple[NumberChange, ...]:
    names = sorted(before.keys() | after.keys(), key=_number_order)
    return tuple(NumberChange(*name, before[name], after[name]) for name in names)


_GROUPS = ("funnel", "excluded", *FLIP_AXES, "license", "redactions")
_FUNNEL = ("read", "well_formed", "valid", "admitted", "suppressed", "published")


def _number_order(name: tuple[str, str]) -> tuple[int, int, str]:
    group, value = name
    order = _FUNNEL if group == "funnel" else VOCABULARIES.get(group, ())
    return _GROUPS.index(group), order.index(value) if value in order else len(order), value


def _count_all(record: ReleaseRecord | None) -> Counts:
    """Every number of a release. Labels are counted over the cases that still stand in its file."""
    if record is None:
        return Counter()
    funnel = record.numbers.model_dump(exclude={"excluded"}, exclude_none=True)
    counts: Counts = Counter({("funnel", name): value for name, value in funnel.items()})
    counts.update({("excluded", reason): count for reason, count in record.numbers.excluded.items()})
    counts.update(name for case in record.cases for name in _names_of(case))
    for case in record.cases:
        counts.update({("redactions", kind.value): count for kind, count in case.redactions.items()})
    return counts


def _names_of(case: ReleaseCase) -> Iterator[tuple[str, str]]:
    """What a case is counted under, each once."""
    labels = case.labels
    yield from (("form", form.value) for form in dict.fromkeys(labels.forms))
    yield from (("cause", cause.value) for cause in dict.fromkeys(cause.label for cause in labels.causes))
    for name, value in (
        ("severity", labels.severity), ("locus", labels.locus), ("status", labels.status),
        ("resolver", labels.resolver), ("goal", case.goal), ("confidence", case.confidence),
        ("workflow", case.workflow),
    ):  # fmt: skip
        if value is not None:
            yield name, value.value
    yield "license", case.license


def make_chronicle(releases: Sequence[ReleaseRecord], now: ReleaseRecord | None = None) -> Chronicle:
    """All releases with what each changed.

    Args:
        now: what the site shows, when that is not yet the last of the releases.
    """
    comparisons: list[Comparison] = []
    known: set[str] = set()
    before: ReleaseRecord | None = None
    counts = _count_all(None)
    for record in releases:
        new_counts = _count_all(record)
        comparisons.append(compare_releases(before, record, known, (counts, new_counts)))
        known |= record.ids
        before, counts = record, new_counts
    pending = None
    if now is not None and before is not None:
        pending = compare_releases(before, now, known, (counts, _count_all(now)))
    is_last = pending is None or (pending.is_empty and not pending.renumbered)
    records = (*releases,) if is_last or now is None else (*releases, now)
    return Chronicle(
        releases=tuple(releases),
        comparisons=tuple(comparisons),
        histories=_histories(records, (*comparisons, *((pending,) if pending and not is_last else ()))),
        version=before.version if before and is_last else None,
        date=before.date if before and is_last else None,
        pending=None if is_last else pending,
    )


def _histories(releases: Sequence[ReleaseRecord], comparisons: Sequence[Comparison]) -> dict[str, CaseHistory]:
    """The life of every id. Of what was taken down at any time there is none."""
    taken_down = {item.id for record in releases for item in record.removed}
    taken_down |= {item.id for comparison in comparisons for item in comparison.suppressed}
    lives: dict[str, CaseHistory] = {}
    for record, comparison in zip(releases, comparisons, strict=True):
        revised = {revision.id: revision.changes for revision in comparison.revised}
        kinds = dict.fromkeys(comparison.added, "published") | dict.fromkeys(comparison.returned, "returned")
        kinds |= dict.fromkeys(revised, "revised") | {item.id: "withdrawn" for item in comparison.withdrawn}
        for case_id, kind in kinds.items():
            if case_id not in taken_down:
                event = CaseEvent(record.version, record.date, kind, _changes(lives, record, case_id, kind, revised))
                life = lives.get(case_id, CaseHistory((), ()))
                case = record.by_id.get(case_id)
                state = (record.version, state_of(case) if case else None)
                lives[case_id] = replace(life, events=(*life.events, event), states=(*life.states, state))
    return lives


def _changes(
    lives: Mapping[str, CaseHistory],
    record: ReleaseRecord,
    case_id: str,
    kind: str,
    revised: Mapping[str, tuple[FieldChange, ...]],
) -> tuple[FieldChange, ...]:
    """Of a case that came back: what differs from what was there before."""
    if kind == "returned" and case_id in lives and case_id in record.by_id:
        before = next((state for _, state in reversed(lives[case_id].states) if state is not None), {})
        after = state_of(record.by_id[case_id])
        return tuple(
            _name_change(name, before.get(name, ""), after[name])
            for name in (*PRINTED, "redactions")
            if before.get(name, "") != after[name]
        ) + ((FieldChange("text changed"),) if before.get("text") != after["text"] else ())
    return revised.get(case_id, ())


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison for scripts."""
    return {
        "old": comparison.old,
        "new": comparison.new,
        "date": comparison.date.isoformat() if comparison.date else None,
        "added": list(comparison.added),
        "revised": [
            {"id": item.id, "changes": [{"field": c.field, "old": c.old, "new": c.new} for c in item.changes]}
            for item in comparison.revised
        ],
        "returned": list(comparison.returned),
        "renumbered": list(comparison.renumbered),
        "withdrawn": [item.model_dump(mode="json", exclude_none=True) for item in comparison.withdrawn],
        "suppressed": [item.model_dump(mode="json", exclude_none=True) for item in comparison.suppressed],
        "flips": [{"axis": f.axis, "old": f.old, "new": f.new, "count": f.count} for f in comparison.flips],
        "numbers": [{"group": n.group, "name": n.name, "old": n.old, "new": n.new} for n in comparison.numbers],
        "scrubbed_otherwise": comparison.is_scrubbed_otherwise,
    }
