"""Pipeline: orders under way that are halted, cancelled, or taken over by another state.

A cancelled order returns its units to the stock of the offer; its credit is not drawn, and
prepayments are lost. A state that takes over an order pays for the remaining deliveries, and
refunds the first buyer's prepayments as far as its fund allows; it owes that state the rest.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    TINY,
    Elementwise,
    Holdings,
    Index,
    pick,
    put_where,
    scatter,
)
from sim.kernel.rules import Rules
from sim.kernel.world import BY_EVENT, CANCELLED, DIVERTED, World
from sim.steps.orders import date_due
from sim.steps.permits import bans, withholder
from sim.steps.under_way import UnderWay, under_way


def held_up(world: World, holder: Index, offer: Index) -> Any:
    """Return whether an event, a lever or an embargo halts orders under way to states."""
    layout, held = world.layout, offer < 0
    if layout.hold_index.size:
        held = held | suspended(world, holder, offer)
    if layout.levers:
        held = held | (withholder(world, holder, offer) != NONE)
    if layout.embargo_holds:
        ban = bans(world, 1)
        for deciders in layout.deciders.T:  # the supplier, then each partner
            decider = pick(deciders[:, None], offer)
            held = held | (pick(ban, np.maximum(decider, 0), holder) & (decider != NONE))
    return held


def suspended(world: World, holder: Index, offer: Index) -> Any:
    """Return whether an event halts orders under way to states."""
    place = pick(world.layout.hold_place[..., None], offer, holder)
    return pick(_and(world.suspended, 0.0), place) > 0


def coming(world: World) -> Holdings:
    """Return each state's units under way that are not halted, in new-equivalent units."""
    layout, orders = world.layout, under_way(world)
    units = pick(world.log.units, orders.row) * pick(world.condition, orders.offer) * orders.part
    units = units * ~held_up(world, orders.holder, orders.offer)
    system = pick(layout.system[:, None], orders.offer)
    (table,) = scatter((len(layout.states), len(layout.systems)), (orders.holder, system), units)
    return table


def interrupted(world: World, rules: Rules, number: int, *, inplace: bool = False) -> World:
    """Return the world after events halted, cancelled or diverted orders under way.

    With `inplace`, the log may be overwritten.
    """
    layout = world.layout
    holds = layout.hold_index.size or layout.embargo_holds or layout.levers
    if not (holds or layout.end_index.size):
        return world
    orders = under_way(world)
    if holds:
        held = orders.there & held_up(world, orders.holder, orders.offer)
        first = held & (pick(world.log.suspended, orders.row) == NONE)
        since = put_where(
            world.log.suspended, orders.row, number + 0 * orders.row, first, inplace=inplace
        )
        world = world.but(log=replace(world.log, suspended=since))
    if layout.end_index.size:
        place = pick(layout.end_place[..., None], orders.offer, orders.holder)
        placed = pick(layout.requested[:, None], orders.row) + layout.calendar.first
        ends = orders.there & (placed < pick(_and(world.ended, -1.0), place))
        heir = pick(_and(world.heir, -1.0), place).astype(np.int64)
        world = ended(
            world, rules, orders, ends, heir, cause=BY_EVENT, number=number, inplace=inplace
        )
    return world


def _and(table: Elementwise, last: float) -> Elementwise:
    """Return a table with one more row, for entries that it does not name."""
    return np.concatenate([table, np.full((1, table.shape[-1]), last)])


def ended(
    world: World,
    rules: Rules,
    orders: UnderWay,
    ends: Any,
    heir: Index,
    *,
    cause: Any,
    number: int,
    inplace: bool = False,
) -> World:
    """Return the world after some orders were cancelled, or diverted if there is an heir.

    An order already taken over cannot be diverted again, but can be cancelled.
    """
    layout, log = world.layout, world.log
    size, exporters = len(layout.states), layout.exporters.size
    cancelled = ends & (heir < 0)
    diverted = ends & (heir >= 0) & (pick(log.heir, orders.row) == NONE)
    ends = cancelled | diverted
    holder, to = orders.holder, np.maximum(heir, 0)
    supplier, exports = pick(layout.offer_column[:, None], orders.offer), (size, exporters)
    units, value, credit = (pick(each, orders.row) for each in (log.units, log.value, log.credit))
    prepaid = rules.contract.deposited(value=value, credit=credit) * orders.part

    # the heir refunds prepayments; without an heir they are lost
    passed = prepaid * diverted
    (due,) = scatter((size,), (to,), passed)
    repaid = passed * pick(np.minimum(1.0, world.fund / np.maximum(due, TINY)), to)
    (out,) = scatter((size,), (to,), repaid)
    (back,) = scatter((size,), (holder,), repaid)
    (undone,) = scatter(exports, (holder, supplier), passed)
    (done,) = scatter(exports, (to, supplier), passed)
    (lent,) = scatter((size, size), (to, holder), passed - repaid)

    still = credit * value * orders.part
    (unlent,) = scatter(exports, (holder, supplier), still * ends)
    (relent,) = scatter(exports, (to, supplier), still * diverted)
    (returned,) = scatter((len(layout.offers),), (orders.offer,), units * orders.part * cancelled)
    each = rules.contract.instalment(value=value, credit=credit, instalments=orders.parts * 1.0)
    freed = _still_due(world, orders, holder, each * ends, number)
    bound = _still_due(world, orders, to, each * diverted, number)
    new = {
        "left": (0 * orders.row, cancelled),
        "fate": (np.where(cancelled, CANCELLED, DIVERTED), ends),
        "cause": (cause + 0 * orders.row, ends),
        "ended": (number + 0 * orders.row, ends),
        "heir": (to + 0 * orders.row, diverted),
        "kept": (pick(log.delivered, orders.row), diverted),
        "kept_withdrawn": (pick(log.withdrawn, orders.row), diverted),
    }
    written = {
        name: put_where(getattr(log, name), orders.row, each, where, inplace=inplace)
        for name, (each, where) in new.items()
    }
    return world.but(
        fund=np.maximum(world.fund - out, 0.0) + back,
        paid=world.paid - undone + done,
        debt=world.debt + lent,
        stock=world.stock + returned,
        owed=np.maximum(world.owed - freed, 0.0) + bound,
        promised=np.maximum(world.promised - unlent, 0.0) + relent,
        log=replace(log, **written),
    )


def _still_due(
    world: World, orders: UnderWay, payer: Index, each: Elementwise, number: int
) -> Elementwise:
    """Return payments for remaining instalments, by the period in which they fall due."""
    layout, log = world.layout, world.log
    size = len(layout.states), layout.payment_slots
    start, wait = pick(log.start, orders.row), pick(log.wait, orders.row)
    made = pick(layout.requested[:, None], orders.row) + layout.calendar.first
    made = np.maximum(made, layout.calendar.first)
    came, total = orders.parts - orders.left, np.zeros((*size, 1))
    for which in range(layout.most_instalments):
        date = date_due(start, wait, orders.parts, which + 1)
        slot = np.clip(date - made, 0, layout.payment_slots - 1) - (number - made)
        due = each * ((which >= came) & (which < orders.parts))
        due = due * (1 - orders.begun * (which == came))
        (more,) = scatter(size, (payer, np.maximum(slot, 0)), due)
        total = total + more
    return total
