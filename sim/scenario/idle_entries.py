"""Idle entries: entries of a scenario that cannot have any effect in its runs.

Dates before the start or after the end; threats, levers, bans and halts of impossible sales;
requests without an offer; exclusions of buyers whose orders are forced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.documents.leaves import value_of
from sim.kernel.dates import Calendar
from sim.kernel.errors import Problem
from sim.scenario.compile.goods import made_to
from sim.scenario.compile.threats import Sale, sale_of
from sim.scenario.idle_events import Place, idle_events, idle_terms
from sim.scenario.load import Scenario
from sim.scenario.schema.events import EmbargoChange, ForcedOrder, MembershipChange, Transfer
from sim.scenario.schema.root import Model

HALTS = "cancel", "suspend", "divert", "threat"  # kinds of events about a sale


def idle_entries(scenario: Scenario) -> Iterator[Problem]:
    """Yield the entries that are idle in every variant that has them.

    Shared tables may have more entries than one scenario uses: only those in the file itself count.
    """
    first: dict[str, str] = {}
    messages: dict[str, list[str]] = {}
    for variant, model in scenario.variants.items():
        calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
        for path, message in (
            *_dates(model, calendar),
            *_dealings(model),
            *_requests(model, calendar),
            *_orders(model),
            *_incidents(model, calendar),
            *idle_events(model, calendar),
            *idle_terms(model),
        ):
            first.setdefault(path, variant)
            messages.setdefault(path, []).append(message)
    for path, each in messages.items():
        if "" in each:
            continue
        mark = scenario.mark(path, first[path])
        if mark.file == scenario.mark("scenario").file:
            yield mark.problem(path, each[0])


def _dates(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield the dates of a model, and events that cannot happen."""
    for block in ("grants", "threats", "leverage"):
        for name, entry in getattr(model, block).items():
            for key, message in _span(block, entry, calendar).items():
                yield f"{block}.{name}.{key}", message
    for name, offer in model.offers.items():
        late = offer.opens is not None and calendar.index(offer.opens) >= len(calendar)
        message = f"{offer.opens} is after the end: the offer is never open"
        yield f"offers.{name}.opens", message if late else ""
    yield from _lines(model, calendar)
    for name, event in model.events.items():
        never = value_of(event.probability) == 0
        yield f"events.{name}.probability", "0: the event never happens" if never else ""
        lag = 0.0 if event.lag is None else value_of(event.lag)
        long = event.when is not None and lag / calendar.dt >= len(calendar)
        message = "is longer than the scenario: the event never happens"
        yield f"events.{name}.lag", message if long else ""


def _span(block: str, entry: Any, calendar: Calendar) -> dict[str, str]:
    """Return the keys of a span of time that are idle, with the reasons."""
    until = entry.ends if block == "grants" else entry.until
    messages = {"from": "", "until": ""}
    if until is not None and calendar.last_index(until) < 0:
        key = "until" if entry.until is not None else "from"
        messages[key] = f"{until} is before the start: the entry has no effect"
    elif entry.from_ is not None and calendar.index(entry.from_) >= len(calendar):
        messages["from"] = f"{entry.from_} is after the end: the entry has no effect"
    return messages


def _lines(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield idle ends of credit lines: those without a line, or before the start."""
    opened = {
        event.set_.path.steps
        for event in model.events.values()
        if event.set_ is not None and value_of(event.set_.value) > 0
    }
    for name, bloc in model.blocs.items():
        for member, until in bloc.credit_until.items():
            message, later = "", ("blocs", name, "credit_lines", member) in opened
            if value_of(bloc.credit_lines[member]) == 0 and not later:
                message = f"{member} has no credit line to end: add one to credit_lines"
            elif calendar.last_index(until) < 0:
                message = f"{until} is before the start: the line is never drawn on"
            yield f"blocs.{name}.credit_until.{member}", message


def _dealings(model: Model) -> Iterator[Place]:
    """Yield threats, levers, bans and halts of sales of a model."""
    for path, about in _halted(model):
        sale = sale_of(about)
        sold = may_sell(model, *sale) or sale in unoffered(model)
        message = f"{about.supplier} does not offer {about.recipient} {about.system}: "
        yield path, "" if sold else f"{message}there is no order"
    for name, lever in model.leverage.items():
        offers = {each: model.offers[each] for each in lever.withholds}
        closed = [
            each
            for each, offer in offers.items()
            if not may_sell(model, offer.supplier, lever.recipient, offer.system)
        ]
        message = (
            f"{', '.join(closed)}: not offered to {lever.recipient}, so there is nothing to "
            "withhold"
        )
        yield f"leverage.{name}.withholds", message if closed else ""
    makers = {
        state
        for offer in model.offers.values()
        for state in (offer.supplier, *offer.licensors, *offer.components)
    }
    bans: list[tuple[str, Any]] = [(f"embargoes.{n}", each) for n, each in model.embargoes.items()]
    bans += [
        (f"events.{n}.embargo", each.embargo)
        for n, each in model.events.items()
        if each.embargo is not None
    ]
    for path, ban in bans:
        idle = not {*ban.supplier} & {*makers, *model.blocs}
        message = f"{', '.join(ban.supplier)}: has no offer, licence or component to ban: no effect"
        yield f"{path}.supplier", message if idle else ""


def _requests(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield requests by date for systems not on offer to the buyer then, or banned."""
    moved = {each.set_.path.steps for each in model.events.values() if each.set_ is not None}
    for name, event in model.events.items():
        ask = event.request
        if ask is None or event.at is None:
            continue
        at, message = calendar.index(event.at), ""
        offers = {
            key: offer
            for key, offer in model.offers.items()
            if (offer.supplier, offer.system) == (ask.supplier, ask.system)
        }
        shut = all(
            ("offers", key, "open") not in moved
            and (
                not offer.open
                or (offer.opens is not None and calendar.index(offer.opens) > at)
                or (offer.closes is not None and calendar.last_index(offer.closes) < at)
            )
            for key, offer in offers.items()
        )
        if not may_sell(model, ask.supplier, ask.recipient, ask.system):
            message = (
                f"{ask.supplier} does not offer {ask.recipient} {ask.system}: the request has no "
                "effect"
            )
        elif shut:
            message = f"{', '.join(offers)}: not open in {event.at}: the request has no effect"
        elif _banned(model, ask, at, calendar):
            message = (
                f"{ask.supplier} bans arms for {ask.recipient} by then: the request has no effect"
            )
        yield f"events.{name}.request", message


def _orders(model: Model) -> Iterator[Place]:
    """Yield forced orders by buyers whom all offers exclude; the exclusions do not stop them."""
    for name, event in model.events.items():
        if event.order is None:
            continue
        parties = _parties(model, event.order.recipient)
        excluded = {
            key: sorted(parties & {*(offer.not_to or ())})
            for key, offer in model.offers.items()
            if (offer.supplier, offer.system) == (event.order.supplier, event.order.system)
        }
        lines = ", ".join(f"{key} is not_to {' and '.join(to)}" for key, to in excluded.items())
        message = (
            f"{lines}, but an order by an event needs no permission: it is placed all the same"
        )
        yield f"events.{name}.order", message if excluded and all(excluded.values()) else ""


def _banned(model: Model, ask: Any, at: int, calendar: Calendar) -> bool:
    """Return whether the supplier bans all arms for the buyer, by the last embargo in force."""
    sides = [
        {state, *(name for name, bloc in model.blocs.items() if state in bloc.members)}
        for state in (ask.supplier, ask.recipient)
    ]
    dated = [
        (calendar.index(event.at), event.embargo)
        for event in model.events.values()
        if event.embargo is not None and event.at is not None and calendar.index(event.at) <= at
    ]
    lasting: list[tuple[int, Any]] = [(-1, each) for each in model.embargoes.values()]
    banned = False
    for _, ban in sorted([*lasting, *dated], key=lambda each: each[0]):
        hit = sides[0] & {*ban.supplier} and sides[1] & {*ban.recipient}
        if hit and not getattr(ban, "offers", None):
            banned = not getattr(ban, "lift", False)
    return banned


def _incidents(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield certain incidents of two states in a period that has another one: only one counts."""
    seen: dict[tuple[frozenset[str], int], str] = {}
    for name, event in sorted(model.events.items()):
        sure = event.at is not None and value_of(event.probability) == 1
        if event.incident is None or event.at is None or not sure:
            continue
        about = frozenset(event.incident.states), calendar.index(event.at)
        other = seen.setdefault(about, name)
        message = (
            f"{other} is also an incident of the two in {event.at}: a period has only one for two "
            "states"
        )
        yield f"events.{name}.incident", message if other != name else ""


def _halted(model: Model) -> Iterator[tuple[str, Any]]:
    """Yield the path of each threat, lever and event about a sale, and that sale."""
    yield from ((f"threats.{name}", each) for name, each in model.threats.items())
    yield from ((f"leverage.{name}", each) for name, each in model.leverage.items())
    for name, event in model.events.items():
        if event.kind in HALTS:
            yield f"events.{name}.{event.kind}", event.action


def unoffered(model: Model) -> Iterator[Sale]:
    """Yield sales that need no offer: under way at the start, or taken over."""
    for order in model.backlog.values():
        offer = model.offers[order.offer]
        yield offer.supplier, order.recipient, offer.system
    for event in model.events.values():
        if event.divert is not None:
            yield event.divert.supplier, event.divert.to, event.divert.system


def may_sell(model: Model, supplier: str, recipient: str, system: str | None) -> bool:
    """Return whether a sale is offered, or forced by an event; who may join a bloc counts."""
    parties = _parties(model, recipient)
    actions = [event.action for event in model.events.values()]
    for action in actions:
        if isinstance(action, Transfer | ForcedOrder):
            if sale_of(action) == (supplier, recipient, system):
                return True
        elif isinstance(action, MembershipChange) and action.state == recipient:
            parties.add(action.bloc)
    opened = {
        offer
        for action in actions
        if isinstance(action, EmbargoChange) and action.lift and parties & {*action.recipient}
        for offer in action.offers or ()
    }
    return any(
        name in opened or made_to(offer, parties)
        for name, offer in model.offers.items()
        if (offer.supplier, offer.system) == (supplier, system)
    )


def _parties(model: Model, state: str) -> set[str]:
    """Return a state with the blocs that it is in or may join."""
    blocs = model.blocs.items()
    return {state} | {name for name, bloc in blocs if state in (*bloc.members, *bloc.candidates)}
