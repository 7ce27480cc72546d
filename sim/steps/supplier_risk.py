"""Risk of suppliers: their deliveries to rivals, and their refusals of other customers."""

import numpy as np

from sim.kernel.arrays import Dyadic, Elementwise, put, share
from sim.kernel.world import World


def ties_to_rivals(world: World) -> Dyadic:
    """Return the share of each supplier's deliveries that went to each state's rivals.

    Entry [i, s], 0 to 1: of the deliveries of s that are remembered, weighted by the dispute that i
    has with whom they went to.
    """
    layout, sellers = world.layout, world.layout.sellers
    sent = world.recent_tiv[:, sellers]  # by recipient
    to_rivals = layout.dyads_by_sender.sum(world.rivalry[:, None] * sent[layout.dyad_to])
    return _of_sellers(world, share(to_rivals, sent.sum(axis=0)[None], nothing=0.0))


def stops(world: World) -> Dyadic:
    """Return the share of each supplier's other customers that it has recently refused.

    Entry [i, s], 0 to 1: the memory of refusals of all but i, weighted by what they were delivered.
    """
    sellers = world.layout.sellers
    sent = world.recent_tiv[:, sellers]
    stopped = world.refusal[:, sellers] * sent
    others = sent.sum(axis=0)[None] - sent
    refused = stopped.sum(axis=0)[None] - stopped
    return _of_sellers(world, np.clip(share(refused, np.maximum(others, 0.0), nothing=0.0), 0, 1))


def _of_sellers(world: World, table: Elementwise) -> Dyadic:
    """Return a table (states, sellers) as one of all states, zero for those that sell nothing."""
    zero = np.zeros((*table.shape[:1], len(world.layout.states), table.shape[-1]))
    return put(zero, (slice(None), world.layout.sellers), table, inplace=True)
