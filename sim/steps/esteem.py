"""Esteem: mutual regard of members and their blocs, and the price of leaving."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Memberwise, put
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment


def liking(world: World) -> tuple[Elementwise, Elementwise]:
    """Return the regard of each member for the leader, and for the other members: (members, runs).

    Without members other than the two the latter is 0.
    """
    layout = world.layout
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    return world.affinity[i, layout.leader[b]], _by_others(world, world.affinity[i[row], k])


def esteem(world: World) -> tuple[Elementwise, Elementwise]:
    """Return the regard of the leader, and of the other members, for each member: (members, runs).

    Without members other than the two the latter is 0.
    """
    layout = world.layout
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    return world.affinity[layout.leader[b], i], _by_others(world, world.affinity[k, i[row]])


def _by_others(world: World, regard: Elementwise) -> Elementwise:
    """Return the mean, over members that do not lead, of regards by row of `fellow_index`."""
    layout = world.layout
    row, k = layout.fellow_index.T
    bloc = layout.member_index[row, 1]
    others = world.member[k, bloc] * (k != layout.leader[bloc])[:, None]
    count = np.maximum(layout.fellows_by_member.sum(others), 1.0)
    return layout.fellows_by_member.sum(regard * others) / count


def standing(world: World, rules: Rules, view: Assessment) -> Mapping[str, Memberwise]:
    """Return the regard of blocs for their members, and the threats from fellow members."""
    layout = world.layout
    i, b = layout.member_index.T
    row, dyad = layout.inner_index.T
    bloc, fellow = b[row], layout.dyad_to[dyad]
    leads = (layout.leader[bloc] == fellow)[:, None] * 1.0
    share, there = rules.engagement.leader_share, world.member[fellow, bloc]
    weight = there * (leads * share + (1 - leads) * (1 - share))
    leader, others = esteem(world)
    found = {
        "standing": rules.engagement.regard(leader=leader, others=others),
        "within": layout.inner_by_member.sum(view.threat[dyad] * weight),
        "dispute": layout.inner_by_member.max(
            world.rivalry[layout.reverse[dyad]] * (leads * there)
        ),
    }
    return {name: put(np.zeros(world.rent.shape), (i, b), each) for name, each in found.items()}


def leaving(world: World, rules: Rules, view: Assessment) -> Mapping[str, Elementwise]:
    """Return the price of leaving, by name: (members, runs); empty if it has no price."""
    if not rules.membership.priced:
        return {}
    law: Any = rules.membership
    i, b = world.layout.member_index.T
    return {
        "price": law.price(
            coerces=world.coercion[b],
            strength=view.strength[i],
            leader=view.strength[world.layout.leader[b]],
            near=rules.threat.near(distance=world.to_leader[i, b]),
            access=world.by_land[i, b],
        )
    }
