"""The release file: what a release published, by id, digest and label. No text.

A content digest covers what a reader can see of a case and that came from the study: labels, session facts, license
and scrubbed texts. It leaves out what the atlas or upstream may number anew (id, key, session number) and what follows
from the rest (placeholder counts). docs/releases.md gives the recipe; `RECIPE` names its version.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from atlas_build.model.codebook import Source
from atlas_build.model.episode import Episode
from atlas_build.model.identity import EpisodeKey
from atlas_build.model.placeholder import Kind
from atlas_build.model.release import RECIPE, ReleaseCase, ReleaseRecord, SessionFacts
from atlas_build.model.renumbering import make_anchor
from atlas_build.model.source import Evidence, Labels

TEXT_FIELDS = ("name", "description", "evidence", "reasonings", "other_form")
SESSION_FIELDS = ("sha", "timestamp", "workflow", "agent", "user_turns", "agent_turns")
LICENSE_FIELDS = ("spdx", "expression")


def make_record(episode: Episode) -> dict[str, Any]:
    """The parts of a case that its digests cover, under the names that they have in `data/episodes.jsonl.gz`."""
    facts = episode.facts.model_dump(mode="json", include={"goal", "confidence", "labels", "session"})
    text = episode.text.model_dump(mode="json", exclude={"note"})
    return {**facts, **text, "license": episode.license.model_dump()}


def digest_record(record: Mapping[str, Any]) -> str:
    """The content digest of a case, from its record or from its line in `data/episodes.jsonl.gz`."""
    covered = {name: record[name] for name in ("goal", "confidence", "labels", *TEXT_FIELDS)}
    covered["session"] = {name: record["session"][name] for name in SESSION_FIELDS}
    covered["license"] = {name: record["license"][name] for name in LICENSE_FIELDS}
    return _digest(covered)


def digest_text(record: Mapping[str, Any]) -> str:
    return _digest({name: record[name] for name in TEXT_FIELDS})


def digest_evidence(evidence: Iterable[Mapping[str, str]]) -> str:
    return _digest([{name: item[name] for name in ("turn", "quote", "context")} for item in evidence])


def _digest(value: object) -> str:
    """SHA-256 of the value as JSON in UTF-8: keys sorted, no blanks, no escapes that JSON does not demand."""
    return f"{RECIPE}:{hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()}"


def describe_case(episode: Episode) -> ReleaseCase:
    key = episode.facts.key._asdict()
    record = {**make_record(episode), **key, "id": episode.id, "redactions": episode.redactions}
    return describe_record(record, episode.facts.labels, episode.text.evidence)


def describe_record(record: Mapping[str, Any], labels: Labels | None, evidence: Iterable[Evidence]) -> ReleaseCase:
    """A line of `data/episodes.jsonl.gz`, or the same made from an `Episode`, as a release keeps it."""
    assert labels is not None, "only VALID episodes, which have labels, are released"
    key = EpisodeKey(*(str(record[name]) for name in EpisodeKey._fields))
    redactions = {Kind(kind): int(count) for kind, count in sorted(record["redactions"].items()) if count}
    return ReleaseCase(
        id=record["id"],
        **{**key._asdict(), "source": Source(key.source)},
        anchor=make_anchor(key, record["session"]["sha"], evidence),
        digest=digest_record(record),
        text=digest_text(record),
        evidence=digest_evidence(record["evidence"]),
        labels=labels,
        goal=record["goal"],
        confidence=record["confidence"],
        workflow=record["session"]["workflow"],
        facts=_describe_session(record["session"]),
        license=record["license"]["spdx"],
        redactions=redactions,
    )


def _describe_session(session: Mapping[str, Any]) -> SessionFacts:
    turns = session["user_turns"], session["agent_turns"]
    return SessionFacts(
        agent=session["agent"],
        month=session["timestamp"][:7] if session["timestamp"] else None,
        turns=None if None in turns else sum(turns),
    )


def write_release(record: ReleaseRecord) -> bytes:
    """The file's bytes: the head indented, one case a line, so that version control shows what changed."""
    content = record.model_dump(mode="json", exclude_none=True)
    lists = {name: content.pop(name) for name in ("cases", "removed", "gone")}
    head = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    return ("".join([head.removesuffix("\n}"), *_write_lists(lists)]) + "\n}\n").encode()


def _write_lists(lists: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    for name, items in lists.items():
        yield f',\n  "{name}": ['
        for place, item in enumerate(items):
            yield f"{',' if place else ''}\n    {orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode()}"
        yield "\n  ]" if items else "]"


def compress(data: bytes) -> bytes:
    """gzip without time and name."""
    return gzip.compress(data, compresslevel=6, mtime=0)
