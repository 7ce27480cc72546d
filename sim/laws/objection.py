"""Objection: harmed members protest, and the leader lets pass, stalls or blocks.

    harm_m = e_sb r_mi offence_o, times `inside` where i is in b, too
    P(m objects) = logistic(o_0 + o_h harm_m + o_e e_mb),  0 where harm_m is 0
    U(pass) = 0,  U(stall) = u_st
    U(block) = beta_0 + beta_n n_b (1 - z_b) + beta_a (mean a_lm of objectors, weighted by harm,
               - a_li) + beta_d f_sl - beta_s a_ls - beta_o own sales of l to i / B_i
    each with Gumbel noise; the largest wins. If s leads the bloc there is only grievance.

Objection to a buyer: in a bloc with a custom c_b its fellow members protest against a member i that
asks s, outside the bloc, for arms. All is the same with the parts changed: i in the place of s, s
in that of i, c_b in that of offence_o and of n_b (1 - z_b), and the leader's own purchases from s,
in years of its budget, in that of its own sales. U(block), to have i drop the request, is less by
beta_p: a leader has a say in what its clients sell, and less of one in what they buy.

Sources: mcfadden1974 (choice among the three), snyder1984 (fellow members hold each other to the
alliance; they fear realignment), spindel2023 (patrons have less leverage over their clients than
they think); the sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Objection:
    """Members protest in proportion to the harm; leaders seldom act on it."""

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
        doc="Utility of stalling relative to letting pass, u_st.",
    )
    stall_years: Coefficient = parameter(
        0.5,
        unit="years",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Delay caused by stalling.",
    )
    block_constant: Coefficient = parameter(
        -1.5,
        unit="utility",
        low=-6.0,
        high=20.0,  # all but certain, for a hypothesis
        usual=(-6.0, 3.0),
        source="assumed",
        doc="Baseline utility of blocking relative to letting pass, beta_0.",
    )
    block_norm: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a norm not eroded by precedent, beta_n.",
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
        doc="Effect of a supplier armed entirely by the leader, beta_d.",
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
    block_purchase: Coefficient = parameter(
        1.5,
        unit="utility",
        low=0.0,
        high=6.0,
        source="assumed",
        doc="Reduction of the utility of blocking if a member buys rather than sells, beta_p.",
    )

    def harm(
        self,
        *,
        engagement: Elementwise,  # of the offender, the supplier or the buyer, 0 to 1
        rivalry: Elementwise,  # of the harmed member with the other side, 0 to 1
        offence: Elementwise,  # of the arms; of a purchase, the custom of the bloc
        inside: Elementwise | None = None,  # share that counts if the other side is a member
    ) -> Elementwise:
        """Return the harm, 0 to 1, that a supplier, or a buyer, does to a fellow member."""
        harm = engagement * rivalry * offence
        return harm if inside is None else harm * inside

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
        purchase: Elementwise | None = None,  # 1 if a member buys; None: never
    ) -> Mapping[str, Elementwise]:
        """Return the utility of blocking relative to letting pass, by reason."""
        zero = np.zeros_like(regard)
        of_buyers = {} if purchase is None else {"purchase": zero - self.block_purchase * purchase}
        return {
            "base": zero + self.block_constant,
            "norm": zero + self.block_norm * norm * (1 - precedent),
            "regard": self.block_regard * regard,
            "dependence": self.block_dependence * dependence,
            "supplier": -self.block_supplier * regard_supplier,
            "own_sales": -self.block_own_sales * own_sales,
            **of_buyers,
        }
