"""War: the effects of fighting and of the answers to an appeal.

Attrition takes shares of both arsenals. With i wars won and j lost of an intensity s each,

    remaining = (1 - s loss_winner)^i (1 - s loss_loser)^j

is left. s is 1 unless an event sets a lower intensity, as for a war of a few days; the shares
left after wars of different intensity multiply. Of units that reach an asset of the other,
missiles above all, a war also uses up a share f_w on both sides: (1 - s f_w)^(i + j) of them is
left, before losses. A war of n periods counts as 1 / n of a war in each of them, so that it costs
the same however long it lasts and however time is cut; n is
max(1, round(length / dt)), or what an event says. A new war of the same two ends the present
one, whose remaining cost then falls due at once, and which has no victor. The dispute and the
mutual regard move by parameters, as a war begins. A war binds both sides by its intensity while it
lasts, and then less: after each period

    war_i <- max(war_i exp(-dt / duration), s)

The estimate q_ib moves towards the bloc's answer, but for a member against which another has
appealed: it does not learn about aid to itself. The victim's regard rises for those who came and
falls for those who did not, most of all for the leader. Fellow members who look on while a
member fights that has not appealed are judged as for a refusal, with the weight `unasked`.

The bitterness of a war, and the lessons and blame where an appeal is answered or no ally is asked,
are the same for a small war, or are in proportion to its intensity (by_intensity 1):

    m = 1 - by_intensity (1 - s)

By duty:  blame_k is weighted by c_b covered S_k / (S_k + S_att)

so that blame falls on those who were bound to come, as the treaty covers an attack from outside the
bloc and not a threat from within, and who could come. In the standard form all are blamed alike,
but for the leader.

Sources: snyder1984 (an ally learns from how appeals are answered; to withhold the support that was
expected is abandonment, asked for or not), mediamax_trust2018 (16 percent of Armenians trusted the
CSTO with their security in 2017, after a war of 2016 in which no ally was asked and none came);
sizes are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class War:
    """Wars cost arms and cause bitterness; unanswered appeals embitter allies."""

    weighs_duty: ClassVar[bool] = False  # whether blame depends on the duty and ability to come

    loss_winner: Coefficient = parameter(
        0.10,
        unit="share",
        low=0.0,
        high=0.4,
        source="assumed",
        doc="Share of the winner's arsenal that a war costs.",
    )
    loss_loser: Coefficient = parameter(
        0.30,
        unit="share",
        low=0.05,
        high=0.8,
        source="assumed",
        doc="Share of the loser's arsenal that a war costs.",
    )
    bitterness: Coefficient = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=0.8,
        source="assumed",
        doc="Share of the way to full dispute and enmity that a war moves both sides.",
    )
    lesson: Coefficient = parameter(
        0.5,
        unit="share",
        low=0.1,
        high=0.9,
        source="assumed",
        doc="Share of the way to the bloc's answer that belief in aid to the victim moves.",
    )
    example: Coefficient = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed",
        doc="The same for belief in aid to the other members.",
    )
    gratitude: Coefficient = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed",
        doc="Share of the way to full regard that the victim moves after help.",
    )
    resentment: Coefficient = parameter(
        0.08,
        unit="share",
        low=0.0,
        high=0.5,
        source="assumed",
        doc="Share of the way to enmity that the victim moves after a refusal.",
    )
    leader_blame: Coefficient = parameter(
        3.0,
        unit="1",
        low=1.0,
        high=5.0,
        source="assumed",
        doc="Factor by which a refusal by the leader counts more.",
    )

    unasked: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Weight of standing by in a war without an appeal, relative to a refusal.",
    )

    duration: Coefficient = parameter(
        1.0,
        unit="years",
        low=0.3,
        high=6.0,
        source="assumed",
        doc="Years over which the strain of a war on a side falls to 37 %.",
    )
    length: Coefficient = parameter(
        0.0,
        unit="years",
        low=0.0,
        high=3.0,
        off=True,
        source="assumed",
        doc="Duration of a war, unless an event gives it; 0: one period.",
    )

    by_intensity: Coefficient = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        off=True,
        source="assumed",
        doc="How far bitterness, blame and lessons depend on a war's intensity; 0: not at all.",
    )

    def felt(self, *, intensity: Elementwise) -> Elementwise:
        """Return the bitterness and lessons of a war, 0 to 1, relative to full intensity."""
        return 1 - self.by_intensity * (1 - intensity)

    def remaining(
        self,
        *,
        won: Elementwise,  # wars, or the part of one that was fought in a period
        lost: Elementwise,
        intensity: Elementwise,  # intensity: share of the losses of a full war, 0 to 1
    ) -> Elementwise:
        """Return the share of an arsenal, 0 to 1, left after so many wars won and lost."""
        kept = (1 - intensity * self.loss_winner) ** won
        return kept * (1 - intensity * self.loss_loser) ** lost

    def unspent(
        self,
        *,
        fought: Elementwise,  # wars, or the part of one that was fought in a period
        intensity: Elementwise,  # intensity: share of the losses of a full war, 0 to 1
        expended: Elementwise,  # share of the units that a war uses up, 0 to 1
    ) -> Elementwise:
        """Return the share of units, 0 to 1, that is left after their use in wars."""
        left: Elementwise = (1 - intensity * expended) ** fought
        return left

    def periods(
        self,
        *,
        length: Elementwise,  # years given by an event; below zero if there is none
        dt: float,  # years
    ) -> Elementwise:
        """Return the duration of a war in periods, 1 upwards."""
        years: Elementwise = np.where(length < 0, self.length, length)
        return np.maximum(np.rint(years / dt), 1.0)

    def dispute(self, *, rivalry: Elementwise, war: Elementwise) -> Elementwise:
        """Return the dispute, 0 to 1, after a war (m, 1 at most) or none (0)."""
        return rivalry + self.bitterness * war * (1 - rivalry)

    def enmity(self, *, affinity: Elementwise, war: Elementwise) -> Elementwise:
        """Return the affinity, -1 to 1, after a war (m, 1 at most) or none (0)."""
        return affinity - self.bitterness * war * (1 + affinity)

    def belief(
        self,
        *,
        belief: Elementwise,  # 0 to 1
        answer: Elementwise,  # of the bloc, 0 to 1
        victim: Elementwise,  # 1 for the state that appealed
        heard: Elementwise,  # m if an appeal, not against it, was answered and it is a member
    ) -> Elementwise:
        """Return the belief, 0 to 1, that the bloc would aid each state."""
        pace = heard * (self.lesson * victim + self.example * (1 - victim))
        return belief + pace * (answer - belief)

    def regard(
        self,
        *,
        affinity: Elementwise,  # of the victim towards the member asked, -1 to 1
        came: Elementwise,  # 0 to 1: how far it came
        asked: Elementwise,  # m if it was asked
        leads: Elementwise,  # 1 if it leads the bloc
        duty: Elementwise | None = None,  # share of the blame that falls on it; None: all
    ) -> Elementwise:
        """Return the victim's regard, -1 to 1, for a member that it asked for help."""
        up = self.gratitude * came * (1 - affinity)
        down = self.blame(leads=leads, duty=duty) * (1 - came) * (1 + affinity)
        moved = affinity + asked * (up - down)
        return moved.clip(-1.0, 1.0)

    def blame(self, *, leads: Elementwise, duty: Elementwise | None = None) -> Elementwise:
        """Return the share of the way to enmity, 0 to 1, that the victim moves after a refusal."""
        whole = (self.resentment * (1 + (self.leader_blame - 1) * leads)).clip(0.0, 1.0)
        return whole if duty is None else whole * duty

    def duty(
        self,
        *,
        commitment: Elementwise,  # c_b, 0 to 1
        covered: Elementwise,  # 1 for an attack by a state outside the bloc, else 0
        strength: Elementwise,  # S_k, TIV
        strength_attacker: Elementwise,  # TIV; 0 without one
    ) -> Elementwise:
        """Return the share of the blame, 0 to 1, that falls on a member that did not come."""
        able = share(strength, strength + strength_attacker, nothing=0.0)
        return commitment * covered * able

    def strained(self, *, strain: Elementwise, intensity: Elementwise, dt: float) -> Elementwise:
        """Return how far wars absorb a state, 0 to 1, after those of a period."""
        return np.maximum(strain * np.exp(-dt / self.duration), intensity)


@dataclass(frozen=True, kw_only=True, eq=False)
class WarOfDuty(War):
    """As standard, but only members obliged and able to come are blamed for a refusal."""

    weighs_duty: ClassVar[bool] = True


VARIANTS: Mapping[str, type[War]] = {"standard": War, "by_duty": WarOfDuty}
