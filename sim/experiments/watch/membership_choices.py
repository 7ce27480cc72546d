"""Membership choices in a period, from suspension to exit and accession.

The terms of an exit and an accession add up to log odds, from which the chance is derived; those of
the others to a yearly hazard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.experiments.watch.choices import (
    ACCESSION,
    BY_BLOC,
    EXIT,
    EXPULSION,
    FREEZE,
    READMISSION,
    SUSPENSION,
    THAW,
    Choices,
    at_cells,
    logit,
)
from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import added
from sim.kernel.decision_points import (
    AccessionPoint,
    ExpulsionPoint,
    FreezePoint,
    JudgementPoint,
    SuspensionPoint,
    WithdrawalPoint,
)


def _hazardous(moment: Moment, kind: str, choice: Any, point: JudgementPoint, put: Any) -> Choices:
    """Return the choices of a kind whose terms add up to a hazard, where they are put."""
    row, run = cells = np.nonzero(point.may & put)
    i, b = moment.layout.member_index[row].T
    draw = point.draw[cells]
    terms = at_cells(point.terms, choice.shape, cells)
    needed = -np.log1p(-draw) / moment.layout.calendar.dt
    judges = kind in BY_BLOC
    return Choices(
        kind=kind,
        period=moment.period,
        column=run,
        actor=moment.layout.leader[b] if judges else i,
        choice=choice[cells] * 1,
        draw=draw,
        chance=np.broadcast_to(point.chance, choice.shape)[cells],
        margin=np.asarray(added(terms)) - needed,
        terms=terms,
        inputs=at_cells(point.inputs, choice.shape, cells),
        cell=cells,
        bloc=b,
        member=i if judges else None,
    )


def _suspension(moment: Moment) -> Choices:
    choice, point = moment.point(SuspensionPoint)
    return _hazardous(moment, SUSPENSION, choice, point, point.shut_out == 0)


def _readmission(moment: Moment) -> Choices:
    choice, point = moment.point(SuspensionPoint)
    return _hazardous(moment, READMISSION, choice, point, point.shut_out > 0)


def _expulsion(moment: Moment) -> Choices:
    choice, point = moment.point(ExpulsionPoint)
    return _hazardous(moment, EXPULSION, choice, point, put=True)


def _freeze(moment: Moment) -> Choices:
    choice, point = moment.point(FreezePoint)
    return _hazardous(moment, FREEZE, choice, point, point.frozen == 0)


def _thaw(moment: Moment) -> Choices:
    choice, point = moment.point(FreezePoint)
    thawing = replace(point, terms=point.thawing, inputs={"worth": point.worth})
    return _hazardous(moment, THAW, choice, thawing, point.frozen > 0)


def _exit(moment: Moment) -> Choices:
    choice, point = moment.point(WithdrawalPoint)
    layout = moment.layout
    i, b = layout.member_index.T
    member = (point.engagement[i, b] > 0) | (point.shut_out[i, b] > 0)  # 0 of no other member
    pair, run = np.nonzero(member & (layout.leader[b] != i)[:, None])
    cells = i[pair], b[pair], run
    chance, draw = point.chance[pair, run], point.draw[pair, run]
    moved = {"before": point.before, "engagement": point.engagement}
    return Choices(
        kind=EXIT,
        period=moment.period,
        column=run,
        actor=i[pair],
        choice=choice[cells] * 1,
        draw=draw,
        chance=chance,
        margin=logit(chance) - logit(draw),
        terms=at_cells(point.terms, choice.shape, cells),
        inputs={
            **at_cells({**point.inputs, **moved}, choice.shape, cells),
            **{name: each[pair, run] for name, each in point.price.items()},
        },
        cell=cells,
        bloc=b[pair],
        other={"pair": pair},
    )


def _accession(moment: Moment) -> Choices:
    choice, point = moment.point(AccessionPoint)
    row, run = cells = np.nonzero(point.may)
    i, b = moment.layout.member_index[moment.layout.candidate_rows[row]].T
    chance, draw = np.broadcast_to(point.chance, choice.shape)[cells], point.draw[cells]
    return Choices(
        kind=ACCESSION,
        period=moment.period,
        column=run,
        actor=i,
        choice=choice[cells] * 1,
        draw=draw,
        chance=chance,
        margin=logit(chance) - logit(draw),
        terms=at_cells(point.terms, choice.shape, cells),
        inputs=at_cells(point.inputs, choice.shape, cells),
        cell=cells,
        bloc=b,
    )


MEMBERSHIP_READERS: Mapping[str, Callable[[Moment], Choices]] = {
    SUSPENSION: _suspension,
    READMISSION: _readmission,
    EXPULSION: _expulsion,
    FREEZE: _freeze,
    THAW: _thaw,
    EXIT: _exit,
    ACCESSION: _accession,
}
