"""docs/releases.md says what the program does: every option, the form of a ledger line, the recipe of a digest."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from atlas_build.cli import make_parser
from atlas_build.model.ledger import CaseStatus, LedgerEntry
from atlas_build.model.release import RECIPE
from atlas_build.publish.releases import LICENSE_FIELDS, SESSION_FIELDS, TEXT_FIELDS

COMMANDS = ("release", "diff", "suppress", "forget")


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "releases.md").read_text(encoding="utf-8")


def options_of(command: str) -> set[str]:
    (commands,) = [one for one in make_parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return {name for action in commands.choices[command]._actions for name in action.option_strings}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described(page: str, command: str) -> None:
    assert f"misalignment-atlas {command} " in page
    shared = {"-h", "--help"}
    assert {name for name in options_of(command) - shared if not re.search(rf"{name}\b", page)} == set()


def test_the_ledger_line_shown_is_one(page: str) -> None:
    (line,) = re.findall(r"```json\n(.*?)\n```", page, re.DOTALL)
    entry = LedgerEntry.model_validate(json.loads(line.replace("c1:2722...", "c1:27222722")))
    assert entry.former_key is not None and entry.status is CaseStatus.PUBLISHED
    shown = json.loads(line).keys() | {"reason", "successor"}
    assert shown == LedgerEntry.model_fields.keys()


def test_the_recipe_names_every_field_that_a_digest_covers(page: str) -> None:
    section = page.split(f"recipe `{RECIPE}`")[1].split("Not\ncovered", maxsplit=1)[0]
    covered = ("goal", "confidence", "labels", *TEXT_FIELDS, *SESSION_FIELDS, *LICENSE_FIELDS)
    named = set(re.findall(r"`(\w+)`", section))
    assert named == {*covered, "session", "license"}
