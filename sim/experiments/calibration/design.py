"""The design: points of a scrambled Sobol' sequence, made again from the seed wherever needed.

A longer design begins with the points of a shorter one. Each point is simulated by runs of its
own: in a calibration chance is part of what is explained, so that points must not share it.

Source: owen1998 (scrambling).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.experiments.calibration.priors import Prior


@dataclass(frozen=True)
class Design:
    """Points of the priors, each with some replicates; a row is one run."""

    priors: tuple[Prior, ...]
    points: int
    replicates: int
    seed: int

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return self.points * self.replicates

    def quantiles(self, start: int, stop: int) -> np.ndarray:
        """Return the priors' quantiles (rows, numbers) of the rows from start to before stop."""
        if start >= stop:
            return np.zeros((0, len(self.priors)))
        first, last = start // self.replicates, (stop - 1) // self.replicates
        sequence = _sobol(len(self.priors), self.seed)
        if first:
            sequence.fast_forward(first)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # any number of points will do
            points = sequence.random(last - first + 1)
        rows = np.arange(start, stop) // self.replicates - first
        return np.asarray(points[rows])


@dataclass(frozen=True, eq=False)
class Points:
    """Points that are given, one run each."""

    priors: tuple[Prior, ...]
    table: np.ndarray  # (rows, numbers) of the priors' quantiles

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return len(self.table)

    def quantiles(self, start: int, stop: int) -> np.ndarray:
        """Return the quantiles of the rows from start to before stop."""
        return self.table[start:stop]


def values_of(priors: Sequence[Prior], quantiles: np.ndarray) -> dict[str, np.ndarray]:
    """Return the values (rows,) by path at some quantiles (rows, numbers)."""
    return {
        prior.path: prior.values(column) for prior, column in zip(priors, quantiles.T, strict=True)
    }


def _sobol(numbers: int, seed: int) -> qmc.Sobol:
    """Return the sequence; the name of the argument `seed` is known to all versions of scipy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return qmc.Sobol(numbers, scramble=True, seed=np.random.default_rng(seed))
