"""Where a series goes from here: a straight line through what is known, and how far off it may be.

The line is that of least squares. The band is where 95 of 100 coming values are to be expected if things go on as they
did: it is no promise, and it knows nothing of a contract that ends. Neighbouring days stray alike, so they tell less
than their number says: see `_worth`. Source of the band: Draper and Smith, Applied Regression Analysis, 3rd edition,
section 3.1; of the number of independent values, `n (1 - r) / (1 + r)`: von Storch and Zwiers, Statistical Analysis in
Climate Research, section 6.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

LEAST_POINTS = 14
"""Known values. With fewer, any line would be an invention: two weeks have every weekday twice."""
METHOD = "least squares line, 95%"
"""What the figures of a forecast are called wherever they are shown."""
MOST_ALIKE = 0.9
"""Of neighbouring days: a series that is smoother than that tells nothing of its own noise."""
LEAST_WORTH = 5.0
"""Independent values that a series is worth at least."""
_Z = 1.959963984540054
"""Deviations that 95 of 100 values of a normal distribution lie within: its 0.975 quantile."""
QUANTILE_TERMS = (
    _Z,
    (_Z**3 + _Z) / 4,
    (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96,
    (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384,
    (79 * _Z**9 + 776 * _Z**7 + 1482 * _Z**5 - 1920 * _Z**3 - 945 * _Z) / 92_160,
)
"""Of Student's t: each divided by one more power of the degrees of freedom, they add up to its 0.975 quantile.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through a series, with what is needed to say how sure it is. Places count from 0, one a step."""

    at_zero: float
    per_step: float
    points: int
    middle: float
    """The mean of the places that are known."""
    spread: float
    """The sum of their squared distances from it."""
    scatter: float
    """How far a value lies from the line, as a standard deviation."""
    worth: float
    """The number of independent values."""

    def at(self, place: float) -> float:
        """The line at a place."""
        return self.at_zero + self.per_step * place

    def half_band(self, place: float) -> float:
        """How far above and below the line a value is to be expected there."""
        doubt = 1 / self.points + (place - self.middle) ** 2 / self.spread
        of_line = doubt * self.points / self.worth
        return student_quantile(self.worth - 2) * self.scatter * sqrt(1 + of_line)


@dataclass(frozen=True, slots=True)
class Expected:
    """One value to come, and between which two it lies in 95 of 100 cases."""

    value: float
    low: float
    high: float


def fitted(values: Sequence[float | None]) -> Line | None:
    """The line through the values, one a step, None where nothing is known. None when too few are."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < LEAST_POINTS:
        return None
    count = len(known)
    middle, mean = sum(place for place, _ in known) / count, sum(value for _, value in known) / count
    spread = sum((place - middle) ** 2 for place, _ in known)
    per_step = sum((place - middle) * (value - mean) for place, value in known) / spread
    at_zero = mean - per_step * middle
    strays = [value - (at_zero + per_step * place) for place, value in known]
    worth = _worth(strays)
    return Line(
        at_zero=at_zero,
        per_step=per_step,
        points=count,
        middle=middle,
        spread=spread,
        scatter=sqrt(sum(stray**2 for stray in strays) / (worth - 2) * (worth / count)),
        worth=worth,
    )


def forecast(values: Sequence[float | None], ahead: int) -> Sequence[Expected]:
    """What the `ahead` steps after the last value are to be; none when too few values are known.

    Of quantities: nothing is expected to be less than 0.
    """
    line = fitted(values)
    if line is None:
        return ()
    places = range(len(values), len(values) + ahead)
    return [_expected(line.at(place), line.half_band(place)) for place in places]


def why_none(points: int) -> str:
    """What is said where there is no forecast."""
    return f"no forecast: {points} of {LEAST_POINTS} values"


def student_quantile(freedom: float) -> float:
    """What the 0.975 quantile of Student's t is for so many degrees of freedom, 3 or more: within 0.2 in 100."""
    return sum(term / freedom**power for power, term in enumerate(QUANTILE_TERMS))


def _expected(value: float, half: float) -> Expected:
    return Expected(max(0.0, value), max(0.0, value - half), max(0.0, value + half))


def _worth(strays: Sequence[float]) -> float:
    """How many independent values would tell as much: fewer, the more each is like the one before."""
    squares = sum(stray**2 for stray in strays)
    likeness = sum(left * right for left, right in pairwise(strays)) / squares if squares else 0.0
    likeness = min(max(likeness, 0.0), MOST_ALIKE)
    return max(LEAST_WORTH, len(strays) * (1 - likeness) / (1 + likeness))
