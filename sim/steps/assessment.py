"""Assessment: strength, support, strike, deterrence and threat in the present world."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Memberwise,
    Monadic,
    Pairwise,
    ranked,
)
from sim.kernel.rules import Rules
from sim.kernel.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Inventory:
    """Data on the arsenals."""

    held: Elementwise  # (states, classes, runs) TIV
    arms: Monadic  # contribution to strength, TIV
    launchers: Monadic  # units of strike systems
    fire: Elementwise  # (shots, runs): hits before defence
    reach: Pairwise  # i's effective rounds in reach of j
    passing: Monadic  # share of munitions that i's air defence lets through
    hits: Elementwise  # (shots, runs)
    exposure: Pairwise  # share of j's asset value that i can destroy
    second_strike: Pairwise  # the same after j struck first

    def left(self, world: World, rules: Rules, remaining: Monadic) -> "Inventory":
        """Return the inventory when shares `remaining` of the arsenals are left."""
        layout = world.layout
        return inventory_of(
            world,
            rules,
            held=self.held * remaining[:, None],
            launchers=self.launchers * remaining,
            fire=self.fire * remaining[layout.dyad_from[layout.shot_dyad]],
            reach=self.reach * remaining[layout.dyad_from],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Assessment:
    """The assessment of a world. Pairwise entries p are of i towards j."""

    stock: Inventory
    strength: Monadic  # TIV
    backing: Elementwise  # (appeals, runs): support by bloc and pair, TIV
    support: Pairwise  # support that i can count on against j, TIV
    win: Pairwise  # probability that i defeats j
    gain: Pairwise  # i's net gain of attack on j
    threat: Pairwise  # that i perceives from j
    neighbour: Monadic  # strength of the median neighbour, TIV
    insecurity: Monadic
    pressure: Any = 0.0  # part of the gain: contribution of threats against deliveries, by dyad

    @property
    def hits(self) -> Elementwise:
        """Return the hits of every shot: (shots, runs)."""
        return self.stock.hits

    @property
    def exposure(self) -> Pairwise:
        """Return the share of j's asset value that i can destroy."""
        return self.stock.exposure

    @property
    def second_strike(self) -> Pairwise:
        """Return the share of j's asset value that i can destroy after j struck first."""
        return self.stock.second_strike


def inventory(world: World, rules: Rules) -> Inventory:
    """Return the inventory of a world's arsenals."""
    layout = world.layout
    held = [
        (world.arsenal[:, start:stop] * world.worth[start:stop]).sum(axis=1)
        for start, stop in pairwise(layout.class_ends)
    ]
    shot, system = layout.line_shot, layout.line_system
    pair = layout.shot_dyad[shot]
    armed = world.arsenal[layout.dyad_from[pair], system]
    value = world.value[layout.shot_asset]
    effective = world.rounds[system] * world.reliability[system]
    in_range = (world.range[system] >= world.reach[shot]) & (world.cep[system] > 0)
    return inventory_of(
        world,
        rules,
        held=np.stack(held, axis=1),
        launchers=world.arsenal[:, layout.strikers].sum(axis=1),
        fire=layout.lines_by_shot.sum(armed * yields(world, rules, shot, system)) * value,
        reach=layout.shots_by_dyad.sum(
            layout.lines_by_shot.sum(armed * (in_range * effective)) * value
        ),
    )


def inventory_of(
    world: World,
    rules: Rules,
    *,
    held: Elementwise,
    launchers: Monadic,
    fire: Elementwise,
    reach: Pairwise,
) -> Inventory:
    """Return the inventory with the quantities computed from its parts."""
    layout = world.layout
    passing = rules.strike.passing(defence=held[:, layout.shields].sum(axis=1))
    hits = fire * passing[layout.dyad_to[layout.shot_dyad]]
    surviving = rules.counterforce.surviving(
        find=world.find[layout.dyad_to],
        rounds_in_reach=reach[layout.reverse],
        launchers=launchers[layout.dyad_from],
    )
    return Inventory(
        held=held,
        arms=rules.strength.arms(held=held, satiation=world.satiation),
        launchers=launchers,
        fire=fire,
        reach=reach,
        passing=passing,
        hits=hits,
        exposure=destroyed(world, rules, hits),
        second_strike=destroyed(world, rules, hits * surviving[layout.shot_dyad]),
    )


def yields(world: World, rules: Rules, shot: np.ndarray, system: np.ndarray) -> Elementwise:
    """Return the hits by one unit of each system at the asset of each shot, before defence."""
    names = ("rounds", "reliability", "payload", "cep")
    return rules.strike.yields(
        **{name: getattr(world, name)[system] for name in names},
        reach=world.range[system],
        distance=world.reach[shot],
        radius=world.radius[world.layout.shot_asset[shot]],
    )


def assess(
    world: World, rules: Rules, stock: Inventory, neighbour: Monadic | None = None
) -> Assessment:
    """Return strength, support, win, gain and threat; `neighbour` reuses the median neighbour."""
    layout = world.layout
    strength = rules.strength.strength(
        spending=(1 - world.import_share) * world.borne * world.gdp,
        arms=stock.arms,
    )
    backing = _backing(world, rules, strength)
    support = layout.appeals_by_dyad.max(backing)
    win = _win(world, rules, strength, support)
    threat = _threat(world, rules, win, stock.exposure, stock.second_strike)
    near = median_neighbour(world, strength) if neighbour is None else neighbour
    return Assessment(
        stock=stock,
        strength=strength,
        backing=backing,
        support=support,
        win=win,
        gain=rules.deterrence.gain(
            rivalry=world.rivalry,
            win=win,
            second_strike=stock.second_strike[layout.reverse],
            shift=world.shift,
        ),
        threat=threat,
        neighbour=near,
        insecurity=rules.insecurity.insecurity(
            threat=layout.dyads_by_sender.sum(threat), neighbour=near, strength=strength
        ),
    )


def protection(world: World, rules: Rules, view: Assessment) -> Memberwise:
    """Return each state's insecurity without each bloc, minus with it: (states, blocs, runs)."""
    layout = world.layout
    blocs = np.arange(len(layout.blocs))
    kept = (layout.appeal_index[:, 0][:, None] != blocs)[..., None]
    support = layout.appeals_by_dyad.max(view.backing[:, None] * kept)
    back = layout.reverse
    win = rules.contest.win(
        strength=view.strength[layout.dyad_from][:, None],
        opposed=view.strength[layout.dyad_to][:, None] + support[back],
    )
    bare = rules.threat.threat(
        rivalry=world.rivalry[back][:, None],
        win=win[back],
        exposure=view.exposure[back][:, None],
        second_strike=view.second_strike[:, None],
        near=rules.threat.near(distance=world.distance)[:, None],
    )
    return layout.dyads_by_sender.sum(bare - view.threat[:, None])


def insecurity_with(world: World, rules: Rules, view: Assessment, support: Pairwise) -> Monadic:
    """Return the insecurity of every state with other support, all else equal."""
    win = _win(world, rules, view.strength, support)
    threat = _threat(world, rules, win, view.exposure, view.second_strike)
    return rules.insecurity.insecurity(
        threat=world.layout.dyads_by_sender.sum(threat),
        neighbour=view.neighbour,
        strength=view.strength,
    )


def without_bloc(world: World, view: Assessment, bloc: int) -> Pairwise:
    """Return the support that each pair would have without one bloc, TIV."""
    kept = (world.layout.appeal_index[:, 0] != bloc)[:, None]
    return world.layout.appeals_by_dyad.max(view.backing * kept)


def median_neighbour(world: World, strength: Monadic) -> Monadic:
    """Return the strength of each state's median neighbour, TIV."""
    near = world.layout.neighbours
    count = (near != NONE).sum(axis=1)
    values = np.where((near != NONE)[..., None], strength[near], np.inf)
    by_strength, rows = ranked(values, axis=1), np.arange(near.shape[0])
    return (by_strength[rows, (count - 1) // 2] + by_strength[rows, count // 2]) / 2


def destroyed(world: World, rules: Rules, hits: Elementwise) -> Pairwise:
    """Return the share of j's asset value that hits by i destroy."""
    layout = world.layout
    asset = layout.shot_asset
    return layout.shots_by_dyad.sum(
        rules.strike.destroyed(hits=hits, value=world.value[asset], hardness=world.hardness[asset])
    )


def _backing(world: World, rules: Rules, strength: Monadic) -> Elementwise:
    layout = world.layout
    bloc, pair = layout.appeal_index[:, 0], layout.appeal_index[:, 1]
    state, rival = layout.dyad_from[pair], layout.dyad_to[pair]
    appeal, helper = layout.aid_index[:, 0], layout.aid_index[:, 1]
    opponent = world.affinity[helper, rival[appeal]]
    if layout.has_pivotal:
        opponent = rules.support.shielding(
            regard_attacker=opponent, pivotal=world.pivotal[bloc[appeal]]
        )
    aid = rules.support.aid(
        engagement=world.engagement[helper, bloc[appeal]],
        regard=world.affinity[helper, state[appeal]],
        regard_opponent=opponent,
        strength=strength[helper],
    )
    commitment = world.commitment[bloc]
    if layout.has_scope:
        commitment = commitment * layout.covers[bloc, state, rival]
    return rules.support.support(
        commitment=commitment,
        belief=world.belief[state, bloc],
        engagement=world.engagement[state, bloc],
        helpers=layout.aids_by_appeal.sum(aid),
    )


def _win(world: World, rules: Rules, strength: Monadic, support: Pairwise) -> Pairwise:
    layout = world.layout
    return rules.contest.win(
        strength=strength[layout.dyad_from],
        opposed=strength[layout.dyad_to] + support[layout.reverse],
    )


def _threat(
    world: World, rules: Rules, win: Pairwise, exposure: Pairwise, second_strike: Pairwise
) -> Pairwise:
    back = world.layout.reverse
    return rules.threat.threat(
        rivalry=world.rivalry[back],
        win=win[back],
        exposure=exposure[back],
        second_strike=second_strike,
        near=rules.threat.near(distance=world.distance),
    )
