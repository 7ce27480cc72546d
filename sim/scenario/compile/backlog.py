"""Backlog: orders under way at the start, as rows of the log, and the payments still due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.inputs import UNDER_WAY
from sim.kernel.rules import Rules
from sim.kernel.world import ORDERED, World
from sim.scenario.compile.distributions import Draws
from sim.scenario.schema.entities import OrderUnderWay
from sim.scenario.schema.root import Model
from sim.steps.orders import date_due


def with_backlog(world: World, rules: Rules, model: Model, draws: Draws) -> World:
    """Return the world with the orders under way in its log; their money is owed.

    The row of an order of other variants alone is blank, but for the recipient.
    """
    log, layout = world.log, world.layout
    if not model.orders:
        return world
    written = {name: getattr(log, name).copy() for name in vars(log)}
    owed, promised = world.owed.copy(), world.promised.copy()
    first = len(layout.calendar) * layout.rows
    for row, (name, order) in enumerate(model.orders.items(), start=first):
        if name not in model.backlog:
            if order.recipient in layout.states:
                written["recipient"][row] = layout.states.index(order.recipient)
            continue
        entry = _entry(name, order, world, rules, draws)
        for key, value in entry.items():
            written[key][row] = value
        parts = int(layout.instalments[entry["offer"]])
        terms = entry["value"], entry["credit"], parts
        value, credit, number = (np.asarray(each, dtype=float) for each in terms)
        rest = rules.contract.instalment(value=value, credit=credit, instalments=number)
        promised[entry["recipient"], layout.offer_column[entry["offer"]]] += (
            credit * value * entry["left"] / parts
        )
        for which in range(parts - entry["left"] + 1, parts + 1):
            date = _date(entry["start"], entry["wait"], which, parts)
            slot = min(max(date - layout.calendar.first, 0), layout.payment_slots - 1)
            owed[entry["recipient"], slot] += rest
    return world.but(log=replace(log, **written), owed=owed, promised=promised)


def _date(start: float, wait: float, which: int, parts: int) -> int:
    """Return the period in which an instalment is due, by date; the first is number 1."""
    return int(date_due(np.array([start]), np.array([wait]), np.array([parts]), which)[0])


def _entry(
    name: str, order: OrderUnderWay, world: World, rules: Rules, draws: Draws
) -> Mapping[str, Any]:
    """Return a row of the log.

    Unknown details follow the law of contract: instalments come at equal steps until the last,
    the deposit was paid with the order and each instalment on delivery. If the scenario says how
    much has been paid, the row has the value that leaves the same amount to pay.
    """
    layout, calendar = world.layout, world.layout.calendar
    offer = layout.offers.index(order.offer)
    parts = int(layout.instalments[offer])
    left = parts if order.left is None else order.left

    def number(key: str) -> Any:
        return draws.number(f"backlog.{name}.{key}", getattr(order, key))

    units, credit = number("units"), number("credit")
    listed = world.price[offer] * units / world.batch[offer]
    value = listed if order.value is None else number("value")
    if order.paid is not None:
        on_delivery = (1 - rules.contract.deposit) * (1 - credit) + credit
        value = np.maximum(value - number("paid"), 0.0) / on_delivery * parts / left
    start = float(calendar.number(order.ordered))
    wait = float(max(calendar.last_number(order.due) - start, 0))
    dates = [_date(start, wait, which, parts) for which in range(1, parts + 1)]
    came = dates[: parts - left]  # before the start, late or not
    return {
        "recipient": layout.states.index(order.recipient),
        "offer": offer,
        "stage": ORDERED,
        "forced": UNDER_WAY,
        "consent": 1.0,
        "units": units,
        "value": value,
        "listed": listed,
        "credit": credit,
        "start": start,
        "wait": wait,
        "left": left,
        "due": max(dates[parts - left], calendar.first),
        "first": min(came[0], calendar.first - 1) if came else NONE,
        "last": min(came[-1], calendar.first - 1) if came else 0,
        "delivered": units * (parts - left) / parts,
    }
