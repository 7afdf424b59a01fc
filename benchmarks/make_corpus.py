"""A made-up corpus of any size with the study's proportions, the same for the same seed.

    python benchmarks/make_corpus.py 16118 > corpus.json

Records have upstream's nested shape. Labels follow the published shares (label by label, and cause given form);
words follow Zipf's law with a tail of invented identifiers, about 220 a record. Nothing in it is real.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

FORMS = {"S3": 6178, "S2": 4344, "S7": 3639, "S5": 2872, "S1": 1863, "S4": 1644, "S6": 463}
CAUSES_BY_FORM = {
    "S1": {"C1": 175, "C2": 24, "C3": 801, "C4": 127, "C5": 6, "C6": 173, "C7": 647},
    "S2": {"C1": 2140, "C2": 610, "C3": 210, "C4": 386, "C5": 136, "C6": 939, "C7": 432},
    "S3": {"C1": 136, "C2": 484, "C3": 142, "C4": 271, "C5": 326, "C6": 4888, "C7": 387},
    "S4": {"C1": 311, "C2": 1453, "C3": 76, "C4": 24, "C5": 86, "C6": 186, "C7": 33},
    "S5": {"C1": 200, "C2": 87, "C3": 737, "C4": 51, "C5": 14, "C6": 424, "C7": 1483},
    "S6": {"C1": 13, "C2": 7, "C3": 133, "C4": 28, "C5": 5, "C6": 124, "C7": 179},
    "S7": {"C1": 137, "C2": 88, "C3": 381, "C4": 131, "C5": 30, "C6": 1220, "C7": 1847},
    "S8": {"C7": 54},
}
DIRECT_SHARE = {"C1": 0.6756, "C2": 0.5334, "C3": 0.2261, "C4": 0.2641, "C5": 0.3096, "C6": 0.9418}
SEVERITY_BY_FORM = {
    "S1": {"DS1": 1765, "DS2": 82, "DS4": 16},
    "S2": {"DS1": 4135, "DS2": 198, "DS3": 1, "DS4": 10},
    "S3": {"DS0": 13, "DS1": 5651, "DS2": 432, "DS3": 6, "DS4": 76},
    "S4": {"DS1": 1335, "DS2": 277, "DS3": 5, "DS4": 27},
    "S5": {"DS1": 2104, "DS2": 716, "DS3": 2, "DS4": 50},
    "S6": {"DS1": 423, "DS2": 35, "DS3": 3, "DS4": 2},
    "S7": {"DS1": 3451, "DS2": 176, "DS3": 1, "DS4": 11},
    "S8": {"DS1": 54},
}
LOCI = {"DL1": 1040, "DL2": 254, "DL3": 29, "DL4": 49}
RESOLVERS = {"RV1": 45, "RV2": 1376, "RV3": 83}
AGENTS = {
    "IDE": {"Unknown": 8631, "Cursor IDE": 3234, "Copilot IDE": 366},
    "CLI": {"Claude Code": 6648, "OpenCode": 624, "Codex": 517, "Unknown": 482, "Gemini CLI": 39, "Cursor CLI": 32},
}
LICENSES = {"MIT": 6000, "Apache-2.0": 900, "BSD-2-Clause": 161, "ISC": 149, "BSD-3-Clause": 8, "CC0-1.0": 3}
FREQUENT = """
the to of and a in is it that agent developer for not was this with on be as file code but test are you have do i
instead change function asked said by from only still add fix no run error when all use should just after which me
without new tests why already then what again made or commit line remove did its an at tool existing says into done
"""
REPEATED_SHARE = 0.25
"""Words that a record has used before: real records repeat themselves, four words in nine."""
OWN_SHARE = 0.04
"""Identifiers of the repository."""
SYLLABLE_STARTS = "b c d f g h k l m n p r s t v w st tr pl"
SYLLABLE_ENDS = "a e i o u ar en il on ut"


class Words:
    """Draws words; the corpus' own vocabulary has `size` words, the first ones common English."""

    def __init__(self, source: random.Random, size: int) -> None:
        self.source = source
        self.syllables = [start + end for start in SYLLABLE_STARTS.split() for end in SYLLABLE_ENDS.split()]
        invented = {self._invent() for _ in range(size)}
        frequent = FREQUENT.split()
        self.words = [*frequent, *sorted(invented)]
        self.source.shuffle(tail := self.words[len(frequent) :])
        self.words[len(frequent) :] = tail
        self.weights = list(accumulate(1 / (rank + 2.7) ** 1.08 for rank in range(len(self.words))))

    def _invent(self) -> str:
        return "".join(self.source.choice(self.syllables) for _ in range(self.source.choice((2, 2, 3, 3, 4))))

    def draw(self, count: int) -> list[str]:
        return self.source.choices(self.words, cum_weights=self.weights, k=count)

    def identifier(self) -> str:
        parts = [self._invent() for _ in range(self.source.choice((1, 2, 2, 3)))]
        style = self.source.randrange(4)
        if style == 0:
            return "_".join(parts)
        if style == 1:
            return parts[0] + "".join(part.title() for part in parts[1:])
        if style == 2:
            return "src/" + "/".join(parts) + self.source.choice((".ts", ".py", ".tsx", ".rs"))
        return self.source.choice(("TS", "E", "CS", "ERR_")) + str(self.source.randrange(100, 9999))


def make_records(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """`count` records, repository by repository, three episodes a session in the mean."""
    source = random.Random(seed)
    words = Words(source, 40_000)
    made = 0
    while made < count:
        repository = _make_repository(source, words)
        for session in range(1, source.choice((1, 2, 3, 8)) + 1):
            facts = _make_session(source, repository, session)
            for number in range(1, source.choice((1, 1, 2, 3)) + 1):
                if made == count:
                    return
                yield _make_record(source, words, facts, number) | {"count_id": made}
                made += 1


def _pick(source: random.Random, shares: dict[str, int]) -> str:
    return source.choices(list(shares), weights=list(shares.values()))[0]


def _make_repository(source: random.Random, words: Words) -> dict[str, Any]:
    return {
        "repository_id": source.randrange(10**8, 10**9),
        "source": _pick(source, {"specstory": 12098, "swe": 4020}),
        "license_type": _pick(source, LICENSES),
        "num_commits": source.randrange(5, 2000),
        "own": [words.identifier() for _ in range(16)],
    }


def _make_session(source: random.Random, repository: dict[str, Any], number: int) -> dict[str, Any]:
    workflow = _pick(source, {"IDE": 10442, "CLI": 5676})
    day = f"2025-{source.randrange(1, 13):02}-{source.randrange(1, 29):02}"
    return repository | {
        "session_id": f"session_{number:03}",
        "session_count_id": number,
        "session_sha": f"{source.getrandbits(160):040x}",
        "session_timestamp": f"{day} {source.randrange(24):02}:{source.randrange(60):02}:07" if number % 40 else None,
        "session_type": workflow,
        "agent": _pick(source, AGENTS[workflow]),
        "user_turns": int(source.lognormvariate(1.6, 1)),
        "agent_turns": int(source.lognormvariate(2.6, 1)),
    }


def _make_record(source: random.Random, words: Words, facts: dict[str, Any], number: int) -> dict[str, Any]:
    kept = {key: value for key, value in facts.items() if key != "own"}
    own = facts["own"]

    said: list[str] = []

    def text(count: int) -> str:
        for word in words.draw(count):
            chance = source.random()
            repeated = said and chance < REPEATED_SHARE
            said.append(source.choice(said) if repeated else source.choice(own) if chance > 1 - OWN_SHARE else word)
        return " ".join(said[-count:]) + "."

    return (
        kept
        | {
            "misalignment_id": f"M{number:03}",
            "name": text(6)[:-1].capitalize(),
            "description": text(45),
            "alignment_goal": _pick(source, {"instruction": 60, "intention": 30, "both": 10}),
            "evidence": [
                {"turn": f"TURN {turn} | {role}", "quote": text(quote), "context": text(12)}
                for turn, role, quote in ((3, "USER", 20), (4, "AGENT", 22), (5, "USER", 16))
            ],
            "confidence": _pick(source, {"high": 80, "medium": 19, "low": 1}),
            "label": "VALID",
            "invalid_category": None,
            "validation_note": None,
        }
        | _make_labels(source, text)
    )


def _make_labels(source: random.Random, text: Any) -> dict[str, Any]:
    forms = ["S8"] if source.random() < 0.0034 else _make_forms(source)
    causes = [_pick(source, CAUSES_BY_FORM[forms[0]])]
    if source.random() < 0.08 and causes != ["C7"]:
        causes.append(_pick(source, {code: 1 for code in DIRECT_SHARE if code not in causes}))
    severity = _pick(source, SEVERITY_BY_FORM[forms[0]])
    resolved = source.random() < 0.0933
    return {
        "symptom": {"reasoning": text(16), "labels": forms, "other_descriptor": text(5) if forms == ["S8"] else None},
        "cause": {"reasoning": text(16), "labels": [_make_cause(source, code) for code in causes]},
        "outcome": {
            "reasoning": text(14),
            "damage_severity": severity,
            "damage_locus": _pick(source, LOCI) if severity in ("DS2", "DS3") else None,
        },
        "resolution": {
            "reasoning": text(12),
            "status": "RS1" if resolved else "RS2",
            "resolver": _pick(source, RESOLVERS) if resolved else None,
        },
    }


def _make_forms(source: random.Random) -> list[str]:
    forms = {_pick(source, FORMS) for _ in range(source.choices((1, 2, 3), weights=(60, 39, 1))[0])}
    return sorted(forms)


def _make_cause(source: random.Random, code: str) -> dict[str, str | None]:
    if code == "C7":
        return {"label": code, "evidence_tier": None}
    return {"label": code, "evidence_tier": "direct" if source.random() < DIRECT_SHARE[code] else "contextual"}


if __name__ == "__main__":
    json.dump(list(make_records(int(sys.argv[1]) if len(sys.argv) > 1 else 16_118)), sys.stdout, ensure_ascii=False)
