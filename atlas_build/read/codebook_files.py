"""The codebook's texts: one TOML file an axis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from atlas_build.errors import PolicyError
from atlas_build.model.codebook import VOCABULARIES, Axis, Codebook
from atlas_build.read.problems import describe
from atlas_build.read.strict_files import read_toml


def read_codebook(folder: Path) -> Codebook:
    """All axes of `folder`.

    Raises:
        PolicyError: a file is broken, an axis is missing or stands twice, or its codes are not the model's codes.
    """
    axes: dict[str, Axis] = {}
    for path in sorted(folder.glob("*.toml")):
        axis = _read_axis(path)
        if axis.axis in axes:
            raise PolicyError(f"{path}: the axis {axis.axis} has a file already.", hint="Keep one file an axis.")
        axes[axis.axis] = axis
    missing = [name for name in VOCABULARIES if name not in axes]
    if missing:
        raise PolicyError(
            f"{folder}: the codebook has no file for {', '.join(missing)}.", hint="Add one TOML file an axis."
        )
    return Codebook(axes=axes)


def _read_axis(path: Path) -> Axis:
    table = read_toml(path, PolicyError)
    try:
        axis = Axis.model_validate(table)
    except ValidationError as error:
        raise _broken(path, table, error) from None
    codes = VOCABULARIES.get(axis.axis)
    if codes is None:
        raise PolicyError(f"{path}: the axis is not one of {', '.join(VOCABULARIES)}.", hint="Correct `axis`.")
    if tuple(label.code for label in axis.label) != codes:
        raise PolicyError(f"{path}: the labels must be {', '.join(codes)}, in this order and each once.")
    return axis


def _broken(path: Path, table: dict[str, Any], error: ValidationError) -> PolicyError:
    """One line a problem; an entry is called by its code where it has one of the axis's codes."""
    details = []
    for detail in error.errors(include_input=False, include_url=False):
        problem = describe(detail)
        entry = _entry(table, detail["loc"])
        details.append(f"{entry}{problem.field or 'file'}: {problem.message}")
    return PolicyError(f"{path} is not a valid codebook file.", details=details, hint="See README.md beside it.")


def _entry(table: dict[str, Any], location: tuple[str | int, ...]) -> str:
    match location:
        case ("label", int(place), *_):
            label = table["label"][place]
            code = label.get("code") if isinstance(label, dict) else None
            return f"{code}, " if isinstance(code, str) else ""
        case _:
            return ""
