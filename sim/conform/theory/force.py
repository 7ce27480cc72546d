"""The theory of the laws of strength, deterrence and war."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.conform.claims import FAR, Halves, Identity, Limit, Moves, Theory, Within
from sim.kernel.arrays import TINY, logistic

POSITIVE = (1.0, 3000.0)


def _second_batch(law: Any, a: dict[str, Any]) -> Any:
    del law
    one = a["satiation"] * np.log1p(a["held"] / 2 / a["satiation"])
    return 2 * one.sum(axis=1)


def _internal(law: Any, a: dict[str, Any]) -> Any:
    """Return the log odds of an answer to an appeal that names no attacker."""
    none = 0.0 * a["regard"]
    gone = dict.fromkeys(("covered", "regard_attacker", "strength_attacker", "stake"), none)
    return sum(law.terms(**{**a, **gone}).values())


def _no_stake(law: Any, a: dict[str, Any]) -> Any:
    """Return the log odds of an answer by a state without sales to the attacker."""
    return sum(law.terms(**{**a, "stake": 0.0 * a["stake"]}).values())


def _two_wars(law: Any, a: dict[str, Any]) -> Any:
    """Return the remaining share after the same losses twice."""
    return law.remaining(**a) * law.remaining(**a)


_CONTEST: Theory = (
    Moves("win", rises="strength", falls="opposed"),
    Within("win", 0, 1),
    Limit("win", 0.5, said="parity without support gives one half", fixed={"opposed": "strength"}),
    Limit("win", 0.5, said="two states without strength have one half each",
          fixed={"strength": 0.0, "opposed": 0.0}),
    Identity(
        "win", said="win_ij + win_ji = 1 without support",
        left=lambda law, a: law.win(**a) + law.win(strength=a["opposed"], opposed=a["strength"]),
        right=lambda law, a: np.ones_like(a["strength"]),
    ),
    Identity("win", said="does not depend on the unit of strength",
             left=lambda law, a: law.win(strength=7 * a["strength"], opposed=7 * a["opposed"]),
             right=lambda law, a: law.win(**a)),
)  # fmt: skip

_FIXED: Theory = (
    Moves("terms", still="regard"),
    Identity("terms", said="every ally comes with the same probability",
             left=lambda law, a: logistic(law.terms(**a)["reliability"]),
             right=lambda law, a: law.reliability + 0 * a["regard"]),
)  # fmt: skip

_WAR: Theory = (
    Moves("remaining", falls="won lost intensity"),
    Within("remaining", 0, 1),
    Limit("remaining", 1.0, said="no war, no losses", fixed={"won": 0.0, "lost": 0.0}),
    Moves("unspent", falls="fought intensity expended"),
    Within("unspent", 0, 1),
    Limit("unspent", 1.0, said="missiles that are not fired are not spent",
          fixed={"expended": 0.0}),
    Limit("unspent", 1.0, said="without fighting, no missiles are fired",
          fixed={"fought": 0.0}),
    Limit("remaining", 1.0, said="a war of no intensity costs nothing",
          fixed={"intensity": 0.0}),
    Identity("remaining", said="losses of two wars multiply", left=_two_wars,
             right=lambda law, a: law.remaining(
                 won=2 * a["won"], lost=2 * a["lost"], intensity=a["intensity"])),
    Moves("periods", rises="length", where={"length": (0.0, 10.0)}),
    Within("periods", lambda law, a: a["length"] / a["dt"] - 0.5,
           lambda law, a: a["length"] / a["dt"] + 1,
           said="a war lasts as long as its length to half a period, one at least",
           where={"length": (0.0, 10.0)}),
    Identity("periods", said="without a length by an event it has that of the law",
             left=lambda law, a: law.periods(length=0 * a["length"] - 1, dt=a["dt"]),
             right=lambda law, a: law.periods(
                 length=law.length + 0 * a["length"], dt=a["dt"])),
    Moves("dispute", rises="rivalry war"),
    Within("dispute", 0, 1),
    Limit("dispute", "rivalry", said="no war, no change", fixed={"war": 0.0}),
    Moves("enmity", rises="affinity", falls="war"),
    Within("enmity", -1, 1),
    Limit("enmity", "affinity", said="no war, no change", fixed={"war": 0.0}),
    Moves("belief", rises="belief answer", either="victim heard",
          why="a good answer raises belief, a bad one lowers it"),
    Within("belief", lambda law, a: np.minimum(a["belief"], a["answer"]),
           lambda law, a: np.maximum(a["belief"], a["answer"]),
           said="moves towards the answer and never beyond"),
    Limit("belief", "belief", said="without an appeal heard belief does not change",
          fixed={"heard": 0.0}),
    Limit("belief", "belief", said="an answer as expected does not change belief",
          fixed={"answer": "belief"}),
    Moves(
        "regard", rises="came", falls="leads duty", either="affinity asked",
        why="being asked helps members that came and hurts the others, and a heavy "
        "blame leaves little of the earlier regard",
    ),
    Within("regard", -1, 1),
    Limit("regard", "affinity", said="not asked, not blamed", fixed={"asked": 0.0}),
    Moves("blame", rises="leads duty"),
    Within("blame", 0, 1),
    Moves("felt", rises="intensity"),
    Within("felt", 0, 1),
    Limit("felt", 1.0, said="a war of full intensity is felt wholly", fixed={"intensity": 1.0}),
    Moves("strained", rises="intensity strain"),
    Within("strained", 0, 1),
    Limit("strained", 1.0, said="a war of full intensity binds wholly",
          fixed={"intensity": 1.0}),
    Halves("strained", "strain", fixed={"intensity": 0.0}),
    Moves("duty", rises="commitment covered strength", falls="strength_attacker"),
    Within("duty", 0, 1),
    Limit("duty", 0.0, said="a state not bound by a treaty is not blamed", fixed={"covered": 0.0}),
    Limit("duty", 0.0, said="a state without strength is not blamed", fixed={"strength": 0.0}),
    Limit("duty", "commitment", said="against an attacker without strength, the whole commitment",
          fixed={"covered": 1.0, "strength_attacker": 0.0}, where={"strength": POSITIVE}),
)  # fmt: skip


FORCE: Mapping[str, Mapping[str, Theory]] = {
    "strength": {
        "standard": (
            Moves("strength", rises="spending arms"),
            Moves("arms", rises="held satiation"),
            Within("arms", said="a filled class adds little: a second batch less than the first",
                   high=_second_batch),
            Limit("arms", 0.0, said="an empty arsenal adds nothing", fixed={"held": 0.0}),
            Limit("strength", lambda law, a: a["spending"] * law.conversion,
                  said="without arms, strength is spending at home", fixed={"arms": 0.0}),
        ),
    },
    "support": {
        "standard": (
            Moves("support", rises="commitment belief engagement helpers"),
            Within("support", 0, lambda law, a: a["helpers"],
                   said="is no more than the helpers would bring"),
            Limit("support", 0.0, said="without belief there is no support",
                  fixed={"belief": 0.0}),
            Limit("support", 0.0, said="without commitment there is no support",
                  fixed={"commitment": 0.0}),
            Limit("support", 0.0, said="without engagement there is no support",
                  fixed={"engagement": 0.0}),
            Limit("support", "helpers",
                  said="with full belief, commitment and engagement, all helpers",
                  fixed={"belief": 1.0, "commitment": 1.0, "engagement": 1.0}),
            Moves("shielding", rises="regard_attacker", falls="pivotal"),
            Within("shielding", -1, 1),
            Limit("shielding", "regard_attacker", said="a bloc that takes sides spares friends",
                  fixed={"pivotal": 0.0}),
            Limit("shielding", 0.0, said="a full pivot does not spare a friend that attacks",
                  where={"regard_attacker": (0.0, 1.0)}, fixed={"pivotal": 1.0}),
            Moves("aid", rises="engagement regard strength", falls="regard_opponent"),
            Within("aid", 0, lambda law, a: a["strength"],
                   said="lies within 0 to the helper's strength"),
            Limit("aid", 0.0, said="no help from a member that prefers the opponent",
                  fixed={"regard": -1.0}),
        ),
    },
    "contest": {
        "ratio": (
            *_CONTEST,
            Limit("win", 1.0, said="without an opponent, certain to prevail",
                  fixed={"opposed": 0.0},
                  where={"strength": POSITIVE}),
            Limit("win", 0.0, said="no strength, no chance", fixed={"strength": 0.0},
                  where={"opposed": POSITIVE}),
        ),
        "difference": _CONTEST,
    },
    "strike": {
        "standard": (
            Moves("yields", rises="rounds reliability payload reach radius", falls="distance",
                  either="cep", why="0 means no strike role"),
            Moves("yields", falls="cep", where={"cep": (1.0, 500.0)}),
            Limit("yields", 0.0, said="no CEP, no strike role", fixed={"cep": 0.0}),
            Limit("yields", 0.0, said="out of range, no hits", fixed={"distance": FAR}),
            Limit("yields", 0.0, said="no charge, no hits", fixed={"payload": 0.0}),
            Limit(
                "yields", said="half of the rounds fall within the CEP",
                fixed={"cep": "radius", "distance": 0.0,
                       "payload": lambda law, a: law.charge_scale + 0 * a["payload"]},
                equals=lambda law, a: a["rounds"] * a["reliability"] / 2,
            ),
            Moves("passing", falls="defence"),
            Within("passing", 0, 1),
            Limit("passing", 1.0, said="without defence all rounds get through",
                  fixed={"defence": 0.0}),
            Limit("passing", 0.0, said="unlimited defence stops all rounds",
                  fixed={"defence": FAR}),
            Moves("destroyed", rises="hits value", falls="hardness"),
            Within("destroyed", 0, lambda law, a: a["value"],
                   said="is no more than the value of the asset"),
            Limit("destroyed", 0.0, said="zero hits, zero exposure", fixed={"hits": 0.0}),
            Limit("destroyed", "value", said="unlimited hits destroy the asset",
                  fixed={"hits": FAR}),
        ),
    },
    "counterforce": {
        "standard": (
            Moves("surviving", rises="launchers", falls="find rounds_in_reach"),
            Within("surviving", 0, 1),
            Limit("surviving", 1.0, said="launchers that are not found survive",
                  fixed={"find": 0.0}),
            Limit("surviving", 1.0, said="without rounds in reach all survive",
                  fixed={"rounds_in_reach": 0.0}),
            Limit("surviving", lambda law, a: 1 - a["find"],
                  said="unlimited rounds destroy all launchers that are found",
                  fixed={"rounds_in_reach": FAR}),
        ),
    },
    "deterrence": {
        "standard": (
            Moves("gain", rises="rivalry win", falls="second_strike"),
            Limit("gain", lambda law, a: -law.threshold + 0 * a["win"],
                  said="without a dispute an attack costs its threshold",
                  fixed={"rivalry": 0.0, "second_strike": 0.0}),
        ),
        "preventive": (
            Moves("gain", rises="rivalry win shift", falls="second_strike"),
            Limit("gain", lambda law, a: -law.threshold + 0 * a["win"],
                  said="without a dispute and a coming shift, an attack costs its threshold",
                  fixed={"rivalry": 0.0, "second_strike": 0.0, "shift": 0.0}),
        ),
    },
    "threat": {
        "balance_of_threat": (
            Moves("threat", rises="rivalry win exposure near", falls="second_strike"),
            Moves("near", falls="distance"),
            Within("threat", 0, 1),
            Limit("near", 1.0, said="at distance zero power keeps all its strength",
                  fixed={"distance": 0.0}),
            Limit("near", 0.0, said="infinitely far it keeps none", fixed={"distance": FAR}),
            Limit("threat", 0.0, said="without a dispute there is no threat",
                  fixed={"rivalry": 0.0}),
            Limit(
                "threat", said="infinitely far, only what the rival can strike counts",
                fixed={"near": 0.0},
                equals=lambda law, a: a["rivalry"] * (1 - law.power_weight) * a["exposure"]
                * (1 - a["second_strike"]),
            ),
            Limit("threat", 0.0, said="infinitely far and with a full answer, no threat",
                  fixed={"near": 0.0, "second_strike": 1.0}),
        ),
        "balance_of_power": (
            Moves("threat", rises="win near", still="rivalry"),
            Moves("near", falls="distance"),
            Within("threat", 0, 1),
            Limit("threat", 0.0, said="infinitely far, no threat", fixed={"near": 0.0}),
            Limit("threat", "win", said="at distance zero, the chance to prevail",
                  fixed={"near": 1.0}),
        ),
    },
    "insecurity": {
        "standard": (
            Moves("insecurity", rises="threat neighbour", falls="strength"),
            Limit("insecurity", lambda law, a: a["threat"] + law.diffuse / 2,
                  said="at parity with the neighbours half of the diffuse need",
                  where={"neighbour": POSITIVE}, fixed={"strength": "neighbour"}),
            Within("insecurity", lambda law, a: a["threat"],
                   lambda law, a: a["threat"] + law.diffuse,
                   said="exceeds the threats by the diffuse need at most"),
            Identity("insecurity", said="threats add up",
                     left=lambda law, a: law.insecurity(**{**a, "threat": a["threat"] + 1.0}),
                     right=lambda law, a: law.insecurity(**a) + 1.0),
            Limit("insecurity", "threat", said="if no state has strength, only threats count",
                  fixed={"strength": 0.0, "neighbour": 0.0}),
            Limit("insecurity", "threat", said="beyond all neighbours only threats count",
                  fixed={"strength": FAR}),
        ),
    },
    "crisis": {
        "standard": (
            Moves("rate", rises="rivalry rivalry_back"),
            Limit("rate", 0.0, said="no dispute, no incidents",
                  fixed={"rivalry": 0.0, "rivalry_back": 0.0}),
            Identity(
                "rate", said="is the same both ways",
                left=lambda law, a: law.rate(**a),
                right=lambda law, a: law.rate(
                    rivalry=a["rivalry_back"], rivalry_back=a["rivalry"]
                ),
            ),
            Moves("escalation", rises="gain"),
            Within("escalation", 0, 1),
            Limit("escalation", 0.5, said="without gain or loss, one half", fixed={"gain": 0.0}),
            Identity("escalation", said="gains and losses of one size are mirror images",
                     left=lambda law, a: law.escalation(**a),
                     right=lambda law, a: 1 - law.escalation(gain=-a["gain"])),
        ),
    },
    "appeal": {
        "standard": (
            Moves("urgency", rises="attacked threat"),
            Limit("urgency", 0.0, said="a state that is not attacked does not appeal",
                  fixed={"attacked": 0.0}),
            Moves("answer", rises="leader mean", either="party",
                  why="the others may come more, or less, than the leader"),
            Within("answer", 0, 1),
            Limit("answer", "leader", said="if all members agree, the bloc answers as they do",
                  fixed={"mean": "leader"}),
            Limit("answer", "mean", said="if the leader is a party, the others answer",
                  fixed={"party": 1.0}),
            Limit("answer", lambda law, a: law.leader_voice * a["leader"],
                  said="otherwise its voice counts by its weight",
                  fixed={"party": 0.0, "mean": 0.0}),
        ),
    },
    "answer": {
        "standard": (
            Moves("terms", rises="commitment covered engagement regard strength",
                  falls="at_war regard_attacker stake strength_attacker"),
            Identity(
                "terms", said="an internal appeal depends only on the victim",
                left=_internal,
                right=lambda law, a: law.base + law.by_engagement * a["engagement"]
                + law.by_regard * a["regard"] - law.by_war * a["at_war"],
            ),
            Identity(
                "terms", said="strength counts by its share, whatever its unit",
                left=lambda law, a: law.terms(
                    **{**a, "strength": 7 * a["strength"],
                       "strength_attacker": 7 * a["strength_attacker"]}
                )["strength"],
                right=lambda law, a: law.terms(**a)["strength"],
            ),
            Identity(
                "terms", said="without a stake, treaty, regard and strength decide",
                left=_no_stake,
                right=lambda law, a: law.base - law.by_war * a["at_war"]
                + law.by_commitment * a["commitment"] * a["covered"]
                + law.by_engagement * a["engagement"]
                + law.by_regard * (a["regard"] - a["regard_attacker"])
                - law.by_strength * a["strength_attacker"]
                / np.maximum(a["strength_attacker"] + a["strength"], TINY),
            ),
        ),
        **dict.fromkeys(
            ("older_counts", "berkemeier_fuhrmann", "chiba", "leeds", "fixed"), _FIXED
        ),
    },
    "war": {
        "standard": _WAR,
        "by_duty": _WAR,
    },
}  # fmt: skip
