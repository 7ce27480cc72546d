"""Slight: offences of a supplier or creditor against its own customer.

None:  regard moves by deliveries alone: each befriends, on credit too.
Felt:  a_ij <- a_ij - (1 + a_ij) (1 - exp(-(s_r rho_ij + s_n embargoed_ij + s_d pressing_ij) dt))
       pressing_ij = (arrears_ij + debt_ij (rate_ij + 1 / tenor_ij)) / B_i

rho_ij is i's memory that j refused it or, where that is remembered so, delivered late. An embargo
takes offers off the market, so that no request is made and refused. embargoed_ij is the share of
i's remembered imports that came from j while j's embargo on i is in force, and 1 while j, by an
embargo or an event, holds up an order of i. (The holder of leverage that withholds loses regard by
leverage.) A debt presses by the payments that are overdue and those due in a year, in years of the
import budget. A state that is embittered with the leader or members of its bloc takes part less, by
its regard for them.

Source: hirschman1945 (a debt is power over the debtor, and resented). The form is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


class SlightLaw(Protocol):
    """The methods of every variant of the slight."""

    is_felt: ClassVar[bool]

    def cooled(
        self,
        *,
        affinity: Elementwise,
        refusal: Elementwise,
        embargoed: Elementwise,
        pressing: Elementwise,
        dt: float,
    ) -> Elementwise:
        """Return the affinity, -1 to 1, of a customer after dt years."""


@dataclass(frozen=True, kw_only=True, eq=False)
class UnfeltSlight:
    """Refusals, embargoes, late deliveries and debts do not affect a customer's regard."""

    is_felt: ClassVar[bool] = False

    def cooled(
        self,
        *,
        affinity: Elementwise,  # a_ij, -1 to 1
        dt: float,  # years
        **_: Elementwise,
    ) -> Elementwise:
        """Return the affinity, -1 to 1, of a customer after any period."""
        del dt
        return affinity


@dataclass(frozen=True, kw_only=True, eq=False)
class FeltSlight:
    """Refusals, embargoes, late deliveries and pressing debts embitter a customer."""

    is_felt: ClassVar[bool] = True

    by_refusal: Coefficient = parameter(
        0.05,
        unit="1/year",
        low=0.0,
        high=0.3,
        source="assumed",
        doc="Push of a fully remembered refusal, s_r.",
    )
    by_embargo: Coefficient = parameter(
        0.05,
        unit="1/year",
        low=0.0,
        high=0.3,
        source="assumed",
        doc="Push of an embargo by the only supplier, or of a halted order, s_n.",
    )
    by_debt: Coefficient = parameter(
        0.05,
        unit="1/year",
        low=0.0,
        high=0.3,
        source="assumed",
        doc="Push of a year's import budget in arrears or due within a year, s_d.",
    )

    def cooled(
        self,
        *,
        affinity: Elementwise,  # a_ij, -1 to 1
        refusal: Elementwise,  # rho_ij, 0 to 1
        embargoed: Elementwise,  # 0 to 1
        pressing: Elementwise,  # years of import budget
        dt: float,  # years
    ) -> Elementwise:
        """Return the affinity, -1 to 1, of a customer after dt years."""
        rate = self.by_refusal * refusal + self.by_embargo * embargoed
        rate = rate + self.by_debt * pressing
        return affinity + np.expm1(-rate * dt) * (1 + affinity)


VARIANTS: Mapping[str, type[SlightLaw]] = {"none": UnfeltSlight, "felt": FeltSlight}
