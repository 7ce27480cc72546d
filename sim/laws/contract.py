"""Contract: deposit, instalments, credit and the wait.

A deposit is paid now, the rest with the instalments, which come at equal steps until
`lag exp(spread N)` years after the order. The prepayment for units of a cancelled order is lost.

Of the units that fall due from s to i in a period the share

    w_s (p_i + c (1 - p_i) [h_is = 0]),   p_i = min(1, F_i / C_i),
    w_s = 1 - exp(-dt / (late war_s))

comes. This is the part of all cash payments, C_i, that i can make once deposits are paid and, on
account, the share c of the rest, which is owed. The latter does not come if i is in arrears with s.
Units wholly on credit come unless i is in arrears. Units that do not come stay due. A supplier that
is bound by wars of its own delivers late, by `late` years in the mean where they bind it wholly. A
buyer that waits for this remembers it like a refusal, as far as slight exp(-1 / (late war_s)): the
part that is still to come a year later. At c = 1 all units come or, in arrears, those that are paid
for.

The leader's sales to members cost (1 - preference)
and are partly on credit: that part becomes a debt when it is delivered.

An offset is money that the supplier spends in the buyer's country to make up for the price. It
makes the price count as less, but is not a payment.

Sources: the terms of the Russian credits to Armenia of 2015 and 2017 (10 % prepaid); brauer2004
(offsets are much promised and worth less than they cost); the spread is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import TINY, Elementwise
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
        doc="Standard deviation of the log of the time to delivery.",
    )

    on_account: Coefficient = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of deliveries that a buyer cannot pay for which come on account, c.",
        off=True,
    )
    late: Coefficient = parameter(
        0.0,
        unit="years",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Mean delay of deliveries by a supplier whose wars absorb it fully.",
        off=True,
    )
    slight: Coefficient = parameter(
        0.0,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Weight of a delay due to the supplier's own wars, relative to a refusal.",
        off=True,
    )
    by_offset: Coefficient = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Worth to the buyer of a unit of money promised as an offset.",
    )

    def wait(self, *, lag: Elementwise, shock: Elementwise) -> Elementwise:
        """Return the years from the order to the last instalment."""
        return lag * np.exp(self.spread * shock)

    def net(
        self,
        *,
        price: Elementwise,  # million USD
        credit: Elementwise,  # k, 0 to 1
        gift: Elementwise,  # g, share of a credit that is a gift, 0 to 1
        offset: Elementwise,  # share of the price spent in the buyer's country, 0 to 1
    ) -> Elementwise:
        """Return the price as the buyer counts it, less gifts and offsets, million USD."""
        return price * (1 - credit * gift) * (1 - self.by_offset * offset)

    def deposited(self, *, value: Elementwise, credit: Elementwise) -> Elementwise:
        """Return the payment with the order, million USD."""
        return self.deposit * (1 - credit) * value

    def instalment(
        self, *, value: Elementwise, credit: Elementwise, instalments: Elementwise
    ) -> Elementwise:
        """Return the payment with each instalment, million USD."""
        return (1 - self.deposit) * (1 - credit) * value / instalments

    def payable(self, *, fund: Elementwise, claims: Elementwise) -> Elementwise:
        """Return the share, 0 to 1, of a buyer's payments due in cash that it can make."""
        return np.minimum(1.0, fund / np.maximum(claims, TINY))

    def comes(self, *, payable: Elementwise, trusted: Elementwise) -> Elementwise:
        """Return the share, 0 to 1, of finished goods that is delivered to a buyer.

        It is `trusted` if it has no arrears with the supplier.
        """
        return payable + self.on_account * (1 - payable) * trusted

    def delay(self, *, at_war: Elementwise) -> Elementwise:
        """Return the mean delay of a supplier's deliveries in years, 0 upwards."""
        return self.late * at_war

    def slips(self, *, delay: Elementwise, dt: float) -> Elementwise:
        """Return the share, 0 to 1, of due deliveries that do not come in a period of dt years."""
        late = delay > 0
        return np.exp(-dt / np.where(late, delay, 1.0)) * late

    def slighted(self, *, delay: Elementwise) -> Elementwise:
        """Return the extent, 0 to 1, to which a supplier's delay counts as a refusal."""
        return self.slight * self.slips(delay=delay, dt=1.0)

    def gift(
        self,
        *,
        rate: Elementwise,  # a year
        tenor: Elementwise,  # years
        market_rate: Coefficient,  # a year
    ) -> Elementwise:
        """Return the grant element of a credit, 1 at most; below zero the credit is expensive.

        It is one minus the present value of its service at the market rate m. Debts are repaid at
        1 / tenor of the outstanding sum a year, with interest r on it, so that it is (m - r) / (m +
        1 / tenor); grace periods are left out.
        """
        return (market_rate - rate) / (market_rate + 1 / tenor)

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
        """Return the worth of preferential terms: discount and grant element of the credit."""
        gift = self.gift(rate=rate, tenor=tenor, market_rate=market_rate)
        return (listed - value) + credit * value * gift
