"""The picture that link previews show: the atlas's mark, drawn as a PNG without any font or library.

One picture serves all pages, so that a preview never shows the words of a case.
"""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 1200, 630
PAPER, INK, SPOT = 0, 1, 2
PALETTE = bytes.fromhex("fbfaf71f2328b3401f")
CELL, LINE, CELLS = 150, 6, 3
MARKED = (2, 1)
"""Column and row of the cell that is filled, as in the site's own mark."""


def draw_social_card() -> bytes:
    """A PNG with a palette, 8 bits a pixel (https://www.w3.org/TR/png-3/)."""
    rows = b"".join(b"\0" + _row(y) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", PALETTE), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _row(y: int) -> bytes:
    side = CELLS * CELL + LINE
    top, left = (HEIGHT - side) // 2, (WIDTH - side) // 2
    row = bytearray([PAPER]) * WIDTH
    inside = y - top
    if not 0 <= inside < side:
        return bytes(row)
    if inside % CELL < LINE:
        row[left : left + side] = bytes([INK]) * side
        return bytes(row)
    if inside // CELL == MARKED[1]:
        start = left + MARKED[0] * CELL
        row[start : start + CELL] = bytes([SPOT]) * CELL
    for column in range(CELLS + 1):
        start = left + column * CELL
        row[start : start + LINE] = bytes([INK]) * LINE
    return bytes(row)
