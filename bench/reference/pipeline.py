"""Pipeline: orders under way that events hold up, cancel or divert."""

from __future__ import annotations

from bench.reference.agents import Theatre
from bench.reference.orders import Entry, held_up

CANCELLED, DIVERTED = 1, 2
BY_EVENT = 1
Sale = tuple[str, str]  # offer and recipient


class EndedSales:
    """Effects of events on sales: the period before which orders were ended, and their heirs."""

    def __init__(self, sales: list[Sale], held: list[Sale], states: list[str]) -> None:
        """Begin without effects."""
        self.sales, self.held, self.states = sales, held, states
        self.ended: dict[Sale, float] = dict.fromkeys(sales, -1.0)
        self.heir: dict[Sale, str | None] = dict.fromkeys(sales)
        self.suspended: set[Sale] = set()

    def change(self, field: str, row: int, value: float) -> None:
        """Keep the effect of an event on one of the sales."""
        if field == "suspended":
            change = self.suspended.add if value > 0 else self.suspended.discard
            change(self.held[row])
        elif field == "ended":
            self.ended[self.sales[row]] = value
        else:
            self.heir[self.sales[row]] = self.states[int(value)] if value >= 0 else None


def interrupt(model: Theatre, log: list[Entry]) -> None:
    """Let events hold up, cancel and divert orders under way."""
    ended, compensations, cancelled = model.ended_sales, [], []
    for entry in log:
        if entry.left == 0:
            continue
        if held_up(model, entry) and entry.suspended is None:
            entry.suspended = model.number
        sale = entry.offer.name, entry.holder
        if entry.period < ended.ended.get(sale, -1.0):
            heir = ended.heir[sale]
            if heir is None:
                cancelled.append(entry)
            elif entry.heir is None:
                compensations.append((heir, entry.holder, prepaid(model, entry)))
                divert(model, entry, heir, BY_EVENT)
    compensate(model, compensations)
    for entry in cancelled:
        cancel(model, entry, BY_EVENT)


def coming(model: Theatre, log: list[Entry]) -> dict[str, dict[str, float]]:
    """Return the units that each state has under way and that are not held up."""
    found: dict[str, dict[str, float]] = {name: {} for name in model.states}
    for entry in log:
        if entry.left > 0 and not held_up(model, entry):
            part = (entry.left - entry.begun) / entry.instalments
            units = entry.units * entry.offer.condition * part
            mine, system = found[entry.holder], entry.offer.system
            mine[system] = mine.get(system, 0.0) + units
    return found


def prepaid(model: Theatre, entry: Entry) -> float:
    """Return the advance payment for units that are not yet delivered."""
    part = (entry.left - entry.begun) / entry.instalments
    return model.law.contract.deposit * (1 - entry.credit) * entry.value * part


def cancel(model: Theatre, entry: Entry, cause: int) -> None:
    """Give units back to the stock; advance payments are lost."""
    entry.offer.stock += entry.units * (entry.left - entry.begun) / entry.instalments
    entry.left, entry.fate, entry.cause, entry.ended = 0, CANCELLED, cause, model.number


def divert(model: Theatre, entry: Entry, heir: str, cause: int) -> None:
    """Pass an order on to another state."""
    entry.fate, entry.cause, entry.ended = DIVERTED, cause, model.number
    entry.heir, entry.kept, entry.kept_withdrawn = heir, entry.delivered, entry.withdrawn


def compensate(model: Theatre, compensations: list[tuple[str, str, float]]) -> None:
    """Let heirs repay advance payments as far as their funds go, and owe the rest."""
    funds = {heir: model.states[heir].fund for heir, *_ in compensations}
    totals = dict.fromkeys(funds, 0.0)
    for heir, _, amount in compensations:
        totals[heir] += amount
    for heir, holder, amount in compensations:
        if amount > 0:
            share = min(1.0, funds[heir] / totals[heir])
            model.states[heir].fund -= share * amount
            model.states[holder].fund += share * amount
            model.states[heir].debt[holder] += (1 - share) * amount
