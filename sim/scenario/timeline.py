"""Checks of events: their dates, their states and offers, and that no two contradict."""

from __future__ import annotations

from collections.abc import Iterator

from sim.dates import Calendar
from sim.scenario.fit import differ
from sim.scenario.happenings import (
    AffinityMove,
    BudgetShock,
    EmbargoChange,
    Event,
    Loan,
    Membership,
    Order,
    Request,
    RivalryMove,
    Setting,
    Transfer,
)
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.references import Check
from sim.scenario.schema import Model
from sim.scenario.words import meant, quoted

_SETTABLE = ("states", "blocs", "offers", "laws")


def calendar_of(check: Check, model: Model) -> Calendar | None:
    """Return the scenario's calendar, if its time makes sense."""
    if not check.holds(("time",)):
        return None
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    return calendar if calendar.first <= calendar.last else None


def check_events(check: Check, model: Model) -> None:
    """Note events outside the span, without an offer, of one state only, or in conflict."""
    calendar = calendar_of(check, model)
    paths = number_paths(model) if any(e.set_ for e in model.events.values()) else {}
    for name, event in model.events.items():
        if calendar is not None and not 0 <= calendar.index(event.at) < len(calendar):
            message = f"{event.at} lies outside {model.time.start} to {model.time.end}"
            check.wrong(("events", name, "at"), message)
        _sides(check, name, event)
        _offer(check, model, name, event)
        if event.set_ is not None:
            _setting(check, paths, name, event.set_)
    if calendar is not None:
        _conflicts(check, model, calendar)


def _sides(check: Check, name: str, event: Event) -> None:
    """Note an event between a state and itself."""
    steps, action = ("events", name, event.kind), event.action
    if isinstance(action, Transfer | Order | Request | EmbargoChange):
        differ(check, steps, "supplier", (action.supplier, action.recipient))
    elif isinstance(action, Loan):
        differ(check, steps, "lender", (action.lender, action.borrower))
    elif isinstance(action, RivalryMove | AffinityMove) and action.state == action.toward:
        check.wrong((*steps, "toward"), "a state has no such tie to itself")


def _offer(check: Check, model: Model, name: str, event: Event) -> None:
    """Note an order or request for which the supplier has no offer."""
    action = event.action
    if not isinstance(action, Order | Request):
        return
    if any(steps[0] == "offers" for steps in check.shaped.broken):
        return  # the offer may be among those left out
    known = action.system in check.names("system") and action.supplier in check.names("state")
    theirs = {offer.system for offer in model.offers.values() if offer.supplier == action.supplier}
    if known and action.system not in theirs:
        hint = meant(action.system, theirs) or ": add one to offers"
        message = f"{action.supplier} has no offer of {quoted(action.system)}{hint}"
        check.wrong(("events", name, event.kind, "system"), message)


def _setting(check: Check, paths: dict[str, NumberPath], name: str, setting: Setting) -> None:
    """Note a path that names no number, or a value outside its bounds."""
    steps = ("events", name, "set")
    settable = {path for path in paths if path.split(".")[0] in _SETTABLE}
    if setting.path not in settable:
        block = setting.path.split(".")[0]
        if any(broken[0] == block for broken in check.shaped.broken):
            return
        hint = meant(setting.path, settable)
        message = f"no number {quoted(setting.path)} of states, blocs, offers or laws{hint}"
        check.wrong((*steps, "path"), message)
        return
    part, fault = paths[setting.path].leaf.fault(setting.value)
    if fault:
        check.wrong((*steps, "value", part) if part else (*steps, "value"), fault)


def _targets(event: Event) -> Iterator[tuple[str, ...]]:
    """Yield what an event sets to a value, so that order would count."""
    action = event.action
    if isinstance(action, Setting):
        yield ("set", action.path)
        first, _, rest = action.path.partition(".")
        if first == "states" and rest.endswith(".burden"):
            yield ("burden", rest.removesuffix(".burden"))
    elif isinstance(action, RivalryMove | AffinityMove) and action.value is not None:
        yield (event.kind, action.state, action.toward)
    elif isinstance(action, Membership):
        yield ("membership", action.state, action.bloc)
    elif isinstance(action, EmbargoChange):
        yield ("embargo", action.supplier, action.recipient)


def _steps_by(event: Event) -> Iterator[tuple[str, ...]]:
    """Yield what an event changes by a step or a factor: a conflict only with a set value."""
    action = event.action
    if isinstance(action, RivalryMove | AffinityMove) and action.value is None:
        yield (event.kind, action.state, action.toward)
    elif isinstance(action, BudgetShock):
        yield ("burden", action.state)


def _conflicts(check: Check, model: Model, calendar: Calendar) -> None:
    """Note two events of one period that set the same value."""
    seen: dict[tuple[object, ...], str] = {}
    for name, event in model.events.items():
        for target in _targets(event):
            place = (calendar.index(event.at), *target)
            if place in seen:
                message = f"sets the same value at the same date as the event {seen[place]}"
                check.wrong(("events", name), message, key=True)
            seen.setdefault(place, name)
    for name, event in model.events.items():
        for target in _steps_by(event):
            other = seen.get((calendar.index(event.at), *target))
            if other is not None:
                message = f"changes a value that the event {other} sets at the same date"
                check.wrong(("events", name), message, key=True)
