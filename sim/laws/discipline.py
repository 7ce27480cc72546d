"""Discipline: whether a bloc shuts a member out of its meetings, terms and aid, or expels it.

    a_bi = w a_li + (1 - w) mean_k a_ki,   k in b, not i, l
    shutting out    hazard = h_shut max(0, -a_bi)
    readmission     hazard = h_back max(0, a_bi)          of those that are shut out
    expulsion       hazard = h_expel max(0, -a_bi)        of those that are shut out

A member that is shut out stays a member. It takes no part, gets neither terms nor aid, and pays
the cost of leaving if it goes. With w = 1 the leader decides alone, with w = 0 the others do; a
leader that has left has no say. The two parts of a_bi, times the hazard, are the reasons of a
decision.
The lenient bloc shuts no member out by itself; an event of the scenario may, in any bloc.

Sources: vonborzyskowski2019 (states whose preferences part from those of the others leave),
pressman2008 (allies restrain an ally by benefits that they may withhold). That dislike shuts out as
it makes leave, and the forms, are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Leniency:
    """A bloc keeps members that it dislikes."""

    acts: ClassVar[bool] = False  # whether it excludes or expels by itself

    def shutting(self, *, leader: Elementwise, others: Elementwise) -> Mapping[str, Elementwise]:
        """Return the reasons for excluding a member, by whose regard: none."""
        return {"leader": 0.0 * leader, "others": 0.0 * others}


@dataclass(frozen=True, kw_only=True, eq=False)
class Discipline(Leniency):
    """A bloc excludes members that its leader and the others dislike, and may expel them."""

    acts: ClassVar[bool] = True

    decides: Coefficient = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Weight of the leader's regard relative to that of the other members, w.",
    )
    shuts: Coefficient = parameter(
        0.5,
        unit="1/year",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Hazard of exclusion at full dislike, h_shut.",
    )
    readmits: Coefficient = parameter(
        1.0,
        unit="1/year",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Hazard of readmission at full regard, h_back.",
    )
    expels: Coefficient = parameter(
        0.05,
        unit="1/year",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Hazard of expulsion of an excluded member at full dislike, h_expel.",
    )

    def shutting(self, *, leader: Elementwise, others: Elementwise) -> Mapping[str, Elementwise]:
        """Return the reasons for excluding a member, a year, by whose regard."""
        return self._by(-self.shuts, leader, others)

    def readmission(self, *, leader: Elementwise, others: Elementwise) -> Mapping[str, Elementwise]:
        """Return the reasons for readmitting an excluded member, a year."""
        return self._by(self.readmits, leader, others)

    def expulsion(self, *, leader: Elementwise, others: Elementwise) -> Mapping[str, Elementwise]:
        """Return the reasons for expelling an excluded member, a year."""
        return self._by(-self.expels, leader, others)

    def hazard(self, *, wish: Elementwise) -> Elementwise:
        """Return the hazard from the sum of the reasons, a year, 0 upwards."""
        return np.maximum(0.0, wish)

    def _by(
        self, rate: Coefficient, leader: Elementwise, others: Elementwise
    ) -> Mapping[str, Elementwise]:
        return {
            "leader": rate * self.decides * leader,
            "others": rate * (1 - self.decides) * others,
        }


VARIANTS: Mapping[str, type[Leniency]] = {"lenient": Leniency, "strict": Discipline}
