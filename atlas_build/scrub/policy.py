"""The scrubbing policy, read from `data/policy/scrub.toml`, `scrub.local.toml` beside it, and the word lists.

`scrub.toml` is reviewed and travels with the project. `scrub.local.toml` holds a maintainer's own deny values, which
are personal, and is never committed. Whatever is broken raises `PolicyError`, with the place and never the value.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from atlas_build.errors import PolicyError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.vocabulary import Vocabulary

POLICY_FILE = "scrub.toml"
LOCAL_FILE = "scrub.local.toml"
_COMMENT = re.compile("^#.*", re.MULTILINE)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Shape = TypeVar("_Shape", bound=_Section)


def _folded(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.casefold() for value in values)


class Allow(_Section):
    """What is never removed: exact values (in any case), and patterns that must match a whole value."""

    values: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @field_validator("patterns")
    @classmethod
    def patterns_compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for number, pattern in enumerate(patterns, 1):
            try:
                re.compile(pattern)
            except re.error:
                raise ValueError(f"pattern {number} is not a regular expression") from None
        return patterns

    @cached_property
    def folded(self) -> dict[str, int]:
        """Value in lower case -> its place among the values."""
        return {value: place for place, value in reversed(list(enumerate(_folded(self.values))))}

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in self.patterns)

    def find(self, value: str) -> int | None:
        """The place of the entry that keeps a value, counted over values, then patterns; None if none does."""
        place = self.folded.get(value.casefold())
        if place is not None or not self.compiled:
            return place
        matching = (number for number, pattern in enumerate(self.compiled) if pattern.fullmatch(value))
        return next((len(self.values) + number for number in matching), None)


class Deny(_Section):
    """Values that are removed wherever they stand, by the kind of their placeholder."""

    values: dict[Kind, tuple[str, ...]] = Field(default_factory=dict)


class Accounts(_Section):
    """Account names that are nobody's: of images, runners, examples."""

    generic: tuple[str, ...]

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(_folded(self.generic))


class Mentions(_Section):
    """What may follow an at sign without being a person: agents, bots, groups, annotations, at-rules."""

    allowed: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    """First path parts of code-host URLs that are not people."""

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(_folded(self.allowed))

    @cached_property
    def hosts_folded(self) -> frozenset[str]:
        return frozenset(_folded(self.organizations))


class Mail(_Section):
    """Addresses that stay: reserved and vendor domains, and local parts of robots."""

    reserved_domains: tuple[str, ...]
    robot_domains: tuple[str, ...] = ()
    robots: tuple[str, ...] = ()


class Network(_Section):
    """Public addresses that everybody uses."""

    resolvers: tuple[str, ...] = ()


class Model(_Section):
    """An optional, locally installed model that adds names to what the rules find.

    `name` is handed to spaCy (package or folder), transformers or GLiNER. `entities` maps the model's labels to our
    kinds; labels that are not listed are ignored.
    """

    engine: Literal["none", "spacy", "transformers", "gliner"] = "none"
    name: str = ""
    spacy_base: str = "en_core_web_sm"
    """transformers only: the spaCy pipeline that tokenizes."""
    minimum_score: float = Field(default=0.5, ge=0, le=1)
    entities: dict[str, Kind] = Field(default_factory=lambda: {"PERSON": Kind.PERSON, "PER": Kind.PERSON})


class Files(_Section):
    """Word lists beside the policy, one entry a line, `#` starts a comment."""

    words: str
    technology: str
    first_names: str
    last_names: str


class _Document(_Section):
    version: str
    files: Files
    accounts: Accounts
    mentions: Mentions
    mail: Mail
    allow: Allow = Allow()
    deny: Deny = Deny()
    network: Network = Network()
    model: Model = Model()


class _LocalDocument(_Section):
    allow: Allow = Allow()
    deny: Deny = Deny()
    model: Model | None = None


class Entry(NamedTuple):
    """One allow or deny entry. `value` may be personal: for the maintainer's eyes only."""

    file: str
    section: str
    number: int
    value: str

    @property
    def place(self) -> str:
        """Where it stands, without the value."""
        return f"{self.file}, {self.section}, entry {self.number}"


class ScrubPolicy:
    """What `scrub.toml`, `scrub.local.toml` and the word lists say, ready for use."""

    def __init__(self, document: _Document, local: _LocalDocument, vocabulary: Vocabulary, fingerprint: str) -> None:
        self.accounts = document.accounts
        self.mentions = document.mentions
        self.mail = document.mail
        self.network = document.network
        self.model = local.model or document.model
        self.allow = Allow(
            values=document.allow.values + local.allow.values,
            patterns=document.allow.patterns + local.allow.patterns,
        )
        self.deny = _joined(document.deny, local.deny)
        files = ((POLICY_FILE, document), (LOCAL_FILE, local))
        self.allow_entries = tuple(
            Entry(file, f"allow.{part}", number, value)
            for part in ("values", "patterns")
            for file, content in files
            for number, value in enumerate(getattr(content.allow, part), 1)
        )
        """By the places that `allow.find` gives."""
        self.deny_entries = tuple(
            Entry(file, f"deny.values.{kind}", number, value)
            for file, content in files
            for kind, values in sorted(content.deny.values.items())
            for number, value in enumerate(values, 1)
        )
        self.vocabulary = vocabulary
        self.fingerprint = fingerprint
        """Digest of all policy files: what a cache of detections has to be keyed by, beside the text."""

    @classmethod
    def load(cls, data_dir: Path) -> ScrubPolicy:
        """Read the policy below `data_dir/policy`.

        Raises:
            PolicyError: a file is missing or broken.
        """
        folder = data_dir / "policy"
        document = _read(folder / POLICY_FILE, _Document)
        local_path = folder / LOCAL_FILE
        local = _read(local_path, _LocalDocument) if local_path.exists() else _LocalDocument()
        names = (document.files.words, document.files.technology, document.files.first_names, document.files.last_names)
        lists = [read_list(folder / name) for name in names]
        digest = hashlib.sha256()
        for name in (POLICY_FILE, LOCAL_FILE, *names):
            path = folder / name
            digest.update(path.read_bytes() if path.exists() else b"")
            digest.update(b"\0")
        return cls(document, local, Vocabulary(*lists), digest.hexdigest())


def _joined(one: Deny, other: Deny) -> Deny:
    kinds = sorted({*one.values, *other.values})
    return Deny(values={kind: one.values.get(kind, ()) + other.values.get(kind, ()) for kind in kinds})


def _read(path: Path, shape: type[_Shape]) -> _Shape:
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read ({error.strerror})", hint=f"restore {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise PolicyError(f"{path.name}: is not TOML in UTF-8", hint="check its syntax") from None
    except ValidationError as error:
        details = [
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise PolicyError(
            f"{path.name}: does not have the expected shape", hint="see docs/scrubbing.md", details=details
        ) from None


def read_list(path: Path) -> frozenset[str]:
    """The words of a list, in lower case.

    Raises:
        PolicyError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8").casefold()
    except (OSError, UnicodeDecodeError):
        raise PolicyError(f"{path.name}: the word list cannot be read", hint=f"restore {path}") from None
    lines = _COMMENT.sub("", text).splitlines()
    return frozenset(map(str.strip, lines)) - {""}
