"""Coercion: a buyer under a threat against a delivery keeps, cancels or hands on its order.

    U(keep)   = kappa [G_i (1 - p win_ji) - (p - p0) (win_ji + A0)]
    U(cancel) = -face - b_dep lost / B_i
    U(to k)   = kappa kept max(a_ki, 0) G_i - face        among those k that would take it over
    odds(k takes it over) = kappa G_k + b_aff a_ki - b_cost price / B_k
    R_ji = resolve exp(-b_wait w)                          pressure, w years before the delivery

Each option of the buyer has Gumbel noise, which is kept while the threat is in force. The largest
utility wins. G is the fall of the threats to a state once the order has come. p is the chance that
a crisis becomes a war, by the law of crisis, from the net gain of attack with the pressures R of
all threats by j against i. p0 is that chance without any threat: wars that would come in any case
are not a reason to yield. win_ji is the chance that the threatener j prevails and A0 the cost of
any war, all in shares of the whole prize. A friend that holds the arms protects the buyer as far as
it regards it.

What the buyer fears can happen. While a threat against an order under way is in force, R is part of
the threatener's gain of attack, the more, the nearer the delivery. A threatened delivery that falls
due brings a crisis before it comes.

Sources: schelling1966 (compellence), fearon1994 (to back down from a public threat is costly),
debs2014 (an attack forestalls what would shift power), sechser2011 (compellent threats fail more
often than not), mcfadden1974 (choice among the three); form and sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Coercion:
    """Buyers weigh security from the delivery against the risk of war and the cost of yielding."""

    stakes: Coefficient = parameter(
        12.0,
        unit="utility",
        low=2.0,
        high=25.0,
        source="assumed",
        doc="How strictly choices follow the stakes, in shares of the whole prize, kappa.",
    )
    face: Coefficient = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Cost of yielding to a threat.",
    )
    by_deposit: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Cost of a lost deposit of a year's import budget.",
    )
    kept: Coefficient = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of the protection that the buyer keeps if a friend of full regard has the arms.",
    )
    by_regard: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of full regard for the buyer on taking its order over.",
    )
    by_cost: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of a price of a year's import budget on taking an order over.",
    )

    by_wait: Coefficient = parameter(
        1.0,
        unit="1/year",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="How fast a threat loses weight with the years until the delivery; 0: not at all.",
    )

    def pressure(
        self,
        *,
        resolve: Elementwise,  # the threatener's cost of backing down, share of the whole prize
        wait: Elementwise,  # w, years until the delivery
    ) -> Elementwise:
        """Return the contribution of a threat to the threatener's gain of attack."""
        return resolve * np.exp(-self.by_wait * wait)

    def terms(
        self,
        *,
        gain: Elementwise,  # G_i, fall of the threats to the buyer
        win: Elementwise,  # probability that the threatener wins
        risk: Elementwise,  # p, probability that the threat is carried out
        usual: Elementwise,  # p0, probability of a war in any case
        cost: Elementwise,  # of a war, A0
        lost: Elementwise,  # deposit, years of the import budget
        regard: Elementwise,  # a_ki, of the friend that would take it
        diverted: Elementwise,  # 1 if a friend takes it over, 0 if it is cancelled
    ) -> Mapping[str, Elementwise]:
        """Return the utility of one way of yielding minus that of keeping the order, by reason."""
        share = self.kept * diverted * np.maximum(regard, 0.0)
        return {
            "gain": self.stakes * gain * (share - (1 - risk * win)),
            "war": self.stakes * (risk - usual) * (win + cost),
            "face": 0.0 * share - self.face,
            "deposit": -self.by_deposit * lost * (1 - diverted),
        }

    def take_over(
        self,
        *,
        gain: Elementwise,  # G_k, of the friend
        regard: Elementwise,  # a_ki, for the buyer
        price: Elementwise,  # years of its import budget
    ) -> Mapping[str, Elementwise]:
        """Return the log odds that a friend takes an order over, by reason."""
        return {
            "gain": self.stakes * gain,
            "regard": self.by_regard * regard,
            "price": -self.by_cost * price,
        }
