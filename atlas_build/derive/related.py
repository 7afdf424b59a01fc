"""Related cases, each with its reason, and contrasts: the same form from another cause.

Two cases are alike by the rare words that their names and descriptions share, and by shared labels. A word or label
counts its rarity, -log2 of the share of cases that have it, as in inverse document frequency (Sparck Jones, 1972). Only
cases that share a rare word are compared, found through an inverted index, so that the time grows with the corpus and
not with its square. Cases of the same session are left out: their page shows them anyway.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log2
from typing import overload

from atlas_build.model.codebook import Cause
from atlas_build.model.episode import Episode
from atlas_build.model.placeholder import PLACEHOLDER
from atlas_build.model.relations import Relation, Relations
from atlas_build.model.source import Labels

MOST_RELATED = 5
MOST_CONTRASTS = 2
MOST_WORDS_SHOWN = 3
COMPARED_WORDS = 12
"""The rarest words of a case; common ones bring many candidates and say little."""
COMMONEST = 60
"""How many cases may have a word that candidates are found by ..."""
COMMONEST_SHARE = 10
"""... in a small corpus one case in so many,"""
COMMONEST_AT_LEAST = 3
"""but never fewer than these."""
TRIED_FOR_CONTRAST = 100
"""Cases that share one word, those with the rarest first, which are tried for a contrast."""
LABEL_WEIGHT = 0.5
"""Labels are few and their combinations repeat; words say more about what happened."""

WORD = re.compile(r"[^\W\d_]{4,30}")

_EMPTY = """
about above across actually added after afterwards again agent agents agreed already also although always
among another anyone anything around asked asking away back became because become been before began behind
being below beside besides better between both called calls came cannot case cases chose claimed come comes
could declared developer does doing done down during each early either else even ever every everything exactly
fewer first five four from gave give given gives goes going gone half have having here however instead into
itself just keep keeps kept knew know known last later least left less like likely made make makes making many
meant might more most much must name named near nearly need needed never next none nothing often once ones
only other others over part perhaps quite rather really right said same says second seen seven several shall
should shown since some something still such sure take taken takes tells than that their them then there these
they thing things third this those though three through told toward turned twice under unless until upon used
user users uses using very want wanted wants well went were what when where whether which while whole whom
whose will with within without work worked works would wrote years your
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""English words that say nothing about what a case is about."""

Label = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Labels:
    """
    Attributes:
        forms, causes: as sets; `causes` is empty where one could not be determined.
    """

    all: frozenset[Label]
    forms: frozenset[str]
    causes: frozenset[str]


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

    @property
    def forms(self) -> frozenset[str]:
        return self.shared.forms

    @property
    def causes(self) -> frozenset[str]:
        return self.shared.causes


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
        return _relate(place, self._corpus)


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
        )
    return known[found]


def _read_words(case: Episode) -> set[str]:
    text = PLACEHOLDER.sub(" ", f"{case.text.name}\n{case.text.description}").lower()
    return {_singular(word) for word in WORD.findall(text)} - EMPTY_WORDS


def _singular(word: str) -> str:
    """`migrations` as `migration`; only where nothing else is likely."""
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "siue" else word


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


def _relate(place: int, corpus: _Corpus) -> Relations:
    profiles = corpus.profiles
    own = profiles[place]
    first: dict[int, str] = {}
    shared: dict[int, list[str]] = {}
    for word in own.words:
        for other in corpus.places[word]:
            if other in shared:
                shared[other].append(word)
            elif other in first:
                shared[other] = [first[other], word]
            else:
                first[other] = word
    nearest = [other for other in _sort_by_alikeness(own, shared, corpus) if profiles[other].session != own.session]
    candidates = (*nearest, *islice(first, TRIED_FOR_CONTRAST))
    different = (other for other in candidates if _is_contrast(own, profiles[other]))
    contrasts = tuple(islice(dict.fromkeys(different), MOST_CONTRASTS))
    alike = (other for other in nearest if other not in contrasts and _tells(own.labels & profiles[other].labels))
    related = islice(alike, MOST_RELATED)

    def tell(other: int, labels: Iterable[Label]) -> Relation:
        return Relation(other, _tell(labels), tuple(shared.get(other, [first[other]])[:MOST_WORDS_SHOWN]))

    return Relations(
        related=tuple(tell(other, own.labels & profiles[other].labels) for other in related),
        contrasts=tuple(tell(other, (("cause", cause) for cause in profiles[other].causes)) for other in contrasts),
    )


def _sort_by_alikeness(own: _Profile, shared: Mapping[int, list[str]], corpus: _Corpus) -> list[int]:
    def distance(other: int) -> tuple[float, int]:
        words = sum(corpus.word_weights[word] for word in shared[other])
        labels = sum(corpus.label_weights[label] for label in sorted(own.labels & corpus.profiles[other].labels))
        return (-round(words + labels, 6), other)

    return sorted(shared, key=distance)


def _tells(labels: frozenset[Label]) -> bool:
    return any(axis in ("form", "cause") for axis, _ in labels)


def _tell(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Forms, then causes: what nearly all cases share says nothing."""
    telling = (label for label in labels if label[0] in ("form", "cause"))
    return tuple(sorted(telling, key=lambda label: (label[0] == "cause", label[1])))


def _is_contrast(own: _Profile, other: _Profile) -> bool:
    """The same forms, and causes that are determined and differ altogether; another session."""
    return (
        bool(own.causes and other.causes)
        and own.forms == other.forms
        and not own.causes & other.causes
        and own.session != other.session
    )
