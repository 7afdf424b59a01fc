"""The codebook's files: all there, in the model's order, and errors that name file and entry."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas_build.errors import PolicyError
from atlas_build.model.codebook import VOCABULARIES
from atlas_build.read.codebook_files import read_codebook


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root / "data/codebook", tmp_path / "codebook"))


def change(folder: Path, name: str, edit: Callable[[str], str]) -> None:
    path = folder / name
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def failure(folder: Path) -> str:
    with pytest.raises(PolicyError) as error:
        read_codebook(folder)
    return error.value.diagnostics()


def test_the_bundled_codebook_covers_every_code(root: Path) -> None:
    codebook = read_codebook(root / "data/codebook")
    assert set(codebook.axes) == set(VOCABULARIES)
    label = codebook.label("form", "S4")
    assert label is not None
    assert label.name == "Self-Initiated Overreach"
    assert codebook.axes["severity"].ladder == ("DS1", "DS2", "DS3")


def test_a_missing_axis_is_named(folder: Path) -> None:
    (folder / "goal.toml").unlink()
    (folder / "tier.toml").unlink()
    assert "the codebook has no file for tier, goal." in failure(folder)


def test_an_axis_with_two_files_is_an_error(folder: Path) -> None:
    shutil.copy(folder / "goal.toml", folder / "goal2.toml")
    assert "goal2.toml: the axis goal has a file already." in failure(folder)


def test_an_unknown_axis_is_an_error(folder: Path) -> None:
    change(folder, "goal.toml", lambda text: text.replace('axis = "goal"', 'axis = "aim"'))
    assert "goal.toml: the axis is not one of form, cause," in failure(folder)


def test_labels_out_of_order_are_an_error(folder: Path) -> None:
    change(folder, "status.toml", lambda text: text.replace('code = "RS1"', 'code = "RS3"', 1))
    assert "status.toml: the labels must be RS1, RS2, in this order and each once." in failure(folder)


def test_a_bad_entry_is_named_by_its_code(folder: Path) -> None:
    change(folder, "status.toml", lambda text: text.replace('name = "Unknown"\n', "", 1).replace("gloss", "glos", 1))
    told = failure(folder)
    assert "status.toml is not a valid codebook file." in told
    assert "  - RS1, label[1].gloss: the field is missing; add it" in told
    assert "  - RS1, label[1].glos: the field is not known here" in told
    assert "  - RS2, label[2].name: the field is missing; add it" in told


def test_a_gloss_that_is_too_long_is_an_error(folder: Path) -> None:
    change(folder, "status.toml", lambda text: text.replace('gloss = "', 'gloss = "' + "x" * 80, 1))
    assert "RS1, label[1].gloss: the text has more than 80 characters" in failure(folder)


def test_a_file_that_is_no_toml_is_an_error(folder: Path) -> None:
    change(folder, "goal.toml", lambda text: text + "\n= broken\n")
    assert "goal.toml is not valid TOML, line" in failure(folder)


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    assert "the codebook has no file for form, cause," in failure(tmp_path)
