"""Budgets: the response of military burdens to threat and trust."""

import numpy as np

from sim.kernel.arrays import Memberwise, Monadic
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, assess, inventory


def faith(world: World) -> Monadic:
    """Return each state's belief in aid, 0 to 1, by the bloc in which it is highest."""
    if not world.layout.blocs:
        return world.gdp * 0.0
    backing: Memberwise = world.commitment * world.belief * world.member
    return backing.max(axis=1)


def remembered(world: World, rules: Rules) -> World:
    """Return the world of the start with reference insecurities, unless they are given."""
    if not rules.budget.responds:
        return world
    insecurity = assess(world, rules, inventory(world, rules)).insecurity
    known = world.insecurity_before
    return world.but(
        insecurity_before=np.where(known > 0, known, insecurity), faith_before=faith(world)
    )


def respond(world: World, rules: Rules, view: Assessment, dt: float) -> World:
    """Return the world after budgets responded to the assessment at the end of a period."""
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
