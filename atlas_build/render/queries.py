"""Addresses of the explorer for choices that the build makes itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from atlas_build.model.facets import FACETS


def write_query(choices: Mapping[str, Iterable[str]], *, all_of: str = "", words: str = "") -> str:
    """What is asked, in the explorer's canonical order.

    Args:
        choices: facet -> codes of the codebook, of which one must hold.
        all_of: a facet of which all codes must hold.
        words: to look for.
    """
    unknown = choices.keys() - {facet.name for facet in FACETS}
    if unknown:
        raise ValueError(f"no facet is called {', '.join(sorted(unknown))}")
    asked = [f"q={quote(words, safe=':')}"] if words else []
    chosen = (
        f"{facet.name}={','.join(choices[facet.name])}" + (f"&{facet.name}.match=all" if facet.name == all_of else "")
        for facet in FACETS
        if facet.name in choices
    )
    return "?" + "&".join((*asked, *chosen))
