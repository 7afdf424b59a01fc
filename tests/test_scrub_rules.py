"""The digest of the scrubbing rules changes with what they mean, and with nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atlas_build.errors import PolicyError
from atlas_build.scrub.rules import digest_program, digest_rules, digest_source

DATA = Path(__file__).parent.parent / "data"
SOURCE = '''
"""A module."""
LIMIT = 3  # code points
"""What the limit is for."""

def find(text: str) -> bool:
    """Whether it is there."""
    return "é" in text and len(text) > LIMIT
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another description."""'),
        ("  # code points", ""),
        ('"""What the limit is for."""', ""),
        ('    """Whether it is there."""\n', ""),
        ("LIMIT = 3", "\n\nLIMIT = (\n    3\n)"),
        ('"é" in', "'\\u00e9' in"),
    ],
)
def test_words_about_a_rule_and_its_layout_mean_nothing(old: str, new: str) -> None:
    assert old in SOURCE
    assert digest_source(SOURCE.replace(old, new)) == digest_source(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= 3", "= 4"),
        ("= 3", '= "3"'),
        ("> LIMIT", ">= LIMIT"),
        ("é", "e"),
        ("text: str", "text: bytes"),
        ("and", "or"),
    ],
)
def test_every_other_edit_counts(old: str, new: str) -> None:
    assert digest_source(SOURCE.replace(old, new)) != digest_source(SOURCE)


def test_digest_is_the_same_on_every_version_of_python() -> None:
    assert digest_source(SOURCE).hex()[:16] == "5e6d874931c87902"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "policy", tmp_path / "data" / "policy")
    return tmp_path / "data"


def edit(data: Path, name: str, old: str, new: str) -> None:
    path = data / "policy" / name
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")


def test_comments_order_and_personal_entries_leave_the_policy_as_it_is(data: Path) -> None:
    before = digest_rules(data)
    edit(data, "scrub.toml", "[allow]", "# what stays\n[allow]")
    words = data / "policy" / "technology.txt"
    words.write_text("# all of them\n" + "\n".join(reversed(words.read_text("utf-8").splitlines())), "utf-8")
    (data / "policy" / "scrub.local.toml").write_text('[deny.values]\nHOST = ["quietharbor"]\n', "utf-8")
    assert digest_rules(data) == before
    assert len(before) == 64


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("scrub.toml", '"support@github.com"', ""),
        ("first_names.txt", "\n", "\nzlatkovica\n"),
        ("words.txt", "the\n", ""),
    ],
)
def test_another_value_or_word_is_another_policy(data: Path, name: str, old: str, new: str) -> None:
    before = digest_rules(data)
    edit(data, name, old, new)
    assert digest_rules(data) != before


def test_program_is_part_of_the_digest(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest_rules(data)
    monkeypatch.setattr("atlas_build.scrub.rules.digest_program", lambda: digest_program()[::-1])
    assert digest_rules(data) != before


@pytest.mark.parametrize("name", ["scrub.toml", "words.txt"])
def test_missing_file_is_a_policy_error(data: Path, name: str) -> None:
    (data / "policy" / name).unlink()
    with pytest.raises(PolicyError, match="cannot be read"):
        digest_rules(data)
