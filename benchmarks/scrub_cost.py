"""What scrubbing costs where it matters: unchanged texts from the cache, and hostile texts of any length.

    python benchmarks/scrub_cost.py corpus.json      (make one with benchmarks/make_corpus.py)
    python benchmarks/scrub_cost.py                  (hostile texts alone)

CPU time, one process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from atlas_build.admission import admit, hold_back  # noqa: E402
from atlas_build.licenses.gate import LicenseGate  # noqa: E402
from atlas_build.model.ledger import Ledger  # noqa: E402
from atlas_build.read.corpus import read_corpus  # noqa: E402
from atlas_build.report import Report  # noqa: E402
from atlas_build.scrub.corpus import scrub_corpus  # noqa: E402
from atlas_build.scrub.episodes import episode_fields  # noqa: E402
from atlas_build.scrub.scrubber import Scrubber  # noqa: E402

DATA = ROOT / "data"
UNITS = (".", "a.", " at a dot ", "@", "a:", "/home/", "[", "中文", "Anna ", "\u202e\u2066", "-----BEGIN ")
SIZES = (8_000, 80_000, 800_000, 5_000_000)


def cached(path: Path) -> None:
    report = Report()
    gate = LicenseGate.from_policy(DATA / "policy" / "licenses.toml")
    episodes = hold_back(admit(read_corpus((path,), report).episodes, gate), (), Ledger()).identified
    size = sum(len(text.encode()) for _, episode in episodes for text in episode_fields(episode).values()) / 1e6
    print(f"{len(episodes):,} episodes, {size:.1f} MB of text")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cold", "cached", "cached"):
            report = Report()
            started = time.process_time()
            scrub_corpus(episodes, data_dir=DATA, jobs=1, report=report, cache=Path(folder) / "scrub.sqlite")
            seconds = time.process_time() - started
            print(f"{name:<8}{seconds:8.2f} s {size / seconds:8.1f} MB/s  {report.counts['scrub_cache']}")


def hostile() -> None:
    scrubber = Scrubber.from_policy(DATA)
    scrubber.scrub_text("loads what is loaded once: ida@fjordwerk.no")
    print(f"{'milliseconds for':<18}" + "".join(f"{size:>12,}" for size in SIZES))
    for unit in UNITS:
        cells = []
        for size in SIZES:
            started = time.process_time()
            scrubber.scrub_text(unit * (size // len(unit)))
            cells.append((time.process_time() - started) * 1000)
        print(f"{unit!r:<18}" + "".join(f"{cell:>12,.1f}" for cell in cells), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        cached(Path(sys.argv[1]))
    else:
        hostile()
