"""The codebook as a form, for coding cases blind: the axes that every case has, each label with what decides it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from atlas_build.model.codebook import Axis, Codebook
from atlas_build.render.codes import label_tone
from atlas_build.render.markdown import Prose

RULES = {
    "form": "Any that apply; S8 stands alone.",
    "cause": "At most two; C7 stands alone.",
    "severity": "One.",
    "status": "One.",
}
"""The axes that are coded, in order. The rules are the study's (annotation codebook)."""


@dataclass(frozen=True, slots=True)
class PracticeLabel:
    code: str
    name: str
    tone: str
    gloss: str
    definition: Markup
    question: Markup


@dataclass(frozen=True, slots=True)
class PracticeAxis:
    """
    Attributes:
        control: type of the input elements: `checkbox` where a case may have several labels, else `radio`.
    """

    axis: str
    name: str
    question: str
    rule: str
    control: str
    labels: tuple[PracticeLabel, ...]


def view_practice(codebook: Codebook, prose: Prose) -> tuple[PracticeAxis, ...]:
    return tuple(_axis(codebook.axes[name], rule, prose) for name, rule in RULES.items())


def _axis(axis: Axis, rule: str, prose: Prose) -> PracticeAxis:
    labels = tuple(
        PracticeLabel(
            code=label.code,
            name=label.name,
            tone=label_tone(axis.axis, label.code),
            gloss=label.gloss,
            definition=prose.inline(label.definition),
            question=prose.inline(label.question),
        )
        for label in axis.label
    )
    control = "checkbox" if axis.multiple else "radio"
    return PracticeAxis(axis.axis, axis.name, axis.question, rule, control, labels)
