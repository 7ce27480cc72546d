"""Leverage: what a holder could withhold from a buyer, and what it costs to withhold it.

    v = ln(1 + o_il / B_i + y_il) + d_i
    carried out:  a_il <- a_il - (1 + a_il) (1 - exp(-hurt v)),  y_ib <- y_ib (1 - forfeit)

A holder l says that it withholds some offers if i gets a system to which l objects. Three things
are at stake for i: the rest of its orders under these offers, o_il, and the terms that it remembers
in the blocs that l leads, y_il, both in years of its import budget B_i; and d_i, the share that
these offers have in the best use of its money. The stake times the resolve of the holder weighs on
the choice (`procurement`). If i gets the system, the holder withholds with the chance that its
resolve is: the offers are closed to i, its orders under them are held up, the terms end, and i
resents it.

Offers that were cut off before cannot be withheld any more. After an embargo of the same holder few
orders are at stake, so that to withhold costs less regard than it would have cost alone. The cost
of the embargo itself is `slight`, in its form `felt`. Levers of a holder on the same offers to a
buyer, one after another, count as one: an offer is withheld once, and hurts once.

Sources: drezner1999 (the side that fears to lose more gives way), drezner2003 (threats work before
they are carried out), morgan2014 (many threats are never carried out), hirschman1945 (influence is
the power to interrupt). The forms and sizes are assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Leverage:
    """A buyer's stakes are its expected supplies from the holder; losing them hurts its regard."""

    hurt: Coefficient = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Push on the buyer's regard for a holder that withholds, per unit at stake.",
    )
    forfeit: Coefficient = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of the terms remembered in the holder's blocs that ends as well.",
    )

    def at_stake(
        self,
        *,
        orders: Elementwise,  # o / B, years of import budget
        rent: Elementwise,  # y, years of import budget
        lost: Elementwise,  # d, share of the best use of money, 0 to 1
    ) -> Elementwise:
        """Return the stakes of a buyer, 0 upwards."""
        return np.log1p(orders + rent) + lost

    def resented(
        self,
        *,
        affinity: Elementwise,  # a_il, -1 to 1
        at_stake: Elementwise,  # v
        done: Elementwise,  # 1 if the holder withholds from now on
    ) -> Elementwise:
        """Return the regard, -1 to 1, of the buyer for the holder after it withheld, or not."""
        return affinity + np.expm1(-self.hurt * at_stake) * done * (1 + affinity)

    def kept(self, *, rent: Elementwise, done: Elementwise) -> Elementwise:
        """Return the remaining remembered terms, years of import budget."""
        return rent * (1 - self.forfeit * done)
