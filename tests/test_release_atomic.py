"""A release changes ledger, release files and site together: killed at any moment, all are old or all are new."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from building import process_environment, read_tree
from release_story import VERSIONS, Story

from atlas_build.cli import main
from atlas_build.errors import PublishError
from atlas_build.publish.exchange import exchange
from atlas_build.publish.journal import FOLDER, Pending, Proof, only_one, publish_together, recover

OLD = {"ledger/ids.jsonl": b"one\n", "releases/1.json": b"first"}
NEW = {"ledger/ids.jsonl": b"one\ntwo\n", "releases/1.json": b"first, rewritten", "releases/2.json": b"second"}
STEPS = [
    "write pending files", "pending file 0", "pending file 1", "pending file 2", "write journal", "swap site",
    "move files", "moved ledger/ids.jsonl", "moved releases/1.json", "moved releases/2.json", "journal gone",
]  # fmt: skip
SWAP = STEPS.index("move files")
"""From here on the release has happened."""


class Killed(BaseException):
    """The program ends here, and nothing of it runs any more."""


class Corpus:
    """A corpus folder and a site with a proof file; `swap` exchanges the site for the new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "corpus"
        self.site, self.staging = folder / "site", folder / ".site.staging"
        for name, data in OLD.items():
            self._write(self.folder / name, data)
        self._write(self.site / "proof", b"old")
        self._write(self.staging / "proof", b"new")
        self.pending = Pending(
            self.folder,
            {self.folder / name: data for name, data in NEW.items()},
            self.site,
            Proof("proof", hashlib.sha256(b"new").hexdigest()),
        )

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def swap(self) -> None:
        exchange(self.site, self.staging)

    def state(self) -> tuple[dict[str, bytes], bytes]:
        return read_tree(self.folder), (self.site / "proof").read_bytes()


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


def test_an_undisturbed_release_takes_these_steps_and_leaves_nothing_behind(corpus: Corpus) -> None:
    steps: list[str] = []
    publish_together(corpus.pending, corpus.swap, steps.append)
    assert steps == STEPS
    assert corpus.state() == (NEW, b"new")
    assert recover(corpus.folder) == ""


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_any_step_all_is_old_or_all_is_new_after_recovery(corpus: Corpus, step: str) -> None:
    def die(now: str) -> None:
        if now == step:
            raise Killed

    with pytest.raises(Killed):
        publish_together(corpus.pending, corpus.swap, die)
    said = recover(corpus.folder)
    if STEPS.index(step) < SWAP:
        assert corpus.state() == (OLD, b"old")
        assert "undone" in said or step == "write pending files"
    else:
        assert corpus.state() == (NEW, b"new")
        assert "completed" in said or step == "journal gone"
    assert recover(corpus.folder) == ""


@pytest.mark.parametrize("step", STEPS[SWAP:-1])
def test_a_recovery_that_is_killed_can_be_repeated(corpus: Corpus, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(now: str) -> None:
        if now == step:
            raise Killed

    with pytest.raises(Killed):
        publish_together(corpus.pending, corpus.swap, die)
    rename = Path.replace

    def die_after_one(self: Path, target: Path) -> Path:
        rename(self, target)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Path, "replace", die_after_one)
        recover(corpus.folder)
        raise Killed  # nothing was left to move
    recover(corpus.folder)
    assert corpus.state() == (NEW, b"new")


def test_a_swap_that_fails_leaves_everything_old(corpus: Corpus) -> None:
    def fail() -> None:
        raise PublishError("cannot put the new site in place")

    with pytest.raises(PublishError):
        publish_together(corpus.pending, fail)
    assert corpus.state() == (OLD, b"old")


def test_a_ledger_that_cannot_be_written_after_the_swap_is_completed_later(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched, pytest.raises(PublishError, match="the new site is in place, but"):
        patched.setattr(Path, "replace", fail)
        publish_together(corpus.pending, corpus.swap)
    assert "completed" in recover(corpus.folder)
    assert corpus.state() == (NEW, b"new")


def test_a_journal_that_was_cut_off_counts_as_none(corpus: Corpus) -> None:
    (corpus.folder / FOLDER).mkdir()
    (corpus.folder / FOLDER / "journal.new").write_bytes(b'{"site": "')
    assert "undone" in recover(corpus.folder)
    assert corpus.state() == (OLD, b"old")


@pytest.mark.parametrize("name", ["../stolen", "/tmp/stolen", "ledger/../../stolen"])
def test_a_journal_never_reaches_out_of_its_folder(corpus: Corpus, tmp_path: Path, name: str) -> None:
    """A corpus folder may come from a stranger."""
    name = name.replace("/tmp", str(tmp_path))
    folder = corpus.folder / FOLDER
    folder.mkdir()
    (folder / "0").write_bytes(b"theirs")
    journal = {"site": str(corpus.site), **vars(Proof("proof", hashlib.sha256(b"old").hexdigest()))}
    (folder / "journal.json").write_text(
        json.dumps({**journal, "moves": [{"from": "0", "to": name}]}), encoding="utf-8"
    )
    with pytest.raises(PublishError, match="outside of the corpus folder"):
        recover(corpus.folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.staging", "corpus", "site"]


def test_two_releases_of_one_corpus_do_not_run_at_once(corpus: Corpus) -> None:
    with only_one(corpus.folder), pytest.raises(PublishError, match="another release"):
        (corpus.folder / FOLDER).mkdir()
        recover(corpus.folder)
    told: list[str] = []
    with only_one(corpus.folder) as said:
        assert "undone" in said

        def try_too() -> None:
            try:
                with only_one(corpus.folder):
                    told.append("entered")
            except PublishError:
                told.append("refused")

        other = threading.Thread(target=try_too)
        other.start()
        other.join()
    assert told == ["refused"]


# The whole program, killed for real

RUN_AND_DIE = """
import json, os, signal, sys
from datetime import date
from pathlib import Path
from atlas_build.config import BuildConfig, shared_folder
from atlas_build.edition import ReleaseOrder
from atlas_build.read.corpus_folder import read_corpus_folder
from atlas_build.releasing import release
from atlas_build.report import Report

def run(parent, version, day, step):
    folder = read_corpus_folder(Path(parent, "corpus"))
    config = BuildConfig(
        inputs=folder.inputs, settings=folder.settings, ledger=folder.ledger, suppressions=folder.suppressions,
        releases=folder.releases, out=Path(parent, "site"), data_dir=shared_folder("data"), jobs=1,
    )
    def at(now):
        if now == step:
            os.kill(os.getpid(), signal.SIGKILL)
    release(config, ReleaseOrder(folder.folder, version, date.fromisoformat(day), at=at), Report())

whole, places = sys.argv[1], json.loads(sys.argv[2])
run(whole, *sys.argv[3:], None)
ends = {}
for step, parent in places.items():
    child = os.fork()
    if child == 0:
        run(parent, *sys.argv[3:], step)
        os._exit(0)
    ends[step] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps(ends))
"""
"""One release as it should be, then one a step, each a child that dies there. One process loads the program once."""


KILLED_AT = {"pending file 1": False, "swap site": False, "move files": True, "moved ledger/ids.jsonl": True}
"""Step of a release -> whether it has happened by then."""


@dataclass(frozen=True)
class Told:
    """Folders, each with a corpus and a site: before the second release, after it, and killed at each step of it."""

    old: Path
    new: Path
    killed: dict[str, Path]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    old = tmp_path_factory.mktemp("told")
    story = Story(old)
    story.write_state(0)
    make(story.corpus, old / "site", 0)
    story.write_state(1)
    new, *rest = (shutil.copytree(old, tmp_path_factory.mktemp("told") / "it") for _ in range(1 + len(KILLED_AT)))
    killed = dict(zip(KILLED_AT, rest, strict=True))
    places = json.dumps({step: str(folder) for step, folder in killed.items()})
    command = [sys.executable, "-c", RUN_AND_DIE, str(new), places, *VERSIONS[1]]
    done = subprocess.run(command, env=process_environment(), capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == dict.fromkeys(KILLED_AT, -signal.SIGKILL)
    return Told(old, new, killed)


def make(corpus: Path, out: Path, number: int) -> None:
    version, day = VERSIONS[number]
    command = ["release", str(corpus), "--version", version, "--date", day, "--out", str(out), "--quiet", "--jobs", "1"]
    assert main(command) == 0


@pytest.mark.parametrize("step, is_new", KILLED_AT.items())
def test_kill_9_in_the_middle_of_a_release_leaves_all_old_or_all_new(told: Told, step: str, is_new: bool) -> None:
    corpus, site = told.killed[step] / "corpus", told.killed[step] / "site"
    assert (site / "releases" / VERSIONS[1][0] / "index.html").is_file() == is_new
    recover(corpus)
    wanted = told.new if is_new else told.old
    assert read_tree(corpus) == read_tree(wanted / "corpus")
    assert read_tree(site) == read_tree(wanted / "site")


def test_after_a_kill_the_next_release_is_the_one_that_was_meant_and_nothing_is_left_over(told: Told) -> None:
    folder = told.killed["swap site"]
    make(folder / "corpus", folder / "site", 1)
    assert read_tree(folder / "corpus") == read_tree(told.new / "corpus")
    assert read_tree(folder / "site") == read_tree(told.new / "site")
    assert sorted(path.name for path in folder.iterdir()) == ["corpus", "site"]


def test_the_next_build_cleans_up_and_says_so(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(told.old / "corpus", corpus)
    (corpus / FOLDER).mkdir()
    assert main(["build", str(corpus), "--out", str(tmp_path / "site"), "--jobs", "1"]) == 0
    assert "a release that had been interrupted was undone" in capsys.readouterr().err
    assert not (corpus / FOLDER).exists()
    assert (tmp_path / "site").is_dir()
