"""Budgets: how the share of output that states spend on arms answers threat and trust."""

import numpy as np

from sim.kernel.arrays import Memberwise, Monadic
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, assess, inventory


def faith(world: World) -> Monadic:
    """Return how far each state can count on the bloc that it can count on most, 0 to 1."""
    if not world.layout.blocs:
        return world.gdp * 0.0
    backing: Memberwise = world.commitment * world.belief * world.member
    return backing.max(axis=1)


def remembered(world: World, rules: Rules) -> World:
    """Return the world of the start with what states were used to; one that it knows stays."""
    if not rules.budget.responds:
        return world
    insecurity = assess(world, rules, inventory(world, rules)).insecurity
    known = world.insecurity_before
    return world.but(
        insecurity_before=np.where(known > 0, known, insecurity), faith_before=faith(world)
    )


def respond(world: World, rules: Rules, view: Assessment, dt: float) -> World:
    """Return the world after budgets answered what states find at the end of a period."""
    return world.but(
        arming=rules.budget.moved(
            arming=world.arming,
            insecurity=view.insecurity,
            reference=world.insecurity_before,
            faith=faith(world),
            faith_before=world.faith_before,
            dt=dt,
        )
    )
