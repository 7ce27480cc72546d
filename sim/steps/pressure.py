"""Pressure: the contribution of threats against deliveries to the gain of attack; their crises."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, TINY, Elementwise, Groups, Index, pick, scatter
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.under_way import UnderWay, under_way


@dataclass(frozen=True, kw_only=True, eq=False)
class Threatened:
    """Orders under way with the threats against them in a period."""

    orders: UnderWay
    place: Index  # (orders, runs): the threat; the number of threats if there is none
    wait: Elementwise  # (orders, runs): years until the next delivery
    count: int  # of all threats

    @property
    def there(self) -> Any:
        """Return whether there is a threat against each."""
        return self.place < self.count

    def by_threat(self, *values: Any) -> Any:
        """Return sums of numbers of orders by threat."""
        return tuple(
            each[: self.count] for each in scatter((self.count + 1,), (self.place,), *values)
        )


def threatened(world: World, number: int) -> Threatened:
    """Return threatened orders under way in a period, given by date, without an heir's."""
    layout, orders, count = world.layout, under_way(world), len(world.layout.threats)
    stands = (layout.threat_from <= number) & (number <= layout.threat_until) & (world.resolve > 0)
    stands = np.concatenate([stands * 1.0, np.zeros((1, stands.shape[-1]))])
    place = pick(layout.threat_place[..., None], orders.offer, orders.holder)
    there = orders.there & (pick(world.log.heir, orders.row) == NONE) & (pick(stands, place) > 0)
    late = pick(world.log.due, orders.row) - number
    return Threatened(
        orders=orders,
        place=np.where(there, place, count),
        wait=np.maximum(late, 0) * layout.calendar.dt,
        count=count,
    )


def pressures(world: World, rules: Rules, against: Threatened) -> Elementwise:
    """Return the pressure of each threat, by the worth of its orders: (threats, runs)."""
    layout, orders, log = world.layout, against.orders, world.log
    worth = pick(world.worth, pick(layout.system[:, None], orders.offer)) + TINY
    worth = worth * pick(log.units, orders.row) * orders.part
    one = rules.coercion.pressure(resolve=1.0 + 0.0 * against.wait, wait=against.wait)
    near, whole = against.by_threat(worth * one, worth)
    return world.resolve * near / np.maximum(whole, TINY)


def pressed(world: World, rules: Rules, view: Assessment, number: int) -> Assessment:
    """Return the assessment with the contribution of threats to the gains of attack."""
    layout = world.layout
    if not layout.threats:
        return view
    pressure = pressures(world, rules, threatened(world, number))
    by, buyer, _ = layout.threat_parties.T
    more = Groups(layout.dyad_number[by, buyer], layout.dyad_to.size).sum(pressure)
    return replace(view, gain=view.gain + more, pressure=more)


def comes_to_a_head(world: World, number: int) -> Any:
    """Return whether a threatened delivery falls due between two rivals: (rival dyads, runs)."""
    layout, against = world.layout, threatened(world, number)
    (due,) = against.by_threat((against.wait <= 0) * 1.0)
    by, buyer, _ = layout.threat_parties.T
    pair = layout.rival_place[layout.dyad_number[by, buyer]]
    return Groups(pair, layout.rival_dyads.size).sum(due) > 0
