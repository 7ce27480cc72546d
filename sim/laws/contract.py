"""Contract: deposit, instalments, credit and the wait.

A deposit is paid now, the rest with the instalments, which come at equal steps until
`lag exp(spread N)` years after the order. Of what was prepaid for units of a cancelled order
the share `refund` comes back. The leader's sales to members cost (1 - preference)
and are partly on credit: that part becomes a debt when it is delivered.

Sources: the terms of the Russian credits to Armenia of 2015 and 2017 (10 % prepaid); the spread
is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Contract:
    """Buyers pay a deposit first and the rest with the goods."""

    deposit: Coefficient = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=0.5,
        source="tass2017credit",
        doc="Share of the cash price paid with the order.",
    )
    spread: Coefficient = parameter(
        0.25,
        unit="log",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Standard deviation of the log of the wait.",
    )

    refund: Coefficient = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of what was prepaid that the supplier returns where an order is cancelled.",
        off=True,
    )

    def wait(self, *, lag: Elementwise, shock: Elementwise) -> Elementwise:
        """Return the years from the order to the last instalment."""
        return lag * np.exp(self.spread * shock)

    def deposited(self, *, value: Elementwise, credit: Elementwise) -> Elementwise:
        """Return what is paid with the order, million USD."""
        return self.deposit * (1 - credit) * value

    def refunded(self, *, prepaid: Elementwise) -> Elementwise:
        """Return what comes back of what was prepaid for a cancelled order, million USD."""
        return self.refund * prepaid

    def instalment(
        self, *, value: Elementwise, credit: Elementwise, instalments: Elementwise
    ) -> Elementwise:
        """Return what is paid with each instalment, million USD."""
        return (1 - self.deposit) * (1 - credit) * value / instalments

    def waived(
        self,
        *,
        listed: Elementwise,  # price without preferential terms
        value: Elementwise,  # price agreed
        credit: Elementwise,  # share of it on credit
        rate: Elementwise,  # a year
        tenor: Elementwise,  # years
        market_rate: Coefficient,  # a year
    ) -> Elementwise:
        """Return the worth of preferential terms: the discount and the grant element, million USD.

        The grant element is the share of a credit that is a gift: one minus the present value
        of its service at the market rate m. Debts are repaid at 1 / tenor of what is left, with
        interest r on it, so that the gift is (m - r) / (m + 1 / tenor); grace is left out.
        """
        gift = (market_rate - rate) / (market_rate + 1 / tenor)
        return (listed - value) + credit * value * gift
