"""Risk of suppliers: their deliveries to rivals, and their refusals of other customers."""

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.world import World


def ties_to_rivals(world: World) -> Elementwise:
    """Return the share of each seller's deliveries that went to each state's rivals.

    Entry [i, s] is from 0 to 1: of the remembered deliveries of s, weighted by i's dispute with
    their recipients.
    """
    layout = world.layout
    sent = world.recent_tiv[:, layout.seller_column]  # by recipient
    to_rivals = layout.dyads_by_sender.sum(world.rivalry[:, None] * sent[layout.dyad_to])
    return share(to_rivals, sent.sum(axis=0)[None], nothing=0.0)


def stops(world: World) -> Elementwise:
    """Return the share of each seller's other customers that it has recently refused.

    Entry [i, s] is from 0 to 1: the memory of refusals of all but i, weighted by the deliveries to
    them.
    """
    sellers = world.layout.seller_column
    sent = world.recent_tiv[:, sellers]
    stopped = world.refusal[:, sellers] * sent
    others = sent.sum(axis=0)[None] - sent
    refused = stopped.sum(axis=0)[None] - stopped
    return np.clip(share(refused, np.maximum(others, 0.0), nothing=0.0), 0, 1)
