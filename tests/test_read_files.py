"""Text out of files: gzip, byte order marks, standard input, and files that are none."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zlib
from pathlib import Path

import pytest

from atlas_build.errors import InputError
from atlas_build.read import files
from atlas_build.read.files import Stdin, input_names, read_text

TEXT = '[{"a": "ü 漢 ✔"}]\n'


def write(folder: Path, data: bytes, name: str = "records.json") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def text_of(source: Path | Stdin) -> str:
    return "".join(read_text(source))


@pytest.mark.parametrize("name", ["records.json", "records.json.gz", "records.txt", "records"])
def test_the_name_does_not_matter(tmp_path: Path, name: str) -> None:
    assert text_of(write(tmp_path, TEXT.encode(), name)) == TEXT
    assert text_of(write(tmp_path, gzip.compress(TEXT.encode()), name)) == TEXT


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    assert text_of(write(tmp_path, b"\xef\xbb\xbf" + TEXT.encode())) == TEXT
    assert text_of(write(tmp_path, gzip.compress(b"\xef\xbb\xbf" + TEXT.encode()))) == TEXT


def test_standard_input_is_read_plain_and_packed() -> None:
    assert text_of(Stdin(io.BytesIO(TEXT.encode()))) == TEXT
    assert text_of(Stdin(io.BytesIO(gzip.compress(TEXT.encode())))) == TEXT
    assert text_of(Stdin(io.BytesIO(b""))) == ""


def test_characters_may_be_cut_by_the_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 1)
    assert text_of(write(tmp_path, TEXT.encode())) == TEXT
    assert text_of(write(tmp_path, gzip.compress(TEXT.encode() * 50))) == TEXT * 50


def test_several_gzip_members_and_padding_are_one_text(tmp_path: Path) -> None:
    packed = gzip.compress(b"[1,") + gzip.compress(b"") + gzip.compress(b"2]") + b"\0" * 600
    assert text_of(write(tmp_path, packed)) == "[1,2]"


@pytest.mark.parametrize("cut", [1, 9, 20])
def test_a_gzip_file_that_ends_too_early_is_an_error(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path, gzip.compress(TEXT.encode() * 9)[:-cut])
    with pytest.raises(InputError, match=r"records\.json is a gzip file that ends too early\."):
        text_of(path)


def test_a_damaged_gzip_file_is_an_error(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT.encode() * 9))
    packed[-5] ^= 1  # the checksum
    with pytest.raises(InputError, match=r"records\.json is a damaged gzip file\."):
        text_of(write(tmp_path, bytes(packed)))
    with pytest.raises(InputError, match=r"records\.json is a damaged gzip file\."):
        text_of(write(tmp_path, gzip.compress(b"[]") + b"rubbish"))


def test_a_gzip_bomb_stops_early_with_flat_memory(tmp_path: Path) -> None:
    engine = zlib.compressobj(9, wbits=31)
    blank = b" " * (1 << 20)
    bomb = b"".join([engine.compress(blank) for _ in range(300)] + [engine.flush()])
    path = write(tmp_path, bomb)
    taken = 0
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks to more than 250 times its size"):
        for piece in read_text(path):
            taken += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 80 << 20
    assert peak < 12 << 20


@pytest.mark.parametrize("data", [b'["\xff"]', b'["\xc3', TEXT.encode("utf-16"), b"\xed\xa0\x80"])
def test_what_is_not_utf_8_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="is not UTF-8 text"):
        text_of(write(tmp_path, data))


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        text_of(tmp_path / "nowhere.json")
    with pytest.raises(InputError, match="is a folder, not a file of records"):
        text_of(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, b"[]")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        text_of(path)


def test_a_device_that_fails_is_an_error() -> None:
    class Broken(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"\(standard input\) cannot be read: Input/output error\."):
        text_of(Stdin(Broken()))


def test_inputs_are_called_by_file_name_unless_names_collide() -> None:
    inputs = [Path("/home/someone/one/a.json"), Path("x/b.json"), Path("y/b.json"), Stdin(io.BytesIO())]
    assert input_names(inputs) == ["a.json", "x/b.json", "y/b.json", "(standard input)"]
    assert input_names([Stdin(io.BytesIO())] * 3) == [
        "(standard input)",
        "(standard input) (2)",
        "(standard input) (3)",
    ]
