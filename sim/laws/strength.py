"""Strength: the yield of domestic spending, and an arsenal whose classes fill up.

    S_i = (1 - import_share_i) burden_i Y_i conversion + A_i,  A_i = sum_c C_c ln(1 + K_ic / C_c)
    K_ic = sum over systems w of class c of n_iw worth_w

A filled class adds little, so that buyers move on to other classes and other suppliers.

Sources: sipri_arms (TIV as the unit of capability); the satiation is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, Monadic
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Strength:
    """Strength grows with spending at home and with every class that is not yet satiated."""

    conversion: Coefficient = parameter(
        0.1,
        unit="TIV per million USD",
        low=0.02,
        high=0.5,
        source="assumed",
        doc="Capability sustained by a million USD of yearly military spending at home.",
    )

    def strength(
        self,
        *,
        spending: Elementwise,  # million USD a year, without imports
        arms: Elementwise,  # A_i, TIV
    ) -> Elementwise:
        """Return the strength of each state, TIV."""
        return spending * self.conversion + arms

    def arms(
        self,
        *,
        held: Elementwise,  # (states, classes, runs) TIV
        satiation: Elementwise,  # (classes, runs) TIV
    ) -> Monadic:
        """Return the contribution of each state's arsenal to its strength, TIV."""
        return (satiation * np.log(held / satiation + 1.0)).sum(axis=1)
