"""How large the search index is, file by file, and how long it takes to write.

    python benchmarks/index_size.py [EPISODES] [--write DIRECTORY]

`--write` leaves the index and `episodes.json` (what a brute force needs) for benchmarks/explorer_speed.mjs.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import time
import tomllib
from collections import defaultdict
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from atlas_build.derive.related import relate_cases
from atlas_build.model.codebook import Codebook
from atlas_build.search.index import SearchIndex, build_index
from benchmarks.episodes import make_episodes
from benchmarks.make_corpus import make_records


def measure(index: SearchIndex, episodes: int) -> None:
    sizes: dict[str, list[int]] = defaultdict(list)
    for path, content in index.files.items():
        sizes[path.split("/")[0]].append(len(gzip.compress(content, 9, mtime=0)))
    for part, found in sorted(sizes.items()):
        middle, largest = statistics.median(found), max(found)
        share = sum(found) / episodes
        spread = f"median {middle:8,.0f}, largest {largest:8,}"
        print(f"{part:12} {len(found):4} files {sum(found):10,} B gzip, {spread}, {share:6.1f} B an episode")
    searched = sum(sum(sizes[part]) for part in ("index.json", "turns.json", "terms"))
    print(f"facets + full text: {searched / episodes:.1f} B an episode")


def read_codebook() -> Codebook:
    folder = Path(__file__).resolve().parents[1] / "data" / "codebook"
    axes = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
    return Codebook.model_validate({"axes": {axis["axis"]: axis for axis in axes}})


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("episodes", type=int, nargs="?", default=16_118)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    episodes = make_episodes(make_records(args.episodes))
    codebook = read_codebook()
    started = time.process_time()
    index = build_index(episodes, codebook, relate_cases(episodes).counterparts())
    print(f"{len(episodes):,} episodes indexed in {time.process_time() - started:.2f} s of CPU time, {index.digest}")
    measure(index, len(episodes))
    if args.write:
        for path, content in index.files.items():
            target = args.write / "index" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        words = [f"{episode.text.name} {episode.text.description}" for episode in episodes]
        (args.write / "episodes.json").write_bytes(orjson.dumps(words))
    return 0


if __name__ == "__main__":
    sys.exit(main())
