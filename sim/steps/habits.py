"""Habits: what of deliveries is usual, and so offends less, or nobody."""

import numpy as np

from sim.kernel.arrays import Dyadic
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.deliveries import Flows
from sim.steps.privileges import familiarity


def accustomed(world: World, rules: Rules) -> World:
    """Return the world of the start, in which nobody minds a year of what is usual."""
    if not rules.harm.looks_back:
        return world
    return world.but(unused=_kept(world, rules, 0.0 * world.unused, 1.0))


def departures(world: World, rules: Rules, flows: Flows) -> tuple[Dyadic, Dyadic]:
    """Return what of deliveries is unusual, million USD, and the share that rivals mind.

    Entry [k, j] is what came to k from j, and [i, j] what i minds of what j does.
    """
    fresh = rules.harm.fresh(flow=flows.listed, unused=world.unused)
    return fresh, rules.harm.minded(dependence=familiarity(world))


def used(world: World, rules: Rules, flows: Flows, dt: float) -> World:
    """Return the world after the deliveries of a period made use of what is usual."""
    return world.but(unused=_kept(world, rules, flows.listed, dt))


def _kept(world: World, rules: Rules, flow: Dyadic, dt: float) -> Dyadic:
    usual = world.recent_value / rules.precedent.memory
    kept = rules.harm.kept(flow=flow, unused=world.unused, usual=usual, dt=dt)
    return np.maximum(kept, 0.0)
