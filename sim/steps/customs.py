"""Customs: the norm of a bloc against purchases from fellow members' adversaries.

A custom applies to purchases from states outside the bloc.
"""

from collections.abc import Iterator

import numpy as np

from sim.kernel.arrays import Dyadic, Elementwise, Exportwise, put
from sim.kernel.exports import whole_table
from sim.kernel.world import World


def displeasure(world: World) -> Dyadic:
    """Return the displeasure of fellow members at i's purchases from s: entry [i, s]."""
    layout, total = world.layout, 0.0 * world.affinity
    own = disputes_of(world)
    for bloc, member in _of_blocs(world):
        disputes = layout.dyads_by_target.sum(world.rivalry * member[layout.dyad_from])
        others = disputes - own * member[:, None]
        weight = world.custom[bloc] * world.engagement[:, bloc] * member
        total = total + weight[:, None] * others * (1 - member)
    return total


def offences(world: World, supply: Exportwise) -> dict[int, Dyadic]:
    """Return j's purchases from i's rivals, weighted by the custom of each bloc: entry [i, j].

    `supply` has the deliveries of the second state to the first, in years of its budget.
    """
    layout, found = world.layout, {}
    supply = whole_table(layout, supply)
    bought = np.moveaxis(supply, 0, 1)[layout.dyad_to]  # by rival, then by buyer
    for bloc, member in _of_blocs(world):
        outside = world.rivalry * (1 - member[layout.dyad_to])
        felt = layout.dyads_by_sender.sum(outside[:, None] * bought)
        shared = member[:, None] * member
        states = np.arange(len(layout.states))
        found[bloc] = put(world.custom[bloc] * shared * felt, (states, states), 0.0, inplace=True)
    return found


def disputes_of(world: World) -> Dyadic:
    """Return the dispute that each state has with each other: entry [i, j]."""
    dyads = world.layout.dyad_from, world.layout.dyad_to
    return put(0.0 * world.affinity, dyads, world.rivalry, inplace=True)


def _of_blocs(world: World) -> Iterator[tuple[int, Elementwise]]:
    """Yield each bloc with a custom, and its members."""
    for bloc in world.layout.customs.tolist():
        yield bloc, world.member[:, bloc]
