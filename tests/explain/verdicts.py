"""What terms and draw make of a choice, by arithmetic of the tests' own."""

import numpy as np

from sim.experiments.watch.choices import EXIT, POINTS, REQUEST, RESPONSE


def rounds_of(again):
    """Return the rounds of all periods of a replay."""
    return [each for moment in again.moments for each in moment.rounds]


def verdicts(moment, choices):
    """Return what each choice of a round has to be by its terms and its draws."""
    if choices.kind == REQUEST:
        return _requests(moment, choices)
    if choices.kind == RESPONSE:
        return _responses(moment, choices)
    if choices.kind == EXIT:
        return (choices.draw < _leaving(moment, choices)) * 1
    odds = sum(choices.terms.values())
    return (choices.draw < 1 / (1 + np.exp(-odds))) * 1


def _requests(moment, choices):
    _, point = moment.point(POINTS[REQUEST])
    found = []
    for row, run in zip(*choices.cell, strict=True):
        worth = {}
        for offer in np.flatnonzero(point.open[row, :, run]):
            seller = moment.layout.seller_place[offer]
            own = [_cell(term, (row, offer, run)) for term in point.terms.values()]
            own += [_cell(term, (row, seller, run)) for term in point.supplier_terms.values()]
            scale = point.scale if np.ndim(point.scale) == 0 else point.scale[run]
            worth[offer] = sum(own) + scale * point.draw[row, offer, run]
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


def _leaving(moment, choices):
    law, dt = moment.rules, moment.layout.calendar.dt
    runs = choices.column
    inertia, rate, scale = (
        each if np.ndim(each) == 0 else each[runs]
        for each in (law.engagement.inertia, law.membership.exit_rate, law.membership.exit_scale)
    )
    before, odds = choices.inputs["before"], sum(choices.terms.values())
    moved = before + (1 / (1 + np.exp(-odds)) - before) * (1 - np.exp(-dt / inertia))
    return 1 - np.exp(-rate * np.exp(-moved / scale) * dt)


def _cell(term, index):
    shape = np.shape(term)
    own = index[-len(shape) :]
    return term[tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))]
