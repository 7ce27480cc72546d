"""Insecurity: the one measure of need.

    insecurity_i = sum_j T_ij + r_0 S_0 / (S_0 + S_i)

The last term is a diffuse need of states without rivals; S_0 is the strength of the median
neighbour. Without it the bloc would move no arms at all. Where neither has any strength there
is no such need.

Source: walt1985 (threats add up); the diffuse need is assumed.
"""

from dataclasses import dataclass

from sim.kernel.arrays import Elementwise, share
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Insecurity:
    """Threats add up; a state weaker than its neighbours needs arms even without a rival."""

    diffuse: Coefficient = parameter(
        0.15,
        unit="1",
        low=0.0,
        high=0.6,
        source="assumed",
        doc="Need of a state without rivals that is far weaker than its neighbours, r_0.",
    )

    def insecurity(
        self,
        *,
        threat: Elementwise,  # sum of a state's threats
        neighbour: Elementwise,  # S_0, strength of the median neighbour, TIV
        strength: Elementwise,  # TIV
    ) -> Elementwise:
        """Return the insecurity of a state, 0 upwards."""
        return threat + share(self.diffuse * neighbour, neighbour + strength, nothing=0.0)
