"""How well the words of a text fit each of some labels, by what the same words are given in other texts.

A word speaks for a label as far as it occurs with it more often than by chance: log2((seen + 1) / (expected + 1)),
where `expected` is what independence would give. Adding one to both keeps rare words and rare labels quiet, as in
DuMouchel's shrunk ratios (Bayesian data mining in large frequency tables, The American Statistician 53, 1999). A text
fits a label by the sum over its words, each counted once: naive Bayes without the shares of the labels.

What speaks for a text is counted without all texts of its group, or its own words would speak for its own labels.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt

DECIMALS = 6
"""To which margins are rounded, so that ties are ties."""

Bits = tuple[float, ...]
"""A number for each label, in their order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text.

    Attributes:
        group: texts that know too much of each other, such as those of one repository.
        labels: those that it carries, as numbers from 0.
        words: each once, sorted, so that sums are the same in every run.
    """

    group: Hashable
    labels: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text fits each label.

    Attributes:
        bits: how well; () where nothing is known, since texts of other groups have none of its words.
        weights: word -> how much it speaks for each label.
        surprise: of one of these words and a label; see `_Others`.
    """

    bits: Bits
    weights: Mapping[str, Bits]
    surprise: Callable[[str, int], float]

    def rival(self, label: int, among: Iterable[int]) -> int | None:
        """The best fitting of some other labels; of equal ones the first."""
        others = [other for other in among if other != label] if self.bits else []
        return max(others, key=self.bits.__getitem__, default=None)

    def margin(self, label: int, rival: int) -> float:
        """How many bits better one label fits than another."""
        return round(self.bits[label] - self.bits[rival], DECIMALS)

    def speaking(self, words: Iterable[str], label: int, against: int) -> list[str]:
        """Those words that speak for one label, and more than for another, the loudest first."""
        known = {word: self.weights[word] for word in words if word in self.weights}
        said = {word: round(bits[label] - bits[against], DECIMALS) for word, bits in known.items() if bits[label] > 0}
        return sorted((word for word in said if said[word] > 0), key=lambda word: (-said[word], word))


class _Counts:
    """How many texts have a word, a label, and both."""

    def __init__(self, readings: Iterable[Reading], labels: int) -> None:
        self.texts = 0
        self.with_label = [0] * labels
        self.with_word: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (labels + 1))
        """Word -> texts by label, and last all texts."""
        for reading in readings:
            self.texts += 1
            for label in reading.labels:
                self.with_label[label] += 1
            places = (*reading.labels, labels)
            for word in reading.words:
                counts = self.with_word[word]
                for place in places:
                    counts[place] += 1


class _Others:
    """The texts of all groups but one, of which only the words of that one are looked at."""

    def __init__(self, every: _Counts, own: _Counts) -> None:
        self._every = every
        self._own = own
        texts = every.texts - own.texts
        seen = [number - its for number, its in zip(every.with_label, own.with_label, strict=True)]
        self._shares = [number / texts for number in seen] if texts else []
        self.weights: Mapping[str, Bits] = {
            word: _weigh(every.with_word[word], its, self._shares)
            for word, its in own.with_word.items()
            if every.with_word[word][-1] > its[-1]
        }
        """Word -> how much it speaks for each label."""

    def surprise(self, word: str, label: int) -> float:
        """With how many bits the texts with a word speak against it that it occurs with a label by chance alone.

        Chance gives the label to so many of them, or more, at most once in 2 ** surprise times, also where texts are
        drawn without replacement (Hoeffding, Probability inequalities for sums of bounded random variables, Journal of
        the American Statistical Association 58, 1963, theorem 1 and section 6).
        """
        every, own = self._every.with_word[word], self._own.with_word[word]
        texts = every[-1] - own[-1]
        share, expected = (every[label] - own[label]) / texts, self._shares[label]
        return texts * (_diverge(share, expected) + _diverge(1 - share, 1 - expected)) if share > expected else 0.0


def _diverge(share: float, expected: float) -> float:
    return share * log2(share / expected) if share else 0.0


def _weigh(every: Sequence[int], own: Sequence[int], shares: Sequence[float]) -> Bits:
    texts = every[-1] - own[-1]
    return tuple(
        [log2((seen - its + 1) / (texts * share + 1)) for seen, its, share in zip(every, own, shares, strict=False)]
    )


def fit_texts(readings: Sequence[Reading], labels: int) -> list[Fit]:
    """The fit of each text, in their order, to each of so many labels."""
    counts = _Counts(readings, labels)
    groups: defaultdict[Hashable, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.group].append(reading)
    others = {group: _Others(counts, _Counts(own, labels)) for group, own in groups.items()}
    return [_sum_up(reading.words, others[reading.group]) for reading in readings]


def _sum_up(words: Iterable[str], others: _Others) -> Fit:
    known = [others.weights[word] for word in words if word in others.weights]
    return Fit(tuple(sum(bits) for bits in zip(*known, strict=True)), others.weights, others.surprise)


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a number tells two kinds apart.

    Attributes:
        pairs: of 100 pairs, one of each kind, those that it puts in order, ties by half; chance gives 50. This is the
            area under the ROC curve, or Mann and Whitney's U as a share.
        error: how far `pairs` would stray from 50 by chance if the numbers were independent: U's standard deviation
            (Mann and Whitney, On a test of whether one of two random variables is stochastically larger than the other,
            1947). The fits of texts are not, as each is counted from the others.
        higher, lower: how many there are of each kind.
    """

    pairs: float
    error: float
    higher: int
    lower: int


def separate(higher: Sequence[float], lower: Sequence[float]) -> Separation:
    """How well a number tells those that should have more of it from those that should have less; neither empty."""
    ranked = sorted(lower)
    halves = sum(bisect_left(ranked, number) + bisect_right(ranked, number) for number in higher)
    product = len(higher) * len(lower)
    error = 100 * sqrt((len(higher) + len(lower) + 1) / (12 * product))
    return Separation(50 * halves / product, error, len(higher), len(lower))
