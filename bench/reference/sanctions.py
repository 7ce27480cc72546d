"""Sanctions: trade that is cut, the output that it costs, and the resentment of the state hit."""

from __future__ import annotations

import math

from bench.reference.agents import Theatre


def lose(model: Theatre) -> None:
    """Let cut trade find other routes, and reduce or restore the output of both sides."""
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
    """Return the losses of the first by sanctions of the second, in years of its budget."""
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
    """Lower the regard of states that are hit for those that cut."""
    law = model.law
    for i, j in model.trade:
        state = model.states[i]
        more = law.affinity.fellow if model.fellow(i, j) else 1.0
        lost = 1 - math.exp(-law.affinity.by_betrayal * more * harm[i, j])
        state.affinity[j] -= lost * (1 + state.affinity[j])
