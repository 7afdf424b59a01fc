"""The same input gives the same bytes: for any hash seed, number of workers, order of records, place and day."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from building import many_records, read_tree, run_atlas, write_corpus

from atlas_build.publish.staging import MARKER

COUNT = 210
"""More than what is scrubbed, rendered and checked without workers."""


def build_apart(inputs: list[Path], out: Path, *, seed: str, jobs: str, **environment: str) -> dict[str, bytes]:
    result = run_atlas(
        "build", *inputs, "--out", out, "--jobs", jobs, "--base-url", "https://atlas.example.org/",
        PYTHONHASHSEED=seed, **environment,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr.decode()
    return read_tree(out)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("first")
    corpus = write_corpus(folder / "corpus", many_records(COUNT))
    return build_apart([corpus], folder / "site", seed="1", jobs="1")


def differing(first: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in first.keys() | other.keys() if first.get(path) != other.get(path))


def test_another_order_hash_seed_number_of_workers_zone_and_language_give_the_same_bytes(
    first: dict[str, bytes], tmp_path: Path
) -> None:
    records = many_records(COUNT)
    random.Random(7).shuffle(records)
    turned = [dict(reversed(record.items())) for record in records]
    for name, part in (("b.json", turned[: COUNT // 2]), ("a.json", turned[COUNT // 2 :])):
        (tmp_path / name).write_text(json.dumps(part), encoding="utf-8")
    other = build_apart(
        [tmp_path / "b.json", tmp_path / "a.json"], tmp_path / "elsewhere",
        seed="4242", jobs="2", TZ="Pacific/Kiritimati", LC_ALL="C",
    )  # fmt: skip
    assert len(first) > COUNT
    assert differing(first, other) == []


def test_no_file_holds_the_place_or_the_time_of_the_build(first: dict[str, bytes], tmp_path: Path) -> None:
    assert MARKER in first
    for path, data in first.items():
        assert str(tmp_path.parent).encode() not in data, path
        if path.endswith(".gz"):
            # RFC 1952: flags (no name), then four bytes of time.
            assert data[3:8] == b"\0\0\0\0\0", path
