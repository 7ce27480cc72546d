"""Patronage: the preferential terms that a leader grants each member.

Fixed:     preference_mb = preference_b
Adaptive:  preference_mb = preference_b + generosity max(0, e* - e_mb), at most 0.9

preference_b is the member's own where its bloc names one (`preferences`, and `credits` for
loans); a member that is shut out gets nothing. Gifts of a leader to a member count as its terms do,
in years of the member's import budget: discounts and the gift in credits as arms come, grants, the
pay for a base and other aid as they are given.

Sources: the pricing rule of the CSTO of 2007; olson1966 (the leader pays for the bloc). The
adaptive form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedPatronage:
    """Every member gets the same terms; rents are remembered for some years."""

    memory: Coefficient = parameter(
        4.0,
        unit="years",
        low=1.0,
        high=10.0,
        source="assumed",
        doc="Years over which a rent, or a grievance, falls to 37 %.",
    )

    def preference(self, *, preference: Elementwise, engagement: Elementwise) -> Elementwise:
        """Return the discount, 0 to 1, that the leader grants each member."""
        return preference + 0.0 * engagement


@dataclass(frozen=True, kw_only=True, eq=False)
class AdaptivePatronage(FixedPatronage):
    """The leader pays more to members that drift away."""

    generosity: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Rise of the discount per missing point of engagement.",
    )
    expected: Coefficient = parameter(
        0.6,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Engagement that the leader expects, e*.",
    )

    def preference(self, *, preference: Elementwise, engagement: Elementwise) -> Elementwise:
        """Return the discount, 0 to 0.9, that the leader grants each member."""
        missing = np.maximum(0.0, self.expected - engagement)
        return np.minimum(0.9, preference + self.generosity * missing)


VARIANTS: Mapping[str, type[FixedPatronage]] = {
    "fixed": FixedPatronage,
    "adaptive": AdaptivePatronage,
}
