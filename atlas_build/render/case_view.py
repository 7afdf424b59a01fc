"""A case page: the plate that a reader turns to, and the page an author links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from atlas_build.model.codebook import Cause, Codebook
from atlas_build.model.episode import Episode, parse_turn
from atlas_build.model.excerpt import DEVELOPER, pushback_turns, shorten
from atlas_build.model.facets import BY_NAME, joined_cause
from atlas_build.model.numbers import RepositoryKey, SessionKey
from atlas_build.model.placeholder import NAMES, PLACEHOLDER
from atlas_build.model.relations import NO_RELATIONS, Relation, Relations
from atlas_build.model.release import CaseHistory
from atlas_build.model.repositories import Repository
from atlas_build.model.source import Evidence
from atlas_build.render.citations import Citation, cite_case, cite_paper, cite_quote, refer_to_case
from atlas_build.render.codes import Cell, Cells, day_name, tone_of, turns_words, value_name
from atlas_build.render.metadata import describe_case
from atlas_build.render.neighbours import Neighbour, neighbour_of
from atlas_build.render.page import Page, Site, make_page
from atlas_build.render.pieces import Piece, cut_pieces, plain
from atlas_build.render.references import Reference
from atlas_build.render.release_view import HistoryView, view_history
from atlas_build.render.repository_view import RepositoryStrips, RepositoryView

LONG_QUOTE = 1400
"""Characters from which a quote is folded."""
HEAD = 900
"""Characters of a folded quote that stand open."""

SPEAKERS = {DEVELOPER: "Developer", "AGENT": "Agent", "ASSISTANT": "Agent"}


Kindred = tuple[Neighbour, Relation]
"""Another case, and why it is shown."""


@dataclass(frozen=True, slots=True)
class CaseContext:
    """Where a case stands among the others.

    Attributes:
        previous, following: neighbours in reading order.
        session: all cases of the session in order, this one included.
        repository: the sessions around this one, if the repository has published cases in several.
        history: the life of the case, if it was ever released.
        related, contrasts: cases of other sessions, as in `model.relations`.
    """

    previous: Neighbour | None
    following: Neighbour | None
    session: tuple[Neighbour, ...]
    repository: RepositoryView | None = None
    history: CaseHistory | None = None
    related: tuple[Kindred, ...] = ()
    contrasts: tuple[Kindred, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One label of a coordinate row, with what it means."""

    cell: Cell
    gloss: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One of the unfolded coordinates: question, labels, and the annotator's reasoning in full.

    Attributes:
        anchor: where a link to labels and reasoning leads: `#cause`. Stays for ever, as it stands in papers.
    """

    anchor: str
    name: str
    question: str
    lines: tuple[LabelLine, ...]
    reasoning: tuple[Piece, ...]
    other: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted turn. `rest` is what is folded away; head and rest joined are the whole quote."""

    anchor: str
    turn: tuple[Piece, ...]
    speaker: str
    side: str
    is_pushback: bool
    head: tuple[Piece, ...]
    rest: tuple[Piece, ...]
    length: int
    context: tuple[Piece, ...]
    citation: str
    """How to cite this quote; "" on the page of a rejected candidate."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A related case with its reason: labels, and words in quotation marks."""

    case: Neighbour
    cells: tuple[Cell, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True)
class CaseView:
    page: Page
    id: str
    tone: str
    is_candidate: bool
    category: str
    note: tuple[Piece, ...]
    name: tuple[Piece, ...]
    strip: tuple[Cell, ...]
    description: tuple[Piece, ...]
    coordinates: tuple[Coordinate, ...]
    quotes: tuple[Quote, ...]
    facts: tuple[Fact, ...]
    license: tuple[Fact, ...]
    license_name: str
    license_href: str
    redactions: tuple[Fact, ...]
    breaches: bool
    citation: Citation | None
    paper: Citation
    context: CaseContext
    related: tuple[Kin, ...]
    contrasts: tuple[Kin, ...]
    history: HistoryView | None


def view_case(episode: Episode, context: CaseContext, site: Site, codebook: Codebook, cells: Cells) -> CaseView:
    text, facts = episode.text, episode.facts
    page = _page(episode, site, codebook, context.history)
    reference = _reference(episode, site) if episode.is_case else None
    return CaseView(
        page=page,
        id=episode.id,
        tone=tone_of(facts),
        is_candidate=not episode.is_case,
        category=value_name(codebook, "invalid", facts.invalid_category) if facts.invalid_category else "",
        note=cut_pieces(text.note or ""),
        name=cut_pieces(text.name),
        strip=cells.strip(facts),
        description=cut_pieces(text.description),
        coordinates=_coordinates(episode, codebook, cells),
        quotes=_quotes(episode, reference),
        facts=_facts(episode, codebook),
        license=_license(episode),
        license_name=episode.license.spdx,
        license_href=license_href(episode.license.spdx),
        redactions=tuple(Fact(NAMES[kind], f"{count:,}") for kind, count in sorted(episode.redactions.items())),
        breaches=bool(facts.labels and facts.labels.breaches()),
        citation=cite_case(reference) if reference else None,
        paper=cite_paper(),
        context=context,
        related=_kin(context.related, cells),
        contrasts=_kin(context.contrasts, cells),
        history=view_history(context.history, site.releases, codebook),
    )


def _page(episode: Episode, site: Site, codebook: Codebook, history: CaseHistory | None) -> Page:
    name = plain(episode.text.name) or "Untitled case"
    page = make_page(
        site,
        f"c/{episode.slug}/",
        "case" if episode.is_case else "candidate",
        f"{shorten(name, 120)} · {episode.id}",
        shorten(plain(episode.text.description), 200) or name,
        section="Explore",
        robots="" if episode.is_case else "noindex",
    )
    return replace(page, head=describe_case(episode, page, site, codebook, history)) if episode.is_case else page


def _reference(episode: Episode, site: Site) -> Reference:
    return refer_to_case(
        episode.id,
        episode.text.name,
        atlas=site.title,
        url=site.pid(f"c/{episode.slug}/"),
        release=site.release,
        released=site.released,
    )


def _coordinates(episode: Episode, codebook: Codebook, cells: Cells) -> tuple[Coordinate, ...]:
    labels, why = episode.facts.labels, episode.text.reasonings
    rows: list[Coordinate] = []
    if labels is not None:
        forms = [_line(codebook, cells, "form", code) for code in labels.forms]
        causes = [
            _line(codebook, cells, "cause", cause.label, remark=_tier_remark(joined_cause(cause)))
            for cause in labels.causes
        ]
        cost = [_line(codebook, cells, "severity", labels.severity)]
        cost += [_line(codebook, cells, "locus", labels.locus)] if labels.locus else []
        resolution = [_line(codebook, cells, "status", labels.status)]
        resolution += [_line(codebook, cells, "resolver", labels.resolver)] if labels.resolver else []
        rows = [
            _row(codebook, "form", "form", forms, why.form, other=episode.text.other_form),
            _row(codebook, "cause", "cause", causes, why.cause),
            _row(codebook, "severity", "cost", cost, why.cost),
            _row(codebook, "status", "resolution", resolution, why.resolution),
        ]
    return (*rows, _workflow(episode, codebook, cells))


def _row(
    codebook: Codebook,
    axis: str,
    anchor: str,
    lines: list[LabelLine],
    reasoning: str | None,
    *,
    other: str | None = None,
) -> Coordinate:
    question = codebook.axes[axis].question
    return Coordinate(
        anchor, anchor.capitalize(), question, tuple(lines), cut_pieces(reasoning or ""), cut_pieces(other or "")
    )


def _line(codebook: Codebook, cells: Cells, axis: str, code: str, *, remark: str = "") -> LabelLine:
    label = codebook.label(axis, code)
    return LabelLine(cells.cell(axis, code), label.gloss if label else "", remark)


def _tier_remark(joined: str) -> str:
    code, tier = joined.split(":")
    if code == Cause.C7:
        return ""
    return {"none": "evidence tier not recorded"}.get(tier, f"{tier} evidence")


def _workflow(episode: Episode, codebook: Codebook, cells: Cells) -> Coordinate:
    session = episode.facts.session
    lines: tuple[LabelLine, ...] = ()
    if session.workflow:
        lines = (_line(codebook, cells, "workflow", session.workflow, remark=session.agent_name),)
    return Coordinate("workflow", "Workflow", codebook.axes["workflow"].question, lines, ())


def _quotes(episode: Episode, reference: Reference | None) -> tuple[Quote, ...]:
    pushback = pushback_turns(episode.text.evidence)
    return tuple(
        _quote(place, item, place in pushback, cite_quote(reference, place + 1) if reference else "")
        for place, item in enumerate(episode.text.evidence)
    )


def _quote(place: int, item: Evidence, is_pushback: bool, citation: str) -> Quote:
    number, role = parse_turn(item.turn)
    head, rest = fold(item.quote)
    return Quote(
        anchor=f"q{place + 1}",
        turn=cut_pieces(f"Turn {number}" if number is not None else item.turn or "turn not recorded"),
        speaker=SPEAKERS.get(role or "", (role or "Speaker not recorded").capitalize()),
        side="developer" if role == DEVELOPER else "agent" if role in SPEAKERS else "other",
        is_pushback=is_pushback,
        head=cut_pieces(head),
        rest=cut_pieces(rest),
        length=len(item.quote),
        context=cut_pieces(item.context),
        citation=citation,
    )


def fold(quote: str) -> tuple[str, str]:
    """A long quote as the part that stands open and the part that is folded; joined they are the quote."""
    if len(quote) <= LONG_QUOTE:
        return quote, ""
    line_end = quote.rfind("\n", HEAD // 2, HEAD)
    cut = line_end + 1 if line_end > 0 else HEAD
    for placeholder in PLACEHOLDER.finditer(quote, 0, cut + 32):
        if placeholder.start() < cut < placeholder.end():
            cut = placeholder.start()
    return quote[:cut], quote[cut:]


def _facts(episode: Episode, codebook: Codebook) -> tuple[Fact, ...]:
    facts, session = episode.facts, episode.facts.session
    label = codebook.label("goal", facts.goal) if facts.goal else None
    return (
        Fact("Source", value_name(codebook, "source", facts.source)),
        Fact("Repository", f"no. {facts.key.repository_id} in the source; its name is not recorded"),
        Fact("Session", f"{facts.key.session_id}, episode {facts.key.misalignment_id}"),
        Fact("Started", day_name(session.timestamp) + " (no time zone given)" if session.timestamp else "not recorded"),
        Fact("Agent", session.agent_name),
        Fact(
            "Length",
            turns_words(session.user_turns, session.agent_turns).replace("turns", "turns (developer + agent)", 1),
        ),
        Fact("Goal missed", label.name if label else "not recorded"),
        Fact(BY_NAME["confidence"].title + " of the extraction", facts.confidence or "not recorded"),
    )


def _license(episode: Episode) -> tuple[Fact, ...]:
    grant = episode.license
    whole = (Fact("Whole expression", grant.expression),) if grant.expression != grant.spdx else ()
    return (
        Fact("Admitted by", f"rule {grant.rule}"),
        *whole,
        Fact("Repository", f"{episode.facts.source} no. {episode.facts.key.repository_id}"),
        Fact("Not known", "the repository’s name, its authors, the commit the license was read from"),
    )


def license_href(expression: str) -> str:
    """SPDX has a page for one license, not for a combination."""
    return f"https://spdx.org/licenses/{expression}.html" if " " not in expression else ""


def _kin(kindred: Sequence[Kindred], cells: Cells) -> tuple[Kin, ...]:
    return tuple(
        Kin(
            case,
            tuple(cells.cell(axis, code) for axis, code in relation.labels),
            ", ".join(f"“{word}”" for word in relation.words),
        )
        for case, relation in kindred
    )


class Neighbourhood:
    """Tells where each case stands among the others.

    Args:
        cases: in reading order, which is that of `relations`, too.
        repositories: those with published cases in several sessions.
        relations: of each case, or none.
    """

    def __init__(
        self,
        cases: Sequence[Episode],
        cells: Cells,
        *,
        sessions: Mapping[SessionKey, Sequence[Episode]],
        repositories: Mapping[RepositoryKey, Repository],
        histories: Mapping[str, CaseHistory],
        relations: Sequence[Relations],
    ) -> None:
        self._cases = cases
        self._strips = RepositoryStrips(self._neighbour, cells)
        self._sessions = sessions
        self._repositories = repositories
        self._histories = histories
        self._relations = relations
        self._known: dict[str, Neighbour] = {}

    def context(self, place: int) -> CaseContext:
        cases = self._cases
        case = cases[place]
        repository = self._repositories.get(case.key.repository)
        kin = self._relations[place] if self._relations else NO_RELATIONS
        return CaseContext(
            previous=self._neighbour(cases[place - 1]) if place else None,
            following=self._neighbour(cases[place + 1]) if place + 1 < len(cases) else None,
            session=tuple(self._neighbour(other) for other in self._sessions.get(case.key.session, ())),
            repository=self._strips.view(repository, case) if repository else None,
            history=self._histories.get(case.id),
            related=tuple((self._neighbour(cases[relation.place]), relation) for relation in kin.related),
            contrasts=tuple((self._neighbour(cases[relation.place]), relation) for relation in kin.contrasts),
        )

    def candidate_context(self, candidate: Episode) -> CaseContext:
        return CaseContext(None, None, (), history=self._histories.get(candidate.id))

    def _neighbour(self, case: Episode) -> Neighbour:
        found = self._known.get(case.id)
        if found is None:
            found = self._known[case.id] = neighbour_of(case)
        return found
