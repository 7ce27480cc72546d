"""Law 9: orders, instalments, deliveries, defects; and what both sides pay."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.arrays import (
    DUST,
    Dyadic,
    Elementwise,
    Index,
    Memberwise,
    Monadic,
    namespace,
    pick,
    pick2,
    put,
    scatter,
    where_true,
)
from sim.inputs import ASKED, TRANSFERRED, Inputs
from sim.layout import NONE
from sim.noise import Noise
from sim.rules import Rules
from sim.steps.sales import STALLED, STOPPED, Draws, Requests
from sim.steps.terms import Privilege
from sim.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log, World


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
    drawn: Draws,
    terms: Privilege,
    consent: Elementwise,
    agreed: Any,
    objected: Index,
    response: Index,
    dt: float,
) -> tuple[World, Deposits]:
    """Return the world with the period's requests in its log, and the deposits due."""
    layout = world.layout
    xp = namespace(consent)
    offer = xp.maximum(asked.offer, 0)
    free = asked.forced != ASKED
    there = (asked.offer != NONE) & (asked.recipient != NONE)
    blocked = agreed & (response == STOPPED) & ~free
    ordered = there & ((agreed & ~blocked) | free)
    units = _within_stock(world, asked, offer, ordered)
    ordered = ordered & (units > 0)
    stage = xp.where(ordered, ORDERED, xp.where(blocked, BLOCKED, REFUSED))
    buyer, supplier = asked.buyer + 0 * offer, layout.supplier[offer]
    listed = pick(world.price, offer) * units / pick(world.batch, offer)
    value = listed * (1 - pick2(terms.discount, buyer, supplier))
    given = xp.concatenate([xp.zeros((layout.buyers.size, offer.shape[-1])), inputs.value])
    transferred = asked.forced == TRANSFERRED
    value = xp.where(transferred, given, value)
    credit = xp.where(transferred, 0.0, pick2(terms.credit, buyer, supplier))
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
        "consent": consent * there,
        "units": units * ordered,
        "value": value * ordered,
        "listed": listed * ordered,
        "credit": credit * ordered,
        "start": start * ordered,
        "wait": wait * ordered,
        "left": number * ordered,
        "due": first * ordered,
    }
    deposits = rules.contract.deposited(value=value, credit=credit) * ordered * ~transferred
    (taken,) = scatter((len(layout.offers),), (offer,), units * ordered * ~transferred)
    world = world.but(
        stock=world.stock - taken,
        refusal=_refused(world, rules, asked, supplier, there & ~agreed & ~free, dt),
        log=_written(world.log, entry, _row(world, inputs.number)),
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
) -> tuple[World, Flows]:
    """Return the world after the instalments due came, and what moved.

    Arsenals first lose what wars wore down (`remaining` is left) and what age takes.
    """
    layout = world.layout
    log = world.log
    xp = namespace(log.units)
    slot = where_true((log.left > 0) & (log.due <= number), log.left.shape[0])
    there = slot >= 0
    recipient = xp.maximum(pick(log.recipient, slot), 0)
    offer = xp.maximum(pick(log.offer, slot), 0)
    supplier, system = layout.supplier[offer], layout.system[offer]
    gift = pick(log.forced, slot) == TRANSFERRED
    held = (pick2(world.arrears, recipient, supplier) > DUST) & ~gift
    comes = (there & ~held) * 1.0
    number_of = xp.where(gift, 1.0, layout.instalments[offer])
    units = pick(log.units, slot) / number_of * comes
    value, listed = (pick(getattr(log, n), slot) for n in ("value", "listed"))
    credit = pick(log.credit, slot)
    # 0 for an order of the market, 1 and on for orders by events: no matter who else buys
    row = xp.maximum(xp.maximum(slot, 0) % layout.rows - layout.buyers.size + 1, 0)
    row = row.astype(np.uint32)
    keys = layout.state_keys[recipient], layout.offer_keys[offer], row
    (draw,) = noise.chosen(noise.ask("defect", *keys, wanted=there))
    bad = (draw < pick(world.defect, offer)) & ~gift
    claims = rules.contract.instalment(value=value, credit=credit, instalments=number_of) * comes
    claims = xp.where(gift, value * comes, claims)
    condition = pick(world.condition, offer)
    tiv = units * pick(world.worth, system) * condition
    waived = rules.contract.waived(
        listed=listed,
        value=value,
        credit=credit,
        rate=pick2(world.rate, recipient, supplier),
        tenor=pick2(world.tenor, recipient, supplier),
        market_rate=xp.asarray(rules.finance.market_rate),
    )
    part = comes / number_of
    size = (len(layout.states),) * 2
    cells = recipient, supplier
    owing = tuple(
        xp.concatenate([first, second])
        for first, second in zip(cells, (deposits.buyer, deposits.supplier), strict=True)
    )
    tivs, listeds, lent = scatter(size, cells, tiv, listed * part, credit * value * part)
    (claimed,) = scatter(size, owing, xp.concatenate([claims, deposits.amount]))
    leads = [(supplier == leader) * waived * part for leader in layout.leader]
    strikes = xp.isin(system, layout.strikers) * value * part
    *waives, strike_value = scatter(size[:1], (recipient,), *leads, strikes)
    flows = Flows(
        tiv=tivs,
        listed=listeds,
        claims=claimed,
        lent=lent,
        waived=xp.stack(waives, axis=1) if waives else world.rent * 0.0,
        strike_value=strike_value,
    )
    good = comes * ~bad
    (arsenal,) = scatter(
        (*size[:1], len(layout.systems)), (recipient, system), units * condition * good
    )
    arsenal += world.arsenal * (remaining[:, None] * xp.exp(-dt / world.life[layout.class_of]))
    world = world.but(
        arsenal=arsenal,
        reputation=_reputed(world, rules, offer, good, comes * bad),
        log=_delivered(world, slot, comes, units, bad, number),
    )
    return world, flows


def _within_stock(world: World, asked: Requests, offer: Index, ordered: Any) -> Elementwise:
    """Return the units that each row may order, after the rows before it took theirs."""
    xp = namespace(asked.batches)
    wanted = asked.batches * pick(world.batch, offer)
    rows = np.arange(offer.shape[0])
    before = (rows[None] < rows[:, None])[..., None] & (offer[None] == offer[:, None])
    taken = (before * (wanted * ordered)[None]).sum(axis=1)
    left = xp.maximum(pick(world.stock, offer) - taken, 0.0)
    return xp.where(asked.forced == TRANSFERRED, wanted, xp.minimum(wanted, left))


def _wait(world: World, rules: Rules, drawn: Draws, offer: Index, dt: float) -> Elementwise:
    """Return the periods from the order to its last instalment."""
    xp = namespace(drawn.response)
    radius, angle = drawn.wait
    shock = xp.sqrt(-2.0 * xp.log(radius)) * xp.cos(2.0 * xp.pi * angle)
    return rules.contract.wait(lag=pick(world.lag, offer), shock=shock) / dt


def _refused(
    world: World, rules: Rules, asked: Requests, supplier: Index, refused: Any, dt: float
) -> Dyadic:
    """Return the memory of refusals, decayed and renewed."""
    xp = namespace(world.refusal)
    kept = world.refusal * xp.exp(xp.asarray(-dt / rules.consent.memory))
    size = len(world.layout.states)
    (new,) = scatter((size, size), (asked.buyer + 0 * supplier, supplier), refused * 1.0)
    return xp.where(new > 0, 1.0, kept)


def _row(world: World, number: int) -> int:
    return (number - world.layout.calendar.first) * world.layout.rows


def _written(log: Log, entry: dict[str, Any], row: int) -> Log:
    rows = slice(row, row + entry["offer"].shape[0])
    return replace(log, **{name: put(getattr(log, name), rows, new) for name, new in entry.items()})


def _reputed(
    world: World, rules: Rules, offer: Index, good: Elementwise, bad: Elementwise
) -> Elementwise:
    """Return reputations after the instalments of the period, partners' included."""
    layout = world.layout
    size = len(layout.states)
    makers = [
        layout.supplier[offer],
        *(layout.partners[offer][..., n] for n in range(layout.partners.shape[1])),
    ]
    named = [(maker != NONE) * 1.0 for maker in makers]
    cell = (np.maximum(np.concatenate(makers), 0),)
    goods, bads = scatter(
        (size,),
        cell,
        np.concatenate([good * each for each in named]),
        np.concatenate([bad * each for each in named]),
    )
    return rules.quality.reputation(reputation=world.reputation, good=goods, bad=bads)


def _delivered(
    world: World, slot: Index, comes: Elementwise, units: Elementwise, bad: Any, number: int
) -> Log:
    """Return the log after the instalments of the period came or slipped."""
    log, layout = world.log, world.layout
    xp = namespace(comes)
    lane = xp.arange(slot.shape[-1])
    there = slot >= 0
    came = comes > 0
    total = xp.where(
        pick(log.forced, slot) == TRANSFERRED,
        1,
        layout.instalments[xp.maximum(pick(log.offer, slot), 0)],
    )
    left = pick(log.left, slot) - came
    step = pick(log.wait, slot) * (total - left + 1) / total
    planned = pick(log.start, slot) + xp.rint(step).astype(np.int64)
    first = pick(log.first, slot)
    new = {
        "left": left,
        "due": xp.where(came, xp.maximum(planned, number + 1), number + 1),
        "first": xp.where(came & (first == NONE), number, first),
        "last": xp.where(came, number, pick(log.last, slot)),
        "delivered": pick(log.delivered, slot) + units,
        "withdrawn": pick(log.withdrawn, slot) + units * bad,
    }
    where = slot[there], xp.broadcast_to(lane, slot.shape)[there]
    return replace(
        log, **{name: put(getattr(log, name), where, values[there]) for name, values in new.items()}
    )
