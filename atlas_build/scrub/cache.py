"""A local file with the spans that earlier builds found, so that unchanged text is not looked at again.

A row is keyed by a digest of the texts, of what was known from other episodes, and of the rules; it holds offsets,
kinds, placeholders, scores and rule names. Neither a removed value nor any text is in it. Whatever is wrong with the
file, the build goes on: a damaged or foreign file is put aside and a new one begun, a file that cannot be written is
not used. A row that does not fit its own checksum or the text counts as missing, since a lost span would publish what
it hid.
"""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import Found, Span
from atlas_build.scrub.policy import Model, ScrubPolicy
from atlas_build.scrub.spreading import Known

DEFAULT_CACHE = Path(".atlas-cache/scrub.sqlite")
"""Below the current directory; git ignores it."""
APPLICATION = 0x41544C53
"""`ATLS` in the file's header says that it is ours."""
FORMAT = 1
MOST_ROWS = 400_000
MOST_CORPORA = 8
_LIBRARIES = ("presidio-analyzer", "tldextract", "regex")
_BUSY_SECONDS = 20
_AT_ONCE = 500
_CHECKSUM = 8
_KEY = 16
"""Bytes of a checksum and of a key."""

Note = Callable[[str], None]


def rules_version(policy: ScrubPolicy) -> bytes:
    """A digest of everything but the text that decides what is found: policy, program, libraries, model."""
    digest = hashlib.sha256(policy.fingerprint.encode())
    package = Path(__file__).parent.parent
    for path in [*sorted((package / "scrub").rglob("*.py")), *sorted((package / "model").glob("*.py"))]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    libraries = [f"{name} {_installed(name)}" for name in _LIBRARIES]
    texts = [*libraries, platform.python_version(), unicodedata.unidata_version, *_describe_model(policy.model)]
    digest.update("\n".join(texts).encode())
    return digest.digest()[:16]


def _describe_model(model: Model) -> Iterator[str]:
    """Names, versions and files of a configured model, without reading what may be gigabytes."""
    yield model.model_dump_json()
    for name in (model.name, model.spacy_base) if model.engine != "none" else ():
        yield _installed(name)
        folder = Path(name)
        for path in sorted(folder.rglob("*")) if name and folder.is_dir() else ():
            status = path.stat()
            yield f"{path.name} {status.st_size} {status.st_mtime_ns}"


def _installed(name: str) -> str:
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):
        return "none"


class SpanCache:
    """Spans by the digest of what they were found in. Several processes may use one file.

    Attributes:
        hits: episodes whose spans were in the file.
        misses: episodes whose spans were not.
    """

    def __init__(self, path: Path, rules: bytes, note: Note) -> None:
        self.hits = 0
        self.misses = 0
        self._path = path
        self._rules = rules
        self._note = note
        self._waiting: list[tuple[bytes, bytes, bytes]] = []
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: Path, rules: bytes, note: Note) -> SpanCache:
        """Open the file, or make it. Never raises: what stands in the way is told by `note`, and nothing is cached."""
        cache = cls(path, rules, note)
        cache._guard(cache._connect)
        return cache

    def key(self, fields: Mapping[str, str], known: Known) -> bytes:
        shape = [(name, len(text)) for name, text in fields.items()]
        digest = hashlib.blake2b(self._rules, digest_size=_KEY)
        digest.update(repr((shape, sorted(known.kinds.items()) if known.kinds else ())).encode())
        digest.update("".join(fields.values()).encode("utf-8", "surrogatepass"))
        return digest.digest()

    def corpus_key(self, keys: Mapping[str, bytes]) -> bytes:
        """The key of a whole corpus: its case ids, and the keys of its episodes when nothing else is known."""
        digest = hashlib.blake2b(self._rules, digest_size=_KEY)
        for case_id, key in keys.items():
            digest.update(f"{case_id}\n".encode() + key)
        return digest.digest()

    def read_corpus(self, key: bytes, size: int) -> list[bytes]:
        """The keys under which the last looks at the `size` episodes of a corpus are kept; empty if not known."""
        value = self._guard(self._select_corpus, key) or b""
        content = value[_CHECKSUM:]
        if len(content) != size * _KEY or _checksum(key, content) != value[:_CHECKSUM]:
            return []
        return [content[place : place + _KEY] for place in range(0, len(content), _KEY)]

    def write_corpus(self, key: bytes, keys: Sequence[bytes]) -> None:
        content = b"".join(keys)
        self._guard(self._insert_corpus, key, _checksum(key, content) + content)

    def read(self, wanted: Mapping[bytes, Mapping[str, str]]) -> dict[bytes, Found]:
        """What was found for those keys that are in the file; `wanted` gives the fields of each."""
        rows = self._guard(self._select, list(wanted)) or {}
        found: dict[bytes, Found] = {}
        for key, value in rows.items():
            content = _decode(key, value, wanted[key])
            if content is not None:
                found[key] = content
        self.hits += len(found)
        self.misses += len(wanted) - len(found)
        return found

    def write(self, key: bytes, fields: Mapping[str, str], found: Found) -> None:
        self._waiting.append((key, self._rules, _encode(key, fields, found)))
        if len(self._waiting) >= _AT_ONCE:
            self._guard(self._insert)

    def close(self) -> None:
        """Write what waits, forget what is too old, let go of the file."""
        self._guard(self._insert)
        self._guard(self._forget)
        if self._connection:
            self._connection.close()
            self._connection = None

    def _guard(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Do something with the file; whatever fails, the build goes on without it."""
        if self._connection is None and action != self._connect:
            return None
        try:
            return action(*arguments)
        except sqlite3.OperationalError as error:  # busy, read-only, full: the file may be fine
            self._give_up(f"the scrubbing cache {self._path} is not used ({error})")
        except sqlite3.DatabaseError:
            self._put_aside()
        except OSError as error:
            self._give_up(f"the scrubbing cache {self._path} is not used ({error.strerror})")
        return None

    def _connect(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        self._connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        self._connection.execute("BEGIN IMMEDIATE")
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        marks = [
            self._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        ]
        if tables and marks != [APPLICATION, FORMAT]:
            raise sqlite3.DatabaseError("not a cache of this version")
        if not tables:
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {FORMAT}")
            self._connection.execute("CREATE TABLE spans (key BLOB UNIQUE, rules BLOB NOT NULL, value BLOB NOT NULL)")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS corpora (key BLOB UNIQUE, rules BLOB NOT NULL, value BLOB NOT NULL)"
        )
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _select(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        assert self._connection
        found: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, value FROM spans WHERE key IN ({marks})"
            found.update(self._connection.execute(query, some).fetchall())
        return found

    def _select_corpus(self, key: bytes) -> bytes | None:
        assert self._connection
        row = self._connection.execute("SELECT value FROM corpora WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _insert_corpus(self, key: bytes, value: bytes) -> None:
        assert self._connection
        self._connection.execute("INSERT OR REPLACE INTO corpora VALUES (?, ?, ?)", (key, self._rules, value))

    def _insert(self) -> None:
        assert self._connection
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO spans VALUES (?, ?, ?)", waiting)
            self._connection.execute("COMMIT")

    def _forget(self) -> None:
        """Rows of other rules go, and of these the oldest ones above `MOST_ROWS` and `MOST_CORPORA`."""
        assert self._connection
        for table, most in (("spans", MOST_ROWS), ("corpora", MOST_CORPORA)):
            self._connection.execute(f"DELETE FROM {table} WHERE rules <> ?", (self._rules,))
            oldest = f"(SELECT max(rowid) FROM {table}) - ?"
            self._connection.execute(f"DELETE FROM {table} WHERE rowid <= {oldest}", (most,))

    def _give_up(self, reason: str) -> None:
        self._note(reason)
        if self._connection:
            self._connection.close()
        self._connection = None

    def _put_aside(self) -> None:
        """Begin a new file; the old one keeps its bytes, because it may be somebody's."""
        if self._connection:
            self._connection.close()
        self._connection = None
        try:
            aside = self._free_name()
            self._path.rename(aside)
            for ending in ("-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            self._note(f"the scrubbing cache was damaged or not ours; it is now {aside}, and a new one was begun")
            self._connect()
        except (OSError, sqlite3.Error):
            self._give_up(f"the scrubbing cache {self._path} is not used (it is damaged and cannot be put aside)")

    def _free_name(self) -> Path:
        names = (self._path.with_name(f"{self._path.name}.aside-{number}") for number in range(1, 1000))
        return next((name for name in names if not name.exists()), self._path.with_name(f"{self._path.name}.aside"))


_KINDS = {kind.value: kind for kind in Kind}


def _encode(key: bytes, fields: Mapping[str, str], found: Found) -> bytes:
    places = {field: place for place, field in enumerate(fields)}
    spans = [
        [places[field], span.start, span.end, span.kind.value, span.placeholder, span.score, span.rule]
        for field, inside in found.spans.items()
        for span in inside
    ]
    content = orjson.dumps([spans, sorted(found.allowed)])
    return _checksum(key, content) + content


def _decode(key: bytes, value: bytes, fields: Mapping[str, str]) -> Found | None:
    """What a row says; None if it is damaged."""
    content = value[_CHECKSUM:]
    if _checksum(key, content) != value[:_CHECKSUM]:
        return None
    names = tuple(fields)
    spans, allowed = orjson.loads(content)
    found: dict[str, list[Span]] = {}
    for place, start, end, kind, placeholder, score, rule in spans:
        found.setdefault(names[place], []).append(Span(start, end, _KINDS[kind], placeholder, score, rule))
    return Found({field: tuple(inside) for field, inside in found.items()}, frozenset(allowed))


def _checksum(key: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_CHECKSUM, key=key).digest()
