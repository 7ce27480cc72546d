"""Approximate Bayesian computation with forests as summaries and a local linear adjustment.

1. A random forest for each number predicts it, on the scale of its prior's quantiles, from the
   summaries of the simulations (raynal2019). What it explains out of bag says whether the data
   tell anything of the number at all; numbers of which they do not are left as the prior has them.
2. The predictions for the others, out of bag, are the statistics (fearnhead2012): as many as
   there are numbers that the data tell of, each near the posterior mean of its number.
3. The simulations nearest to what was observed are kept, weighted by Epanechnikov's kernel, and
   the numbers moved along a local linear regression on the statistics, on the logit scale, so
   that none leaves its bounds (beaumont2002).

Simulated chance is part of the data: each point has runs of its own.

Sources: raynal2019, fearnhead2012, beaumont2002, breiman2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from sim.experiments.extras import needed

TREES = 100
LEAF = 10  # least simulations in a leaf
SHARE = 0.5  # of the simulations that each tree sees; the rest is out of its bag
TOLD = 0.02  # least share of variance explained out of bag for a number to be fitted
KEPT = 0.05  # share of the simulations that are kept
LEAST = 300  # that are kept at least, if there are so many
EDGE = 1e-6  # nearest that a quantile comes to 0 or 1


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior of some numbers: weighted rows, on the scale of the priors' quantiles."""

    rows: np.ndarray  # (kept,) rows of the design, nearest first
    weights: np.ndarray  # (kept,) that sum to 1
    quantiles: np.ndarray  # (kept, numbers), adjusted


class Learned:
    """What the simulations of a design teach about its numbers, whatever is observed."""

    def __init__(
        self, quantiles: np.ndarray, summaries: np.ndarray, *, seed: int, jobs: int = 1
    ) -> None:
        """Learn from points (rows, numbers) and the summaries (rows, targets) they gave."""
        self.quantiles = quantiles
        self.summaries = summaries
        self.forests = [
            _forest(summaries, column, seed=seed + at, jobs=jobs)
            for at, column in enumerate(quantiles.T)
        ]
        out_of_bag = np.stack([each.oob_prediction_ for each in self.forests], axis=1)
        self.told = 1 - np.mean((out_of_bag - quantiles) ** 2, axis=0) / quantiles.var(axis=0)
        self.fitted = np.flatnonzero(self.told >= TOLD)  # numbers that the data tell of
        self.statistics = out_of_bag[:, self.fitted]

    def statistic(self, summaries: np.ndarray) -> np.ndarray:
        """Return the statistics (rows, fitted numbers) of other summaries."""
        found = [self.forests[at].predict(summaries) for at in self.fitted]
        return np.stack(found, axis=1) if found else np.zeros((len(summaries), 0))

    def fit(self, observed: np.ndarray) -> Fit:
        """Return the posterior given the statistics observed (fitted numbers,)."""
        count = len(self.quantiles)
        if self.fitted.size == 0:
            return Fit(np.arange(count), np.full(count, 1 / count), self.quantiles)
        scale = np.maximum(self.statistics.std(axis=0), 1e-12)
        away = (self.statistics - observed) / scale
        distance = np.sqrt((away**2).sum(axis=1))
        order = np.argsort(distance, kind="stable")
        kept = min(max(round(KEPT * count), LEAST), count - 1)
        rows, width = order[:kept], distance[order[kept]]
        weights = _kernel(distance[rows], width)
        return Fit(rows, weights, self._adjusted(rows, weights, away[rows]))

    def _adjusted(self, rows: np.ndarray, weights: np.ndarray, away: np.ndarray) -> np.ndarray:
        """Return the quantiles of the rows kept, moved to where the statistics are observed."""
        quantiles = self.quantiles[rows].copy()
        scaled = logit(np.clip(quantiles[:, self.fitted], EDGE, 1 - EDGE))
        root = np.sqrt(weights)[:, None]
        table = np.concatenate([np.ones((len(rows), 1)), away], axis=1)
        slope = np.linalg.lstsq(root * table, root * scaled, rcond=None)[0]
        quantiles[:, self.fitted] = expit(scaled - away @ slope[1:])
        return np.asarray(quantiles)


def _forest(summaries: np.ndarray, target: np.ndarray, *, seed: int, jobs: int) -> Any:
    """Return a forest that predicts a number from the summaries, with predictions out of bag."""
    ensemble = needed("sklearn.ensemble", "analysis")
    forest = ensemble.RandomForestRegressor(
        n_estimators=TREES,
        min_samples_leaf=LEAF,
        max_samples=SHARE,
        max_features=max(1, round(summaries.shape[1] / 3)),
        oob_score=True,
        random_state=seed % 2**32,
        n_jobs=jobs,
    )
    forest.fit(summaries, target)
    forest.n_jobs = 1  # threads add up predictions in any order
    return forest


def _kernel(distance: np.ndarray, width: float) -> np.ndarray:
    """Return Epanechnikov's weights, which sum to 1; equal ones where all distances are."""
    raw = 1 - (distance / width) ** 2 if width > 0 else np.ones(distance.size)
    total = raw.sum()
    return raw / total if total > 0 else np.full(distance.size, 1 / distance.size)


def quantile(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return quantiles of weighted values, each half-way up the step of its value."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    middle = (ends - weights[order] / 2) / ends[-1]
    return np.asarray(np.interp(levels, middle, values[order]))
