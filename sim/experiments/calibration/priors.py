"""Priors: the numbers that a calibration fits, and what is held of each beforehand.

Those are the numbers of the scenario that name a distribution and the parameters of laws that are
assumed, with the distributions of `sim.scenario.prior`; a number that is chosen by its path and
has none is drawn over its bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.scenario.draws import drawn
from sim.scenario.numbers import Uncertain
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.prior import over_range, prior_of
from sim.scenario.schema import Model
from sim.scenario.sources import ASSUMED
from sim.scenario.words import meant, quoted

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
    return each.path.startswith("laws.") and ASSUMED in each.source and _bounded(each)


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
