"""Order account: the result of a request, and the decisions that led to it."""

from __future__ import annotations

from sim.explain.account import DecisionAccount
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.parties import ORDER


def order_account(book: Casebook, entry: DecisionEntry) -> DecisionAccount:
    """Return the result of a request, and the decisions that led to it."""
    request = entry.request
    because = [
        each.id
        for each in book.entries
        if each.moment.period == entry.moment.period
        and each is not entry
        and each.request == request
    ]
    return DecisionAccount(
        id=entry.id,
        kind=ORDER,
        date=entry.date,
        actor=entry.parties.keys["recipient"],
        who=entry.parties.names["recipient"],
        about=entry.parties.keys,
        choice=entry.choice + _asked(book, entry),
        sentence=entry.choice,
        unit="",
        because=tuple(because),
    )


def _asked(book: Casebook, entry: DecisionEntry) -> str:
    """Return the event that made the request, if the buyer did not."""
    if not book.of_event(entry.row):
        return ""
    keys, base = entry.parties.keys, book.replay.model
    sale = tuple(keys[part] for part in ("supplier", "recipient", "system"))
    names = [
        name
        for name, event in base.events.items()
        if (what := event.request or event.order or event.transfer) is not None
        and (what.supplier, what.recipient, what.system) == sale
    ]
    return f"; requested by the scenario (events.{' or '.join(names)}), not by the buyer"
