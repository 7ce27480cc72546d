"""Priors: the numbers that are fitted or drawn, what is held of each beforehand, points of them.

A number of the scenario that names a distribution has that one. A law's parameter is uniform over
its range, or loguniform where the range is positive and spans a hundredfold or more: its value is
a start, not a result. The range is that between its bounds, unless the law declares a narrower
one because its bounds reach further for the sake of a hypothesis.

A calibration fits the numbers that name a distribution and the assumed parameters of laws; one
that is chosen by its path and has no distribution is drawn over its bounds.

Source: owen1998 (scrambling).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.documents.leaves import Uncertain, value_of
from sim.documents.sources import ASSUMED
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.compile.distributions import drawn
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

HUNDREDFOLD = 100.0  # ratio of the ends of a range from which a number is loguniform


def prior_of(each: NumberPath) -> Uncertain | None:
    """Return the distribution of a number; None if it has neither one nor a law with bounds."""
    if isinstance(each.value, Uncertain):
        return each.value
    return over_range(each) if each.path.of_law else None


def over_range(each: NumberPath) -> Uncertain | None:
    """Return the distribution of a plain number over its range; None if it has no range."""
    low, high = each.leaf.usual or (each.low, each.high)
    if not np.isfinite([low, high]).all() or not low < high:
        return None
    wide = low > 0 and high / low >= HUNDREDFOLD
    return Uncertain(value_of(each.value), "loguniform" if wide else "uniform", low, high)


FLAG = "--parameters"


@dataclass(frozen=True)
class Prior:
    """A number to be fitted: its path, unit and distribution."""

    path: str
    unit: str
    about: Uncertain

    def values(self, quantiles: np.ndarray) -> np.ndarray:
        """Return the values at some quantiles."""
        return drawn(self.about, quantiles)

    def described(self) -> dict[str, Any]:
        """Return the prior as the manifest has it."""
        parts = asdict(self.about)
        parts.pop("source")
        return {"unit": self.unit, **parts}


def priors(model: Model, chosen: Sequence[str] = ()) -> tuple[Prior, ...]:
    """Return the priors of the numbers chosen by path, else of all that are uncertain.

    A path may end in a star, which stands for any ending: `laws.consent.*`.
    """
    known = {path: each for path, each in number_paths(model).items() if each.rides}
    free = {path: each for path, each in known.items() if _is_free(each)}
    if not chosen:
        names = list(free)
    else:
        names = sorted({path for text in chosen for path in _named(text, known, free)})
    if not names:
        message = "nothing to fit: give a number a distribution, or name some with --parameters"
        raise InputError([Problem(FLAG, 0, 0, "", message)])
    return tuple(_prior(known[name]) for name in sorted(names))


def _is_free(each: NumberPath) -> bool:
    """Return whether a number is fitted unless others are named."""
    if isinstance(each.value, Uncertain):
        return True
    return each.path.of_law and ASSUMED in each.source and _bounded(each)


def _bounded(each: NumberPath) -> bool:
    return over_range(each) is not None


def _named(text: str, known: dict[str, NumberPath], free: dict[str, NumberPath]) -> list[str]:
    """Return the paths that a text stands for; InputError if there is none to fit."""
    if text.endswith("*"):
        found = [path for path in free if path.startswith(text[:-1])]
        if found:
            return found
        message = f"no uncertain number begins with {quoted(text[:-1])}"
    elif text not in known:
        message = f"no number {quoted(text)}{meant(text, known)}"
    elif not isinstance(known[text].value, Uncertain) and not _bounded(known[text]):
        message = f"{text} has no bounds to draw it between: write it as {{value, dist, low, high}}"
    else:
        return [text]
    raise InputError([Problem(FLAG, 0, 0, "", message)])


def _prior(each: NumberPath) -> Prior:
    """Return the prior of a number."""
    about = prior_of(each) or over_range(each)
    assert about is not None  # noqa: S101 - the free and the named have bounds
    return Prior(each.path, each.unit, about)


@dataclass(frozen=True, eq=False)
class PriorPoints:
    """Points of some priors, a row a run."""

    priors: tuple[Prior, ...]
    quantiles: np.ndarray  # (rows, numbers)

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return len(self.quantiles)

    def values(self, rows: slice = slice(None)) -> dict[str, np.ndarray]:
        """Return the values (rows,) by path."""
        columns = self.quantiles[rows].T
        return {each.path: each.values(q) for each, q in zip(self.priors, columns, strict=True)}


def sobol_points(
    priors: tuple[Prior, ...], points: int, *, replicates: int, seed: int
) -> PriorPoints:
    """Return points of a scrambled Sobol' sequence; a longer design begins with a shorter one.

    Each point is simulated by runs of its own: in a calibration chance is part of what is
    explained, so that points must not share it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # any number of points will do; all versions know `seed`
        sequence = qmc.Sobol(len(priors), scramble=True, seed=np.random.default_rng(seed))
        quantiles = sequence.random(points)
    return PriorPoints(priors, np.repeat(quantiles, replicates, axis=0))
