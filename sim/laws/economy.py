"""Economy: growth with shocks, and the fund from which arms imports are paid.

    Y_i <- Y_i exp((growth_i - sigma^2 / 2) dt + sigma sqrt(dt) N_i)
    B_i = max(import_share_i, least_imports) burden_i Y_i,   a dollar at least

The correction by sigma^2 / 2 keeps the mean path at the growth rate. B_i is the yearly budget in
which other laws measure flows, debts and harm; the floor keeps deliveries to a state without
imports from counting without bound.

Sources: world bank series behind the growth rates of a scenario; geometric growth is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import DUST, Monadic
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Economy:
    """States grow at their own rates, with independent shocks."""

    volatility: Coefficient = parameter(
        0.03,
        unit="1/sqrt(year)",
        low=0.0,
        high=0.2,
        source="assumed",
        doc="Standard deviation of a year's growth of GDP.",
    )
    least_imports: Coefficient = parameter(
        0.01,
        unit="share",
        low=0.001,
        high=0.1,
        source="assumed",
        doc="Smallest share of military spending that counts as the import budget.",
    )

    def gdp(
        self,
        *,
        gdp: Monadic,  # million USD
        growth: Monadic,  # a year
        shock: Monadic,  # standard normal
        dt: float,  # years
    ) -> Monadic:
        """Return each state's GDP after dt years, million constant USD."""
        sigma = self.volatility
        return gdp * np.exp((growth - sigma**2 / 2) * dt + sigma * dt**0.5 * shock)

    def budget(
        self,
        *,
        import_share: Monadic,  # of military spending, 0 to 1
        burden: Monadic,  # military spending over GDP
        gdp: Monadic,  # million USD
    ) -> Monadic:
        """Return the yearly budget in which flows are measured, million USD."""
        share = np.maximum(import_share, self.least_imports)
        return np.maximum(share * burden * gdp, DUST)
