"""Imposed events: those that a scenario imposes on runs, with their parties and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.experiments.watch.recorder import Moment
from sim.kernel.layout.layout import Layout
from sim.scenario.compile.conditions import happened
from sim.scenario.compile.distributions import Draws
from sim.scenario.compile.event_arrays import event_number
from sim.scenario.schema.events import Event
from sim.scenario.schema.root import Model

_NUMBERS = (
    "units", "worth", "amount", "answer", "factor", "change", "value", "intensity", "willing",
    "cut", "resolve", "part",
)  # fmt: skip
_PARTS = {  # column -> keys of events that fill it
    "actor": ("supplier", "lender", "creditor", "sponsor", "state"),
    "against": ("toward", "attacker", "against"),
    "aided": ("recipient", "borrower", "debtor", "client"),
}


def imposed_events(
    moment: Moment, model: Model, draws: Draws, columns: slice
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name, columns and parts of the events imposed on the runs of a variant in a period.

    `columns` are those of its runs.
    """
    calendar, due = moment.layout.calendar, moment.passed.world.due[:, columns]
    waiting = {name: row for row, name in enumerate(model.waiting)}
    for name, event in sorted(model.events.items()):
        row = waiting.get(name)
        if event.at is not None and calendar.index(event.at) == moment.period:
            (run,) = np.nonzero(happened(model, draws, name))
        elif row is not None:
            (run,) = np.nonzero(due[row] == moment.inputs.number)
        else:
            continue
        if run.size:
            amount = _amount(draws, name, event, run)
            yield (
                name,
                {"run": run + columns.start, "amount": amount, **_parts(moment.layout, event)},
            )


def _parts(layout: Layout, event: Event) -> dict[str, int]:
    """Return the states and the bloc of an imposed event, by column."""
    action: Any = event.action
    states, blocs = layout.states, layout.blocs
    bloc = getattr(action, "bloc", None)
    parts = {
        part: next((each for name in keys if (each := getattr(action, name, None))), None)
        for part, keys in _PARTS.items()
    }
    if event.embargo is not None:
        parts = {
            part: next((each for each in names if each in states), None)
            for part, names in (("actor", action.supplier), ("against", action.recipient))
        }
        named = (*action.supplier, *action.recipient)
        bloc = next((each for each in named if each in blocs), None)
    if event.sanction is not None:
        parts = {"actor": event.sanction.by[0], "against": event.sanction.against[0]}
    if event.threat is not None:
        parts = {"actor": event.threat.by, "against": event.threat.recipient}
    if event.request is not None:
        parts = {"actor": event.request.recipient}
    if event.incident is not None:
        one, other = event.incident.states
        if event.incident.attacker == other:
            one, other = other, one
        parts = {"actor": one, "against": other}
    if event.set_ is not None:
        block, name, *_ = event.set_.path.steps
        parts = {"actor": name if block == "states" else None}
        bloc = name if block == "blocs" else None
    rows = {part: states.index(state) for part, state in parts.items() if state}
    return {**rows, "bloc": blocs.index(bloc)} if bloc else rows


def _amount(draws: Draws, name: str, event: Event, run: np.ndarray) -> Any:
    """Return the number of an imposed event, by runs of its variant."""
    if event.embargo is not None:
        return float(not event.embargo.lift)
    if event.membership is not None:
        return float(event.membership.member)
    if event.threat is not None and event.threat.lift:
        return 0.0
    if event.exclude is not None:
        return float(not event.exclude.lift)
    action: Any = event.action
    key = next((key for key in _NUMBERS if getattr(action, key, None) is not None), None)
    if key is None:
        return np.nan
    values = event_number(draws, name, event, key, getattr(action, key))
    return values[run] if values.size > 1 else values[0]
