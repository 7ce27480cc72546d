"""Objection: harmed members protest, and the leader lets pass, stalls or blocks.

    harm_m = e_sb r_mi offence_o
    P(m objects) = logistic(o_0 + o_h harm_m + o_e e_mb)
    U(pass) = 0,  U(stall) = u_st
    U(block) = beta_0 + beta_n n_b (1 - z_b) + beta_a (mean a_lm of objectors, weighted by harm,
               - a_li) + beta_d f_sl - beta_s a_ls - beta_o own sales of l to i / B_i
    each with Gumbel noise; the largest wins. If s leads the bloc there is only grievance.

Sources: mcfadden1974 (choice among the three), snyder1984; the sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Objection:
    """Members protest by the harm done; leaders seldom act on it."""

    objection_constant: Coefficient = parameter(
        -2.0,
        unit="log odds",
        low=-5.0,
        high=20.0,  # all but certain, for a hypothesis
        usual=(-5.0, 1.0),
        source="assumed",
        doc="Log odds of protest without harm, o_0.",
    )
    by_harm: Coefficient = parameter(
        5.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Effect of full harm on the protest, o_h.",
    )
    by_engagement: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of full participation on the protest, o_e.",
    )
    stall_constant: Coefficient = parameter(
        -0.5,
        unit="utility",
        low=-4.0,
        high=4.0,
        source="assumed",
        doc="Utility of stalling against letting pass, u_st.",
    )
    stall_years: Coefficient = parameter(
        0.5,
        unit="years",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Delay by stalling.",
    )
    block_constant: Coefficient = parameter(
        -1.5,
        unit="utility",
        low=-6.0,
        high=20.0,  # all but certain, for a hypothesis
        usual=(-6.0, 3.0),
        source="assumed",
        doc="Utility of blocking against letting pass, without any reason, beta_0.",
    )
    block_norm: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a norm that no precedent has eroded, beta_n.",
    )
    block_regard: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of regard for the objectors over the recipient, per point, beta_a.",
    )
    block_dependence: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a supplier wholly armed by the leader, beta_d.",
    )
    block_supplier: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of the leader's regard for the supplier, beta_s.",
    )
    block_own_sales: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of the leader's own sales to the recipient, in years of its budget, beta_o.",
    )

    def harm(
        self, *, engagement: Elementwise, rivalry: Elementwise, offence: Elementwise
    ) -> Elementwise:
        """Return the harm, 0 to 1, that a supplier does to a fellow member."""
        return engagement * rivalry * offence

    def protest(self, *, harm: Elementwise, engagement: Elementwise) -> Mapping[str, Elementwise]:
        """Return the log odds that a harmed member objects, by reason."""
        zero = np.zeros_like(harm)
        return {
            "base": zero + self.objection_constant,
            "harm": self.by_harm * harm,
            "engagement": zero + self.by_engagement * engagement,
        }

    def block(
        self,
        *,
        norm: Elementwise,  # n_b
        precedent: Elementwise,  # z_b, 0 to 1
        regard: Elementwise,  # of the leader for the objectors, minus for the recipient
        dependence: Elementwise,  # f_sl, 0 to 1
        regard_supplier: Elementwise,  # a_ls
        own_sales: Elementwise,  # of the leader to the recipient, years of its budget
    ) -> Mapping[str, Elementwise]:
        """Return the utility of blocking against letting pass, by reason."""
        zero = np.zeros_like(regard)
        return {
            "base": zero + self.block_constant,
            "norm": zero + self.block_norm * norm * (1 - precedent),
            "regard": self.block_regard * regard,
            "dependence": self.block_dependence * dependence,
            "supplier": -self.block_supplier * regard_supplier,
            "own_sales": -self.block_own_sales * own_sales,
        }
