"""Private keys: whole PEM, OpenSSH and PGP blocks, also with `\\n` escaped inside JSON, also cut off at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Hit

_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_BODY = re.compile(r"(?:[A-Za-z0-9+/=:,.\- \t\r\n>|#*\"']|\\[nrt]|\\u000[ad])*+")
"""What may stand between: base64, headers such as `Proc-Type:`, quoting marks of mails, diffs and code."""
_KEY_RUN = re.compile(r"[A-Za-z0-9+/=]{16}[A-Za-z0-9+/=]*+")
_MARK = "-----BEGIN "


def find_private_keys(text: str) -> Iterator[Hit]:
    """Blocks on the whole text: they are longer than any window. A block without an end runs as far as its body."""
    place = text.find(_MARK)
    while place >= 0:
        following = text.find(_MARK, place + len(_MARK))
        limit = following if following >= 0 else len(text)
        begin = _BEGIN.match(text, place, limit)
        end = _end_of_block(text, begin.end(), limit) if begin else None
        if end is not None:
            yield Hit(place, end, Kind.PRIVATE_KEY, 1.0, "private-key-block")
        place = following


def _end_of_block(text: str, start: int, limit: int) -> int | None:
    """Where the block ends; None if it holds no key, as in talk about the header line."""
    end = _END.search(text, start, limit)
    body = _BODY.match(text, start, end.start() if end else limit)
    last = start
    for run in _KEY_RUN.finditer(body[0] if body else ""):
        last = start + run.end()
    if last == start and not (end and _KEY_RUN.search(text, start, end.start())):
        return None
    return end.end() if end else last
