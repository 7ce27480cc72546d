"""What friends and the norm take from every supplier's odds of arming every recipient."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Dyadic, Elementwise, Memberwise, namespace, put
from sim.rules import Rules
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Restraints:
    """Entry [s, i]: what holds supplier s back from recipient i."""

    friends: Dyadic  # log odds
    norm: Dyadic  # log odds, for a system of full offence
    rivalry: Dyadic  # r_si, dispute of s with i
    harm: Dyadic  # sum_b n_b sum_m r_mi over fellow members; 0 where consent does not ask
    following: Dyadic  # sum_b e_sb sum_m r_mi of blocs that s does not lead; likewise
    example: Dyadic  # z_lb, the precedent of their leaders alone; likewise


def restraints(
    world: World, rules: Rules, precedent: Elementwise, exits: Memberwise, fellow: Dyadic
) -> Restraints:
    """Return the restraints of every supplier towards every recipient."""
    layout = world.layout
    xp = namespace(world.affinity)
    size = len(layout.states)
    own = put(
        xp.zeros((size, size, world.rivalry.shape[-1])),
        (layout.pair_i, layout.pair_j),
        world.rivalry,
        own=True,
    )
    norm = xp.zeros_like(own)
    walks = xp.ones_like(own)
    for bloc, leader in enumerate(layout.leader.tolist()):
        inside = np.nonzero(layout.eligible[:, bloc])[0]
        member = world.member[:, bloc]
        harm = layout.disputed.sum(world.rivalry * member[layout.pair_i])
        fled = world.rivalry * (member * exits[:, bloc])[layout.pair_i]
        led = layout.disputed.sum(fled * (layout.pair_i != leader)[:, None])
        others = harm - own[inside] * member[inside][:, None]
        held = member[inside][:, None] * rules.restraint.norm(
            norm=world.norm[bloc],
            precedent=precedent[bloc],
            engagement=world.engagement[inside, bloc][:, None],
            harm=xp.where((inside == leader)[:, None, None], led, others),
        )
        norm = put(norm, inside, norm[inside] + held, own=True)
        led_before = leader in layout.leader[:bloc]
        way = xp.maximum(walks[leader], exits[:, bloc]) if led_before else exits[:, bloc]
        walks = put(walks, leader, way, own=True)
    regard = rules.restraint.regard(affinity=world.affinity, exposed=walks)
    regard *= 1 - fellow
    lost = regard[:, layout.pair_i]
    lost *= world.rivalry
    friends = xp.moveaxis(layout.disputed.sum(xp.moveaxis(lost, 1, 0)), 0, 1)
    return Restraints(
        friends=rules.restraint.friends(harm=friends),
        norm=norm,
        rivalry=own,
        **_in_blocs(world, rules, own),
    )


def _in_blocs(world: World, rules: Rules, own: Dyadic) -> dict[str, Dyadic]:
    """Return harm, following and example: what each supplier's blocs hold against a sale."""
    layout = world.layout
    xp = namespace(own)
    harm = following = shown = xp.zeros((*own.shape[:2], 1))
    if not rules.consent.looks_at_blocs:
        return {"harm": harm, "following": following, "example": shown}
    states = np.arange(own.shape[0])
    leads = put(
        xp.zeros((own.shape[0], len(layout.blocs), 1)),
        (layout.leader, range(len(layout.blocs))),
        1.0,
    )
    example = rules.precedent.precedent(
        members=world.supplied_members * leads, rivals=world.supplied_rivals * leads, leads=leads
    )
    for bloc, leader in enumerate(layout.leader.tolist()):
        member = world.member[:, bloc]
        disputes = layout.disputed.sum(world.rivalry * member[layout.pair_i])
        others = member[:, None] * (disputes - own * member[:, None])
        led = (states != leader)[:, None, None] * world.engagement[:, bloc][:, None] * others
        harm = harm + world.norm[bloc] * others
        following = following + led
        shown = shown + led * example[bloc]
    return {
        "harm": harm,
        "following": following,
        "example": shown / xp.maximum(following, 1e-9),
    }
