"""Engagement: how far a member really takes part.

    V_ib = b_0 + b_sec protection_ib + b_rent ln(1 + y_ib) + b_aff (w a_il + (1 - w) mean_k a_ik)
           + b_rec (2 q_ib - 1) - b_griev ln(1 + g_ib) - b_out exit_ib,   k in b, not i, l
    e_ib <- e_ib + (logistic(V_ib) - e_ib) (1 - exp(-dt / inertia))

The engagement of the leader is 1. Without members other than i and l the mean over k is 0.

protection is insecurity without the bloc minus with it. Members give as they expect to receive:
those that are sure of the bloc's aid (q_ib = 1) take part more, those that expect none less. Both
terms and harm count less the more of them there was: the first year of import budget ln 2, the
tenth ln(11/10). b_rent and b_griev start where terms and harm weigh as much for Armenia at the
vantage of 2017 (1.7 and 1.3 years) as they did when they counted in proportion (0.6 a year); that
harm then weighs a little less than terms is not loss aversion.

Mutual:  protection_ib and ln(1 + y_ib) count exp(h (s_ib - 1)) times, protection (1 - r_li) times
         of that, and V_ib loses b_with (w T_il + (1 - w) sum_k T_ik)
         s_ib = w a_li + (1 - w) mean_k a_ki

The benefits of a bloc are given by others. They count in full for a member that all regard fully,
and the less, the lower its standing with them, s_ib (at most w beside a leader alone). A leader
that is at odds with a member (r_li) does not protect it, and threats by fellow members (T_ik) do
not bind it to them. Protection goes by the regard of helpers already (`support`): here that counts
twice.

Sources: snyder1984, olson1966 (side payments), hirschman1970 (exit), keohane1986 (reciprocity
among states), kahneman1979 (sensitivity to gains and losses falls with their size), weitsman2004
(threats from within an alliance; that a mild one tethers members to it is left out), pressman2008
(allies withhold benefits from an ally that offends); the form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise, logistic
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Engagement:
    """Members take part for protection, terms, regard and trust, less grievance and options."""

    mutual: ClassVar[bool] = False  # whether it needs the others' regard for a member

    base: Coefficient = parameter(
        -0.3,
        unit="log odds",
        low=-3.0,
        high=2.0,
        source="assumed",
        doc="Baseline log odds of taking part, b_0.",
    )
    by_protection: Coefficient = parameter(
        6.0,
        unit="log odds",
        low=0.0,
        high=20.0,
        source="assumed",
        doc="Effect of a point less of insecurity, b_sec.",
    )
    by_rent: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of the log of preferential terms, in years of import budget, b_rent.",
    )
    by_affinity: Coefficient = parameter(
        1.5,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of full regard for leader and members, b_aff.",
    )
    by_grievance: Coefficient = parameter(
        0.9,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of the log of harm by fellow members, in years of the rival's budget, b_griev.",
    )
    by_belief: Coefficient = parameter(
        1.5,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of being sure of the bloc's aid, relative to even odds, b_rec.",
    )
    by_exit: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a full exit option, b_out.",
    )
    leader_share: Coefficient = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Weight of regard for the leader relative to that for the other members, w.",
    )
    inertia: Coefficient = parameter(
        2.0,
        unit="years",
        low=0.5,
        high=8.0,
        source="assumed",
        doc="Years over which the gap between engagement and its target falls to 37 %.",
    )

    def terms(
        self,
        *,
        protection: Elementwise,  # points of insecurity
        rent: Elementwise,  # years of import budget
        regard: Elementwise,  # for leader and members, -1 to 1
        belief: Elementwise,  # q_ib, 0 to 1
        grievance: Elementwise,  # years of the rival's import budget
        ways_out: Elementwise,  # exit_ib, 0 to 1
        **_: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of taking part, by reason."""
        return {
            "base": np.zeros_like(regard) + self.base,
            "protection": self.by_protection * protection,
            "rent": self.by_rent * np.log1p(rent),
            "affinity": self.by_affinity * regard,
            "belief": self.by_belief * (2 * belief - 1),
            "grievance": -self.by_grievance * np.log1p(grievance),
            "exit": -self.by_exit * ways_out,
        }

    def regard(self, *, leader: Elementwise, others: Elementwise) -> Elementwise:
        """Return a member's regard, -1 to 1, for its bloc, from that for leader and others."""
        return self.leader_share * leader + (1 - self.leader_share) * others

    def moved(self, *, engagement: Elementwise, worth: Elementwise, dt: float) -> Elementwise:
        """Return the engagement, 0 to 1, after dt years of approaching its target (log odds)."""
        pace = -np.expm1(-dt / self.inertia)
        return engagement + (logistic(worth) - engagement) * pace


@dataclass(frozen=True, kw_only=True, eq=False)
class MutualEngagement(Engagement):
    """As standard, but benefits depend on the others' regard, and threats from within count."""

    mutual: ClassVar[bool] = True

    by_standing: Coefficient = parameter(
        1.0,
        unit="1/point of regard",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="How fast a member's benefits fall with the others' regard for it, h.",
    )
    by_within: Coefficient = parameter(
        3.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Effect of a point of threat by leader and fellow members, b_with.",
    )

    def terms(
        self,
        *,
        standing: Elementwise = 1.0,  # s_ib, -1 to 1
        dispute: Elementwise = 0.0,  # r_li, dispute of the leader with it, 0 to 1
        within: Elementwise = 0.0,  # threat by leader and fellow members, points
        **case: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of taking part, by reason."""
        given, terms = np.exp(self.by_standing * (standing - 1)), super().terms(**case)
        return {
            **terms,
            "protection": terms["protection"] * given * (1 - dispute),
            "rent": terms["rent"] * given,
            "within": 0.0 * terms["rent"] - self.by_within * within,
        }


VARIANTS: Mapping[str, type[Engagement]] = {"standard": Engagement, "mutual": MutualEngagement}
