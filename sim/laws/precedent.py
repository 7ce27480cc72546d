"""Precedent: how far arming a fellow member's rival has become normal in a bloc.

    z_b = sum_k rivals_kb / sum_k (rivals_kb + members_kb)

members and rivals are remembered deliveries (TIV) of each member to fellow members and to
members' rivals, the latter weighted by the dispute; they fade over `memory`. Without remembered
deliveries the precedent is 0.

Source: the claim of seed2017 that the hegemon's example gives cover; finnemore1998 (norms
spread by example). That they erode likewise, and the form, are assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Precedent:
    """Members learn from precedents what is acceptable."""

    memory: Coefficient = parameter(
        5.0,
        unit="years",
        low=2.0,
        high=15.0,
        source="assumed",
        doc="Years over which a delivery fades to 37 %.",
    )

    def precedent(
        self,
        *,
        members: Elementwise,  # (states, blocs, runs) TIV remembered
        rivals: Elementwise,  # (states, blocs, runs) TIV remembered
    ) -> Elementwise:
        """Return the precedent of each bloc, 0 to 1; 0 without deliveries."""
        harmful = rivals.sum(axis=0)
        total = harmful + members.sum(axis=0)
        return harmful / np.maximum(total, 1e-9)
