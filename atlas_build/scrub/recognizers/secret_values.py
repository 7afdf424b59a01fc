"""What a secret's value looks like, and what only stands in for one: examples, references, types and calls."""

from __future__ import annotations

import re
from collections import Counter
from math import log2

_STAND_IN = re.compile(
    r"your|x{4,}|\*{3,}|\.{3}|…|example|placeholder|replace|change[-_]?me|dummy|insert|redacted|todo|fixme|fake|sample"
    r"|<[^>]{0,60}>|\$\{|\{\{|%\(|__[A-Z]|[-_]here\b|lorem|123456789|abcdef0|test[-_]?(?:key|token|secret)"
    r"|[A-Z]+_KEY_HERE|/aws4_request$|%2Faws4_request$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:process\.env|import\.meta|os\.environ|os\.getenv|getenv|env\.|ENV\[|secrets\.|vars\.|config\."
    r"|settings\.|self\.|this\.|\$|@|&|%\w+%|!)",
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z_$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*[?!]?")
_CODE_LIKE = re.compile(r"[/\\()<>{}\[\]]|::|^\W*\d[\d.:,\-]*\w{0,2}$|^v?\d+\.\d|\.[a-z]{2,4}$|@")
_DIGIT = re.compile(r"\d")
_LATIN = re.compile(r"[A-Za-z]")
_DULL = frozenset({
    "password", "passwd", "secret", "token", "key", "string", "str", "none", "null", "nil", "undefined", "true",
    "false", "number", "int", "bool", "boolean", "any", "unknown", "object", "required", "optional", "text",
    "varchar", "bytes", "char", "void", "auto", "admin", "root", "user", "guest", "postgres", "mysql", "test",
    "demo", "foo", "bar", "baz", "pass", "pwd", "default", "empty", "value", "hidden", "input", "field", "self",
    "this", "new", "old", "username", "login", "email", "name", "id", "yes", "no", "on", "off",
})  # fmt: skip


def is_stand_in(value: str) -> bool:
    """True for what examples write where a secret would stand."""
    return _STAND_IN.search(value) is not None or len(set(value)) < min(5, len(value) - 1)


def is_reference(value: str) -> bool:
    """True for code that fetches a secret instead of being one: variables, environment look-ups, calls, types."""
    if "(" in value and re.match(r"[\w.$:\[\]'\"]{0,80}\(", value):
        return True
    return _REFERENCE.match(value) is not None


def is_dull(value: str) -> bool:
    """True for words that are no secret: types, booleans, names of the thing itself."""
    return value.casefold().strip(".,;:!?'\"`*()[]{}") in _DULL


def is_identifier(value: str) -> bool:
    """True for dotted or camel-case names without a digit: `form.password`, `userToken`."""
    return _IDENTIFIER.fullmatch(value) is not None


def looks_random(value: str, *, shortest: int = 16) -> bool:
    """Long enough, letters and digits mixed, and evenly spread."""
    if len(value) < shortest or not _DIGIT.search(value) or not _LATIN.search(value):
        return False
    return entropy(value) >= 3.0


def looks_like_password(value: str) -> bool:
    """Something a person would choose: at least five characters, and not letters in one case alone."""
    if len(value) < 5 or is_dull(value):
        return False
    has_letter = re.search(r"[^\W\d_]", value) is not None
    has_other = re.search(r"[\d!@#$%^&*+=~?_|]", value.rstrip(".,;:!?")) is not None
    return has_letter and has_other


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(value)
    return -sum(count / size * log2(count / size) for count in Counter(value).values())


def looks_like_strong_password(value: str) -> bool:
    """Stricter, for prose: a digit or a rare mark, and no version, file, path, address, date or code around them."""
    if not looks_like_password(value) or is_identifier(value) or not re.search(r"\d|[!#$%^&*]", value):
        return False
    if _CODE_LIKE.search(value) and not looks_random(value, shortest=20):
        return re.search(r"^[A-Za-z][A-Za-z0-9]{2,}@\d{2,}", value) is not None
    return re.search(r"\d", value) is not None or re.search(r"[a-z]", value) is not None
