"""Sanctions: trade that is cut, the output that it costs, and the regard of who is hit."""

from __future__ import annotations

import math

from bench.reference.agents import Theatre


def lose(model: Theatre) -> None:
    """Let cut trade find other ways, and take output from both sides, or give it back."""
    law, change = model.law.commerce, dict.fromkeys(model.states, 0.0)
    for (i, j), each in model.trade.items():
        share = max(each.cut, model.trade[j, i].cut)
        if share > 0:
            each.rerouted += (law.elsewhere - each.rerouted) * (
                1 - math.exp(-model.dt / law.detour)
            )
        else:
            each.rerouted = 0.0
        lost = law.worth * each.share * share * (1 - each.rerouted)
        change[i] += lost - each.lost
        each.lost = lost
    for name, state in model.states.items():
        state.gdp *= math.exp(-change[name])


def harms(model: Theatre) -> dict[tuple[str, str], float]:
    """Return what sanctions of the second took from the first, in years of its budget."""
    law = model.law.commerce
    return {
        (i, j): law.as_harm
        * law.worth
        * each.share
        * each.cut
        * (1 - each.rerouted)
        * model.states[i].gdp
        * model.dt
        / model.states[i].measure
        for (i, j), each in model.trade.items()
    }


def resent(model: Theatre, harm: dict[tuple[str, str], float]) -> None:
    """Lower the regard of those hit for who cuts."""
    law = model.law
    for i, j in model.trade:
        state = model.states[i]
        more = law.affinity.fellow if model.fellow(i, j) else 1.0
        lost = 1 - math.exp(-law.affinity.by_betrayal * more * harm[i, j])
        state.affinity[j] -= lost * (1 + state.affinity[j])
