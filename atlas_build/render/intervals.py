"""How far a share may be off by chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of a share, in percent."""

    low: float
    high: float

    @property
    def words(self) -> str:
        return f"{self.low:.1f} to {self.high:.1f}"


def wilson(count: int, size: int) -> Interval | None:
    """Wilson's 95 % score interval of `count` in `size`, without continuity correction; None of an empty base.

    Wilson E. B. (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 209-212. It takes cases as independent. assets/js/statistics.js has it, too.
    """
    if not size:
        return None
    middle = count + Z * Z / 2
    reach = Z * sqrt(count * (size - count) / size + Z * Z / 4)
    whole = size + Z * Z
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return Interval(100 * low if count else 0.0, 100 * high if count < size else 100.0)
