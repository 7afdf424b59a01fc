"""A release changes three things: ledger, release files and site. This makes them change together or not at all.

Everything new is first written whole into `.release-pending/` of the corpus folder, with a journal that names it. Then
the site is swapped in: that one step decides. Before it, whatever killed the program, the release is undone by
throwing the pending files away; after it, it is completed by moving them into place, which can be repeated. Whether
the swap has happened is read from the site itself: it holds the release's own file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from atlas_build.errors import PublishError
from atlas_build.publish.staging import remove_strays

FOLDER = ".release-pending"
JOURNAL = "journal.json"

Step = Callable[[str], None]
"""Told the name of the step that follows; tests stop the program there."""


def no_step(_: str) -> None:
    """Nothing to do between two steps."""


@dataclass(frozen=True)
class Proof:
    """A file that only the new site has.

    Attributes:
        path: below the site's folder.
        sha256: of its bytes.
    """

    path: str
    sha256: str

    def stands_in(self, site: Path) -> bool:
        try:
            return hashlib.sha256((site / self.path).read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False


@dataclass(frozen=True)
class Pending:
    """A release that is about to happen.

    Attributes:
        corpus: the corpus folder.
        files: path inside it -> new bytes.
        site: where the site will be.
        proof: a file of the new site by which it is known.
    """

    corpus: Path
    files: Mapping[Path, bytes]
    site: Path
    proof: Proof


@contextmanager
def only_one(corpus: Path) -> Iterator[str]:
    """Hold the corpus folder against other releases, after cleaning up behind a killed one.

    The lock ends with the process, however that ends.

    Yields:
        One sentence about what was cleaned up, or "".

    Raises:
        PublishError: another release of this corpus is running.
    """
    handle = os.open(corpus, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishError(
                f"{corpus}: another release of this corpus is being written", hint="wait until it has ended"
            ) from None
        yield _clean_up(corpus)
    finally:
        os.close(handle)


def publish_together(pending: Pending, swap: Callable[[], None], at: Step = no_step) -> None:
    """Put files of the corpus folder and the site in place together; `swap` puts the site there.

    Raises:
        PublishError: something could not be written; nothing has changed.
    """
    try:
        at("write pending files")
        _write_pending(pending, at)
        at("swap site")
        swap()
    except (OSError, PublishError) as error:
        if not pending.proof.stands_in(pending.site):
            shutil.rmtree(pending.corpus / FOLDER, ignore_errors=True)
        if isinstance(error, PublishError):
            raise
        raise PublishError(f"cannot write the release: {error.strerror}", hint="nothing was changed") from error
    at("move files")
    try:
        _complete(pending.corpus, _read_journal(pending.corpus), at)
    except OSError as error:
        raise PublishError(
            f"the new site is in place, but ledger and release files cannot be written: {error.strerror}",
            hint=f"mend the cause in {pending.corpus}; the next build or release completes this one by itself",
        ) from error


def _write_pending(pending: Pending, at: Step) -> None:
    folder = pending.corpus / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    moves = []
    for number, (path, data) in enumerate(sorted(pending.files.items())):
        _write_durably(folder / str(number), data)
        moves.append({"from": str(number), "to": path.relative_to(pending.corpus).as_posix()})
        at(f"pending file {number}")
    journal = {"site": str(pending.site.absolute()), **vars(pending.proof), "moves": moves}
    _write_durably(folder / "journal.new", orjson.dumps(journal, option=orjson.OPT_INDENT_2))
    at("write journal")
    (folder / "journal.new").rename(folder / JOURNAL)
    _flush_folder(folder)
    _flush_folder(pending.corpus)


def recover(corpus: Path) -> str:
    """Complete or undo the release that a killed program left behind.

    Returns:
        One sentence about what was done; "" when there was nothing to do.
    """
    if not (corpus / FOLDER).is_dir():
        return ""
    with only_one(corpus) as done:
        return done


def _clean_up(corpus: Path) -> str:
    if not (corpus / FOLDER).is_dir():
        return ""
    journal = _read_journal(corpus)
    if journal is None or not Proof(journal["path"], journal["sha256"]).stands_in(Path(journal["site"])):
        shutil.rmtree(corpus / FOLDER, ignore_errors=True)
        return "a release that had been interrupted was undone: ledger, release files and site are the old ones"
    _complete(corpus, journal, no_step)
    remove_strays(Path(journal["site"]))
    return "a release that had been interrupted was completed: ledger, release files and site are the new ones"


def _complete(corpus: Path, journal: dict[str, Any] | None, at: Step) -> None:
    """Move every pending file that still waits into its place. Can be repeated."""
    assert journal is not None, "a release is completed only after its journal was written"
    folder = corpus / FOLDER
    for move in journal["moves"]:
        source, target = folder / Path(move["from"]).name, _inside(corpus, move["to"])
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            _flush_folder(target.parent)
            at(f"moved {move['to']}")
    (folder / JOURNAL).unlink()
    at("journal gone")
    shutil.rmtree(folder, ignore_errors=True)


def _inside(corpus: Path, name: str) -> Path:
    """A corpus folder may come from anybody; its journal must not reach out of it.

    Raises:
        PublishError: the path leads elsewhere.
    """
    target = corpus / name
    if not target.resolve().is_relative_to(corpus.resolve()):
        raise PublishError(
            f"{corpus / FOLDER / JOURNAL} names a file outside of the corpus folder",
            hint=f"it was not written by this program; remove {FOLDER}",
        )
    return target


def _read_journal(corpus: Path) -> dict[str, Any] | None:
    """None when there is none: it appears whole or not at all."""
    try:
        journal: dict[str, Any] = orjson.loads((corpus / FOLDER / JOURNAL).read_bytes())
    except FileNotFoundError:
        return None
    return journal


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
