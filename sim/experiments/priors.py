"""Priors: the numbers that are fitted or drawn, with their distributions, and points of them.

A number of the scenario with a distribution has that one. A law's parameter is uniform over its
range, or loguniform if the range is positive and spans a factor of 100 or more; its value is only a
start. The range lies between its bounds, unless the law declares a narrower one because the bounds
are wide to admit a hypothesis.

A calibration fits the numbers with a distribution and the assumed parameters of laws. A number
chosen by its path that has no distribution is drawn over its bounds.

Sources: sobol1967, owen1998 (scrambling).
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.documents.leaves import Uncertain, value_of
from sim.documents.sources import ASSUMED
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.compile.distributions import drawn
from sim.scenario.paths import NumberPath, named_paths, varied_paths
from sim.scenario.schema.root import Model

FLAG = "--parameters"
HUNDREDFOLD = 100.0  # ratio of the ends of a range from which on a number is loguniform


def prior_of(number: NumberPath) -> Uncertain | None:
    """Return the distribution of a number: its own, or that of a law's parameter; else None.

    A parameter whose value switches a mechanism off has none.
    """
    if isinstance(number.value, Uncertain):
        return number.value
    still = number.leaf.off is not None and number.leaf.off == value_of(number.value)
    return over_range(number) if number.path.of_law and not still else None


def over_range(number: NumberPath) -> Uncertain | None:
    """Return the distribution of a plain number over its range; None if it has no range."""
    low, high = number.leaf.usual or (number.low, number.high)
    if not np.isfinite([low, high]).all() or not low < high:
        return None
    wide = low > 0 and high / low >= HUNDREDFOLD
    return Uncertain(value_of(number.value), "loguniform" if wide else "uniform", low, high)


def uncertain_of(model: Model, held: Collection[str] = ()) -> dict[str, Uncertain]:
    """Return the distributions of the numbers that are drawn by default, by path.

    They are the numbers of the scenario with a distribution, and the assumed parameters of the laws
    in force without those in `held`.
    """
    chosen = {
        path: prior_of(number)
        for path, number in varied_paths(model).items()
        if isinstance(number.value, Uncertain)
        or (number.path.of_law and ASSUMED in number.source and path not in held)
    }
    return {path: prior for path, prior in chosen.items() if prior is not None}


@dataclass(frozen=True)
class Prior:
    """A number to be fitted: its path, unit and distribution."""

    path: str
    unit: str
    distribution: Uncertain

    def values(self, quantiles: np.ndarray) -> np.ndarray:
        """Return the values at some quantiles."""
        return drawn(self.distribution, quantiles)

    def described(self) -> dict[str, Any]:
        """Return the prior for the manifest."""
        parts = asdict(self.distribution)
        parts.pop("source")
        return {"unit": self.unit, **parts}


def priors(model: Model, chosen: Sequence[str] = ()) -> tuple[Prior, ...]:
    """Return the priors of the numbers chosen by path, or else of all uncertain ones.

    A path may end in a star, as `laws.consent.*`, which matches any ending. InputError if there is
    no number to fit.
    """
    known = {path: number for path, number in named_paths(model).items() if number.rides}
    free = {path: prior for path, prior in uncertain_of(model).items() if path in known}
    distributions = {} if chosen else free
    for text in chosen:
        distributions |= _named(text, known, free)
    if not distributions:
        message = (
            "there are no numbers to fit: give one a distribution, or name some with --parameters"
        )
        raise InputError([Problem(FLAG, 0, 0, "", message)])
    return tuple(
        Prior(known[path].path, known[path].unit, each)
        for path, each in sorted(distributions.items())
    )


def _named(
    text: str, known: Mapping[str, NumberPath], free: Mapping[str, Uncertain]
) -> dict[str, Uncertain]:
    """Return the distributions of the numbers that a text names; InputError if there are none."""
    if text.endswith("*"):
        priors = {path: prior for path, prior in free.items() if path.startswith(text[:-1])}
        message = f"no uncertain number begins with {quoted(text[:-1])}"
    elif text in known:
        prior = prior_of(known[text]) or over_range(known[text])
        priors = {} if prior is None else {text: prior}
        message = f"{text} has no bounds: write it as {{value, dist, low, high}}"
    else:
        priors = {}
        message = f"no number {quoted(text)}{meant(text, known)}"
    if not priors:
        raise InputError([Problem(FLAG, 0, 0, "", message)])
    return priors


@dataclass(frozen=True, eq=False)
class PriorPoints:
    """Points of some priors, one row per run."""

    priors: tuple[Prior, ...]
    quantiles: np.ndarray  # (rows, numbers)

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return len(self.quantiles)

    def part(self, start: int, stop: int) -> PriorPoints:
        """Return some of the rows."""
        return PriorPoints(self.priors, self.quantiles[start:stop])

    def values(self) -> dict[str, np.ndarray]:
        """Return the values (rows,) by path."""
        columns = zip(self.priors, self.quantiles.T, strict=True)
        return {prior.path: prior.values(column) for prior, column in columns}


def prior_points(
    priors: tuple[Prior, ...], points: int, *, replicates: int, seed: int
) -> PriorPoints:
    """Return points of a Sobol' sequence, with one row per replicate.

    Each row has a run of its own: in a calibration chance is part of the data, so that points must
    not share it.
    """
    quantiles = sobol_points(len(priors), points, seed)
    return PriorPoints(priors, np.repeat(quantiles, replicates, axis=0))


def latin_points(width: int, points: int, seed: int) -> np.ndarray:
    """Return points (points, width) of a Latin hypercube."""
    from scipy.stats import qmc  # noqa: PLC0415 - takes half a second

    return np.asarray(qmc.LatinHypercube(width, rng=np.random.default_rng(seed)).random(points))


def sobol_points(width: int, points: int, seed: int) -> np.ndarray:
    """Return points (points, width) of a scrambled Sobol' sequence, the same for any number."""
    from scipy.stats import qmc  # noqa: PLC0415 - takes half a second

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a number that is not a power of two is allowed
        sequence = qmc.Sobol(width, rng=np.random.default_rng(seed))
        return np.asarray(sequence.random(points))
