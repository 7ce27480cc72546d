"""Finance: debt service, arrears and rescue loans.

    due_ij = min(d_ij (rate_ij dt + min(dt / tenor_ij, 1)) + h_ij, d_ij (1 + rate_ij dt))
    distress_i = sum_j h_ij / B_i;  the state in most distress seeks a loan of all it owes overdue
    U(k lends to i) = l_0 + l_a a_ki + l_f ln(F_k / need) - l_d d_ik / B_i + Gumbel,  U(none) = 0

The part of a payment due that the fund cannot make is overdue. No more is due than is owed, with
its interest.
A state in distress may get a rescue loan from any state but the claimant; a loan raises the
borrower's affinity to the lender and the lender's leverage. One state is rescued a period.

Sources: mcfadden1974 (choice of the lender); the loans of 2010 and 2011 from Azerbaijan to
Belarus are the case. The form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Finance:
    """States service their debts as far as their funds allow; friends with money may step in."""

    market_rate: Coefficient = parameter(
        0.08,
        unit="1/year",
        low=0.02,
        high=0.2,
        source="assumed",
        doc="Rate at which a state could borrow elsewhere; the discount rate of the grant element.",
    )
    rate: Coefficient = parameter(
        0.03,
        unit="1/year",
        low=0.0,
        high=0.2,
        source="assumed",
        doc="Interest on debts between two states without an entry in `blocs` or `debts`.",
        initial=True,
    )
    tenor: Coefficient = parameter(
        13.0,
        unit="years",
        low=1.0,
        high=30.0,
        source="assumed",
        doc="Years over which debts without such an entry are repaid.",
        initial=True,
    )
    base: Coefficient = parameter(
        -3.0,
        unit="utility",
        low=-8.0,
        high=2.0,
        source="assumed",
        doc="Baseline utility of lending, l_0.",
    )
    by_affinity: Coefficient = parameter(
        3.0,
        unit="utility",
        low=0.0,
        high=6.0,
        source="assumed",
        doc="Effect of the lender's full regard for the borrower, l_a.",
    )
    by_fund: Coefficient = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Effect of the log of the lender's fund relative to the need, l_f.",
    )
    by_debt: Coefficient = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Effect of existing debt to the lender, in years of budget, l_d.",
    )
    thanks: Coefficient = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed",
        doc="Share of the way to full regard that the borrower moves after a rescue.",
    )

    def due(
        self,
        *,
        debt: Elementwise,  # million USD
        rate: Elementwise,  # a year
        tenor: Elementwise,  # years
        dt: float,  # years
    ) -> Elementwise:
        """Return the repayment and interest that fall due in a period, million USD."""
        return debt * (np.minimum(dt / tenor, 1.0) + rate * dt)

    def distress(
        self,
        *,
        overdue: Elementwise,  # sum over j of h_ij, million USD
        budget: Elementwise,  # B_i, million USD a year
    ) -> Elementwise:
        """Return a state's arrears, in years of its import budget, 0 upwards."""
        return overdue / budget

    def lending(
        self,
        *,
        affinity: Elementwise,  # a_ki, of the lender
        fund: Elementwise,  # F_k, million USD
        need: Elementwise,  # million USD
        debt: Elementwise,  # d_ik over B_i, years
    ) -> Mapping[str, Elementwise]:
        """Return the utility of lending, by reason; not lending is 0."""
        zero = np.zeros_like(affinity)
        return {
            "base": zero + self.base,
            "affinity": self.by_affinity * affinity,
            "fund": self.by_fund * np.log(np.maximum(fund, 1e-9) / np.maximum(need, 1e-9)),
            "debt": -self.by_debt * debt,
        }
