"""Preferential terms: what a leader grants members, as seen by every buyer and supplier."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Dyadic, Elementwise, Index, namespace, put
from sim.rules import Rules
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Privilege:
    """Shares, 0 to 1, of what each recipient i pays each supplier s: entry [i, s]."""

    discount: Dyadic  # share of the price that is waived
    credit: Dyadic  # share of the rest on credit


def preferences(world: World, rules: Rules) -> Elementwise:
    """Return the preference of each member in each bloc, 0 to 1: (states, blocs, runs)."""
    return rules.patronage.preference(
        preference=world.preference[None], engagement=world.engagement
    )


def privilege(world: World, rules: Rules) -> Privilege:
    """Return the best terms of any common bloc between each recipient and its leader."""
    xp = namespace(world.engagement)
    preference = preferences(world, rules)
    size = len(world.layout.states)
    discount = xp.zeros((size, size, world.engagement.shape[-1]))
    credit = discount
    for bloc, leader in enumerate(world.layout.leader):
        client = world.member[:, bloc] * (np.arange(size) != leader)[:, None]
        client = client * world.member[leader, bloc]
        better = xp.maximum(discount[:, leader], client * preference[:, bloc])
        discount = put(discount, (slice(None), leader), better)
        better = xp.maximum(credit[:, leader], client * world.credit[bloc])
        credit = put(credit, (slice(None), leader), better)
    return Privilege(discount=discount, credit=credit)


def fellows(world: World) -> Dyadic:
    """Return 1 where two states share a bloc, else 0."""
    xp = namespace(world.member)
    shared = world.member[:, None] * world.member[None]
    return xp.max(shared, axis=2)


def exits(world: World, rules: Rules, strength: Elementwise) -> Elementwise:
    """Return how far each state could walk away from each bloc's leader, 0 to 1."""
    xp = namespace(strength)
    columns = []
    for bloc, leader in enumerate(world.layout.leader):
        outside = (1 - world.member[:, bloc]) * (np.arange(strength.shape[0]) != leader)[:, None]
        pull = rules.exit_option.pull(
            strength=strength, leader=strength[leader], outside=outside
        )
        columns.append(rules.exit_option.exit(affinity=world.affinity, pull=pull))
    if not columns:
        return xp.zeros((strength.shape[0], 0, strength.shape[-1]))
    return xp.stack(columns, axis=1)


def own_budget(world: World) -> Elementwise:
    """Return the yearly import budget, at least a hundredth of military spending.

    Flows are measured in it; the floor keeps a state that imports nothing from dividing by zero.
    """
    xp = namespace(world.gdp)
    return xp.maximum(world.import_share, 0.01) * world.burden * world.gdp


def recipients(index: Index) -> Index:
    """Return recipients with NONE read as state 0; the caller masks them."""
    return namespace(index).maximum(index, 0)
