"""docs/input.md and the readers say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from atlas_build.model.ledger import Reason
from atlas_build.read import files, json_records, prompts
from atlas_build.read.corpus import DIALECTS
from atlas_build.read.corpus_folder import CorpusSettings, PromptSettings
from atlas_build.read.ledger import read_suppressions


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/input.md").read_text(encoding="utf-8")


def block(page: str, language: str) -> str:
    (text,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return text


def test_every_dialect_and_limit_is_described(page: str) -> None:
    for dialect in DIALECTS:
        assert f"| {dialect.name} |" in page
    assert f"{json_records.MAX_RECORD:,} characters" in page
    assert f"{files.MAX_EXPANSION} times" in page
    assert f"{files.EXPANSION_FREE >> 20} MiB" in page


def test_every_rule_is_described(page: str, root: Path) -> None:
    rule = re.compile(r'(?:UnreadableError\(\s*|rule=|": \()"([a-z]+(?:-[a-z0-9]+)+)"')
    sources = [*(root / "atlas_build/read").glob("*.py")]
    rules = {name for path in sources for name in rule.findall(path.read_text(encoding="utf-8"))}
    assert {"bad-key", "key-conflict", "lone-surrogate", "twin-differs"} <= rules
    others = {"field-unknown", "text-empty", "too-long"}  # of settings and ledger, where the message stands alone
    assert sorted(name for name in rules - others if f"`{name}`" not in page) == []


def test_the_settings_shown_are_all_settings_and_their_defaults(page: str) -> None:
    shown = block(page, "toml")
    assert CorpusSettings.model_validate(tomllib.loads(shown)) == CorpusSettings()
    uncommented = re.sub(r"^# (\w+ = \S+)", r"\1", shown, flags=re.MULTILINE)
    uncommented = re.sub(r'^(\w+ = "?[^"#\n]*"?).*$', r"\1", uncommented, flags=re.MULTILINE)
    named = set(re.findall(r"^(\w+) = ", uncommented, re.MULTILINE))
    tables = {"paths", "prompts"}
    paths = {"records", "ledger", "releases", "suppressions"}
    assert named == (set(CorpusSettings.model_fields) - tables) | paths | set(PromptSettings.model_fields)


def test_the_prompt_shown_is_one(page: str) -> None:
    _, _, shown = block(page, "toml").partition("# [[prompts]]")
    lines = re.findall(r'^# (\w+ = "[^"]*")', shown, re.MULTILINE)
    prompt = PromptSettings.model_validate(tomllib.loads("\n".join(lines)))
    assert (prompt.name, prompt.license) == ("annotation", "MIT")
    assert f"{prompts.MAX_PROMPT:,} bytes" in page


def test_the_suppressions_shown_are_valid(page: str, tmp_path: Path) -> None:
    path = tmp_path / "suppressions.jsonl"
    path.write_text(block(page, "json"), encoding="utf-8")
    assert len(read_suppressions(path)) == 3
    assert all(f"`{reason}`" in page for reason in Reason)
