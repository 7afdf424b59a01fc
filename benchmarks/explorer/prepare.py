"""Lay out a corpus for the measurements: our index, and the same texts and facets as plain documents for the rivals.

    python benchmarks/explorer/prepare.py made 16118            build/bench/16118: a made-up corpus, not rendered
    python benchmarks/explorer/prepare.py built data/sample     build/bench/sample: a corpus folder, built as a site

What a rival gets is what our index holds: scrubbed texts, cases only, in reading order. `documents.jsonl` has one
object a case: id, key, name, description, quotes, contexts, reasonings (joined by newlines) and facets.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from episodes import make_episodes  # noqa: E402
from make_corpus import make_records  # noqa: E402

from atlas_build.cli import main as run_atlas  # noqa: E402
from atlas_build.derive.related import relate_cases  # noqa: E402
from atlas_build.model.codebook import Codebook  # noqa: E402
from atlas_build.model.episode import Episode  # noqa: E402
from atlas_build.model.facets import FACETS, Missing  # noqa: E402
from atlas_build.search.index import build_index  # noqa: E402


def prepare_made(episodes: int, out: Path) -> None:
    """Records of upstream's shape as episodes, without gate and scrubber: these stages come before every index."""
    made = make_episodes(make_records(episodes))
    axes = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "data" / "codebook").glob("*.toml"))]
    codebook = Codebook.model_validate({"axes": {axis["axis"]: axis for axis in axes}})
    peak = _peak_memory()
    started = time.process_time()
    index = build_index(made, codebook, relate_cases(made).counterparts())
    seconds = time.process_time() - started
    for path, content in index.files.items():
        target = out / "index" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    _write_documents(out, map(_document, made))
    facts = {"episodes": len(made), "seconds": round(seconds, 2), "memory": round(_peak_memory() - peak)}
    (out / "facts.json").write_bytes(orjson.dumps(facts))
    print(f"{out}: {len(made):,} episodes, our index in {seconds:.2f} s of CPU time")


def prepare_built(corpus: Path, out: Path) -> None:
    """The documents are the site's own download, so that rivals see exactly what is published."""
    if run_atlas(["build", str(corpus), "--out", str(out / "site")]):
        sys.exit("the corpus could not be built")
    (folder,) = (out / "site" / "index").iterdir()
    (out / "index").unlink(missing_ok=True)
    (out / "index").symlink_to(folder.relative_to(out))
    with gzip.open(out / "site" / "data" / "episodes.jsonl.gz", "rt", encoding="utf-8") as lines:
        _write_documents(out, (_document_of_download(json.loads(line)) for line in lines))


def _write_documents(out: Path, documents: Iterable[dict[str, Any]]) -> None:
    with (out / "documents.jsonl").open("wb") as file:
        file.writelines(orjson.dumps(document) + b"\n" for document in documents)


def _document(episode: Episode) -> dict[str, Any]:
    text = episode.text
    reasonings = (text.reasonings.form, text.reasonings.cause, text.reasonings.cost, text.reasonings.resolution)
    return {
        "id": episode.id,
        "key": "/".join(episode.key),
        "name": text.name,
        "description": text.description,
        "quotes": _lines(item.quote for item in text.evidence),
        "contexts": _lines(item.context for item in text.evidence),
        "reasonings": _lines((*reasonings, text.other_form)),
        "facets": {facet.name: list(_values(facet.values(episode))) for facet in FACETS},
    }


def _values(values: Iterable[str | Missing]) -> Iterator[str]:
    return (f"?{value.value}" if isinstance(value, Missing) else str(value) for value in values)


def _document_of_download(record: dict[str, Any]) -> dict[str, Any]:
    key = (record["source"], record["repository_id"], record["session_id"], record["misalignment_id"])
    return {
        "id": record["id"],
        "key": "/".join(key),
        "name": record["name"],
        "description": record["description"],
        "quotes": _lines(item["quote"] for item in record["evidence"]),
        "contexts": _lines(item["context"] for item in record["evidence"]),
        "reasonings": _lines((*record["reasonings"].values(), record["other_form"])),
        "facets": {},
    }


def _lines(parts: Iterable[str | None]) -> str:
    return "\n".join(part for part in parts if part)


def _peak_memory() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("made", "built"))
    parser.add_argument("what", help="number of episodes, or a corpus folder or file")
    parser.add_argument("--out", type=Path, help="default: build/bench/<number or name>")
    arguments = parser.parse_args()
    out = arguments.out or ROOT / "build" / "bench" / Path(arguments.what).stem
    out.mkdir(parents=True, exist_ok=True)
    if arguments.kind == "made":
        prepare_made(int(arguments.what), out)
    else:
        prepare_built(Path(arguments.what), out)


if __name__ == "__main__":
    main()
