"""Commerce: the worth of trade, its loss by a sanction, and the response of the state that is hit.

    l_ij = epsilon t_ij max(s_ij, s_ji) (1 - w_ij)
    w_ij <- w_ij + (w* - w_ij) (1 - exp(-dt / detour)),  w* = elsewhere while any is cut, else 0
    Y_i <- Y_i exp(L_i before - L_i),  L_i = sum_j l_ij
    harm_ij = h epsilon t_ij s_ji (1 - w_ij) Y_i dt / B_i

t_ij is the share of i's output that its trade with j, or through j, makes; s_ji is the share of
that trade which j cuts off. The state that cuts loses its own part, too. Trade finds other ways
with time, w. When a sanction ends, trade comes back at once. Harm is measured in years of i's
import budget, as arms for a rival are. It has the same effects: on the regard of i for j, and on
its grievance where both are fellow members.

Sources: frankel1999 (trade adds to income: half a percent and more for each point of its share in
output), early2015 (third states take over the trade that is cut), drezner1999 (sanctions cost both
sides, and adversaries concede less to them than allies), hirschman1945 (a state that trades more
with another than the other with it depends on it). The forms are assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Commerce:
    """Cut trade costs both sides output until it is diverted, and embitters the target."""

    worth: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=2.0,
        source="frankel1999",
        doc="Log of output lost per share of output whose trade is cut, epsilon.",
    )
    detour: Coefficient = parameter(
        1.0,
        unit="years",
        low=0.1,
        high=10.0,
        source="assumed",
        doc="Years in which the part of cut trade that is not yet diverted falls to 37 %.",
    )
    elsewhere: Coefficient = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=1.0,
        source="early2015",
        doc="Share of cut trade that is diverted in the end.",
    )
    as_harm: Coefficient = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Weight of losses by sanctions relative to the same sum in arms for a full rival, h.",
    )

    def lost(
        self,
        *,
        trade: Elementwise,  # t_ij, share of output
        imposed: Elementwise,  # s_ji, share of the trade that the other cuts, 0 to 1
        own: Elementwise,  # s_ij, that it cuts itself
        rerouted: Elementwise,  # w_ij, 0 to 1
    ) -> Elementwise:
        """Return the log of output that a state loses by cut trade with another, 0 upwards."""
        return self.worth * trade * np.maximum(imposed, own) * (1 - rerouted)

    def rerouted(
        self,
        *,
        rerouted: Elementwise,  # w_ij, 0 to 1
        imposed: Elementwise,  # s_ji, 0 to 1
        own: Elementwise,  # s_ij
        dt: float,  # years
    ) -> Elementwise:
        """Return the share of cut trade, 0 to 1, that is diverted after dt years."""
        cut = np.maximum(imposed, own) > 0
        moved = rerouted + (rerouted - self.elsewhere) * np.expm1(-dt / self.detour)
        return np.where(cut, moved, 0.0)

    def gdp(
        self,
        *,
        gdp: Elementwise,  # Y_i, million USD
        loss: Elementwise,  # L_i, log of output
        loss_before: Elementwise,  # the same a period ago
    ) -> Elementwise:
        """Return each state's GDP after trade was cut or returned, million USD."""
        return gdp * np.exp(loss_before - loss)

    def harm(
        self,
        *,
        trade: Elementwise,  # t_ij, share of output
        imposed: Elementwise,  # s_ji, 0 to 1
        rerouted: Elementwise,  # w_ij, 0 to 1
        gdp: Elementwise,  # Y_i, million USD
        budget: Elementwise,  # B_i, million USD a year
        dt: float,  # years
    ) -> Elementwise:
        """Return the harm of a period to the target, years of its import budget, 0 upwards."""
        lost = self.worth * trade * imposed * (1 - rerouted)
        return self.as_harm * lost * gdp * dt / budget
