"""Grants: money for arms, payment for a base, and other aid without return.

Money for arms goes from fund to fund; if a donor's fund is short, its treasury gives the rest.
Other grants count by their worth and do not change funds for arms.
"""

import numpy as np

from sim.kernel.arrays import Dyadic, Elementwise, scatter
from sim.kernel.world import World


def granted(world: World, number: int, dt: float) -> Elementwise:
    """Return the worth of each grant in a period, given by date: (grants, runs), million USD."""
    layout = world.layout
    goes_on = (layout.grant_from <= number) & (number <= layout.grant_until)
    return world.grant * (goes_on * dt) + 0.0 * world.gdp[:1]


def given(world: World, worth: Elementwise) -> Dyadic:
    """Return the worth of grants to each state (first) from each other."""
    layout, size = world.layout, len(world.layout.states)
    index = layout.grant_recipient[:, None], layout.grant_donor[:, None]
    table: Dyadic = scatter((size, size), index, worth)[0]
    return table


def grant(world: World, number: int, dt: float) -> World:
    """Return the world after money for arms was given in a period."""
    layout = world.layout
    if not layout.grants:
        return world
    money = given(world, granted(world, number, dt) * layout.grant_of_arms)
    left = np.maximum(world.fund - money.sum(axis=0), 0.0)  # the treasury gives the rest
    return world.but(fund=left + money.sum(axis=1))
