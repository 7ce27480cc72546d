"""Effects: paired differences, compared with the smallest effect of interest.

From the 95 % interval [l, h] of the difference and the smallest effect s: *larger* if l >= s,
*smaller* if h <= -s; *none* if the 90 % interval lies inside (-s, s), which is two one-sided tests
at 5 %, even if zero is outside the 95 % interval; *larger, size open* if 0 < l < s <= h, and
mirrored; else *undecided*, with the number of runs that would about decide. A difference of zero in
every run has an interval without width. It counts as *none* from 10 runs on, since then fewer than
one run in four differs (Wilson's score, one-sided, 95 %). A share of runs has an interval with a
width even then, which decides. Differences by rounding count as zero.

An interval is about the mean of the model over ever more runs with the same numbers and laws. It is
not adjusted for the number of outcomes.

Sources: schuirmann1987 (two one-sided tests), lakens2017 (smallest effect of interest; d of
paired differences), welch1947 (means of unequal variances, where runs are not paired).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, isnan, log10

import numpy as np

from sim.experiments.intervals import LEVEL, Interval, normal, paired_interval, student

EPSILON = 1e-12  # relative error of rounding
TWO_TESTS = 0.9  # level of the interval for two one-sided tests at 5 %
LARGER, SMALLER, NONE = "larger", "smaller", "none"
LARGER_OPEN, SMALLER_OPEN = "larger, size open", "smaller, size open"
UNDECIDED, UNDEFINED = "undecided", "undefined"
ALIKE = 10  # runs without a difference from which on the verdict is none
VERDICTS = (LARGER, LARGER_OPEN, SMALLER, SMALLER_OPEN, NONE, UNDECIDED, UNDEFINED)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The paired difference of an outcome between two variants; nan where undefined."""

    interval: Interval  # of 95 %
    inner: Interval  # of 90 %
    smallest: float  # effect of interest
    sd: float  # of the differences
    changed: float  # share of pairs that differ
    above: float  # share of pairs whose difference is above zero
    below: float
    defined: float = 1.0  # share of pairs in which it is defined

    @property
    def d(self) -> float:
        """Return the mean difference in standard deviations of the differences."""
        return self.interval.mean / self.sd if self.sd > 0 else np.nan

    @property
    def size(self) -> float:
        """Return the absolute mean difference in smallest effects of interest.

        In standard deviations it would depend on how much the runs of a pair have in common.
        """
        return abs(self.interval.mean) / self.smallest

    @property
    def verdict(self) -> str:
        """Return the verdict by size, one of VERDICTS."""
        low, high, least = self.interval.low, self.interval.high, self.smallest
        if isnan(self.interval.mean):
            return UNDEFINED
        if isnan(low) or (self.changed == 0 and self.interval.runs < ALIKE):
            return UNDECIDED
        if low >= least:
            return LARGER
        if high <= -least:
            return SMALLER
        if -least < self.inner.low and self.inner.high < least:
            return NONE
        return LARGER_OPEN if low > 0 else SMALLER_OPEN if high < 0 else UNDECIDED

    @property
    def sign(self) -> int:
        """Return 1 or -1 if the 95 % interval lies on one side of zero, else 0."""
        return self.interval.sign

    @property
    def runs_needed(self) -> float:
        """Return about how many runs would decide an undecided effect, to two digits.

        With the same mean and spread, either the 95 % interval would then exclude zero, or the
        90 % interval would lie between the smallest effects. As mean and spread change with more
        runs, about half of the outcomes are decided by so many. Undefined runs count too.
        """
        if self.interval.runs < 2:  # noqa: PLR2004 - an interval needs two
            return self._in_all(2)
        mean = abs(self.interval.mean)
        away = runs_for(self.interval, self.sd, mean, LEVEL)
        inside = runs_for(self.inner, self.sd, self.smallest - mean, TWO_TESTS)
        return self._in_all(max(ALIKE, inside) if self.changed == 0 else min(away, inside))

    @property
    def runs_to_size(self) -> float:
        """Return about how many runs would decide whether it reaches the smallest effect."""
        apart = abs(self.interval.mean) - self.smallest
        beyond = runs_for(self.interval, self.sd, apart, LEVEL)
        inside = runs_for(self.inner, self.sd, -apart, TWO_TESTS)
        return self._in_all(min(beyond, inside))

    def _in_all(self, runs: float) -> float:
        """Return about how many runs have so many defined pairs, more than there are now."""
        share = self.defined or 1.0
        return at_least(runs / share, round(self.interval.runs / share) + 1)


def paired_effect(
    values: np.ndarray, reference: np.ndarray, *, smallest: float, share: bool = False
) -> Effect:
    """Return the effect in two samples (runs,) of the same runs, as `paired_interval` does."""
    values = _without_dust(values, reference)
    interval, changed = paired_interval(values, reference, share=share)
    inner, _ = paired_interval(values, reference, share=share, level=TWO_TESTS)
    apart = values - reference
    apart = apart[~np.isnan(apart)]
    sd = float(apart.std(ddof=1)) if apart.size > 1 else np.nan
    dust = EPSILON * float(np.abs(apart).max()) if apart.size else 0.0
    return Effect(
        interval=interval,
        inner=inner,
        smallest=smallest,
        sd=0.0 if sd <= dust else sd,
        changed=changed,
        above=float(np.mean(apart > 0)) if apart.size else np.nan,
        below=float(np.mean(apart < 0)) if apart.size else np.nan,
        defined=apart.size / max(values.size, 1),
    )


def _without_dust(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return values, equal to the reference where they differ from it only by rounding."""
    size = np.maximum(np.abs(values), np.abs(reference))
    return np.where(np.abs(values - reference) <= EPSILON * size, reference, values)


def unpaired_effect(values: np.ndarray, reference: np.ndarray, *, smallest: float) -> Effect:
    """Return the effect in two independent samples (runs,), by Welch's interval."""
    samples = [each[~np.isnan(each)] for each in (values, reference)]
    runs = min(each.size for each in samples)
    means = [float(each.mean()) if each.size else np.nan for each in samples]
    variances = [float(each.var(ddof=1)) if each.size > 1 else np.nan for each in samples]
    errors = [
        variance / max(each.size, 1) for variance, each in zip(variances, samples, strict=True)
    ]
    error, mean = sum(errors), means[0] - means[1]
    parts = sum(e * e / (each.size - 1) for e, each in zip(errors, samples, strict=True) if e > 0)

    def reach(level: float) -> float:
        return student(error**2 / parts, level) * float(np.sqrt(error)) if parts else error

    whole, inner = (
        Interval(runs, mean, mean - reach(level), mean + reach(level), "welch")
        for level in (LEVEL, TWO_TESTS)
    )
    sd = float(np.sqrt(sum(variances)))
    nothing = float("nan")
    return Effect(
        interval=whole, inner=inner, smallest=smallest, sd=sd, changed=nothing, above=nothing,
        below=nothing,
    )  # fmt: skip


def runs_for(interval: Interval, sd: float, room: float, level: float) -> float:
    """Return the number of runs at which half the width of an interval would be `room`.

    It falls with the root of the runs; for a share that is equal in all runs, with the runs.
    """
    if room <= 0:
        return inf
    if sd > 0:
        return float((normal(level) * sd / room) ** 2)
    reach = max(interval.high - interval.mean, interval.mean - interval.low)
    more = normal(level) ** 2  # Wilson's score adds as many runs
    return (interval.runs + more) * reach / room - more


def at_least(runs: float, least: int) -> float:
    """Return a number of runs, rounded up to two digits, at least `least`."""
    runs = max(runs, least)
    if runs == inf:
        return inf
    digits = 10 ** max(0, int(log10(runs)) - 1)
    return float(ceil(runs / digits) * digits)
