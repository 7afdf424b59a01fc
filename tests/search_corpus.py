"""A small invented corpus for the search index, with every kind of value, and the fixtures of the script's tests.

python tests/search_corpus.py      rewrites tests/js/fixtures (never in CI)
"""

from __future__ import annotations

import json
import random
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "js" / "fixtures"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SHARD_CHARACTERS = 1500
"""Small shards, so that the small corpus has several."""

from factories import make_episode  # noqa: E402

from atlas_build.derive.related import relate_cases  # noqa: E402
from atlas_build.model.codebook import Cause, Codebook, Form, Resolver, Severity, Tier  # noqa: E402
from atlas_build.model.episode import Episode, reading_order  # noqa: E402
from atlas_build.model.facets import FACETS, Missing, joined_causes  # noqa: E402
from atlas_build.model.fingerprint import fingerprint  # noqa: E402
from atlas_build.model.placeholder import Kind  # noqa: E402
from atlas_build.model.source import CauseLabel, Labels  # noqa: E402
from atlas_build.render.citations import cite_case, refer_to_case, refer_to_result  # noqa: E402
from atlas_build.render.pieces import cut_pieces  # noqa: E402
from atlas_build.render.references import write_bibtex, write_text  # noqa: E402
from atlas_build.search.facets import total_turns  # noqa: E402
from atlas_build.search.index import build_index  # noqa: E402
from atlas_build.search.terms import fold, read_chunk, split_chunks  # noqa: E402

SIZE = 150
TEXTS = (
    "",
    "Don’t edit the rules, don't! rock ’n’ roll",
    "fetchUserData user_id HTMLParser parseJSON2 snake_case_name __init__.py XMLHttpRequest",
    "src/components/UserCard.tsx:42 package.json node.js 1.31.13 v2.0.0-rc.1 @scope/pkg --no-verify step-by-step",
    "TS2345 E0277 ERR_MODULE_NOT_FOUND 0x80070005 HTTP 404 C++ c# C++17 F# a.c++ x+y issue#12",
    "Naïve café Straße STRASSE Łódź Ærø œuvre ΟΔΥΣΣΕΥΣ Ёлка ёлка й İstanbul ısı",
    "使用React组件时出错。不要修改！ ガラス が か ﾊﾝｶｸ 한국어 검색 ภาษาไทย 々〇",
    "rules rule queries query querying classes class boxes caches cache always status this does copies tries lies",
    "delete deleted deleting deletes asked asking used using use noted note not stated stats created committing string "
    "thing need agreed settings being files filing changed change causes try tried tries tying y by bed red fled",
    "0123456789 123456789 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b 5b02d8f deadbeefdeadbeef "
    "550e8400-e29b-41d4-a716-446655440000 aGVsbG8gd29ybGQxMjM0NTY3ODkwYWJjZGVm " + "x" * 41,
    "ﬁle ½ ™ ① full－width ．．． ＡＢＣ soft\u00adhyphen zero\u200bwidth\ufeff rtl\u202eoverride",
    "हिन्दी में العربية עברית Việt Nam tiếng",
    "[PERSON_1] said [SECRET_12] <script>alert(1)</script> &amp; \x1b[31mred\x00 😀 👩‍💻 ✌️ ┌──┐",
    "I'm we're it's O'Brien'sss 'quoted' a'b'c rock-'n'-roll end.Next e.g. i.e. U.S.A",
    "𠮷野家 𝒳𝓎𝓏 𐐀𐐁 naïve-co-op-of-many-words a-b-c-d a-b-c-d-e ... ''' _ __ -",
)
CODES = "SC2086 sc-2086 parseTS2345 errors404 utf8 base64 v2 a12 5b02d8f 404page e1234x 0xC0000005 id12345678901 x264y"
"""Letters with a number, and what only looks so."""
WORDS = """
the agent renamed table without being asked tests pass queries query fetchUserData config.json undo commit 使用组件
naïve rules constraint ignored branch deleted again why TS2345 C++ build failed user_id src/app.ts not done yet
"""


RARE = """
kettle walrus lantern gravel thimble orchard pewter saddle quarry anvil bramble cobalt dimple ember fennel garnet hazel
ivory juniper kelp linen marble nutmeg otter plaza quill raven sorrel tundra umber
"""
"""Words by which cases are found to be alike."""
SCRUBBED = ({}, {}, {Kind.PERSON: 2}, {Kind.EMAIL: 1, Kind.SECRET: 1})


def read_codebook() -> Codebook:
    axes = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "data" / "codebook").glob("*.toml"))]
    return Codebook.model_validate({"axes": {axis["axis"]: axis for axis in axes}})


def make_benchmark_records(count: int) -> list[dict[str, Any]]:
    """Records in upstream's nested shape with the study's proportions."""
    from benchmarks.make_corpus import make_records

    return list(make_records(count))


def make_corpus(size: int = SIZE, seed: int = 7) -> list[Episode]:
    """Cases and rejected candidates in reading order; labels keep no rule, so that every combination occurs."""
    source = random.Random(seed)
    return sorted((_make_one(source, number) for number in range(1, size + 1)), key=reading_order)


def _make_one(source: random.Random, number: int) -> Episode:
    rejected = source.random() < 0.15
    rare = RARE.split()

    def text(count: int) -> str:
        return " ".join(source.choices(WORDS.split(), k=count))

    month = f"2025-{source.randrange(1, 7):02}-{source.randrange(1, 29):02} 10:00:00"
    return make_episode(
        number=number,
        repository_id=str(812_304_410 + number % 7) + "8" * (number % 7 == 0),  # one number has ten digits
        session_id="session_001" if number % 9 else "session_004",
        validation="INVALID" if rejected else "VALID",
        invalid_category=source.choice(("truncation", "custom:ambiguous")) if rejected else None,
        labels=_make_labels(source),
        goal=source.choice(("instruction", "intention", None)),
        confidence=source.choice(("high", "low", None)),
        license=source.choice(("MIT", "Apache-2.0", "-odd")),
        timestamp=None if source.random() < 0.1 else month,
        workflow=source.choice(("IDE", "CLI", None)),
        agent=source.choice(("Cursor IDE", "none", "na", None, "A, B")),
        user_turns=source.choice((None, 0, 3, 40, 562)),
        agent_turns=source.choice((0, 7, 1192)),
        name=f"{text(4)} {rare[number % len(rare)]} {rare[(number + number // 30) % len(rare)]}",
        description=text(12),
        quotes=(text(6), source.choice(TEXTS)),
        note=text(3) if rejected else None,
        redactions=SCRUBBED[number % len(SCRUBBED)],
    )


def _make_labels(source: random.Random) -> Labels:
    causes = source.sample(list(Cause), source.choice((0, 1, 1, 2)))
    return Labels(
        forms=tuple(source.sample(list(Form), source.choice((0, 1, 1, 2, 3)))),
        causes=tuple(CauseLabel(label=cause, tier=source.choice((*Tier, None))) for cause in causes),
        severity=source.choice(list(Severity)),
        locus=source.choice((None, "DL1", "DL4")),
        status=source.choice(("RS1", "RS2")),
        resolver=source.choice((None, *Resolver)),
    )


def write_terms_fixture() -> str:
    cases = [
        {"text": text, "folded": fold(text), "terms": [list(read_chunk(chunk).terms()) for chunk in split_chunks(text)]}
        for text in (*TEXTS, CODES)
    ]
    return json.dumps(cases, ensure_ascii=False, indent=1) + "\n"


def write_pieces_fixture() -> str:
    cases = [{"text": text, "pieces": [piece._asdict() for piece in cut_pieces(text)]} for text in TEXTS]
    return json.dumps(cases, ensure_ascii=True, indent=1) + "\n"


def write_bibtex_fixture() -> str:
    """Every text as the name of a case, cited."""
    cases = []
    for number, text in enumerate((*TEXTS, "word " * 60, "x" * 300, "-- it's ''quoted'' -- [PERSON_1]"), 1):
        case = make_episode(number=number)
        reference = refer_to_case(
            case.id, text, atlas="An Atlas & more", url=f"https://atlas.example/c/{case.slug}/", release="2026.1",
            released=date(2026, 3, 2),
        )  # fmt: skip
        cases.append({"id": case.id, "name": text, "bibtex": write_bibtex(reference)})
    return json.dumps(cases, ensure_ascii=True, indent=1) + "\n"


def write_results_fixture() -> str:
    """Citations of results: what the explorer's own code must write, format by format."""
    ids = [make_episode(number=number).id for number in range(1, 14)]
    asked = (
        ("Scope & 50 % of_it", ids[:12], "form=S4&agent=A%2C+B", "2026.11.0", date(2026, 11, 2)),
        ("All cases", ids, "", None, None),
        ("With ‘日本 naïve {x}’", ids[:1], "q=x%7B", "2026.9", date(2026, 9, 14)),
        ("In CLI", [], "workflow=CLI", "2026.11.0", None),
    )
    cases = []
    for words, listed, query, release, released in asked:
        reference = refer_to_result(
            words, listed, 1313, query=query, atlas="An Atlas & more", url="https://atlas.example/", release=release,
            released=released,
        )  # fmt: skip
        formats = {item.name: item.content for item in cite_case(reference).formats}
        given = {
            "atlas": "An Atlas & more", "words": words, "share": reference.thing, "release": release or "",
            "released": released.isoformat() if released else "", "print": fingerprint(listed),
            "address": reference.url,
        }  # fmt: skip
        cases.append({"ids": listed, "result": given, "text": write_text(reference), "formats": formats})
    return json.dumps(cases, ensure_ascii=True, indent=1) + "\n"


def write_episodes_fixture(episodes: list[Episode]) -> str:
    """What a brute force over the index must find: the values of every facet, turns and texts of every episode."""
    rows: list[dict[str, Any]] = []
    for episode in episodes:
        row: dict[str, Any] = {
            facet.name: [f"?{v.value}" if isinstance(v, Missing) else f"={v}" for v in facet.values(episode)]
            for facet in FACETS
        }
        row["cause:tier"] = [f"={value}" for value in joined_causes(episode)]
        text = episode.text
        rows.append({
            "id": episode.id,
            "repository": episode.key.repository_id,
            "session": episode.key.session_id,
            "values": row,
            "turns": total_turns(episode),
            "name": text.name,
            "told": [text.description, *(item.quote for item in text.evidence)],
            "rest": [*(item.context for item in text.evidence), *filter(None, text.reasonings.model_dump().values()),
                     *filter(None, (text.note,))],
        })  # fmt: skip
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def make_fixtures() -> dict[str, bytes]:
    episodes = make_corpus()
    counterparts = relate_cases([episode for episode in episodes if episode.is_case]).counterparts()
    index = build_index(episodes, read_codebook(), counterparts, shard_characters=SHARD_CHARACTERS)
    files = {f"index/{path}": content for path, content in index.files.items()}
    files["terms.json"] = write_terms_fixture().encode()
    files["bibtex.json"] = write_bibtex_fixture().encode()
    files["results.json"] = write_results_fixture().encode()
    files["pieces.json"] = write_pieces_fixture().encode()
    files["episodes.json"] = write_episodes_fixture(episodes).encode()
    return files


def main() -> None:
    for path, content in make_fixtures().items():
        target = FIXTURES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main()
