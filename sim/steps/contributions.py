"""Contributions that blocs ask of members, refusals, and the reactions to them."""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Memberwise, added, logistic, put
from sim.kernel.decision_points import ContributionPoint, Decide
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.privileges import excludes
from sim.steps.ties import case_of_membership


@dataclass(frozen=True, kw_only=True, eq=False)
class Burdens:
    """Contributions asked in a period, one row for each event and state that it asks."""

    borne: Elementwise  # (duties, runs) 1 if the member contributes
    refused: Elementwise  # (duties, runs) 1 if it refuses
    denied: Elementwise  # (duties, runs) 1 if the leader ends its terms for it
    harm: Memberwise  # by refusals, to each member in each bloc, years of import budget


def no_burdens(runs: int, layout: Layout) -> Burdens:
    """Return the record of a period without contributions."""
    nothing = np.zeros((len(layout.duty_index), runs))
    harm = np.zeros((len(layout.states), len(layout.blocs), 1))
    return Burdens(borne=nothing, refused=nothing, denied=nothing, harm=harm)


def contributed(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    number: int,
    view: Assessment,
    decide: Decide,
) -> tuple[World, Burdens]:
    """Return the world after members contributed or refused, and the record."""
    layout, law = world.layout, rules.contribution
    if not layout.asks:
        return world, no_burdens(view.strength.shape[-1], layout)
    ask, i, b = layout.duty_index.T
    asked = (world.asked[ask] == number) * world.member[i, b] * world.member[layout.leader[b], b]
    if excludes(world, rules):
        asked = asked * (1 - world.shut_out[i, b])
    case = case_of_membership(world, rules, view, 0.0 * world.rent)
    worth = rules.engagement.terms(**case)
    target = layout.ask_target[ask]
    stake = rules.leverage.at_stake(orders=0.0 * asked, rent=world.rent[i, b], lost=0.0 * asked)
    known = {
        "regard": case["regard"][i, b],
        "gain": (worth["protection"] + worth["rent"])[i, b],
        "cost": world.ask_cost[ask],
        "target": world.affinity[i, target] * (target != NONE)[:, None],
        "at_stake": world.ask_resolve[ask] * stake,
    }
    terms = law.terms(**known)
    names = layout.ask_keys[ask][:, None], layout.state_keys[i][:, None]
    draw, turn = noise.draws(
        uniform("contribution", *names, constant=True), uniform("denial", *names, constant=True)
    )
    point = ContributionPoint(terms=terms, inputs=known, draw=draw, asked=asked)
    does = decide(draw < logistic(added(terms)), point) * 1.0
    borne, refused = asked * does, asked * (1 - does)
    denied = refused * (turn < world.ask_resolve[ask])
    world, harm = _offended(world, rules, refused)
    world = _answered(world, rules, borne=borne, denied=denied, stake=stake)
    return world, Burdens(borne=borne, refused=refused, denied=denied, harm=harm)


def _offended(world: World, rules: Rules, refused: Elementwise) -> tuple[World, Memberwise]:
    """Return the world after fellow members reacted to each refusal, and the harm to them."""
    layout, law = world.layout, rules.contribution
    affinity, harm = world.affinity, 0.0 * world.grievance
    for row, (ask, state, bloc) in enumerate(layout.duty_index.tolist()):
        fellow = world.member[:, bloc] * (np.arange(len(layout.states)) != state)[:, None]
        lost = fellow * refused[row] * world.ask_worth[ask]
        regard = law.regard(affinity=affinity[:, state], refused=lost)
        affinity = put(affinity, (slice(None), state), regard)
        felt = harm[:, bloc] + law.harm(refused=lost)
        harm = put(harm, (slice(None), bloc), felt, inplace=True)
    return world.but(affinity=affinity), harm


def _answered(
    world: World, rules: Rules, *, borne: Elementwise, denied: Elementwise, stake: Elementwise
) -> World:
    """Return the world after leaders ended, or renewed, their terms for members."""
    law, affinity, rent, ended = rules.leverage, world.affinity, world.rent, world.denied
    for row, (_, state, bloc) in enumerate(world.layout.duty_index.tolist()):
        cell, leader = (state, bloc), int(world.layout.leader[bloc])
        done = denied[row] * (1 - ended[cell])
        regard = law.resented(affinity=affinity[state, leader], at_stake=stake[row], done=done)
        affinity = put(affinity, (state, leader), regard)
        rent = put(rent, cell, law.kept(rent=rent[cell], done=done))
        ended = put(ended, cell, np.maximum(ended[cell] * (1 - borne[row]), denied[row]))
    return world.but(affinity=affinity, rent=rent, denied=ended)
