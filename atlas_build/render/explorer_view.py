"""The front page: what an episode is, the map of form by cause, the legend with its counts, the first cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from atlas_build.model.codebook import Codebook, Severity
from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import card_quote, pushback_turns
from atlas_build.model.facets import BY_NAME, FACETS, LISTED_BY_SCRIPT, Facet, Missing, Value
from atlas_build.model.numbers import CrossTab, FacetCounts, Numbers
from atlas_build.render.cards import BLANK_CARD, Card, make_card
from atlas_build.render.codes import Cell, Cells, label_href, label_tone, month_name, tone_of, value_name
from atlas_build.render.page import Page
from atlas_build.render.pieces import Piece, cut_pieces
from atlas_build.render.shares import percent

CARDS_A_PAGE = 40
HEAT_STEPS = 6
OPEN_FACETS = frozenset({"form", "cause", "severity", "workflow"})
SORTS = (
    ("newest", "Newest"),
    ("oldest", "Oldest"),
    ("turns", "Most turns"),
    ("rare", "Rarest labels"),
    ("random", "Random"),
)
STRIKING_LENGTH = range(24, 150)
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Figure:
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Striking:
    """The example of pushback at the head of the page."""

    quote: tuple[Piece, ...]
    name: tuple[Piece, ...]
    href: str
    tone: str
    when: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MapHead:
    code: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class MapCell:
    count: int
    heat: int
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class MapRow:
    code: str
    name: str
    href: str
    tone: str
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class Map:
    caption: str
    columns: tuple[MapHead, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class FacetRow:
    value: str
    missing: str
    code: str
    name: str
    href: str
    """The label's page, or ""."""
    query: str
    """The explorer's own address for the value, which only a script can answer."""
    count: int
    share: float
    tone: str


@dataclass(frozen=True, slots=True)
class FacetView:
    name: str
    title: str
    question: str
    rows: tuple[FacetRow, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Sort:
    value: str
    name: str


@dataclass(frozen=True)
class ExplorerView:
    page: Page
    heading: str
    first: str
    striking: Striking | None
    figures: tuple[Figure, ...]
    parts: str
    """How the figures divide by source, or ""."""
    map: Map | None
    facets: tuple[FacetView, ...]
    answer: str
    cards: tuple[Card, ...]
    blank: Card
    more: bool
    total: int
    index: str
    sorts: tuple[Sort, ...]


def view_explorer(
    page: Page,
    *,
    index: str,
    first: str,
    cases: Sequence[Episode],
    numbers: Numbers,
    codebook: Codebook,
    cells: Cells,
) -> ExplorerView:
    """Rejected candidates are in no count of this page."""
    return ExplorerView(
        page=page,
        heading="Where coding agents and their developers part ways",
        first=first,
        striking=_striking(cases, cells),
        figures=_figures(cases, numbers.facets),
        parts=_parts(cases, numbers.facets, codebook),
        map=_map(numbers.form_by_cause, codebook) if cases else None,
        facets=tuple(_facet(facet, numbers.facets, codebook) for facet in FACETS),
        answer=f"All {len(cases):,} cases, newest session first." if len(cases) != 1 else "The one published case.",
        cards=tuple(make_card(case, cells, codebook) for case in cases[:CARDS_A_PAGE]),
        blank=BLANK_CARD,
        more=len(cases) > CARDS_A_PAGE,
        total=len(cases),
        index=index,
        sorts=tuple(Sort(*sort) for sort in SORTS),
    )


def _striking(cases: Sequence[Episode], cells: Cells) -> Striking | None:
    """A short pushback with no placeholder, from a case whose damage was felt if there is one.

    The choice depends on the corpus alone: hard-to-reverse damage first, then the newest.
    """
    ladder = {Severity.DS3: 0, Severity.DS2: 1}
    fitting = [
        (ladder.get(case.facts.labels.severity, 2), place)
        for place, case in enumerate(cases)
        if case.facts.labels and pushback_turns(case.text.evidence) and _is_striking(card_quote(case.text.evidence))
    ]
    if not fitting:
        return None
    case = cases[min(fitting)[1]]
    return Striking(
        quote=cut_pieces(card_quote(case.text.evidence)),
        name=cut_pieces(case.text.name),
        href=f"c/{case.slug}/",
        tone=tone_of(case.facts),
        when=month_name(case.month) if case.month else "undated",
        cells=cells.strip(case.facts),
    )


def _is_striking(quote: str) -> bool:
    plain_words = sum(char.isalpha() or char in " ,.!?'’" for char in quote)
    return len(quote) in STRIKING_LENGTH and "[" not in quote and quote.isascii() and plain_words >= 0.97 * len(quote)


def _figures(cases: Sequence[Episode], counts: FacetCounts) -> tuple[Figure, ...]:
    months = sum(isinstance(month, str) for month in counts.places["month"])
    return (*(Figure(count, words) for words, count in _count_units(cases).items()), Figure(months, "months"))


def _count_units(cases: Sequence[Episode]) -> dict[str, int]:
    return {
        "cases": len(cases),
        "sessions": len({case.key.session for case in cases}),
        "repositories": len({case.key[:2] for case in cases}),
    }


def _parts(cases: Sequence[Episode], counts: FacetCounts, codebook: Codebook) -> str:
    """Such as "A + B: 12 + 5 cases, 7 + 2 sessions, 3 + 1 repositories"; nothing for a single source.

    The source is part of the key of a session and of a repository, so the parts add up.
    """
    sources = [value for value in facet_values(BY_NAME["source"], counts) if counts.count("source", value)]
    if len(sources) < 2:
        return ""
    names = " + ".join(value_name(codebook, "source", value) for value in sources)
    units = [_count_units([cases[place] for place in counts.places["source"][value]]) for value in sources]
    sums = (f"{' + '.join(f'{unit[words]:,}' for unit in units)} {words}" for words in units[0])
    return f"{names}: {', '.join(one.replace(' ', NO_BREAK) for one in sums)}"


def _map(crosstab: CrossTab, codebook: Codebook) -> Map:
    forms, causes = codebook.axes["form"].label, codebook.axes["cause"].label
    largest = max(crosstab.cells.values(), default=1)
    return Map(
        caption=f"{crosstab.total:,} cases; one with several labels stands in several cells",
        columns=tuple(MapHead(cause.code, cause.name, label_href("cause", cause)) for cause in causes),
        rows=tuple(
            MapRow(
                form.code,
                form.name,
                label_href("form", form),
                form.code.lower(),
                tuple(
                    _map_cell(crosstab.cells[form.code, cause.code], largest, crosstab.total, form.code, cause.code)
                    for cause in causes
                ),
            )
            for form in forms
        ),
    )


def _map_cell(count: int, largest: int, total: int, form: str, cause: str) -> MapCell:
    """Heat grows with the square root, so that small cells stay apart from empty ones."""
    heat = 0 if not count else 1 + round((HEAT_STEPS - 1) * (count / largest) ** 0.5)
    title = f"{form} with {cause}: {count:,} of {total:,} cases, {percent(count, total)}"
    return MapCell(count, heat, f"?form={form}&cause={cause}", title)


def _facet(facet: Facet, counts: FacetCounts, codebook: Codebook) -> FacetView:
    axis = codebook.axes.get(facet.name)
    values = () if facet.name in LISTED_BY_SCRIPT else facet_values(facet, counts)
    return FacetView(
        name=facet.name,
        title=facet.title,
        question=axis.question if axis else "",
        rows=tuple(_facet_row(facet, value, counts, codebook) for value in values),
        open=facet.name in OPEN_FACETS,
    )


def facet_values(facet: Facet, counts: FacetCounts) -> tuple[Value, ...]:
    """Codes in their own order, open values by frequency, months newest first; missing values last, if any occur."""
    found = counts.places[facet.name]
    named = [value for value in found if isinstance(value, str)]
    if facet.name == "month":
        named.sort(reverse=True)
    elif facet.vocabulary:
        named = [*facet.vocabulary, *sorted(set(named) - set(facet.vocabulary))]
    else:
        named.sort(key=lambda value: (-len(found[value]), value))
    return (*named, *(missing for missing in Missing if missing in found))


def _facet_row(facet: Facet, value: Value, counts: FacetCounts, codebook: Codebook) -> FacetRow:
    count = counts.count(facet.name, value)
    label = codebook.label(facet.name, value) if isinstance(value, str) else None
    has_code = label is not None and facet.name in ("form", "cause", "severity", "locus", "status", "resolver")
    return FacetRow(
        value=value if isinstance(value, str) else "",
        missing=value.value if isinstance(value, Missing) else "",
        code=label.code if label and has_code else "",
        name=value_name(codebook, facet.name, value),
        href=label_href(facet.name, label) if label else "",
        query=_query(facet.name, value),
        count=count,
        share=round(100 * count / counts.total, 2) if counts.total else 0,
        tone=label_tone(facet.name, label.code) if label else "",
    )


def _query(facet: str, value: Value) -> str:
    """The explorer's own address for a value. A month is a range of one; reserved words are percent-encoded."""
    if isinstance(value, Missing):
        return f"?{facet}={value.value}"
    if facet == "month":
        return f"?from={value}&to={value}"
    encoded = quote(value, safe="")
    if value in ("none", "na"):
        encoded = f"%{ord(value[0]):02X}{value[1:]}"
    return f"?{facet}={encoded.replace('-', '%2D', 1) if value.startswith('-') else encoded}"
