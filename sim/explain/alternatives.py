"""Alternatives: options of a leader on a sale, or of a threatened buyer with its order."""

from __future__ import annotations

import numpy as np

from sim.experiments.watch.choices import CONCESSION, POINTS, RESPONSE
from sim.explain.account import Alternative
from sim.explain.casebook import ChoiceEntry
from sim.explain.parties import Register
from sim.explain.sentences import OPTIONS, RESPONSES
from sim.kernel.arrays import NONE, added
from sim.seeing.running_text import articles


def responses_of(entry: ChoiceEntry) -> tuple[Alternative, ...]:
    """Return the options of a leader on a sale."""
    choices, row = entry.choices, entry.row
    _, point = entry.moment.point(POINTS[RESPONSE])
    stall = float(np.broadcast_to(point.stall, point.draw.shape[-1:])[0])
    known = np.array([0.0, stall, float(choices.odds[row])])
    draws = point.draw[:, choices.cell[0][row], 0]
    weight = np.exp(known - known.max())
    return tuple(
        Alternative(
            name=RESPONSES[which],
            words=OPTIONS[which],
            reasons=float(known[which]),
            luck=float(draws[which]),
            chance=float(weight[which] / weight.sum()),
            chosen=which == entry.made,
        )
        for which in range(len(RESPONSES))
    )


def ways_of(entry: ChoiceEntry, register: Register) -> tuple[Alternative, ...]:
    """Return keeping, cancelling, and each friend that would take over the order.

    Reasons are relative to keeping it.
    """
    threat, run = (int(each[entry.row]) for each in entry.choices.cell)
    choice, point = entry.moment.point(POINTS[CONCESSION])
    known = np.asarray(added(point.terms))[threat, :, run]
    draws = point.draw[threat, :, run]
    kept = np.broadcast_to(point.keep_draw, choice.shape)[threat, run]
    ways = [(NONE, "keeps", "to keep it", 0.0, float(kept))]
    for way in np.flatnonzero(point.open[threat, :, run]).tolist():
        heir = int(point.heirs[threat, way - 1]) if way else NONE
        name = register.layout.states[heir] if way else "cancels"
        words = articles(f"to hand it over to {register.state(heir)}") if way else "to cancel it"
        ways.append((way, name, words, float(known[way]), float(draws[way])))
    weight = np.exp([each[3] - max(w[3] for w in ways) for each in ways])
    return tuple(
        Alternative(
            name=name,
            words=words,
            reasons=reasons,
            luck=luck,
            chance=float(share / weight.sum()),
            chosen=way == int(choice[threat, run]),
        )
        for (way, name, words, reasons, luck), share in zip(ways, weight, strict=True)
    )
