"""Idle events and terms: without a change to make, or read only by other rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sim.documents.leaves import value_of
from sim.kernel.dates import Calendar
from sim.kernel.rules import rules_in_force
from sim.scenario.compile.threats import sale_of
from sim.scenario.schema.events import Event
from sim.scenario.schema.root import Model

KINDS = "sponsor", "exclude", "membership", "embargo"
OF_SALES = "suspend", "threat"  # kinds that may lift what another event of the kind began
Place = tuple[str, str]  # path, and the reason why it is idle; empty where it is not


def idle_events(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield events that lift what was never imposed, or whose changes have no effect."""
    for name, event in model.events.items():
        if event.kind not in (*KINDS, *OF_SALES):
            continue  # others may be idle for reasons of their own
        earlier = [
            other
            for other in model.events.values()
            if other is not event and not _after(other, event, calendar)
        ]
        if event.kind in OF_SALES:
            yield f"events.{name}.{event.kind}.lift", _of_sale(model, event, earlier)
        else:
            yield f"events.{name}.{event.kind}", _message(model, event, earlier)


def idle_terms(model: Model) -> Iterator[Place]:
    """Yield terms of blocs and trade that no rule in force reads, or that bind no member."""
    membership = rules_in_force(model.rules)["membership"]
    for name, bloc in model.blocs.items():
        inside = [state for state in bloc.scope or () if state in bloc.members]
        message = (
            f"{', '.join(inside)}: a fellow member; the treaty does not bind members against each "
            "other"
        )
        yield f"blocs.{name}.scope", message if inside else ""
        idle = membership == "standard" and value_of(bloc.coercion) > 0
        message = "has an effect only under rules: {membership: priced} or {membership: shocks}"
        yield f"blocs.{name}.coercion", message if idle else ""
        idle = bool(bloc.frozen) and membership != "shocks"
        message = "has an effect only under rules: {membership: shocks}"
        yield f"blocs.{name}.frozen", message if idle else ""
        for key in ("preferences", "credits"):
            message = f"{bloc.leader} leads {name}; a leader has no terms of its own: remove it"
            yield f"blocs.{name}.{key}", message if bloc.leader in getattr(bloc, key) else ""
    for name, ties in model.trade.items():
        whole = sum(value_of(each) for each in ties.with_.values())
        message = (
            f"adds up to {whole:.3g} times the output of {name}: are these shares of its output?"
        )
        yield f"trade.{name}.with", message if whole > 1 else ""


def _after(other: Event, event: Event, calendar: Calendar) -> bool:
    """Return whether an event certainly comes later than another."""
    if other.at is None or event.at is None:
        return False
    return calendar.index(other.at) > calendar.index(event.at)


def _message(model: Model, event: Event, earlier: Collection[Event]) -> str:
    """Return why an event changes nothing; empty where it may."""
    if event.sponsor is not None:
        return _sponsor(model, event)
    if event.exclude is not None and event.exclude.lift:
        about = event.exclude
        out = rules_in_force(model.rules)["discipline"] != "lenient" or any(
            other.exclude is not None
            and not other.exclude.lift
            and (other.exclude.state, other.exclude.bloc) == (about.state, about.bloc)
            for other in earlier
        )
        return "" if out else f"{about.state} is not excluded from {about.bloc} before: no effect"
    if event.membership is not None:
        return _membership(model, event, earlier)
    ban = event.embargo
    if ban is None or not ban.lift or ban.offers:
        return ""
    bans: list[Any] = [
        *model.embargoes.values(),
        *(e.embargo for e in earlier if e.embargo is not None),
    ]
    there = any(
        not getattr(each, "lift", False)
        and _of(model, each.supplier) & _of(model, ban.supplier)
        and _of(model, each.recipient) & _of(model, ban.recipient)
        for each in bans
    )
    who = f"{', '.join(ban.supplier)} on {', '.join(ban.recipient)}"
    return "" if there else f"no embargo of {who} is in force before: no effect"


def _of_sale(model: Model, event: Event, earlier: Collection[Event]) -> str:
    """Return that a lifted halt or threat was never imposed; empty where it may have been."""
    about: Any = event.action
    begun: list[Any] = [e.action for e in earlier if e.kind == event.kind]
    begun += model.threats.values() if event.kind == "threat" else ()
    stood = any(
        sale_of(each) == sale_of(about) and not getattr(each, "lift", False) for each in begun
    )
    what = "threat" if event.kind == "threat" else "halt"
    sale = f"{about.system} from {about.supplier} to {about.recipient}"
    return f"no {what} of {sale} is in force before: no effect" if about.lift and not stood else ""


def _sponsor(model: Model, event: Event) -> str:
    assert event.sponsor is not None  # noqa: S101 - the caller has looked
    about = event.sponsor
    if rules_in_force(model.rules)["exit_option"] != "sponsors":
        return "has an effect only under rules: {exit_option: sponsors}"
    blocs = [bloc for bloc in model.blocs.values() if about.client in _of_bloc(bloc)]
    if not all(about.sponsor in bloc.members for bloc in blocs):
        return ""
    inside = f"{about.sponsor} is in every bloc of {about.client}"
    what = inside if blocs else f"{about.client} is in no bloc"
    return f"{what}: a sponsor is outside a bloc of which its client is a member"


def _membership(model: Model, event: Event, earlier: Collection[Event]) -> str:
    assert event.membership is not None  # noqa: S101 - the caller has looked
    about = event.membership
    bloc = model.blocs[about.bloc]
    turned = any(
        other.membership is not None
        and (other.membership.state, other.membership.bloc) == (about.state, about.bloc)
        for other in earlier
    )
    if turned:
        return ""
    if about.member and about.state in bloc.members:
        return f"{about.state} is a member of {about.bloc} from the start: is this intended?"
    if not about.member and about.state not in _of_bloc(bloc):
        return f"{about.state} is not a member of {about.bloc} before: no effect"
    return ""


def _of_bloc(bloc: object) -> set[str]:
    return {*getattr(bloc, "members", ()), *getattr(bloc, "candidates", ())}


def _of(model: Model, parties: Collection[str]) -> set[str]:
    """Return the states that parties name; a bloc counts with its possible members."""
    found = set(parties)
    for name in parties:
        if name in model.blocs:
            found |= _of_bloc(model.blocs[name])
    return found
