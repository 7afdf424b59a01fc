"""Related cases, each with its reason, and contrasts: alike but for one thing, as the same form from another cause.

Two cases are alike by the rare words that their names and descriptions share, and by shared labels. A word or label
counts its rarity, -log2 of the share of cases that have it, as in inverse document frequency (Sparck Jones, 1972). Only
cases that share a rare word are compared, found through an inverted index, so that the time grows with the corpus and
not with its square. Cases of the same session are left out: their page shows them anyway.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log2
from typing import overload

from atlas_build.derive.words import EMPTY_WORDS, find_words, singular
from atlas_build.model.codebook import Cause
from atlas_build.model.episode import Episode
from atlas_build.model.relations import CONTRASTS, MOST_WORDS, Counterpart, Relation, Relations
from atlas_build.model.source import Labels

MOST_RELATED = 5
MOST_CONTRASTS = 2
COMPARED_WORDS = 12
"""The rarest words of a case; common ones bring many candidates and say little."""
COMMONEST = 60
"""How many cases may have a word that candidates are found by ..."""
COMMONEST_SHARE = 10
"""... in a small corpus one case in so many,"""
COMMONEST_AT_LEAST = 3
"""but never fewer than these."""
FEWEST_SHARED = 2
"""Related cases share so many rare words; one is chance. A contrast needs one."""
LABEL_WEIGHT = 0.5
"""Labels are few and their combinations repeat; words say more about what happened."""

SHORTEST_WORD = 4

Label = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Labels:
    """
    Attributes:
        forms, causes: as sets; `causes` is empty where one could not be determined.
        resolution: status and resolver.
    """

    all: frozenset[Label]
    forms: frozenset[str]
    causes: frozenset[str]
    resolution: frozenset[str]


IsContrast = Callable[[_Labels, _Labels], bool]
"""Whether two cases with these labels are alike but for one thing."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """What is compared of one case.

    Attributes:
        words: its rarest, the rarest first.
    """

    words: tuple[str, ...]
    shared: _Labels
    session: tuple[str, ...]

    @property
    def labels(self) -> frozenset[Label]:
        return self.shared.all


@dataclass(frozen=True, slots=True)
class _Corpus:
    """All cases by place, where each word occurs, and how much a word or label says."""

    profiles: Sequence[_Profile]
    places: Mapping[str, Sequence[int]]
    word_weights: Mapping[str, float]
    label_weights: Mapping[Label, float]


class RelatedCases(Sequence[Relations]):
    """For each case, in the given order: at most five related ones and two contrasts, found when they are asked for."""

    def __init__(self, cases: Sequence[Episode]) -> None:
        self._corpus = _read_corpus(cases)

    def __len__(self) -> int:
        return len(self._corpus.profiles)

    @overload
    def __getitem__(self, place: int) -> Relations: ...
    @overload
    def __getitem__(self, place: slice) -> list[Relations]: ...
    def __getitem__(self, place: int | slice) -> Relations | list[Relations]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return _relate(_find_neighbours(place, self._corpus))

    def counterparts(self) -> list[tuple[Counterpart | None, ...]]:
        """Of each case, for each of `CONTRASTS` the most alike case, if there is one."""
        neighbours = (_find_neighbours(place, self._corpus) for place in range(len(self)))
        return [tuple(_oppose(near, _IS_CONTRAST[kind]) for kind in CONTRASTS) for near in neighbours]


def relate_cases(cases: Sequence[Episode]) -> RelatedCases:
    return RelatedCases(cases)


def _read_corpus(cases: Sequence[Episode]) -> _Corpus:
    spelled: dict[str, str] = {}  # one string for each word, and not one for each place
    texts = [tuple(spelled.setdefault(word, word) for word in _read_words(case)) for case in cases]
    frequency = Counter(word for words in texts for word in words)
    commonest = min(COMMONEST, max(COMMONEST_AT_LEAST, len(cases) // COMMONEST_SHARE))
    labels: dict[frozenset[Label], _Labels] = {}
    profiles = [
        _Profile(_choose_words(words, frequency, commonest), _share_labels(case, labels), case.key.session)
        for case, words in zip(cases, texts, strict=True)
    ]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        for word in profile.words:
            places[word].append(place)
    commonness = Counter(label for profile in profiles for label in profile.labels)
    return _Corpus(
        profiles,
        places,
        {word: log2(len(cases) / frequency[word]) for word in places},
        {label: LABEL_WEIGHT * log2(len(cases) / count) for label, count in commonness.items()},
    )


def _share_labels(case: Episode, known: dict[frozenset[Label], _Labels]) -> _Labels:
    """Combinations repeat, so each is held once."""
    found = frozenset(_labels(case))
    if found not in known:
        causes = frozenset(code for axis, code in found if axis == "cause")
        known[found] = _Labels(
            found,
            forms=frozenset(code for axis, code in found if axis == "form"),
            causes=frozenset() if Cause.C7 in causes else causes,
            resolution=frozenset(code for axis, code in found if axis in ("status", "resolver")),
        )
    return known[found]


def _read_words(case: Episode) -> set[str]:
    found = find_words(f"{case.text.name}\n{case.text.description}", SHORTEST_WORD)
    return {singular(word) for word in found} - EMPTY_WORDS


def _choose_words(words: Iterable[str], frequency: Mapping[str, int], commonest: int) -> tuple[str, ...]:
    shared = (word for word in words if 2 <= frequency[word] <= commonest)
    return tuple(sorted(shared, key=lambda word: (frequency[word], word))[:COMPARED_WORDS])


def _labels(case: Episode) -> Iterator[Label]:
    labels = case.facts.labels
    if labels is None:
        return
    yield from (("form", form) for form in labels.forms)
    yield from (("cause", cause.label) for cause in labels.causes)
    yield from _outcomes(labels)


def _outcomes(labels: Labels) -> Iterator[Label]:
    yield "severity", labels.severity
    yield "status", labels.status
    if labels.locus:
        yield "locus", labels.locus
    if labels.resolver:
        yield "resolver", labels.resolver


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Cases of other sessions that share a rare word with one.

    Attributes:
        shared: each with the words that both have, the rarest first.
    """

    place: int
    corpus: _Corpus
    shared: Mapping[int, Sequence[str]]

    @property
    def own(self) -> _Profile:
        return self.corpus.profiles[self.place]

    def labels(self, other: int) -> frozenset[Label]:
        return self.own.labels & self.corpus.profiles[other].labels

    def alikeness(self, other: int) -> float:
        """How alike it is to the case itself, in bits."""
        words = sum(self.corpus.word_weights[word] for word in self.shared[other])
        return round(words + sum(self.corpus.label_weights[label] for label in sorted(self.labels(other))), 6)

    def nearest(self) -> list[int]:
        """Those that share enough, the most alike first."""
        return self._sort(other for other, words in self.shared.items() if len(words) >= FEWEST_SHARED)

    def contrasts(self, is_contrast: IsContrast) -> list[int]:
        """Those alike but for one thing, the most alike first."""
        own, profiles = self.own.shared, self.corpus.profiles
        return self._sort(other for other in self.shared if is_contrast(own, profiles[other].shared))

    def _sort(self, others: Iterable[int]) -> list[int]:
        return sorted(others, key=lambda other: (-self.alikeness(other), other))


def _find_neighbours(place: int, corpus: _Corpus) -> _Neighbours:
    own = corpus.profiles[place]
    shared: defaultdict[int, list[str]] = defaultdict(list)
    for word in own.words:
        for other in corpus.places[word]:
            if corpus.profiles[other].session != own.session:
                shared[other].append(word)
    return _Neighbours(place, corpus, shared)


def _relate(near: _Neighbours) -> Relations:
    contrasts = near.contrasts(_IS_CONTRAST["form", "cause"])[:MOST_CONTRASTS]
    alike = (other for other in near.nearest() if other not in contrasts and _tells(near.labels(other)))
    related = islice(alike, MOST_RELATED)

    def tell(other: int, labels: Iterable[Label]) -> Relation:
        return Relation(other, _tell(labels), tuple(near.shared[other][:MOST_WORDS]))

    return Relations(
        related=tuple(tell(other, near.labels(other)) for other in related),
        contrasts=tuple(
            tell(other, (("cause", cause) for cause in near.corpus.profiles[other].shared.causes))
            for other in contrasts
        ),
    )


def _oppose(near: _Neighbours, is_contrast: IsContrast) -> Counterpart | None:
    found = near.contrasts(is_contrast)
    if not found:
        return None
    return Counterpart(found[0], near.alikeness(found[0]), tuple(near.shared[found[0]][:MOST_WORDS]))


def _tells(labels: frozenset[Label]) -> bool:
    return any(axis in ("form", "cause") for axis, _ in labels)


def _tell(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Forms, then causes: what nearly all cases share says nothing."""
    telling = (label for label in labels if label[0] in ("form", "cause"))
    return tuple(sorted(telling, key=lambda label: (label[0] == "cause", label[1])))


def _differ_in_cause(own: _Labels, other: _Labels) -> bool:
    """The same forms, and causes that are determined and differ altogether."""
    return bool(own.causes and other.causes) and own.forms == other.forms and not own.causes & other.causes


def _differ_in_resolution(own: _Labels, other: _Labels) -> bool:
    """The same causes, which are determined, and another status or resolver."""
    return bool(own.causes) and own.causes == other.causes and own.resolution != other.resolution


_IS_CONTRAST: Mapping[tuple[str, str], IsContrast] = {
    ("form", "cause"): _differ_in_cause,
    ("cause", "status"): _differ_in_resolution,
}
