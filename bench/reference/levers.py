"""Levers: supplies that holders may withhold from a buyer because of a purchase."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.kernel.layout.layout import Layout

if TYPE_CHECKING:
    from bench.reference.agents import Theatre


@dataclass
class Lever:
    """A threat of one state to withhold supplies from another."""

    name: str
    holder: str
    buyer: str
    against: set[str]  # offers
    offers: set[str]  # offers that it would withhold
    resolve: float
    first: int
    last: int
    done: bool = False


def levers_of(layout: Layout, resolve: list[float]) -> list[Lever]:
    """Return the levers of a scenario."""
    names, offers = layout.states, layout.offers
    return [
        Lever(
            name,
            *(names[k] for k in layout.lever_parties[t]),
            {offers[o] for n, o in layout.lever_sales if n == t},
            {offers[o] for n, o in layout.lever_offers if n == t},
            resolve[t],
            int(layout.lever_from[t, 0]),
            int(layout.lever_until[t, 0]),
        )
        for t, name in enumerate(layout.levers)
    ]


def weights(model: Theatre, buyer: str, gains: dict[str, float]) -> dict[str, float]:
    """Return the stakes of a buyer with each offer, times the resolve of the holders."""
    found = dict.fromkeys(model.offers, 0.0)
    best = max(gains.values(), default=0.0)
    for lever in model.levers:
        if lever.buyer != buyer or lever.done or not lever.first <= model.number <= lever.last:
            continue
        others = [gain for name, gain in gains.items() if name not in lever.offers]
        lost = 1 - max(others, default=0.0) / max(best, 1e-12)
        for name in lever.against:
            found[name] += lever.resolve * _at_stake(model, lever, min(max(lost, 0.0), 1.0))
    return found


def _at_stake(model: Theatre, lever: Lever, lost: float) -> float:
    coming = sum(
        each.value * (each.left - each.begun) / (1 if each.gift else each.instalments)
        for each in model.log
        if each.left > 0 and each.holder == lever.buyer and each.offer.name in lever.offers
    )
    led = [bloc for bloc in model.blocs.values() if bloc.leader == lever.holder]
    rent = sum(bloc.rent[lever.buyer] for bloc in led)
    return math.log(1 + coming / model.states[lever.buyer].measure + rent) + lost


def carry_out(model: Theatre) -> None:
    """Let holders carry their levers out once the purchase they object to is delivered."""
    law, does = model.law.leverage, []
    for lever in model.levers:
        came = any(
            each.first is not None
            and each.recipient == lever.buyer
            and each.offer.name in lever.against
            for each in model.log
        )
        stands = lever.first <= model.number <= lever.last
        drawn = model.draws.held("leverage", lever.name) < lever.resolve
        if came and stands and drawn and not lever.done:
            does.append((lever, _at_stake(model, lever, 1.0)))
    for lever, stake in does:
        for other in model.levers:  # one after another on the same offers
            if (other.holder, other.buyer) == (lever.holder, lever.buyer):
                other.done = other.done or bool(other.offers & lever.offers)
        affinity = model.states[lever.buyer].affinity
        lost = 1 - math.exp(-law.hurt * stake)
        affinity[lever.holder] -= lost * (1 + affinity[lever.holder])
        for bloc in model.blocs.values():
            if bloc.leader == lever.holder:
                bloc.rent[lever.buyer] *= 1 - law.forfeit
