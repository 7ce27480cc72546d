"""Accession: whether a candidate joins a bloc.

    J_ib = j_0 + j_a (w a_il + (1 - w) mean_k a_ik) + j_t I_i
    a_bi = w a_li + (1 - w) mean_k a_ki,   k in b, not i, l
    hazard = h_join logistic(J_ib) max(0, a_bi)

A candidate seeks a bloc that it regards, and the more, the less secure it is, I_i. A candidate that
is not welcome to leader and members stays outside. A closed bloc takes no state in by itself: an
event does, or the conduct that is given to a state in Python.

Sources: snyder1984 (the gains from an ally), walt1985 (threat drives states into alliances).
The form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, logistic
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class ClosedAccession:
    """No state joins by itself."""

    part: Coefficient = parameter(
        0.6,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Engagement of a new member.",
    )
    trust: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Belief of a new member that the bloc would aid it.",
    )

    def terms(
        self,
        *,
        regard: Elementwise,  # for leader and members, -1 to 1
        insecurity: Elementwise,  # I_i
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of wanting to join, by reason."""
        return {"base": 0.0 * (regard + insecurity)}

    def hazard(self, *, wish: Elementwise, welcome: Elementwise) -> Elementwise:
        """Return the hazard of joining, a year, 0 upwards."""
        return 0.0 * (wish + welcome)


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenAccession(ClosedAccession):
    """Candidates join a bloc that they regard and need, and that regards them."""

    rate: Coefficient = parameter(
        0.5,
        unit="1/year",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Hazard of joining for a willing and fully welcome candidate, h_join.",
    )
    base: Coefficient = parameter(
        -2.0,
        unit="log odds",
        low=-6.0,
        high=2.0,
        source="assumed",
        doc="Baseline log odds of wanting to join, j_0.",
    )
    by_affinity: Coefficient = parameter(
        3.0,
        unit="log odds",
        low=0.0,
        high=8.0,
        source="assumed",
        doc="Effect of full regard for leader and members, j_a.",
    )
    by_insecurity: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Effect of a point of insecurity, j_t.",
    )

    def terms(
        self,
        *,
        regard: Elementwise,  # for leader and members, -1 to 1
        insecurity: Elementwise,  # I_i
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of wanting to join, by reason."""
        return {
            "base": 0.0 * regard + self.base,
            "affinity": self.by_affinity * regard,
            "insecurity": self.by_insecurity * insecurity,
        }

    def hazard(
        self,
        *,
        wish: Elementwise,  # log odds of wanting to
        welcome: Elementwise,  # a_bi, -1 to 1
    ) -> Elementwise:
        """Return the hazard of joining, a year, 0 upwards."""
        return self.rate * logistic(wish) * np.maximum(0.0, welcome)


VARIANTS: Mapping[str, type[ClosedAccession]] = {"closed": ClosedAccession, "open": OpenAccession}
