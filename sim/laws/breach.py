"""Breach: the effect of harm by fellow members on belief in the bloc's aid.

None:   belief moves by wars and appeals alone.
Noted:  q_ib <- q_ib exp(-b_h (harm_ib + t sum_m harm_mb)),  over the fellow members m

harm_ib is the harm by fellow members to i in a period, as it adds to i's grievance: a state that
arms a member's rival will hardly fight it. Others take note of it, in part.

Sources: crescenzi2012 (a record of broken faith with others lowers a state's reliability),
snyder1984 (abandonment shows before it comes). Sizes are assumed. Cohesion then
moves between appeals, which is why the form is a variant and not the rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


class BreachLaw(Protocol):
    """The methods of every variant of the breach."""

    is_noted: ClassVar[bool]

    def belief(
        self, *, belief: Elementwise, harm: Elementwise, harm_others: Elementwise
    ) -> Elementwise:
        """Return the belief in aid, 0 to 1, after the harm of a period."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NoBreach:
    """Belief changes only by wars and appeals."""

    is_noted: ClassVar[bool] = False

    def belief(
        self,
        *,
        belief: Elementwise,  # q_ib, 0 to 1
        **_: Elementwise,
    ) -> Elementwise:
        """Return the belief in aid, 0 to 1: unchanged."""
        return belief


@dataclass(frozen=True, kw_only=True, eq=False)
class NotedBreach:
    """Harm by fellow members lowers belief in their aid, most of all for the harmed."""

    is_noted: ClassVar[bool] = True

    by_harm: Coefficient = parameter(
        0.2,
        unit="1/year of budget",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Fall of belief by a year's import budget delivered to a full rival, b_h.",
    )
    note: Coefficient = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        source="crescenzi2012",
        doc="Weight of harm to others relative to one's own, t.",
    )

    def belief(
        self,
        *,
        belief: Elementwise,  # q_ib, 0 to 1
        harm: Elementwise,  # to i by fellow members, years of the rival's budget
        harm_others: Elementwise,  # the same to the other members
    ) -> Elementwise:
        """Return the belief in aid, 0 to 1, after the harm of a period."""
        return belief * np.exp(-self.by_harm * (harm + self.note * harm_others))


VARIANTS: Mapping[str, type[BreachLaw]] = {"none": NoBreach, "noted": NotedBreach}
