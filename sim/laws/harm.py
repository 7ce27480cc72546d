"""Harm: how far arms for a state count as harm to its rivals.

Whole:      betrayal_ij = sum_k r_ik flow_jk / B_k
Departure:  betrayal_ij = (1 - d f_ij) sum_k r_ik max(0, flow_jk - w_jk) / B_k
            w_jk <- max(0, w_jk - flow_jk) exp(-dt / m) + h u_jk m (1 - exp(-dt / m))

The departure from usual deliveries counts. u_jk is the value that j has delivered to k a year, as k
remembers it, and w_jk the part of it that has not been used up. As long as deliveries keep to their
habit, even in lumps, no state takes offence. So the long-standing patron of both sides is not a
traitor on the day a dispute begins; w starts as a year's worth. A state that depends on j for its
own arms, by the share f_ij of its remembered imports, cannot afford to mind. Regard and grievance
follow the harm that counts; consent, norm and objection look ahead, and weigh the sale itself.

Sources: kahneman1979 (losses are felt from a reference point, the level that one is used to),
hirschman1945 (dependence). The form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


class HarmLaw(Protocol):
    """The methods of every variant of harm."""

    looks_back: ClassVar[bool]

    def fresh(self, *, flow: Elementwise, unused: Elementwise) -> Elementwise:
        """Return the part of a delivery beyond usual deliveries, million USD."""

    def minded(self, *, dependence: Elementwise) -> Elementwise:
        """Return the share of harm, 0 to 1, at which a state takes offence."""

    def kept(
        self, *, flow: Elementwise, unused: Elementwise, usual: Elementwise, dt: float
    ) -> Elementwise:
        """Return the unused part of usual deliveries after a period, million USD."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WholeHarm:
    """All arms for a rival are harm, however long they have been delivered."""

    looks_back: ClassVar[bool] = False  # whether usual deliveries count

    def fresh(
        self,
        *,
        flow: Elementwise,  # million USD
        **_: Elementwise,
    ) -> Elementwise:
        """Return the part of a delivery beyond usual deliveries, million USD: all of it."""
        return flow

    def minded(self, *, dependence: Elementwise) -> Elementwise:
        """Return the share of harm, 0 to 1, at which a state takes offence: all of it."""
        return 1.0 + 0.0 * dependence

    def kept(
        self,
        *,
        unused: Elementwise,  # million USD
        dt: float,  # years
        **_: Elementwise,
    ) -> Elementwise:
        """Return the unused part of usual deliveries after a period: unchanged."""
        del dt
        return unused


@dataclass(frozen=True, kw_only=True, eq=False)
class DepartureFromHabit:
    """Arms for a rival are harm if they exceed usual deliveries; dependents take less offence."""

    looks_back: ClassVar[bool] = True

    habit: Coefficient = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="kahneman1979",
        doc="Share of usual deliveries that cause no offence, h.",
    )
    by_dependence: Coefficient = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of harm overlooked by a state that has all its arms from the supplier, d.",
    )
    memory: Coefficient = parameter(
        5.0,
        unit="years",
        low=1.0,
        high=15.0,
        source="assumed",
        doc="Years over which unused usual deliveries fade to 37 %, m.",
    )

    def fresh(
        self,
        *,
        flow: Elementwise,  # of j to k in the period, million USD
        unused: Elementwise,  # w_jk, million USD
    ) -> Elementwise:
        """Return the part of a delivery beyond usual deliveries, million USD."""
        return np.maximum(flow - unused, 0.0)

    def minded(
        self,
        *,
        dependence: Elementwise,  # f_ij, 0 to 1
    ) -> Elementwise:
        """Return the share of harm, 0 to 1, at which a state takes offence."""
        return 1 - self.by_dependence * dependence

    def kept(
        self,
        *,
        flow: Elementwise,  # million USD
        unused: Elementwise,  # w_jk, million USD
        usual: Elementwise,  # u_jk, million USD a year
        dt: float,  # years
    ) -> Elementwise:
        """Return the unused part of usual deliveries after a period, million USD."""
        fade = np.exp(-dt / self.memory)
        return np.maximum(unused - flow, 0.0) * fade + self.habit * usual * (
            self.memory * (1 - fade)
        )


VARIANTS: Mapping[str, type[HarmLaw]] = {"whole": WholeHarm, "departure": DepartureFromHabit}
