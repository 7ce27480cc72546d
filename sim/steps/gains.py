"""Gains: the fall of a buyer's insecurity from units of each offer.

Tables have the axes buyers, offers and runs or, by rival, dyads of buyers in place of buyers.
"""

from collections.abc import Mapping

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.layout.market_index import OTHER, SHIELD, STRIKE
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, yields


def gains(world: World, rules: Rules, view: Assessment, units: Elementwise) -> Elementwise:
    """Return the drop in each buyer's insecurity by new-equivalent units of each offer.

    Every offer adds strength, S + C ln(1 + bought / (C + K)); a strike system also adds to the
    second strike at each rival, and air defence takes from each rival's exposure. The threats of
    all rivals and the diffuse need are then as in an assessment.
    """
    buyers, market = world.layout.buyers, world.layout.market
    strength = _stronger(world, view, units)
    insecurity = rules.insecurity.insecurity(
        threat=market.by_buyer.sum(_threat(world, rules, view, units, strength)),
        neighbour=view.neighbour[buyers][:, None],
        strength=strength,
    )
    return view.insecurity[buyers][:, None] - insecurity


def threat_drop(world: World, rules: Rules, view: Assessment, units: Elementwise) -> Elementwise:
    """Return the fall of each rival's threat with each offer: (dyads, offers, runs).

    The rows are those of the market's `dyads`. With the drop in diffuse need they are the gains.
    """
    now = view.threat[world.layout.market.dyads][:, None]
    return now - _threat(world, rules, view, units, _stronger(world, view, units))


def _stronger(world: World, view: Assessment, units: Elementwise) -> Elementwise:
    """Return the strength of each buyer with units of each offer, TIV."""
    layout = world.layout
    buyers, cls = layout.buyers, layout.class_of[layout.system]
    satiation = world.satiation[cls]
    full = view.stock.held[buyers][:, cls] + satiation
    more = np.log(world.worth[layout.system] * units / full + 1.0)
    return more * satiation + view.strength[buyers][:, None]


def _threat(
    world: World, rules: Rules, view: Assessment, units: Elementwise, strength: Elementwise
) -> Elementwise:
    """Return the threat that buyers with an offer would perceive: (dyads, offers, runs)."""
    layout, market = world.layout, world.layout.market
    dyad, back = market.dyads, layout.reverse[market.dyads]
    win = rules.contest.win(
        strength=view.strength[layout.dyad_to[dyad]][:, None],
        opposed=strength[market.place] + view.support[dyad][:, None],
    )
    exposure, second_strike = view.exposure[back][:, None], view.second_strike[dyad][:, None]
    known: Mapping[int, tuple[Elementwise, Elementwise]] = {
        OTHER: (exposure, second_strike),
        STRIKE: (exposure, _answered(world, rules, view, units)),
        SHIELD: (_shielded(world, rules, view, units), second_strike),
    }
    threats = [
        rules.threat.threat(
            rivalry=world.rivalry[back][:, None],
            win=win[:, market.offers(kind)],
            exposure=exposed,
            second_strike=answered,
            near=rules.threat.near(distance=world.distance)[dyad][:, None],
        )
        for kind, (exposed, answered) in known.items()
    ]
    return np.concatenate(threats, axis=1)


def _answered(world: World, rules: Rules, view: Assessment, units: Elementwise) -> Elementwise:
    """Return each buyer's second strike with units of each strike offer."""
    layout, market = world.layout, world.layout.market
    offers, (shot, by_dyad) = market.offers(STRIKE), market.answers
    asset, owner = layout.shot_asset[shot], layout.dyad_to[layout.shot_dyad[shot]]
    more, value = units[:, offers][market.place], world.value[asset][:, None]  # by dyad
    each = yields(world, rules, shot[:, None], layout.system[offers][None])
    passing = view.stock.passing[owner][:, None]
    hits = more[by_dyad.index] * each * value * passing + view.hits[shot][:, None]
    dyad = market.dyads
    surviving = rules.counterforce.surviving(
        find=world.find[layout.dyad_to[dyad]][:, None],
        rounds_in_reach=view.stock.reach[layout.reverse[dyad]][:, None],
        launchers=view.stock.launchers[layout.dyad_from[dyad]][:, None] + more,
    )
    lost = rules.strike.destroyed(
        hits=hits * surviving[by_dyad.index], value=value, hardness=world.hardness[asset][:, None]
    )
    return by_dyad.sum(lost)


def _shielded(world: World, rules: Rules, view: Assessment, units: Elementwise) -> Elementwise:
    """Return each rival's exposure of the buyer with units of each air-defence offer."""
    layout, market = world.layout, world.layout.market
    offers, (shot, by_dyad) = market.offers(SHIELD), market.threats
    asset = layout.shot_asset[shot]
    defence = world.worth[layout.system[offers]] * units[:, offers]
    passing = rules.strike.passing(defence=defence)[market.place]
    lost = rules.strike.destroyed(
        hits=view.hits[shot][:, None] * passing[by_dyad.index],
        value=world.value[asset][:, None],
        hardness=world.hardness[asset][:, None],
    )
    return by_dyad.sum(lost)
