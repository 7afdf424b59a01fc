"""What an explorer of made-up records must show, straight from the records: ids, orders, and the values of facets."""

from __future__ import annotations

import re
from collections import Counter
from math import prod
from typing import Any

from atlas_build.model.identity import EpisodeKey, case_number, sort_value, write_case_id
from support.explorer import Records

Record = dict[str, Any]


def key_of(record: Record) -> EpisodeKey:
    return EpisodeKey(record["source"], str(record["repository_id"]), record["session_id"], record["misalignment_id"])


def ids_of(records: Records) -> list[str]:
    return [write_case_id(case_number(key_of(record))) for record in records]


def newest_first(records: Records) -> Records:
    """The reading order: equal times and undated sessions by their natural keys, undated ones last."""
    dated, undated = _split(sorted(records, key=lambda record: sort_value(key_of(record))))
    return [*sorted(dated, key=lambda record: record["session_timestamp"], reverse=True), *undated]


def oldest_first(records: Records) -> Records:
    dated, undated = _split(newest_first(records))
    return [*reversed(dated), *undated]


def most_turns_first(records: Records) -> Records:
    """Those without a number last."""
    counted = [record for record in newest_first(records) if turns_of(record) is not None]
    uncounted = [record for record in newest_first(records) if turns_of(record) is None]
    return [*sorted(counted, key=lambda record: -(turns_of(record) or 0)), *uncounted]


def rarest_first(records: Records) -> Records:
    """By how many have the same combination of what belongs together, multiplied."""
    kinds = [_together(record) for record in newest_first(records)]
    shares = [Counter(column) for column in zip(*kinds, strict=True)]
    rarity = [prod(share[one] for share, one in zip(shares, kind, strict=True)) for kind in kinds]
    ranked = sorted(zip(rarity, newest_first(records), strict=True), key=lambda pair: pair[0])
    return [record for _, record in ranked]


def turns_of(record: Record) -> int | None:
    counts = (record["user_turns"], record["agent_turns"])
    return None if None in counts else sum(counts)


def has_word(text: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", text, re.IGNORECASE) is not None


def texts_of(record: Record) -> list[str]:
    """All that is searched."""
    said = [text for one in record["evidence"] for text in (one["quote"], one["context"])]
    reasons = [record[part]["reasoning"] for part in ("symptom", "cause", "outcome", "resolution")]
    return [record["name"], record["description"], *said, *reasons]


def _split(records: Records) -> tuple[Records, Records]:
    dated = [record for record in records if record["session_timestamp"]]
    return dated, [record for record in records if not record["session_timestamp"]]


def _together(record: Record) -> list[str]:
    outcome, resolution = record["outcome"], record["resolution"]
    return [
        str(record["symptom"]["labels"]),
        str(record["cause"]["labels"]),
        str((outcome["damage_severity"], outcome["damage_locus"])),
        str((resolution["status"], resolution["resolver"])),
        str((record["session_type"], record["agent"], record["source"])),
    ]
