"""The page that tells how to cite: the study, the atlas, and the newest case, its first quote and one result as
examples. Everything is cited as on its own place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import shorten
from atlas_build.model.numbers import FacetCounts
from atlas_build.render.citations import (
    LONGEST_TITLE,
    Citation,
    cite_case,
    cite_paper,
    part_of,
    refer_to_atlas,
    refer_to_case,
    refer_to_result,
)
from atlas_build.render.page import Site
from atlas_build.render.pieces import Piece, cut_pieces


@dataclass(frozen=True)
class CiteView:
    """
    Attributes:
        case, quote, result: examples; None where the atlas has no case, or the case no quote.
        result_query: of the result's address in the explorer.
    """

    paper: Citation
    atlas: Citation
    case: Citation | None = None
    case_name: tuple[Piece, ...] = ()
    case_href: str = ""
    quote: Citation | None = None
    result: Citation | None = None
    result_query: str = ""


def view_cite(cases: Sequence[Episode], forms: FacetCounts, codebook: Codebook, site: Site) -> CiteView:
    """`cases` in reading order, in which `forms` counts places."""
    home = site.pid("")
    atlas = cite_case(
        refer_to_atlas(len(cases), atlas=site.title, url=home, release=site.release, released=site.released)
    )
    if not cases:
        return CiteView(cite_paper(), atlas)
    newest = cases[0]
    path = f"c/{newest.slug}/"
    reference = refer_to_case(
        newest.id,
        newest.text.name,
        atlas=site.title,
        url=site.pid(path),
        release=site.release,
        released=site.released,
    )
    form = max(codebook.axes["form"].label, key=lambda label: forms.count("form", label.code))
    query = f"form={form.code}"
    result = refer_to_result(
        form.name,
        [cases[place].id for place in forms.places["form"].get(form.code, ())],
        len(cases),
        query=query,
        atlas=site.title,
        url=home,
        release=site.release,
        released=site.released,
    )
    return CiteView(
        paper=cite_paper(),
        atlas=atlas,
        case=cite_case(reference),
        case_name=cut_pieces(shorten(newest.text.name, LONGEST_TITLE)),
        case_href=path,
        quote=cite_case(part_of(reference, 1)) if newest.text.evidence else None,
        result=cite_case(result),
        result_query=f"?{query}",
    )
