"""Orders: what is asked for and consented to becomes an order, and deposits fall due."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Dyadic,
    Elementwise,
    Index,
    pick,
    put_rows,
    scatter,
)
from sim.kernel.inputs import ASKED, TRANSFERRED, Inputs
from sim.kernel.rules import Rules
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log, World
from sim.steps.consents import Consents
from sim.steps.objections import STALLED, STOPPED, Protests, RequestDraws
from sim.steps.privileges import Privilege, terms_of
from sim.steps.requests import Requests


@dataclass(frozen=True, kw_only=True, eq=False)
class Deposits:
    """What is paid with the orders of a period, one row a request."""

    buyer: Index
    supplier: Index
    amount: Elementwise


def order(
    *,
    world: World,
    rules: Rules,
    inputs: Inputs,
    requests: Requests,
    draws: RequestDraws,
    terms: Privilege,
    consent: Consents,
    protests: Protests,
    dt: float,
    inplace: bool = False,
) -> tuple[World, Deposits]:
    """Return the world with the period's requests in its log, and the deposits due.

    With `inplace`, the log may be overwritten.
    """
    layout = world.layout
    offer, agreed = np.maximum(requests.offer, 0), consent.agreed
    response = protests.response
    buyer, supplier = requests.buyer + 0 * offer, pick(layout.supplier[:, None], offer)

    # what becomes of each request; events force orders and transfers
    there = (requests.offer != NONE) & (requests.recipient != NONE)
    transferred, free = requests.forced == TRANSFERRED, requests.forced != ASKED
    blocked = agreed & (response == STOPPED) & ~free
    ordered = there & ((agreed & ~blocked) | free)
    units = _within_stock(world, requests, offer, ordered)
    ordered = ordered & (units > 0)
    stage = np.where(ordered, ORDERED, np.where(blocked, BLOCKED, REFUSED))

    # price, credit and deposit
    listed = pick(world.price, offer) * units / pick(world.batch, offer)
    asked = terms_of(world, terms, buyer, offer)
    agreed_value = listed * (1 - asked.discount)
    given = np.concatenate([np.zeros((layout.buyers.size, offer.shape[-1])), inputs.value])
    value = np.where(transferred, given, agreed_value)
    credit = np.where(transferred, 0.0, asked.credit)
    signed = ordered & ~transferred
    deposits = rules.contract.deposited(value=value, credit=credit) * signed
    later = ((1 - credit) * value) * signed - deposits

    # start, number of instalments and the date of the first
    wait = rules.contract.wait(lag=pick(world.lag, offer), shock=draws.wait) / dt
    stalled = ordered & (response == STALLED) & ~free
    delay = np.rint(rules.objection.stall_years / dt) * stalled
    number = np.where(transferred, 1, pick(layout.instalments[:, None], offer))
    start = (inputs.number + delay).astype(np.int64)
    first = start + np.where(transferred, 0, np.maximum(1, np.rint(wait / number))).astype(np.int64)

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
        "left": number * ordered,
        "due": first * ordered,
    }
    (bound,) = scatter((len(layout.states),), (buyer,), later)
    (taken,) = scatter((len(layout.offers),), (offer,), units * signed)
    world = world.but(
        stock=np.maximum(world.stock - taken, 0.0),
        owed=world.owed + bound,
        refusal=_refused(world, rules, requests, supplier, there & ~agreed & ~free, dt),
        log=_written(world, entry, inputs.number, inplace=inplace),
    )
    return world, Deposits(buyer=buyer, supplier=supplier, amount=deposits)


def _within_stock(world: World, requests: Requests, offer: Index, ordered: Any) -> Elementwise:
    """Return the units that each row orders, after the rows before it took theirs.

    What an event orders is made for it where the offer has too little left; what it transfers comes
    from an arsenal.
    """
    wanted = requests.batches * pick(world.batch, offer)
    rows = np.arange(offer.shape[0])
    before = (rows[None] < rows[:, None])[..., None] & (offer[None] == offer[:, None])
    taken = (before * (wanted * ordered)[None]).sum(axis=1)
    left = np.maximum(pick(world.stock, offer) - taken, 0.0)
    return np.where(requests.forced != ASKED, wanted, np.minimum(wanted, left))


def _refused(
    world: World, rules: Rules, requests: Requests, supplier: Index, refused: Any, dt: float
) -> Dyadic:
    """Return the memory of refusals, decayed and renewed."""
    kept = world.refusal * np.exp(-dt / rules.consent.memory)
    size = len(world.layout.states)
    (new,) = scatter((size, size), (requests.buyer + 0 * supplier, supplier), refused * 1.0)
    return np.maximum(kept, np.minimum(new, 1.0))


def _written(world: World, entry: dict[str, Any], number: int, *, inplace: bool) -> Log:
    """Return the log with the rows of a period written."""
    log, layout = world.log, world.layout
    first = (number - layout.calendar.first) * layout.rows
    written = {
        name: put_rows(getattr(log, name), first, each, inplace=inplace)
        for name, each in entry.items()
    }
    return replace(log, **written)
