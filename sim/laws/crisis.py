"""Crisis: incidents between rivals, and which of them become wars.

At most one incident per unordered pair and period, at rate eta max(r_ij, r_ji); none while the two
are at war. It becomes a war, begun by the side with the larger net gain A, with probability
logistic(kappa A).

Sources: snyder1961 (attack as a net gain); the rates are assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, logistic
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Crisis:
    """Rivals clash by accident; war depends on the net gain of an attack."""

    incidents: Coefficient = parameter(
        0.5,
        unit="1/year",
        low=0.0,
        high=4.0,
        usual=(0.1, 4.0),
        source="assumed",
        doc="Incidents a year between full rivals, eta; at 0 there are only those of events.",
    )
    calculation: Coefficient = parameter(
        12.0,
        unit="1",
        low=2.0,
        high=25.0,
        source="assumed",
        doc="How strictly war follows the net gain of attack, kappa.",
    )

    def rate(self, *, rivalry: Elementwise, rivalry_back: Elementwise) -> Elementwise:
        """Return incidents a year between two rivals."""
        return self.incidents * np.maximum(rivalry, rivalry_back)

    def escalation(self, *, gain: Elementwise) -> Elementwise:
        """Return the probability, 0 to 1, that an incident becomes a war."""
        return logistic(self.calculation * gain)
