"""What the theory says of the laws of regard and membership."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.conform.claims import FAR, Halves, Identity, Limit, Moves, Theory, Within
from sim.conform.formulas import flipped
from sim.kernel.arrays import logistic

POSITIVE = (1.0, 3000.0)

_AFFINITY: Theory = (
    Moves(
        method="moved", rises="supply", falls="betrayal fellow", either="affinity",
        why="a flow so large that it decides alone leaves nothing of the earlier regard",
    ),
    Within(method="moved", low=-1, high=1, where={"supply": (0.0, FAR), "betrayal": (0.0, FAR)}),
    Limit(
        method="moved", said="without deliveries nothing moves",
        fixed={"supply": 0.0, "betrayal": 0.0}, equals="affinity",
    ),
    Limit(
        method="moved", said="full friends stay so while nobody is betrayed",
        fixed={"affinity": 1.0, "betrayal": 0.0}, equals=1.0,
    ),
    Moves(method="drifted", rises="affinity base pull"),
    Within(method="drifted", low=-1, high=1),
    Halves(method="drifted", of="affinity", fixed={"pull": 0.0}),
    Limit(
        method="drifted", said="at its base, without third parties, regard rests",
        fixed={"base": "affinity", "pull": 0.0}, equals="affinity",
    ),
)  # fmt: skip

_PATRONAGE: Theory = (Moves(method="preference", rises="preference", still="engagement"),)

TIES: Mapping[str, Mapping[str, Theory]] = {
    "affinity": {
        "dyadic": (*_AFFINITY, Moves(method="pull", still="affinity")),
        "balance": (
            *_AFFINITY,
            Moves(method="pull", either="affinity",
                  why="whom a third party draws near depends on all others"),
            Identity(
                method="pull", said="two camps that hate each other are pulled like one that "
                "is at peace",
                left=lambda law, a: flipped(law.pull(affinity=flipped(a["affinity"]))),
                right=lambda law, a: law.pull(**a),
            ),
            Limit(method="pull", said="full friends and full enemies are not pulled",
                  fixed={"affinity": 1.0}, equals=0.0),
            Within(method="pull", low=0, said="among friends only draws nearer",
                   where={"affinity": (0.0, 1.0)}),
            Within(method="pull", low=lambda law, a: -law.balance,
                   high=lambda law, a: law.balance, said="is no stronger than its rate"),
        ),
    },
    "precedent": {
        "standard": (
            Moves(method="precedent", rises="rivals", falls="members", either="leads",
                  why="it depends on whom the leader armed"),
            Within(method="precedent", low=0, high=1),
            Limit(method="precedent", said="nobody harmed, no precedent", fixed={"rivals": 0.0},
                  equals=0.0),
            Limit(method="precedent", said="only rivals armed, harm is normal",
                  where={"rivals": POSITIVE}, fixed={"members": 0.0}, equals=1.0),
        ),
    },
    "patronage": {
        "fixed": (
            *_PATRONAGE,
            Limit(method="preference", said="every member gets the same terms",
                  equals="preference"),
        ),
        "adaptive": (
            Moves(method="preference", rises="preference", falls="engagement"),
            Within(method="preference", low=0, high=0.9),
            Limit(
                method="preference", said="full engagement earns the common terms",
                where={"preference": (0.0, 0.9)}, fixed={"engagement": 1.0}, equals="preference",
            ),
            Limit(method="preference", said="full preference ends at nine tenths of the price",
                  fixed={"preference": 1.0}, equals=0.9),
        ),
    },
    "engagement": {
        "standard": (
            Moves(method="terms", rises="belief protection rent regard",
                  falls="grievance ways_out"),
            Moves(method="regard", rises="leader others"),
            Within(method="regard", low=-1, high=1),
            Limit(method="regard", said="as much for the leader as for the others is that much",
                  fixed={"others": "leader"}, equals="leader"),
            Moves(method="moved", rises="engagement worth"),
            Within(method="moved",
                   low=lambda law, a: np.minimum(a["engagement"], logistic(a["worth"])),
                   high=lambda law, a: np.maximum(a["engagement"], logistic(a["worth"])),
                   said="moves towards its worth and never beyond"),
            Halves(method="moved", of="engagement"),
            Limit(
                method="moved", said="after an endless time it is what it is worth",
                fixed={"dt": FAR}, equals=lambda law, a: logistic(a["worth"]),
            ),
        ),
    },
    "exit_option": {
        "standard": (
            Moves(method="pull", rises="strength outside", falls="leader"),
            Within(method="pull", low=0, high=1),
            Limit(method="pull", said="members are no way out", fixed={"outside": 0.0}, equals=0.0),
            Limit(method="pull", said="a state as strong as the leader weighs one half",
                  where={"strength": POSITIVE}, fixed={"outside": 1.0, "leader": "strength"},
                  equals=0.5),
            Limit(method="pull", said="a state without strength is no way out",
                  fixed={"strength": 0.0}, equals=0.0),
            Moves(method="exit", rises="affinity pull"),
            Within(method="exit", low=0, high=1),
            Limit(method="exit", said="without friends outside there is no way out",
                  fixed={"affinity": -1.0}, equals=0.0),
        ),
    },
    "membership": {
        "standard": (
            Moves(method="hazard", falls="engagement"),
            Limit(method="hazard", said="at zero engagement the exit rate",
                  fixed={"engagement": 0.0}, equals=lambda law, a: law.exit_rate),
            Moves(method="stage", falls="engagement"),
            Within(method="stage", low=0, high=5),
            Limit(method="stage", said="fully engaged, no stage", fixed={"engagement": 1.0},
                  equals=0.0),
        ),
    },
}  # fmt: skip
