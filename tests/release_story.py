"""A corpus that lives through four releases, for tests: cases are added, revised, renumbered, withdrawn, taken down,
and come back. Everything in it is invented.

    story = Story(folder); story.release(0) ... story.release(3)      one release after the other
    story.corpus, story.sites[n]                                      the corpus folder and the site of each release
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from building import BuiltSite, case_id, read_tree
from factories import make_record

from atlas_build.cli import main

Record = dict[str, Any]

SHAS = {name: name * 40 for name in "abcdef0"}
"""One session each."""
THINGS = (
    "column", "button", "parser", "index", "footer", "loader", "flange", "header", "worker", "banner", "router",
    "slider", "cursor", "ticket",
)  # fmt: skip
VERSIONS = (
    ("2026.09.0", "2026-09-14"),
    ("2026.10.0", "2026-10-12"),
    ("2026.11.0", "2026-11-20"),
    ("2026.12.0", "2026-12-07"),
)
BASE_URL = "https://atlas.example/"
MAIL = "nora.quist@harborlight-mail.net"
"""In the text of one case, to be scrubbed and later to be forgotten."""


def make_case(number: int, sha: str, session: str, episode: str, *, repository: int = 1001, **overrides: Any) -> Record:
    """A record about one thing, so that no two share their words."""
    thing = THINGS[number]
    turns = (2 * number + 3, 2 * number + 5)
    quotes = (f"only touch the {thing} number {number} please", f"why is the {thing} gone again")
    evidence = [
        {"turn": f"TURN {turn} | USER", "quote": quote, "context": f"about the {thing}"}
        for turn, quote in zip(turns, quotes, strict=True)
    ]
    record = make_record(
        repository_id=repository, session_id=session, misalignment_id=episode, session_sha=SHAS[sha],
        name=f"Changed the {thing} without being asked", evidence=evidence,
        description=f"the developer asked for one small change of the {thing} and the agent rewrote all of it",
    )  # fmt: skip
    return make_record(**{**record, **overrides})


def first_state() -> list[Record]:
    """Thirteen cases in five sessions. Numbers 7 and 8 quote the same turns of the same session."""
    return [
        make_case(0, "a", "session_001", "M001"),
        make_case(1, "a", "session_001", "M002", cause={"labels": [{"label": "C6", "evidence_tier": "contextual"}]}),
        make_case(2, "a", "session_001", "M003"),
        make_case(3, "b", "session_002", "M001"),
        make_case(4, "b", "session_002", "M002"),
        make_case(5, "c", "session_003", "M001"),
        make_case(6, "c", "session_003", "M002", description=f"the agent sent the flange log to {MAIL} unasked"),
        _with_turns(make_case(7, "d", "session_001", "M001", repository=1002), 7),
        _with_turns(make_case(8, "d", "session_001", "M002", repository=1002), 7),
        make_case(9, "e", "session_002", "M001", repository=1002),
        make_case(10, "e", "session_002", "M002", repository=1002),
        make_case(11, "e", "session_002", "M003", repository=1002),
        make_case(12, "e", "session_002", "M004", repository=1002, symptom={"labels": ["S2"]}),
    ]


def _with_turns(record: Record, number: int) -> Record:
    for item, turn in zip(record["evidence"], (2 * number + 3, 2 * number + 5), strict=True):
        item["turn"] = f"TURN {turn} | USER"
    return record


def second_state() -> list[Record]:
    """One case added, two revised, one gone."""
    records = deepcopy(first_state())
    records[1]["cause"]["labels"][0]["evidence_tier"] = "direct"
    records[2]["description"] = (
        "the developer asked for one small change of the parser, and the agent rewrote the lexer too"
    )
    records[12]["symptom"]["labels"] = ["S3", "S4"]
    del records[4]
    return [*records, make_case(13, "f", "session_003", "M001", repository=1002)]


def third_state() -> list[Record]:
    """A session comes in front of the others, two episodes with the same turns change places, one license changes."""
    records = deepcopy(second_state())
    for record in records:
        if record["repository_id"] == 1001:
            record["session_id"] = f"session_{int(record['session_id'][-3:]) + 1:03}"
    first, second = (record for record in records if record["session_sha"] == SHAS["d"])
    first["misalignment_id"], second["misalignment_id"] = "M002", "M001"
    next(record for record in records if record["session_sha"] == SHAS["f"])["license_type"] = "Apache-2.0"
    new = make_case(
        0, "0", "session_001", "M001", name="Broke the ticket page", description="a new and short story of a page"
    )
    return [*records, new]


def fourth_state() -> list[Record]:
    """The case that had gone is back, under the number that its session has now."""
    back = deepcopy(first_state()[4])
    back["session_id"] = "session_003"
    return [*third_state(), back]


STATES = (first_state, second_state, third_state, fourth_state)


@dataclass
class Story:
    """The corpus folder and its sites, release by release."""

    folder: Path
    sites: list[BuiltSite] = field(default_factory=list)
    books: list[dict[str, bytes]] = field(default_factory=list)
    """After each release: the files of ledger/ and releases/."""

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    def ids(self) -> list[str]:
        """Ids of the first state, by number."""
        return [case_id(record) for record in first_state()]

    def read_books(self) -> dict[str, bytes]:
        """Path -> bytes of every file of the corpus folder but its records and settings."""
        tree = read_tree(self.corpus)
        return {path: data for path, data in tree.items() if path not in ("misalignments.json", "atlas.toml")}

    def write_state(self, number: int) -> None:
        self.write(STATES[number]())

    def write(self, records: list[Record]) -> None:
        self.corpus.mkdir(parents=True, exist_ok=True)
        (self.corpus / "atlas.toml").write_text(
            'title = "Story Atlas"\ncontact = "keeper@atlas.example"\n', encoding="utf-8"
        )
        (self.corpus / "misalignments.json").write_text(json.dumps(records), encoding="utf-8")

    def release(self, number: int, *options: str) -> BuiltSite:
        """Write the state of a release and make it. Requests for removal come before the third and the fourth."""
        self.write_state(number)
        if number == 2:
            assert (
                main(["suppress", str(self.corpus), self.ids()[6], "--reason", "privacy", "--date", "2026-11-02"]) == 0
            )
        if number == 3:
            session = ["--source", "specstory", "--repository", "1002", "--session", "session_003"]
            asked = ["--reason", "owner-request", "--date", "2026-12-01"]
            assert main(["suppress", str(self.corpus), *session, *asked]) == 0
        out = self.folder / f"site{number + 1}"
        version, day = VERSIONS[number]
        command = ["release", str(self.corpus), "--version", version, "--date", day, "--out", str(out)]
        command += ["--base-url", BASE_URL]
        assert main([*command, "--quiet", "--jobs", "1", *options]) == 0
        self.sites.append(BuiltSite(out))
        self.books.append(self.read_books())
        return self.sites[-1]
