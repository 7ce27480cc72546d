"""Deterrence: what an attack would gain, net of what it would cost.

    A_ji = r_ji win_ji - lambda X2_ij - A0 + sigma D_ji,   margin_ij = -A_ji

Denial works through `win`, punishment through the second strike. D_ji is what j would lose by
waiting: the fall of its own gain r_ji win_ji - lambda X2_ij, if any, when what both have under way
has come. Nobody can promise not to use the strength that comes, so that an attack now is worth
that much more. A shift that is years away counts like one of tomorrow.

Sources: snyder1961 (denial and punishment), levy1987 (preventive motivation), fearon1995 (shifts of
power that nobody can commit not to use), debs2014 (attacks on what will come). Off unless a
scenario switches it on: the cost A0 of any war was set without it.
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

    by_shift: Coefficient = parameter(
        0.0,
        unit="1",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Weight of what waiting would cost the attacker against the whole prize, sigma.",
        off=True,
    )

    def gain(
        self,
        *,
        rivalry: Elementwise,  # r of the attacker, 0 to 1
        win: Elementwise,  # chance that the attacker prevails, 0 to 1
        second_strike: Elementwise,  # of the attacked, 0 to 1
        shift: Elementwise,  # D, what the attacker would lose by waiting
    ) -> Elementwise:
        """Return the attacker's net gain of attack; the margin of the attacked is its negative."""
        now = rivalry * win - self.punishment * second_strike - self.threshold
        return now + self.by_shift * shift
