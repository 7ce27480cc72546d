"""Strike: the share of another state's asset value that a state could destroy.

    hits_iv = sum_w n_iw rounds_w reliability_w charge_w [1 - 2^-((radius_v / CEP_w)^2)]
              [range_w >= dist_iv] value_v exp(-defence_j / defence_scale)
    charge_w = (payload_w / charge_scale)^(2/3)
    X_ij = sum_v value_v (1 - exp(-hits_iv / hardness_v))

Fire is spread over the assets by their value. Without the charge a hundred small munitions
would drown every missile. A system without CEP has no strike role.

Sources: przemieniecki2000 (single-shot probability from the CEP; blast area with the power
2/3 of the charge); the exponential saturation and the effect of defence are assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Strike:
    """Range, accuracy and charge turn munitions into hits; air defence reduces them."""

    charge_scale: Coefficient = parameter(
        500.0,
        unit="kg",
        low=100.0,
        high=1000.0,
        source="assumed",
        doc="Payload whose effect counts as one.",
    )
    defence_scale: Coefficient = parameter(
        400.0,
        unit="TIV",
        low=50.0,
        high=2000.0,
        source="assumed",
        doc="Air defence that 37 % of the munitions penetrate.",
    )

    def yields(
        self,
        *,
        rounds: Elementwise,  # munitions a unit
        reliability: Elementwise,  # 0 to 1
        payload: Elementwise,  # kg
        cep: Elementwise,  # m; 0 for no strike role
        reach: Elementwise,  # range_w, km
        distance: Elementwise,  # km
        radius: Elementwise,  # m
    ) -> Elementwise:
        """Return the hits on an asset by one unit of a system, before defence and allocation."""
        role = (cep > 0) & (reach >= distance)
        charge = (payload / self.charge_scale) ** (2 / 3)
        accuracy = 1 - 2.0 ** -((radius / np.maximum(cep, 1.0)) ** 2)
        return np.where(role, rounds * reliability * charge * accuracy, 0.0)

    def passing(self, *, defence: Elementwise) -> Elementwise:
        """Return the share of munitions, 0 to 1, that penetrate an air defence (TIV)."""
        return np.exp(-defence / self.defence_scale)

    def destroyed(
        self,
        *,
        hits: Elementwise,
        value: Elementwise,  # share of the owner's asset value
        hardness: Elementwise,  # hits
    ) -> Elementwise:
        """Return the share of the owner's asset value that is lost with an asset, 0 to 1."""
        left = np.exp(hits * (-1 / hardness))
        return value - left * value
