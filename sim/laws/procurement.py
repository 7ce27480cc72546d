"""Procurement: how often a state goes to market, which suppliers it considers, what it buys.

    P(visit in a month) = 1 - exp(-lambda_i / 12),  lambda_i = rho (W_i / (S + y B_i))^eta
    W_i = min over t of F_i + f A_i t - O_i(t), 0 at least;  t = 1 to 6 years, 1/2 for short lags
    P(i looks at new s) = logistic(phi_0 + phi_a (a_is + a_si) / 2 + phi_l l_is + phi_n ln(1 + n_s))
    U_io = b_gain (ln(g_io + eps) - ln(g_i* + eps)) + b_aff a_is + b_rep u_s + b_fam f_is
           - b_ref rho_is - b_wait lag_o - b_def defect_o - b_lev v_io - b_risk risk_is
           - b_spread max(0, f_is - f_0) - b_cus displeasure_is + tau G_is + tau_w G_isw
    risk_is = 1 - (1 - ties_is) (1 - stops_is)
    U(not now) = u_0 + tau G_i
    V = min(phi min(W / (1 - k g), W + g R;  C / (d (1 - k)), C / d + R), c B_i)
    units = floor(V / price of one),  at most the stock and `most`;  credit = min(k V, R)

g_io is the drop in insecurity, as a share of it, from one small sum spent on o, the same sum for
all offers: gain per money counts, and the packing of an offer does not. g_i* is the largest of all
offers on sale to i, considered or not. So 0 means as good as money buys anywhere, from a supplier
without qualities, and "not now" has one scale for all buyers. There is one draw for the supplier,
by the month, and a small one for supplier and system, by the year. A longer catalogue is therefore
not a reason by itself, and a cloned offer has no effect.

The reservation is relative, to the best use that the money has today. It keeps a buyer from poor
offers, and does not say whether the buyer needs arms at all. The budget decides that.

An order may bind as much as the buyer can pay: the fund F now with the income A that is foreseen,
less the payments due by then on open orders, O. A is the budget less the service of debts, with
those that credits on open orders will make. A long lag does not make an order affordable. A gift in
a loan, g, adds to this limit, a loan (share k) does not. Beyond R, the amount that may still be
lent, an order is paid in cash. C is the cash for the deposit d. Visits rise with the purse, so that
small buyers save up and then buy: a generalised (S, s) rule; eta = 0 is a constant rate. A buyer
always considers a supplier whose deliveries it remembers, and another by a draw that holds for
`hold` years; l is the share of the arsenal in systems of the families of designs that it offers,
and n the number of states that remember its deliveries: arms that many use are better known.

ties_is is the share of s's remembered deliveries that went to i's rivals, weighted by the dispute:
information for such a supplier, and its promises, may serve them. stops_is is the share of its
other customers, by their purchases, that it has refused of late. A share of imports beyond f_0 is
dependence, which a second source relieves. A member foresees its fellows' objection to a purchase
from their adversary: displeasure_is = sum_b c_b e_ib sum_m r_ms over the blocs of i that have a
custom and that s is outside of, and over the fellow members m.

Sources: hanemann1984 (what to buy and how much, in one choice, by price for quality), mcfadden1974,
mcfaddentrain2000 (error components in place of a nest), oberst2019 (Gumbel-max keeps
counterfactuals paired), caballeroengel1999 (the rate), thurner2019 and lebacher2021 (ties of the
arms trade form and last), kinne2016 (trade in arms is a risk, which ties beyond the sale make
smaller or larger), banerjee1992 (who knows little follows the choices of others), wildavsky1964
(budgets are planned from those of the year). The form of the purse is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter

LEAST_GAIN = 1e-6  # share of insecurity below which offers do not differ, eps
LEAST_SHARE = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Procurement:
    """States buy the offer that lowers their insecurity most for the money, or do not buy now."""

    visits: Coefficient = parameter(
        2.0,
        unit="1/year",
        low=0.5,
        high=8.0,
        source="assumed",
        doc="Visits to market of a state with just the reference sum of money, rho.",
    )
    programme: Coefficient = parameter(
        50.0,
        unit="M USD of 2016",
        low=10.0,
        high=200.0,
        source="assumed",
        doc="Reference sum of money for a state without a budget, S.",
    )
    by_budget: Coefficient = parameter(
        0.5,
        unit="years",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Rise of that sum with the yearly import budget, y.",
    )
    by_purse: Coefficient = parameter(
        1.5,
        unit="1",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Exponent of the money in the rate of visits, eta; 0: a constant rate.",
    )
    approach: Coefficient = parameter(
        -2.0,
        unit="log odds",
        low=-8.0,
        high=20.0,
        usual=(-4.5, 0.0),
        source="assumed",
        doc="Baseline log odds of considering an unknown supplier, phi_0; 20: always.",
    )
    by_regard: Coefficient = parameter(
        6.7,
        unit="log odds",
        low=0.0,
        high=12.0,
        source="sipri_arms",
        doc="Effect of full mutual regard on that, phi_a; from new ties of 1997-2012.",
    )
    by_legacy: Coefficient = parameter(
        1.46,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="sipri_arms",
        doc="Effect of an arsenal only of systems that the supplier offers, phi_l; likewise.",
    )
    by_renown: Coefficient = parameter(
        0.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        off=True,
        source="banerjee1992",
        doc="Effect of the log of 1 and the supplier's customers on that, phi_n.",
    )
    known: Coefficient = parameter(
        0.5,
        unit="TIV",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Remembered deliveries above which a supplier is known.",
    )
    hold: Coefficient = parameter(
        4.0,
        unit="years",
        low=1.0,
        high=10.0,
        source="assumed",
        doc="Years for which a state considers an unknown supplier, or does not.",
    )
    trial: Coefficient = parameter(
        20.0,
        unit="M USD of 2016",
        low=1.0,
        high=100.0,
        source="assumed",
        doc="Sum by which offers are compared.",
    )
    by_gain: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.3,
        high=3.0,
        source="assumed",
        doc="Weight of the log of the drop in insecurity for the money.",
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
        doc="Effect of a perfect reputation for quality.",
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
        doc="Cost of a supplier that arms only rivals, or has refused all others, b_risk.",
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
        doc="Share of imports from one supplier above which a buyer is dependent, f_0.",
    )
    by_leverage: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Cost of the supplies that a holder would withhold, times its resolve, b_lev.",
    )
    noise: Coefficient = parameter(
        0.7,
        unit="utility",
        low=0.1,
        high=2.0,
        source="assumed",
        doc="Scale of unobserved qualities of a supplier, tau.",
    )
    within: Coefficient = parameter(
        0.2,
        unit="utility",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Scale of unobserved qualities of a supplier's system, tau_w.",
    )
    reserve: Coefficient = parameter(
        0.0,
        unit="utility",
        low=-20.0,
        high=4.0,
        usual=(-2.0, 2.0),
        source="assumed",
        doc="Utility of buying nothing now, u_0; -20: any offer is better.",
    )
    volume: Coefficient = parameter(
        0.9,
        unit="share",
        low=0.1,
        high=1.0,
        source="assumed",
        doc="Share of the available money that one order may take, phi.",
    )
    foresight: Coefficient = parameter(
        0.9,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of the expected income that an order may commit, f.",
    )
    largest: Coefficient = parameter(
        5.0,
        unit="years",
        low=0.5,
        high=50.0,
        usual=(1.0, 6.0),
        source="assumed",
        doc="Largest order, in years of the import budget, c.",
    )
    lending: Coefficient = parameter(
        4.0,
        unit="years",
        low=0.0,
        high=50.0,
        usual=(1.0, 8.0),
        source="assumed",
        doc="Largest total of a state's arms credits, in years of its import budget.",
    )
    by_custom: Coefficient = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of the expected objection of one full rival of the supplier, b_cus.",
    )

    def rate(self, *, purse: Elementwise, budget: Elementwise) -> Elementwise:
        """Return the visits to market a year, lambda_i, from W_i and B_i, million USD (a year)."""
        return self.visits * (purse / (self.programme + self.by_budget * budget)) ** self.by_purse

    def approaching(
        self, *, mutual: Elementwise, legacy: Elementwise, users: Elementwise
    ) -> Elementwise:
        """Return the log odds of considering a new supplier, from (a_is + a_si) / 2, l_is, n_s."""
        odds = self.approach + self.by_regard * mutual + self.by_legacy * legacy
        return odds + self.by_renown * np.log1p(users)

    def supplier_terms(
        self,
        *,
        affinity: Elementwise,  # a_is
        reputation: Elementwise,  # u_s, 0 to 1
        familiarity: Elementwise,  # f_is, 0 to 1
        refusal: Elementwise,  # rho_is, 0 to 1
        ties: Elementwise,  # of s to i's rivals, 0 to 1
        stops: Elementwise,  # of deliveries to others, 0 to 1
        displeasure: Elementwise | None = None,  # of fellow members; None: no bloc has a custom
    ) -> Mapping[str, Elementwise]:
        """Return the parts of the utility that depend only on the supplier."""
        foreseen = {} if displeasure is None else {"custom": -self.by_custom * displeasure}
        return {
            "affinity": self.by_affinity * affinity,
            "reputation": self.by_reputation * reputation,
            "familiarity": self.by_familiarity * familiarity,
            "refusal": -self.by_refusal * refusal,
            "risk": -self.by_risk * (1 - (1 - ties) * (1 - stops)),
            "spread": -self.by_spread * np.maximum(familiarity - self.spread_from, 0.0),
            **foreseen,
        }

    def offer_terms(
        self,
        *,
        gain: Elementwise,  # g_io, share of insecurity that the sum removes
        best: Elementwise,  # g_i*, the largest of all on sale
        lag: Elementwise,  # years
        defect: Elementwise,  # 0 to 1
        at_stake: Elementwise | None = None,  # by levers, times resolve; None: there are no levers
    ) -> Mapping[str, Elementwise]:
        """Return the parts of the utility that depend on the offer."""
        behind = np.log(np.maximum(gain, 0.0) + LEAST_GAIN) - np.log(best + LEAST_GAIN)
        lever = {} if at_stake is None else {"leverage": -self.by_leverage * at_stake}
        return {
            "gain": self.by_gain * behind,
            "wait": -self.by_wait * lag,
            "defect": -self.by_defect * defect,
            **lever,
        }

    def slack(
        self,
        *,
        fund: Elementwise,  # F_i without money not yet earned or already overdue, million USD
        income: Elementwise,  # A_i, budget less debt service, million USD a year
        years: Elementwise,  # t
        owed: Elementwise,  # O_i(t), due by then on open orders, million USD
    ) -> Elementwise:
        """Return the money left at a date, with expected income, million USD; may be negative."""
        return fund + self.foresight * years * income - owed

    def room(self, *, budget: Elementwise, lent: Elementwise) -> Elementwise:
        """Return the remaining arms credit, R, from B_i and credits drawn or promised, M USD."""
        return np.maximum(self.lending * budget - lent, 0.0)

    def value(
        self,
        *,
        purse: Elementwise,  # W_i, million USD
        cash: Elementwise,  # C_i, cash for the deposit, million USD
        room: Elementwise,  # R_i, million USD
        credit: Elementwise,  # k, 0 to 1
        gift: Elementwise,  # g, grant element of a credit, 0 to 1
        budget: Elementwise,  # B_i, million USD a year
        deposit: Coefficient,  # d, share of the price
    ) -> Elementwise:
        """Return the largest value of an order, million USD."""
        served = np.minimum(purse / np.maximum(1 - credit * gift, LEAST_SHARE), purse + gift * room)
        down = cash / np.maximum(deposit, LEAST_SHARE)
        paid = np.minimum(down / np.maximum(1 - credit, LEAST_SHARE), down + room)
        return np.minimum(self.volume * np.minimum(served, paid), self.largest * budget)

    def units(self, *, value: Elementwise, price: Elementwise, most: Elementwise) -> Elementwise:
        """Return the whole units in an order of a value at the price of one, `most` at most."""
        return np.minimum(np.floor(value / price), np.floor(most))
