"""Checks across blocks: leaders are members, shares add up, no state deals with itself."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.dates import months
from sim.scenario.nodes import Steps
from sim.scenario.numbers import value_of
from sim.scenario.references import Check
from sim.scenario.schema import Model
from sim.scenario.words import meant, number

_OF_MEMBERS = ("engagement", "belief", "rent", "grievance", "credit_lines", "history")
_TOLERANCE = 1e-6
_TOWARD = {"rivalries": "with", "affinities": "toward", "imports": "from", "refusals": "by"}


def check_fit(check: Check, model: Model) -> None:
    """Note every block that contradicts itself or another."""
    _time(check, model)
    _states(check, model)
    _offers(check, model)
    _blocs(check, model)
    _assets(check, model)
    _debts(check, model)


def _time(check: Check, model: Model) -> None:
    """Note a span that ends before it starts."""
    if check.holds(("time",)) and months(model.time.end) < months(model.time.start):
        message = f"ends before it starts: {model.time.start} to {model.time.end}"
        check.wrong(("time", "end"), message)


def _states(check: Check, model: Model) -> None:
    """Note states that border on, dispute with, regard or supply themselves."""
    for name, state in model.states.items():
        if name in state.neighbours:
            check.wrong(("states", name, "neighbours"), f"{name} is no neighbour of itself")
    for block, key in _TOWARD.items():
        node = check.node(block)
        for own, entry in node.items() if node is not None else ():
            others = entry.child(key)
            if check.holds((block, own)) and others is not None and own in others.value:
                steps = (block, own, key, own)
                check.wrong(steps, "a state has no such tie to itself: remove the entry", key=True)
    for name, embargo in model.embargoes.items():
        differ(check, ("embargoes", name), "supplier", (embargo.supplier, embargo.recipient))


def differ(check: Check, steps: Steps, what: str, names: Iterable[str]) -> None:
    """Note a problem if two states that have to differ do not."""
    first, second = names
    if first == second:
        other = {"supplier": "recipient", "debtor": "creditor", "lender": "borrower"}
        message = f"{what} and {other.get(what, 'the other')} are both {first}"
        check.wrong((*steps, what), message)


def _offers(check: Check, model: Model) -> None:
    """Note offers that close before they open."""
    for name, offer in model.offers.items():
        if offer.opens and offer.closes and months(offer.closes) < months(offer.opens):
            message = f"closes before it opens: {offer.opens} to {offer.closes}"
            check.wrong(("offers", name, "closes"), message)


def _blocs(check: Check, model: Model) -> None:
    """Note leaders that are no members, and numbers about states that are none."""
    states = check.names("state")
    for name, bloc in model.blocs.items():
        members = frozenset(bloc.members)
        if bloc.leader not in members and bloc.leader in states:
            message = f"the leader {bloc.leader} is no member: add it to members"
            check.wrong(("blocs", name, "leader"), message)
        for key in _OF_MEMBERS:
            node = check.node("blocs", name, key)
            for state, _ in node.items() if node is not None else ():
                if state in states and state not in members:
                    hint = meant(str(state), members)
                    message = f"{state} is no member of {name}{hint}"
                    check.wrong(("blocs", name, key, state), message, key=True)


def _assets(check: Check, model: Model) -> None:
    """Note states whose assets do not sum to 1."""
    owners: dict[str, list[str]] = {}
    for name, asset in model.assets.items():
        owners.setdefault(asset.owner, []).append(name)
        if asset.owner in asset.distance:
            message = f"{asset.owner} owns the asset: distances are of attackers"
            check.wrong(("assets", name, "distance", asset.owner), message, key=True)
    if any(steps[0] == "assets" for steps in check.shaped.broken):
        return  # the sums may lack what was left out
    for owner, names in owners.items():
        total = math.fsum(value_of(model.assets[name].value) for name in names)
        if abs(total - 1) > _TOLERANCE:
            listed = ", ".join(names)
            message = f"the values of {owner}'s assets ({listed}) sum to {number(total)}, not to 1"
            check.wrong(("assets", names[0], "value"), message)


def _debts(check: Check, model: Model) -> None:
    """Note debts of a state to itself, and arrears beyond the debt."""
    for name, debt in model.debts.items():
        differ(check, ("debts", name), "debtor", (debt.debtor, debt.creditor))
        arrears, amount = value_of(debt.arrears), value_of(debt.amount)
        if arrears > amount:
            message = f"arrears of {number(arrears)} are more than the debt of {number(amount)}"
            check.wrong(("debts", name, "arrears"), message)
