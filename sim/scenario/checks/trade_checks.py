"""Trade: offers, embargoes and orders under way are consistent, also with each other."""

from __future__ import annotations

from sim.documents.leaves import value_of
from sim.documents.nodes import Steps
from sim.kernel.dates import SWAP, last_month, months
from sim.kernel.words import meant, number
from sim.scenario.checks.consistency import check_differ
from sim.scenario.checks.inspection import Inspection
from sim.scenario.schema.entities import PACKED, Embargo
from sim.scenario.schema.events import EmbargoChange, SanctionChange
from sim.scenario.schema.root import Model


def check_trade(check: Inspection, model: Model) -> None:
    """Note offers, embargoes and orders under way that contradict themselves or another block."""
    _offers(check, model)
    _backlog(check, model)
    _grants(check, model)
    for name, embargo in model.embargoes.items():
        _apart(check, ("embargoes", name), embargo)
    for name, event in model.events.items():
        if event.embargo is not None:
            _apart(check, ("events", name, "embargo"), event.embargo)
            _closed_offers(check, model, name, event.embargo)
        if event.sanction is not None and check.intact("trade"):
            _sanction(check, model, name, event.sanction)


def _apart(check: Inspection, steps: Steps, embargo: Embargo | EmbargoChange) -> None:
    """Note a party that an embargo names on both sides."""
    for party in sorted({*embargo.supplier} & {*embargo.recipient}):
        check.wrong(
            (*steps, "supplier"), f"supplier and recipient are both {party}: they must differ"
        )
    _clear(check, steps, supplier=embargo.supplier, recipient=embargo.recipient)


def _clear(check: Inspection, steps: Steps, **lists: tuple[str, ...]) -> None:
    """Note a listed name that is both a state's and a bloc's."""
    both = check.names("state") & check.names("bloc")
    for key, parties in lists.items():
        for party in sorted(both & {*parties}):
            message = f"{party} is the name of both a state and a bloc: rename one of them"
            check.wrong((*steps, key), message)


def _offers(check: Inspection, model: Model) -> None:
    for name, offer in model.offers.items():
        to, not_to = offer.to or (), offer.not_to or ()
        _clear(check, ("offers", name), to=to, not_to=not_to)
        for party in sorted({*to} & {*not_to}):
            message = f"{party} is also listed in `to`: remove it from one of the two"
            check.wrong(("offers", name, "not_to"), message)
        if {*to} == {offer.supplier}:
            message = (
                f"names only {offer.supplier}, the supplier itself: name buyers, or remove `to`"
            )
            check.wrong(("offers", name, "to"), message)
        for state in sorted({*(offer.no_say or ())} - {*offer.components}):
            why = (
                "licenses the system and is always asked"
                if state in offer.licensors
                else "makes no components of it"
            )
            message = (
                f"{state} {why}: name states listed under "
                f"components{meant(state, offer.components)}"
            )
            check.wrong(("offers", name, "no_say"), message)
        most = PACKED * value_of(offer.batch) if offer.most is None else value_of(offer.most)
        if value_of(offer.least) > most:
            said = "" if offer.most is not None else f" (the default, {PACKED} batches)"
            message = f"is more than most, {number(most)}{said}: raise `most`, or lower `least`"
            check.wrong(("offers", name, "least"), message)
        if offer.opens and offer.closes and months(offer.closes) < months(offer.opens):
            message = f"closes before it opens: {offer.opens} to {offer.closes}: {SWAP}"
            check.wrong(("offers", name, "closes"), message)


def _closed_offers(check: Inspection, model: Model, name: str, embargo: EmbargoChange) -> None:
    """Note offers of suppliers other than those that declare the embargo."""
    members = {i for b in embargo.supplier if b in model.blocs for i in model.blocs[b].members}
    for offer in embargo.offers or ():
        sold = model.offers.get(offer)
        if sold is not None and sold.supplier not in members | {*embargo.supplier}:
            message = f"{offer} is an offer of {sold.supplier}: name it as the supplier"
            check.wrong(("events", name, "embargo", "offers"), message)


def _sanction(check: Inspection, model: Model, name: str, sanction: SanctionChange) -> None:
    """Note sanctions on oneself, and between states without trade in the scenario."""
    steps, known = ("events", name, "sanction"), check.names("state")
    for state in sorted({*sanction.by} & {*sanction.against}):
        check.wrong(
            (*steps, "against"), f"by and against both name {state}: remove it from one of the two"
        )
    pairs = {(i, j) for i, each in model.trade.items() for j in each.with_}
    for i, j in sorted((i, j) for i in sanction.against for j in sanction.by if i != j):
        if {i, j} <= known and not {(i, j), (j, i)} & pairs:
            message = f"{i} has no trade with {j} to cut: add it to trade.{i}.with (0.01 is 1 %)"
            check.wrong((*steps, "against"), message)


def _grants(check: Inspection, model: Model) -> None:
    for name, grant in model.grants.items():
        check_differ(check, ("grants", name), donor=grant.donor, recipient=grant.recipient)
        if grant.until is not None and last_month(grant.until) < months(grant.from_ or grant.until):
            message = f"ends before it begins: {grant.from_} to {grant.until}: {SWAP}"
            check.wrong(("grants", name, "until"), message)


def _backlog(check: Inspection, model: Model) -> None:
    """Note orders that are not under way at the start, or with more to come than was ordered."""
    for name, order in model.backlog.items():
        steps, offer = ("backlog", name), model.offers.get(order.offer)
        if check.holds(("time",)) and months(order.ordered) >= months(model.time.start):
            message = f"is not before the start, {model.time.start}: use an event `order` instead"
            check.wrong((*steps, "ordered"), message)
        if months(order.due) < months(order.ordered):
            message = (
                f"is delivered before it was ordered: ordered {order.ordered}, due {order.due}: "
                f"{SWAP}"
            )
            check.wrong((*steps, "due"), message)
        if offer is None:
            continue
        check_differ(check, steps, recipient=order.recipient, supplier=offer.supplier)
        if order.left is not None and order.left > offer.instalments:
            message = f"is more than the instalments of {order.offer}, {offer.instalments}"
            check.wrong((*steps, "left"), message)
        value = (
            value_of(order.value)
            if order.value is not None
            else (value_of(offer.price) * value_of(order.units) / value_of(offer.batch))
        )
        if order.paid is not None and value_of(order.paid) > value:
            message = f"exceeds the contract's value, {number(value)}: lower it, or give `value`"
            check.wrong((*steps, "paid"), message)
