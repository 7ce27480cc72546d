"""The theory of the laws of regard and membership."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.conform.claims import FAR, Halves, Identity, Limit, Moves, Theory, Within
from sim.conform.domains import total
from sim.kernel.arrays import logistic
from sim.laws.engagement import Engagement
from sim.laws.membership import FROZEN

POSITIVE = (1.0, 3000.0)


def _flipped(affinity: Any) -> Any:
    """Return affinities with the sign changed between two halves of the states."""
    size = affinity.shape[0]
    camp = np.where(np.arange(size) < size // 2, 1.0, -1.0)
    return affinity * camp[:, None, None] * camp[None, :, None]


_AFFINITY: Theory = (
    Moves("moved", rises="supply", falls="betrayal fellow", either="affinity",
          why="a very large flow alone decides the regard"),
    Within("moved", -1, 1, where={"supply": (0.0, FAR), "betrayal": (0.0, FAR)}),
    Limit("moved", "affinity", said="without deliveries regard does not move",
          fixed={"supply": 0.0, "betrayal": 0.0}),
    Limit("moved", 1.0, said="full friends stay so without betrayal",
          fixed={"affinity": 1.0, "betrayal": 0.0}),
    Moves("courted", rises="affinity purchase"),
    Within("courted", -1, 1, where={"purchase": (0.0, FAR)}),
    Limit("courted", "affinity", said="without purchases regard does not change",
          fixed={"purchase": 0.0}),
    Limit("courted", 1.0, said="full friends stay so", fixed={"affinity": 1.0}),
    Moves("offended", rises="affinity", falls="custom"),
    Within("offended", -1, 1, where={"custom": (0.0, FAR)}),
    Limit("offended", "affinity", said="without purchases from rivals there is no offence",
          fixed={"custom": 0.0}),
    Limit("offended", -1.0, said="full enemies stay so", fixed={"affinity": -1.0}),
    Moves("drifted", rises="affinity base pull"),
    Within("drifted", -1, 1),
    Halves("drifted", "affinity", fixed={"pull": 0.0}),
    Limit("drifted", "affinity", said="at its base, without third parties, regard does not move",
          fixed={"base": "affinity", "pull": 0.0}),
)  # fmt: skip

_PATRONAGE: Theory = (Moves("preference", rises="preference", still="engagement"),)

_WAYS_OUT: Theory = (
    Moves("pull", rises="strength outside", falls="leader"),
    Within("pull", 0, 1),
    Limit("pull", 0.0, said="members are not a way out", fixed={"outside": 0.0}),
    Limit("pull", 0.5, said="a state as strong as the leader weighs one half",
          where={"strength": POSITIVE}, fixed={"outside": 1.0, "leader": "strength"}),
    Limit("pull", 0.0, said="a state without strength is not a way out", fixed={"strength": 0.0}),
    Within("exit", 0, 1),
    Limit("exit", 0.0, said="without friends outside there is not a way out",
          fixed={"affinity": -1.0}),
)  # fmt: skip

_ENGAGEMENT: Theory = (
    Moves("regard", rises="leader others"),
    Within("regard", -1, 1),
    Limit("regard", "leader", said="equal regard for leader and others is that regard",
          fixed={"others": "leader"}),
    Moves("moved", rises="engagement worth"),
    Within("moved", lambda law, a: np.minimum(a["engagement"], logistic(a["worth"])),
           lambda law, a: np.maximum(a["engagement"], logistic(a["worth"])),
           said="moves towards its worth and never beyond"),
    Halves("moved", "engagement"),
    Limit("moved", lambda law, a: logistic(a["worth"]),
          said="in the limit of time it is what it is worth", fixed={"dt": FAR}),
)  # fmt: skip

_LADDER: Theory = (
    Moves("stage", falls="engagement"),
    Within("stage", 0, 5),
    Limit("stage", 0.0, said="fully engaged, no stage", fixed={"engagement": 1.0}),
)

_HAZARD: Theory = (
    Moves("hazard", rises="wish"),
    Limit("hazard", lambda law, a: law.exit_rate, said="at a wish of 0 the exit rate",
          fixed={"wish": 0.0}),
)  # fmt: skip
_PRICE: Theory = (
    Moves("terms", rises="ways_out", falls="engagement price"),
    Limit("terms", 0.0,
          said="at zero engagement, with a full way out and no price, the exit rate",
          fixed={"engagement": 0.0, "price": 0.0, "ways_out": 1.0}),
    *_HAZARD,
    Moves("price", rises="access coerces leader near", falls="strength"),
    Within("price", 0, 1),
    Limit("price", 0.0, said="a bloc that does not coerce has no price", fixed={"coerces": 0.0}),
    Limit("price", 0.0, said="a leader without strength asks no price", fixed={"leader": 0.0}),
)  # fmt: skip

TIES: Mapping[str, Mapping[str, Theory]] = {
    "affinity": {
        "dyadic": (*_AFFINITY, Moves("pull", still="affinity")),
        "balance": (
            *_AFFINITY,
            Moves("pull", either="affinity",
                  why="the effect of a third party depends on all others"),
            Identity("pull",
                     said="two hostile camps are pulled like one peaceful camp",
                     left=lambda law, a: _flipped(law.pull(affinity=_flipped(a["affinity"]))),
                     right=lambda law, a: law.pull(**a)),
            Limit("pull", 0.0, said="full friends and full enemies are not pulled",
                  fixed={"affinity": 1.0}),
            Within("pull", 0, said="among friends never lowers regard",
                   where={"affinity": (0.0, 1.0)}),
            Within("pull", lambda law, a: -law.balance, lambda law, a: law.balance,
                   said="is no stronger than its rate"),
        ),
    },
    "harm": {
        "whole": (
            Moves("fresh", rises="flow"),
            Limit("fresh", "flow", said="all that is delivered harms"),
            Moves("minded", still="dependence"),
            Limit("minded", 1.0, said="whatever the dependence"),
            Identity("kept", said="no habit is kept in any period",
                     left=lambda law, a: law.kept(**a), right=lambda law, a: a["unused"]),
            Moves("kept", rises="unused"),
        ),
        "departure": (
            Moves("fresh", rises="flow", falls="unused"),
            Within("fresh", 0, lambda law, a: a["flow"], said="is at most what is delivered"),
            Limit("fresh", "flow", said="without a habit all is unusual", fixed={"unused": 0.0}),
            Limit("fresh", 0.0, said="usual deliveries cause no offence", fixed={"flow": "unused"}),
            Moves("minded", falls="dependence"),
            Within("minded", 0, 1),
            Limit("minded", 1.0, said="a state armed by others minds all of it",
                  fixed={"dependence": 0.0}),
            Moves("kept", rises="unused usual", falls="flow"),
            Halves("kept", "unused", fixed={"flow": 0.0}),
            Limit("kept", 0.0, said="if all is delivered and no flow is usual, no habit is kept",
                  fixed={"flow": "unused", "usual": 0.0}),
        ),
    },
    "slight": {
        "none": (
            Moves("cooled", rises="affinity"),
            Identity("cooled", said="regard stays in any period",
                     left=lambda law, a: law.cooled(**a), right=lambda law, a: a["affinity"]),
        ),
        "felt": (
            Moves("cooled", rises="affinity", falls="refusal embargoed pressing"),
            Within("cooled", -1, 1, where={"pressing": (0.0, FAR)}),
            Limit("cooled", "affinity",
                  said="without refusal, embargo or pressure regard does not fall",
                  fixed={"refusal": 0.0, "embargoed": 0.0, "pressing": 0.0}),
            Halves("cooled", "affinity"),
        ),
    },
    "breach": {
        "none": (
            Moves("belief", rises="belief"),
            Limit("belief", "belief", said="harm leaves belief as it is"),
        ),
        "noted": (
            Moves("belief", rises="belief", falls="harm harm_others"),
            Within("belief", 0, 1),
            Limit("belief", "belief", said="without harm belief stays",
                  fixed={"harm": 0.0, "harm_others": 0.0}),
            Identity("belief", said="harm to others counts at most as much as one's own",
                     left=lambda law, a: np.minimum(
                         law.belief(**a), law.belief(**{**a, "harm": a["harm_others"],
                                                        "harm_others": a["harm"]})
                     ),
                     right=lambda law, a: law.belief(
                         **{**a, "harm": np.maximum(a["harm"], a["harm_others"]),
                            "harm_others": np.minimum(a["harm"], a["harm_others"])}
                     )),
        ),
    },
    "precedent": {
        "standard": (
            Moves("precedent", rises="rivals", falls="members"),
            Within("precedent", 0, 1),
            Limit("precedent", 0.0, said="without harm there is no precedent",
                  fixed={"rivals": 0.0}),
            Limit("precedent", 1.0, said="if only rivals are armed, harm is normal",
                  where={"rivals": POSITIVE}, fixed={"members": 0.0}),
        ),
    },
    "patronage": {
        "fixed": (
            *_PATRONAGE,
            Limit("preference", "preference", said="every member gets the same terms"),
        ),
        "adaptive": (
            Moves("preference", rises="preference", falls="engagement"),
            Within("preference", 0, 0.9),
            Limit("preference", "preference", said="full engagement earns the common terms",
                  where={"preference": (0.0, 0.9)}, fixed={"engagement": 1.0}),
            Limit("preference", 0.9, said="full preference is nine tenths of the price",
                  fixed={"preference": 1.0}),
        ),
    },
    "engagement": {
        "standard": (
            Moves("terms", rises="belief protection rent regard", falls="grievance ways_out"),
            *_ENGAGEMENT,
        ),
        "mutual": (
            Moves("terms", rises="belief protection rent regard standing",
                  falls="dispute grievance ways_out within"),
            Identity("terms",
                     said="in full standing, without threats from within, it is the standard",
                     fixed={"standing": 1.0, "dispute": 0.0, "within": 0.0},
                     left=lambda law, a: total(law.terms(**a)),
                     right=lambda law, a: total(Engagement.terms(law, **a))),
            *_ENGAGEMENT,
        ),
    },
    "exit_option": {
        "strongest": (
            *_WAYS_OUT,
            Moves("exit", rises="affinity pull"),
        ),
        "sponsors": (
            *_WAYS_OUT,
            Moves("exit", rises="affinity outside willing strength", falls="shared own",
                  still="pull"),
            Limit("exit", 0.0, said="without a state outside there is not a way out",
                  fixed={"outside": 0.0}),
            Limit("exit", 0.0, said="without a willing sponsor there is not a way out",
                  fixed={"willing": 0.0}),
            Limit("exit", 0.0, said="full friends of the leader are not a way out",
                  fixed={"shared": 1.0}),
        ),
    },
    "membership": {
        "standard": (
            Moves("terms", falls="engagement"),
            Limit("terms", 0.0, said="at zero engagement the exit rate",
                  fixed={"engagement": 0.0}),
            *_HAZARD,
            *_LADDER,
        ),
        "priced": (*_PRICE, *_LADDER),
        "shocks": (
            *_PRICE,
            Moves("stage", rises="frozen", falls="engagement"),
            Within("stage", 0, FROZEN - 1, said="without a decision no member freezes",
                   fixed={"frozen": 0.0}),
            Within("stage", FROZEN, 5, said="a member that has decided to freeze is frozen",
                   fixed={"frozen": 1.0}),
            Moves("shocks", rises="shaken refused harm"),
            Halves("shocks", "shaken", fixed={"refused": 0.0, "harm": 0.0}),
            Limit("shocks", 0.0, said="shocks long past have no effect",
                  fixed={"dt": FAR, "refused": 0.0, "harm": 0.0}),
            Moves("freeze_hazard", rises="shaken"),
            Limit("freeze_hazard", 0.0, said="without a shock no member freezes",
                  fixed={"shaken": 0.0}),
            Moves("thaw_hazard", rises="worth"),
            Within("thaw_hazard", 0, lambda law, a: law.thaw),
            Moves("kept", rises="engagement", falls="frozen"),
            Within("kept", 0, lambda law, a: a["engagement"]),
            Limit("kept", "engagement", said="a member that is not frozen takes part as before",
                  fixed={"frozen": 0.0}),
        ),
    },
    "contribution": {
        "standard": (
            Moves("terms", rises="regard gain at_stake", falls="cost target"),
            Limit("terms", lambda law, a: law.base,
                  said="without any reasons the odds are the base",
                  fixed=dict.fromkeys(
                      ("regard", "gain", "at_stake", "cost", "target"), 0.0)),
            Moves("regard", rises="affinity", falls="refused"),
            Within("regard", -1, 1),
            Limit("regard", "affinity", said="without a refusal there is no offence",
                  fixed={"refused": 0.0}),
            Limit("regard", -1.0, said="full enemies stay so", fixed={"affinity": -1.0}),
            Moves("harm", rises="refused"),
            Within("harm", 0, lambda law, a: a["refused"]),
        ),
    },
    "accession": {
        "closed": (
            Moves("terms", still="regard insecurity"),
            Limit("hazard", 0.0, said="no state joins by itself"),
            Moves("hazard", still="wish welcome"),
        ),
        "open": (
            Moves("terms", rises="regard insecurity"),
            Moves("hazard", rises="wish welcome"),
            Within("hazard", 0, lambda law, a: law.rate),
            Limit("hazard", 0.0, said="no state joins a bloc that dislikes it",
                  where={"welcome": (-1.0, 0.0)}),
        ),
    },
    "discipline": {
        "lenient": (Moves("shutting", still="leader others"),),
        "strict": (
            Moves("shutting", falls="leader others"),
            Limit("shutting", lambda law, a: -law.shuts * a["leader"], fixed={"others": "leader"},
                  said="equal regard by leader and others counts once"),
            Moves("readmission", rises="leader others"),
            Limit("readmission", lambda law, a: law.readmits, said="at full regard the full rate",
                  fixed={"leader": 1.0, "others": 1.0}),
            Moves("expulsion", falls="leader others"),
            Limit("expulsion", lambda law, a: law.expels, said="at full dislike the full rate",
                  fixed={"leader": -1.0, "others": -1.0}),
            Moves("hazard", rises="wish"),
            Limit("hazard", 0.0, said="without reasons for it the hazard is zero",
                  where={"wish": (-20.0, 0.0)}),
        ),
    },
}  # fmt: skip
