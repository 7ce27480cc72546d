"""Identified: by how much the posterior of each number is narrower than its prior.

The rule: a number is identified if the patterns explain at least 2 % of its variance out of bag
(so that it was fitted at all) and the standard deviation of its posterior is at most 0.9 of that
of its prior, both on the scale of the prior's quantiles. The Kullback-Leibler divergence of the
posterior from the prior, in nats, over ten equal parts of the prior, is reported beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiments.calibration.inference import Fit, Learned, quantile
from sim.experiments.calibration.priors import Prior

NARROWER = 0.9  # greatest ratio of standard deviations of a number that is identified
PARTS = 10
LEVELS = np.array([0.05, 0.5, 0.95])  # the interval of 90 % and the median
UNIFORM_SD = 12**-0.5


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What a calibration says of one number."""

    path: str
    unit: str
    prior: tuple[float, float, float]  # 5, 50 and 95 %
    posterior: tuple[float, float, float]
    told: float  # share of variance that the patterns explain out of bag
    sd_ratio: float  # posterior over prior, on the scale of the prior's quantiles
    divergence: float  # Kullback-Leibler, nats

    @property
    def identified(self) -> bool:
        """Return whether the patterns say something of the number."""
        return self.divergence > 0 and self.sd_ratio <= NARROWER


def identified(priors: tuple[Prior, ...], learned: Learned, fit: Fit) -> list[Identified]:
    """Return what the posterior says of each number, in the order of the priors."""
    found = []
    for at, prior in enumerate(priors):
        column = fit.quantiles[:, at]
        is_fitted = at in learned.fitted
        ends = quantile(column, fit.weights, LEVELS) if is_fitted else LEVELS
        found.append(
            Identified(
                path=prior.path,
                unit=prior.unit,
                prior=_three(prior, LEVELS),
                posterior=_three(prior, ends),
                told=float(learned.told[at]),
                sd_ratio=spread(column, fit.weights) / UNIFORM_SD if is_fitted else 1.0,
                divergence=divergence(column, fit.weights) if is_fitted else 0.0,
            )
        )
    return found


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
