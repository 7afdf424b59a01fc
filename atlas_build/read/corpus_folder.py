"""A corpus folder: one corpus and what belongs to it, described by `atlas.toml`.

The file may be missing; then the folder's `misalignments.json` (or `.json.gz`, `.jsonl`, `.jsonl.gz`) is the corpus and
all settings have their defaults. An unknown setting is an error: a misspelled `sample = true` must not go unnoticed.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from atlas_build.errors import InputError
from atlas_build.model.ledger import Release
from atlas_build.model.source import Model
from atlas_build.model.unseen import HIDDEN, SIGNS
from atlas_build.read.problems import UnreadableError, describe
from atlas_build.read.strict_files import read_toml

SETTINGS_FILE = "atlas.toml"
DEFAULT_RECORDS = ("misalignments.json", "misalignments.json.gz", "misalignments.jsonl", "misalignments.jsonl.gz")
"""The first of these that exists is read where no paths are set."""


_UNSEEN = re.compile(rf"[\t\n{SIGNS}{HIDDEN}]")


def _inside(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in text or "\0" in text:
        raise PydanticCustomError("wrong-form", "a path inside the corpus folder is expected, such as data/labels.json")
    return text


def _is_web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_good = False
    if not is_good:
        raise PydanticCustomError("wrong-form", "an address such as https://atlas.example.org/ is expected")
    return text


FolderPath = Annotated[str, AfterValidator(_inside)]
MAIL = re.compile(r"[^\s:/@<>\"]{1,64}@[^\s:/@<>\"]{1,190}")


def _is_contact(text: str) -> str:
    """A mail address, with or without mailto:, or a web address; the footer links it."""
    is_mail = MAIL.fullmatch(text.removeprefix("mailto:")) is not None
    if not is_mail:
        _is_web_address(text)
    return text


def _is_readable(text: str) -> str:
    """Titles and addresses stand on pages as they are, where such a character would hide or turn what is read."""
    if _UNSEEN.search(text):
        raise PydanticCustomError("wrong-form", "this has a character that cannot be seen; type it again, on one line")
    return text


Address = Annotated[str, AfterValidator(_is_readable), AfterValidator(_is_web_address)]
OneLine = Annotated[str, Field(max_length=300, pattern=r"^\S(?:[^\n\r]*\S)?$"), AfterValidator(_is_readable)]
Slug = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""A part of an address: small letters, digits, single hyphens between them."""


class CorpusPaths(Model):
    """Where things are, relative to the folder."""

    records: tuple[FolderPath, ...] = ()
    """File names or patterns such as `data/*.json`; empty for the default file."""
    ledger: FolderPath = "ledger/ids.jsonl"
    releases: FolderPath = "releases"
    suppressions: FolderPath = "suppressions.jsonl"


class PromptSettings(Model):
    """A prompt of the study's pipeline, which the site shows under Method."""

    name: Slug
    title: OneLine
    summary: OneLine
    file: FolderPath
    license: OneLine
    """An SPDX expression, or a name that the license policy knows."""
    source: Address | None = None
    """Where the file was taken from."""
    copyright: OneLine | None = None
    """The line that many licenses ask to keep with the text."""


def _are_different(prompts: tuple[PromptSettings, ...]) -> tuple[PromptSettings, ...]:
    """Two pages cannot have one address; and nobody could tell two of one title apart."""
    for field in ("name", "title"):
        if len({getattr(prompt, field) for prompt in prompts}) < len(prompts):
            raise PydanticCustomError(
                "wrong-form", "two prompts have the same {field}; give each its own", {"field": field}
            )
    return prompts


class CorpusSettings(Model):
    title: OneLine = "Misalignment Atlas"
    base_url: Address | None = None
    """Canonical address of the site; without one, nothing that needs an absolute address is written."""
    pid_base: Address | None = None
    """Where persistent addresses start, such as https://w3id.org/NAME/; used only with a base URL."""
    contact: Annotated[str, Field(max_length=300), AfterValidator(_is_readable), AfterValidator(_is_contact)] | None = (
        None
    )
    """Mail or web address for removal requests."""
    release: Release | None = None
    released: date | None = None
    license_note: OneLine | None = None
    """What holds for the corpus as a whole, in one line, beside each case's own license."""
    sample: bool = False
    """The episodes are invented, and every page says so."""
    paths: CorpusPaths = CorpusPaths()
    prompts: Annotated[tuple[PromptSettings, ...], Field(max_length=20), AfterValidator(_are_different)] = ()
    """In the order of the pipeline's steps."""


@dataclass(frozen=True)
class CorpusFolder:
    """
    Attributes:
        inputs: the record files, at least one, without repetition, in the order of the settings.
        ledger, suppressions, releases: where these are or would be.
    """

    folder: Path
    settings: CorpusSettings
    inputs: tuple[Path, ...]
    ledger: Path
    suppressions: Path
    releases: Path


def read_corpus_folder(folder: Path) -> CorpusFolder:
    """Settings and paths of a corpus folder; the records themselves are not read.

    Raises:
        InputError: the folder, its settings or its record files are not as they should be.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", hint="Name a corpus folder, or the record files themselves.")
    settings_file = folder / SETTINGS_FILE
    settings = _read_settings(settings_file) if settings_file.exists() else CorpusSettings()
    return CorpusFolder(
        folder=folder,
        settings=settings,
        inputs=_find_records(folder, settings.paths.records),
        ledger=folder / settings.paths.ledger,
        suppressions=folder / settings.paths.suppressions,
        releases=folder / settings.paths.releases,
    )


def _read_settings(path: Path) -> CorpusSettings:
    table = read_toml(path, InputError)
    try:
        return CorpusSettings.model_validate(table)
    except ValidationError as error:
        problems = [describe(detail) for detail in error.errors(include_input=False, include_url=False)]
        raise InputError(
            f"{path} has settings that cannot be used.",
            details=[_explain(problem) for problem in problems],
            hint=f"Known settings: {', '.join(known_settings())}.",
        ) from None


def known_settings() -> list[str]:
    """Every setting of `atlas.toml`, those of a table with a dot."""
    tables: dict[str, type[Model]] = {"paths": CorpusPaths, "prompts": PromptSettings}
    top = [name for name in CorpusSettings.model_fields if name not in tables]
    return [*top, *(f"{table}.{name}" for table, model in tables.items() for name in model.model_fields)]


def _explain(problem: UnreadableError) -> str:
    if problem.rule != "field-unknown":
        return f"{problem.field}: {problem.message}"
    near = difflib.get_close_matches(problem.field, known_settings(), n=1)
    return f"{problem.field} is not a setting" + (f"; did you mean {near[0]}?" if near else "")


def _find_records(folder: Path, names: tuple[str, ...]) -> tuple[Path, ...]:
    if not names:
        found = next((folder / name for name in DEFAULT_RECORDS if (folder / name).is_file()), None)
        if found is None:
            raise InputError(
                f"{folder} holds no corpus: there is no {DEFAULT_RECORDS[0]}.",
                hint=f"Add it, or name the record files under [paths] in {SETTINGS_FILE}.",
            )
        return (found,)
    paths = [path for name in names for path in _match(folder, name)]
    return tuple(dict.fromkeys(paths))


def _match(folder: Path, name: str) -> list[Path]:
    """One named file, or the files that fit a pattern. A name that finds nothing is an error."""
    is_pattern = any(sign in name for sign in "*?[")
    paths = sorted(path for path in folder.glob(name) if path.is_file()) if is_pattern else [folder / name]
    if not paths or not paths[0].exists():
        raise InputError(f"{folder}: no file fits {name}.", hint=f"Correct paths.records in {SETTINGS_FILE}.")
    return paths
