"""What is held of a number beforehand: its own distribution, or that of its law's range.

A number of the scenario that names a distribution has that one. A law's parameter is uniform over
its range, or loguniform where the range is positive and spans a hundredfold or more: its value is
a start, not a result. The range is that between its bounds, unless the law declares a narrower
one because its bounds reach further for the sake of a hypothesis.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.numbers import Uncertain, value_of
from sim.scenario.paths import NumberPath

HUNDREDFOLD = 100.0  # ratio of the ends of a range from which a number is loguniform
LAWS = "laws."


def prior_of(each: NumberPath) -> Uncertain | None:
    """Return the distribution of a number; None if it has neither one nor a law with bounds."""
    if isinstance(each.value, Uncertain):
        return each.value
    return over_range(each) if each.path.startswith(LAWS) else None


def over_range(each: NumberPath) -> Uncertain | None:
    """Return the distribution of a plain number over its range; None if it has no range."""
    low, high = each.leaf.usual or (each.low, each.high)
    if not np.isfinite([low, high]).all() or not low < high:
        return None
    wide = low > 0 and high / low >= HUNDREDFOLD
    return Uncertain(value_of(each.value), "loguniform" if wide else "uniform", low, high)
