"""Typical and borderline cases of each label, chosen by the words with which the annotator gave it.

For each axis that the annotator reasons about, the words of that reasoning are fitted to its labels (`derive/fits.py`),
without the other cases of the same repository and without the words of the labels' names, so that a label does not fit
by being named.

- Typical: carries this label alone, not extracted with less than high confidence, no speculative evidence, and its
  words fit the label better than any other that is not rare. Direct evidence goes first, then a case with a word to
  tell, then the better fit.
- Borderline: its words fit another label better and one of them can be told, or it was extracted with low confidence,
  or the evidence for this cause is speculative. The more of these the earlier (a second label counts half), then the
  worse fit.

Both lists take one case a session, and one a repository as long as there are enough. Words are believed about a label
only where they tell its cases from the others. A word is told only where it is strong enough alone and means something
to a reader.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log2

from atlas_build.derive.fits import Fit, Reading, Separation, fit_texts, separate
from atlas_build.derive.words import GRAMMAR, VAGUE, find_words, singular
from atlas_build.model.codebook import Codebook, Confidence, Form, Tier
from atlas_build.model.episode import Episode
from atlas_build.model.examples import (
    FEWEST_COMPARED,
    REASONED,
    Doubt,
    Example,
    Examples,
    LabelKey,
    WordTest,
    reasoning_about,
)
from atlas_build.model.facets import BY_NAME, Value
from atlas_build.model.numbers import FacetCounts

MOST = 3
"""Examples of a kind."""
BELIEVED_FROM = 60
"""Words are believed about a label if they put so many of 100 pairs in order, one case with it and one without ..."""
BEYOND_CHANCE = 3.5
"""... and are so many of U's standard errors above what chance would do.

A build asks this about some twenty labels, and with reasons that are dealt out to other cases `pairs` strays 1.3 times
as far as U says, since each fit is counted from the other cases. Of 1,550 such builds, with four sets of 99 to 1,500
cases, words were believed about some label in 1,093 at 2, 225 at 3, 70 at 3.5 and 14 at 4; in 190 of them the reasons
were shifted along, so that those of one repository stayed together, which made no difference. Beside their own cases
the sample's reasons are believed about 14 labels at 3 as at 3.5.
"""
CLEAR = 1.0
"""Bits: the words are twice as likely under one label as under another."""
MOST_READ = 500
"""Cases that are read for a label, so that the time does not grow with the corpus."""
MOST_WORDS_TOLD = 3
SURPRISE_TOLD = log2(20)
"""Bits: chance brings a word that is told together with its label at most once in twenty times."""
SHORTEST_WORD = 3
"""Also words like "not", which say little of a case and much of a reason."""
SHORTEST_TOLD = 4
UNTOLD = GRAMMAR | VAGUE
WITHOUT_TYPE = frozenset({("form", Form.S8)})
"""S8 gathers what no other form describes, so its cases need not have anything in common."""


def choose_examples(cases: Sequence[Episode], facets: FacetCounts, codebook: Codebook) -> dict[LabelKey, Examples]:
    """Examples of every label of the reasoned axes."""
    found: dict[LabelKey, Examples] = {}
    for name in REASONED:
        axis = _Axis.of(name, codebook)
        chooser = _Chooser(axis, _read(axis, cases, facets.places[name]))
        found |= {(name, code): chooser.choose(label) for label, code in enumerate(axis.codes)}
    return found


@dataclass(frozen=True, slots=True)
class _Axis:
    """
    Attributes:
        named: words of the labels' names.
    """

    name: str
    codes: tuple[str, ...]
    named: frozenset[str]

    @classmethod
    def of(cls, name: str, codebook: Codebook) -> _Axis:
        labels = codebook.axes[name].label
        words = find_words(" ".join(label.name for label in labels), SHORTEST_WORD)
        return cls(name, tuple(label.code for label in labels), frozenset(map(singular, words)))

    def find_words(self, case: Episode) -> list[str]:
        """The words of the reasoning, as they stand there."""
        return find_words(reasoning_about(self.name, case.text), SHORTEST_WORD)

    def read(self, case: Episode) -> Reading:
        values = BY_NAME[self.name].values(case)
        return Reading(
            group=case.key[:2],
            labels=tuple(label for label, code in enumerate(self.codes) if code in values),
            words=tuple(sorted({singular(word) for word in self.find_words(case)} - self.named)),
        )


@dataclass(frozen=True, slots=True)
class _Item:
    """A case that was read, and what came of it."""

    place: int
    case: Episode
    reading: Reading
    fit: Fit


def _read(axis: _Axis, cases: Sequence[Episode], places: Mapping[Value, Sequence[int]]) -> list[_Item]:
    sample = _sample(axis.codes, cases, places)
    readings = [axis.read(cases[place]) for place in sample]
    fits = fit_texts(readings, len(axis.codes))
    return [
        _Item(place, cases[place], reading, fit) for place, reading, fit in zip(sample, readings, fits, strict=True)
    ]


def _sample(codes: Iterable[str], cases: Sequence[Episode], places: Mapping[Value, Sequence[int]]) -> list[int]:
    """At most so many cases of each label: those with the smallest ids, which are digests and so as good as random."""
    by_id = (sorted(places.get(code, ()), key=lambda place: cases[place].id)[:MOST_READ] for code in codes)
    return sorted({place for some in by_id for place in some})


@dataclass(frozen=True, slots=True)
class _Found:
    """A case that may be an example.

    Attributes:
        order: what the smallest of goes first.
    """

    item: _Item
    order: tuple[float, ...]
    example: Example


class _Chooser:
    """Chooses the examples of each label of one axis."""

    def __init__(self, axis: _Axis, items: Sequence[_Item]) -> None:
        self._axis = axis
        self._items = items
        fitted = [item for item in items if item.fit.bits]
        frequent = [label for label in range(len(axis.codes)) if _count(fitted, label) >= FEWEST_COMPARED]
        found = {label: _tell_apart(fitted, label, frequent) for label in frequent}
        self._tests = {label: _judge(separation) for label, separation in found.items() if separation is not None}
        self._believed = [label for label, test in self._tests.items() if test.believed]

    def choose(self, label: int) -> Examples:
        own = [item for item in self._items if label in item.reading.labels]
        return Examples(
            typical=_pick(found for item in own if (found := self._try_typical(item, label))),
            borderline=_pick(found for item in own if (found := self._try_borderline(item, label))),
            test=self._tests.get(label),
        )

    def _try_typical(self, item: _Item, label: int) -> _Found | None:
        """The label stands alone, its words say so, and nothing recorded speaks against it."""
        if label not in self._believed or (self._axis.name, self._axis.codes[label]) in WITHOUT_TYPE:
            return None
        tier = self._best_tier(item, label)
        is_sure = item.case.facts.confidence in (Confidence.HIGH, None) and tier is not Tier.SPECULATIVE
        rival = item.fit.rival(label, self._tests)
        if rival is None or not is_sure or len(item.reading.labels) > 1 or item.fit.margin(label, rival) < CLEAR:
            return None
        words = self._tell(item, label, rival)
        order = (tier is not Tier.DIRECT, not words, -item.fit.margin(label, rival))
        return _Found(item, order, Example(item.place, words, tier=tier))

    def _try_borderline(self, item: _Item, label: int) -> _Found | None:
        """Anything that speaks against the label."""
        tier = self._best_tier(item, label)
        rival, words = self._find_rather(item, label)
        doubts = {
            Doubt.RATHER: rival is not None,
            Doubt.LOW: item.case.facts.confidence is Confidence.LOW,
            Doubt.SPECULATIVE: tier is Tier.SPECULATIVE,
        }
        if not any(doubts.values()):
            return None
        also = tuple(self._axis.codes[other] for other in item.reading.labels if other != label)
        example = Example(
            place=item.place,
            words=words,
            doubts=tuple(doubt for doubt, holds in doubts.items() if holds),
            rather="" if rival is None else self._axis.codes[rival],
            also=also,
            tier=tier,
        )
        weight = sum(doubts.values()) + (0.5 if also else 0)
        return _Found(item, (-weight, 0.0 if rival is None else item.fit.margin(label, rival)), example)

    def _find_rather(self, item: _Item, label: int) -> tuple[int | None, tuple[str, ...]]:
        """The label that the words speak for instead, and which words do; None and () if none can be named."""
        rival = item.fit.rival(label, self._believed) if label in self._believed else None
        if rival is None or item.fit.margin(rival, label) < CLEAR:
            return (None, ())
        words = self._tell(item, rival, label)
        return (rival, words) if words else (None, ())

    def _best_tier(self, item: _Item, label: int) -> Tier | None:
        """Of this cause, if the axis is that of causes; records exist that give one cause twice."""
        labels = item.case.facts.labels
        if self._axis.name != "cause" or labels is None:
            return None
        own = {cause.tier for cause in labels.causes if cause.label == self._axis.codes[label]}
        return next((tier for tier in Tier if tier in own), None)

    def _tell(self, item: _Item, label: int, against: int) -> tuple[str, ...]:
        """The words that say most for one label against another, as they stand in the reasoning."""
        written: dict[str, str] = {}
        for word in self._axis.find_words(item.case):
            written.setdefault(singular(word), word)
        loud = item.fit.speaking(item.reading.words, label, against)
        strong = (written[word] for word in loud if item.fit.surprise(word, label) >= SURPRISE_TOLD)
        telling = (word for word in strong if len(word) >= SHORTEST_TOLD and UNTOLD.isdisjoint((word, singular(word))))
        return tuple(islice(telling, MOST_WORDS_TOLD))


def _count(items: Iterable[_Item], label: int) -> int:
    return sum(label in item.reading.labels for item in items)


def _tell_apart(items: Iterable[_Item], label: int, frequent: Collection[int]) -> Separation | None:
    """How well the margin tells cases with the label from those without; None where there is too little to compare."""
    here: list[float] = []
    there: list[float] = []
    for item in items:
        rival = item.fit.rival(label, frequent)
        if rival is not None:
            (here if label in item.reading.labels else there).append(item.fit.margin(label, rival))
    return separate(here, there) if min(len(here), len(there)) >= FEWEST_COMPARED else None


def _judge(found: Separation) -> WordTest:
    enough = max(BELIEVED_FROM, 50 + BEYOND_CHANCE * found.error)
    return WordTest(round(found.pairs), found.higher, found.lower, believed=found.pairs >= enough)


def _pick(candidates: Iterable[_Found]) -> tuple[Example, ...]:
    """The first ones, one a session, and one a repository as long as there are enough."""
    left = list(candidates)
    picked: list[_Found] = []
    while left and len(picked) < MOST:
        taken = {found.item.reading.group for found in picked}
        best = min(left, key=lambda found: (found.item.reading.group in taken, *found.order, found.item.case.id))
        picked.append(best)
        left = [found for found in left if found.item.case.key.session != best.item.case.key.session]
    return tuple(found.example for found in picked)
