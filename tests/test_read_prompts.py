"""Prompts of a corpus folder: the file as it is, or an error that names setting and file and quotes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas_build.admission import admit_prompts
from atlas_build.errors import InputError
from atlas_build.licenses.gate import LicenseGate
from atlas_build.model.prompt import PromptFile
from atlas_build.read.corpus_folder import PromptSettings
from atlas_build.read.prompts import MAX_PROMPT, read_prompts

MARKER = "zebra-in-the-prompt"


def settings(name: str = "annotation", file: str = "prompts/a.md", **more: str) -> PromptSettings:
    given = {"name": name, "title": f"Title of {name}", "summary": "What it is for.", "file": file, "license": "MIT"}
    return PromptSettings.model_validate(given | more)


def write(folder: Path, data: bytes, file: str = "prompts/a.md") -> Path:
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
    return folder


def failure(folder: Path, *prompts: PromptSettings) -> InputError:
    with pytest.raises(InputError) as caught:
        read_prompts(folder, prompts)
    assert MARKER not in caught.value.diagnostics()
    assert caught.value.hint
    return caught.value


# Reading


def test_a_prompt_is_read_to_the_byte(tmp_path: Path) -> None:
    data = "\ufeff# Ünïcode\r\n\r\n<transcript>{x}</transcript>\t \r\n\r\n".encode()
    (prompt,) = read_prompts(write(tmp_path, data), [settings(source="https://example.org/a", copyright="(c) Nobody")])
    assert prompt.data == data
    assert prompt.text == "# Ünïcode\r\n\r\n<transcript>{x}</transcript>\t \r\n\r\n"
    assert (prompt.name, prompt.title, prompt.summary) == ("annotation", "Title of annotation", "What it is for.")
    assert (prompt.license_raw, prompt.source, prompt.copyright) == ("MIT", "https://example.org/a", "(c) Nobody")


def test_prompts_keep_the_order_of_the_settings(tmp_path: Path) -> None:
    for name in ("z", "a", "m"):
        write(tmp_path, name.encode(), f"{name}.md")
    found = read_prompts(tmp_path, [settings(name, f"{name}.md") for name in ("z", "a", "m")])
    assert [(prompt.name, prompt.data) for prompt in found] == [("z", b"z"), ("a", b"a"), ("m", b"m")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty."),
        (b" \n\t\n", "is empty."),
        (f"{MARKER} ".encode() + b"\xff\xfe", "is not UTF-8 text."),
        (f"{MARKER}\n\n{MARKER}\0".encode(), "has a control character on line 3."),
        (f"{MARKER}\rold line ends\r".encode(), "has a control character on line 1."),
        (MARKER.encode() + b"x" * MAX_PROMPT, "has more than 80,000 bytes."),
    ],
    ids=["empty", "blank", "not UTF-8", "NUL", "lone carriage return", "too large"],
)
def test_a_file_that_is_no_text_to_read_is_an_error(tmp_path: Path, data: bytes, message: str) -> None:
    write(tmp_path, b"fine", "first.md")
    error = failure(write(tmp_path, data), settings("first", "first.md"), settings())
    assert error.message == f"{tmp_path}/atlas.toml: prompts[2].file: {tmp_path}/prompts/a.md {message}"


def test_the_largest_prompt_is_read(tmp_path: Path) -> None:
    (prompt,) = read_prompts(write(tmp_path, b"x" * MAX_PROMPT), [settings()])
    assert len(prompt.data) == 80_000


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    place = f"{tmp_path}/atlas.toml: prompts[1].file: {tmp_path}/prompts/a.md"
    assert failure(tmp_path, settings()).message == f"{place} cannot be read: No such file or directory."
    (tmp_path / "prompts" / "a.md").mkdir(parents=True)
    assert failure(tmp_path, settings()).message == f"{place} cannot be read: Is a directory."


# The license


@pytest.fixture(scope="module")
def gate(root: Path) -> LicenseGate:
    return LicenseGate.from_policy(root / "data" / "policy" / "licenses.toml")


def prompt_file(license_raw: str, name: str = "annotation") -> PromptFile:
    return PromptFile(name=name, title="T", summary="S", license_raw=license_raw, data=b"x")


def test_an_admitted_prompt_knows_license_and_rule(gate: LicenseGate) -> None:
    (prompt,) = admit_prompts([prompt_file("GPL-3.0-only OR MIT")], gate)
    assert (prompt.license.spdx, prompt.license.rule) == ("MIT", "allow:MIT")


@pytest.mark.parametrize(
    ("license_raw", "reason"),
    [
        ("GPL-3.0-only", "not-permissive"),
        ("NOASSERTION", "no-assertion"),
        ("ask zebra@example.org", "unparsable"),
        ("MIT AND GPL-3.0-only", "not-permissive"),
    ],
)
def test_a_license_that_the_policy_does_not_admit_is_an_error(gate: LicenseGate, license_raw: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        admit_prompts([prompt_file("MIT", "extraction"), prompt_file(license_raw)], gate)
    assert caught.value.message.startswith(f"prompts[2] (annotation) cannot be published [{reason}]: ")
    assert "data/policy/licenses.toml" in caught.value.hint
    assert "zebra" not in caught.value.diagnostics()
