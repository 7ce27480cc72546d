"""Procurement: when a state goes to market, which offer it asks for, and how much of it.

    P(market) = 1 - exp(-review dt), if a batch of any offer is affordable
    U_io = b_val ln(gain_io + eps) - b_price ln(price_io) + b_aff a_is + b_rep u_s + b_fam f_is
           - b_wait lag_o - b_def defect_o - b_ref rho_is - b_risk risk_is
           - b_spread max(0, f_is - f_0) + tau Gumbel
    risk_is = 1 - (1 - ties_is) (1 - stops_is)
    batches = clip(floor(phi W_io / cash_io), 1, stock_o),  affordable: cash_io <= W_io
    W_io = min(F_i + foresight B_i lag_o - owed_i, F_i / deposit), 0 at least

gain_io is the drop in insecurity if one batch of o were there today. The largest U wins. Waiting
is the market-entry rate and not one of the alternatives: then buying would grow with the length
of the catalogue. Volume follows the budget: W_io is the purse, what an order may bind. Payment
falls due at delivery, so that a state commits the income that it expects until then, less what it
owes on open orders, and no more than its fund can pay deposits for. cash_io is the price without
the discount and the part on credit. Income that fails to come leaves arrears.

ties_is is the share of s's remembered deliveries that went to i's rivals, weighted by the dispute:
what such a supplier is told, and promises, may serve them. stops_is is the share of its other
customers, by what they bought, that it has refused of late. A share of imports beyond f_0 is
dependence, which a second source relieves.

Sources: kinne2016 (trade in arms is a risk, which ties beyond the sale make smaller or larger),
mcfadden1974 (random utility), oberst2019 (Gumbel-max keeps counterfactuals paired),
wildavsky1964 (budgets are planned from those of the year), turan2016rogozin (instalments of 2010
and 2011 that fell due after the oil price had fallen); the form of the purse is assumed. review,
phi and foresight start from the medians of a fit to the patterns up to October 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Procurement:
    """States buy what lowers their insecurity, from suppliers they like, know and can trust."""

    review: Coefficient = parameter(
        5.5,
        unit="1/year",
        low=0.5,
        high=8.0,
        source="assumed",
        doc="How often a state looks at the market.",
    )
    by_gain: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.3,
        high=3.0,
        source="assumed",
        doc="Weight of the log of the drop in insecurity.",
    )
    least_gain: Coefficient = parameter(
        0.001,
        unit="1",
        low=1e-5,
        high=0.01,
        source="assumed",
        doc="Drop in insecurity below which offers do not differ, eps.",
    )
    by_price: Coefficient = parameter(
        0.5,
        unit="utility",
        low=0.1,
        high=2.0,
        source="assumed",
        doc="Weight of the log of the price of a batch.",
    )
    by_affinity: Coefficient = parameter(
        1.5,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of full regard for the supplier.",
    )
    by_reputation: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of a spotless record of quality.",
    )
    by_familiarity: Coefficient = parameter(
        1.0,
        unit="utility",
        low=-1.0,
        high=3.0,
        source="kinsella1998",
        doc="Effect of a supplier that delivered all recent imports; the sign is disputed.",
    )
    by_wait: Coefficient = parameter(
        0.3,
        unit="utility/year",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Cost of a year's wait.",
    )
    by_defect: Coefficient = parameter(
        4.0,
        unit="utility",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Cost of a certain defect.",
    )
    by_refusal: Coefficient = parameter(
        3.0,
        unit="utility",
        low=0.0,
        high=6.0,
        source="assumed",
        doc="Cost of asking a supplier that has just refused.",
    )
    by_risk: Coefficient = parameter(
        0.0,
        unit="utility",
        low=0.0,
        high=6.0,
        off=True,
        source="assumed",
        doc="Cost of a supplier that arms rivals alone, or has refused all others, b_risk.",
    )
    by_spread: Coefficient = parameter(
        0.0,
        unit="utility",
        low=0.0,
        high=6.0,
        off=True,
        source="assumed",
        doc="Cost of each further share of imports beyond f_0 from one supplier, b_spread.",
    )
    spread_from: Coefficient = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of imports from one supplier from which on dependence is felt, f_0.",
    )
    noise: Coefficient = parameter(
        0.7,
        unit="utility",
        low=0.1,
        high=2.0,
        source="assumed",
        doc="Scale of what the model does not see, tau.",
    )
    volume: Coefficient = parameter(
        0.9,
        unit="share",
        low=0.1,
        high=1.0,
        source="assumed",
        doc="Share of the purse that one order may take, phi.",
    )
    foresight: Coefficient = parameter(
        0.9,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of the import budget until delivery that an order may bind.",
    )

    def supplier_terms(
        self,
        *,
        affinity: Elementwise,  # a_is
        reputation: Elementwise,  # u_s, 0 to 1
        familiarity: Elementwise,  # f_is, 0 to 1
        refusal: Elementwise,  # rho_is, 0 to 1
        ties: Elementwise,  # of s to i's rivals, 0 to 1
        stops: Elementwise,  # of deliveries to others, 0 to 1
        discount: Elementwise,  # share of the price that is waived
    ) -> Mapping[str, Elementwise]:
        """Return the parts of the utility that depend on the supplier alone."""
        return {
            "affinity": self.by_affinity * affinity,
            "reputation": self.by_reputation * reputation,
            "familiarity": self.by_familiarity * familiarity,
            "refusal": -self.by_refusal * refusal,
            "risk": -self.by_risk * (1 - (1 - ties) * (1 - stops)),
            "spread": -self.by_spread * np.maximum(familiarity - self.spread_from, 0.0),
            "preference": -self.by_price * np.log1p(-discount),
        }

    def by_drop(self, *, gain: Elementwise) -> Elementwise:
        """Return the part of the utility that the drop in insecurity makes."""
        return self.by_gain * np.log(np.maximum(gain, 0.0) + self.least_gain)

    def offer_terms(
        self,
        *,
        price: Elementwise,  # million USD a batch, before preferential terms
        lag: Elementwise,  # years
        defect: Elementwise,  # 0 to 1
    ) -> Mapping[str, Elementwise]:
        """Return the parts of the utility that depend on the offer, whoever buys."""
        return {
            "price": -self.by_price * np.log(price),
            "wait": -self.by_wait * lag,
            "defect": -self.by_defect * defect,
        }

    def purse(
        self,
        *,
        fund: Elementwise,  # F_i, million USD
        budget: Elementwise,  # B_i, million USD a year
        lag: Elementwise,  # years
        owed: Elementwise,  # on open orders, million USD
        deposit: Coefficient,  # share of the price
    ) -> Elementwise:
        """Return what an order may bind, million USD."""
        ahead = self.foresight * budget * lag + (fund - owed)
        return np.maximum(np.minimum(ahead, fund / np.maximum(deposit, 1e-9)), 0.0)

    def batches(self, *, purse: Elementwise, price: Elementwise, stock: Elementwise) -> Elementwise:
        """Return the number of batches that the purse suggests, one at least, within the stock."""
        wanted = np.maximum(np.floor(self.volume * purse / price), 1.0)
        return np.minimum(wanted, stock)
