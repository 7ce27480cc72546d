"""Credit lines: the total that a leader lends a member, until it is used up.

A line without an amount has no limit. Credit for an order is drawn when the order is made.
"""

from typing import Any

import numpy as np

from sim.kernel.arrays import DUST, TINY, Elementwise, Index, Memberwise, pick, put, scatter
from sim.kernel.world import World


def lines(world: World) -> Memberwise:
    """Return the share of the price on each member's line; 0 once it is used up."""
    if not world.layout.limited.size:
        return world.credit_line
    return world.credit_line * (world.credit_left > DUST)


def within(
    world: World, credit: Elementwise, buyer: Index, offer: Index, value: Elementwise
) -> Elementwise:
    """Return shares on credit of orders of some value, limited by the rest of a line.

    Credit offered to all members is not affected.
    """
    for bloc in world.layout.limited.tolist():
        left = pick(world.credit_left[:, bloc], buyer) / np.maximum(value, TINY)
        most = np.minimum(credit, np.maximum(left, world.credit[bloc]))
        credit = np.where(_on_line(world, bloc, buyer, offer), most, credit)
    return credit


def drawn(world: World, buyer: Index, offer: Index, lent: Elementwise) -> Memberwise:
    """Return the rest of lines after orders with some amount on credit."""
    size, left = len(world.layout.states), world.credit_left
    for bloc in world.layout.limited.tolist():
        (taken,) = scatter((size,), (buyer,), lent * _on_line(world, bloc, buyer, offer))
        rest = np.maximum(world.credit_left[:, bloc] - taken, 0.0)
        left = put(left, (slice(None), bloc), rest)
    return left


def _on_line(world: World, bloc: int, buyer: Index, offer: Index) -> Any:
    """Return whether orders are on their buyers' lines with the leader of a bloc."""
    layout, leader = world.layout, int(world.layout.leader[bloc])
    line = pick(world.credit_line[:, bloc], buyer)
    on_line = (pick(layout.supplier[:, None], offer) == leader) & (line > world.credit[bloc])
    on_line = on_line & (pick(world.member[:, bloc], buyer) * world.member[leader, bloc] > 0)
    if "credit" in layout.member_terms:
        on_line = on_line & (pick(world.own_credit[:, bloc], buyer) < 0)
    if "credit" in layout.own_terms:
        on_line = on_line & (pick(world.offer_credit, offer) < 0)
    return on_line
