"""What is wrong with a field, in our own words.

Validation messages of pydantic may quote the input. Only their type, place and expected values are used here.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails


class UnreadableError(Exception):
    """A record, a line or a table cannot be used. Holds nothing of its values.

    Attributes:
        rule: kebab-case id of what was broken.
        field: path of the field, with list positions counted from 1, or "".
        message: what is wrong and what to do.
    """

    def __init__(self, rule: str, field: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.field = field
        self.message = message


_SENTENCES = {
    "missing": ("field-missing", "the field is missing; add it"),
    "extra_forbidden": ("field-unknown", "the field is not known here; remove it or correct its spelling"),
    "enum": ("unknown-code", "the value is not one of {expected}; correct it"),
    "literal_error": ("unknown-code", "the value is not one of {expected}; correct it"),
    "string_type": ("wrong-type", "text is expected here"),
    "bool_type": ("wrong-type", "true or false is expected here"),
    "int_type": ("wrong-type", "a whole number is expected here"),
    "list_type": ("wrong-type", "a list is expected here"),
    "tuple_type": ("wrong-type", "a list is expected here"),
    "dict_type": ("wrong-type", "an object is expected here"),
    "model_type": ("wrong-type", "an object is expected here"),
    "none_required": ("wrong-type", "null is expected here"),
    "string_unicode": ("lone-surrogate", "the text holds half of a surrogate pair; repair the export that cut it"),
    "string_too_short": ("text-empty", "the text is empty; fill it in"),
    "string_too_long": ("text-too-long", "the text has more than {max_length} characters; shorten it"),
    "string_pattern_mismatch": ("wrong-form", "the value does not have the expected form; see docs/input.md"),
    "too_long": ("list-too-long", "the list has more than {max_length} items; look for repeated ones"),
    "greater_than_equal": ("number-out-of-range", "the number must be at least {ge}"),
    "less_than_equal": ("number-out-of-range", "the number must be at most {le}"),
    "date_from_datetime_parsing": ("wrong-form", "a date such as 2026-03-31 is expected here"),
    "date_type": ("wrong-type", "a date such as 2026-03-31 is expected here"),
    "date_parsing": ("wrong-form", "a date such as 2026-03-31 is expected here"),
}
_OWN = frozenset({"wrong-form", "bad-timestamp", "verdict-contradiction"})
"""Error types that our own validators raise; their message is ours and quotes nothing."""


def explain(error: ValidationError) -> UnreadableError:
    """The first problem in full, and how many more there are."""
    details = error.errors(include_input=False, include_url=False)
    first = describe(details[0])
    more = len({detail["loc"] for detail in details}) - 1
    tail = f" ({more} more {'field has' if more == 1 else 'fields have'} a problem)" if more else ""
    return UnreadableError(first.rule, first.field, first.message + tail)


def describe(detail: ErrorDetails) -> UnreadableError:
    """One pydantic error as rule, field and sentence."""
    kind, field = detail["type"], field_path(detail["loc"])
    if kind in _OWN:
        return UnreadableError(kind, field, detail["msg"])
    rule, sentence = _SENTENCES.get(kind, ("wrong-form", "the value cannot be read as what this field holds"))
    context = {name: str(value) for name, value in detail.get("ctx", {}).items()}
    return UnreadableError(rule, field, sentence.format_map(_Words(context)))


def field_path(location: Sequence[str | int]) -> str:
    """`("evidence", 0, "quote")` -> `evidence[1].quote`: positions from 1, as everywhere else."""
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


class _Words(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return "…"
