"""Counterforce: the launchers of the other that survive a first strike.

    X2_ij counts n_iw (1 - find_j counterforce_ji)
    counterforce_ji = H_ji / (H_ji + kappa_f sum_w n_iw)

H_ji are j's effective rounds in reach of i: for each of i's assets those that reach it, weighted
by its value. The strike hunts launchers, n_iw. Mobile launchers are hard to find, so `find` is
small, and with it the part of a deterrent that a first strike can take away. Where there are
neither rounds nor launchers, all survive.

Sources: snyder1961 (survival of the means of punishment); wohlstetter1959 (vulnerability to a
first strike decides whether a deterrent holds). The form is assumed.
"""

from dataclasses import dataclass

from sim.kernel.arrays import TINY, Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Counterforce:
    """A first strike destroys only launchers that it finds."""

    rounds_needed: Coefficient = parameter(
        5.0,
        unit="rounds",
        low=0.5,
        high=50.0,
        source="assumed",
        doc="Effective rounds that destroy half of the launchers that can be found, kappa_f.",
    )

    def surviving(
        self,
        *,
        find: Elementwise,  # of the attacker j, 0 to 1
        rounds_in_reach: Elementwise,  # H_ji, effective rounds
        launchers: Elementwise,  # sum over w of n_iw, units with a strike role
    ) -> Elementwise:
        """Return the share, 0 to 1, of i's strike systems that survive j's first strike."""
        needed = self.rounds_needed * launchers + TINY + rounds_in_reach
        return 1.0 - (find * rounds_in_reach) / needed
