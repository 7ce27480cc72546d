"""Deterrence: what an attack would gain, net of what it would cost.

    A_ji = r_ji win_ji - lambda X2_ij - A0,   margin_ij = -A_ji

Denial works through `win`, punishment through the second strike.

Source: snyder1961 (denial and punishment).
"""

from dataclasses import dataclass

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Deterrence:
    """An attack must promise more than the punishment and the cost of any war."""

    punishment: Coefficient = parameter(
        1.0,
        unit="1",
        low=0.2,
        high=4.0,
        source="assumed",
        doc="Weight of one's own losses by a second strike against the whole prize.",
    )
    threshold: Coefficient = parameter(
        0.55,
        unit="1",
        low=0.0,
        high=0.8,
        source="assumed",
        doc="Cost of any war, as a share of the whole prize.",
    )

    def gain(
        self,
        *,
        rivalry: Elementwise,  # r of the attacker, 0 to 1
        win: Elementwise,  # chance that the attacker prevails, 0 to 1
        second_strike: Elementwise,  # of the attacked, 0 to 1
    ) -> Elementwise:
        """Return the attacker's net gain of attack; the margin of the attacked is its negative."""
        return rivalry * win - self.punishment * second_strike - self.threshold
