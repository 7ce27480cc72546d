"""Quality: reputations follow deliveries.

    u_s <- (u_s + pace good_s) / (1 + pace (good_s + bad_s))

good and bad count the instalments of the period in which s had a hand, as supplier or as maker
of components. Defective units are withdrawn after they were accepted. Of the withdrawn units of an
order the share `repaired` returns, `repair_years` after the last withdrawal; the rest stays out.

Source: the Buk-MB case of seed2017; the averaging is assumed.
"""

from dataclasses import dataclass

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Quality:
    """A supplier is as good as its latest deliveries."""

    pace: Coefficient = parameter(
        0.1,
        unit="1",
        low=0.01,
        high=0.5,
        source="assumed",
        doc="Weight of one instalment relative to the whole earlier record.",
    )

    repaired: Coefficient = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of the units withdrawn that are repaired and return.",
        off=True,
    )
    repair_years: Coefficient = parameter(
        1.0,
        unit="years",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Time from the last withdrawal of an order to the return of repaired units.",
    )

    def back(self, *, withdrawn: Elementwise) -> Elementwise:
        """Return the number of withdrawn units that are repaired."""
        return self.repaired * withdrawn

    def reputation(
        self, *, reputation: Elementwise, good: Elementwise, bad: Elementwise
    ) -> Elementwise:
        """Return the reputation, 0 to 1, after good and bad instalments."""
        return (reputation + self.pace * good) / (1 + self.pace * (good + bad))
