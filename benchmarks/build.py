"""What a build costs: CPU time and memory of each stage, all its processes together.

    python benchmarks/build.py CORPUS [--jobs N] [--out DIR] [--again] [--changed 100]

The corpus is built twice into a new folder. The first build fills the scrubbing cache; the second one, of which the
table tells, finds all spans there, so that it is a cold build without scrubbing. `--again` builds once more over the
finished site, `--changed N` over it with N cases changed. CPU time counts all processes; peak memory is the sum of what
they hold, each shared page counted once (PSS), sampled twenty times a second. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SECONDS_BETWEEN_SAMPLES = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, help="where sites and cache go (default: a temporary folder)")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--changed", type=int, default=0)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return build(options.corpus, options.inside, options.jobs)
    with tempfile.TemporaryDirectory(dir=options.out) as folder:
        place = Path(folder)
        first = measure(options.corpus, place / "first", options.jobs, cache=place)
        print_table("first build, with scrubbing", first)
        print_table("cold build, scrubbing cached", measure(options.corpus, place / "site", options.jobs, cache=place))
        if options.again:
            print_table("the same again", measure(options.corpus, place / "site", options.jobs, cache=place))
        if options.changed:
            changed = change_cases(options.corpus, place / "changed.json", options.changed)
            measure(changed, place / "other", options.jobs, cache=place)  # scrubs what is new
            title = f"rebuild after {options.changed} changed cases"
            print_table(title, measure(changed, place / "site", options.jobs, cache=place))
    return 0


def change_cases(corpus: Path, target: Path, count: int) -> Path:
    """A corpus of nested records with another name in some of them."""
    records = json.loads(corpus.read_text(encoding="utf-8"))
    for record in random.Random(1).sample(records, count):
        record["name"] += " again"
    target.write_text(json.dumps(records), encoding="utf-8")
    return target


def measure(corpus: Path, out: Path, jobs: int, *, cache: Path) -> list[dict[str, float]]:
    """Seconds of CPU and by the clock, and megabytes at the peak, of each stage of one build."""
    command = [sys.executable, str(Path(__file__)), str(corpus), "--jobs", str(jobs), "--inside", str(out)]
    environment = {**os.environ, "ATLAS_BENCH_CACHE": str(cache / "scrub.sqlite")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    sampler = Sampler(process.pid)
    sampler.start()
    assert process.stdout
    stages: list[dict[str, float]] = []
    for line in process.stdout:
        row = json.loads(line)
        row["peak"] = sampler.take()
        stages.append(row)
    sampler.is_over = True
    if process.wait():
        raise SystemExit("the build failed")
    return stages


class Sampler(threading.Thread):
    """Keeps the largest sum of the memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0.0
        self.is_over = False

    def run(self) -> None:
        while not self.is_over:
            self.peak = max(self.peak, sum(map(held, family(self.pid))))
            time.sleep(SECONDS_BETWEEN_SAMPLES)

    def take(self) -> float:
        peak, self.peak = self.peak, 0.0
        return peak


def family(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from family(child)


def held(pid: int) -> float:
    """Megabytes of a process, of shared pages its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")), 0.0)


def build(corpus: Path, out: Path, jobs: int) -> int:
    """The build itself, in a process of its own; prints one line of JSON a stage."""
    from atlas_build import cli, terminal
    from atlas_build.config import BuildConfig  # noqa: F401  imported here, so that its time counts

    class Stages(terminal.TerminalReport):
        @contextmanager
        def stage(self, name: str) -> Iterator[None]:
            started, cpu = time.perf_counter(), cpu_seconds()
            with super().stage(name):
                yield
            row = {"stage": name, "wall": time.perf_counter() - started, "cpu": cpu_seconds() - cpu}
            print(json.dumps(row), flush=True)

    terminal.TerminalReport = Stages  # type: ignore[misc]
    cache = os.environ["ATLAS_BENCH_CACHE"]
    arguments = ["build", str(corpus), "--out", str(out), "--jobs", str(jobs), "--cache", cache, "--quiet"]
    return cli.main([*arguments, "--base-url", "https://atlas.example.org/"])


def cpu_seconds() -> float:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def print_table(title: str, stages: list[dict[str, float]]) -> None:
    print(f"\n{title}\n\n| stage | CPU s | wall s | peak MB |\n|---|---:|---:|---:|")
    for row in stages:
        print(f"| {row['stage']} | {row['cpu']:.1f} | {row['wall']:.1f} | {row['peak']:.0f} |")
    cpu, wall = (sum(row[name] for row in stages) for name in ("cpu", "wall"))
    peak = max(row["peak"] for row in stages)
    print(f"| all | {cpu:.1f} | {wall:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
