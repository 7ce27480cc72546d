"""Usual orders: how large an order of a weapon is, and how long it takes, when few are known.

    usual(own)       = exp((n ln q(own) + 5 ln usual(supplier)) / (n + 5)),  n orders of own
    usual(supplier)    likewise, against q of all suppliers' orders

The orders are those of ten years: own ones of the weapon, the supplier's of the class, and those of
the class by all suppliers, in the condition of the offer. Sizes are in TIV, as the weapons of a
class differ in size; lags are in years. So one order of 280 guns does not make 280 the usual
order of its maker. q is a quantile: the median for the usual order, that of 90 % for the largest
one. A quantile of five orders counts as much as what it is drawn towards.

Source: sipri_arms (orders). The weight of five orders, and the quantile of a largest order, are
assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

FEW = 5  # orders that count as much as what is usual in a wider group
MIDDLE, LARGE = 0.5, 0.9  # quantiles


def usual(groups: Iterable[Sequence[float]], quantile: float = MIDDLE) -> float | None:
    """Return the usual value of orders from groups of values, the widest first; None if unknown.

    Values are above 0.
    """
    found: float | None = None
    for own in groups:
        if not len(own):
            continue
        middle = float(np.quantile(own, quantile))
        if found is not None:
            share = len(own) / (len(own) + FEW)
            middle = math.exp(share * math.log(middle) + (1 - share) * math.log(found))
        found = middle
    return found
