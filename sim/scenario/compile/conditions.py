"""Conditions of events, compiled to triggers; and the draws that decide whether events happen."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import entities, uniform
from sim.kernel.trigger import Gauge, Trigger
from sim.kernel.world import World
from sim.metrics.catalogue import METRICS
from sim.metrics.sales import OF_HOLDER, STAGES
from sim.metrics.states import STRIKES, is_long_range
from sim.scenario.compile.distributions import Draws
from sim.scenario.compile.layouts import row_of
from sim.scenario.schema.events import EventCondition
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.schema.root import Model


def happened(model: Model, draws: Draws, name: str) -> np.ndarray:
    """Return 1 in the runs in which an event happens, once it is due: one draw per run."""
    chance = draws.number(f"events.{name}.probability", model.events[name].probability)
    address = entities([draw_of(model, name)])
    draw = draws.noise.draw(uniform("event", address, constant=True))
    return np.asarray((draw < chance) * 1.0)


def draw_of(model: Model, name: str) -> str:
    """Return the event by whose name the draw of an event is addressed."""
    other = model.events[name].with_
    return name if other is None else draw_of(model, other)


def triggers_of(model: Model, layout: Layout, draws: Draws, world: World) -> tuple[Trigger, ...]:
    """Return the triggers of the events on condition, in the order of their names."""
    rows, triggers = 0, []
    for name, when in model.waiting.items():
        triggers.append(_trigger(model, layout, draws, world, name, when, rows))
        rows += len(triggers[-1].gauges)
    return tuple(triggers)


def _trigger(
    model: Model,
    layout: Layout,
    draws: Draws,
    world: World,
    name: str,
    when: EventCondition,
    first: int,
) -> Trigger:
    def number(key: str, value: Any, otherwise: float) -> np.ndarray:
        drawn = otherwise if value is None else draws.number(f"events.{name}.{key}", value)
        return np.atleast_1d(np.asarray(drawn, dtype=np.float64))

    parts = spelled(when.outcome).parts
    return Trigger(
        gauges=tuple(_gauge(part, layout, world, row) for row, part in enumerate(parts, first)),
        least=number("when.least", when.least, -inf),
        most=number("when.most", when.most, inf),
        delay=np.rint(number("lag", model.events[name].lag, 0.0) / layout.calendar.dt),
        happens=happened(model, draws, name),
    )


def _gauge(outcome: Outcome, layout: Layout, world: World, row: int) -> Gauge:
    subject, metric = row_of(outcome, layout), outcome.metric
    plain = Gauge(
        row=row,
        metric=metric,
        subject=NONE if subject is None else subject,
        summed=METRICS[metric].summed,
    )
    if subject is None:
        return plain
    if metric in STRIKES:
        return replace(plain, offers=is_long_range(world), stage=STRIKES[metric])
    if outcome.kind == "sale":
        seller, buyer = (layout.states.index(name) for name in outcome.subject)
        system = layout.systems.index(outcome.system or "")
        own = (layout.supplier == seller) & (layout.system == system)
        stage, holder = STAGES[metric], metric in OF_HOLDER
        return replace(plain, subject=buyer, offers=own, stage=stage, of_holder=holder)
    return plain
