"""The reviewed decisions in data/policy/licenses.toml, checked when they are read.

After reading: every allowed and switched id is a current SPDX id in its own spelling and stands in one place only, no
refusal covers one of them, every alias means a well-formed expression of SPDX ids and hides no current id or name, and
every reviewed exception belongs to an allowed license. A file that breaks one of these raises PolicyError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from atlas_build import errors
from atlas_build.licenses import spdx
from atlas_build.licenses.expressions import Expression, ExpressionError, Term, parse, terms, write
from atlas_build.licenses.verdict import Reason

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
RefusalReason = Literal[Reason.NO_LICENSE, Reason.NO_ASSERTION, Reason.SOURCE_AVAILABLE, Reason.NOT_PERMISSIVE]


class PolicyError(errors.PolicyError):
    """The policy file is broken: `where` names the entry, `what` the fault, `hint` what to do."""

    def __init__(self, path: Path, where: str, what: str, hint: str) -> None:
        super().__init__(f"{path}: {where}: {what}", hint=hint)
        self.path = path
        self.where = where
        self.what = what


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Allowed(_Model):
    blue_oak: Literal["Model", "Gold", "Silver", "Bronze"]
    why: Text


class Switch(_Model):
    on: Annotated[bool, Field(strict=True)]
    ids: Annotated[tuple[Text, ...], Field(min_length=1)]
    why: Text


class Refusal(_Model):
    reason: RefusalReason
    ids: tuple[Text, ...] = ()
    """Patterns with `*` for SPDX-like ids."""
    names: tuple[Text, ...] = ()
    """Whole license texts."""
    why: Text


class Refused(NamedTuple):
    reason: Reason
    rule: str


class Alias(NamedTuple):
    rule: str
    meaning: str


class Policy(_Model):
    allow: Annotated[dict[Text, Allowed], Field(min_length=1)]
    switches: dict[Text, Switch] = Field(default_factory=dict)
    exceptions: dict[Text, Text] = Field(default_factory=dict)
    aliases: dict[Text, Text] = Field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()

    def find_switch(self, license_id: str) -> tuple[str, Switch] | None:
        return self._switches_by_id.get(license_id)

    def find_alias(self, text: str) -> Alias | None:
        return self._aliases_by_key.get(spdx.fold(text))

    def refuse_name(self, text: str) -> Refused | None:
        """The refusal of a whole license text."""
        return self._refused_names.get(spdx.fold(text))

    def lists_refused(self, license_id: str) -> bool:
        """True if the policy names this very id among its refusals, not only a pattern that covers it."""
        key = spdx.fold(license_id)
        return any(pattern == key for pattern, _ in self._refused_patterns)

    def refuse_id(self, license_id: str) -> Refused | None:
        """The first refusal whose pattern covers this id."""
        key = spdx.fold(license_id)
        return next((refused for pattern, refused in self._refused_patterns if fnmatchcase(key, pattern)), None)

    @cached_property
    def _switches_by_id(self) -> dict[str, tuple[str, Switch]]:
        return {license_id: (name, switch) for name, switch in self.switches.items() for license_id in switch.ids}

    @cached_property
    def _aliases_by_key(self) -> dict[str, Alias]:
        return {spdx.fold(name): Alias(f"alias:{name}", meaning) for name, meaning in self.aliases.items()}

    @cached_property
    def _refused_names(self) -> dict[str, Refused]:
        return {
            spdx.fold(name): Refused(refusal.reason, f"refused:{name}")
            for refusal in self.refused
            for name in refusal.names
        }

    @cached_property
    def _refused_patterns(self) -> tuple[tuple[str, Refused], ...]:
        return tuple(
            (spdx.fold(pattern), Refused(refusal.reason, f"refused:{pattern}"))
            for refusal in self.refused
            for pattern in refusal.ids
        )


def read_policy(path: Path) -> Policy:
    """Read and check the policy file; raises PolicyError, which names the entry and what to do."""
    policy = _validate(path, _read_toml(path))
    for fault in _faults(policy):
        raise PolicyError(path, *fault)
    return policy


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        what, hint = f"cannot be read ({error.strerror})", "Check the path given with --data, and its permissions."
        raise PolicyError(path, "file", what, hint) from error
    except UnicodeDecodeError as error:
        raise PolicyError(path, f"byte {error.start}", "is not UTF-8", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        what, hint = f"is not TOML: {_cut(str(error))}", "Correct the line that the message names."
        raise PolicyError(path, "file", what, hint) from error
    except RecursionError as error:
        raise PolicyError(path, "file", "is nested too deeply", "Restore its last good version.") from error


def _validate(path: Path, content: dict[str, Any]) -> Policy:
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = _cut(".".join(str(part) for part in first["loc"]))
        hint = "Compare the entry with its neighbours; docs/licenses.md describes each section."
        raise PolicyError(path, where, _cut(first["msg"]), hint) from error


class _Fault(NamedTuple):
    where: str
    what: str
    hint: str


def _faults(policy: Policy) -> Iterator[_Fault]:
    yield from _faulty_ids(policy)
    yield from _faulty_exceptions(policy)
    yield from _faulty_refusals(policy)
    yield from _faulty_aliases(policy)


def _admittable_ids(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every id that an entry can admit, with the place of the entry."""
    for license_id in policy.allow:
        yield f"allow.{license_id}", license_id
    for name, switch in policy.switches.items():
        for license_id in switch.ids:
            yield f"switches.{name}.{license_id}", license_id


def _faulty_ids(policy: Policy) -> Iterator[_Fault]:
    seen: dict[str, str] = {}
    for where, license_id in _admittable_ids(policy):
        listed = spdx.find_listed_id(license_id)
        if listed is None:
            yield _Fault(where, "is not an SPDX license id", "Look the id up at https://spdx.org/licenses/.")
        elif listed != license_id:
            yield _Fault(where, "is not spelled as in the SPDX list", f"Write {listed}.")
        elif spdx.is_deprecated(listed):
            yield _Fault(where, "is a deprecated SPDX id", "Use the id that SPDX gives instead.")
        elif license_id in seen:
            yield _Fault(where, f"stands in {seen[license_id]} already", "Remove one of the two entries.")
        seen[license_id] = where


def _faulty_exceptions(policy: Policy) -> Iterator[_Fault]:
    for pair in policy.exceptions:
        if not _is_reviewable_pair(policy, pair):
            what = "is not a pair of an allowed license and an SPDX exception"
            yield _Fault(f"exceptions.{pair}", what, 'Write it like "Apache-2.0 WITH LLVM-exception", ids as in SPDX.')


def _is_reviewable_pair(policy: Policy, pair: str) -> bool:
    term = _parse_or_none(pair)
    return (
        isinstance(term, Term)
        and term.exception is not None
        and spdx.find_exception(term.exception) is not None
        and term.id in policy.allow
        and not term.or_later
        and write(term) == pair
    )


def _faulty_refusals(policy: Policy) -> Iterator[_Fault]:
    for number, refusal in enumerate(policy.refused, 1):
        if not refusal.ids and not refusal.names:
            yield _Fault(f"refused entry {number}", "refuses nothing", "Give it ids or names, or remove it.")
    for where, license_id in _admittable_ids(policy):
        refused = policy.refuse_id(license_id) or policy.refuse_name(license_id)
        if refused:
            hint = "Decide which is meant, and narrow the pattern or remove the id."
            yield _Fault(where, f"is also refused by {refused.rule}", hint)


def _faulty_aliases(policy: Policy) -> Iterator[_Fault]:
    seen: set[str] = set()
    for name, meaning in policy.aliases.items():
        where = f"aliases.{name}"
        expression = _parse_or_none(meaning)
        if expression is None or not all(term.is_known for term in terms(expression)):
            yield _Fault(where, "does not stand for an expression of SPDX ids", "Write ids joined by AND, OR or WITH.")
        if _is_current_id(name) or spdx.find_id_by_name(name):
            yield _Fault(where, "is an SPDX id or name and would get another meaning", "Remove the alias.")
        if policy.refuse_name(name) or spdx.fold(name) in seen:
            yield _Fault(where, "is decided twice", "Keep one: an alias, or a name under [[refused]].")
        if name != " ".join(name.split()):
            yield _Fault(where, "has blanks that are never matched", "Write single blanks.")
        seen.add(spdx.fold(name))


def _is_current_id(text: str) -> bool:
    """True for ids that SPDX has not replaced, and for GNU ids, whose successor is known."""
    listed = spdx.find_listed_id(text)
    return listed is not None and (not spdx.is_deprecated(listed) or spdx.successor(listed) != listed)


def _parse_or_none(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def _cut(text: str, length: int = 160) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
