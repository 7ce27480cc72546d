"""Threat: how menacing each state finds every rival.

Balance of threat:  T_ij = r_ji [omega win_ji near_ij + (1 - omega) X_ji (1 - X2_ij)]
Balance of power:   T_ij = win_ji near_ij, for a dispute of any size
                    near_ij = exp(-dist_ij / reach)

Walt names power, proximity, offence and intent and gives no formula; the form is our choice. The
strike part rises with the rival's reach and falls with one's own answer, so a rival's missile
makes every answer worth more.

Sources: walt1985 (the four factors), waltz1979 (power alone), boulding1962 (power fades with
distance).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


class ThreatLaw(Protocol):
    """The methods of every variant of the threat."""

    def near(self, *, distance: Elementwise) -> Elementwise:
        """Return the share of its strength, 0 to 1, that power keeps over a distance in km."""

    def threat(
        self,
        *,
        rivalry: Elementwise,
        win: Elementwise,
        exposure: Elementwise,
        second_strike: Elementwise,
        near: Elementwise,
    ) -> Elementwise:
        """Return the threat, 0 to 1, that a state perceives from its rival."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FadingPower:
    """Power fades with distance."""

    reach: Coefficient = parameter(
        3000.0,
        unit="km",
        low=500.0,
        high=20_000.0,
        source="assumed",
        doc="Distance over which power falls to 37 % of its strength at home.",
    )

    def near(self, *, distance: Elementwise) -> Elementwise:
        """Return the share of its strength, 0 to 1, that power keeps over a distance in km."""
        return np.exp(-distance / self.reach)


@dataclass(frozen=True, kw_only=True, eq=False)
class BalanceOfThreat(FadingPower):
    """States fear power that is near, offensive and ill-disposed."""

    power_weight: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.1,
        high=0.9,
        source="assumed",
        doc="Weight of power relative to offence, omega.",
    )

    def threat(
        self,
        *,
        rivalry: Elementwise,  # r_ji, dispute of the rival, 0 to 1
        win: Elementwise,  # probability that the rival wins, 0 to 1
        exposure: Elementwise,  # share of one's asset value that the rival can destroy
        second_strike: Elementwise,  # share of the rival's that one can destroy after its strike
        near: Elementwise,  # share of its strength that power keeps over the distance, 0 to 1
    ) -> Elementwise:
        """Return the threat, 0 to 1, that a state perceives from its rival."""
        offence = exposure * (1 - second_strike)
        power = win * (self.power_weight * near)
        return rivalry * (power + (1 - self.power_weight) * offence)


@dataclass(frozen=True, kw_only=True, eq=False)
class BalanceOfPower(FadingPower):
    """States fear the power of nearby rivals, however small the dispute with them."""

    def threat(
        self,
        *,
        rivalry: Elementwise,  # for its shape: intent does not count
        win: Elementwise,  # probability that the rival wins, 0 to 1
        near: Elementwise,  # share of its strength that power keeps over the distance, 0 to 1
        **_: Elementwise,
    ) -> Elementwise:
        """Return the threat, 0 to 1, that a state perceives from its rival."""
        return (rivalry >= 0) * win * near


VARIANTS: Mapping[str, type[ThreatLaw]] = {
    "balance_of_threat": BalanceOfThreat,
    "balance_of_power": BalanceOfPower,
}
