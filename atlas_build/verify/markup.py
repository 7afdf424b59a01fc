"""Reads the HTML that this project writes, and says where it meets anything else.

The pages are many and alike, so that a full parser would spend most of the check on them. This reader knows the part
of HTML that the templates use: quoted or bare attributes, void and normal elements, comments, raw text in script and
style. A `<` that starts none of these, as in an unclosed tag or an unescaped text, is `None` of our markup, and the
page is reported as a whole instead of being half understood.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

_ATTRIBUTES = r"""(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'=<>`]+))?)*+\s*/?"""
_RAW = r"[^<]*(?:<(?!/?(?:script|style)[\s>])[^<]*)*"
_TOKEN = re.compile(
    rf"<(?:/[a-z][\w-]*\s*>|!--(?:(?!<!--|-->).)*-->|!doctype html>"
    rf"|script(?=[\s>]){_ATTRIBUTES}>{_RAW}</script\s*>|style(?=[\s>]){_ATTRIBUTES}>{_RAW}</style\s*>"
    rf"|(?!script[\s>]|style[\s>])[a-z][\w-]*{_ATTRIBUTES}>)?",
    re.DOTALL | re.IGNORECASE,
)
"""Linear also for garbage: no alternative reads past the next of its own kind."""

_START = re.compile(rf"<([A-Za-z][\w-]*)({_ATTRIBUTES})>")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


class Tag(NamedTuple):
    """A start tag. `content` is the raw text of a script or style element."""

    name: str
    attributes: dict[str, str]
    content: str = ""
    repeated: bool = False
    """An attribute stands twice; browsers take the first."""


class MarkupError(Exception):
    """`line` (from 1) holds markup that this project does not write."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def split_tags(text: str) -> list[str]:
    """All tags and comments of a page as they stand, in order.

    Raises:
        MarkupError: a `<` starts none of the known forms.
    """
    tokens: list[str] = _TOKEN.findall(text)
    if "<" in tokens:
        place = next(match.start() for match in _TOKEN.finditer(text) if match[0] == "<")
        raise MarkupError(line_at(text, place))
    return tokens


def line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def is_start(token: str) -> bool:
    return token[1] not in "/!"


def parse_tag(token: str) -> Tag:
    """Name and attributes of a start tag; names in lower case, references resolved."""
    match = _START.match(token)
    assert match, "split_tags lets start tags of this form through only"
    attributes: dict[str, str] = {}
    repeated = False
    for name, double, single, bare in _ATTRIBUTE.findall(match[2]):
        key = name.lower()
        repeated = repeated or key in attributes
        attributes.setdefault(key, unescape(double or single or bare))
    return Tag(match[1].lower(), attributes, token[match.end() : token.rfind("</")].strip(), repeated)
