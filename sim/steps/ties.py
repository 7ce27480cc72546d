"""Laws 11 to 13: regard, memories, precedent, rents and grievances, engagement and exit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Dyadic, Elementwise, Memberwise, chance, namespace, put
from sim.inputs import Decide
from sim.noise import Noise
from sim.rules import Rules
from sim.steps.assess import Assessment, protection
from sim.steps.orders import Flows
from sim.steps.terms import own_budget
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Deeds:
    """What the deliveries of a period mean to others, in years of import budget."""

    supply: Dyadic  # [i, j]: what j delivered to i
    betrayal: Dyadic  # [i, j]: what j delivered to i's rivals, weighted by the dispute


def deeds(world: World, flows: Flows) -> Deeds:
    """Return who was armed by whom, and whose rivals."""
    layout = world.layout
    xp = namespace(flows.listed)
    supply = flows.listed / own_budget(world)[:, None]
    to_rival = world.rivalry[:, None] * supply[layout.pair_j][:, layout.sellers]
    betrayal = put(
        xp.zeros(supply.shape), (slice(None), layout.sellers), layout.rivals.sum(to_rival)
    )
    return Deeds(supply=supply, betrayal=betrayal)


def regard(*, world: World, rules: Rules, done: Deeds, fellow: Dyadic, dt: float) -> World:
    """Return the world after affinities moved and drifted."""
    moved = rules.affinity.moved(
        affinity=world.affinity, supply=done.supply, betrayal=done.betrayal, fellow=fellow
    )
    drifted = rules.affinity.drifted(
        affinity=moved,
        base=world.affinity_base,
        pull=rules.affinity.pull(affinity=moved),
        dt=dt,
    )
    states = np.arange(len(world.layout.states))
    return world.but(affinity=put(drifted, (states, states), 0.0))


def remember(*, world: World, rules: Rules, flows: Flows, done: Deeds, dt: float) -> World:
    """Return the world after memories faded and took in the deliveries of the period."""
    layout = world.layout
    xp = namespace(flows.tiv)
    fade = xp.exp(xp.asarray(-dt / rules.precedent.memory))
    forget = xp.exp(xp.asarray(-dt / rules.patronage.memory))
    to_members, to_rivals, rent = [], [], []
    for bloc, leader in enumerate(layout.leader):
        member = world.member[:, bloc]
        dispute = layout.disputed.max(world.rivalry * member[layout.pair_i])
        to_members.append((flows.tiv * member[:, None]).sum(axis=0) * member)
        rivals = dispute * (1 - member)
        to_rivals.append((flows.tiv * rivals[:, None]).sum(axis=0) * member)
        rent.append(flows.waived[:, leader] / own_budget(world) * member * member[leader])
    harm = _by_bloc(done.betrayal, world.member)
    return world.but(
        recent_tiv=world.recent_tiv * fade + flows.tiv,
        recent_value=world.recent_value * fade + flows.value,
        imported_tiv=world.imported_tiv + flows.tiv,
        supplied_members=world.supplied_members * fade + _stacked(to_members, world),
        supplied_rivals=world.supplied_rivals * fade + _stacked(to_rivals, world),
        rent=world.rent * forget + _stacked(rent, world),
        grievance=world.grievance * forget + harm * world.member,
    )


def worth_of_membership(
    world: World, rules: Rules, found: Assessment, exit: Memberwise
) -> Mapping[str, Memberwise]:
    """Return the log odds of taking part, by reason: (states, blocs, runs)."""
    layout = world.layout
    xp = namespace(found.strength)
    regards = []
    for bloc, leader in enumerate(layout.leader):
        others = world.member[:, bloc] * (np.arange(len(layout.states)) != leader)[:, None]
        total = (world.affinity * others[None]).sum(axis=1)
        count = xp.maximum(others.sum(axis=0) - others, 1.0)
        regards.append(0.6 * world.affinity[:, leader] + 0.4 * total / count)
    return rules.engagement.terms(
        protection=protection(world, rules, found),
        rent=world.rent,
        regard=_stacked(regards, world),
        grievance=world.grievance,
        exit=exit,
    )


def take_part(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    found: Assessment,
    exit: Memberwise,
    decide: Decide,
    dt: float,
) -> tuple[World, Mapping[str, Memberwise]]:
    """Return the world after engagement moved and members left, or not; and why, by reason."""
    layout = world.layout
    xp = namespace(found.strength)
    terms = worth_of_membership(world, rules, found, exit)
    moved = rules.engagement.moved(
        engagement=world.engagement, worth=sum(terms.values()), dt=dt
    )
    leads = np.zeros((len(layout.states), len(layout.blocs), 1))
    leads[layout.leader, np.arange(len(layout.blocs))] = 1.0
    engagement = xp.where(leads > 0, 1.0, moved) * world.member
    hazard = rules.membership.hazard(engagement=engagement)
    draw = noise.uniform("exit", layout.state_keys, layout.bloc_keys)
    leaves = (draw < chance(hazard, dt)) & (leads == 0)
    leaves = decide("withdraw", leaves, {"terms": terms, "engagement": engagement})
    leaves = leaves & (world.member > 0)
    world = world.but(
        member=world.member * ~leaves,
        engagement=engagement * ~leaves,
        exited=xp.maximum(world.exited, leaves * 1.0),
    )
    return world, terms


def _by_bloc(dyadic: Dyadic, member: Memberwise) -> Memberwise:
    """Return for each state and bloc the sum over the bloc's members."""
    xp = namespace(dyadic)
    columns = [(dyadic * member[:, bloc][None]).sum(axis=1) for bloc in range(member.shape[1])]
    if not columns:
        return xp.zeros((dyadic.shape[0], 0, dyadic.shape[-1]))
    return xp.stack(columns, axis=1)


def _stacked(columns: list[Elementwise], world: World) -> Memberwise:
    xp = namespace(world.gdp)
    if not columns:
        return xp.zeros((len(world.layout.states), 0, world.gdp.shape[-1]))
    return xp.stack(columns, axis=1)
