"""One page as the checks see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import NamedTuple, TypeVar

from atlas_build.verify.markup import MarkupError, Tag, is_start, line_at, parse_tag, split_tags
from atlas_build.verify.problem import Problem
from atlas_build.verify.tag_rules import TagFacts, read_tag_facts

DOCTYPE = "<!doctype html>"
HEAD_END = "</head>"
_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)
T = TypeVar("T")

_MEMORY = 50_000
_LONGEST_KNOWN = 500
_LINE_MEMORY = 16_000_000
"""Bytes of lines that are remembered."""


class Line(NamedTuple):
    """What the checks need to know of a line of a page that holds whole tags only.

    Attributes:
        tags: (tag as it stands, its facts) of every start tag that says something a check looks at, in order.
    """

    tags: tuple[tuple[str, TagFacts], ...]


_PLAIN_LINE = Line(())


@dataclass(frozen=True)
class PageLines:
    """A page, line by line.

    Attributes:
        lines: those that say something to a check.
        new: lines that were not known before, in order; as they stand, and what they say.
    """

    lines: tuple[Line, ...]
    new: dict[bytes, Line]


@dataclass(frozen=True)
class PageText:
    """A page that could be read.

    Attributes:
        head: the start tags up to the end of head, in order.
        titles: the texts of title elements in the head.
        tags: (tag as it stands, its facts, how often it stands so) of every different tag that says something a check
            looks at, in the order of their first place.
    """

    path: str
    data: bytes
    head: tuple[Tag, ...]
    titles: tuple[str, ...]
    tags: tuple[tuple[str, TagFacts, int], ...]

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8")

    @cached_property
    def kind(self) -> str:
        """`case` for `<main class="page-case">`; "" when there is none."""
        classes = [
            name
            for _, facts, _ in self.tags
            if facts.page_class
            for name in facts.page_class.split()
            if name.startswith("page-")
        ]
        return classes[0].removeprefix("page-") if classes else ""

    @property
    def robots(self) -> str:
        return " ".join(
            tag.attributes.get("content", "").lower()
            for tag in self.head
            if tag.name == "meta" and tag.attributes.get("name", "").lower() == "robots"
        )

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id stands on the page."""
        counts: Counter[str] = Counter()
        for _, facts, count in self.tags:
            if facts.id is not None:
                counts[facts.id] += count
        return counts

    def count(self, name: str) -> int:
        """How many elements of this name; for h1 and main only."""
        return sum(count for _, facts, count in self.tags if facts.name == name)

    def problem(self, rule: str, message: str, token: str = "") -> Problem:
        """A problem of this page; with the token, its line is named."""
        line = f"line {line_at(self.text, self.text.find(token))}: " if token else ""
        return Problem(self.path, rule, line + message)


class PageReader:
    """Reads pages. Remembers lines and tags, because most pages share most of them."""

    def __init__(self) -> None:
        self._known_tags: dict[str, Tag] = {}
        self._known_facts: dict[str, TagFacts] = {}
        self._known_lines: dict[bytes, Line] = {}
        self._known_bytes = 0

    def read(self, path: str, data: bytes, lines: PageLines | None = None) -> PageText | Problem:
        """`lines`: what `split_lines` made of the page, if that was asked before."""
        lines = lines or self.split_lines(data)
        return (lines and self._join_lines(path, data, lines)) or self._read_whole(path, data)

    def _read_whole(self, path: str, data: bytes) -> PageText | Problem:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return Problem(path, "markup", f"byte {error.start + 1} is not UTF-8")
        if "\0" in text:
            return Problem(path, "markup", f"line {line_at(text, text.index(chr(0)))}: a NUL byte; this is no HTML")
        try:
            tokens = split_tags(text)
        except MarkupError as error:
            message = f"line {error.line}: markup that the check cannot read (unclosed tag, unescaped `<`?)"
            return Problem(path, "markup", message)
        if not tokens or tokens[0].lower() != DOCTYPE:
            return Problem(path, "markup", "does not begin with <!doctype html>")
        if HEAD_END not in tokens:
            return Problem(path, "markup", "has no head")
        head = tokens[: tokens.index(HEAD_END)]
        return PageText(
            path,
            data,
            head=tuple(self._tag(token) for token in head if is_start(token)),
            titles=_titles(text[: text.index(HEAD_END)]),
            tags=_count_tags([self._line(tokens)]),
        )

    def split_lines(self, data: bytes) -> PageLines | None:
        """The page as lines; None unless every line by itself is text with whole tags.

        Where a tag, comment or script goes over the end of a line, the page has to be read as a whole.
        """
        lines: list[Line] = []
        new: dict[bytes, Line] = {}
        known = self._known_lines
        try:
            for source in data.split(b"\n"):
                line = known.get(source) or new.get(source)
                if line is None:
                    line = new[source] = self._read_line(source)
                if line is not _PLAIN_LINE:
                    lines.append(line)
        except (UnicodeDecodeError, MarkupError):
            return None
        return PageLines(tuple(lines), new)

    def remember(self, lines: Mapping[bytes, Line]) -> None:
        """Know these lines from now on; forget all when they are too many."""
        self._known_bytes += sum(map(len, lines))
        if self._known_bytes > _LINE_MEMORY:
            self._known_lines.clear()
            self._known_bytes = 0
        self._known_lines.update(lines)

    def _read_line(self, source: bytes) -> Line:
        return self._line(split_tags(source.decode("utf-8"))) if b"<" in source else _check_text(source)

    def _line(self, tokens: Iterable[str]) -> Line:
        found = [(token, facts) for token in tokens if is_start(token) and not (facts := self._facts(token)).is_plain]
        return Line(tuple(found)) if found else _PLAIN_LINE

    def _join_lines(self, path: str, data: bytes, lines: PageLines) -> PageText | None:
        """The page that the lines make; None for one that has to be read as a whole to say what is wrong with it."""
        end = data.find(HEAD_END.encode())
        if end < 0 or b"\0" in data:
            return None
        head = data[:end].decode("utf-8")
        try:
            tokens = split_tags(head)
        except MarkupError:
            return None
        if not tokens or tokens[0].lower() != DOCTYPE:
            return None
        return PageText(
            path,
            data,
            head=tuple(self._tag(token) for token in tokens if is_start(token)),
            titles=_titles(head),
            tags=_count_tags(lines.lines),
        )

    def _tag(self, token: str) -> Tag:
        tag = self._known_tags.get(token)
        if tag is None:
            tag = parse_tag(token)
            _keep(self._known_tags, token, tag)
        return tag

    def _facts(self, token: str) -> TagFacts:
        facts = self._known_facts.get(token)
        if facts is None:
            facts = read_tag_facts(token)
            _keep(self._known_facts, token, facts)
        return facts


def _check_text(source: bytes) -> Line:
    source.decode("utf-8")
    return _PLAIN_LINE


def _titles(head: str) -> tuple[str, ...]:
    return tuple(unescape(title).strip() for title in _TITLE.findall(head))


def _count_tags(lines: Iterable[Line]) -> tuple[tuple[str, TagFacts, int], ...]:
    """Each different tag once: a list has few different ones."""
    counts: dict[str, int] = {}
    facts: dict[str, TagFacts] = {}
    for line in lines:
        for token, found in line.tags:
            counts[token] = counts.get(token, 0) + 1
            facts[token] = found
    return tuple((token, facts[token], count) for token, count in counts.items())


def _keep(known: dict[str, T], token: str, value: T) -> None:
    """Remember a short tag; forget all when they are too many."""
    if len(known) >= _MEMORY:
        known.clear()
    if len(token) <= _LONGEST_KNOWN:
        known[token] = value
