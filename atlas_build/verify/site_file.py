"""One file of a finished site, read and decoded once for all who look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from atlas_build.verify.decoding import (
    DAMAGED,
    DATA,
    MARKUP,
    TAGS,
    Batch,
    read_content,
    read_pieces,
    read_text,
    split_strings,
    undecodable,
    unescape_html,
)
from atlas_build.verify.reading import PageLines, PageReader

PAGES = (".html", ".htm")
_DATA_BLOCK = '"application/ld+json"'
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|em|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)\b[^<>]*>"
)


class Source(NamedTuple):
    """A stretch of a page, or a whole one, as its readers get it.

    Attributes:
        plain: text, with tags gone without a gap: `jo<b>hn</b>` is one word.
        blocks: text, cut into lines at tags of blocks.
        tags: one a line.

    Of both texts, the strings of data blocks (JSON-LD) come last, one a line.
    """

    plain: str
    blocks: str
    tags: str


class SiteFile:
    """
    Attributes:
        path: below the site's root, with slashes.
    """

    def __init__(self, path: str, data: bytes, pages: PageReader) -> None:
        self.path = path
        self.data = data
        self._pages = pages

    @property
    def is_page(self) -> bool:
        return self.path.endswith(PAGES)

    @cached_property
    def content(self) -> tuple[str, str | bytes]:
        """Suffix and content, without compression; bytes if it is no text."""
        try:
            return read_content(PurePosixPath(self.path).name, self.data)
        except DAMAGED:
            raise undecodable(self.path) from None

    @property
    def is_data(self) -> bool:
        suffix, content = self.content
        return isinstance(content, bytes) or suffix in DATA

    @property
    def is_markup(self) -> bool:
        return self.content[0] in MARKUP

    @cached_property
    def lines(self) -> PageLines | None:
        """Of a page that can be read line by line."""
        return self._pages.split_lines(self.data)

    @cached_property
    def news(self) -> Source:
        """What stands on a page in lines that were not known before; of other pages and markup all of it."""
        if not (self.is_page and self.lines):
            return read_source(self.text)
        return read_source(b"\n".join(self.lines.new).decode("utf-8"))

    def remember(self) -> None:
        """Nothing was found on this page, so its lines need not be looked at again."""
        if self.lines:
            self._pages.remember(self.lines.new)

    @property
    def text(self) -> str:
        content = self.content[1]
        assert isinstance(content, str), "only text files are read as one text"
        return content

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """All that a text file says, as one or more texts."""
        return tuple(read_text(self.content[0], self.text))

    def batches(self) -> Iterator[Batch]:
        """The pieces of a data file."""
        try:
            yield from read_pieces(*self.content)
        except DAMAGED:
            raise undecodable(self.path) from None


def read_source(text: str) -> Source:
    """Text and tags of some markup."""
    parts = TAGS.split(text)
    texts, tags = parts[::2], parts[1::2]
    data: list[str] = []
    blocks = [texts[0]]
    for place, tag in enumerate(tags, 1):
        if tag.startswith("<script") and _DATA_BLOCK in tag:
            data += split_strings(texts[place])
            texts[place] = ""
        blocks += ("" if _INLINE.fullmatch(tag) else "\n", texts[place])
    plain, lines = "\n".join(["".join(texts), *data]), "\n".join(["".join(blocks), *data])
    return Source(unescape_html(plain), unescape_html(lines), unescape_html("\n".join(tags)))
