"""How codes and facet values are shown: never alone where there is room for their name."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from atlas_build.model.codebook import LABEL_AXES, Codebook, Label
from atlas_build.model.episode import Episode
from atlas_build.model.facets import BY_NAME, Missing, Value
from atlas_build.model.source import Facts, Labels

MISSING_NAMES = {Missing.NONE: "not recorded", Missing.NOT_APPLICABLE: "does not apply"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Cell(NamedTuple):
    """One coordinate of an episode.

    Attributes:
        axis: facet name, also the style class.
        href: the label's page below the root, or "".
        tone: which colour of the style sheet the cell takes, or "".
    """

    axis: str
    axis_name: str
    code: str
    name: str
    href: str
    tone: str = ""


def label_href(axis: str, label: Label) -> str:
    """Only labels of the label axes have a page."""
    return f"codebook/{label.slug}/" if axis in LABEL_AXES else ""


def label_tone(axis: str, code: str) -> str:
    """The colour of the style sheet that a label takes; only forms and severities have one."""
    return code.lower() if axis in ("form", "severity") else ""


def make_cell(codebook: Codebook, axis: str, code: str) -> Cell:
    label = codebook.label(axis, code)
    title = BY_NAME[axis].title
    if label is None:
        return Cell(axis, title, code, code, "")
    return Cell(axis, title, code, label.name, label_href(axis, label), label_tone(axis, code))


class Cells:
    """Makes coordinate strips; cells are shared, as there are only a few dozen of them."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._cells: dict[tuple[str, str], Cell] = {}

    def cell(self, axis: str, code: str) -> Cell:
        if (axis, code) not in self._cells:
            self._cells[axis, code] = make_cell(self.codebook, axis, code)
        return self._cells[axis, code]

    def strip(self, facts: Facts) -> tuple[Cell, ...]:
        """form · cause · cost · resolution · workflow, as far as they are recorded."""
        return self.label_strip(facts.labels, facts.session.workflow)

    def label_strip(self, labels: Labels | None, workflow: str | None = None) -> tuple[Cell, ...]:
        codes: list[tuple[str, str | None]] = []
        if labels is not None:
            codes += [("form", code) for code in dict.fromkeys(labels.forms)]
            codes += [("cause", code) for code in dict.fromkeys(cause.label for cause in labels.causes)]
            codes += [("severity", labels.severity), ("locus", labels.locus)]
            codes += [("status", labels.status), ("resolver", labels.resolver)]
        codes.append(("workflow", workflow))
        return tuple(self.cell(axis, str(code)) for axis, code in codes if code)


def tone_of(facts: Facts) -> str:
    """The colour of an episode: its first form."""
    return facts.labels.forms[0].lower() if facts.labels and facts.labels.forms else ""


def value_name(codebook: Codebook, facet: str, value: Value) -> str:
    if isinstance(value, Missing):
        return MISSING_NAMES[value]
    if facet == "month":
        return month_name(value)
    label = codebook.label(facet, value)
    if label:
        return label.name
    if value in BY_NAME[facet].names:
        return BY_NAME[facet].names[value]
    return value.removeprefix("custom:").replace("_", " ").capitalize() if facet == "invalid" else value


def month_name(month: str) -> str:
    """`2026-04` as `Apr 2026`."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def date_name(stamp: datetime) -> str:
    return f"{stamp.day} {MONTHS[stamp.month - 1]} {stamp.year}"


def day_name(stamp: datetime) -> str:
    return f"{date_name(stamp)}, {stamp:%H:%M}"


def card_meta(codebook: Codebook, episode: Episode) -> tuple[str, ...]:
    """Source, month, agent and turns: the small print of a card."""
    session = episode.facts.session
    month = month_name(episode.month) if episode.month else "undated"
    return (
        value_name(codebook, "source", episode.facts.source),
        month,
        session.agent_name,
        turns_words(session.user_turns, session.agent_turns),
    )


def turns_words(user: int | None, agent: int | None) -> str:
    if user is None or agent is None:
        return "turns not recorded"
    return f"{user:,} + {agent:,} turns"
