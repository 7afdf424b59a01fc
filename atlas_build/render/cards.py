"""An episode in a list: as a card (explorer) and as a row (lists and label pages)."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import CARD_DESCRIPTION, card_quote, shorten
from atlas_build.render.codes import Cell, Cells, card_meta, month_name, tone_of
from atlas_build.render.pieces import Piece, cut_pieces


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    href: str
    name: tuple[Piece, ...]
    tone: str
    cells: tuple[Cell, ...]
    description: tuple[Piece, ...]
    quote: tuple[Piece, ...]
    meta: tuple[str, ...]


BLANK_CARD = Card("", "", (), "", (), (), (), ())
"""The card that the browser fills in."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of cases; `columns` are form, cause, cost, resolution and workflow."""

    id: str
    slug: str
    name: tuple[Piece, ...]
    tone: str
    columns: tuple[tuple[str, tuple[Cell, ...]], ...]
    when: str


def make_card(episode: Episode, cells: Cells, codebook: Codebook) -> Card:
    return Card(
        id=episode.id,
        href=f"c/{episode.slug}/",
        name=cut_pieces(episode.text.name),
        tone=tone_of(episode.facts),
        cells=cells.strip(episode.facts),
        description=cut_pieces(shorten(episode.text.description, CARD_DESCRIPTION)),
        quote=cut_pieces(card_quote(episode.text.evidence)),
        meta=card_meta(codebook, episode),
    )


COLUMNS = (
    ("Form", ("form",)),
    ("Cause", ("cause",)),
    ("Cost", ("severity", "locus")),
    ("Resolution", ("status", "resolver")),
    ("Workflow", ("workflow",)),
)


def make_row(episode: Episode, cells: Cells) -> Row:
    strip = cells.strip(episode.facts)
    return Row(
        id=episode.id,
        slug=episode.slug,
        name=cut_pieces(episode.text.name),
        tone=tone_of(episode.facts),
        columns=tuple((name, tuple(cell for cell in strip if cell.axis in axes)) for name, axes in COLUMNS),
        when=month_name(episode.month) if episode.month else "undated",
    )
