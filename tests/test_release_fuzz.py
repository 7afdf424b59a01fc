"""Whatever upstream does to its numbers, and whoever edits the ledger: no id is lost, reused or given to two."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import make_admitted, make_evidence, make_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_story import Story

from atlas_build.admission import Admission, hold_back
from atlas_build.errors import AtlasError
from atlas_build.model.episode import AdmittedEpisode, Episode
from atlas_build.model.ledger import CaseStatus, Ledger, Reason, Suppression, find_ledger_breach
from atlas_build.model.release import ReleaseCase
from atlas_build.publish.ledger import Outcome, draft_entries
from atlas_build.publish.releases import describe_case
from atlas_build.read.ledger import read_ledger
from atlas_build.read.releases import compare_with_ledger, read_releases

DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Thing:
    """An episode as it really is: its number in the world never changes, its key may."""

    number: int
    sha: str
    session: int
    episode: int
    form: str = "S4"

    def admitted(self) -> AdmittedEpisode:
        key = make_key(self.episode, session_id=f"session_{self.session:03}")
        turns = [make_evidence(f"words of {self.number}", turn=f"TURN {2 * self.number + 1} | USER")]
        return make_admitted(key=key, sha=self.sha, evidence=turns, form=self.form, name=f"Thing {self.number}")


def renumber(things: Sequence[Thing], chance: random.Random) -> list[Thing]:
    """Count sessions, and the episodes of each, anew and in another order."""
    sessions = sorted({thing.sha for thing in things})
    chance.shuffle(sessions)
    counted: list[Thing] = []
    for number, sha in enumerate(sessions, 1):
        episodes = [thing for thing in things if thing.sha == sha]
        chance.shuffle(episodes)
        counted += [replace(thing, session=number, episode=place) for place, thing in enumerate(episodes, 1)]
    return counted


def release(
    ledger: Ledger, things: Sequence[Thing], orders: Sequence[Suppression], version: str
) -> tuple[Ledger, dict[int, str], set[str]]:
    """One release without a site: the new ledger, the id of every published thing, and the ids with a tombstone."""
    by_name = {f"Thing {thing.number}": thing.number for thing in things}
    admission = Admission(tuple(thing.admitted() for thing in things), (), Counter(), Counter(), Counter())
    admission = hold_back(admission, orders, ledger)
    cases: dict[str, ReleaseCase] = {}
    published: dict[int, str] = {}
    for case_id, one in admission.identified:
        episode = Episode(id=case_id, facts=one.facts, license=one.license, text=one.text)
        assert case_id not in cases, "an id went to two episodes"
        cases[case_id] = describe_case(episode)
        published[by_name[one.text.name]] = case_id
    tombstones = {item.id: item for item in admission.tombstones}
    outcome = Outcome(cases=cases, tombstones=tombstones, held=admission.held, reasons={})
    entries = draft_entries(ledger, outcome, version, DAY)
    return Ledger((*ledger.entries, *entries)), published, set(tombstones)


step = st.fixed_dictionaries({
    "renumber": st.booleans(), "remove": st.integers(0, 3), "add": st.integers(0, 3), "revise": st.integers(0, 2),
    "come_back": st.booleans(), "suppress": st.booleans(), "seed": st.integers(0, 2**16),
})  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(2, 8), st.lists(step, min_size=1, max_size=5))
def test_one_thing_has_one_id_for_ever_whatever_happens_to_its_numbers(start: int, steps: list[dict[str, Any]]) -> None:
    things = renumber([Thing(number, "abc"[number % 3] * 40, 0, 0) for number in range(start)], random.Random(1))
    ledger, first_ids, _ = release(Ledger(), things, (), "2026.01.0")
    ids = dict(first_ids)
    world = {thing.number: thing for thing in things}
    gone: list[Thing] = []
    orders: list[Suppression] = []
    held: set[int] = set()
    highest = start
    for number, change in enumerate(steps, 1):
        chance = random.Random(change["seed"])
        for _ in range(min(change["remove"], len(things) - 1)):
            gone.append(things.pop(chance.randrange(len(things))))
        if change["come_back"] and gone:
            things.append(gone.pop())
        for _ in range(change["add"]):
            things.append(Thing(highest, "abcd"[highest % 4] * 40, 0, 0))
            world[highest] = things[-1]
            highest += 1
        for place in range(min(change["revise"], len(things))):
            things[place] = replace(things[place], form="S3" if things[place].form == "S4" else "S2")
        if change["suppress"]:
            target = chance.choice(sorted(ids))
            held.add(target)
            orders.append(Suppression(id=ids[target], date=DAY, reason=Reason.PRIVACY))
        things = renumber(things, chance) if change["renumber"] or change["add"] or change["come_back"] else things
        before = ledger
        ledger, published, tombstones = release(ledger, things, orders, f"2026.{number + 1:02}.0")

        assert find_ledger_breach(ledger.entries) is None
        assert ledger.entries[: len(before.entries)] == before.entries
        wanted = {thing.number for thing in things} - held
        assert published.keys() <= wanted
        # A new episode under the number of one that is held back is held back too, inside the same session.
        shas = {world[thing].sha for thing in held}
        assert all(world[thing].sha in shas for thing in wanted - published.keys())
        assert all(ids.get(thing, case_id) == case_id for thing, case_id in published.items()), "an id was changed"
        ids |= published
        assert len(set(ids.values())) == len(ids), "two things share an id"
        assert set(ids.values()) == set(published.values()) | (tombstones & set(ids.values())), "an id was lost"
        assert {case_id for case_id, entry in ledger.states.items() if not entry.is_gone} == set(published.values())
        assert {ids[thing] for thing in held} <= {
            case_id for case_id, entry in ledger.states.items() if entry.status is CaseStatus.SUPPRESSED
        }
        again, same, _ = release(ledger, things, orders, "2027.01.0")
        assert again == ledger and same == published, "the same input is the same release"


def test_a_case_held_back_while_its_number_was_taken_stays_away_when_it_returns() -> None:
    first, other = Thing(0, "a" * 40, 1, 1), Thing(1, "a" * 40, 1, 2)
    ledger, ids, _ = release(Ledger(), [first, other], (), "2026.01.0")
    orders = [Suppression(id=ids[0], date=DAY, reason=Reason.PRIVACY)]
    impostor = Thing(2, "a" * 40, 1, 1)
    ledger, published, _ = release(ledger, [impostor, other], orders, "2026.02.0")
    assert published == {1: ids[1]}, "in doubt it is the one that was held back"
    ledger, published, tombstones = release(ledger, [impostor, other, replace(first, episode=3)], orders, "2026.03.0")
    assert published == {1: ids[1]} and ids[0] in tombstones
    _, published, _ = release(ledger, [other, replace(first, session=4, episode=3)], orders, "2026.04.0")
    assert published == {1: ids[1]}


Edit = tuple[str, int, int, str]
FIELDS = (
    "id", "misalignment_id", "session_id", "status", "digest", "anchor", "release", "key_from", "renumbered_from",
    "reason", "date", "successor", "repository_id", "source",
)  # fmt: skip
FORGED = {
    "id": "AMA-7k2d-9qxp", "misalignment_id": "M077", "session_id": "session_077", "status": "withdrawn",
    "digest": f"c1:{'0' * 64}", "anchor": "a1:0123456789abcdef:3u", "release": "2026.08.0", "key_from": "AMA-7k2d-9qxp",
    "renumbered_from": {"session_id": "session_077", "misalignment_id": "M077"}, "reason": "error",
    "date": "2020-01-01", "successor": "AMA-7k2d-9qxp", "repository_id": "77", "source": "swe",
}  # fmt: skip
"""A well-formed value for every field, which no line has."""

edits = st.lists(
    st.tuples(
        st.sampled_from(["drop", "repeat", "swap", "remove", "copy", "cut", "forge", "add"]),
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(FIELDS),
    ),
    min_size=1,
    max_size=3,
)


def edit(lines: list[dict[str, Any]], edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """Do to a ledger what a hand or a merge may do."""
    lines = [dict(line) for line in lines]
    for kind, here, there, name in edits:
        if not lines:
            break
        one, other = here % len(lines), there % len(lines)
        if kind == "drop":
            del lines[one]
        elif kind == "repeat":
            lines.insert(other, lines[one])
        elif kind == "swap":
            lines[one], lines[other] = lines[other], lines[one]
        elif kind == "copy":
            lines[one] = {**lines[one], **{key: lines[other][key] for key in (name,) if key in lines[other]}}
        elif kind == "forge":
            lines[one] = {**lines[one], name: FORGED[name]}
        elif kind == "add":
            lines.insert(one, {**lines[other], "id": FORGED["id"], name: FORGED[name]})
        elif kind == "remove":
            lines[one] = {key: value for key, value in lines[one].items() if key != name}
        else:
            del lines[one:]
    return lines


class Book:
    """A ledger with its release files, to be edited."""

    def __init__(self, folder: Path) -> None:
        story = Story(folder)
        for number in range(3):
            story.release(number)
        path = story.corpus / "ledger" / "ids.jsonl"
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self._true = read_ledger(path).states
        self._releases = read_releases(story.corpus / "releases")
        self._path = folder / "edited.jsonl"

    def is_refused(self, lines: list[dict[str, Any]]) -> bool:
        """Whether the ledger is refused. If it is not, it must say of every id what the true one says."""
        self._path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        try:
            ledger = read_ledger(self._path)
            compare_with_ledger(ledger, self._releases, self._path)
        except AtlasError:
            return True
        assert ledger.states == self._true, "an edit went unnoticed"
        return False


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return Book(tmp_path_factory.mktemp("fuzz"))


def test_no_edit_of_the_ledger_loses_or_reuses_an_id_unnoticed(book: Book) -> None:
    refused: list[bool] = []

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(edits)
    def check(drawn: list[Edit]) -> None:
        refused.append(book.is_refused(edit(book.lines, drawn)))

    check()
    assert refused.count(True) > len(refused) / 2 > 0 < refused.count(False), "harmless edits pass, others do not"


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_any_line_can_be_changed_or_removed_unnoticed(book: Book, field: str) -> None:
    for place in range(len(book.lines)):
        for kind in ("forge", "remove"):
            lines = edit(book.lines, [(kind, place, place, field)])
            assert book.is_refused(lines) == (lines != book.lines)
