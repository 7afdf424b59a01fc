"""What a file of a site still says of a case that was taken down, apart from its words: page, labels, history, id.

After a takedown id, date, reason code and release may stand at the address of the case, in withdrawn.json and below
`releases/`; nothing else may, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from atlas_build.errors import InputError
from atlas_build.model.ledger import CaseStatus
from atlas_build.model.release import ReleaseRecord
from atlas_build.read.releases import read_release

WITHDRAWN, RELEASES = "withdrawn.json", "releases/"
RELEASE_FORMAT = '"misalignment-atlas release '
UNREADABLE = "cannot be read here, so nothing can be promised about it"
_LABELS = re.compile(r'data-history=|class="strip"')
"""What only the page of a case has whose labels are kept."""


def find_remains(name: str, path: Path, texts: Sequence[str], case_id: str) -> Iterator[str]:
    """
    Args:
        name: the file's place in the site.
        texts: what the file says.
    """
    if name == f"c/{case_id.lower()}/index.html":
        yield from _on_its_page(path, texts)
        return
    if _is_release(name, texts):
        yield from _in_release_file(path, case_id)
    elif name == WITHDRAWN:
        yield from _among_the_withdrawn(path, case_id)
    elif any(case_id.lower() in text.lower() for text in texts):
        if not name.startswith(RELEASES):
            yield "names its id"
        elif any(_tells_changes(text, case_id) for text in texts):
            yield "tells which of its labels changed"


def _on_its_page(path: Path, texts: Sequence[str]) -> Iterator[str]:
    if not any("page-tombstone" in text for text in texts):
        yield "is still the page of the case"
    elif _LABELS.search(path.read_text(encoding="utf-8")):
        yield "keeps its labels or its history"


def _is_release(name: str, texts: Sequence[str]) -> bool:
    return name.removesuffix(".gz").endswith(".json") and any(RELEASE_FORMAT in text[:4096] for text in texts)


def _in_release_file(path: Path, case_id: str) -> Iterator[str]:
    try:
        yield from labels_left(read_release(path), case_id)
    except InputError:
        yield UNREADABLE


def labels_left(record: ReleaseRecord, case_id: str) -> Iterator[str]:
    if case_id in record.by_id:
        yield "holds its labels and digests; the next `release` after `suppress` takes them out"
    if any(item.id == case_id and item.status is not CaseStatus.SUPPRESSED for item in record.gone):
        yield "calls it withdrawn, not suppressed; the next `release` after `suppress` corrects it"


def _among_the_withdrawn(path: Path, case_id: str) -> Iterator[str]:
    try:
        rows = [row for row in orjson.loads(path.read_bytes()) if row["id"] == case_id]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        yield UNREADABLE
        return
    if any(row.get("status") != CaseStatus.SUPPRESSED or "labels" in row for row in rows):
        yield "calls it withdrawn, or keeps its labels"


def _tells_changes(text: str, case_id: str) -> bool:
    """An arrow on the line of its id, before the next one: `AMA-7k2d-9qxp: form S2 → S3`."""
    return re.search(rf"{case_id}(?:(?!AMA-)[^\n])*→", text, re.IGNORECASE) is not None
