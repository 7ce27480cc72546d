"""Order account: how a request ended, and the decisions that made it so."""

from __future__ import annotations

from sim.explain.account import DecisionAccount
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.parties import ORDER


def order_account(book: Casebook, entry: DecisionEntry) -> DecisionAccount:
    """Return how a request ended, and the decisions that made it so."""
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
    """Return which event made the request, where the buyer did not."""
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
    return f"; not asked for by the buyer but by the scenario (events.{' or '.join(names)})"
