"""Intervals of 95 %: of means, of proportions, and of paired differences.

Sources: student1908 (t interval of a mean), wilson1927 (score interval of a proportion).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

LEVEL = 0.95
NORMAL = 1.959963984540054  # standard errors that hold 95 % of a normal distribution


@dataclass(frozen=True)
class Interval:
    """A mean over runs and its interval; not a number where undefined."""

    runs: int
    mean: float
    low: float
    high: float
    kind: str  # t or wilson

    @property
    def sign(self) -> int:
        """Return 1 or -1 where the interval lies on one side of zero, else 0."""
        return int(self.low > 0) - int(self.high < 0)


def student(freedom: float) -> float:
    """Return how many standard errors an interval of a mean reaches to either side."""
    from scipy import special  # noqa: PLC0415 - slow to import, and most commands need none

    return float(special.stdtrit(freedom, 0.5 + LEVEL / 2))


def mean_interval(values: np.ndarray) -> Interval:
    """Return the mean of the defined values and its t interval."""
    values = values[~np.isnan(values)]
    count = values.size
    if count == 0:
        return Interval(0, np.nan, np.nan, np.nan, "t")
    if values.min() == values.max():
        same = float(values[0])
        ends = (same, same) if count > 1 else (np.nan, np.nan)
        return Interval(count, same, *ends, "t")
    mean = float(values.mean())
    half = float(student(count - 1) * values.std(ddof=1) / np.sqrt(count))
    return Interval(count, mean, mean - half, mean + half, "t")


def widened(found: Interval, variance: float, draws: int) -> Interval:
    """Return a t interval with the variance of a second, independent sample added to its own.

    The degrees of freedom are Welch and Satterthwaite's, of the runs and of the draws.
    """
    if not variance > 0 or found.runs < 2:  # noqa: PLR2004 - an interval needs two
        return found
    first = found.runs - 1
    own = ((found.high - found.mean) / student(first)) ** 2
    freedom = (own + variance) ** 2 / (own**2 / first + variance**2 / (draws - 1))
    half = float(student(freedom) * np.sqrt(own + variance))
    return replace(found, low=found.mean - half, high=found.mean + half)


def share_interval(values: np.ndarray) -> Interval:
    """Return the share of ones among the defined values, 0 or 1, and its Wilson interval."""
    values = values[~np.isnan(values)]
    count = values.size
    if count == 0:
        return Interval(0, np.nan, np.nan, np.nan, "wilson")
    share = float(values.mean())
    z = NORMAL
    wide = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / wide
    half = z / wide * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return Interval(count, share, float(low), float(high), "wilson")


def paired_interval(
    values: np.ndarray, reference: np.ndarray, *, share: bool = False
) -> tuple[Interval, float]:
    """Return the mean of the per-run differences with its t interval, and the share not zero.

    The interval of a difference of shares ends at -1 and 1.
    """
    difference = values - reference
    defined = difference[~np.isnan(difference)]
    changed = float(np.mean(defined != 0)) if defined.size else np.nan
    found = mean_interval(defined)
    if share:
        low, high = np.clip([found.low, found.high], -1, 1).tolist()
        found = replace(found, low=low, high=high)
    return found, changed
