"""Shares of variance by groups of inputs, by pick-freeze: Sobol' indices with SALib.

The first-order share of a group is what would vanish, on average, if all its inputs were known;
the total share is what would remain if all others were known. The difference is interaction.

Source: saltelli2010 (design and estimators; the intervals are bootstrapped).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from sim.kernel.errors import ResultError

LEAST = 8  # points whose values are all defined below which nothing is said
RESAMPLES = 200
REMEDY = "blocsim audit needs SALib: pip install 'blocsim[analysis]' (--runs 0 counts without it)"


@dataclass(frozen=True)
class VarianceShare:
    """What part of an outcome's variance a group of inputs accounts for."""

    group: str
    first: float  # alone; not a number where the outcome does not vary
    first_half: float  # half of the 95 % interval
    total: float  # with interactions
    total_half: float


@dataclass(frozen=True)
class PickFreeze:
    """Inputs in groups, drawn by pick-freeze: (groups + 2) rows for every point."""

    groups: Mapping[str, Sequence[str]]  # group -> its inputs
    points: int  # a power of two
    seed: int

    @property
    def rows(self) -> int:
        """Return how many rows the design has."""
        return self.points * (len(self.groups) + 2)

    def problem(self) -> dict[str, Any]:
        """Return the design as SALib has it: every input uniform on 0 to 1."""
        names = [name for inputs in self.groups.values() for name in inputs]
        of = [group for group, inputs in self.groups.items() for _ in inputs]
        bounds = [[0.0, 1.0]] * len(names)
        return {"num_vars": len(names), "names": names, "groups": of, "bounds": bounds}

    def uniform(self) -> dict[str, np.ndarray]:
        """Return the uniform numbers of every input, one for each row."""
        sampler = _salib("SALib.sample.sobol")
        problem = self.problem()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            table = sampler.sample(
                problem, self.points, calc_second_order=False, seed=_small(self.seed)
            )
        return dict(zip(problem["names"], table.T, strict=True))

    def shares(self, values: np.ndarray) -> list[VarianceShare]:
        """Return the share of each group in the variance of an outcome, one value a row."""
        by_point = values.reshape(self.points, -1)
        known = by_point[~np.isnan(by_point).any(axis=1)]
        if known.shape[0] < LEAST or np.ptp(known) == 0:
            return [VarianceShare(group, *[np.nan] * 4) for group in self.groups]
        analyser = _salib("SALib.analyze.sobol")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = analyser.analyze(
                self.problem(),
                known.reshape(-1),
                calc_second_order=False,
                num_resamples=RESAMPLES,
                seed=_small(self.seed),
            )
        columns = zip(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
        return [
            VarianceShare(group, *map(float, each))
            for group, each in zip(self.groups, columns, strict=True)
        ]


def whole_power(points: int) -> int:
    """Return the least power of two that is not less: Sobol' points are balanced only there."""
    return 1 << max(points - 1, 0).bit_length()


def _small(seed: int) -> int:
    """Return a seed that SALib takes: it reads 0 as none."""
    return seed % (2**32 - 1) + 1


def _salib(name: str) -> Any:
    """Return a module of SALib; a remedy where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise ResultError(REMEDY) from None
