"""The prompts of a corpus folder: plain text files that `atlas.toml` names under `[[prompts]]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from atlas_build.errors import InputError
from atlas_build.model.prompt import PromptFile
from atlas_build.read.corpus_folder import SETTINGS_FILE, PromptSettings

MAX_PROMPT = 80_000
"""Bytes of a prompt: about 12,000 words, and still one page that can be read."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
"""What no page can show. Line ends are not among them; a carriage return goes with its newline before this is asked."""


def read_prompts(folder: Path, prompts: Sequence[PromptSettings]) -> tuple[PromptFile, ...]:
    """
    Raises:
        InputError: a file is missing, too large or no plain text; the message names setting and file, never its text.
    """
    return tuple(_read_prompt(folder, number, prompt) for number, prompt in enumerate(prompts, 1))


def _read_prompt(folder: Path, number: int, prompt: PromptSettings) -> PromptFile:
    path = folder / prompt.file
    place = f"{folder / SETTINGS_FILE}: prompts[{number}].file: {path}"
    return PromptFile(
        name=prompt.name,
        title=prompt.title,
        summary=prompt.summary,
        license_raw=prompt.license,
        data=_read_text(path, place),
        source=prompt.source,
        copyright=prompt.copyright,
    )


def _read_text(path: Path, place: str) -> bytes:
    """The bytes of a plain text file. `place`: setting and file, for messages."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PROMPT + 1)
    except OSError as error:
        hint = "Correct the name, or add the file."
        raise InputError(f"{place} cannot be read: {error.strerror or type(error).__name__}.", hint=hint) from None
    if len(data) > MAX_PROMPT:
        hint = "A prompt is a text for people to read; leave examples out, or make two prompts of it."
        raise InputError(f"{place} has more than {MAX_PROMPT:,} bytes.", hint=hint)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{place} is not UTF-8 text.", hint="Save the file as UTF-8.") from None
    if not text.strip():
        raise InputError(f"{place} is empty.", hint="Fill the file, or take the prompt out of the settings.")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(f"{place} has a control character on line {line:,}.", hint="Save it as plain text.")
    return data
