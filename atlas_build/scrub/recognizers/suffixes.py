"""The public suffix list: where a registered domain ends and what stands below it begins."""

from __future__ import annotations

from functools import lru_cache

from tldextract import TLDExtract


@lru_cache(maxsize=1)
def bundled_suffixes() -> TLDExtract:
    """The list that comes with the package; without URLs it never asks the network. Takes a while to read, so once."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
