"""Intervals of means, of proportions and of paired differences; by default of 95 %.

Sources: student1908 (t interval of a mean), wilson1927 (score interval of a proportion),
newcombe1998 (difference of paired proportions, from the score intervals of both: method 10).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

LEVEL = 0.95
NORMAL = {  # level -> standard errors that cover it in a normal distribution
    LEVEL: 1.959963984540054,
    0.9: 1.6448536269514722,
}


@dataclass(frozen=True)
class Interval:
    """A mean over runs and its interval; nan where undefined."""

    runs: int
    mean: float
    low: float
    high: float
    kind: str  # t, wilson or newcombe

    @property
    def sign(self) -> int:
        """Return 1 or -1 if the interval lies on one side of zero, else 0."""
        return int(self.low > 0) - int(self.high < 0)


def normal(level: float) -> float:
    """Return the half-width of a normal interval, in standard errors; `level` is in NORMAL."""
    return NORMAL[level]


def student(freedom: float, level: float = LEVEL) -> float:
    """Return the half-width of a t interval in standard errors, with `freedom` degrees."""
    from scipy import special  # noqa: PLC0415 - slow to import, and most commands do not need it

    return float(special.stdtrit(freedom, 0.5 + level / 2))


def mean_of_defined(values: np.ndarray, axis: int) -> np.ndarray:
    """Return means over an axis without nan; nan where all are nan."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=axis)
    total = np.where(defined, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def mean_interval(values: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the mean of the defined values (runs,) and its t interval."""
    values = values[~np.isnan(values)]
    count = values.size
    if count == 0:
        return Interval(0, np.nan, np.nan, np.nan, "t")
    if values.min() == values.max():
        same = float(values[0])
        ends = (same, same) if count > 1 else (np.nan, np.nan)
        return Interval(count, same, *ends, "t")
    mean = float(values.mean())
    half = float(student(count - 1, level) * values.std(ddof=1) / np.sqrt(count))
    return Interval(count, mean, mean - half, mean + half, "t")


def widened(interval: Interval, variance: float, draws: int) -> Interval:
    """Return a t interval widened by the variance of a second, independent sample.

    The degrees of freedom are by Welch and Satterthwaite, from the runs and the draws.
    """
    if not variance > 0 or interval.runs < 2:  # noqa: PLR2004 - an interval needs two
        return interval
    first = interval.runs - 1
    own = ((interval.high - interval.mean) / student(first)) ** 2
    freedom = (own + variance) ** 2 / (own**2 / first + variance**2 / (draws - 1))
    half = float(student(freedom) * np.sqrt(own + variance))
    return replace(interval, low=interval.mean - half, high=interval.mean + half)


def share_interval(values: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the share of ones among the defined values, 0 or 1, and its Wilson interval."""
    values = values[~np.isnan(values)]
    count = values.size
    if count == 0:
        return Interval(0, np.nan, np.nan, np.nan, "wilson")
    share = float(values.mean())
    z = normal(level)
    wide = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / wide
    half = z / wide * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return Interval(count, share, float(low), float(high), "wilson")


def paired_interval(
    values: np.ndarray, reference: np.ndarray, *, share: bool = False, level: float = LEVEL
) -> tuple[Interval, float]:
    """Return the mean of the differences by run with its interval, and the share not zero.

    The interval is a t interval. With `share`, values lie between 0 and 1 and the interval ends at
    -1 and 1; if all are 0 or 1 it is Newcombe's, which has a width even if no run differs.
    """
    defined = ~np.isnan(values - reference)
    values, reference = values[defined], reference[defined]
    changed = float(np.mean(values != reference)) if values.size else np.nan
    if share and values.size > 1 and np.isin([values, reference], [0, 1]).all():
        return _share_difference(values > 0, reference > 0, level), changed
    interval = mean_interval(values - reference, level)
    if share:
        low, high = np.clip([interval.low, interval.high], -1, 1).tolist()
        interval = replace(interval, low=low, high=high)
    return interval, changed


def _share_difference(values: np.ndarray, reference: np.ndarray, level: float) -> Interval:
    """Return the difference of two shares of the same runs, and Newcombe's interval."""
    one, other = share_interval(values * 1.0, level), share_interval(reference * 1.0, level)
    tie = _correlation(values, reference)
    mean = float(np.mean(values * 1.0 - reference))
    low = mean - _joint(one.mean - one.low, other.high - other.mean, tie)
    high = mean + _joint(one.high - one.mean, other.mean - other.low, tie)
    return Interval(values.size, mean, max(-1.0, low), min(1.0, high), "newcombe")


def _joint(first: float, second: float, tie: float) -> float:
    """Return the reach of a difference from the reaches of both shares and their correlation."""
    return float(np.sqrt(max(0.0, first**2 - 2 * tie * first * second + second**2)))


def _correlation(values: np.ndarray, reference: np.ndarray) -> float:
    """Return the correlation of two boolean series, reduced if positive (Newcombe's method 10)."""
    runs = values.size
    ones, others = np.sum(values), np.sum(reference)
    sizes = float(ones * (runs - ones) * others * (runs - others))
    if sizes == 0:
        return 0.0
    both, neither = np.sum(values & reference), np.sum(~values & ~reference)
    product = float(both * neither) - float((ones - both) * (others - both))
    if product > 0:
        product = max(0.0, product - runs / 2)
    return product / float(np.sqrt(sizes))
