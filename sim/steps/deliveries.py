"""Deliveries: the instalments that come in a period, their defects, and what they cost."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    DUST,
    NONE,
    Dyadic,
    Elementwise,
    Index,
    Memberwise,
    Monadic,
    added_at,
    pick,
    put_where,
    scatter,
    true_rows,
)
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import Log, World
from sim.steps.assessment import Assessment
from sim.steps.orders import Deposits

LEAST_HITS = 0.01  # hits below which a growth has no meaning
LEAST_GROWTH = 1e-6  # log growth below which a purchase added nothing


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
class Instalments:
    """What falls due in a period: for each run as many as the run with most has; NONE fills."""

    row: Index  # (most, runs) of the log
    recipient: Index
    supplier: Index
    offer: Index
    system: Index
    gift: Any  # whether it is transferred by an event
    number: Elementwise  # of instalments of the order
    comes: Elementwise  # 0 where there is none or arrears hold it back, else 1
    bad: Any  # whether it has defects

    @property
    def there(self) -> Any:
        """Return whether there is one."""
        return self.row != NONE


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
    layout, log, size = world.layout, world.log, len(world.layout.states)
    due = instalments_due(world, noise, number)
    units, value, listed, credit = (
        pick(each, due.row) for each in (log.units, log.value, log.listed, log.credit)
    )
    part = due.comes / due.number
    units = units * part
    condition = pick(world.condition, due.offer)
    good = due.comes * ~due.bad

    # what is to be paid
    instalment = due.comes * rules.contract.instalment(
        value=value, credit=credit, instalments=due.number
    )
    (met,) = scatter((size,), (due.recipient,), np.where(due.gift, 0.0, instalment))
    dyad = due.recipient, due.supplier
    (claims,) = scatter((size, size), dyad, np.where(due.gift, value * due.comes, instalment))

    # what moves, by recipient and supplier
    tiv, listed_flow, lent = scatter(
        (size, size),
        dyad,
        units * pick(world.worth, due.system) * condition,
        listed * part,
        credit * value * part,
    )
    waived = rules.contract.waived(
        listed=listed,
        value=value,
        credit=credit,
        rate=pick(world.rate, *dyad),
        tenor=pick(world.tenor, *dyad),
        market_rate=rules.finance.market_rate,
    )
    *waived_by_leader, strike_value = scatter(
        (size,),
        (due.recipient,),
        *[(due.supplier == leader) * waived * part for leader in layout.leader],
        pick(layout.is_striker[:, None], due.system) * value * part,
    )
    flows = Flows(
        tiv=tiv,
        listed=listed_flow,
        claims=added_at(claims, (deposits.buyer, deposits.supplier), deposits.amount),
        lent=lent,
        waived=np.stack(waived_by_leader, axis=1) if waived_by_leader else world.rent * 0.0,
        strike_value=strike_value,
    )
    ageing = np.exp(-dt / world.life[layout.class_of])
    worn = world.arsenal * ageing * remaining[:, None]
    world = world.but(
        arsenal=added_at(worn, (due.recipient, due.system), units * condition * good),
        owed=np.maximum(world.owed - met, 0.0),
        reputation=_reputed(world, rules, due, good),
        log=_delivered(log, due, units, number, inplace=inplace),
    )
    return world, flows


def instalments_due(world: World, noise: Noise, number: int) -> Instalments:
    """Return the instalments due in a period; arrears with the supplier hold them back."""
    layout, log = world.layout, world.log
    row = true_rows((log.left > 0) & (log.due <= number))
    there = row != NONE
    recipient, offer = (np.maximum(pick(each, row), 0) for each in (log.recipient, log.offer))
    supplier, system, instalments = (
        pick(each[:, None], offer) for each in (layout.supplier, layout.system, layout.instalments)
    )
    gift = pick(log.forced, row) == TRANSFERRED
    held = (pick(world.arrears, recipient, supplier) > DUST) & ~gift
    # 0 for an order of the market, 1 and on for orders by events: no matter who else buys
    slot = np.maximum(np.maximum(row, 0) % layout.rows - layout.buyers.size + 1, 0)
    recipient_key = pick(layout.state_keys[:, None], recipient)
    offer_key = pick(layout.offer_keys[:, None], offer)
    keys = recipient_key, offer_key, slot.astype(np.uint32)
    draw = noise.draw(uniform("defect", *keys, wanted=there))
    return Instalments(
        row=row,
        recipient=recipient,
        supplier=supplier,
        offer=offer,
        system=system,
        gift=gift,
        number=np.where(gift, 1.0, instalments),
        comes=(there & ~held) * 1.0,
        bad=(draw < pick(world.defect, offer)) & ~gift,
    )


def _reputed(world: World, rules: Rules, due: Instalments, good: Elementwise) -> Monadic:
    """Return reputations after the instalments of the period, partners' included."""
    layout, bad = world.layout, due.comes * due.bad
    goods, bads = scatter((len(layout.states),), (due.supplier,), good, bad)
    for partners in layout.partners.T:
        partner = pick(partners[:, None], due.offer)
        there, index = partner != NONE, (np.maximum(partner, 0),)
        goods, bads = added_at(goods, index, good * there), added_at(bads, index, bad * there)
    return rules.quality.reputation(reputation=world.reputation, good=goods, bad=bads)


def _delivered(
    log: Log, due: Instalments, units: Elementwise, number: int, *, inplace: bool
) -> Log:
    """Return the log after the instalments of the period came or slipped."""
    came = due.comes > 0
    names = ("left", "wait", "start", "first", "last", "delivered", "withdrawn")
    now = {name: pick(getattr(log, name), due.row) for name in names}
    total = due.number.astype(np.int64)
    left = now["left"] - came
    step = now["wait"] * (total - left + 1) / total
    planned = now["start"] + np.rint(step).astype(np.int64)
    new = {
        "left": left,
        "due": np.where(came, np.maximum(planned, number + 1), number + 1),
        "first": np.where(came & (now["first"] == NONE), number, now["first"]),
        "last": np.where(came, number, now["last"]),
        "delivered": now["delivered"] + units,
        "withdrawn": now["withdrawn"] + units * due.bad,
    }
    written = {
        name: put_where(getattr(log, name), due.row, each, due.there, inplace=inplace)
        for name, each in new.items()
    }
    return replace(log, **written)


def last_strike(world: World, before: Assessment, after: Assessment, flows: Flows) -> World:
    """Return the world with the last strike purchase of each state kept for the cost exchange."""
    layout = world.layout
    bought = flows.strike_value > 0
    total = layout.shots_by_dyad.sum(after.hits) + LEAST_HITS
    growth = np.log(total / (layout.shots_by_dyad.sum(before.hits) + LEAST_HITS))
    growth = growth * (growth > LEAST_GROWTH)
    return world.but(
        last_strike_value=np.where(bought, flows.strike_value, world.last_strike_value),
        last_strike_growth=np.where(bought[layout.dyad_from], growth, world.last_strike_growth),
    )
