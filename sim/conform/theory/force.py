"""What the theory says of the laws of strength, deterrence and war."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.conform.claims import FAR, Halves, Identity, Limit, Moves, Theory, Within
from sim.conform.formulas import internal, no_stake, second_batch, two_wars
from sim.kernel.arrays import TINY, logistic

POSITIVE = (1.0, 3000.0)

_CONTEST: Theory = (
    Moves(method="win", rises="strength", falls="opposed"),
    Within(method="win", low=0, high=1),
    Limit(
        method="win", said="parity without support gives one half",
        fixed={"opposed": "strength"}, equals=0.5,
    ),
    Limit(method="win", said="nothing against nothing gives one half",
          fixed={"strength": 0.0, "opposed": 0.0}, equals=0.5),
    Identity(
        method="win", said="win_ij + win_ji = 1 without support",
        left=lambda law, a: law.win(**a) + law.win(strength=a["opposed"], opposed=a["strength"]),
        right=lambda law, a: np.ones_like(a["strength"]),
    ),
    Identity(
        method="win", said="does not depend on the unit of strength",
        left=lambda law, a: law.win(strength=7 * a["strength"], opposed=7 * a["opposed"]),
        right=lambda law, a: law.win(**a),
    ),
)  # fmt: skip

_FIXED: Theory = (
    Moves(method="terms", still="regard"),
    Identity(
        method="terms", said="every ally comes with the same probability",
        left=lambda law, a: logistic(law.terms(**a)["reliability"]),
        right=lambda law, a: law.reliability + 0 * a["regard"],
    ),
)  # fmt: skip

FORCE: Mapping[str, Mapping[str, Theory]] = {
    "strength": {
        "standard": (
            Moves(method="strength", rises="spending arms"),
            Moves(method="arms", rises="held satiation"),
            Within(
                method="arms", said="a filled class adds little: a second batch less than the "
                "first", high=second_batch,
            ),
            Limit(method="arms", said="an empty arsenal adds nothing", fixed={"held": 0.0},
                  equals=0.0),
            Limit(
                method="strength", said="without arms there is spending at home",
                fixed={"arms": 0.0}, equals=lambda law, a: a["spending"] * law.conversion,
            ),
        ),
    },
    "support": {
        "standard": (
            Moves(method="support", rises="commitment belief engagement helpers"),
            Within(method="support", low=0, high=lambda law, a: a["helpers"],
                   said="is no more than the helpers would bring"),
            Limit(
                method="support", said="a bloc that nobody believes in is worth nothing",
                fixed={"belief": 0.0}, equals=0.0,
            ),
            Limit(method="support", said="nor is one that does not bind",
                  fixed={"commitment": 0.0}, equals=0.0),
            Limit(method="support", said="nor is one in which a state takes no part",
                  fixed={"engagement": 0.0}, equals=0.0),
            Limit(
                method="support", said="a full member of a bloc that binds gets all helpers",
                fixed={"belief": 1.0, "commitment": 1.0, "engagement": 1.0}, equals="helpers",
            ),
            Moves(method="aid", rises="engagement regard strength", falls="regard_opponent"),
            Within(method="aid", low=0, high=lambda law, a: a["strength"], said="lies within 0 "
                   "to the helper's strength"),
            Limit(
                method="aid", said="no help from a member that prefers the opponent",
                fixed={"regard": -1.0}, equals=0.0,
            ),
        ),
    },
    "contest": {
        "ratio": (
            *_CONTEST,
            Limit(method="win", said="nobody opposed, certain to prevail", fixed={"opposed": 0.0},
                  where={"strength": POSITIVE}, equals=1.0),
            Limit(method="win", said="no strength, no chance", fixed={"strength": 0.0},
                  where={"opposed": POSITIVE}, equals=0.0),
        ),
        "difference": _CONTEST,
    },
    "strike": {
        "standard": (
            Moves(
                method="yields", rises="rounds reliability payload reach radius", falls="distance",
                either="cep", why="0 stands for no strike role",
            ),
            Moves(method="yields", falls="cep", where={"cep": (1.0, 500.0)}),
            Limit(method="yields", said="no CEP, no strike role", fixed={"cep": 0.0}, equals=0.0),
            Limit(method="yields", said="out of range, no hits", fixed={"distance": FAR},
                  equals=0.0),
            Limit(method="yields", said="no charge, no hits", fixed={"payload": 0.0}, equals=0.0),
            Limit(
                method="yields", said="half of the rounds fall within the CEP",
                fixed={"cep": "radius", "distance": 0.0,
                       "payload": lambda law, a: law.charge_scale + 0 * a["payload"]},
                equals=lambda law, a: a["rounds"] * a["reliability"] / 2,
            ),
            Moves(method="passing", falls="defence"),
            Within(method="passing", low=0, high=1),
            Limit(method="passing", said="no defence lets all through", fixed={"defence": 0.0},
                  equals=1.0),
            Limit(method="passing", said="endless defence lets nothing through",
                  fixed={"defence": FAR}, equals=0.0),
            Moves(method="destroyed", rises="hits value", falls="hardness"),
            Within(method="destroyed", low=0, high=lambda law, a: a["value"],
                   said="is no more than the value of the asset"),
            Limit(method="destroyed", said="zero hits, zero exposure", fixed={"hits": 0.0},
                  equals=0.0),
            Limit(method="destroyed", said="endless hits destroy the asset", fixed={"hits": FAR},
                  equals="value"),
        ),
    },
    "counterforce": {
        "standard": (
            Moves(method="surviving", rises="launchers", falls="find rounds_in_reach"),
            Within(method="surviving", low=0, high=1),
            Limit(method="surviving", said="what is not found survives", fixed={"find": 0.0},
                  equals=1.0),
            Limit(method="surviving", said="without rounds in reach all survive",
                  fixed={"rounds_in_reach": 0.0}, equals=1.0),
            Limit(
                method="surviving", said="endless rounds destroy all that is found",
                fixed={"rounds_in_reach": FAR}, equals=lambda law, a: 1 - a["find"],
            ),
        ),
    },
    "deterrence": {
        "standard": (
            Moves(method="gain", rises="rivalry win", falls="second_strike"),
            Limit(
                method="gain", said="without a dispute an attack costs its threshold",
                fixed={"rivalry": 0.0, "second_strike": 0.0},
                equals=lambda law, a: -law.threshold + 0 * a["win"],
            ),
        ),
    },
    "threat": {
        "balance_of_threat": (
            Moves(method="threat", rises="rivalry win exposure near", falls="second_strike"),
            Moves(method="near", falls="distance"),
            Within(method="threat", low=0, high=1),
            Limit(method="near", said="next door power keeps all its strength",
                  fixed={"distance": 0.0}, equals=1.0),
            Limit(method="near", said="infinitely far it has none", fixed={"distance": FAR},
                  equals=0.0),
            Limit(method="threat", said="no ill will, no threat", fixed={"rivalry": 0.0},
                  equals=0.0),
            Limit(
                method="threat", said="infinitely far, only what the rival can strike counts",
                fixed={"near": 0.0},
                equals=lambda law, a: a["rivalry"] * (1 - law.power_weight) * a["exposure"]
                * (1 - a["second_strike"]),
            ),
            Limit(
                method="threat", said="far away and fully answered, no threat",
                fixed={"near": 0.0, "second_strike": 1.0}, equals=0.0,
            ),
        ),
        "balance_of_power": (
            Moves(method="threat", rises="win near", still="rivalry"),
            Moves(method="near", falls="distance"),
            Within(method="threat", low=0, high=1),
            Limit(method="threat", said="infinitely far, no threat", fixed={"near": 0.0},
                  equals=0.0),
            Limit(method="threat", said="next door, the chance to prevail", fixed={"near": 1.0},
                  equals="win"),
        ),
    },
    "insecurity": {
        "standard": (
            Moves(method="insecurity", rises="threat neighbour", falls="strength"),
            Limit(
                method="insecurity", said="at parity with the neighbours half of the diffuse need",
                where={"neighbour": POSITIVE}, fixed={"strength": "neighbour"},
                equals=lambda law, a: a["threat"] + law.diffuse / 2,
            ),
            Within(method="insecurity", low=lambda law, a: a["threat"],
                   high=lambda law, a: a["threat"] + law.diffuse,
                   said="exceeds the threats by the diffuse need at most"),
            Identity(
                method="insecurity", said="threats add up",
                left=lambda law, a: law.insecurity(**{**a, "threat": a["threat"] + 1.0}),
                right=lambda law, a: law.insecurity(**a) + 1.0,
            ),
            Limit(method="insecurity", said="where nobody has any strength only threats count",
                  fixed={"strength": 0.0, "neighbour": 0.0}, equals="threat"),
            Limit(method="insecurity", said="beyond all neighbours only threats count",
                  fixed={"strength": FAR}, equals="threat"),
        ),
    },
    "crisis": {
        "standard": (
            Moves(method="rate", rises="rivalry rivalry_back"),
            Limit(method="rate", said="no dispute, no incidents",
                  fixed={"rivalry": 0.0, "rivalry_back": 0.0}, equals=0.0),
            Identity(
                method="rate", said="is the same both ways",
                left=lambda law, a: law.rate(**a),
                right=lambda law, a: law.rate(
                    rivalry=a["rivalry_back"], rivalry_back=a["rivalry"]
                ),
            ),
            Moves(method="escalation", rises="gain"),
            Within(method="escalation", low=0, high=1),
            Limit(method="escalation", said="nothing to gain or lose, one half",
                  fixed={"gain": 0.0}, equals=0.5),
            Identity(
                method="escalation", said="gains and losses of one size are mirror images",
                left=lambda law, a: law.escalation(**a),
                right=lambda law, a: 1 - law.escalation(gain=-a["gain"]),
            ),
        ),
    },
    "appeal": {
        "standard": (
            Moves(method="urgency", rises="attacked threat"),
            Limit(method="urgency", said="who is not attacked does not appeal",
                  fixed={"attacked": 0.0}, equals=0.0),
            Moves(method="answer", rises="leader mean", either="party",
                  why="the others may come more, or less, than the leader"),
            Within(method="answer", low=0, high=1),
            Limit(method="answer", said="of one mind, the bloc answers as all do",
                  fixed={"mean": "leader"}, equals="leader"),
            Limit(method="answer", said="for a leader that is a party the others answer",
                  fixed={"party": 1.0}, equals="mean"),
            Limit(method="answer", said="else its voice counts by its weight",
                  fixed={"party": 0.0, "mean": 0.0},
                  equals=lambda law, a: law.leader_voice * a["leader"]),
        ),
    },
    "answer": {
        "standard": (
            Moves(method="terms", rises="commitment covered engagement regard strength",
                  falls="at_war regard_attacker stake strength_attacker"),
            Identity(
                method="terms", said="an internal appeal turns on the victim alone",
                left=internal,
                right=lambda law, a: law.base + law.by_engagement * a["engagement"]
                + law.by_regard * a["regard"] - law.by_war * a["at_war"],
            ),
            Identity(
                method="terms", said="strength counts by its share, whatever its unit",
                left=lambda law, a: law.terms(
                    **{**a, "strength": 7 * a["strength"],
                       "strength_attacker": 7 * a["strength_attacker"]}
                )["strength"],
                right=lambda law, a: law.terms(**a)["strength"],
            ),
            Identity(
                method="terms", said="without a stake, treaty, regard and strength decide",
                left=no_stake,
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
        "standard": (
            Moves(method="remaining", falls="won lost intensity"),
            Within(method="remaining", low=0, high=1),
            Limit(method="remaining", said="no war, no losses", fixed={"won": 0.0, "lost": 0.0},
                  equals=1.0),
            Limit(method="remaining", said="a war of no intensity costs nothing",
                  fixed={"intensity": 0.0}, equals=1.0),
            Identity(method="remaining", said="losses of two wars multiply", left=two_wars,
                     right=lambda law, a: law.remaining(
                         won=2 * a["won"], lost=2 * a["lost"], intensity=a["intensity"])),
            Moves(method="dispute", rises="rivalry war"),
            Within(method="dispute", low=0, high=1),
            Limit(method="dispute", said="no war, no change", fixed={"war": 0.0},
                  equals="rivalry"),
            Moves(method="enmity", rises="affinity", falls="war"),
            Within(method="enmity", low=-1, high=1),
            Limit(method="enmity", said="no war, no change", fixed={"war": 0.0},
                  equals="affinity"),
            Moves(method="belief", rises="belief answer", either="victim heard",
                  why="a good answer teaches up, a bad one down"),
            Within(method="belief", low=lambda law, a: np.minimum(a["belief"], a["answer"]),
                   high=lambda law, a: np.maximum(a["belief"], a["answer"]),
                   said="moves towards the answer and never beyond"),
            Limit(method="belief", said="no appeal heard, nothing learnt", fixed={"heard": 0.0},
                  equals="belief"),
            Limit(method="belief", said="an answer as expected teaches nothing",
                  fixed={"answer": "belief"}, equals="belief"),
            Moves(
                method="regard", rises="came", falls="leads", either="affinity asked",
                why="to be asked helps those who came and hurts those who did not, and a heavy "
                "blame leaves little of the earlier regard",
            ),
            Within(method="regard", low=-1, high=1),
            Limit(method="regard", said="not asked, not blamed", fixed={"asked": 0.0},
                  equals="affinity"),
            Moves(method="blame", rises="leads"),
            Within(method="blame", low=0, high=1),
            Moves(method="strained", rises="intensity strain"),
            Within(method="strained", low=0, high=1),
            Limit(method="strained", said="a war of full intensity binds wholly",
                  fixed={"intensity": 1.0}, equals=1.0),
            Halves(method="strained", of="strain", fixed={"intensity": 0.0}),
        ),
    },
}  # fmt: skip
