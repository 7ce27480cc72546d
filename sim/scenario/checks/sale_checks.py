"""Sales by events: transferred units can be there, and stopped sales are on offer."""

from __future__ import annotations

from typing import Any

from sim.documents.leaves import Number, Uncertain, value_of
from sim.documents.nodes import Steps
from sim.kernel.dates import MONTHS, SWAP, last_month, months
from sim.kernel.words import meant, number, quoted
from sim.scenario.checks.inspection import Inspection
from sim.scenario.compile.threats import Sale, sale_of
from sim.scenario.schema.dealings import Lever
from sim.scenario.schema.events import Event, Transfer
from sim.scenario.schema.root import Model


def check_sales(check: Inspection, model: Model) -> None:
    """Note transfers of more than the giver can hold, and events about impossible sales."""
    _halts(check, model)
    if check.intact("offers", "threats", "events"):
        _threats(check, model)
    if check.intact("offers", "leverage"):
        _levers(check, model)
    if not check.intact("arsenals", "offers", "events"):
        return  # a block left out may hold the units that it gives
    for name, event in model.events.items():
        gift = event.transfer
        if gift is None or not _known(check, gift) or _supplied(model, gift, event):
            continue
        arsenal = model.arsenals.get(gift.supplier)
        held = arsenal.units.get(gift.system, 0.0) if arsenal is not None else 0.0
        if _least(gift.units) > _most(held):
            message = (
                f"{gift.supplier} holds {number(_most(held))} {gift.system} and cannot get more: "
                f"add them to arsenals.{gift.supplier}.units, or let it sell them by an order"
            )
            check.wrong(("events", name, "transfer", "units"), message)


def _halts(check: Inspection, model: Model) -> None:
    """Note halts of a sale that the supplier does not offer, or of a sale to itself."""
    for name, event in model.events.items():
        halt = event.cancel or event.divert or event.suspend
        if halt is None:
            continue
        steps = ("events", name, event.kind)
        for key, state in (("recipient", halt.recipient), ("to", getattr(halt, "to", None))):
            if state == halt.supplier:
                check.wrong((*steps, key), f"supplier and {key} are both {state}: they must differ")
        if event.divert is not None and event.divert.to == halt.recipient:
            check.wrong(
                (*steps, "to"), f"recipient and to are both {halt.recipient}: they must differ"
            )
        if check.intact("offers"):
            _offered(check, model, steps, halt)


def _threats(check: Inspection, model: Model) -> None:
    """Note threats by a party to the sale, without an offer, or two against one sale."""
    seen: dict[Sale, tuple[str, str]] = {}
    made = {name: event.threat for name, event in model.events.items() if event.threat is not None}
    known: list[tuple[Steps, Any]] = [(("threats", n), each) for n, each in model.threats.items()]
    known += [(("events", n, "threat"), each) for n, each in made.items() if not each.lift]
    for steps, threat in known:
        parties = {"by": threat.by, "supplier": threat.supplier, "recipient": threat.recipient}
        for one, other in (("by", "recipient"), ("by", "supplier"), ("supplier", "recipient")):
            if parties[one] == parties[other]:
                check.wrong((*steps, other), f"{one} and {other} are both {parties[one]}")
        _offered(check, model, steps, threat)
        if steps[0] == "threats":
            _lasts(check, steps, threat)
        by, other = seen.setdefault(sale_of(threat), (threat.by, str(steps[1])))
        again = steps[0] == "threats" or by != threat.by
        if again and other != steps[1]:
            message = (
                f"is about the same sale as the threat {other}: a sale can have only one threat"
            )
            check.wrong(steps, message, key=True)
    for name, end in made.items():
        if end.lift and seen.get(sale_of(end), ("", ""))[0] != end.by:
            message = (
                f"{end.by} makes no threat against this sale: remove the event, or add the threat"
            )
            check.wrong(("events", name, "threat", "lift"), message)


def _levers(check: Inspection, model: Model) -> None:
    """Note levers over oneself or a state that buys nothing, without an offer, or two on one."""
    seen: dict[tuple[str, str], list[str]] = {}
    for name, lever in model.leverage.items():
        steps = "leverage", name
        parties = {"by": lever.by, "supplier": lever.supplier, "recipient": lever.recipient}
        for one, other in (("by", "recipient"), ("supplier", "recipient")):
            if parties[one] == parties[other]:
                check.wrong((*steps, other), f"{one} and {other} are both {parties[one]}")
        _offered(check, model, steps, lever)
        _lasts(check, steps, lever)
        buyer = model.states.get(lever.recipient)
        if buyer is not None and buyer.import_share == 0.0:
            message = f"{lever.recipient} buys nothing: its import_share is 0"
            check.wrong((*steps, "recipient"), message)
        for offer in lever.withholds:
            sold = model.offers.get(offer)
            if sold is not None and lever.by not in {
                sold.supplier,
                *sold.licensors,
                *sold.components,
            }:
                message = f"{lever.by} has no say in {offer}, an offer of {sold.supplier}"
                check.wrong((*steps, "withholds"), message)
            others = seen.setdefault((offer, lever.recipient), [])
            for other in others:
                if not _takes_turns(model, lever, model.leverage[other]):
                    message = (
                        f"{offer} is also withheld from {lever.recipient} by the lever {other}: "
                        "two levers need the same holder and offers, and dates that do not overlap"
                    )
                    check.wrong((*steps, "withholds"), message)
                    break
            others.append(name)


def _takes_turns(model: Model, one: Lever, other: Lever) -> bool:
    """Return whether two levers have the same holder and offers at different dates."""
    if one.by != other.by or {*one.withholds} != {*other.withholds}:
        return False
    size = MONTHS[model.time.period]
    return any(
        first.until is not None
        and then.from_ is not None
        and last_month(first.until) // size < months(then.from_) // size
        for first, then in ((one, other), (other, one))
    )


def _lasts(check: Inspection, steps: Steps, said: Any) -> None:
    """Note an end before the beginning."""
    if None not in (said.from_, said.until) and last_month(said.until) < months(said.from_):
        check.wrong(
            (*steps, "until"), f"ends before it begins: {said.from_} to {said.until}: {SWAP}"
        )


def _offered(check: Inspection, model: Model, steps: Steps, sale: Any) -> None:
    """Note a sale of a system that its supplier does not offer."""
    theirs = {offer.system for offer in model.offers.values() if offer.supplier == sale.supplier}
    if _known(check, sale) and sale.system not in theirs:
        hint = meant(sale.system, theirs) or ": add one to offers"
        message = f"{sale.supplier} has no offer of {quoted(sale.system)}{hint}"
        check.wrong((*steps, "system"), message)


def _known(check: Inspection, sale: Any) -> bool:
    return sale.system in check.names("system") and sale.supplier in check.names("state")


def _supplied(model: Model, gift: Transfer, event: Event) -> bool:
    """Return whether the giver may acquire more units: on the market, or by another event."""
    giver = model.states.get(gift.supplier)
    buys = giver is not None and _most(giver.import_share) > 0
    offered = any(
        offer.system == gift.system and offer.supplier != gift.supplier
        for offer in model.offers.values()
    )
    actions: list[Any] = [other.action for other in model.events.values() if other is not event]
    given = any(
        getattr(action, "system", None) == gift.system
        and gift.supplier in (getattr(action, "recipient", None), getattr(action, "to", None))
        for action in actions
    )
    return (buys and offered) or given


def _least(of: Number) -> float:
    return of.low if isinstance(of, Uncertain) else value_of(of)


def _most(of: Number) -> float:
    return of.high if isinstance(of, Uncertain) else value_of(of)
