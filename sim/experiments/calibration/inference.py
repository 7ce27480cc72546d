"""Approximate Bayesian computation with forests as summaries and a local linear adjustment.

1. A random forest for each number predicts it, on the scale of its prior's quantiles, from the
   summaries of the simulations (raynal2019). Its explained variance out of bag shows whether the
   data are informative about the number; if not, the number keeps its prior.
2. The out-of-bag predictions of the other numbers are the statistics (fearnhead2012): one for
   each informed number, close to its posterior mean.
3. The simulations nearest to the observation are kept, weighted by Epanechnikov's kernel, and
   the numbers are moved along a local linear regression on the statistics, on the logit scale,
   so that they stay within their bounds (beaumont2002).

Chance is part of the data: each point has runs of its own.

A number is identified if the patterns explain at least 2 % of its variance out of bag (so that it
was fitted at all) and the standard deviation of its posterior is at most 0.9 of that of its prior,
both on the scale of the prior's quantiles. The tables also have the Kullback-Leibler divergence of
the posterior from the prior, in nats, over ten equal parts of the prior.

Recovery tests whether intervals of 90 % contain the true numbers nine times in ten. Some rows of
the design are held out, forests learn from the others, and each row held out then serves as the
observation. Numbers that the fit to such a row does not identify do not count.

Sources: raynal2019, fearnhead2012, beaumont2002, breiman2001, prangle2014 (coverage as a check).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from sim.experiments.priors import Prior
from sim.experiments.remedies import needed

TREES = 100
LEAF = 10  # least simulations in a leaf
SHARE = 0.5  # of the simulations that each tree uses; the rest is out of bag
EXPLAINED = 0.02  # least share of variance explained out of bag for a number to be fitted
KEPT = 0.05  # share of the simulations that are kept
LEAST = 300  # simulations that are kept at least
EDGE = 1e-6  # quantiles are kept this far from 0 and 1


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior of some numbers: weighted rows, on the scale of the priors' quantiles."""

    rows: np.ndarray  # (kept,) rows of the design, nearest first
    weights: np.ndarray  # (kept,) that sum to 1
    quantiles: np.ndarray  # (kept, numbers), adjusted


class Learned:
    """Forests learned from the simulations of a design, before any observation is used."""

    def __init__(
        self, quantiles: np.ndarray, summaries: np.ndarray, *, seed: int, jobs: int = 1
    ) -> None:
        """Learn from points (rows, numbers) and their summaries (rows, targets)."""
        self.quantiles = quantiles
        self.summaries = summaries
        self.forests = [
            _forest(summaries, column, seed=seed + at, jobs=jobs)
            for at, column in enumerate(quantiles.T)
        ]
        out_of_bag = np.stack([each.oob_prediction_ for each in self.forests], axis=1)
        self.explained = 1 - np.mean((out_of_bag - quantiles) ** 2, axis=0) / quantiles.var(axis=0)
        self.fitted = np.flatnonzero(self.explained >= EXPLAINED)  # numbers that data inform
        self.statistics = out_of_bag[:, self.fitted]

    def statistic(self, summaries: np.ndarray) -> np.ndarray:
        """Return the statistics (rows, fitted numbers) of other summaries."""
        columns = [self.forests[at].predict(summaries) for at in self.fitted]
        return np.stack(columns, axis=1) if columns else np.zeros((len(summaries), 0))

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
        """Return the quantiles of the rows kept, moved to the observed statistics by regression."""
        quantiles = self.quantiles[rows].copy()
        scaled = logit(np.clip(quantiles[:, self.fitted], EDGE, 1 - EDGE))
        root = np.sqrt(weights)[:, None]
        table = np.concatenate([np.ones((len(rows), 1)), away], axis=1)
        slope = np.linalg.lstsq(root * table, root * scaled, rcond=None)[0]
        quantiles[:, self.fitted] = expit(scaled - away @ slope[1:])
        return np.asarray(quantiles)


def _forest(summaries: np.ndarray, target: np.ndarray, *, seed: int, jobs: int) -> Any:
    """Return a forest that predicts a number from the summaries, with predictions out of bag."""
    ensemble = needed("sklearn.ensemble", "calibrate")
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
    forest.n_jobs = 1  # with threads, the order of summation varies
    return forest


def _kernel(distance: np.ndarray, width: float) -> np.ndarray:
    """Return Epanechnikov's weights, which sum to 1; equal if all distances are."""
    raw = 1 - (distance / width) ** 2 if width > 0 else np.ones(distance.size)
    total = raw.sum()
    return raw / total if total > 0 else np.full(distance.size, 1 / distance.size)


def quantile(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return quantiles of weighted values, interpolated between the middles of their steps."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    middle = (ends - weights[order] / 2) / ends[-1]
    return np.asarray(np.interp(levels, middle, values[order]))


NARROWER = 0.9  # greatest sd_ratio of an identified number
PARTS = 10  # of the prior, for the divergence
LEVELS = np.array([0.05, 0.5, 0.95])  # the interval of 90 % and the median
UNIFORM_SD = 12**-0.5


@dataclass(frozen=True, kw_only=True)
class Identified:
    """The result of a calibration for one number."""

    path: str
    unit: str
    prior: tuple[float, float, float]  # 5, 50 and 95 %
    posterior: tuple[float, float, float]
    explained: float  # share of variance that the patterns explain out of bag
    sd_ratio: float  # posterior over prior, on the scale of the prior's quantiles
    divergence: float  # Kullback-Leibler, nats

    @property
    def identified(self) -> bool:
        """Return whether the patterns narrow the number."""
        return self.divergence > 0 and self.sd_ratio <= NARROWER


def identified(priors: tuple[Prior, ...], learned: Learned, fit: Fit) -> list[Identified]:
    """Return the result for each number, in the order of the priors."""
    numbers = []
    for at, prior in enumerate(priors):
        column = fit.quantiles[:, at]
        is_fitted = at in learned.fitted
        ends = quantile(column, fit.weights, LEVELS) if is_fitted else LEVELS
        numbers.append(
            Identified(
                path=prior.path,
                unit=prior.unit,
                prior=_three(prior, LEVELS),
                posterior=_three(prior, ends),
                explained=float(learned.explained[at]),
                sd_ratio=spread(column, fit.weights) / UNIFORM_SD if is_fitted else 1.0,
                divergence=divergence(column, fit.weights) if is_fitted else 0.0,
            )
        )
    return numbers


def spread(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the standard deviation of weighted values; the weights sum to 1."""
    mean = np.sum(weights * values)
    return float(np.sqrt(np.sum(weights * (values - mean) ** 2)))


def divergence(quantiles: np.ndarray, weights: np.ndarray) -> float:
    """Return the divergence of weighted quantiles from the uniform, in nats."""
    part = np.minimum((quantiles * PARTS).astype(np.int64), PARTS - 1)
    share = np.bincount(part, weights=weights, minlength=PARTS)
    share = share[share > 0] / share.sum()
    return float(np.sum(share * np.log(share * PARTS)))


def _three(prior: Prior, levels: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = prior.values(levels).tolist()
    return low, middle, high


REPEATS = 200
SPARED = 10  # at most one row of so many is held out


@dataclass(frozen=True, eq=False)
class Recovery:
    """How often intervals of 90 % contained the true value, by number."""

    counted: np.ndarray  # (numbers,) repeats in which the number was identified
    held: np.ndarray  # (numbers,) of these, with the true value in the interval

    @property
    def coverage(self) -> float:
        """Return the pooled coverage; nan if no number was identified."""
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
    """Return the coverage over rows of the design that are held out from the forests.

    New forests learn from the other rows, and each row held out is fitted as observed data are. At
    most a tenth of the rows is held out, with their replicates.
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
