"""Conflicts of events: two on the same date that set the same value."""

from __future__ import annotations

from collections.abc import Iterator

from sim.kernel.dates import Calendar
from sim.scenario.checks.inspection import Inspection
from sim.scenario.schema.events import (
    AffinityMove,
    AppealEvent,
    BudgetShock,
    Cancellation,
    Diversion,
    EmbargoChange,
    Event,
    Exclusion,
    MembershipChange,
    RivalryMove,
    SanctionChange,
    Setting,
    SponsorChange,
    Suspension,
    ThreatChange,
)
from sim.scenario.schema.root import Model


def _targets(event: Event) -> Iterator[tuple[str, ...]]:
    """Yield the values that an event sets, for which the order of events would matter."""
    action = event.action
    if isinstance(action, Setting):
        yield ("set", action.path)
        if (action.path.block, action.path.key) == ("states", "burden"):
            yield ("burden", action.path.entry)
    elif isinstance(action, RivalryMove | AffinityMove) and action.value is not None:
        yield (event.kind, action.state, action.toward)
    elif isinstance(action, MembershipChange | Exclusion | AppealEvent):
        yield (event.kind, action.state, action.bloc)
    elif isinstance(action, SponsorChange):
        yield ("sponsor", action.sponsor, action.client)
    elif isinstance(action, Cancellation | Diversion):
        yield ("end", action.supplier, action.recipient, action.system)
    elif isinstance(action, Suspension | ThreatChange):
        yield (event.kind, action.supplier, action.recipient, action.system)
    elif isinstance(action, SanctionChange):
        yield from (("sanction", i, j) for i in action.by for j in action.against)
    elif isinstance(action, EmbargoChange):
        what = action.offers or action.supplier
        yield from (("embargo", name, i) for name in what for i in action.recipient)


def _steps_by(event: Event) -> Iterator[tuple[str, ...]]:
    """Yield the values that an event changes by a step or factor; they conflict with set values."""
    action = event.action
    if isinstance(action, RivalryMove | AffinityMove) and action.value is None:
        yield (event.kind, action.state, action.toward)
    elif isinstance(action, BudgetShock):
        yield ("burden", action.state)


def check_conflicts(check: Inspection, model: Model, calendar: Calendar) -> None:
    """Note two events of one period that set the same value."""
    seen: dict[tuple[object, ...], str] = {}
    dated = [
        (name, event, calendar.index(event.at))
        for name, event in model.events.items()
        if event.at is not None
    ]
    for name, event, at in dated:
        for target in _targets(event):
            place = (at, *target)
            if place in seen:
                message = f"sets the same value on the same date as the event {seen[place]}"
                if isinstance(plea := event.action, AppealEvent):
                    message = (
                        f"{plea.state} already appeals to {plea.bloc} in the event {seen[place]}: "
                        "only one appeal is possible in a period"
                    )
                check.wrong(("events", name), message, key=True)
            seen.setdefault(place, name)
    for name, event, at in dated:
        for target in _steps_by(event):
            other = seen.get((at, *target))
            if other is not None:
                message = f"changes a value that the event {other} sets on the same date"
                check.wrong(("events", name), message, key=True)
