"""One page as the checks see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import TypeVar

from atlas_build.verify.markup import MarkupError, Tag, is_start, line_at, parse_tag, split_tags
from atlas_build.verify.problem import Problem
from atlas_build.verify.tag_rules import TagFacts, read_tag_facts

HEAD_END = "</head>"
_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)
T = TypeVar("T")

_MEMORY = 50_000
_LONGEST_KNOWN = 500


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
    text: str
    head: tuple[Tag, ...]
    titles: tuple[str, ...]
    tags: tuple[tuple[str, TagFacts, int], ...]

    @cached_property
    def kind(self) -> str:
        """`case` for `<main class="page-case">`; "" when there is none."""
        classes = [name for _, facts, _ in self.tags for name in facts.page_class.split() if name.startswith("page-")]
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
    """Reads pages. Remembers tags, because most pages share most tags."""

    def __init__(self) -> None:
        self._known_tags: dict[str, Tag] = {}
        self._known_facts: dict[str, TagFacts] = {}

    def read(self, path: str, data: bytes) -> PageText | Problem:
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
        if not tokens or tokens[0].lower() != "<!doctype html>":
            return Problem(path, "markup", "does not begin with <!doctype html>")
        if HEAD_END not in tokens:
            return Problem(path, "markup", "has no head")
        head = tokens[: tokens.index(HEAD_END)]
        return PageText(
            path,
            text,
            head=tuple(self._tag(token) for token in head if is_start(token)),
            titles=tuple(unescape(title).strip() for title in _TITLE.findall(text, 0, text.index(HEAD_END))),
            tags=tuple(self._telling(tokens)),
        )

    def _telling(self, tokens: list[str]) -> Iterator[tuple[str, TagFacts, int]]:
        """Each different tag is looked at once: a list has few different ones."""
        for token, count in Counter(tokens).items():
            if is_start(token) and not (facts := self._facts(token)).is_plain:
                yield token, facts, count

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


def _keep(known: dict[str, T], token: str, value: T) -> None:
    """Remember a short tag; forget all when they are too many."""
    if len(known) >= _MEMORY:
        known.clear()
    if len(token) <= _LONGEST_KNOWN:
        known[token] = value
