"""Membership: formal exit, and the ladder of disengagement before it.

    exit hazard = rate exp(-e_ib / scale)
    stages, read off engagement: skip drills, refuse to host, freeze, stop paying, announce exit

Membership is sticky, content is not.

Priced:  exit hazard = rate exp(-e_ib / scale - k_c price_ib - k_n (1 - exit_ib))
         price_ib = c_b S_l / (S_l + S_i) near_il (f + (1 - f) access_ib)

Leaving has a price. The leader could punish a member that leaves, by its strength, its nearness
and its way by land through the bloc (access_ib, 0 or 1; without one the share f of its strength
arrives), as far as it coerces its members at all, c_b, a number of the bloc. Albania could go,
Hungary could not. And a member without a sponsor has losses that no state replaces (exit_ib).

Shocks:  m_ib <- m_ib exp(-dt / memory) + (1 - answer) + breach harm_ib
         freezing hazard = freezing m_ib,   thawing hazard = thaw where logistic(V_ib) >= skips

As priced, and to freeze is a decision after a shock, a refused appeal or harm by fellow members,
m_ib, not a step of a stock that falls by degrees. Without a decision the ladder ends at its second
stage; after one, engagement is that of a frozen member at most. The size of `freezing` is taken
from facts known by 2020. Until then members of the CSTO had been left alone three times,
an appeal refused (Kyrgyzstan in 2010) and two wars looked on at (Armenia's of 2016 and 2020), and
none of them had frozen. Counted alike, the chance that a refusal freezes is, by Jeffreys' rule,
(0 + 1/2) / (3 + 1) = 1/8; over the memory of a shock that is a hazard of -ln(7/8) / memory, 0.067.
The law itself counts appeals alone: by the one of 2010 the chance would be 1/4, the hazard 0.144.

Sources: leedssavun2007 (why treaties are terminated), weitsman2004 (members that are held, not
served), lake2009 (hierarchy, and the cost of leaving it); thresholds, hazards and the forms are
assumed, only the order and the timing of the stages are evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise, logistic, share
from sim.kernel.parameters import Coefficient, parameter

STAGES = ("full", "skips drills", "refuses to host", "frozen", "stops paying", "announces exit")
FROZEN = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Membership:
    """Members leave formally only when their membership has lost its content."""

    priced: ClassVar[bool] = False  # whether leaving has a price
    shocked: ClassVar[bool] = False  # whether a shock freezes

    exit_rate: Coefficient = parameter(
        0.2,
        unit="1/year",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Hazard of formal exit at zero engagement.",
    )
    exit_scale: Coefficient = parameter(
        0.05,
        unit="1",
        low=0.01,
        high=0.2,
        source="assumed",
        doc="Engagement over which the hazard falls to 37 %.",
    )
    skips: Coefficient = parameter(
        0.45,
        unit="1",
        low=0.30,
        high=0.7,
        source="assumed",
        doc="Engagement below which a member skips drills.",
    )
    step: Coefficient = parameter(
        0.08,
        unit="1",
        low=0.02,
        high=0.15,
        source="assumed",
        doc="Engagement from each stage to the next.",
    )

    def terms(self, *, engagement: Elementwise, **_: Elementwise) -> Mapping[str, Elementwise]:
        """Return the terms of the log hazard of formal exit, by reason."""
        return {"part": -engagement / self.exit_scale}

    def hazard(self, *, wish: Elementwise) -> Elementwise:
        """Return the hazard of formal exit, a year, from the sum of its terms."""
        return self.exit_rate * np.exp(wish)

    def stage(self, *, engagement: Elementwise, **_: Elementwise) -> Elementwise:
        """Return the stage of disengagement, 0 (full) to 5 (announces exit)."""
        below = (self.skips - engagement) / self.step
        return np.where(below > 0, np.minimum(np.floor(below) + 1, len(STAGES) - 1), 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class PricedMembership(Membership):
    """As standard, but leaving costs punishment by the leader, and losses without a replacement."""

    priced: ClassVar[bool] = True

    by_coercion: Coefficient = parameter(
        4.0,
        unit="log hazard",
        low=0.0,
        high=10.0,
        source="assumed",
        doc="Reduction of the log hazard of exit by full coercion, k_c.",
    )
    overseas: Coefficient = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Share of a leader's strength that reaches a member without access by land, f.",
    )
    by_need: Coefficient = parameter(
        2.0,
        unit="log hazard",
        low=0.0,
        high=6.0,
        source="assumed",
        doc="Reduction of the log hazard of exit without an exit option, k_n.",
    )

    def price(
        self,
        *,
        coerces: Elementwise,  # c_b, 0 to 1
        strength: Elementwise,  # of the member, TIV
        leader: Elementwise,  # its strength, TIV
        near: Elementwise,  # share of the leader's strength that arrives over the distance
        access: Elementwise,  # 1 if the leader has access by land
    ) -> Elementwise:
        """Return the leader's coercion of a member that leaves, 0 to 1."""
        way = self.overseas + (1 - self.overseas) * access
        return coerces * share(leader, leader + strength, nothing=0.0) * near * way

    def terms(
        self,
        *,
        engagement: Elementwise,  # e_ib, 0 to 1
        price: Elementwise = 0.0,  # 0 to 1
        ways_out: Elementwise = 1.0,  # exit_ib, 0 to 1
        **_: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the terms of the log hazard of formal exit, by reason."""
        return {
            **super().terms(engagement=engagement),
            "price": -self.by_coercion * price,
            "need": -self.by_need * (1 - ways_out),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class ShockedMembership(PricedMembership):
    """As priced, but members freeze by a decision after a shock, not gradually."""

    shocked: ClassVar[bool] = True

    freezing: Coefficient = parameter(
        0.067,
        unit="1/year",
        low=0.0,
        high=2.0,
        source="assumed",
        doc="Hazard of freezing just after a refused appeal.",
    )
    shock_memory: Coefficient = parameter(
        2.0,
        unit="years",
        low=0.25,
        high=10.0,
        source="assumed",
        doc="Years over which a shock fades to 37 %.",
    )
    breach: Coefficient = parameter(
        0.25,
        unit="1/year of budget",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Weight of harm of a year's import budget relative to a refused appeal.",
    )
    thaw: Coefficient = parameter(
        0.5,
        unit="1/year",
        low=0.0,
        high=5.0,
        source="assumed",
        doc="Hazard of the end of a freeze once taking part is worthwhile again.",
    )

    def shocks(
        self,
        *,
        shaken: Elementwise,  # m_ib before, refused appeals
        refused: Elementwise,  # sum over own appeals of 1 - answer
        harm: Elementwise,  # by fellow members in the period, years of the rival's budget
        dt: float,  # years
    ) -> Mapping[str, Elementwise]:
        """Return the memory of shocks by source, in refused appeals; the sum is m_ib."""
        return {
            "before": shaken * np.exp(-dt / self.shock_memory),
            "refused": refused,
            "harm": self.breach * harm,
        }

    def freeze_hazard(self, *, shaken: Elementwise) -> Elementwise:
        """Return the hazard of freezing, a year, 0 upwards."""
        return self.freezing * shaken

    def thaw_hazard(self, *, worth: Elementwise) -> Mapping[str, Elementwise]:
        """Return the hazard of the end of a freeze, a year, 0 upwards, by its only reason."""
        return {"worth": self.thaw * (logistic(worth) >= self.skips)}

    def kept(self, *, engagement: Elementwise, frozen: Elementwise) -> Elementwise:
        """Return the engagement, 0 to 1; for a frozen member at most that of the frozen stage."""
        most = np.maximum(self.skips - (FROZEN - 1) * self.step, 0.0)
        return np.where(frozen > 0, np.minimum(engagement, most), engagement)

    def stage(
        self,
        *,
        engagement: Elementwise,  # e_ib, 0 to 1
        frozen: Elementwise = 0.0,  # 1 where the member has frozen
        **_: Elementwise,
    ) -> Elementwise:
        """Return the stage of disengagement, 0 (full) to 5 (announces exit)."""
        rung = super().stage(engagement=engagement)
        return np.where(frozen > 0, np.maximum(rung, FROZEN), np.minimum(rung, FROZEN - 1))


VARIANTS: Mapping[str, type[Membership]] = {
    "standard": Membership,
    "priced": PricedMembership,
    "shocks": ShockedMembership,
}
