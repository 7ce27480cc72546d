"""Consent: whether a supplier, a licensor or a state of components agrees to a sale.

    P = logistic(alpha_0 + alpha_m ln(1 + price / export_scale_s) + alpha_a a_si
                 + alpha_l tanh(d_si / (burden_s Y_s)) - alpha_r r_si - alpha_d h_is / B_i
                 - friends - norm)

A debtor obliges its creditor; arrears of the buyer put the seller off. A refusal binds: the
draw for (s, i, o) holds for `hold` years, and the memory of it decays.

Sources: snyder1984, hirschman1945 (leverage of the creditor); the form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.arrays import Elementwise, namespace
from sim.parameters import Setting, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Consent:
    """Suppliers weigh the margin and the buyer against friends, fellow members and disputes."""

    base: Setting = parameter(
        1.5,
        unit="log odds",
        low=-2.0,
        high=5.0,
        source="assumed",
        doc="Log odds of consent without any reason, alpha_0.",
    )
    by_margin: Setting = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of the log of the sale over the supplier's scale, alpha_m.",
    )
    by_affinity: Setting = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of full regard for the buyer, alpha_a.",
    )
    by_leverage: Setting = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of debts to the buyer beyond a year's military spending, alpha_l.",
    )
    by_dispute: Setting = parameter(
        6.0,
        unit="log odds",
        low=1.0,
        high=12.0,
        source="assumed",
        doc="Effect of a full dispute of one's own with the buyer, alpha_r.",
    )
    by_arrears: Setting = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of the buyer's arrears, in years of its import budget, alpha_d.",
    )
    hold: Setting = parameter(
        4.0,
        unit="years",
        low=1.0,
        high=10.0,
        source="assumed",
        doc="Years for which an answer stands.",
    )
    memory: Setting = parameter(
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
        price: Elementwise,  # million USD; 0 for a partner, who has no margin
        export_scale: Elementwise,  # million USD
        affinity: Elementwise,  # a_si
        debt: Elementwise,  # d_si, million USD
        spending: Elementwise,  # burden_s Y_s, million USD a year
        rivalry: Elementwise,  # r_si, 0 to 1
        arrears: Elementwise,  # h_is over B_i, years
        friends: Elementwise,  # log odds
        norm: Elementwise,  # log odds
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of consent, by reason."""
        xp = namespace(affinity)
        return {
            "base": xp.zeros_like(affinity) + self.base,
            "margin": self.by_margin * xp.log1p(price / export_scale),
            "affinity": self.by_affinity * affinity,
            "leverage": self.by_leverage * xp.tanh(debt / spending),
            "dispute": -self.by_dispute * rivalry,
            "arrears": -self.by_arrears * arrears,
            "friends": -friends,
            "norm": -norm,
        }
