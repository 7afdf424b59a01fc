"""Text out of files: plain or gzipped, UTF-8 with or without a byte order mark, from disk or standard input.

What a file is, is seen from its first bytes and never from its name. Text comes in chunks, so that memory stays flat.
"""

from __future__ import annotations

import codecs
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from atlas_build.errors import InputError

CHUNK = 1 << 20
"""Bytes that are read, and unpacked, at a time."""
MAX_EXPANSION = 250
"""A gzip file may unpack to this many times its size. Label rows reach 60; a file made to do harm reaches 1,000."""
EXPANSION_FREE = 64 << 20
"""Bytes that any gzip file may unpack to, however small it is."""
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Stdin:
    """Stands for standard input among the input paths. Can be read once."""

    stream: BinaryIO = field(default_factory=lambda: sys.stdin.buffer)

    def __str__(self) -> str:
        return "(standard input)"


Input = Path | Stdin


def input_names(inputs: Sequence[Input]) -> list[str]:
    """How messages call the inputs: by file name; as given where two files share a name; numbered if need be.

    A whole path may hold the maintainer's user name, and names end up in reports. No two names are the same.
    """
    short = [str(source) if isinstance(source, Stdin) else source.name for source in inputs]
    seen: Counter[str] = Counter()
    names = []
    for source, name in zip(inputs, short, strict=True):
        base = str(source) if short.count(name) > 1 else name
        seen[base] += 1
        names.append(f"{base} ({seen[base]})" if seen[base] > 1 else base)
    return names


def read_text(source: Input) -> Iterator[str]:
    """The text of one input in chunks of about a megabyte.

    Raises:
        InputError: the file cannot be opened or read, is a damaged gzip file, or is not UTF-8.
    """
    blocks = _blocks(source)
    start = b""
    while len(start) < len(GZIP_MAGIC) and (block := next(blocks, b"")):
        start += block
    blocks = chain([start], blocks)
    yield from _decode(_unpack(blocks, source) if start.startswith(GZIP_MAGIC) else blocks, source)


def _blocks(source: Input) -> Iterator[bytes]:
    try:
        if isinstance(source, Stdin):
            yield from _stream_blocks(source.stream)
        else:
            with source.open("rb") as stream:
                yield from _stream_blocks(stream)
    except IsADirectoryError:
        raise InputError(
            f"{source} is a folder, not a file of records.",
            hint="Name the file, or give the corpus folder alone, without other files.",
        ) from None
    except FileNotFoundError:
        raise InputError(f"{source} does not exist.", hint="Check the path.") from None
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or type(error).__name__}.") from None


def _stream_blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(CHUNK):
        yield block


def _unpack(blocks: Iterator[bytes], source: Input) -> Iterator[bytes]:
    """Unpack gzip, one or several members, never more than a chunk at a time."""
    packed = unpacked = 0
    engine, is_inside = _new_engine(), False
    for block in blocks:
        packed += len(block)
        data, has_more = block, True
        while has_more:
            is_inside = is_inside or bool(data)
            piece = _inflate(engine, data, source)
            unpacked += len(piece)
            if unpacked > max(EXPANSION_FREE, packed * MAX_EXPANSION):
                raise InputError(
                    f"{source} unpacks to more than {MAX_EXPANSION} times its size; reading stopped.",
                    hint="Real records do not shrink that far. If the file is good, unpack it first.",
                )
            yield piece
            if engine.eof:
                data = engine.unused_data.lstrip(b"\0")  # padding between members
                engine, is_inside, has_more = _new_engine(), False, bool(data)
            else:
                data = engine.unconsumed_tail
                has_more = bool(data) or len(piece) == CHUNK
    if is_inside:
        raise InputError(f"{source} is a gzip file that ends too early.", hint="Copy or download it again.")


def _new_engine() -> zlib._Decompress:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)


def _inflate(engine: zlib._Decompress, data: bytes, source: Input) -> bytes:
    try:
        return engine.decompress(data, CHUNK)
    except zlib.error:
        raise InputError(f"{source} is a damaged gzip file.", hint="Copy or download it again.") from None


def _decode(blocks: Iterator[bytes], source: Input) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    done = 0
    try:
        for block in blocks:
            yield decoder.decode(block)
            done += len(block)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise InputError(
            f"{source} is not UTF-8 text (somewhere after byte {done:,}).", hint="Save the file as UTF-8."
        ) from None
