"""Coercion: a buyer under a threat against a delivery keeps, cancels or hands on its order.

    U(keep)   = kappa [G_i (1 - p win_ji) - p (win_ji + A0)]
    U(cancel) = -face - b_dep lost / B_i
    U(to k)   = kappa kept max(a_ki, 0) G_i - face        among those k that would take it over
    odds(k takes it over) = kappa G_k + b_aff a_ki - b_cost price / B_k

each option of the buyer with Gumbel noise that stays while the threat stands; the largest wins.
G is the fall of the threats to a state when the order has come, p the chance that the threat is
carried out, by the law of crisis from the net gain of attack and the resolve that backs it; win_ji
the chance that the threatener j prevails, A0 the cost of any war, all in shares of the whole prize.
A friend that holds the arms protects the buyer as far as it regards it.

Sources: schelling1966 (compellence), fearon1994 (what backing down costs), sechser2011 (compellent
threats seldom succeed), mcfadden1974 (choice among the three); the form and sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Coercion:
    """A threat weighs what would come against what would be lost."""

    stakes: Coefficient = parameter(
        12.0,
        unit="utility",
        low=2.0,
        high=25.0,
        source="assumed",
        doc="How strictly choices follow what is at stake, in shares of the whole prize, kappa.",
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
        doc="Share of the protection that the buyer keeps where a friend of full regard holds it.",
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

    def keep(
        self,
        *,
        gain: Elementwise,  # G_i, fall of the threats to the buyer
        win: Elementwise,  # chance that the threatener prevails
        risk: Elementwise,  # p, chance that the threat is carried out
        cost: Elementwise,  # of any war, A0
    ) -> Mapping[str, Elementwise]:
        """Return the utility of letting the order come, by reason."""
        return {
            "gain": self.stakes * gain * (1 - risk * win),
            "war": -self.stakes * risk * (win + cost),
        }

    def cancel(self, *, lost: Elementwise) -> Mapping[str, Elementwise]:
        """Return the utility of giving the order up, by reason."""
        zero = np.zeros_like(lost)
        return {"face": zero - self.face, "deposit": -self.by_deposit * lost}

    def divert(self, *, gain: Elementwise, regard: Elementwise) -> Mapping[str, Elementwise]:
        """Return the utility of handing the order to a friend, by reason."""
        zero = np.zeros_like(gain)
        share = self.kept * np.maximum(regard, 0.0)
        return {"gain": self.stakes * share * gain, "face": zero - self.face}

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
