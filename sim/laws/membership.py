"""Membership: formal exit, and the ladder of disengagement before it.

    exit hazard = rate exp(-e_ib / scale)
    stages, read off engagement: skip drills, refuse to host, freeze, stop paying, announce exit

Membership is sticky, content is not.

Sources: leedssavun2007 (why treaties are terminated); thresholds
and hazard are assumed, only the order and the timing of the stages are evidence.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter

STAGES = ("full", "skips drills", "refuses to host", "frozen", "stops paying", "announces exit")
FROZEN = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Membership:
    """Members leave formally only when nothing is left of their membership."""

    exit_rate: Coefficient = parameter(
        0.2,
        unit="1/year",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Hazard of formal exit at zero engagement.",
    )
    exit_scale: Coefficient = parameter(
        0.05,
        unit="1",
        low=0.01,
        high=0.2,
        source="assumed",
        doc="Engagement over which the hazard falls to 37 %.",
    )
    skips: Coefficient = parameter(
        0.45,
        unit="1",
        low=0.30,
        high=0.7,
        source="assumed",
        doc="Engagement below which a member skips drills.",
    )
    step: Coefficient = parameter(
        0.08,
        unit="1",
        low=0.02,
        high=0.15,
        source="assumed",
        doc="Engagement from each stage of the ladder to the next.",
    )

    def hazard(self, *, engagement: Elementwise) -> Elementwise:
        """Return the hazard of formal exit, a year."""
        return self.exit_rate * np.exp(-engagement / self.exit_scale)

    def stage(self, *, engagement: Elementwise) -> Elementwise:
        """Return the stage of the ladder, 0 (full) to 5 (announces exit)."""
        below = (self.skips - engagement) / self.step
        return np.where(below > 0, np.minimum(np.floor(below) + 1, len(STAGES) - 1), 0.0)
