"""Simulate a block of runs, period by period, and record its series."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.kernel.collect import collect, whole
from sim.kernel.decision_points import Decide, no_decision
from sim.kernel.finiteness import check, check_metric, defined
from sim.kernel.inputs import Inputs
from sim.kernel.noise import Noise
from sim.kernel.period import Passed, period
from sim.kernel.rules import Rules
from sim.kernel.trigger import Trigger, fall_due
from sim.kernel.world import World, copied


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """The result of a block of runs."""

    start: World
    end: World
    rules: Rules  # in force in the last period
    series: dict[str, np.ndarray]  # metric -> (periods, subjects, runs)


See = Callable[[Passed, Rules, Inputs], object]


def steps(
    world: World,
    rules: Rules,
    inputs: Sequence[Inputs],
    noise: Noise,
    decide: Decide = no_decision,
    *,
    inplace: bool = False,
) -> Iterator[tuple[Passed, Rules]]:
    """Yield for every period what it `Passed` on, and the rules then in force.

    With `inplace`, all periods share one log, so that only that of the latest period is valid.
    """
    check(world.but(period=inputs[0].number) if inputs else world)
    stock = None
    world = world.but(log=copied(world.log)) if inplace else world
    for each in inputs:
        now = each.resolved(world.due)
        changed = amended(rules, now)
        if changed is not rules:
            rules, stock = changed, None
        with defined(world, each.number) as beyond:
            passed = period(world, rules, noise, now, decide=decide, stock=stock, inplace=inplace)
            if each.triggers:
                passed = _triggered(passed, rules, each.triggers)
        if beyond or now.edits or each is inputs[-1]:
            check(passed.world)
        world, stock = passed.world, passed.view.stock
        yield passed, rules


def simulate(
    world: World,
    rules: Rules,
    inputs: Sequence[Inputs],
    noise: Noise,
    decide: Decide = no_decision,
    see: See | None = None,
) -> Record:
    """Return the record of a block of runs; a number that is not finite is a RunError.

    `see` is called after each period with what it passed on, the rules and the inputs.
    """

    def shown() -> Iterator[tuple[Passed, Rules]]:
        passing = steps(world, rules, inputs, noise, decide, inplace=True)
        for each, (passed, last) in zip(inputs, passing, strict=True):
            if see is not None:
                see(passed, last, each.resolved(passed.world.due))
            yield passed, last

    return record_of(world, rules, shown(), (len(inputs), noise.runs.shape[-1]))


def record_of(
    world: World, rules: Rules, passing: Iterable[tuple[Passed, Rules]], shape: tuple[int, int]
) -> Record:
    """Return the record of consecutive periods that start from a world; `shape`: periods, runs."""
    series: dict[str, np.ndarray] = {}
    end, last = world, rules
    for at, (passed, last) in enumerate(passing):
        with defined(passed.world, passed.world.period):
            metrics = collect(passed, last)
        for name, values in metrics.items():
            if name not in series:
                series[name] = np.empty((shape[0], values.shape[0], shape[1]))
            series[name][at] = values
        end = passed.world
    for name, values in series.items():
        check_metric(end.layout, name, values)
    return Record(start=world, end=end, rules=last, series=whole(series, end))


def _triggered(passed: Passed, rules: Rules, triggers: Sequence[Trigger]) -> Passed:
    """Return what a period passed on, with the events whose condition it fulfils made due."""
    world = passed.world
    read = {each.metric for trigger in triggers for each in trigger.gauges if each.stage is None}
    metrics = collect(passed, rules, read)
    due, gauge = 1.0 * world.due, 1.0 * world.gauge
    fall_due(
        triggers,
        due=due,
        gauge=gauge,
        number=world.period,
        log=world.log,
        metric=lambda name, row: metrics[name][row],
    )
    return replace(passed, world=world.but(due=due, gauge=gauge))


def amended(rules: Rules, inputs: Inputs) -> Rules:
    """Return the rules after the period's changes of parameters."""
    for each in inputs.amendments:
        old = getattr(getattr(rules, each.role), each.name)
        rules = rules.but({(each.role, each.name): each.changed(old)})
    return rules
