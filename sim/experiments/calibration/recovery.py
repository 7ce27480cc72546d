"""Recovery: do intervals of 90 % hold the numbers that made the data, nine times in ten?

Some rows of the design are held out; forests learn from the others, and each row held out is then
taken as what was observed. Numbers that the fit to such a row does not identify are left out.

Source: prangle2014 (coverage as a check of approximate Bayesian computation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.calibration.identified import LEVELS, NARROWER, UNIFORM_SD, spread
from sim.experiments.calibration.inference import Fit, Learned, quantile

REPEATS = 200
SPARED = 10  # one row of so many is held out at most


@dataclass(frozen=True, eq=False)
class Recovery:
    """How often intervals of 90 % held the truth, by number."""

    counted: np.ndarray  # (numbers,) repeats in which the number was identified
    held: np.ndarray  # (numbers,) of these, how often the interval held the truth

    @property
    def coverage(self) -> float:
        """Return the pooled coverage; not a number if nothing was identified."""
        total = self.counted.sum()
        return float(self.held.sum() / total) if total else float("nan")


def recovery(learned: Learned, truths: np.ndarray, fits: Sequence[Fit]) -> Recovery:
    """Return the coverage of fits to data whose numbers (repeats, numbers) are known."""
    counted = np.zeros(truths.shape[1], dtype=np.int64)
    held = counted.copy()
    for truth, fit in zip(truths, fits, strict=True):
        for at in learned.fitted:
            column = fit.quantiles[:, at]
            if spread(column, fit.weights) > NARROWER * UNIFORM_SD:
                continue
            low, _, high = quantile(column, fit.weights, LEVELS)
            counted[at] += 1
            held[at] += low <= truth[at] <= high
    return Recovery(counted, held)


def self_recovery(
    learned: Learned, *, seed: int, repeats: int = REPEATS, jobs: int = 1
) -> Recovery:
    """Return the coverage over rows of the design that are held out, as history is, from forests.

    New forests learn from the rest, and each row goes through whole forests to its fit: the path
    that real data take. A tenth of the rows at most is held out, with their replicates.
    """
    count = len(learned.quantiles)
    rows = np.random.default_rng(seed).permutation(count)[: min(repeats, count // SPARED)]
    rest = np.ones(count, dtype=np.bool_)
    for row in rows:
        rest &= ~_like(learned, row)
    others = Learned(learned.quantiles[rest], learned.summaries[rest], seed=seed, jobs=jobs)
    fits = [others.fit(seen) for seen in others.statistic(learned.summaries[rows])]
    return recovery(others, learned.quantiles[rows], fits)


def _like(learned: Learned, row: int) -> np.ndarray:
    """Return which rows are of the same point: the row itself, and its replicates."""
    return np.asarray((learned.quantiles == learned.quantiles[row]).all(axis=1))
