"""SPDX license expressions: text in, a small tree out, and back to text.

The grammar is that of the annex to SPDX 3.0: ids joined by WITH, AND, OR, in that order of strength, and parentheses;
operators in capitals or in small letters. It is read strictly, because a gate that guesses is open: license-expression
30.4 takes `(GPL-3.0-only) MIT OR` for a choice of two. The length and the depth of what is read are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from atlas_build.licenses import spdx

LONGEST = 512
"""Characters. A longer text is not read."""

DEEPEST = 32
"""Parentheses inside each other."""

_TOKEN = re.compile(r"[()]|[^()\s]+")
_ID = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:LicenseRef-)?[A-Za-z0-9.-]+\+?")
_EXCEPTION = re.compile(r"[A-Za-z0-9.-]+")
_NOT_IDS = {"none", "noassertion", "and", "or", "with"}
_END = ""


class ExpressionError(ValueError):
    """The text doesn't read as an SPDX license expression; the message doesn't repeat it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One license: its id, whether later versions are offered too (`+`), and the exception after WITH."""

    id: str
    or_later: bool = False
    exception: str | None = None

    @property
    def is_custom(self) -> bool:
        """True for a text outside the SPDX list that the repository itself brings along."""
        return self.id.lower().startswith(("licenseref-", "documentref-"))

    @property
    def is_known(self) -> bool:
        """True for an id of the SPDX list."""
        return spdx.find_id(self.id) is not None


@dataclass(frozen=True, slots=True)
class AllOf:
    """AND: every part applies."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """OR: one part may be chosen."""

    parts: tuple[Expression, ...]


Expression = Term | AllOf | AnyOf


def parse(text: str) -> Expression:
    """Read an expression; raises ExpressionError for every text that isn't one."""
    if len(text) > LONGEST:
        raise ExpressionError("longer than any license expression")
    return _Reader(_TOKEN.findall(text)).read()


MASK = "LicenseRef-unlisted"


def write(expression: Expression, *, masked: Collection[str] = ()) -> str:
    """The normalised text. Nested parts stand in parentheses, needed or not: easier to read.

    Args:
        masked: ids that a repository made up and that must not be printed; `LicenseRef-unlisted` stands for them.
    """
    if isinstance(expression, Term):
        plus = "+" if expression.or_later else ""
        tail = f" WITH {expression.exception}" if expression.exception else ""
        return f"{MASK if expression.id in masked else expression.id}{plus}{tail}"
    joint = " AND " if isinstance(expression, AllOf) else " OR "
    return joint.join(
        write(part, masked=masked) if isinstance(part, Term) else f"({write(part, masked=masked)})"
        for part in expression.parts
    )


def terms(expression: Expression) -> Iterator[Term]:
    """Every license that the expression names, from left to right."""
    if isinstance(expression, Term):
        yield expression
    else:
        for part in expression.parts:
            yield from terms(part)


class _Reader:
    """A recursive descent over the tokens, one method a rule of the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def read(self) -> Expression:
        expression = self._read_any()
        if self._peek() != _END:
            raise ExpressionError("an operator is missing")
        return expression

    def _read_any(self) -> Expression:
        parts = self._read_joined("OR", self._read_all)
        return parts[0] if len(parts) == 1 else AnyOf(parts)

    def _read_all(self) -> Expression:
        parts = self._read_joined("AND", self._read_part)
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _read_joined(self, operator: str, read_part: Callable[[], Expression]) -> tuple[Expression, ...]:
        parts = [read_part()]
        while self._skip(operator):
            parts.append(read_part())
        return tuple(parts)

    def _read_part(self) -> Expression:
        if self._peek() != "(":
            return self._read_term()
        self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("nested too deeply")
        inner = self._read_any()
        if self._take() != ")":
            raise ExpressionError("a closing parenthesis is missing")
        self._depth -= 1
        return inner

    def _read_term(self) -> Term:
        license_id, or_later = _read_id(self._take())
        exception = _read_exception(self._take()) if self._skip("WITH") else None
        return Term(license_id, or_later, exception)

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _skip(self, operator: str) -> bool:
        if self._peek() not in (operator, operator.lower()):
            return False
        self._next += 1
        return True


def _read_id(text: str) -> tuple[str, bool]:
    """The current spelling of an id, and whether a plus follows it."""
    if not _ID.fullmatch(text) or text.lower() in _NOT_IDS:
        raise ExpressionError("a license id is missing")
    if listed := spdx.find_id(text):  # before the plus is cut off: GPL-2.0+ is an id of its own
        return listed, False
    base = text.removesuffix("+")
    return spdx.find_id(base) or base, base != text


def _read_exception(text: str) -> str:
    if not _EXCEPTION.fullmatch(text) or text.lower() in _NOT_IDS:
        raise ExpressionError("an exception id is missing")
    return spdx.find_exception(text) or text
