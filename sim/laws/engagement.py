"""Engagement: how far a member really takes part.

    V_ib = b_0 + b_sec protection_ib + b_rent y_ib + b_aff (0.6 a_il + 0.4 mean to the others)
           - b_griev g_ib - b_out exit_ib
    e_ib <- e_ib + (logistic(V_ib) - e_ib) (1 - exp(-dt / inertia))

protection is insecurity without the bloc minus with it.

Sources: snyder1984, olson1966 (side payments), hirschman1970 (exit); the form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.arrays import Elementwise, logistic, namespace
from sim.parameters import Setting, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Engagement:
    """Members take part for protection, terms and regard, less their grievance and options."""

    base: Setting = parameter(
        -0.3,
        unit="log odds",
        low=-3.0,
        high=2.0,
        source="assumed",
        doc="Log odds of taking part without any reason, b_0.",
    )
    by_protection: Setting = parameter(
        6.0,
        unit="log odds",
        low=0.0,
        high=20.0,
        source="assumed",
        doc="Effect of a point less of insecurity, b_sec.",
    )
    by_rent: Setting = parameter(
        0.6,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of preferential terms worth a year's import budget, b_rent.",
    )
    by_affinity: Setting = parameter(
        1.5,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of full regard for leader and members, b_aff.",
    )
    by_grievance: Setting = parameter(
        0.6,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of harm by fellow members, in years of the rival's budget, b_griev.",
    )
    by_exit: Setting = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a full exit option, b_out.",
    )
    inertia: Setting = parameter(
        2.0,
        unit="years",
        low=0.5,
        high=8.0,
        source="assumed",
        doc="Years over which engagement follows its worth.",
    )

    def terms(
        self,
        *,
        protection: Elementwise,  # points of insecurity
        rent: Elementwise,  # years of import budget
        regard: Elementwise,  # 0.6 a_il + 0.4 mean to the others
        grievance: Elementwise,  # years of the rival's import budget
        ways_out: Elementwise,  # exit_ib, 0 to 1
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of taking part, by reason."""
        xp = namespace(regard)
        return {
            "base": xp.zeros_like(regard) + self.base,
            "protection": self.by_protection * protection,
            "rent": self.by_rent * rent,
            "affinity": self.by_affinity * regard,
            "grievance": -self.by_grievance * grievance,
            "exit": -self.by_exit * ways_out,
        }

    def moved(self, *, engagement: Elementwise, worth: Elementwise, dt: float) -> Elementwise:
        """Return the engagement, 0 to 1, after dt years of following its worth (log odds)."""
        xp = namespace(worth)
        pace = -xp.expm1(xp.asarray(-dt / self.inertia))
        return engagement + (logistic(worth) - engagement) * pace
