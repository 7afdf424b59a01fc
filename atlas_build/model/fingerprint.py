"""The fingerprint of a list of cases: what a citation of a result carries instead of all their ids.

docs/citing.md defines it, so that anybody can compute it again; `assets/js/fingerprint.js` does the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

CHARACTERS = 16
"""64 bits: by chance, two lists share them once in 18 quintillion pairs."""


def fingerprint(ids: Iterable[str]) -> str:
    """The first 16 hexadecimal digits of SHA-256 over the sorted ids, each followed by a line feed."""
    return hashlib.sha256("".join(f"{case_id}\n" for case_id in sorted(ids)).encode("ascii")).hexdigest()[:CHARACTERS]
