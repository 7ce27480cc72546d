"""Consent: whether a supplier, a licensor or a state of components agrees to a sale.

Utility:      P = logistic(U),  U = alpha_0 + alpha_m ln(1 + price / export_scale_s)
                  + alpha_a a_si + alpha_l tanh(d_si / (burden_s Y_s)) - alpha_r r_si
                  - alpha_w war_s - friends - norm - alpha_e offence_o drawn_si,
                  drawn_si = sum_k r_ik (1 - r_sk) max_b c_b covers_bik e_sb,   b of s and i, not k
Strict norm:  the same with veto [harm > threshold] in place of norm,
                  harm = offence_o sum_b n_b sum_{m in b, m not s} r_mi
Imitation:    P = logistic(h logit(z_lb) + (1 - h) (U + D) - D),
                  D = alpha_r r_si + alpha_w war_s + friends + alpha_e offence_o drawn_si,
                  h = 1 - exp(-heed offence_o sum_b e_sb sum_{m in b, m not s} r_mi),  0 for l

friends and norm are those of the law of restraint. z_lb, the leader's example, is its own part of
the precedent: of what it delivered to members and to members' rivals, the share that went to
rivals, kept between slip and 1 - slip. D, own disputes, own wars, friends and fear of entrapment,
counts in full for any example. The sum in h is over blocs whose leader has a record of such
deliveries; without one there is no example, h is 0 and the member decides by its own utility. Of
several leaders the examples are averaged by their parts of the sum.

A debtor obliges its creditor. A supplier that is bound by wars of its own needs its arms itself;
states that license or build parts lose none by consenting.
The draw for (s, i, o) is made anew every `hold` years, at dates that differ by run. Until then a
refusal binds as long as circumstances do not change. The memory of it decays. The strict norm binds
the leader, too, and no precedent wears it out; where n_b is 0 there is none.
Imitators follow the leader the more, the more a sale harms and the more they take part; a sale
without harm, and every sale of the leader, is decided by utility.

Fear of entrapment is off at a weight of 0. A patron withholds arms with which its client could
attack, as far as treaties would draw it into quarrels that are not its own; against its own rivals
it is drawn into no new quarrel. If supplier and buyer share no treaty, or the arms only defend,
there is no such fear.

Sources: snyder1984 (entrapment: to be dragged into a war over interests that one does not share, or
only in part), hirschman1945 (leverage of the creditor); schelling1960 (a bright line holds where a
price would be bargained over) for the strict norm; the claim of seed2017 that the hegemon's
example gives cover, finnemore1998 (norms spread by precedent) for imitation. The forms are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Consent:
    """Suppliers weigh the margin and the buyer against friends, fellow members and disputes."""

    looks_at_blocs: ClassVar[bool] = False  # whether harm, following and example count

    base: Coefficient = parameter(
        1.5,
        unit="log odds",
        low=-2.0,
        high=5.0,
        source="assumed",
        doc="Baseline log odds of consent, alpha_0.",
    )
    by_margin: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of the log of the sale over the supplier's scale, alpha_m.",
    )
    by_affinity: Coefficient = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of full regard for the buyer, alpha_a.",
    )
    by_leverage: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of debts to the buyer beyond a year's military spending, alpha_l.",
    )
    by_dispute: Coefficient = parameter(
        6.0,
        unit="log odds",
        low=1.0,
        high=12.0,
        source="assumed",
        doc="Effect of an own full dispute with the buyer, alpha_r.",
    )
    by_war: Coefficient = parameter(
        0.0,
        unit="log odds",
        low=0.0,
        high=6.0,
        off=True,
        source="assumed",
        doc="Effect of a war that fully absorbs the supplier, alpha_w.",
    )
    by_entrapment: Coefficient = parameter(
        0.0,
        unit="log odds",
        low=0.0,
        high=6.0,
        off=True,
        source="snyder1984",
        doc="Effect of a client's full dispute under a fully binding treaty, alpha_e.",
    )
    hold: Coefficient = parameter(
        4.0,
        unit="years",
        low=1.0,
        high=10.0,
        source="assumed",
        doc="Years between the draws behind an answer; an answer holds for half of that on "
        "average.",
    )
    memory: Coefficient = parameter(
        2.0,
        unit="years",
        low=0.5,
        high=6.0,
        source="assumed",
        doc="Years over which the buyer's memory of a refusal falls to 37 %.",
    )

    def terms(
        self,
        *,
        price: Elementwise,  # million USD; 0 for a partner, which receives no payment
        export_scale: Elementwise,  # million USD
        affinity: Elementwise,  # a_si
        debt: Elementwise,  # d_si, million USD
        spending: Elementwise,  # burden_s Y_s, million USD a year
        rivalry: Elementwise,  # r_si, 0 to 1
        at_war: Elementwise,  # how far own wars absorb s, 0 to 1; 0 for a partner
        friends: Elementwise,  # log odds
        norm: Elementwise,  # log odds
        drawn_in: Elementwise | None = None,  # offence_o drawn_si; None: the motive is off
        **_: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of consent, by reason."""
        fear = {} if drawn_in is None else {"entrapment": -self.by_entrapment * drawn_in}
        return {
            "base": np.zeros_like(affinity) + self.base,
            "margin": self.by_margin * np.log1p(price / export_scale),
            "affinity": self.by_affinity * affinity,
            "leverage": self.by_leverage * np.tanh(debt / spending),
            "dispute": -self.by_dispute * rivalry,
            "war": -self.by_war * at_war,
            "friends": -friends,
            "norm": -norm,
            **fear,
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class StrictNorm(Consent):
    """No member, the leader included, arms a fellow member's rival beyond a threshold of harm."""

    looks_at_blocs: ClassVar[bool] = True

    threshold: Coefficient = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Harm to fellow members, weighted by the norm, beyond which a sale is forbidden.",
    )
    veto: Coefficient = parameter(
        8.0,
        unit="log odds",
        low=4.0,
        high=20.0,
        source="assumed",
        doc="Log odds that a forbidden sale loses; at 8, even odds become 1 in 3,000.",
    )

    def terms(
        self,
        *,
        harm: Elementwise = 0.0,  # offence_o sum_b n_b sum_m r_mi
        **case: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds by reason, with a veto in place of the norm's price."""
        terms = super().terms(**case)
        return {**terms, "norm": 0 * terms["norm"] - self.veto * (harm > self.threshold)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Imitation(Consent):
    """Members arm fellow members' rivals to the extent to which their leader did."""

    looks_at_blocs: ClassVar[bool] = True

    heed: Coefficient = parameter(
        3.0,
        unit="1",
        low=0.5,
        high=10.0,
        source="assumed",
        doc="How strongly harm leads to imitation; at 3, a harm of 0.23 makes it half.",
    )
    slip: Coefficient = parameter(
        0.02,
        unit="1",
        low=0.001,
        high=0.1,
        source="assumed",
        doc="Smallest probability that an example alone can give; the largest is 1 less this.",
    )

    def terms(
        self,
        *,
        following: Elementwise = 0.0,  # offence_o sum_b e_sb sum_m r_mi; 0 without an example
        example: Elementwise = 0.0,  # z_lb, 0 to 1
        **case: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds by reason, with the leader's example in place of interest."""
        own = np.exp(-self.heed * following)
        share = np.clip(example, self.slip, 1 - self.slip)
        terms = {
            name: term if name in {"dispute", "war", "friends", "entrapment"} else term * own
            for name, term in super().terms(**case).items()
        }
        return {**terms, "example": (1 - own) * np.log(share / (1 - share))}


VARIANTS: Mapping[str, type[Consent]] = {
    "utility": Consent,
    "strict_norm": StrictNorm,
    "imitation": Imitation,
}
