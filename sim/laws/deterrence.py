"""Deterrence: the gain of an attack, net of its cost.

    Standard:    A_ji = r_ji win_ji - lambda X2_ij - A0
    Preventive:  A_ji = r_ji win_ji - lambda X2_ij - A0 + sigma D_ji
    margin_ij = -A_ji

Denial works through `win`, punishment through the second strike. D_ji is the loss of j by waiting:
the fall of its own gain r_ji win_ji - lambda X2_ij, if any, once the orders of both have come. A
state cannot promise not to use the strength that comes, so that an attack now is worth that much
more. A shift that is years away counts like one of tomorrow.

Sources: snyder1961 (denial and punishment), levy1987 (preventive motivation), fearon1995 (shifts of
power that a state cannot commit not to use), debs2014 (attacks that forestall arms to come).
Preventive only where a scenario says so: the cost A0 of any war was set without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Deterrence:
    """An attack must gain more than the punishment and the cost of a war."""

    foresees: ClassVar[bool] = False  # whether it needs the cost of waiting

    punishment: Coefficient = parameter(
        1.0,
        unit="1",
        low=0.2,
        high=4.0,
        source="assumed",
        doc="Weight of own losses by a second strike relative to the whole prize.",
    )
    threshold: Coefficient = parameter(
        0.55,
        unit="1",
        low=0.0,
        high=1.0,
        usual=(0.0, 0.8),
        source="assumed",
        doc="Cost of a war, as a share of the whole prize.",
    )

    def gain(
        self,
        *,
        rivalry: Elementwise,  # r of the attacker, 0 to 1
        win: Elementwise,  # probability that the attacker wins, 0 to 1
        second_strike: Elementwise,  # of the attacked, 0 to 1
        **_: Elementwise,
    ) -> Elementwise:
        """Return the attacker's net gain of attack; the margin of the attacked is its negative."""
        return rivalry * win - self.punishment * second_strike - self.threshold


@dataclass(frozen=True, kw_only=True, eq=False)
class PreventiveDeterrence(Deterrence):
    """The cost of waiting adds to the gain of an attack today."""

    foresees: ClassVar[bool] = True

    by_shift: Coefficient = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Weight of the attacker's cost of waiting relative to the whole prize, sigma.",
    )

    def gain(
        self,
        *,
        rivalry: Elementwise,  # r of the attacker, 0 to 1
        win: Elementwise,  # probability that the attacker wins, 0 to 1
        second_strike: Elementwise,  # of the attacked, 0 to 1
        shift: Elementwise = 0.0,  # D, the attacker's loss from waiting
        **_: Elementwise,
    ) -> Elementwise:
        """Return the attacker's net gain of attack; the margin of the attacked is its negative."""
        now = super().gain(rivalry=rivalry, win=win, second_strike=second_strike)
        return now + self.by_shift * shift


VARIANTS: Mapping[str, type[Deterrence]] = {
    "standard": Deterrence,
    "preventive": PreventiveDeterrence,
}
