"""Files that the project itself writes or reviews: TOML and JSON Lines in which anything unexpected is an error."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from atlas_build.errors import AtlasError, InputError
from atlas_build.read.problems import UnreadableError, explain

MAX_LINE = 10_000
"""Bytes of one line of JSON Lines."""

SomeModel = TypeVar("SomeModel", bound=BaseModel)


def read_toml(path: Path, failure: type[AtlasError]) -> dict[str, Any]:
    """A TOML file as tables. Raises `failure`."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise failure(f"{path} cannot be read: {error.strerror or type(error).__name__}.") from None
    except UnicodeDecodeError:
        raise failure(f"{path} is not UTF-8 text.", hint="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise failure(f"{path} is not valid TOML{_line_of(error)}.", hint="Compare the line with toml.io.") from None
    except RecursionError:
        raise failure(f"{path} is nested too deeply.") from None


def _line_of(error: tomllib.TOMLDecodeError) -> str:
    """The place, out of a message such as `... (at line 3, column 5)`; the rest of it may quote the file."""
    _, _, place = str(error).rpartition("(at line ")
    line, _, _ = place.partition(",")
    return f", line {line}" if line.isdecimal() else ""


def read_json_lines(path: Path, shape: type[SomeModel]) -> Iterator[tuple[int, SomeModel]]:
    """Every line that is not blank, with its number from 1. A missing file has no lines.

    Raises:
        InputError: a line is no JSON, or not of this shape.
    """
    try:
        lines = path.read_bytes().split(b"\n") if path.exists() else []
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or type(error).__name__}.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, _read_line(line, shape)
            except UnreadableError as problem:
                place = f"{path}, line {number}" + (f", {problem.field}" if problem.field else "")
                raise InputError(f"{place}: {problem.message} [{problem.rule}].") from None


def _read_line(line: bytes, shape: type[SomeModel]) -> SomeModel:
    if len(line) > MAX_LINE:
        raise UnreadableError("too-long", "", f"the line has more than {MAX_LINE:,} bytes")
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UnreadableError("not-json", "", "the line is not one valid JSON object; repair it") from None
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise explain(error) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise UnreadableError("duplicate-key", "", "a field stands twice; remove one")
    return members


def _refuse(_: str) -> None:
    raise ValueError
