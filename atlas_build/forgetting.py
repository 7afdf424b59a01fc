"""Prove that nothing of a removed case is left: in sites, their downloads, indexes and feeds, and in release files.

What to look for comes from the record itself, which the corpus still holds: runs of six words that no other published
case has, words of the search index that no other has, and the values that the scrubber takes out of it. None of them
is ever printed; a finding names a file and a count.
"""

from __future__ import annotations

import gzip
import importlib
import io
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from atlas_build.admission import Admission, admit, hold_back
from atlas_build.config import shared_folder
from atlas_build.edition import Past
from atlas_build.errors import CheckError, InputError
from atlas_build.licenses.gate import LicenseGate
from atlas_build.model.episode import AdmittedEpisode, text_fields
from atlas_build.model.lookup import core, fold, tokens
from atlas_build.model.source import EpisodeText
from atlas_build.publish.journal import recover
from atlas_build.publish.staging import MARKER
from atlas_build.read.corpus import read_corpus
from atlas_build.read.corpus_folder import CorpusFolder
from atlas_build.read.ledger import read_ledger, read_suppressions
from atlas_build.read.releases import read_releases
from atlas_build.remains import UNREADABLE, find_remains, labels_left
from atlas_build.report import Report
from atlas_build.scrub.scrubber import RemovedValue, Scrubber
from atlas_build.search.reader import read_front_coded
from atlas_build.search.terms import Tokenizer
from atlas_build.verify.leaks import TEXT_SUFFIXES, find_leaks, visible_texts

RUN = 6
"""Words of a run. Shorter ones occur by chance; a field with fewer words is looked for whole, from two words on."""
LONG_WORD = 5
"""Characters from which a single word of the index counts."""

PICTURES = frozenset({".png", ".jpg", ".ico", ".webp", ".woff2", ".woff"})
OTHER_COPIES = (
    "earlier deployments of the site: most hosts keep each under an address of its own until it is deleted",
    "caches of the host and its network (purge them), of browsers and of search engines (ask for removal)",
    "web archives, and copies that readers downloaded or cite",
    "deposits with a DOI: ask the archive for a new version without the case and for the old one to be closed",
    "the history of the repositories that hold site, corpus and release files, their forks, and backups",
    "the study's own data, which this project does not control, and the record in the corpus folder's input",
)


@dataclass(frozen=True)
class Finding:
    """Something of the case in one file. `count`: how many pieces; 0 where it is not a matter of pieces."""

    place: str
    what: str
    count: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {f'{self.count:,} ' if self.count else ''}{self.what}"


@dataclass
class SearchResult:
    """What was looked for, where, and what was found."""

    case_id: str
    runs: int
    words: int
    values: int
    files: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.findings

    def lines(self) -> Iterator[str]:
        yield (
            f"{self.case_id}: looked for {self.runs:,} runs of words, {self.words:,} words of its own and "
            f"{self.values:,} removed values in {self.files:,} files"
        )
        if self.is_clean:
            yield "nothing of it was found"
            return
        yield f"{len(self.findings):,} {'finding' if len(self.findings) == 1 else 'findings'}:"
        yield from (f"  {finding}" for finding in self.findings)


def search_for_case(case_id: str, sites: Sequence[Path], folder: CorpusFolder, data_dir: Path) -> SearchResult:
    """
    Raises:
        InputError: the corpus has no record of this id, so that there is nothing to look for; or a site is no site.
    """
    recover(folder.folder)
    for site in sites:
        if not (site / MARKER).is_file():
            raise InputError(f"{site} is not a site of ours: it has no file {MARKER}", hint="name sites with --site")
    traces = _find_traces(case_id, folder, data_dir)
    result = SearchResult(case_id, len(traces.runs), len(traces.words), len(traces.removed))
    for site in sites:
        _search_site(site, case_id, traces, result)
    for record in read_releases(folder.releases):
        result.files += 1
        place = str(folder.releases / f"{record.version}.json")
        result.findings += (Finding(place, what) for what in labels_left(record, case_id))
    return result


@dataclass(frozen=True)
class _Traces:
    """What only this case says. `own_text`: the site's own wording, in which a value may stand by chance."""

    runs: frozenset[tuple[str, ...]]
    words: frozenset[str]
    removed: tuple[RemovedValue, ...]
    own_text: str


def _find_traces(case_id: str, folder: CorpusFolder, data_dir: Path) -> _Traces:
    past = Past(read_ledger(folder.ledger), read_suppressions(folder.suppressions))
    corpus = read_corpus(folder.inputs, Report())
    gate = LicenseGate.from_policy(data_dir / "policy" / "licenses.toml")
    admission = hold_back(admit(corpus.episodes, gate), past.suppressions, past.ledger)
    key = _key_of(case_id, admission, past)
    text = next((one.text for one in corpus.episodes if one.facts.key == key and one.text is not None), None)
    if text is None:
        raise InputError(
            f"the corpus has no record of {case_id}, so there is nothing to look for",
            hint="keep the record in the input until the search was clean, or use a copy of the folder that has it",
        )
    others = [_joined(episode.text) for other, episode in admission.identified if other != case_id]
    own_text = _own_text(data_dir)
    scrubber = Scrubber.from_policy(data_dir)
    admitted = next((one for one in admission.admitted if one.facts.key == key), None)
    removed, scrubbed = _scrub(scrubber, case_id, admitted, text)
    return _Traces(
        runs=_own_runs([*_fields(text), *scrubbed], [*others, own_text]),
        words=_own_words(_fields(text), others),
        removed=removed,
        own_text=own_text,
    )


def _key_of(case_id: str, admission: Admission, past: Past) -> object:
    if case_id in admission.held:
        return admission.held[case_id][0]
    published = next((episode.facts.key for other, episode in admission.identified if other == case_id), None)
    state = past.ledger.states.get(case_id)
    return published or (state.key if state else None)


def _fields(text: EpisodeText) -> list[str]:
    return [value for _, value in text_fields(text)]


def _joined(text: EpisodeText) -> str:
    return "\n".join(_fields(text))


def _scrub(
    scrubber: Scrubber, case_id: str, admitted: AdmittedEpisode | None, text: EpisodeText
) -> tuple[tuple[RemovedValue, ...], list[str]]:
    """The values that scrubbing takes out, and the fields as they may have been published."""
    if admitted is not None:
        done = scrubber.scrub_episode(admitted, case_id)
        return done.removed, _fields(done.episode.text)
    removed: list[RemovedValue] = []
    scrubbed: list[str] = []
    for name, value in text_fields(text):
        result = scrubber.scrub_text(value)
        scrubbed.append(result.text)
        removed += [
            RemovedValue(span.kind, value[span.start : span.end], case_id, name, distinctive=True)
            for span in result.spans
        ]
    return tuple(removed), scrubbed


def _own_text(data_dir: Path) -> str:
    """Words of templates, scripts and codebook, which say what they say about any case."""
    folders = (shared_folder("templates"), shared_folder("assets"), data_dir / "codebook")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix != ".png" and path.is_file())
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def _tokens(text: str) -> list[str]:
    return tokens(fold(unicodedata.normalize("NFC", text)))


def _runs_of(found: Sequence[str]) -> Iterator[tuple[str, ...]]:
    length = min(RUN, len(found))
    if length >= 2:
        yield from (tuple(found[start : start + length]) for start in range(len(found) - length + 1))


def _own_runs(fields: Iterable[str], others: Iterable[str]) -> frozenset[tuple[str, ...]]:
    search = _RunSearch(run for text in fields for run in _runs_of(_tokens(text)))
    shared = {run for text in others for run in search.held_by(_tokens(text))}
    return frozenset(search.runs - shared)


def _own_words(fields: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Terms of the search index that no other case gives."""
    tokenizer = Tokenizer()
    mine = {term for text in fields for term in tokenizer.terms(text) if len(term) >= LONG_WORD}
    return frozenset(mine.difference(*(tokenizer.terms(text) for text in others)))


class _RunSearch:
    """Looks for many runs of words at once."""

    def __init__(self, runs: Iterable[tuple[str, ...]]) -> None:
        self.runs = set(runs)
        self._lengths: dict[str, set[int]] = {}
        for run in self.runs:
            self._lengths.setdefault(run[0], set()).add(len(run))

    def held_by(self, found: Sequence[str]) -> set[tuple[str, ...]]:
        hits: set[tuple[str, ...]] = set()
        for place, word in enumerate(found):
            for length in self._lengths.get(word, ()):
                run = tuple(found[place : place + length])
                if run in self.runs:
                    hits.add(run)
        return hits


def _search_site(site: Path, case_id: str, traces: _Traces, result: SearchResult) -> None:
    search = _RunSearch(traces.runs)
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        place = f"{site}/{name}"
        result.files += 1
        texts = _readings(path)
        if texts is None:
            result.findings.append(Finding(place, UNREADABLE))
            continue
        runs = {run for text in texts for run in search.held_by(_tokens(text))}
        if runs:
            result.findings.append(Finding(place, "of its runs of words", len(runs)))
        result.findings += (Finding(place, what) for what in find_remains(name, path, texts, case_id))
    result.findings += _words_left(site, traces.words)
    values = [item for item in traces.removed if len(core(item.value)) > 1]
    try:
        leaks = find_leaks(site, values, jobs=1, own_text=traces.own_text)
    except CheckError as error:
        result.findings.append(Finding(f"{site}", f"was not searched for removed values: {error.message}"))
        return
    for file in sorted({leak.file for leak in leaks}):
        count = len({(leak.field, leak.kind) for leak in leaks if leak.file == file})
        result.findings.append(Finding(f"{site}/{file}", "of the values that scrubbing removes from it", count))


def _words_left(site: Path, words: frozenset[str]) -> Iterator[Finding]:
    """Terms of the case in the index, shard by shard, also in an index that is left from an earlier build."""
    for path in sorted(site.glob("index/*/terms/*.json")):
        place = f"{site}/{path.relative_to(site).as_posix()}"
        try:
            terms = read_front_coded(orjson.loads(path.read_bytes())["terms"])
        except (ValueError, KeyError, TypeError, IndexError):
            yield Finding(place, UNREADABLE)
            continue
        if found := sum(term in words for term in terms):
            yield Finding(place, "of the words that only this case had", found)


def _readings(path: Path) -> list[str] | None:
    """What a file says; None when that cannot be found out here."""
    suffix = Path(path.stem).suffix.lower() if path.suffix == ".gz" else path.suffix.lower()
    if suffix in PICTURES:
        return []
    try:
        if suffix in TEXT_SUFFIXES:
            return list(visible_texts(path))
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        if data.startswith(b"SQLite format 3\0"):
            return list(_database_texts(data))
        if data.startswith(b"PAR1"):
            return _parquet_texts(data)
        return [data.decode("utf-8")]
    except (CheckError, OSError, EOFError, zlib.error, UnicodeDecodeError, sqlite3.Error):
        return None


def _database_texts(data: bytes) -> Iterator[str]:
    """Every text of every table, also those that a full-text index keeps for itself."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        for name in names:
            quoted = name.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # the name comes from the database itself
                yield "\n".join(
                    value if isinstance(value, str) else value.decode("utf-8", "ignore")
                    for value in row
                    if isinstance(value, str | bytes)
                )
    finally:
        connection.close()


def _parquet_texts(data: bytes) -> list[str] | None:
    try:
        parquet = importlib.import_module("pyarrow.parquet")  # optional: only needed where such files are
    except ImportError:
        return None
    table = parquet.read_table(io.BytesIO(data))
    return ["\n".join(str(value) for value in row.values() if value is not None) for row in table.to_pylist()]
