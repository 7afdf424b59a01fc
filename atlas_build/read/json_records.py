"""Records out of JSON text, one at a time, so that memory stays flat however large the file is.

Three layouts are understood: an array of records, an object that holds exactly one array, and JSON Lines. The
standard decoder parses each record where it stands in a sliding window of text; it is fast and it says where a
record ends. A file that is no JSON is an `InputError`; a record that is JSON but cannot be trusted comes out with a
`flaw`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from atlas_build.errors import InputError

MAX_RECORD = 4 << 20
"""Characters that one record may have: a thousand times the usual, ten times the longest turn seen in a real log."""
MAX_DIGITS = 20
"""Digits of an integer. Python itself refuses to parse 4,301; no field needs more than 20."""

_BLANK = re.compile(r"[ \t\r\n]*")
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+(?P<end>"?)|[\[\]{}]', re.DOTALL)
_SLACK = 16
"""A decoder that fails this close to the end of the window may only have been cut off, as in `-Infini`."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One value of the file.

    Attributes:
        number: position in the file, from 1.
        value: the parsed value; None if there is a flaw that kept it from being parsed.
        flaw: rule id of what makes the record unusable whatever it holds, or "".
    """

    number: int
    value: Any
    flaw: str = ""


class _TooDeep:
    """Stands for a value that is nested too deeply to be parsed."""


class _NotANumber:
    """Stands for NaN, an infinity, or an integer of absurd length. No field accepts it."""


def split_records(chunks: Iterator[str], name: str, is_record: Callable[[dict[str, Any]], bool]) -> Iterator[RawRecord]:
    """Every record of one file, in order.

    Args:
        chunks: the file's text.
        name: the file's name, for messages.
        is_record: tells a lone object that is a record from one that holds the records.

    Raises:
        InputError: the text is not JSON, holds no list of records, or a record exceeds `MAX_RECORD`.
    """
    window = _Window(chunks, name)
    match window.peek():
        case "":
            raise InputError(f"{name} is empty.", hint="An empty corpus is written as [].")
        case "[":
            yield from _array(window)
            window.expect_end()
        case "{":
            yield from _objects(window, is_record)
        case _:
            raise window.not_json()


def _array(window: _Window) -> Iterator[RawRecord]:
    window.expect("[")
    if window.peek() == "]":
        window.expect("]")
        return
    while True:
        yield window.record()
        if window.peek() == "]":
            window.expect("]")
            return
        window.expect(",")


def _objects(window: _Window, is_record: Callable[[dict[str, Any]], bool]) -> Iterator[RawRecord]:
    """A file that starts with an object: JSON Lines, one lone record, or a wrapper around an array."""
    ahead = window.look_ahead()
    if ahead is None:
        yield from _wrapper(window)
        return
    value, follower = ahead
    if follower == "{":
        yield from _lines(window)
    elif isinstance(value, dict) and is_record(value):
        yield window.record()
        window.expect_end()
    else:
        yield from _wrapper(window)


def _wrapper(window: _Window) -> Iterator[RawRecord]:
    """An object around the records: pass over its other members and stream its one array."""
    arrays = 0
    window.expect("{")
    while window.peek() != "}":
        window.member_name()
        if window.peek() == "[":
            arrays += 1
            if arrays > 1:
                raise _no_single_array(window.name, "more than one list")
            yield from _array(window)
        else:
            window.value()
        if window.peek() != "}":
            window.expect(",")
    window.expect("}")
    window.expect_end()
    if not arrays:
        raise _no_single_array(window.name, "no list")


def _lines(window: _Window) -> Iterator[RawRecord]:
    """JSON Lines. A line that is no JSON is that record's flaw: the next line can be read all the same."""
    while (line := window.line()) is not None:
        if line:
            yield window.parse_line(line)


def _no_single_array(name: str, found: str) -> InputError:
    return InputError(
        f"{name} is an object with {found} in it; exactly one is expected.",
        hint="Keep the list of records alone in the file, or alone in the object.",
    )


class _Window:
    """A sliding window over the text, with a decoder that works in place."""

    def __init__(self, chunks: Iterator[str], name: str) -> None:
        self.name = name
        self._chunks = chunks
        self._text = ""
        self._place = 0
        self._passed = 0
        self._has_ended = False
        self._count = 0
        self._flaws: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=self._integer, parse_constant=self._constant
        )

    # What the decoder calls

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            self._flaws.append("duplicate-key")
        return members

    def _integer(self, digits: str) -> int | _NotANumber:
        return int(digits) if len(digits) <= MAX_DIGITS else self._constant(digits)

    def _constant(self, _: str) -> _NotANumber:
        self._flaws.append("not-a-number")
        return _NotANumber()

    # Steps

    def peek(self) -> str:
        """The next character that is not blank, or "" at the end."""
        while True:
            blank = _BLANK.match(self._text, self._place)
            self._place = blank.end() if blank else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._fill():
                return ""

    def expect(self, character: str) -> None:
        found = self.peek()
        if found != character:
            raise self.not_json() if found else self._too_short()
        self._place += 1

    def expect_end(self) -> None:
        if self.peek():
            raise self.not_json()

    def member_name(self) -> None:
        if self.peek() != '"':
            raise self.not_json()
        self.value()
        self.expect(":")

    def record(self) -> RawRecord:
        """The value at the window's place, as the next record."""
        value, flaw = self.value()
        self._count += 1
        return RawRecord(self._count, value, flaw)

    def value(self) -> tuple[Any, str]:
        """Parse the value at the window's place and move behind it.

        Returns:
            The value and a flaw. A value with a flaw may be None.
        """
        self.peek()
        while True:
            found = self._attempt()
            if found is not None:
                value, self._place, flaw = found
                return value, flaw
            self._grow()

    def look_ahead(self) -> tuple[Any, str] | None:
        """The object at the window's place and the first character behind it ("" at the end), without moving.

        None if the object is larger than a record may be.
        """
        while True:
            try:
                found = self._attempt()
            except _TooLargeError:
                return None
            if found is not None:
                value, end, _ = found
                blank = _BLANK.match(self._text, end)
                behind = blank.end() if blank else end
                if behind < len(self._text):
                    return value, self._text[behind]
                if self._has_ended or behind - end > MAX_RECORD:
                    return value, ""
            self._grow()

    def line(self) -> str | None:
        """The rest of the current line without blanks around it; None at the end."""
        while (end := self._text.find("\n", self._place)) < 0:
            if len(self._text) - self._place > MAX_RECORD:
                raise self._too_large()
            if not self._grow():
                end = len(self._text)
                break
        if self._place >= len(self._text):
            return None
        line = self._text[self._place : end].strip(" \t\r\n")
        self._place = end + 1
        return line

    def parse_line(self, line: str) -> RawRecord:
        """The record of one line."""
        self._count += 1
        self._flaws.clear()
        try:
            value, end = self._decoder.raw_decode(line)
        except RecursionError:
            return RawRecord(self._count, None, "too-deep")
        except json.JSONDecodeError:
            return RawRecord(self._count, None, "not-json")
        if end < len(line):
            return RawRecord(self._count, None, "not-json")
        return RawRecord(self._count, value, next(iter(self._flaws), ""))

    # Errors

    def not_json(self) -> InputError:
        return InputError(
            f"{self.name} is not valid JSON at character {self._passed + self._place + 1:,}, {self._near()}.",
            hint="Expected is a JSON list of records, an object with one such list, or one record a line.",
        )

    def _too_short(self) -> InputError:
        return InputError(
            f"{self.name} ends in the middle of {self._near()}.",
            hint="The file is incomplete: copy or download it again.",
        )

    def _too_large(self) -> InputError:
        return _TooLargeError(
            f"{self.name}: {self._near()} has more than {MAX_RECORD:,} characters; reading stopped.",
            hint="No real record is that long. Look for a quotation mark that was not closed.",
        )

    def _near(self) -> str:
        return f"record {self._count + 1:,}"

    # The window

    def _attempt(self) -> tuple[Any, int, str] | None:
        """Value, end and flaw; None if the window ends before the value does."""
        self._flaws.clear()
        value: Any = None
        end: int | None = None
        flaw = ""
        try:
            value, end = self._decoder.raw_decode(self._text, self._place)
        except RecursionError:
            end, flaw = self._skip(), "too-deep"
        except json.JSONDecodeError as error:
            self._judge(error)
        if end is not None and self._may_go_on(end):
            end = None
        if (len(self._text) if end is None else end) - self._place > MAX_RECORD:
            raise self._too_large()
        return None if end is None else (value, end, flaw or next(iter(self._flaws), ""))

    def _may_go_on(self, end: int) -> bool:
        """A number near the end of the window may have more digits, a fraction or an exponent behind it."""
        return not self._has_ended and self._text[end - 1] not in '"]}' and end > len(self._text) - _SLACK

    def _judge(self, error: json.JSONDecodeError) -> None:
        """Tell text that is wrong, which raises, from text that goes on behind the window."""
        is_cut_off = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _SLACK
        if is_cut_off and self._has_ended:
            raise self._too_short()
        if not is_cut_off:
            self._place = error.pos
            raise self.not_json()

    def _skip(self) -> int | None:
        """Where the value at the window's place ends, by its brackets alone; None if that is not in the window."""
        depth = 0
        for token in _STRUCTURE.finditer(self._text, self._place):
            mark = token[0][0]
            if mark == '"':
                if not token["end"]:
                    break
            else:
                depth += 1 if mark in "[{" else -1
                if depth == 0:
                    return token.end()
        if self._has_ended:
            raise self._too_short()
        return None

    def _grow(self) -> bool:
        """At least double what lies ahead, so that a value is parsed anew only a few times."""
        wanted = 2 * (len(self._text) - self._place)
        has_grown = self._fill()
        while has_grown and len(self._text) - self._place < wanted and self._fill():
            pass
        return has_grown

    def _fill(self) -> bool:
        """Take in one more chunk and drop what is behind; False at the end of the text."""
        chunk = next(self._chunks, None)
        while chunk == "":
            chunk = next(self._chunks, None)
        if chunk is None:
            self._has_ended = True
            return False
        self._passed += self._place
        self._text = self._text[self._place :] + chunk
        self._place = 0
        return True


class _TooLargeError(InputError):
    pass
