"""Orders: instalments, deliveries, defects; and what both sides pay."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    DUST,
    NONE,
    Dyadic,
    Elementwise,
    Holdings,
    Index,
    Memberwise,
    Monadic,
    added_at,
    cells_true,
    cut,
    in_runs,
    namespace,
    pick,
    put,
    scatter,
)
from sim.kernel.inputs import ASKED, TRANSFERRED, Inputs
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.sparse import Places, listed
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log, World
from sim.steps.consents import Consents
from sim.steps.objections import STALLED, STOPPED, RequestDraws
from sim.steps.privileges import Privilege
from sim.steps.requests import Requests


@dataclass(frozen=True, kw_only=True, eq=False)
class Flows:
    """What moved in a period: entry [i, s] came to i from s."""

    tiv: Dyadic
    listed: Dyadic  # value at the listed price, million USD
    claims: Dyadic  # payments due by i to s
    lent: Dyadic  # new credit
    waived: Memberwise  # [i, b]: worth of preferential terms that b's leader granted i
    strike_value: Monadic  # value of strike systems received


def no_flows(world: World) -> Flows:
    """Return flows in which nothing moved."""
    nothing = world.affinity * 0.0
    return Flows(
        tiv=nothing,
        listed=nothing,
        claims=nothing,
        lent=nothing,
        waived=world.member * 0.0,
        strike_value=nothing[0],
    )


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
    asked: Requests,
    drawn: RequestDraws,
    terms: Privilege,
    consent: Consents,
    objected: Index,
    response: Index,
    dt: float,
    inplace: bool = False,
) -> tuple[World, Deposits]:
    """Return the world with the period's requests in its log, and the deposits due.

    With `inplace`, the log may be overwritten.
    """
    layout = world.layout
    xp = namespace(consent.supplier)
    offer, agreed = xp.maximum(asked.offer, 0), consent.agreed
    free = asked.forced != ASKED
    there = (asked.offer != NONE) & (asked.recipient != NONE)
    blocked = agreed & (response == STOPPED) & ~free
    ordered = there & ((agreed & ~blocked) | free)
    units = _within_stock(world, asked, offer, ordered)
    ordered = ordered & (units > 0)
    stage = xp.where(ordered, ORDERED, xp.where(blocked, BLOCKED, REFUSED))
    buyer, supplier = asked.buyer + 0 * offer, layout.supplier[offer]
    listed = pick(world.price, offer) * units / pick(world.batch, offer)
    value = listed * (1 - pick(terms.discount, buyer, supplier))
    given = xp.concatenate([xp.zeros((layout.buyers.size, offer.shape[-1])), inputs.value])
    transferred = asked.forced == TRANSFERRED
    value = xp.where(transferred, given, value)
    credit = xp.where(transferred, 0.0, pick(terms.credit, buyer, supplier))
    wait = _wait(world, rules, drawn, offer, dt)
    stalled = ordered & (response == STALLED) & ~free
    delay = xp.rint(xp.asarray(rules.objection.stall_years / dt)) * stalled
    number = xp.where(transferred, 1, layout.instalments[offer])
    start = (inputs.number + delay).astype(np.int64)
    first = start + xp.where(transferred, 0, xp.maximum(1, xp.rint(wait / number))).astype(np.int64)
    entry = {
        "recipient": asked.recipient,
        "offer": xp.where(there, asked.offer, NONE),
        "stage": xp.where(there, stage, NOTHING),
        "objected": objected * (there & agreed & ~free),
        "stalled": stalled * 1,
        "forced": asked.forced * there,
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
    signed = ordered & ~transferred
    deposits = rules.contract.deposited(value=value, credit=credit) * signed
    later = ((1 - credit) * value) * signed - deposits
    (bound,) = scatter((len(layout.states),), (buyer,), later)
    (taken,) = scatter((len(layout.offers),), (offer,), units * ordered * ~transferred)
    world = world.but(
        stock=world.stock - taken,
        owed=world.owed + bound,
        refusal=_refused(world, rules, asked, supplier, there & ~agreed & ~free, dt),
        log=_written(world.log, entry, _row(world, inputs.number), inplace=inplace),
    )
    return world, Deposits(buyer=buyer, supplier=supplier, amount=deposits)


def deliver(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    number: int,
    deposits: Deposits,
    remaining: Monadic,
    dt: float,
    inplace: bool = False,
) -> tuple[World, Flows]:
    """Return the world after the instalments due came, and what moved.

    With `inplace`, the log may be overwritten. Attrition (`remaining` is left) and ageing come
    first.
    """
    layout, log = world.layout, world.log
    xp = namespace(log.units)
    runs, size = log.units.shape[-1], len(layout.states)
    slot, column = cells_true((log.left > 0) & (log.due <= number), log.left.shape[0])
    contract = in_runs(rules.contract, column)
    due = Places(slot, column)
    recipient, offer = (xp.maximum(due.of(each), 0) for each in (log.recipient, log.offer))
    supplier, system = layout.supplier[offer], layout.system[offer]
    goods, dyad = Places(offer, column), Places(recipient * size + supplier, column)
    gift = due.of(log.forced) == TRANSFERRED
    held = (dyad.of(world.arrears) > DUST) & ~gift
    comes = ((slot >= 0) & ~held) * 1.0
    number_of = xp.where(gift, 1.0, layout.instalments[offer])
    part = comes / number_of
    units, value, listed, credit = (
        due.of(each) for each in (log.units, log.value, log.listed, log.credit)
    )
    units = units * part
    bad = (_defect(world, noise, slot, column, recipient, offer) < goods.of(world.defect)) & ~gift
    claims = contract.instalment(value=value, credit=credit, instalments=number_of) * comes
    (met,) = scatter((size,), (recipient,), xp.where(gift, 0.0, claims), column=column, runs=runs)
    claims = xp.where(gift, value * comes, claims)
    condition = goods.of(world.condition)
    waived = contract.waived(
        listed=listed,
        value=value,
        credit=credit,
        rate=dyad.of(world.rate),
        tenor=dyad.of(world.tenor),
        market_rate=cut(xp.asarray(rules.finance.market_rate), column),
    )
    cells = recipient, supplier
    tivs, listeds, lent = scatter(
        (size, size),
        cells,
        units * Places(system, column).of(world.worth) * condition,
        listed * part,
        credit * value * part,
        column=column,
        runs=runs,
    )
    leads = [(supplier == leader) * waived * part for leader in layout.leader]
    strikes = layout.is_striker[system] * value * part
    *waives, strike_value = scatter(
        (size,), (recipient,), *leads, strikes, column=column, runs=runs
    )
    flows = Flows(
        tiv=tivs,
        listed=listeds,
        claims=_claimed(size, cells, column, claims, deposits),
        lent=lent,
        waived=xp.stack(waives, axis=1) if waives else world.rent * 0.0,
        strike_value=strike_value,
    )
    good = comes * ~bad
    arsenal = added_at(
        _worn(world, remaining, dt), (recipient, system), column, units * condition * good
    )
    world = world.but(
        arsenal=arsenal,
        owed=xp.maximum(world.owed - met, 0.0),
        reputation=_reputed(world, rules, offer, column, good, comes * bad),
        log=_delivered(world, due, comes, units, bad, number, inplace=inplace),
    )
    return world, flows


def _defect(
    world: World, noise: Noise, slot: Index, column: Index, recipient: Index, offer: Index
) -> Elementwise:
    """Return the draws on which it depends whether instalments have defects."""
    layout = world.layout
    # 0 for an order of the market, 1 and on for orders by events: no matter who else buys
    row = np.maximum(np.maximum(slot, 0) % layout.rows - layout.buyers.size + 1, 0)
    keys = layout.state_keys[recipient], layout.offer_keys[offer], row.astype(np.uint32)
    return noise.of(column).draw(uniform("defect", *keys))


def _claimed(
    size: int, cells: tuple[Index, Index], column: Index, claims: Elementwise, deposits: Deposits
) -> Dyadic:
    """Return what is to be paid for instalments and then for orders."""
    xp = namespace(claims)
    shape = deposits.amount.shape
    owing = [
        xp.concatenate([first, second.ravel()])
        for first, second in zip(cells, (deposits.buyer, deposits.supplier), strict=True)
    ]
    columns = xp.concatenate([column, xp.broadcast_to(xp.arange(shape[-1]), shape).ravel()])
    amount = xp.concatenate([claims, deposits.amount.ravel()])
    (claimed,) = scatter((size, size), tuple(owing), amount, column=columns, runs=shape[-1])
    return claimed


def _worn(world: World, remaining: Monadic, dt: float) -> Holdings:
    """Return the arsenals after what age takes, and wars where there were any."""
    xp = namespace(world.arsenal)
    aged = world.arsenal * xp.exp(-dt / world.life[world.layout.class_of])
    worn = listed(remaining < 1)
    cells = worn.row, slice(None), worn.column
    left = Places(worn.row, worn.column).of(remaining)[:, None]
    return put(aged, cells, aged[cells] * left, inplace=True)


def _within_stock(world: World, asked: Requests, offer: Index, ordered: Any) -> Elementwise:
    """Return the units that each row may order, after the rows before it took theirs."""
    xp = namespace(asked.batches)
    wanted = asked.batches * pick(world.batch, offer)
    rows = np.arange(offer.shape[0])
    before = (rows[None] < rows[:, None])[..., None] & (offer[None] == offer[:, None])
    taken = (before * (wanted * ordered)[None]).sum(axis=1)
    left = xp.maximum(pick(world.stock, offer) - taken, 0.0)
    return xp.where(asked.forced == TRANSFERRED, wanted, xp.minimum(wanted, left))


def _wait(world: World, rules: Rules, drawn: RequestDraws, offer: Index, dt: float) -> Elementwise:
    """Return the periods from the order to its last instalment."""
    return rules.contract.wait(lag=pick(world.lag, offer), shock=drawn.wait) / dt


def _refused(
    world: World, rules: Rules, asked: Requests, supplier: Index, refused: Any, dt: float
) -> Dyadic:
    """Return the memory of refusals, decayed and renewed."""
    xp = namespace(world.refusal)
    kept = world.refusal * xp.exp(xp.asarray(-dt / rules.consent.memory))
    size = len(world.layout.states)
    (new,) = scatter((size, size), (asked.buyer + 0 * supplier, supplier), refused * 1.0)
    return xp.maximum(kept, xp.minimum(new, 1.0))


def _row(world: World, number: int) -> int:
    return (number - world.layout.calendar.first) * world.layout.rows


def _written(log: Log, entry: dict[str, Any], row: int, *, inplace: bool) -> Log:
    rows = slice(row, row + entry["offer"].shape[0])
    new = {
        name: put(getattr(log, name), rows, each, inplace=inplace) for name, each in entry.items()
    }
    return replace(log, **new)


def _reputed(
    world: World,
    rules: Rules,
    offer: Index,
    column: Index,
    good: Elementwise,
    bad: Elementwise,
) -> Elementwise:
    """Return reputations after the instalments of the period, partners' included."""
    layout = world.layout
    xp = namespace(good)
    makers = xp.concatenate([layout.supplier[offer], *layout.partners[offer].T])
    named = (makers != NONE) * 1.0
    times = 1 + layout.partners.shape[1]
    goods, bads = scatter(
        (len(layout.states),),
        (xp.maximum(makers, 0),),
        xp.concatenate([good] * times) * named,
        xp.concatenate([bad] * times) * named,
        column=xp.concatenate([column] * times),
        runs=world.reputation.shape[-1],
    )
    return rules.quality.reputation(reputation=world.reputation, good=goods, bad=bads)


def _delivered(
    world: World,
    at: Places,
    comes: Elementwise,
    units: Elementwise,
    bad: Any,
    number: int,
    *,
    inplace: bool,
) -> Log:
    """Return the log after the instalments of the period came or slipped."""
    log, layout = world.log, world.layout
    xp = namespace(comes)
    there, came = at.index >= 0, comes > 0
    names = ("forced", "offer", "left", "wait", "start", "first", "last", "delivered", "withdrawn")
    now = {name: at.of(getattr(log, name)) for name in names}
    total = xp.where(
        now["forced"] == TRANSFERRED, 1, layout.instalments[xp.maximum(now["offer"], 0)]
    )
    left = now["left"] - came
    step = now["wait"] * (total - left + 1) / total
    planned = now["start"] + xp.rint(step).astype(np.int64)
    new = {
        "left": left,
        "due": xp.where(came, xp.maximum(planned, number + 1), number + 1),
        "first": xp.where(came & (now["first"] == NONE), number, now["first"]),
        "last": xp.where(came, number, now["last"]),
        "delivered": now["delivered"] + units,
        "withdrawn": now["withdrawn"] + units * bad,
    }
    cells = at.index[there], at.column[there]
    return replace(
        log,
        **{n: put(getattr(log, n), cells, each[there], inplace=inplace) for n, each in new.items()},
    )
