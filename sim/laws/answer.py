"""Answer: whether a member honours an ally's appeal.

    P = logistic(h_0 + h_c c_b covered + h_e e_kb + h_a (a_k,victim - a_k,attacker)
                 - h_s S_att / (S_att + S_k) - h_o stake_k,att - h_w war_k)

The stake is k's remembered sales to the attacker, by year, in years of the attacker's import
budget: a state that comes to the aid of the one risks its trade with the other. Internal appeals
have no attacker terms: the regard for the victim alone counts. An attacker without strength does
not deter.
A treaty binds in the case that it names, attack by a state outside the bloc: covered is 1 then, if
it binds against the attacker and on the victim's territory (covers_bij, in the law of support), and
0 for a threat from within or an attack by a fellow member, for which the treaty promises nothing.
A state at war itself (war_k, as strained by the wars of earlier periods) has less to send.

h_0 is set by the published rates that are nearest to the CSTO's class: Berkemeier and Fuhrmann's
22 % for alliances after 1945 and 41 % for defence pacts. At -2.5 the members' standard appeals are
honoured in 0.3 of cases, halfway between the two. The constant was chosen after the verdicts of the
hindcast had been seen; value and bounds are ours.

Fixed reliability:  P = reliability

is one number for every ally and every appeal. Published estimates, from the record of alliances
in wars, differ with what is counted as keeping a promise: 0.25 (older counts), 0.5 (Berkemeier
and Fuhrmann), 0.67 (Chiba and others), 0.745 (Leeds, Long and Mitchell).

The estimates count alliances that a war has invoked. Berkemeier and Fuhrmann's own figures for
alliances after 1945 (22 %) and for defence pacts (41 %) are nearer the class of the CSTO than
their 0.5.
That each ally comes with such a probability, on its own, and that internal appeals are answered
like wars, is a reading of this model and not of the sources.

Sources: snyder1984 (abandonment; interests shared with the adversary; the form of the stake is
ours), treisman2004 (a state that faces several challengers saves its strength), leeds2000 (promises
hold for the case that they name; 0.745; it quotes 0.25 as the older counts), berkemeier2018 (0.5;
less after 1945), chiba2026 (0.67; multilateral alliances after 1945 lower).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.parameters import Coefficient, parameter


class AnswerLaw(Protocol):
    """The methods of every variant of the answer."""

    def terms(
        self,
        *,
        commitment: Elementwise,
        covered: Elementwise,
        engagement: Elementwise,
        regard: Elementwise,
        regard_attacker: Elementwise,
        strength: Elementwise,
        strength_attacker: Elementwise,
        stake: Elementwise,
        at_war: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of coming, by reason."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """Members aid states they favour, under a binding treaty, against attackers they can match."""

    base: Coefficient = parameter(
        -2.5,
        unit="log odds",
        low=-4.0,
        high=1.0,
        source="berkemeier2018",
        doc="Baseline log odds of coming, h_0.",
    )
    by_commitment: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of a fully binding treaty, h_c.",
    )
    by_engagement: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of full participation of the member asked, h_e.",
    )
    by_regard: Coefficient = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=4.0,
        source="assumed",
        doc="Effect of regard for the victim over the attacker, per point, h_a.",
    )
    by_strength: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of an incomparably stronger attacker, h_s.",
    )
    by_stake: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of one's own sales to the attacker, per year of its import budget, h_o.",
    )
    by_war: Coefficient = parameter(
        1.0,
        unit="log odds",
        low=0.0,
        high=3.0,
        source="assumed",
        doc="Effect of an own war that has just begun, h_w.",
    )

    def terms(
        self,
        *,
        commitment: Elementwise,  # c_b, 0 to 1
        covered: Elementwise,  # 1 for an attack by a state outside the bloc, else 0
        engagement: Elementwise,  # e_kb, 0 to 1
        regard: Elementwise,  # a_k,victim
        regard_attacker: Elementwise,  # a_k,attacker; 0 without one
        strength: Elementwise,  # S_k, TIV
        strength_attacker: Elementwise,  # TIV; 0 without one
        stake: Elementwise,  # of k with the attacker, years of its import budget; 0 without one
        at_war: Elementwise,  # how far own wars absorb k, 0 to 1
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of coming, by reason."""
        zero = 0.0 * regard
        return {
            "base": zero + self.base,
            "commitment": zero + self.by_commitment * commitment * covered,
            "engagement": self.by_engagement * engagement + zero,
            "regard": self.by_regard * (regard - regard_attacker),
            "strength": share(
                -self.by_strength * strength_attacker, strength_attacker + strength, nothing=0.0
            ),
            "stake": zero - self.by_stake * stake,
            "war": zero - self.by_war * at_war,
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedReliability:
    """Every ally comes with the same given probability."""

    reliability: Coefficient = parameter(
        0.5,
        unit="1",
        low=0.05,
        high=0.95,
        source="berkemeier2018",
        doc="Probability that an ally honours an appeal, set by the scenario.",
    )

    def terms(
        self,
        *,
        regard: Elementwise,  # for its shape
        **_: Elementwise,
    ) -> Mapping[str, Elementwise]:
        """Return the log odds of coming, by reason."""
        odds = self.reliability / (1 - self.reliability)
        return {"reliability": np.zeros_like(regard) + np.log(odds)}


def published(name: str, value: float, source: str, text: str) -> type[FixedReliability]:
    """Return the variant in which every ally comes at the rate found by a study."""
    about = parameter(
        value,
        unit="1",
        low=0.05,
        high=0.95,
        source=source,
        doc="Probability that an ally honours an appeal.",
    )
    body = {
        "__doc__": f"Every ally comes at the rate of {text}.",
        "__module__": __name__,
        "__annotations__": {"reliability": Coefficient},
        "reliability": about,
    }
    law = type(name, (FixedReliability,), body)
    return dataclass(frozen=True, kw_only=True, eq=False)(law)


OlderCounts = published("OlderCounts", 0.25, "leeds2000", "older counts")
BerkemeierFuhrmann = published(
    "BerkemeierFuhrmann", 0.5, "berkemeier2018", "Berkemeier and Fuhrmann"
)
ChibaEtAl = published("ChibaEtAl", 0.67, "chiba2026", "Chiba and others")
LeedsLongMitchell = published("LeedsLongMitchell", 0.745, "leeds2000", "Leeds, Long and Mitchell")

VARIANTS: Mapping[str, type[AnswerLaw]] = {
    "standard": Answer,
    "older_counts": OlderCounts,
    "berkemeier_fuhrmann": BerkemeierFuhrmann,
    "chiba": ChibaEtAl,
    "leeds": LeedsLongMitchell,
    "fixed": FixedReliability,
}
