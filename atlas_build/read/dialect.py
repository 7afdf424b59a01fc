"""What every dialect of records has in common.

A dialect is one file here and one line in `corpus.py`: it has a name, recognises a record by its shape, and reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from atlas_build.model.codebook import INVALID_CATEGORIES, Source, Validation
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.source import Origin, Session, SourceEpisode
from atlas_build.read.problems import UnreadableError, explain

Record = Mapping[str, Any]
SessionKey = tuple[str, str, int]
"""Source, repository and the session's number."""

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""Session and episode names, as they may stand in a key."""
REPOSITORY = re.compile(r"[0-9]{1,20}")
CUSTOM_CATEGORY = re.compile(r"custom:[a-z][a-z0-9_]{0,63}")
KEY_FIELDS = frozenset({"source", "repository_id", "session_id", "misalignment_id", "misalignment-id"})

_SOURCES = frozenset(source.value for source in Source)
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_MANY = 200
"""Distinct unknown fields that are counted by name; a file with more has data in its field names."""
OTHER_FIELDS = "(other)"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Facts about one session, episode or not, from a session mapping."""

    source: str
    repository_id: str
    number: int
    session: Session
    license_raw: str | None
    origin: Origin

    @property
    def key(self) -> SessionKey:
        return self.source, self.repository_id, self.number


class Dialect(Protocol):
    """A shape of records that can be read."""

    @property
    def name(self) -> str:
        """As the report and `inspect` call it."""

    @property
    def rank(self) -> int:
        """Of records with the same key the one with the lowest rank stands for all: it holds the most."""

    def recognises(self, record: Record) -> bool: ...

    def read(self, record: Record, origin: Origin, dropped: Dropped) -> SourceEpisode | SessionRow:
        """Raises `UnreadableError`."""


class Dropped:
    """Counts the fields that are read past. Names that do not look like field names may be data, and are not kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note(self, record: Record, known: frozenset[str], prefix: str = "") -> None:
        if not record.keys() <= known:
            for name in sorted(record.keys() - known):
                self.add(prefix + name if _FIELD_NAME.fullmatch(name) else OTHER_FIELDS)

    def add(self, name: str) -> None:
        has_room = name in self.counts or len(self.counts) < _MANY
        self.counts[name if has_room else OTHER_FIELDS] += 1


class Fields(BaseModel):
    """Base of the field lists that dialects check records against: known fields are checked, others left out."""

    model_config = ConfigDict(extra="ignore")


SomeFields = TypeVar("SomeFields", bound=Fields)


def check_fields(shape: type[SomeFields], record: Record) -> SomeFields:
    """The known fields of a record. Raises `UnreadableError`."""
    try:
        return shape.model_validate(record)
    except ValidationError as error:
        raise explain(error) from None


def read_key(record: Record) -> EpisodeKey:
    """The natural key, every part as text. Raises `UnreadableError`."""
    return EpisodeKey(*(part(record) for part in _KEY_PARTS))


def readable_key(record: object) -> str:
    """The natural key for messages, `?` for each part that is missing or does not look like one."""
    if not isinstance(record, Mapping):
        return ""
    parts = []
    for part in _KEY_PARTS:
        try:
            parts.append(part(record))
        except UnreadableError:
            parts.append("?")
    return "" if set(parts) == {"?"} else "/".join(parts)


def read_source(record: Record) -> str:
    value = record.get("source")
    if value is None:
        raise UnreadableError("field-missing", "source", "the field is missing; it is part of the record's key")
    if not isinstance(value, str) or value not in _SOURCES:
        raise UnreadableError("unknown-code", "source", f"the value is not one of {', '.join(Source)}; correct it")
    return value


def read_repository_id(record: Record) -> str:
    value = record.get("repository_id")
    if value is None:
        raise UnreadableError("field-missing", "repository_id", "the field is missing; it is part of the record's key")
    text = str(value) if type(value) is int else value.strip() if isinstance(value, str) else ""
    if not REPOSITORY.fullmatch(text):
        raise UnreadableError("bad-key", "repository_id", "a number of at most 20 digits is expected here")
    return text


def _session_id(record: Record) -> str:
    return _name("session_id", record.get("session_id"))


def _misalignment_id(record: Record) -> str:
    """Earlier stages of the study write the field with a hyphen."""
    value = record.get("misalignment_id")
    return _name("misalignment_id", record.get("misalignment-id") if value is None else value)


def _name(field: str, value: object) -> str:
    if value is None:
        raise UnreadableError("field-missing", field, "the field is missing; it is part of the record's key")
    text = value.strip() if isinstance(value, str) else ""
    if not NAME.fullmatch(text):
        raise UnreadableError(
            "bad-key", field, "1 to 64 letters, digits, dots, hyphens or underscores are expected here"
        )
    return text


_KEY_PARTS = (read_source, read_repository_id, _session_id, _misalignment_id)


def read_verdict(label: Validation | None, category: str | None) -> tuple[Validation, str | None]:
    """The validation verdict and, for a rejected candidate, its category. Raises `UnreadableError`."""
    verdict = label or Validation.VALID  # only validated files carry verdicts; what is annotated was valid
    if category is None:
        return verdict, None
    if verdict is Validation.VALID:
        raise UnreadableError(
            "verdict-contradiction", "invalid_category", "a valid record has no rejection category; correct one of both"
        )
    if category not in INVALID_CATEGORIES and not CUSTOM_CATEGORY.fullmatch(category):
        raise UnreadableError(
            "unknown-code",
            "invalid_category",
            f"the value is neither one of {', '.join(INVALID_CATEGORIES)} nor custom: with snake_case; correct it",
        )
    return verdict, category


def text_or_none(text: str | None) -> str | None:
    """Text without blanks around it; None for nothing but blanks."""
    return (text.strip() or None) if text else None
