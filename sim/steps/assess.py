"""Laws 2 to 5: strength, support, strike, deterrence and threat, as things stand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import Elementwise, Monadic, Pairwise, namespace
from sim.layout import NONE
from sim.rules import Rules
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Assessment:
    """What states find when they look around. Pairwise entries p stand for i towards j."""

    held: Elementwise  # (states, classes, runs) TIV
    strength: Monadic  # TIV
    defence: Monadic  # air defence, TIV
    rounds_held: Monadic
    backing: Elementwise  # (appeals, runs): support by bloc and pair, TIV
    support: Pairwise  # what i can count on against j, TIV
    reach: Pairwise  # i's effective rounds in reach of j
    hits: Elementwise  # (shots, runs)
    surviving: Pairwise  # share of i's strike systems left by j's first strike
    exposure: Pairwise  # share of j's asset value that i can destroy
    second_strike: Pairwise  # the same after j struck first
    win: Pairwise  # chance that i prevails over j
    gain: Pairwise  # i's net gain of attack on j
    threat: Pairwise  # that i perceives from j
    neighbour: Monadic  # strength of the median neighbour, TIV
    insecurity: Monadic


def assess(world: World, rules: Rules, neighbour: Monadic | None = None) -> Assessment:
    """Return laws 2 to 5 on a world; `neighbour` saves finding the median neighbour again."""
    layout = world.layout
    tiv = world.arsenal * world.worth
    held = _by_class(world, tiv)
    strength = rules.strength.strength(
        spending=(1 - world.import_share) * world.burden * world.gdp,
        held=held,
        satiation=world.satiation,
    )
    defence = (tiv * layout.defenders).sum(axis=1)
    strike = _strike(world, rules, defence)
    backing = _backing(world, rules, strength)
    support = layout.backed.max(backing)
    win = _win(world, rules, strength, support)
    threat = _threat(world, rules, win, strike["exposure"], strike["second_strike"])
    near = median_neighbour(world, strength) if neighbour is None else neighbour
    return Assessment(
        held=held,
        strength=strength,
        defence=defence,
        backing=backing,
        support=support,
        win=win,
        gain=rules.deterrence.gain(
            rivalry=world.rivalry, win=win, second_strike=strike["second_strike"][layout.back]
        ),
        threat=threat,
        neighbour=near,
        insecurity=rules.insecurity.insecurity(
            threat=layout.rivals.sum(threat), neighbour=near, strength=strength
        ),
        **strike,
    )


def insecurity_with(world: World, rules: Rules, found: Assessment, support: Pairwise) -> Monadic:
    """Return the insecurity of every state if its support were another, all else equal."""
    win = _win(world, rules, found.strength, support)
    threat = _threat(world, rules, win, found.exposure, found.second_strike)
    return rules.insecurity.insecurity(
        threat=world.layout.rivals.sum(threat),
        neighbour=found.neighbour,
        strength=found.strength,
    )


def without_bloc(world: World, found: Assessment, bloc: int) -> Pairwise:
    """Return the support that each pair would have without one bloc, TIV."""
    kept = (world.layout.appeals[:, 0] != bloc)[:, None]
    return world.layout.backed.max(found.backing * kept)


def median_neighbour(world: World, strength: Monadic) -> Monadic:
    """Return the strength of each state's median neighbour, TIV."""
    xp = namespace(strength)
    near = world.layout.neighbours
    count = (near != NONE).sum(axis=1)
    values = xp.where((near != NONE)[..., None], strength[near], np.inf)
    ranked = xp.sort(values, axis=1)
    rows = np.arange(near.shape[0])
    return (ranked[rows, (count - 1) // 2] + ranked[rows, count // 2]) / 2


def yields(world: World, rules: Rules) -> tuple[Elementwise, Elementwise]:
    """Return hits and effective rounds of one unit, each (shots, strikers, runs)."""
    layout = world.layout
    tables = {
        name: getattr(world, name)[layout.strikers][None]
        for name in ("rounds", "reliability", "payload", "cep", "range")
    }
    distance = world.reach[:, None]
    hits = rules.strike.yields(
        **tables, distance=distance, radius=world.radius[layout.shot_asset][:, None]
    )
    in_range = (tables["range"] >= distance) & (tables["cep"] > 0)
    return hits, in_range * tables["rounds"] * tables["reliability"]


def _by_class(world: World, tiv: Elementwise) -> Elementwise:
    layout = world.layout
    xp = namespace(tiv)
    return xp.moveaxis(layout.classed.sum(xp.moveaxis(tiv, 1, 0)), 0, 1)


def _strike(world: World, rules: Rules, defence: Monadic) -> dict[str, Any]:
    layout = world.layout
    attacker, owner = layout.pair_i[layout.shot_pair], layout.pair_j[layout.shot_pair]
    value = world.value[layout.shot_asset]
    hardness = world.hardness[layout.shot_asset]
    arms = world.arsenal[:, layout.strikers]
    hits_each, rounds_each = yields(world, rules)
    armed = arms[attacker]
    passing = rules.strike.passing(defence=defence)[owner]
    hits = (armed * hits_each).sum(axis=1) * value * passing
    reach = layout.targets.sum((armed * rounds_each).sum(axis=1) * value)
    rounds_held = (arms * world.rounds[layout.strikers]).sum(axis=1)
    surviving = rules.counterforce.surviving(
        find=world.find[layout.pair_j],
        rounds_in_reach=reach[layout.back],
        rounds_held=rounds_held[layout.pair_i],
    )
    second = hits * surviving[layout.shot_pair]
    destroyed = rules.strike.destroyed
    return {
        "rounds_held": rounds_held,
        "reach": reach,
        "hits": hits,
        "surviving": surviving,
        "exposure": layout.targets.sum(destroyed(hits=hits, value=value, hardness=hardness)),
        "second_strike": layout.targets.sum(
            destroyed(hits=second, value=value, hardness=hardness)
        ),
    }


def _backing(world: World, rules: Rules, strength: Monadic) -> Elementwise:
    layout = world.layout
    bloc, pair = layout.appeals[:, 0], layout.appeals[:, 1]
    state, rival = layout.pair_i[pair], layout.pair_j[pair]
    appeal, helper = layout.aids[:, 0], layout.aids[:, 1]
    aid = rules.support.aid(
        engagement=world.engagement[helper, bloc[appeal]],
        regard=world.affinity[helper, state[appeal]],
        regard_opponent=world.affinity[helper, rival[appeal]],
        strength=strength[helper],
    )
    return rules.support.support(
        commitment=world.commitment[bloc],
        belief=world.belief[state, bloc],
        engagement=world.engagement[state, bloc],
        help=layout.helped.sum(aid),
    )


def _win(world: World, rules: Rules, strength: Monadic, support: Pairwise) -> Pairwise:
    layout = world.layout
    return rules.contest.win(
        strength=strength[layout.pair_i],
        opposed=strength[layout.pair_j] + support[layout.back],
    )


def _threat(
    world: World, rules: Rules, win: Pairwise, exposure: Pairwise, second_strike: Pairwise
) -> Pairwise:
    back = world.layout.back
    return rules.threat.threat(
        rivalry=world.rivalry[back],
        win=win[back],
        exposure=exposure[back],
        second_strike=second_strike,
        distance=world.distance,
    )
