"""Choices: decisions really put to a state in a round of a period, as columns over all runs.

Laws are evaluated for more cases than are decided, such as every member and every sale. Cases that
are not put to a state, that an event decides, or that lapse because a supplier refuses are left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import added
from sim.kernel.decision_points import (
    AccessionPoint,
    ConcessionPoint,
    ConsentPoint,
    ContributionPoint,
    DecisionPoint,
    ExpulsionPoint,
    FreezePoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    SuspensionPoint,
    WithdrawalPoint,
)

REQUEST, CONSENT, OBJECTION = "request", "consent", "objection"
RESPONSE, ANSWER, EXIT = "response", "answer", "exit"
CONCESSION, CONTRIBUTION = "concession", "contribution"
SUSPENSION, READMISSION, EXPULSION = "suspension", "readmission", "expulsion"  # by a bloc
FREEZE, THAW, ACCESSION = "freeze", "thaw", "accession"
KINDS = (  # in the order of a period
    ANSWER, CONCESSION, CONTRIBUTION, REQUEST, CONSENT, OBJECTION, RESPONSE, SUSPENSION,
    READMISSION, EXPULSION, FREEZE, THAW, EXIT, ACCESSION,
)  # fmt: skip
BY_BLOC = (SUSPENSION, READMISSION, EXPULSION)  # decided by a bloc about a member
BY_MEMBER = (FREEZE, THAW, EXIT, ACCESSION)  # decided by a member or candidate
OF_MEMBERS = (*BY_BLOC, *BY_MEMBER)  # about membership
POINTS: Mapping[str, type[DecisionPoint]] = {
    ANSWER: HonourPoint,
    CONCESSION: ConcessionPoint,
    CONTRIBUTION: ContributionPoint,
    REQUEST: RequestPoint,
    CONSENT: ConsentPoint,
    OBJECTION: ObjectionPoint,
    RESPONSE: ResponsePoint,
    SUSPENSION: SuspensionPoint,
    READMISSION: SuspensionPoint,
    EXPULSION: ExpulsionPoint,
    FREEZE: FreezePoint,
    THAW: FreezePoint,
    EXIT: WithdrawalPoint,
    ACCESSION: AccessionPoint,
}

LEAST_SCALE = 1e-6  # smallest scale of chance, so that chances are defined

Columns = Mapping[str, np.ndarray]
Cells = tuple[np.ndarray, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices:
    """The choices of one kind in one round of a period, one per row.

    `chance` is the probability of yes by the reasons alone; for a request, a response or a
    concession, that of the choice made. `margin` is the distance of the draw from another choice,
    in the unit of the terms, above 0 for yes. The terms of a request are those of the offer asked
    for; those of a response, the utility of blocking; those of a concession, the utility of
    yielding in the chosen way (or else in that with most reasons) less that of keeping.
    """

    kind: str
    period: int  # position in the calendar
    column: np.ndarray  # index of the run among those replayed
    actor: np.ndarray  # state
    choice: np.ndarray  # 0 or 1; request: the offer; response, concession: 0 to 2
    draw: np.ndarray  # uniform; request, response, concession: chance added to the choice
    chance: np.ndarray
    margin: np.ndarray
    terms: Columns
    inputs: Columns
    cell: Cells  # indices of the choice in the kernel's arrays
    request: np.ndarray | None = None  # row among the period's requests
    offer: np.ndarray | None = None
    recipient: np.ndarray | None = None
    bloc: np.ndarray | None = None
    victim: np.ndarray | None = None
    attacker: np.ndarray | None = None  # NONE for a threat from within
    other: Mapping[str, Any] = field(default_factory=dict)  # such as the next `offer`
    heir: np.ndarray | None = None  # state that takes an order over, or NONE
    member: np.ndarray | None = None  # the member that a bloc judges

    @property
    def odds(self) -> np.ndarray:
        """Return the sum of the terms."""
        return np.asarray(added(self.terms))

    def __len__(self) -> int:
        return self.column.size

    def rows(self, some: np.ndarray) -> Choices:
        """Return some of the rows, by mask or index."""

        def cut(value: Any) -> Any:
            if isinstance(value, np.ndarray):
                return value[some]
            if isinstance(value, tuple):
                return tuple(each[some] for each in value)
            if isinstance(value, Mapping):
                return {name: each[some] for name, each in value.items()}
            return value

        return replace(self, **{each.name: cut(getattr(self, each.name)) for each in fields(self)})

    def of_runs(self, count: int) -> Choices:
        """Return the choices of the first runs; a single run has a second column."""
        return self.rows(self.column < count)


def utilities(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return the utility of each offer by the reasons, open or not: (buyers, offers, runs)."""
    place = moment.layout.seller_place
    return np.asarray(added(point.terms) + added(point.supplier_terms)[:, place])


def luck(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return the part of chance in the utility of each offer: (buyers, offers, runs)."""
    of_supplier = point.draw[:, moment.layout.seller_place]
    return np.asarray(point.scale * of_supplier + point.own_scale * point.own_draw)


def chances(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return the probability by the reasons that each offer is asked for: (buyers, offers, runs).

    It is that of a nested logit, whose nests are the suppliers and not buying now.
    """
    place, own = moment.layout.seller_place, np.maximum(point.own_scale, LEAST_SCALE)
    known = np.where(point.open, utilities(moment, point), -np.inf)
    nests = [np.flatnonzero(place == seller) for seller in range(moment.layout.sellers.size)]
    most = np.stack([known[:, nest].max(axis=1) for nest in nests], axis=1)
    top = np.where(np.isfinite(most), most, 0.0)
    weight = np.exp((known - top[:, place]) / own)
    sums = np.stack([weight[:, nest].sum(axis=1) for nest in nests], axis=1)
    with np.errstate(divide="ignore"):
        worth = (top + own * np.log(sums)) / point.scale
    none = np.broadcast_to(point.reserve / point.scale, worth[:, 0].shape)
    best = np.maximum(worth.max(axis=1), none)
    chance = np.exp(worth - best[:, None])
    total = chance.sum(axis=1) + np.exp(none - best)
    share = chance / np.where(sums > 0, sums, 1.0) / total[:, None]
    return np.asarray(share[:, place] * weight)


def logit(chance: Any) -> Any:
    """Return the log odds of a probability; infinite at its ends."""
    with np.errstate(divide="ignore"):
        return np.log(chance) - np.log1p(-np.asarray(chance))


def at_cells(
    values: Mapping[str, Any], shape: Sequence[int], cells: Cells
) -> dict[str, np.ndarray]:
    """Return the values of some arrays, broadcast to the shape of a choice, in some cells."""
    return {name: np.broadcast_to(each, shape)[cells] for name, each in values.items()}
