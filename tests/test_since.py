"""What `releases/<version>/since.json` says of the cases of an older release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from building import BuiltSite, build
from factories import make_record
from release_story import BASE_URL, Story, fourth_state, make_case

from atlas_build.model.facets import FACETS, Missing
from atlas_build.model.fingerprint import fingerprint
from atlas_build.model.placeholder import Kind
from atlas_build.model.release import ReleaseRecord, SessionFacts
from atlas_build.publish.since import FACETS as KNOWN
from atlas_build.publish.since import Unknown, find_unknown, write_since
from atlas_build.result_links import (
    Cited,
    Outcome,
    Question,
    ResultLink,
    compare_result,
    list_cases,
    read_question,
)

S4 = [["=S4"], ["=C2"], ["=direct"], ["=DS1"], ["?na"], ["=RS2"], ["?na"], ["=C2:direct"]]
SESSION = ["=Cursor IDE", "=2025-06", 17]
FACTS = [["=IDE"], ["=instruction"], ["=specstory"], ["=MIT"], ["=high"], ["=nothing"]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("since"))
    for number in range(4):
        told.release(number)
    return told


def since(site: BuiltSite, version: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.tree[f"releases/{version}/since.json"])
    return found


def record(story: Story, place: int, version: str) -> ReleaseRecord:
    return ReleaseRecord.model_validate_json(story.books[place][f"releases/{version}.json"])


def test_it_holds_what_differs_from_the_site_and_nothing_else(story: Story) -> None:
    ids = story.ids()
    added = sorted(set(story.sites[1].case_ids()) - set(ids))
    found = since(story.sites[1], "2026.09.0")
    states = found.pop("states")
    assert found == {
        "format": "misalignment-atlas since 1",
        "release": "2026.09.0",
        "date": "2026-09-14",
        "now": "2026.10.0",
        "published": 13,
        "facets": list(KNOWN),
        "added": added,
        "revised": sorted([[ids[1], states.index(_with_cause("contextual")), 0, SESSION],
                           [ids[2], states.index(S4 + FACTS), 1, SESSION],
                           [ids[12], states.index([["=S2"], *S4[1:], *FACTS]), 0, SESSION]]),
        "withdrawn": [[ids[4], states.index(S4 + FACTS), SESSION]],
        "removed": [],
    }  # fmt: skip


def _with_cause(tier: str) -> list[list[str]]:
    return [["=S4"], ["=C6"], [f"={tier}"], *S4[3:7], [f"=C6:{tier}"], *FACTS]


def test_of_the_release_that_is_shown_nothing_differs(story: Story) -> None:
    found = since(story.sites[3], "2026.12.0")
    assert [found[name] for name in ("states", "added", "revised", "withdrawn", "removed")] == [[], [], [], [], []]
    assert found["now"] == "2026.12.0"


def test_of_a_case_taken_down_only_the_id_is_left(story: Story) -> None:
    mail = story.ids()[6]
    for version in ("2026.09.0", "2026.10.0"):
        found = since(story.sites[2], version)
        assert found["removed"] == [mail]
        assert mail not in json.dumps({**found, "removed": []})


def test_a_build_between_releases_compares_with_what_it_shows(story: Story, tmp_path: Path) -> None:
    relabelled = fourth_state()
    relabelled[0]["symptom"]["labels"] = ["S1"]
    corpus = tmp_path / "corpus"
    for path, data in story.books[3].items():
        (corpus / path).parent.mkdir(parents=True, exist_ok=True)
        (corpus / path).write_bytes(data)
    new = make_case(1, "0", "session_009", "M001", name="Took the button away", description="one more story")
    (corpus / "misalignments.json").write_text(json.dumps([*relabelled, new]), encoding="utf-8")
    site = build(corpus, tmp_path / "site", "--base-url", BASE_URL)
    found = since(site, "2026.12.0")
    assert found["now"] is None
    assert len(found["added"]) == len(found["revised"]) == 1


def test_without_releases_there_is_no_such_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps([make_record()]), encoding="utf-8")
    site = build(plain, tmp_path / "site")
    assert [path for path in site.tree if path.endswith("since.json")] == []


def test_a_case_in_which_only_what_was_scrubbed_differs_is_one_that_differs(story: Story) -> None:
    then = record(story, 0, "2026.09.0")
    old, *others = then.cases
    new = old.model_copy(update={"redactions": {Kind.IBAN: 1}})
    fields = {name: getattr(then, name) for name in ReleaseRecord.model_fields}
    now = ReleaseRecord.model_validate({**fields, "version": "2026.10.0", "cases": (new, *others)})
    found = json.loads(write_since(then, now, "2026.10.0"))
    assert [row[0] for row in found["revised"]] == [old.id]
    assert found["states"][found["revised"][0][1]][KNOWN.index("scrubbed")] == ["=nothing"]
    question = read_question("scrubbed=IBAN")
    assert isinstance(question, Question)
    assert (list_cases(then.cases, question), list_cases(now.cases, question)) == (set(), {new.id})
    link = ResultLink("paper.md", 1, "", "scrubbed=-IBAN", Cited("2026.09.0", len(then.cases)))
    outcome, told = compare_result(link, then, now.cases)
    assert outcome is Outcome.CHANGED
    assert told == f"{len(then.cases)} then, {len(then.cases) - 1} now: 1 revised out of it"


def test_what_a_release_file_does_not_know_is_named(story: Story) -> None:
    case = record(story, 0, "2026.09.0").cases[0]
    assert case.facts == SessionFacts(agent="Cursor IDE", month="2025-06", turns=17)
    text = {"digest": "c1:other-digest", "text": "c1:other-text"}
    assert find_unknown(case, case.model_copy(update={"digest": "c1:other-digest"})) == Unknown(0)
    assert find_unknown(case, case.model_copy(update=text)) == Unknown.TEXT
    older = case.model_copy(update={"facts": None})
    assert find_unknown(older, case.model_copy(update={"digest": "c1:other-digest"})) == Unknown.FACTS
    assert find_unknown(older, case.model_copy(update={"license": "Zlib"})) == Unknown(0)
    assert find_unknown(older, case.model_copy(update=text)) == Unknown.TEXT | Unknown.FACTS


def test_a_release_file_from_before_there_were_facts_can_be_read(story: Story) -> None:
    content = json.loads(story.books[0]["releases/2026.09.0.json"])
    for case in content["cases"]:
        del case["facts"]
    old = ReleaseRecord.model_validate_json(json.dumps(content))
    empty = ReleaseRecord.model_validate({**old.model_dump(), "cases": ()})
    assert [row[2] for row in json.loads(write_since(old, empty, None))["withdrawn"]] == [None] * 13


def test_its_values_are_those_of_the_explorers_facets(story: Story) -> None:
    """A release file and the episode itself must answer alike, or a comparison would find changes where none are."""
    last = record(story, 3, "2026.12.0")
    empty = ReleaseRecord.model_validate({**last.model_dump(), "cases": (), "version": "none"})
    found = json.loads(write_since(last, empty, None))
    facts = {case_id: facts for case_id, _, facts in found["withdrawn"]}
    values = {case_id: found["states"][state] for case_id, state, _ in found["withdrawn"]}
    index = story.sites[3].index_file("index.json")
    ids = story.sites[3].index_file("ids.json")["ids"]
    by_digits = {case_id.removeprefix("AMA-").replace("-", "")[:7]: case_id for case_id in values}
    facets = {facet["name"]: facet["values"] for facet in index["facets"]}
    checked = 0
    for column in index["columns"]:
        for place, name in enumerate(column["facets"]):
            if name not in (*KNOWN, "agent", "month"):
                continue
            for ordinal, code in enumerate(column["codes"].encode()):
                entry = column["entries"][code - 0x20 if code < 0x22 else code - 0x21][place]
                keys = [_key(facets[name][number]) for number in entry]
                case_id = by_digits[ids[7 * ordinal : 7 * ordinal + 7]]
                expected = (
                    [facts[case_id][name == "month"]] if name not in KNOWN else values[case_id][KNOWN.index(name)]
                )
                assert keys == expected
                checked += 1
    assert checked == (len(KNOWN) + 2) * len(values)


def _key(value: str | dict[str, str]) -> str:
    return f"={value}" if isinstance(value, str) else f"?{value['missing']}"


def test_every_facet_of_labels_is_known_and_none_of_texts_or_sessions() -> None:
    assert {facet.name for facet in FACETS} - set(KNOWN) == {"agent", "month", "validation", "invalid"}
    assert {missing.value for missing in Missing} == {"none", "na"}


def test_a_fingerprint_does_not_depend_on_the_order() -> None:
    assert fingerprint(["AMA-7k2d-9qxp", "AMA-0000-0000"]) == fingerprint(["AMA-0000-0000", "AMA-7k2d-9qxp"])
    assert fingerprint([]) == "e3b0c44298fc1c14"
