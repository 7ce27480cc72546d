"""Simulate: periods in, record out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.kernel.collect import STRIKE_RANGE, collect, running
from sim.kernel.errors import RunError
from sim.kernel.inputs import Decide, Inputs, no_decision
from sim.kernel.noise import Noise
from sim.kernel.period import Passed, period
from sim.kernel.rules import Rules
from sim.kernel.world import ORDERED, World, arrays_of, copied


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """What a block of runs leaves behind."""

    start: World
    end: World
    rules: Rules  # in force in the last period
    series: dict[str, np.ndarray]  # metric -> (periods, subjects, runs)


def steps(
    world: World,
    rules: Rules,
    inputs: Sequence[Inputs],
    noise: Noise,
    decide: Decide = no_decision,
    *,
    own: bool = False,
) -> Iterator[tuple[Passed, Rules]]:
    """Yield what every period leaves behind, and the rules then in force.

    With `own` all share one log, so that only the last is complete.
    """
    stock = None
    world = world.but(log=copied(world.log)) if own else world
    for each in inputs:
        changed = amended(rules, each)
        if changed is not rules:
            rules, stock = changed, None
        passed = period(world, rules, noise, each, decide=decide, stock=stock, own=own)
        check(passed.world)
        world, stock = passed.world, passed.found.stock
        yield passed, rules


def simulate(
    world: World,
    rules: Rules,
    inputs: Sequence[Inputs],
    noise: Noise,
    decide: Decide = no_decision,
) -> Record:
    """Return the record of a block of runs; a non-finite world is a RunError."""
    series: dict[str, np.ndarray] = {}
    end, last = world, rules
    shape = len(inputs), noise.runs.shape[-1]
    for at, (passed, last) in enumerate(steps(world, rules, inputs, noise, decide, own=True)):
        for name, values in collect(passed, last).items():
            if name not in series:
                series[name] = np.empty((shape[0], values.shape[0], shape[1]))
            series[name][at] = values
        end = passed.world
    series = running(series, world.layout)
    return Record(start=world, end=end, rules=last, series={**series, **strikes(end)})


def amended(rules: Rules, inputs: Inputs) -> Rules:
    """Return the rules after the period's changes of parameters."""
    changes = {}
    for (role, name), (value, happened) in inputs.settings.items():
        old = getattr(getattr(rules, role), name)
        changes[role, name] = np.where(happened > 0, value, old)
    return rules.but(changes) if changes else rules


def check(world: World) -> None:
    """Raise a RunError that names period, array and states if anything is not finite."""
    layout = world.layout
    for name, about in arrays_of(World).items():
        array = getattr(world, name)
        if not about.moves or about.endless or np.isfinite(array.sum()):
            continue
        rows = np.unique(np.nonzero(~np.isfinite(array))[0])
        names = layout.states if about.axes[0] == "states" else layout.subjects["dyad"]
        label = layout.calendar.label(world.period - layout.calendar.first)
        where = ", ".join(names[row] for row in rows[:5])
        message = f"{label}: {name} is not finite for {where}; look at its inputs and bounds"
        raise RunError(message)


def strikes(end: World) -> dict[str, np.ndarray]:
    """Return whether each state has ordered, and received, a long-range strike system so far."""
    layout, log = end.layout, end.log
    count, runs = len(layout.calendar), log.offer.shape[-1]
    offer = np.maximum(log.offer, 0)
    system = layout.system[offer]
    long = np.isin(system, layout.strikers) & (_table(end.range)[system] >= STRIKE_RANGE)
    ordered = long & (log.stage == ORDERED) & (log.offer >= 0)
    when_ordered = np.repeat(np.arange(count), layout.rows)[:, None]
    out = {}
    for name, mask, when in (
        ("strike_ordered", ordered, np.broadcast_to(when_ordered, ordered.shape)),
        ("strike_delivered", ordered & (log.first >= 0), log.first - layout.calendar.first),
    ):
        series = np.zeros((count, len(layout.states), runs))
        slot, run = np.nonzero(mask)
        series[when[slot, run], log.recipient[slot, 0], run] = 1.0
        out[name] = np.maximum.accumulate(series, axis=0)
    return out


def _table(array: np.ndarray) -> np.ndarray:
    """Return a table as its values in the first run: whether a system is long-range is a fact."""
    return array[..., 0]
