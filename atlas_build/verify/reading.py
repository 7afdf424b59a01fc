"""One page as the checks see it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from atlas_build.verify.markup import MarkupError, Tag, is_start, line_at, parse_tag, split_tags
from atlas_build.verify.problem import Problem
from atlas_build.verify.tag_rules import TagFacts, read_tag_facts

_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)
_MEMORY = 50_000


@dataclass(frozen=True)
class PageText:
    """A page that could be read.

    Attributes:
        head: the start tags up to the end of head, in order.
        titles: the texts of title elements in the head.
        tags: (tag as it stands, its facts) of every tag that says something a check looks at, in order.
    """

    path: str
    text: str
    head: tuple[Tag, ...]
    titles: tuple[str, ...]
    tags: list[tuple[str, TagFacts]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`case` for `<main class="page-case">`; "" when there is none."""
        classes = [name for _, facts in self.tags for name in facts.page_class.split() if name.startswith("page-")]
        return classes[0].removeprefix("page-") if classes else ""

    @property
    def robots(self) -> str:
        return " ".join(
            tag.attributes.get("content", "").lower()
            for tag in self.head
            if tag.name == "meta" and tag.attributes.get("name", "").lower() == "robots"
        )

    def problem(self, rule: str, message: str, token: str = "") -> Problem:
        """A problem of this page; with the token, its line is named."""
        line = f"line {line_at(self.text, self.text.find(token))}: " if token else ""
        return Problem(self.path, rule, line + message)


class PageReader:
    """Reads pages. Remembers tags, because most pages share most tags."""

    def __init__(self) -> None:
        self._known: dict[str, TagFacts] = {}

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
        end = _HEAD_END.search(text)
        if not end:
            return Problem(path, "markup", "has no head")
        head = text[: end.start()]
        return PageText(
            path,
            text,
            head=tuple(parse_tag(token) for token in split_tags(head) if is_start(token)),
            titles=tuple(unescape(title).strip() for title in _TITLE.findall(head)),
            tags=[(token, facts) for token in tokens if is_start(token) and not (facts := self._facts(token)).is_plain],
        )

    def _facts(self, token: str) -> TagFacts:
        facts = self._known.get(token)
        if facts is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            facts = self._known[token] = read_tag_facts(token)
        return facts
