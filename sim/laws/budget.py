"""Budget: what share of their output states spend on arms, as threat and trust change.

Fixed:       m_i = 1
Responsive:  ln m*_i = eta ln((I_i + eps) / (I_i0 + eps)) + zeta (f_i0 - f_i),
                       kept within +- ln(ceiling)
             m_i <- m_i + (m*_i - m_i) (1 - exp(-dt / delay))

A state's burden is m_i times that of the scenario, which events change; m_i starts at 1. I_i is
its insecurity at the end of a period, I_i0 that at the start, or what the scenario says it was
used to; eps, 0.01, is an insecurity below which states do not differ. f_i is its faith in aid,
max_b commitment_b q_ib over its blocs, f_i0 that at the start: arms take the place of allies. An
ally that is less believed in also supports less and so adds to I_i; zeta is what faith counts
beyond that.

Sources: richardson1960 (spending follows the other side's, with a delay), nordhaus2012 (burdens
rise with the probability of conflict), morrow1993 (arms and allies are two ways to the same
security). The form and its numbers are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter

LEAST = 0.01  # insecurity below which states do not differ


class BudgetLaw(Protocol):
    """The methods of every variant of the budget."""

    responds: ClassVar[bool]

    def moved(
        self,
        *,
        arming: Elementwise,
        insecurity: Elementwise,
        reference: Elementwise,
        faith: Elementwise,
        faith_before: Elementwise,
        dt: float,
    ) -> Elementwise:
        """Return a state's burden after dt years, as a multiple of the scenario's, 0 upwards."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedBudget:
    """States spend the burden that the scenario gives, in all circumstances."""

    responds: ClassVar[bool] = False  # whether it needs the values at the start

    def moved(
        self,
        *,
        arming: Elementwise,  # m_i, times the scenario's burden
        dt: float,  # years
        **_: Elementwise,
    ) -> Elementwise:
        """Return a state's burden after any period, as a multiple of the scenario's, 0 upwards."""
        del dt
        return arming


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsiveBudget:
    """States spend more as they are less secure and believe less in the aid of others."""

    responds: ClassVar[bool] = True

    elasticity: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.5,
        source="assumed",
        doc="Rise of the log of the burden with the log of insecurity, eta.",
    )
    by_faith: Coefficient = parameter(
        0.5,
        unit="log",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Rise of the log of the burden if all belief in aid is lost, zeta.",
    )
    delay: Coefficient = parameter(
        2.0,
        unit="years",
        low=0.25,
        high=8.0,
        source="assumed",
        doc="Years over which the gap between the burden and its target falls to 37 %.",
    )
    ceiling: Coefficient = parameter(
        2.5,
        unit="times the scenario's",
        low=1.0,
        high=5.0,
        source="assumed",
        doc="Largest multiple of the burden; the smallest is its inverse.",
    )

    def terms(
        self,
        *,
        insecurity: Elementwise,  # I_i, 0 upwards
        reference: Elementwise,  # I_i0
        faith: Elementwise,  # f_i, 0 to 1
        faith_before: Elementwise,  # f_i0
    ) -> Mapping[str, Elementwise]:
        """Return the log of the target burden relative to the scenario's, by reason."""
        return {
            "threat": self.elasticity * np.log((insecurity + LEAST) / (reference + LEAST)),
            "faith": self.by_faith * (faith_before - faith),
        }

    def moved(
        self,
        *,
        arming: Elementwise,  # m_i, times the scenario's burden
        insecurity: Elementwise,  # I_i, 0 upwards
        reference: Elementwise,  # I_i0
        faith: Elementwise,  # f_i, 0 to 1
        faith_before: Elementwise,  # f_i0
        dt: float,  # years
    ) -> Elementwise:
        """Return a state's burden after dt years, as a multiple of the scenario's, 0 upwards."""
        terms = self.terms(
            insecurity=insecurity, reference=reference, faith=faith, faith_before=faith_before
        )
        most = np.log(self.ceiling)
        aim = np.exp(np.clip(terms["threat"] + terms["faith"], -most, most))
        return arming - (aim - arming) * np.expm1(-dt / self.delay)


VARIANTS: Mapping[str, type[BudgetLaw]] = {"fixed": FixedBudget, "responsive": ResponsiveBudget}
