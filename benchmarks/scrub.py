"""Measure the scrubber beside two rivals: one table by kind and set, damage to clean text by category, and speed.

    python benchmarks/scrub.py [--misses] [--alone] [--data FOLDER] [--examples FILE ...]

Reads the project's labelled set, split by split, and, where they are present beside the repository, other labelled
examples and real episodes. The rivals run on the same texts in the same process: a plain Presidio analyzer with a
blank pipeline, and a redactor of a handful of regexes.

What the columns mean:

    precision   found spans of the kind that touch a labelled value, of all found spans of the kind
    recall      labelled values of which at least one letter or digit is gone
    strict      labelled values of which every letter and digit is gone
    over        letters and digits outside of labelled values that spans of the kind took, a thousand characters
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from atlas_build.scrub.scrubber import Scrubber  # noqa: E402
from atlas_build.scrub.spreading import Known  # noqa: E402

SHARED = ROOT.parent / "shared"
OWN = ROOT / "tests" / "scrub_examples.jsonl"
ROUNDS = 3
"""Speeds are CPU time, the best of so many rounds."""
Example = dict[str, Any]
Found = list[tuple[int, int, str]]
Finder = Callable[[str], Found]


@dataclass
class Tally:
    """Counts of one kind in one set."""

    found: int = 0
    right: int = 0
    labelled: int = 0
    touched: int = 0
    gone: int = 0
    over: int = 0


@dataclass
class Outcome:
    """What a finder did to one set of examples.

    Attributes:
        kinds: by kind; `all` is their sum.
        clean: hard negatives by category: touched, all.
        size: characters of the examples that are no hard negatives.
        misses: what to look at, in words.
    """

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    clean: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    size: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def touched(self) -> tuple[int, int]:
        return sum(hit for hit, _ in self.clean.values()), sum(total for _, total in self.clean.values())

    @property
    def worst_category(self) -> tuple[str, float]:
        shares = {category: hit / total for category, (hit, total) in self.clean.items()}
        return max(sorted(shares.items()), key=lambda share: share[1], default=("-", 0.0))


def read_sets(paths: Iterable[Path]) -> dict[str, list[Example]]:
    """Examples by file and split."""
    sets: dict[str, list[Example]] = defaultdict(list)
    for path in paths:
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            example = json.loads(line)
            sets[f"{path.stem}/{example['split']}" if "split" in example else path.stem].append(example)
    return dict(sets)


def ours(scrubber: Scrubber) -> Finder:
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


def measure(finder: Finder, examples: Sequence[Example]) -> Outcome:
    outcome = Outcome()
    for example in examples:
        spans = finder(example["text"])
        if example["set"] == "hard_negative":
            counts = outcome.clean[example["category"]]
            counts[0] += bool(spans)
            counts[1] += 1
            _note(outcome, "TOUCHED", example, spans)
        else:
            outcome.size += len(example["text"])
            _count_found(outcome, example, spans)
            _count_labelled(outcome, example, spans)
    return outcome


def _places(text: str, start: int, end: int) -> set[int]:
    return {place for place in range(start, end) if text[place].isalnum()}


def _count_found(outcome: Outcome, example: Example, spans: Found) -> None:
    text = example["text"]
    labelled = {place for span in example["spans"] for place in range(span["start"], span["end"])}
    for start, end, kind in spans:
        extra = _places(text, start, end) - labelled
        for tally in (outcome.kinds[kind], outcome.kinds["all"]):
            tally.found += 1
            tally.right += not labelled.isdisjoint(range(start, end))
            tally.over += len(extra)
        if extra:
            _note(outcome, "EXTRA", example, [(start, end, kind)])


def _count_labelled(outcome: Outcome, example: Example, spans: Found) -> None:
    text = example["text"]
    gone = {place for start, end, _ in spans for place in range(start, end)}
    for span in example["spans"]:
        if span.get("optional"):
            continue
        value = _places(text, span["start"], span["end"])
        for tally in (outcome.kinds[span["type"]], outcome.kinds["all"]):
            tally.labelled += 1
            tally.touched += not value.isdisjoint(gone)
            tally.gone += value <= gone
        if not value <= gone:
            _note(outcome, "MISSED", example, [(span["start"], span["end"], span["type"])])


def _note(outcome: Outcome, what: str, example: Example, spans: Found) -> None:
    text = example["text"]
    for start, end, kind in spans:
        outcome.misses.append(f"{what} {kind} {example['category']} {text[start:end]!r} in {text[:160]!r}")


def speed(finder: Finder, texts: Sequence[str], rounds: int) -> float:
    """Megabytes of UTF-8 a second of CPU time, the best of some rounds, after a warm-up.

    Every round has other texts, by a blank at their end, since the scrubber remembers texts that it has seen.
    """
    for text in texts[:10]:
        finder(text)
    best = float("inf")
    for number in range(1, rounds + 1):
        marked = [text + " " * number for text in texts]
        started = time.process_time()
        for text in marked:
            finder(text)
        best = min(best, time.process_time() - started)
    return sum(len(text.encode()) for text in texts) / 1e6 / best


def table_of_kinds(outcomes: dict[str, Outcome]) -> Iterator[str]:
    yield "| set | kind | values | precision | recall | strict | over |"
    yield "|---|---|---|---|---|---|---|"
    for name, outcome in outcomes.items():
        for kind, tally in sorted(outcome.kinds.items(), key=lambda item: (item[0] == "all", item[0])):
            yield (
                f"| {name} | {kind} | {tally.labelled} | {_share(tally.right, tally.found)} "
                f"| {_share(tally.touched, tally.labelled)} | {_share(tally.gone, tally.labelled)} "
                f"| {1000 * tally.over / max(outcome.size, 1):.1f} |"
            )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def table_of_clean_text(outcomes: dict[str, Outcome]) -> Iterator[str]:
    yield "| set | category | lines | touched | share |"
    yield "|---|---|---|---|---|"
    for name, outcome in outcomes.items():
        for category, (hit, total) in sorted(outcome.clean.items()):
            yield f"| {name} | {category} | {total} | {hit} | {_share(hit, total)} |"


def episode_texts() -> list[str]:
    """The texts of the bundled episodes, which are as long as those of real ones; the examples are single lines."""
    records = json.loads((ROOT / "data" / "sample" / "misalignments.json").read_text("utf-8"))
    parts = [[record, *record["evidence"]] for record in records]
    keys = ("name", "description", "turn", "quote", "context")
    return [str(part[key]) for pieces in parts for part in pieces for key in keys if part.get(key)]


def table_of_systems(systems: dict[str, dict[str, Outcome]]) -> Iterator[str]:
    yield "| set | system | strict recall | precision | over | clean lines touched | worst category |"
    yield "|---|---|---|---|---|---|---|"
    for name, outcomes in systems.items():
        for chosen, outcome in outcomes.items():
            tally, (hit, total) = outcome.kinds["all"], outcome.touched
            yield (
                f"| {chosen} | {name} | {_share(tally.gone, tally.labelled)} | {_share(tally.right, tally.found)} "
                f"| {1000 * tally.over / max(outcome.size, 1):.1f} | {hit}/{total} | "
                f"{outcome.worst_category[0]} {outcome.worst_category[1]:.2f} |"
            )


def table_of_speeds(finders: dict[str, tuple[Finder, int]], examples: Sequence[str]) -> Iterator[str]:
    """On single lines and on texts of episodes, one after the other for each system, because machines have moods."""
    episodes = episode_texts()
    sizes = [sum(map(len, texts)) / len(texts) for texts in (examples, episodes)]
    yield f"| system | MB/s, lines of {sizes[0]:.0f} characters | MB/s, texts of {sizes[1]:.0f} characters |"
    yield "|---|---|---|"
    for name, (finder, rounds) in finders.items():
        yield f"| {name} | {speed(finder, examples, rounds):.2f} | {speed(finder, episodes, rounds):.2f} |"


def real_episodes(scrubber: Scrubber) -> tuple[Counter[str], list[str]]:
    """Each string of `_pii` must be gone from its record's texts. Returns counts by label and what is left."""
    counts: Counter[str] = Counter()
    left = []
    path = SHARED / "corpus" / "real_episodes.json"
    for number, record in enumerate(json.loads(path.read_text("utf-8")) if path.exists() else ()):
        texts = {"name": record["name"], "description": record["description"]}
        for place, item in enumerate(record["evidence"]):
            texts |= {f"{place}.{part}": str(item.get(part) or "") for part in ("turn", "quote", "context")}
        detections = {name: scrubber.detect(text) for name, text in texts.items()}
        clean = "\n".join(item.text for item in scrubber._scrub_fields(texts, detections, Known()).values())
        for value in record["_pii"]:
            counts[f"{record['label']} values"] += 1
            counts[f"{record['label']} gone"] += value not in clean
            if value in clean:
                left.append(f"LEFT in record {number}: {value[:60]!r}")
    return counts, left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, nargs="*", default=[OWN, SHARED / "reference" / "pii_examples.jsonl"])
    parser.add_argument("--misses", action="store_true", help="print what was missed or taken too much")
    parser.add_argument("--alone", action="store_true", help="leave the rivals out")
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    arguments = parser.parse_args()
    sets = read_sets(arguments.examples)
    texts = [example["text"] for examples in sets.values() for example in examples]
    scrubber = Scrubber.from_policy(arguments.data)
    finders = {"this scrubber": (ours(scrubber), ROUNDS)}
    if not arguments.alone:
        finders |= {"Presidio, blank pipeline": (plain_presidio(), 1), "regexes only": (regexes_only(), ROUNDS)}
    systems = {
        name: {chosen: measure(finder, examples) for chosen, examples in sets.items()}
        for name, (finder, _) in finders.items()
    }
    own = systems["this scrubber"]
    counts, left = real_episodes(scrubber)
    tables = (table_of_systems(systems), table_of_speeds(finders, texts), table_of_kinds(own), table_of_clean_text(own))
    for table in tables:
        print("\n".join(table), end="\n\n")
    print("real episodes:", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "not present")
    if arguments.misses:
        print("\n".join([*(f"{name}: {miss}" for name, outcome in own.items() for miss in outcome.misses), *left]))


if __name__ == "__main__":
    main()
