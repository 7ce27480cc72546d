"""Concessions: the answers of buyers to threats against deliveries.

The draws of a threat are constant while it lasts: decisions change only with circumstances,
independently of the length of periods.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Holdings,
    Index,
    Pairwise,
    added,
    logistic,
    pick,
    put_where,
)
from sim.kernel.decision_points import ConcessionPoint, Decide
from sim.kernel.noise import Noise, entities, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import BY_THREAT, World
from sim.steps.assessment import Assessment, destroyed, yields
from sim.steps.permits import bans
from sim.steps.pipeline import ended
from sim.steps.pressure import Threatened, threatened
from sim.steps.privileges import own_budget

KEEP, CANCEL = entities(("keep", "cancel"))


def conceded(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    number: int,
    view: Assessment,
    decide: Decide,
    inplace: bool = False,
) -> World:
    """Return the world after threatened buyers kept, cancelled or handed over their orders.

    With `inplace`, the log may be overwritten.
    """
    layout = world.layout
    if not layout.threats:
        return world
    against = threatened(world, number)
    orders, place, there = against.orders, against.place, against.there
    first = there & (pick(world.log.threatened, orders.row) == NONE)
    since = put_where(
        world.log.threatened, orders.row, number + 0 * orders.row, first, inplace=inplace
    )
    world = world.but(log=replace(world.log, threatened=since))
    choice = _choices(world, rules, noise, view, against, decide)
    heirs = np.concatenate([np.full((against.count, 1), NONE), layout.heir_table], axis=1)
    heir = pick(heirs[..., None], np.arange(against.count)[:, None], np.maximum(choice, 0))
    none = 0 * choice[:1] + NONE
    choice, heir = np.concatenate([choice, none]), np.concatenate([heir, none])
    return ended(
        world, rules, orders, there & (pick(choice, place) != NONE), pick(heir, place),
        cause=BY_THREAT, number=number, inplace=inplace,
    )  # fmt: skip


def _choices(
    world: World, rules: Rules, noise: Noise, view: Assessment, against: Threatened, decide: Decide
) -> Index:
    """Return the answers of buyers to each threat, as numbered by `ConcessionPoint`."""
    layout, log, law = world.layout, world.log, rules.coercion
    orders = against.orders
    units, value, credit = (pick(each, orders.row) for each in (log.units, log.value, log.credit))
    goods = units * pick(world.condition, orders.offer) * orders.part
    system = pick(layout.system[:, None], orders.offer)
    prepaid = rules.contract.deposited(value=value, credit=credit) * orders.part
    there, prices, losses = against.by_threat(
        against.there * 1.0,
        (1 - credit) * value * orders.part,
        prepaid,
    )
    coming = np.stack(
        [
            against.by_threat(goods * (system == w))[0]
            if w in layout.threatened_systems
            else 0.0 * there
            for w in range(len(layout.systems))
        ],
        axis=1,
    )
    budget, ban = own_budget(world, rules), bans(world)
    by, buyer, seller = layout.threat_parties.T
    pair = layout.dyad_number[by, buyer]
    gain = np.stack(
        [_relief(world, rules, view, coming[t], i) for t, i in enumerate(buyer.tolist())]
    )
    heirs = np.maximum(layout.heir_table, 0)
    regard = world.affinity[heirs, buyer[:, None]]
    gains = [
        [
            _relief(world, rules, view, coming[t], k) if k != NONE else 0.0 * gain[t]
            for k in layout.heir_table[t].tolist()
        ]
        for t in range(against.count)
    ]
    theirs = np.stack([np.stack(each) for each in gains]) if layout.heir_table.size else regard
    takes = law.take_over(gain=theirs, regard=regard, price=prices[:, None] / budget[heirs])
    threat_key, heir_key = layout.threat_keys[:, None, None], layout.state_keys[heirs][..., None]
    keys = threat_key[:, 0]
    offered, drawn, given_up, kept = noise.draws(
        uniform("takeover", threat_key, heir_key, constant=True),
        gumbel("yield", threat_key, heir_key, constant=True),
        gumbel("yield", keys, CANCEL[None, None], constant=True),
        gumbel("yield", keys, KEEP[None, None], constant=True),
    )
    disputes = world.rivalry[layout.dyad_number[heirs, by[:, None]]]
    willing = (offered < logistic(added(takes))) & (regard > 0) & (disputes > 0)
    willing = willing & (world.fund[heirs] >= prices[:, None]) & ~ban[seller[:, None], heirs]
    willing = willing & (layout.heir_table != NONE)[..., None]
    known = {
        "gain": gain[:, None],
        "win": view.win[pair][:, None],
        "risk": rules.crisis.escalation(gain=view.gain[pair])[:, None],
        "usual": rules.crisis.escalation(gain=(view.gain - view.pressure)[pair])[:, None],
        "cost": rules.deterrence.threshold + 0.0 * gain[:, None],
        "lost": (losses / budget[buyer])[:, None],
        "regard": np.concatenate([0.0 * gain[:, None], regard], axis=1),
        "diverted": np.concatenate([0.0 * gain[:, None], 0.0 * regard + 1.0], axis=1),
    }
    terms: Mapping[str, Elementwise] = law.terms(**known)
    draw = np.concatenate([given_up[:, None], drawn], axis=1)
    open_ = np.concatenate([gain[:, None] == gain[:, None], willing], axis=1)
    worth = np.where(open_, added(terms) + draw, -np.inf)
    choice = np.where((there > 0) & (worth.max(axis=1) > kept), worth.argmax(axis=1), NONE)
    point = ConcessionPoint(
        terms=terms,
        inputs=known,
        draw=draw,
        heirs=layout.heir_table,
        there=there > 0,
        open=open_,
        keep_draw=kept,
    )
    return decide(choice, point)


def _relief(
    world: World, rules: Rules, view: Assessment, goods: Elementwise, state: int
) -> Elementwise:
    """Return the fall of the threats to a state if it had some goods, (systems, runs): (runs,)."""
    more = np.stack([goods if k == state else 0.0 * goods for k in range(len(world.layout.states))])
    fall = view.threat - threat_with(world, rules, view, more)
    return np.maximum(world.layout.dyads_by_sender.sum(fall)[state], 0.0)


def threat_with(world: World, rules: Rules, view: Assessment, more: Holdings) -> Pairwise:
    """Return the threat that each state would perceive from each rival with more units of its own.

    Its rivals' arms are those of today.
    """
    layout, stock, back = world.layout, view.stock, world.layout.reverse
    held = stock.held + np.stack(
        [
            (more[:, start:stop] * world.worth[start:stop]).sum(axis=1)
            for start, stop in pairwise(layout.class_ends)
        ],
        axis=1,
    )
    strength = view.strength + (
        rules.strength.arms(held=held, satiation=world.satiation) - stock.arms
    )
    passing = rules.strike.passing(defence=held[:, layout.shields].sum(axis=1))
    owner = layout.dyad_to[layout.shot_dyad]
    shot, system = layout.line_shot, layout.line_system
    fresh = more[layout.dyad_from[layout.shot_dyad[shot]], system] * yields(
        world, rules, shot, system
    )
    fire = stock.fire + layout.lines_by_shot.sum(fresh) * world.value[layout.shot_asset]
    launchers = stock.launchers + more[:, layout.strikers].sum(axis=1)
    surviving = rules.counterforce.surviving(
        find=world.find[layout.dyad_to],
        rounds_in_reach=stock.reach[back],
        launchers=launchers[layout.dyad_from],
    )
    exposure = destroyed(world, rules, stock.fire * passing[owner])
    answered = destroyed(world, rules, fire * stock.passing[owner] * surviving[layout.shot_dyad])
    win = rules.contest.win(
        strength=view.strength[layout.dyad_to], opposed=strength[layout.dyad_from] + view.support
    )
    return rules.threat.threat(
        rivalry=world.rivalry[back],
        win=win,
        exposure=exposure[back],
        second_strike=answered,
        near=rules.threat.near(distance=world.distance),
    )
