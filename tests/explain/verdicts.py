"""Choices computed from terms and draws, by independent arithmetic."""

import numpy as np

from sim.experiments.watch.choices import (
    ACCESSION,
    BY_BLOC,
    CONCESSION,
    EXIT,
    FREEZE,
    POINTS,
    REQUEST,
    RESPONSE,
    THAW,
)
from sim.kernel.arrays import NONE


def rounds_of(again):
    """Return the rounds of all periods of a replay."""
    return [each for moment in again.moments for each in moment.rounds]


def verdicts(moment, choices):
    """Return each choice of a round as it follows from its terms and draws."""
    several = {REQUEST: _requests, RESPONSE: _responses, CONCESSION: _concessions}
    if choices.kind in several:
        return several[choices.kind](moment, choices)
    return (choices.draw < _chance(moment, choices)) * 1


def _chance(moment, choices):
    odds, dt = sum(choices.terms.values()), moment.layout.calendar.dt
    if choices.kind == EXIT:
        return _leaving(moment, choices)
    if choices.kind in (*BY_BLOC, FREEZE, THAW):
        return 1 - np.exp(-np.maximum(odds, 0.0) * dt)
    if choices.kind == ACCESSION:
        rate, welcome = moment.rules.accession.rate, choices.inputs["welcome"]
        hazard = rate / (1 + np.exp(-odds)) * np.maximum(welcome, 0.0)
        return 1 - np.exp(-hazard * dt)
    return 1 / (1 + np.exp(-odds))


def _requests(moment, choices):
    _, point = moment.point(POINTS[REQUEST])
    found = []
    for row, run in zip(*choices.cell, strict=True):
        worth = {
            NONE: _number(point.reserve, run)
            + _number(point.scale, run) * float(point.none_draw[row, run])
        }
        for offer in np.flatnonzero(point.open[row, :, run]):
            seller = moment.layout.seller_place[offer]
            own = [_cell(term, (row, offer, run)) for term in point.terms.values()]
            own += [_cell(term, (row, seller, run)) for term in point.supplier_terms.values()]
            luck = _number(point.scale, run) * point.draw[row, seller, run]
            luck += _number(point.own_scale, run) * point.own_draw[row, offer, run]
            worth[offer] = sum(own) + luck
        found.append(max(worth, key=worth.get))
    return np.array(found, dtype=int)


def _responses(moment, choices):
    _, point = moment.point(POINTS[RESPONSE])
    block = sum(choices.terms.values())
    found = []
    for at, (row, run) in enumerate(zip(*choices.cell, strict=True)):
        stall = point.stall if np.ndim(point.stall) == 0 else point.stall[run]
        known = np.array([0.0, stall, block[at]])
        found.append((known + point.draw[:, row, run]).argmax())
    return np.array(found, dtype=int)


def _concessions(moment, choices):
    _, point = moment.point(POINTS[CONCESSION])
    found = []
    for threat, run in zip(*choices.cell, strict=True):
        best, top = 0, _cell(point.keep_draw, (threat, run))
        for way in np.flatnonzero(point.open[threat, :, run]):
            worth = sum(_cell(term, (threat, way, run)) for term in point.terms.values())
            worth += _cell(point.draw, (threat, way, run))
            if worth > top:
                best, top = 1 if way == 0 else 2, worth
        found.append(best)
    return np.array(found, dtype=int)


def _leaving(moment, choices):
    law, dt = moment.rules, moment.layout.calendar.dt
    runs = choices.column
    inertia, rate, scale = (
        each if np.ndim(each) == 0 else each[runs]
        for each in (law.engagement.inertia, law.membership.exit_rate, law.membership.exit_scale)
    )
    before, odds = choices.inputs["before"], sum(choices.terms.values())
    moved = before + (1 / (1 + np.exp(-odds)) - before) * (1 - np.exp(-dt / inertia))
    _, point = moment.point(POINTS[EXIT])  # the world after the exit has neither
    shut, frozen = point.shut_out[choices.cell] > 0, moment.passed.world.frozen[choices.cell] > 0
    member, cost = law.membership, 0.0
    if "price" in choices.inputs:
        cost = member.by_coercion * choices.inputs["price"]
        cost = cost + member.by_need * (1 - choices.inputs["ways_out"])
    if member.shocked:
        moved = np.where(frozen, np.minimum(moved, member.skips - 2 * member.step), moved)
    moved = np.where(shut, 0.0, moved)
    return 1 - np.exp(-rate * np.exp(-moved / scale - cost) * dt)


def _number(value, run):
    return value if np.ndim(value) == 0 else value[run]


def _cell(term, index):
    shape = np.shape(term)
    own = index[-len(shape) :]
    return term[tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))]
