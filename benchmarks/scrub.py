"""Measure the scrubber: recall by kind, damage to clean text, over-redaction, and speed beside two rivals.

    python benchmarks/scrub.py [--examples FILE ...] [--misses] [--speed]

Reads the project's own labelled set and, where they are present, the examples and the real episodes beside the
repository. A value counts as found when every letter and digit of it is gone (strict recall). The rivals run on the
same texts in the same process: a plain Presidio analyzer with a blank pipeline, and a handful of regexes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from atlas_build.scrub.scrubber import Scrubber  # noqa: E402

SHARED = ROOT.parent / "shared"
OWN = ROOT / "tests" / "scrub_examples.jsonl"
Found = list[tuple[int, int, str]]
Finder = Callable[[str], Found]


def read_examples(paths: Iterable[Path]) -> list[dict]:
    return [
        json.loads(line) for path in paths if path.exists() for line in path.read_text("utf-8").splitlines() if line
    ]


def ours(data: Path) -> Finder:
    scrubber = Scrubber.from_policy(data)
    return lambda text: [(span.start, span.end, str(span.kind)) for span in scrubber.scrub_text(text).spans]


def plain_presidio() -> Finder:
    """Presidio as it comes, with a blank pipeline instead of a model, and a suffix list that needs no network."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def load(self) -> None:
            self.nlp = {"en": spacy.blank("en")}

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    engine = AnalyzerEngine(nlp_engine=Blank())
    return lambda text: [
        (result.start, result.end, result.entity_type) for result in engine.analyze(text, language="en")
    ]


REGEXES = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}|\b(?:sk|ghp|xoxb|AKIA)[\w-]{16,80}|(?<=/Users/)[^/\s]{1,60}|\beyJ[\w.-]{20,4000}"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)


def regexes_only() -> Finder:
    return lambda text: [(*match.span(), "ANY") for match in REGEXES.finditer(text)]


def measure(finder: Finder, examples: list[dict], misses: bool) -> dict:
    recall: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    touched: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    over = characters = 0
    started = time.process_time()
    results = [finder(example["text"]) for example in examples]
    seconds = time.process_time() - started
    for example, spans in zip(examples, results, strict=True):
        text = example["text"]
        gone = {place for start, end, _ in spans for place in range(start, end)}
        labelled = {place for span in example["spans"] for place in range(span["start"], span["end"])}
        if example["set"] == "hard_negative":
            touched[example["category"]][1] += 1
            touched[example["category"]][0] += bool(gone)
            if gone and misses:
                print("TOUCHED", example["category"], repr(text), [(text[a:b], kind) for a, b, kind in spans])
        else:
            extra = {place for place in gone - labelled if text[place].isalnum()}
            over, characters = over + len(extra), characters + len(text)
            if extra and misses:
                print("EXTRA", repr(text), [(text[a:b], kind) for a, b, kind in spans if set(range(a, b)) & extra])
        for span in example["spans"]:
            if span.get("optional"):
                continue
            value = range(span["start"], span["end"])
            found = all(place in gone for place in value if text[place].isalnum())
            for key in (span["type"], f"{example['set']}:{span['type']}", f"{example['set']}/{example['category']}"):
                recall[key][0] += found
                recall[key][1] += 1
            if not found and misses:
                print("MISSED", span["type"], repr(text[span["start"] : span["end"]]), "in", repr(text[:200]))
    return {"recall": recall, "touched": touched, "over": over, "characters": characters, "seconds": seconds,
            "size": sum(len(example["text"].encode()) for example in examples)}  # fmt: skip


def show(name: str, result: dict) -> None:
    print(f"\n== {name}: {result['size'] / 1e6 / max(result['seconds'], 1e-9):.2f} MB/s")
    for key, (found, total) in sorted(result["recall"].items()):
        if "/" not in key:
            print(f"   recall {key:28} {found}/{total} = {found / total:.3f}")
    hit, total = (
        (sum(column) for column in zip(*result["touched"].values(), strict=True)) if result["touched"] else (0, 0)
    )
    if total:
        print(
            f"   hard negatives touched {hit}/{total} = {hit / total:.3f}",
            {k: v for k, v in result["touched"].items() if v[0]},
        )
    if result["characters"]:
        print(f"   over-redacted letters a thousand: {1000 * result['over'] / result['characters']:.1f}")


def real_episodes(scrubber: Scrubber, misses: bool) -> None:
    """Every string of `_pii` in the VALID records must be gone from the record's texts."""
    path = SHARED / "corpus" / "real_episodes.json"
    if not path.exists():
        return
    found = Counter()
    for number, record in enumerate(json.loads(path.read_text("utf-8"))):
        group = record["label"] + (
            " permissive" if record["license_type"] in {"MIT", "Apache-2.0", "ISC"} else " other"
        )
        texts = {"name": record["name"], "description": record["description"]}
        for place, item in enumerate(record["evidence"]):
            texts |= {f"{place}.{part}": str(item.get(part) or "") for part in ("turn", "quote", "context")}
        detections = {field: scrubber.detect(text) for field, text in texts.items()}
        from atlas_build.scrub.spreading import Known

        clean = "\n".join(item.text for item in scrubber._scrub_fields(texts, detections, Known()).values())
        for value in record["_pii"]:
            found[group, "all"] += 1
            if value in clean:
                found[group, "missed"] += 1
                if misses:
                    print("REAL MISSED", number, group, repr(value[:60]))
    print("\n== real episodes:", {" ".join(key): value for key, value in sorted(found.items())})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, nargs="*", default=[OWN, SHARED / "reference" / "pii_examples.jsonl"])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    arguments = parser.parse_args()
    for path in arguments.examples:
        examples = read_examples([path])
        if examples:
            print(f"\n#### {path.name}: {len(examples)} documents")
            show("ours", measure(ours(arguments.data), examples, arguments.misses))
            if arguments.rivals:
                show("presidio as it comes, blank pipeline", measure(plain_presidio(), examples, False))
                show("regexes only", measure(regexes_only(), examples, False))
    real_episodes(Scrubber.from_policy(arguments.data), arguments.misses)


if __name__ == "__main__":
    main()
