"""Permits: allowed sales, by the clientele of each offer and by embargoes.

A bloc counts as its current members. An embargo stops systems that the declaring states sell,
license, or make components of with a right to consent. Orders and transfers by events need no
permit.
"""

from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Index, pick
from sim.kernel.world import World


def permits(world: World) -> Any:
    """Return whether each offer may be sold to each state: (states, offers, runs)."""
    states = np.arange(len(world.layout.states))
    ban, permitted = bans(world), offered(world)
    for decider in world.layout.deciders.T:  # the supplier, then each partner
        stopped = ban[np.maximum(decider, 0), states[:, None]] & (decider != NONE)[:, None]
        permitted = permitted & ~stopped
    return permitted & ~withheld(world) if world.layout.levers else permitted


def withheld(world: World) -> Any:
    """Return whether a holder withholds each offer from each state: (states, offers, runs)."""
    table = np.concatenate([world.withheld, 0.0 * world.withheld[:1]])
    return table[world.layout.lever_place.T] > 0


def withholder(world: World, buyer: Index, offer: Index) -> Index:
    """Return the states that withhold offers from buyers, or NONE."""
    layout = world.layout
    holders = np.concatenate([layout.lever_parties[:, 0], [NONE]])[:, None]
    done = np.concatenate([world.withheld, 0.0 * world.withheld[:1]])
    place = pick(layout.lever_place[..., None], offer, buyer)
    return np.where(pick(done, place) > 0, pick(holders, place), NONE)


def offered(world: World) -> Any:
    """Return whether each offer is made to each state: (states, offers, runs)."""
    size = len(world.layout.states)
    open_, shut = world.clientele[:size] > 0, world.clientele[:size] < 0
    for bloc in world.layout.named_blocs.tolist():
        inside, terms = world.member[:, bloc][:, None] > 0, world.clientele[size + bloc][None]
        open_, shut = open_ | (inside & (terms > 0)), shut | (inside & (terms < 0))
    return open_ & ~shut


def bans(world: World, beyond: int = 0) -> Any:
    """Return whether an embargo keeps state j from supplying i: (states, states, runs).

    Values beyond 1 mean that it also halts orders under way.
    """
    size, blocs = len(world.layout.states), world.layout.named_blocs.tolist()
    embargo = world.embargo > beyond
    against = embargo[:, :size]  # by parties
    for bloc in blocs:
        inside = world.member[:, bloc][None] > 0
        against = against | (inside & embargo[:, size + bloc][:, None])
    banned = against[:size]
    for bloc in blocs:
        inside = world.member[:, bloc][:, None] > 0
        banned = banned | (inside & against[size + bloc][None])
    return banned
