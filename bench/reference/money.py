"""Money: debt service, payment for arms, and rescue."""

from __future__ import annotations

import math

from bench.reference.agents import DUST, Theatre
from bench.reference.orders import Table


def give(model: Theatre) -> None:
    """Let donors give money for arms, from their funds and then from the treasury."""
    gifts = [each for each in model.gifts() if each.of_arms]
    for each in gifts:
        model.states[each.donor].fund -= each.yearly * model.dt
    for each in gifts:
        donor = model.states[each.donor]
        donor.fund = max(donor.fund, 0.0)
    for each in gifts:
        model.states[each.recipient].fund += each.yearly * model.dt


def serve(model: Theatre) -> None:
    """Let every state pay what is due as far as its fund goes; the rest is overdue."""
    for (i, j), owed in model.civil.items():
        model.civil[i, j] = owed * (1 - min(model.dt / model.states[i].tenor[j], 1.0))
    received = dict.fromkeys(model.states, 0.0)
    for state in model.states.values():
        dues = {}
        for j, debt in state.debt.items():
            if debt > 0:
                interest = debt * state.rate[j] * model.dt
                scheduled = debt * min(model.dt / state.tenor[j], 1.0) + interest
                fresh = max(min(scheduled, debt + interest - state.arrears[j]), 0.0)
                dues[j] = fresh + state.arrears[j], interest
        total = sum(due for due, _ in dues.values())
        share = min(1.0, state.fund / max(total, 1e-12))
        for j, (due, interest) in dues.items():
            paid = due * share
            received[j] += paid
            owed = state.debt[j]
            state.debt[j] = max(owed + interest - paid, 0.0)
            state.arms_debt[j] = min(state.arms_debt[j], owed) * state.debt[j] / owed
            state.arrears[j] = max(due - paid, 0.0)
        state.fund -= total * share
    for name, paid in received.items():
        model.states[name].fund += paid


def settle(model: Theatre, claims: Table, lent: Table) -> None:
    """Let every state pay for arms as far as its fund goes; the rest is owed and overdue."""
    totals = dict.fromkeys(model.states, 0.0)
    for (i, _), claim in claims.items():
        totals[i] += claim
    shares = {i: min(1.0, model.states[i].fund / max(total, 1e-12)) for i, total in totals.items()}
    for (i, s), claim in claims.items():
        state, unpaid = model.states[i], claim * (1 - shares[i])
        state.debt[s] += unpaid
        state.arms_debt[s] += unpaid
        state.arrears[s] += unpaid
    for (i, s), credit in lent.items():
        model.states[i].debt[s] += credit
        model.states[i].arms_debt[s] += credit
    for i, total in totals.items():
        model.states[i].fund -= total * shares[i]


def rescue(model: Theatre) -> None:
    """Let the state most in arrears borrow the sum that it needs, if a state lends it."""
    law, draws = model.law.finance, model.draws
    overdue = {i: sum(state.arrears.values()) for i, state in model.states.items()}
    name = max(model.states, key=lambda i: overdue[i] / model.states[i].measure)
    borrower, need = model.states[name], overdue[name]
    if need <= DUST:
        return
    claimant = max(sorted(borrower.arrears), key=borrower.arrears.__getitem__)
    best, top = None, draws.gumbel("rescue.none")
    for k, lender in model.states.items():
        if k in {name, claimant} or lender.fund < need:
            continue
        utility = (
            law.base
            + law.by_affinity * lender.affinity[name]
            + law.by_fund * math.log(max(lender.fund, 1e-9) / need)
            - law.by_debt * borrower.debt[k] / borrower.measure
            + draws.gumbel("rescue", k)
        )
        if utility > top:
            best, top = k, utility
    if best is not None:
        borrower.fund += need
        model.states[best].fund -= need
        borrower.debt[best] += need
        borrower.affinity[best] += law.thanks * (1 - borrower.affinity[best])
