"""Concessions: what buyers do with orders against whose delivery a threat stands.

The draws of a threat stay while it stands: a decision changes as circumstances do, whatever the
length of the period.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Holdings,
    Pairwise,
    added,
    logistic,
    pick,
    put_where,
    scatter,
)
from sim.kernel.noise import Noise, entities, gumbel, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import BY_THREAT, World
from sim.steps.assessment import Assessment, destroyed, yields
from sim.steps.permits import bans
from sim.steps.pipeline import ended
from sim.steps.privileges import own_budget
from sim.steps.under_way import UnderWay, under_way

KEEP, CANCEL = entities(("keep", "cancel"))


def conceded(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    number: int,
    view: Assessment,
    inplace: bool = False,
) -> World:
    """Return the world after threatened buyers kept, cancelled or handed on what is under way.

    With `inplace`, the log may be overwritten.
    """
    layout = world.layout
    if not layout.threats:
        return world
    orders = under_way(world)
    count = len(layout.threats)
    place = pick(layout.threat_place[..., None], orders.offer, orders.holder)
    stands = (layout.threat_from <= number) & (number <= layout.threat_until) & (world.resolve > 0)
    stands = np.concatenate([stands * 1.0, np.zeros((1, stands.shape[-1]))])
    own = orders.there & (pick(world.log.heir, orders.row) == NONE)
    threatened = own & (pick(stands, place) > 0)
    place = np.where(threatened, place, count)
    first = threatened & (pick(world.log.threatened, orders.row) == NONE)
    since = put_where(
        world.log.threatened, orders.row, number + 0 * orders.row, first, inplace=inplace
    )
    world = world.but(log=replace(world.log, threatened=since))
    gives_in, heir = _choices(world, rules, noise, view, orders, place)
    ends = threatened & (pick(gives_in, place) > 0)
    return ended(
        world, rules, orders, ends, pick(heir, place),
        cause=BY_THREAT, number=number, inplace=inplace,
    )  # fmt: skip


def _choices(
    world: World, rules: Rules, noise: Noise, view: Assessment, orders: UnderWay, place: Any
) -> tuple[Elementwise, Any]:
    """Return by threat whether the buyer yields, and who takes the order over, if anybody."""
    layout, log, law = world.layout, world.log, rules.coercion
    size = len(layout.threats) + 1
    units, value, credit = (pick(each, orders.row) for each in (log.units, log.value, log.credit))
    goods = units * pick(world.condition, orders.offer) * orders.part
    system = pick(layout.system[:, None], orders.offer)
    cash = (1 - credit) * value * orders.part
    prepaid = rules.contract.deposited(value=value, credit=credit) * orders.part
    lost = prepaid - rules.contract.refunded(prepaid=prepaid)
    (coming,) = scatter((size, len(layout.systems)), (place, system), goods)
    prices, losses = scatter((size,), (place,), cash, lost)
    budget, ban = own_budget(world, rules), bans(world)
    gives_in, heirs = [], []
    for t, (by, buyer, seller) in enumerate(layout.threat_parties.tolist()):
        key = layout.threat_keys[t : t + 1, None]
        kept, given_up = noise.draws(
            gumbel("yield", key, KEEP[None, None], constant=True),
            gumbel("yield", key, CANCEL[None, None], constant=True),
        )
        there = layout.dyad_number[by, buyer]
        gain = _relief(world, rules, view, coming[t], buyer)
        keep = law.keep(
            gain=gain,
            win=view.win[there],
            risk=rules.crisis.escalation(gain=view.gain[there] + world.resolve[t]),
            cost=rules.deterrence.threshold + 0.0 * gain,
        )
        best = added(law.cancel(lost=losses[t] / budget[buyer])) + given_up[0]
        heir = 0 * prices[t].astype(np.int64) + NONE
        for k in layout.heirs[t]:
            name = layout.state_keys[k : k + 1, None]
            regard = world.affinity[k, buyer]
            takes = law.take_over(
                gain=_relief(world, rules, view, coming[t], k),
                regard=regard,
                price=prices[t] / budget[k],
            )
            offered, drawn = noise.draws(
                uniform("takeover", key, name, constant=True),
                gumbel("yield", key, name, constant=True),
            )
            willing = (offered[0] < logistic(added(takes))) & (regard > 0)
            willing = willing & (world.fund[k] >= prices[t]) & ~ban[seller, k]
            willing = willing & (world.rivalry[layout.dyad_number[k, by]] > 0)
            worth = added(law.divert(gain=gain, regard=regard)) + drawn[0]
            better = willing & (worth > best)
            best, heir = np.where(better, worth, best), np.where(better, k, heir)
        gives_in.append((best > added(keep) + kept[0]) * 1.0)
        heirs.append(heir)
    none = 0.0 * gives_in[0]
    return np.stack([*gives_in, none]), np.stack([*heirs, 0 * heirs[0] + NONE])


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
