"""The effect of friends and the norm on every supplier's odds of arming every recipient."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.kernel.arrays import Dyadic, Elementwise, Memberwise, put
from sim.kernel.parameters import switched_off
from sim.kernel.rules import Rules
from sim.kernel.world import World

NOTHING = 1e-9  # TIV, or disputes, that count as none


@dataclass(frozen=True, kw_only=True, eq=False)
class Restraints:
    """Entry [s, i]: restraints on supplier s towards recipient i."""

    friends: Dyadic  # log odds, for a system of full offence
    norm: Dyadic  # log odds, for a system of full offence
    rivalry: Dyadic  # r_si, dispute of s with i
    harm: Dyadic  # sum_b n_b sum_m r_mi over fellow members; 0 where consent does not ask
    following: Dyadic  # the same with e_sb for n_b, of blocs whose leader shows an example
    example: Dyadic  # z_lb, the precedent of their leaders alone; 0 where consent does not ask
    drawn_in: Dyadic | None  # drawn_si, for a system of full offence; None: no patron minds
    by_friend: Callable[[], Elementwise]  # parts of friends: (consenters, dyads, runs)
    by_bloc: Callable[[], Elementwise]  # parts of the norm, by row of `norm_index`


def restraints(
    world: World, rules: Rules, precedent: Elementwise, exits: Memberwise, fellow: Dyadic
) -> Restraints:
    """Return the restraints of every supplier towards every recipient."""
    layout = world.layout
    size = len(layout.states)

    def placed(cells: Any, values: Elementwise) -> Dyadic:
        zero = np.zeros((size, size, values.shape[-1]))
        return put(zero, cells, values, inplace=True)

    own = placed((layout.dyad_from, layout.dyad_to), world.rivalry)
    drawn = None
    if "by_entrapment" not in switched_off(rules.consent):
        themselves = layout.consenters, layout.consenters
        drawn = put(placed(layout.consenters, _drawn_in(world, own)), themselves, 0.0)
    return Restraints(
        friends=placed(layout.consenters, _friends(world, rules, exits, fellow)),
        norm=placed(tuple(layout.norm_dyads.T), _norms(world, rules, precedent, exits)),
        rivalry=own,
        drawn_in=drawn,
        by_friend=partial(_by_friend, world, rules, exits, fellow),
        by_bloc=partial(_by_bloc, world, rules, precedent, exits),
        **_in_blocs(world, rules, own),
    )


def precedent_of(world: World, rules: Rules) -> Elementwise:
    """Return the precedent of each bloc, 0 to 1, from its members' remembered deliveries."""
    return rules.precedent.precedent(members=world.supplied_members, rivals=world.supplied_rivals)


def _norms(world: World, rules: Rules, precedent: Elementwise, exits: Memberwise) -> Elementwise:
    """Return the effect of the norms of a supplier's blocs, by row of `norm_dyads`."""
    return world.layout.norms_by_dyad.sum(_by_bloc(world, rules, precedent, exits))


def _by_bloc(world: World, rules: Rules, precedent: Elementwise, exits: Memberwise) -> Elementwise:
    """Return the effect of the norm of each of a supplier's blocs, by row of `norm_index`.

    A leader is restrained only as far as the harmed member could do without it.
    """
    layout = world.layout
    s, b, pair = layout.harm_index.T
    member, leads = layout.dyad_from[pair], (layout.leader[b] == s)[:, None]
    each = world.rivalry[pair] * world.member[member, b]
    harm = layout.harms_by_norm.sum(each * np.where(leads, exits[member, b], 1.0))
    s, b, recipient = layout.norm_index.T
    if layout.has_inside:
        harm = harm * (1 - (1 - world.inside[b]) * world.member[recipient, b])
    return world.member[s, b] * rules.restraint.norm(
        norm=world.norm[b],
        precedent=precedent[b],
        engagement=world.engagement[s, b],
        harm=harm,
    )


def _friends(world: World, rules: Rules, exits: Memberwise, fellow: Dyadic) -> Elementwise:
    """Return the effect of friends on the odds of consent: (actors, states, runs)."""
    lost = _lost(world, rules, exits, fellow)
    harm = world.layout.dyads_by_target.sum(np.moveaxis(lost, 1, 0))
    return rules.restraint.friends(harm=np.moveaxis(harm, 0, 1))


def _by_friend(world: World, rules: Rules, exits: Memberwise, fellow: Dyadic) -> Elementwise:
    """Return the effect of each friend's dispute with the recipient: (actors, dyads, runs)."""
    return rules.restraint.friends(harm=_lost(world, rules, exits, fellow))


def _lost(world: World, rules: Rules, exits: Memberwise, fellow: Dyadic) -> Elementwise:
    """Return the harm to each friend outside common blocs: (actors, dyads, runs).

    For a leader of several blocs the friend's best exit option counts.
    """
    layout = world.layout
    walks = np.ones((layout.consenters.size, *world.affinity.shape[1:]))
    for actor, blocs in layout.led_blocs:
        walks = put(walks, actor, exits[:, blocs].max(axis=1), inplace=True)
    regard = rules.restraint.regard(affinity=world.affinity[layout.consenters], exposed=walks)
    strangers = regard * (1 - fellow[layout.consenters])
    return strangers[:, layout.dyad_from] * world.rivalry


def _drawn_in(world: World, own: Dyadic) -> Elementwise:
    """Return how far treaties make a recipient's quarrels a supplier's: (actors, states, runs).

    A treaty binds against states outside its bloc; of several the strongest counts.
    """
    layout = world.layout
    bloc, pair = layout.appeal_index.T
    client, rival = layout.dyad_from[pair], layout.dyad_to[pair]
    binds = world.commitment[bloc] * world.member[client, bloc] * (1 - world.member[rival, bloc])
    if layout.has_scope:
        binds = binds * layout.covers[bloc, client, rival]
    bound = world.engagement[layout.consenters][:, bloc] * binds
    bound = layout.appeals_by_dyad.max(np.moveaxis(bound, 1, 0))
    foreign = (1 - own[layout.consenters][:, layout.dyad_to]) * world.rivalry
    drawn = layout.dyads_by_sender.sum(bound * np.moveaxis(foreign, 1, 0))
    return np.moveaxis(drawn, 0, 1)


def _in_blocs(world: World, rules: Rules, own: Dyadic) -> dict[str, Dyadic]:
    """Return harm, following and example, by which blocs restrain a sale."""
    layout = world.layout
    harm = following = shown = np.zeros((*own.shape[:2], 1))
    if not rules.consent.looks_at_blocs:
        return {"harm": harm, "following": following, "example": shown}
    states = np.arange(own.shape[0])
    leads = layout.leads
    example = rules.precedent.precedent(
        members=world.supplied_members * leads, rivals=world.supplied_rivals * leads
    )
    recorded = ((world.supplied_members + world.supplied_rivals) * leads).sum(axis=0) > NOTHING
    for bloc, leader in enumerate(layout.leader.tolist()):
        member = world.member[:, bloc]
        disputes = layout.dyads_by_target.sum(world.rivalry * member[layout.dyad_from])
        others = member[:, None] * (disputes - own * member[:, None])
        if layout.has_inside:
            others = others * (1 - (1 - world.inside[bloc]) * member)
        led = (states != leader)[:, None, None] * world.engagement[:, bloc][:, None] * others
        led = led * recorded[bloc]  # without a record a leader shows no example
        harm = harm + world.norm[bloc] * others
        following = following + led
        shown = shown + led * example[bloc]
    return {
        "harm": harm,
        "following": following,
        "example": shown / np.maximum(following, NOTHING),
    }
