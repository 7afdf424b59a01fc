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
UNITS = (
    ".", "a.", "@", "a:", "[", '"', "\\", "%41", "\\u0041", "\n", "1 ", "a ", "\u202e\u2066", "中文", "/home/", "https://a@",
    "token=", "eyJ.", "QUJDREVGRw==", "-----BEGIN ", "ssh ", "x@y.", " at a dot ", "12.12345, ", "Best,\n",
    "Co-authored-by: ", "github.com/", "Anna ", "Grace Hopper ", "王先生", "a@b:~$ ", "ida@fjordwerk.no ",
)  # fmt: skip
"""The last ones are full of values, so that most of the time goes into placeholders."""
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
    """A table of CPU time by length. The last column would grow with the length if time did so faster than it."""
    scrubber = Scrubber.from_policy(DATA)
    scrubber.scrub_text("loads what is loaded once: ida@fjordwerk.no, nora-macbook, 9 佐藤さん")
    print("| what is repeated | " + " | ".join(f"{size:,}" for size in SIZES) + " | ms a KB at the end |")
    print("|---" * (len(SIZES) + 2) + "|")
    for unit in UNITS:
        cells = []
        for size in SIZES:
            text = unit * (size // len(unit))
            started = time.process_time()
            scrubber.scrub_text(text)
            cells.append((time.process_time() - started) * 1000)
        shown = ascii(unit)[1:-1].replace("|", "")
        print(
            f"| `{shown}` | "
            + " | ".join(f"{cell:,.0f}" for cell in cells)
            + f" | {cells[-1] / SIZES[-1] * 1000:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        cached(Path(sys.argv[1]))
    else:
        hostile()
