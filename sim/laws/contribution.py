"""Contribution: whether a member bears a burden that its bloc asks for, and what a refusal means.

    U_i  = c_0 + c_a (w a_il + (1 - w) mean_k a_ik) + c_g gain_ib - c_c cost - c_t a_it
           + c_l resolve v_il
    P(i contributes) = logistic(U_i)
    refused:  a_ji <- a_ji - (1 + a_ji) (1 - exp(-offence worth)),   j a fellow member
              g_jb <- g_jb + aggrieved worth

A base, ships, a contribution or a vote is asked by the leader for the bloc and given or refused, as
a sale is. A member gives for those that it regards, and for its gain from the bloc: the weight of
protection and terms in the worth of taking part (`engagement`). The cost, in years of its military
spending, speaks against it, and so does regard for a state t against which the burden is directed.
The member foresees the leader's answer: the terms that it remembers, v_il = ln(1 + y_ib)
(`leverage`), times the resolve. So terms count twice, as what a member has and as what it would
lose.

Fellow members resent a refusal like a harm. Its size is `worth`, the value of the burden to each of
them, in years of import budget. With the chance `resolve` the leader ends its terms until the
member bears a burden again, at the cost that `leverage` gives. A bloc that judges its members
(`discipline`) uses the regard that is left. There is no objection: a refusal can be neither stalled
nor blocked.

Two terms are left out, since they had no effect in trials: thanks for a burden that is borne, and
the share of the members' output, by which the small leave burdens to the great (olson1966). If the
leader, which is not asked, has most of the output, the shares of the others are all small.

Sources: snyder1984 (burdens are a price of not being abandoned; ties to the adversary, and fear of
entrapment, speak against), pressman2008 (a leader holds a member by the benefits that it may
withhold). The form and the sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Contribution:
    """Members contribute because of regard, gain and fear of losing the leader's terms."""

    base: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=-5.0,
        high=20.0,  # all but certain, for a hypothesis
        usual=(-3.0, 5.0),
        source="assumed",
        doc="Baseline log odds of contributing, c_0.",
    )
    by_regard: Coefficient = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of full regard for leader and members, c_a.",
    )
    by_gain: Coefficient = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Weight of protection and terms, relative to that in taking part, c_g.",
    )
    by_cost: Coefficient = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Effect of a cost of a year's military spending, c_c.",
    )
    by_target: Coefficient = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of full regard for the state that the contribution is against, c_t.",
    )
    by_leverage: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of terms that the leader would withhold, times its resolve, c_l.",
    )
    offence: Coefficient = parameter(
        0.2,
        unit="1/year of budget",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Push on fellow members' regard for a member that refuses.",
    )
    aggrieved: Coefficient = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of a contribution's worth that counts as harm if it is refused.",
    )

    def terms(
        self,
        *,
        regard: Elementwise,  # for leader and members, -1 to 1
        gain: Elementwise,  # by protection and terms, log odds of taking part
        cost: Elementwise,  # years of military spending
        target: Elementwise,  # regard for the state that it is against, -1 to 1
        at_stake: Elementwise,  # resolve v
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of contributing, by reason."""
        return {
            "base": 0.0 * regard + self.base,
            "regard": self.by_regard * regard,
            "gain": self.by_gain * gain,
            "cost": -self.by_cost * cost,
            "target": -self.by_target * target,
            "leverage": self.by_leverage * at_stake,
        }

    def regard(
        self,
        *,
        affinity: Elementwise,  # a_ji, -1 to 1
        refused: Elementwise,  # worth of the contribution if i refuses it, years of import budget
    ) -> Elementwise:
        """Return the regard, -1 to 1, of fellow members for a member that was asked."""
        return affinity + np.expm1(-self.offence * refused) * (1 + affinity)

    def harm(self, *, refused: Elementwise) -> Elementwise:
        """Return the harm to fellow members by refusals, years of import budget."""
        return self.aggrieved * refused
