"""Orders: requests with consent become orders, and deposits fall due."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    TINY,
    Elementwise,
    Exportwise,
    Index,
    Monadic,
    added_at,
    pick,
    put_rows,
    scatter,
    stacked,
)
from sim.kernel.inputs import ASKED, TRANSFERRED
from sim.kernel.rules import Rules
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log, World
from sim.steps.consents import Consents
from sim.steps.credit_lines import drawn, within
from sim.steps.objections import STALLED, STOPPED, Protests, RequestDraws
from sim.steps.privileges import Privilege, Terms
from sim.steps.requests import Requests, Stops


@dataclass(frozen=True, kw_only=True, eq=False)
class Deposits:
    """The deposits of a period, one row for each request."""

    buyer: Index
    supplier: Index  # its place among the exporters
    amount: Elementwise

    def by_buyer(self, world: World) -> Monadic:
        """Return the payments of each state."""
        if not self.amount.shape[0]:
            return 0.0 * world.gdp
        (paid,) = scatter((len(world.layout.states),), (self.buyer,), self.amount)
        return paid

    def then(self, other: "Deposits") -> "Deposits":
        """Return these deposits with those of a later round."""
        return stacked(self, other)


def no_deposits(world: World) -> Deposits:
    """Return the deposits of a round without orders."""
    nobody = np.zeros((0, world.gdp.shape[-1]), dtype=np.int64)
    return Deposits(buyer=nobody, supplier=nobody, amount=world.gdp[:0])


def order(
    *,
    world: World,
    rules: Rules,
    number: int,
    part: int,
    requests: Requests,
    draws: RequestDraws,
    terms: Privilege,
    consent: Consents,
    protests: Protests,
    dt: float,
    shut: Stops | None = None,
    inplace: bool = False,
) -> tuple[World, Deposits]:
    """Return the world with the requests of a round in its log, and the deposits due.

    With `inplace`, the log may be overwritten. `dt` is the length of the round, `number` that of
    its period; orders are made in the middle of the round. `shut` are requests of events that
    cannot be made, which are only kept in the log.
    """
    layout = world.layout
    offer, agreed = np.maximum(requests.offer, 0), consent.agreed
    response = protests.response
    buyer, supplier = requests.buyer + 0 * offer, pick(layout.offer_column[:, None], offer)

    # the result of each request; events force orders and transfers
    there = (requests.offer != NONE) & (requests.recipient != NONE)
    transferred, free = requests.forced == TRANSFERRED, requests.forced != ASKED
    blocked = agreed & (response == STOPPED) & ~free
    ordered = there & ((agreed & ~blocked) | free)
    units = _within_stock(world, requests, offer, ordered)
    ordered = ordered & (units > 0)
    stage = np.where(ordered, ORDERED, np.where(blocked, BLOCKED, REFUSED))

    # price, credit and deposit
    listed = pick(world.price, offer) * units / pick(world.batch, offer)
    asked = Terms(world, terms, buyer, offer)
    agreed_value = listed * (1 - asked.discount)
    value = np.where(transferred, requests.value, agreed_value)
    lendable = requests.room / np.maximum(value, TINY)  # beyond it an order is paid in cash
    credit = np.minimum(within(world, asked.credit, buyer, offer, value), lendable)
    credit = np.where(transferred, 0.0, credit)
    signed = ordered & ~transferred
    deposits = rules.contract.deposited(value=value, credit=credit) * signed
    later = ((1 - credit) * value) * signed - deposits

    # start, number of instalments and their dates
    length = layout.calendar.dt
    wait = rules.contract.wait(lag=pick(world.lag, offer), shock=draws.wait) / length
    wait = wait * ~transferred
    stalled = ordered & (response == STALLED) & ~free
    middle = np.where(transferred, 0.0, (part + 0.5) / layout.rounds)
    start = number + middle + rules.objection.stall_years / length * stalled
    parts = np.where(transferred, 1, pick(layout.instalments[:, None], offer))
    due = [date_due(start, wait, parts, which + 1) for which in range(layout.most_instalments)]

    entry = {
        "recipient": requests.recipient,
        "offer": np.where(there, requests.offer, NONE),
        "stage": np.where(there, stage, NOTHING),
        "objected": protests.objected * (there & agreed & ~free),
        "stalled": stalled * 1,
        "forced": requests.forced * there,
        "opposed": np.where(blocked, protests.blockers, consent.refusers) * (there & ~free),
        "consent": consent.supplier * there,
        "units": units * ordered,
        "value": value * ordered,
        "listed": listed * ordered,
        "credit": credit * ordered,
        "start": start * ordered,
        "wait": wait * ordered,
        "left": parts * ordered,
        "due": due[0] * ordered,
    }
    if shut is not None and layout.slots:
        entry |= _stopped(entry, shut)
    (taken,) = scatter((len(layout.offers),), (offer,), units * signed)
    lent = credit * value * signed
    world = world.but(
        stock=np.maximum(world.stock - taken, 0.0),
        owed=_owed(world, number, buyer, due, later / parts, parts),
        promised=added_at(world.promised.copy(), (buyer, supplier), lent),
        refusal=_refused(world, rules, requests, supplier, there & ~agreed & ~free, dt),
        log=_written(world, entry, number, part, inplace=inplace),
    )
    if layout.limited.size:
        world = world.but(credit_left=drawn(world, buyer, offer, lent))
    return world, Deposits(buyer=buyer, supplier=supplier, amount=deposits)


def _stopped(entry: dict[str, Any], stops: Stops) -> dict[str, Any]:
    """Return the fields of a round's rows that differ where requests of events are stopped."""
    market = entry["offer"].shape[0] - stops.offer.shape[0]  # rows before those of events
    none = 0 * entry["stage"][:market]
    offer, why, by = (
        np.concatenate([none + blank, each])
        for blank, each in ((NONE, stops.offer), (0, stops.why), (0, stops.by))
    )
    there = offer != NONE
    return {
        "offer": np.where(there, offer, entry["offer"]),
        "stage": np.where(there, REFUSED, entry["stage"]),
        "opposed": np.where(there, by, entry["opposed"]),
        "cause": why,
    }


def date_due(start: Elementwise, wait: Elementwise, parts: Index, which: Any) -> Index:
    """Return the period in which an instalment is due, by date; the first is number 1."""
    return np.floor(start + wait * which / parts).astype(np.int64)


def _owed(
    world: World, number: int, buyer: Index, due: list[Index], each: Elementwise, parts: Index
) -> Elementwise:
    """Return payments due by period after new orders, each instalment in its own period."""
    ahead = world.layout.payment_slots
    owed = world.owed.copy()
    for which, date in enumerate(due):
        slot = np.minimum(np.maximum(date - number, 0), ahead - 1)
        owed = added_at(owed, (buyer, slot), each * (which < parts))
    return owed


def _within_stock(world: World, requests: Requests, offer: Index, ordered: Any) -> Elementwise:
    """Return the units that each row orders, after the earlier rows took theirs.

    For an order by an event additional units are made if the offer has too few left; units of a
    transfer come from an arsenal.
    """
    wanted = requests.units
    rows = np.arange(offer.shape[0])
    before = (rows[None] < rows[:, None])[..., None] & (offer[None] == offer[:, None])
    taken = (before * (wanted * ordered)[None]).sum(axis=1)
    left = np.maximum(pick(world.stock, offer) - taken, 0.0)
    return np.where(requests.forced != ASKED, wanted, np.minimum(wanted, left))


def _refused(
    world: World, rules: Rules, requests: Requests, supplier: Index, refused: Any, dt: float
) -> Exportwise:
    """Return the memory of refusals, decayed and renewed."""
    kept = world.refusal * np.exp(-dt / rules.consent.memory)
    dyad = requests.buyer + 0 * supplier, supplier
    return np.minimum(added_at(kept, dyad, refused * 1.0), 1.0)  # a new one is remembered in full


def _written(world: World, entry: dict[str, Any], number: int, part: int, *, inplace: bool) -> Log:
    """Return the log with the rows of a round written."""
    log, layout = world.log, world.layout
    first = (number - layout.calendar.first) * layout.rows + layout.first_row(part)
    written = {
        name: put_rows(getattr(log, name), first, each, inplace=inplace)
        for name, each in entry.items()
    }
    return replace(log, **written)
