"""Affinity: regard moves with the acts of the other.

    a_ij <- a_ij + x (1 - a_ij) - y (1 + a_ij)
    x = 1 - exp(-g_s flow_ji / B_i),  y = 1 - exp(-g_b m_ij sum_k r_ik flow_jk / B_k)
    m_ij = fellow for fellow members, else 1
    a_si <- a_si + (1 - a_si) (1 - exp(-g_p flow_si / export_scale_s)),  s the supplier
    a_ij <- a_ij - (1 + a_ij) (1 - exp(-g_c sum_b c_b sum_k r_ik flow_kj / B_j))
    da_ij/dt = balance (1 - a_ij^2) sum_k a_ik a_kj / (sum_k |a_ik a_kj| + 0.1)
    da_ij/dt = (base_ij - a_ij) / memory,   grudge times slower where a_ij < base_ij

flow is the listed value of deliveries in the period. They raise the regard of the buyer for its
supplier, and that of the supplier for a buyer on which its exporters depend. In a bloc b with a
custom, weight c_b, they lower the regard of a member i for a fellow member j that buys from i's
rival k, outside the bloc: a purchase of arms shows which side a state is on.
The exponentials keep the affinity within -1 to 1 for any flow.

Harm is forgotten more slowly than favours are. A change by an event is forgotten, too, but for the
share of it that is `lasting`: the base moves by that share, and a quarrel does not heal by itself.

Sources: heider1946 (balance), kulakowski2005 (the factor 1 - a^2), marvel2011; a plain mean
over k would vanish with the number of states, so the sum is divided by its size; johnson2019
(states weigh and remember the bad more than the good); snyder1984 and morrow1991 (ties to an ally's
adversary are signs of realignment, arms the more since they cost autonomy); goertz1995 (political
shocks end or begin what had lasted).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Dyadic, Elementwise, contract
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class DyadicAffinity:
    """Deliveries raise regard, arms for a rival lower it; third parties have no effect."""

    by_supply: Coefficient = parameter(
        0.05,
        unit="1/year of budget",
        low=0.0,
        high=0.3,
        source="assumed",
        doc="Pull of a year's import budget in deliveries, g_s.",
    )
    by_betrayal: Coefficient = parameter(
        0.10,
        unit="1/year of budget",
        low=0.0,
        high=0.6,
        source="assumed",
        doc="Push of a year's import budget delivered to a full rival, g_b.",
    )
    fellow: Coefficient = parameter(
        2.0,
        unit="1",
        low=1.0,
        high=5.0,
        source="assumed",
        doc="Factor by which harm by a fellow member counts more.",
    )
    by_purchase: Coefficient = parameter(
        0.0,
        unit="1/sale noticed",
        low=0.0,
        high=0.1,
        off=True,
        source="assumed",
        doc="Pull of a purchase of the supplier's export scale on the supplier's regard, g_p.",
    )
    by_custom: Coefficient = parameter(
        0.2,
        unit="1/year of budget",
        low=0.0,
        high=1.2,
        source="assumed",
        doc="Push of a year's import budget spent with a full rival of a fellow member, g_c; "
        "equal to that of arms supplied to a rival by a fellow member.",
    )
    memory: Coefficient = parameter(
        8.0,
        unit="years",
        low=2.0,
        high=30.0,
        source="assumed",
        doc="Years over which a departure from the base falls to 37 %.",
    )
    grudge: Coefficient = parameter(
        2.0,
        unit="1",
        low=1.0,
        high=5.0,
        source="assumed",
        doc="Factor by which regard below its base returns more slowly.",
    )

    def moved(
        self,
        *,
        affinity: Elementwise,  # a_ij, -1 to 1
        supply: Elementwise,  # flow_ji / B_i, years of budget
        betrayal: Elementwise,  # sum_k r_ik flow_jk / B_k
        fellow: Elementwise,  # 1 for fellow members of a bloc
    ) -> Elementwise:
        """Return the affinity, -1 to 1, after the deliveries of a period."""
        weight = self.by_betrayal * (1 + (self.fellow - 1) * fellow)
        x = -np.expm1(-self.by_supply * supply)
        y = -np.expm1(-weight * betrayal)
        return affinity + (x * (1 - affinity) - y * (1 + affinity))

    def courted(
        self,
        *,
        affinity: Elementwise,  # a_si, -1 to 1
        purchase: Elementwise,  # flow_si / export_scale_s, in units of the supplier's export scale
    ) -> Elementwise:
        """Return the affinity, -1 to 1, of a supplier after the purchases of a period."""
        return affinity - np.expm1(-self.by_purchase * purchase) * (1 - affinity)

    def offended(
        self,
        *,
        affinity: Elementwise,  # a_ij, -1 to 1
        custom: Elementwise,  # sum_b c_b sum_k r_ik flow_kj / B_j
    ) -> Elementwise:
        """Return the affinity, -1 to 1, after a fellow member's purchases from rivals."""
        return affinity + np.expm1(-self.by_custom * custom) * (1 + affinity)

    def pull(self, *, affinity: Dyadic) -> Dyadic:
        """Return the pull of third parties on each affinity, a year: none."""
        return np.zeros_like(affinity)

    def drifted(
        self,
        *,
        affinity: Elementwise,  # a_ij, -1 to 1
        base: Elementwise,  # -1 to 1
        pull: Elementwise,  # of third parties, a year
        dt: float,  # years
    ) -> Elementwise:
        """Return the affinity, -1 to 1, after dt years of third parties and memory."""
        away = base - affinity
        up, down = (-np.expm1(-dt / self.memory / n) for n in (self.grudge, 1.0))
        moved = away * np.where(away > 0, up, down) + pull * dt
        return np.clip(affinity + moved, -1.0, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class BalancedAffinity(DyadicAffinity):
    """As dyadic, with structural balance: friends of friends become friends."""

    balance: Coefficient = parameter(
        0.03,
        unit="1/year",
        low=0.0,
        high=0.3,
        source="assumed",
        doc="Pull towards structural balance.",
    )

    def pull(self, *, affinity: Dyadic) -> Dyadic:
        """Return the pull of balance on each affinity, a year."""
        size = abs(affinity)
        mean = contract(affinity, affinity) / (contract(size, size) + 0.1)
        return mean * (self.balance - self.balance * (affinity * affinity))


VARIANTS: Mapping[str, type[DyadicAffinity]] = {
    "balance": BalancedAffinity,
    "dyadic": DyadicAffinity,
}
