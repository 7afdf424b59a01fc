"""What an explorer of made-up records must show, straight from the records: ids, orders, and the values of facets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import prod
from random import Random
from typing import Any
from urllib.parse import urlencode

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


def values_of(record: Record) -> dict[str, list[str]]:
    """Facet to values as the legend holds them, "?none" and "?na" for the missing ones; a cause also with its tier."""
    outcome, resolution, causes = record["outcome"], record["resolution"], record["cause"]["labels"]
    tiers = [one["evidence_tier"] or ("?na" if one["label"] == "C7" else "?none") for one in causes]
    has_locus = outcome["damage_severity"] in ("DS2", "DS3")
    return {
        "form": record["symptom"]["labels"],
        "cause": [one["label"] for one in causes]
        + [f"{one['label']}:{tier.lstrip('?')}" for one, tier in zip(causes, tiers, strict=True)],
        "tier": tiers,
        "severity": [outcome["damage_severity"]],
        "locus": [outcome["damage_locus"] or ("?none" if has_locus else "?na")],
        "status": [resolution["status"]],
        "resolver": [resolution["resolver"] or ("?none" if resolution["status"] == "RS1" else "?na")],
        "workflow": [record["session_type"]],
        "agent": [record["agent"]],
        "goal": [record["alignment_goal"]],
        "source": [record["source"]],
        "license": [record["license_type"]],
        "confidence": [record["confidence"]],
        "month": [record["session_timestamp"][:7] if record["session_timestamp"] else "?none"],
    }


class Question:
    """A random address, and what it must list and count."""

    def __init__(self, draw: Random, records: Records) -> None:
        self.values = [values_of(record) for record in records]
        self.chosen: dict[str, tuple[list[str], list[str]]] = {}
        for name in draw.sample(["form", "cause", "severity", "workflow", "agent", "license", "goal", "status"], 3):
            include = draw.choices([one[name][-1] for one in self.values], k=draw.randint(1, 2))
            exclude = draw.choices([one[name][0] for one in self.values], k=draw.choice((0, 0, 1)))
            self.chosen[name] = ([*dict.fromkeys(include)], [one for one in exclude if one not in include])
        self.match_all = draw.random() < 0.3 and "form" in self.chosen
        self.start, self.end = sorted(draw.choices([f"2025-{month:02}" for month in range(1, 13)], k=2))
        self.least = draw.choice((None, 10))
        self.word = draw.choice(("", "agent", "file"))
        self.rest = [self._is_in_rest(record) for record in records]

    @property
    def address(self) -> str:
        pairs = [
            (name, ",".join([one.lstrip("?") for one in include] + [f"-{one.lstrip('?')}" for one in exclude]))
            for name, (include, exclude) in self.chosen.items()
        ]
        pairs += [("form.match", "all")] * self.match_all + [("from", self.start), ("to", self.end)]
        pairs += [("turns", f"{self.least}..")] * (self.least is not None) + [("q", f"{self.word} ")] * bool(self.word)
        return urlencode(pairs, safe=",")

    def count(self, facet: str = "", value: str = "") -> int:
        """How many are listed, or would be with a value chosen alone in its facet (added, where all are wanted).

        A month stands for the range of itself.
        """
        if facet == "month":
            return sum(self._counts(value))
        return sum(self._counts(None, facet, value))

    def _counts(self, month: str | None, facet: str = "", value: str = "") -> Iterator[bool]:
        chosen = dict(self.chosen)
        if facet:
            include, exclude = chosen.get(facet, ([], []))
            is_added = facet == "form" and self.match_all
            chosen[facet] = ([*include, value] if is_added else [value], [one for one in exclude if one != value])
        for in_rest, own in zip(self.rest, self.values, strict=True):
            when = own["month"][0]
            in_months = self.start <= when <= self.end if month is None else when == month
            passes = all(self._passes(own[name], name, *choice) for name, choice in chosen.items())
            yield in_rest and in_months and passes

    def _passes(self, own: list[str], name: str, include: list[str], exclude: list[str]) -> bool:
        some = all if name == "form" and self.match_all else any
        return (not include or some(one in own for one in include)) and not any(one in own for one in exclude)

    def _is_in_rest(self, record: Record) -> bool:
        turns = turns_of(record)
        has_words = not self.word or any(has_word(text, self.word) for text in texts_of(record))
        has_turns = self.least is None or (turns is not None and turns >= self.least)
        return has_words and has_turns
