"""Deliveries: the instalments that come in a period, their defects, and what they cost."""

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
    put,
    scatter,
)
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.sparse import Places, listed
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
    """What falls due in a period: one entry an order and run."""

    order: Places  # row of the log
    recipient: Index
    supplier: Index
    offer: Index
    system: Index
    gift: Any  # whether it is transferred by an event
    number: Elementwise  # of instalments of the order
    comes: Elementwise  # 0 where arrears hold it back, else 1
    bad: Any  # whether it has defects

    @property
    def column(self) -> Index:
        """Return the position of the run of each entry."""
        return self.order.column


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
    runs, column = log.units.shape[-1], due.column
    units, value, listed_value, credit = (
        due.order.of(each) for each in (log.units, log.value, log.listed, log.credit)
    )
    part = due.comes / due.number
    units = units * part
    condition = Places(due.offer, column).of(world.condition)
    good = due.comes * ~due.bad

    # what is to be paid
    contract = in_runs(rules.contract, column)
    instalment = contract.instalment(value=value, credit=credit, instalments=due.number) * due.comes
    (met,) = scatter(
        (size,), (due.recipient,), np.where(due.gift, 0.0, instalment), column=column, runs=runs
    )
    claims = np.where(due.gift, value * due.comes, instalment)

    # what moves, by recipient and supplier
    tiv, listed_flow, lent = scatter(
        (size, size),
        (due.recipient, due.supplier),
        units * Places(due.system, column).of(world.worth) * condition,
        listed_value * part,
        credit * value * part,
        column=column,
        runs=runs,
    )
    dyad = Places(due.recipient * size + due.supplier, column)
    waived = contract.waived(
        listed=listed_value,
        value=value,
        credit=credit,
        rate=dyad.of(world.rate),
        tenor=dyad.of(world.tenor),
        market_rate=cut(rules.finance.market_rate, column),
    )
    *waived_by_leader, strike_value = scatter(
        (size,),
        (due.recipient,),
        *[(due.supplier == leader) * waived * part for leader in layout.leader],
        layout.is_striker[due.system] * value * part,
        column=column,
        runs=runs,
    )
    flows = Flows(
        tiv=tiv,
        listed=listed_flow,
        claims=_claimed(size, due, claims, deposits),
        lent=lent,
        waived=np.stack(waived_by_leader, axis=1) if waived_by_leader else world.rent * 0.0,
        strike_value=strike_value,
    )
    arsenal = added_at(
        _worn(world, remaining, dt), (due.recipient, due.system), column, units * condition * good
    )
    world = world.but(
        arsenal=arsenal,
        owed=np.maximum(world.owed - met, 0.0),
        reputation=_reputed(world, rules, due, good),
        log=_delivered(log, due, units, number, inplace=inplace),
    )
    return world, flows


def instalments_due(world: World, noise: Noise, number: int) -> Instalments:
    """Return the instalments due in a period; arrears with the supplier hold them back."""
    layout, log = world.layout, world.log
    row, column = cells_true((log.left > 0) & (log.due <= number), log.left.shape[0])
    order = Places(row, column)
    recipient, offer = (np.maximum(order.of(each), 0) for each in (log.recipient, log.offer))
    supplier = layout.supplier[offer]
    gift = order.of(log.forced) == TRANSFERRED
    arrears = Places(recipient * len(layout.states) + supplier, column).of(world.arrears)
    # 0 for an order of the market, 1 and on for orders by events: no matter who else buys
    slot = np.maximum(np.maximum(row, 0) % layout.rows - layout.buyers.size + 1, 0)
    keys = layout.state_keys[recipient], layout.offer_keys[offer], slot.astype(np.uint32)
    draw = noise.of(column).draw(uniform("defect", *keys))
    return Instalments(
        order=order,
        recipient=recipient,
        supplier=supplier,
        offer=offer,
        system=layout.system[offer],
        gift=gift,
        number=np.where(gift, 1.0, layout.instalments[offer]),
        comes=((row >= 0) & ~((arrears > DUST) & ~gift)) * 1.0,
        bad=(draw < Places(offer, column).of(world.defect)) & ~gift,
    )


def _claimed(size: int, due: Instalments, claims: Elementwise, deposits: Deposits) -> Dyadic:
    """Return what is to be paid for instalments and then for orders."""
    shape = deposits.amount.shape
    cells = (due.recipient, deposits.buyer), (due.supplier, deposits.supplier)
    columns = np.concatenate([due.column, np.broadcast_to(np.arange(shape[-1]), shape).ravel()])
    (claimed,) = scatter(
        (size, size),
        tuple(np.concatenate([first, second.ravel()]) for first, second in cells),
        np.concatenate([claims, deposits.amount.ravel()]),
        column=columns,
        runs=shape[-1],
    )
    return claimed


def _worn(world: World, remaining: Monadic, dt: float) -> Holdings:
    """Return the arsenals after what age takes, and wars where there were any."""
    aged = world.arsenal * np.exp(-dt / world.life[world.layout.class_of])
    worn = listed(remaining < 1)
    cells = worn.row, slice(None), worn.column
    left = Places(worn.row, worn.column).of(remaining)[:, None]
    return put(aged, cells, aged[cells] * left, inplace=True)


def _reputed(world: World, rules: Rules, due: Instalments, good: Elementwise) -> Monadic:
    """Return reputations after the instalments of the period, partners' included."""
    layout = world.layout
    makers = np.concatenate([layout.supplier[due.offer], *layout.partners[due.offer].T])
    named = (makers != NONE) * 1.0
    times = 1 + layout.partners.shape[1]
    goods, bads = scatter(
        (len(layout.states),),
        (np.maximum(makers, 0),),
        np.concatenate([good] * times) * named,
        np.concatenate([due.comes * due.bad] * times) * named,
        column=np.concatenate([due.column] * times),
        runs=world.reputation.shape[-1],
    )
    return rules.quality.reputation(reputation=world.reputation, good=goods, bad=bads)


def _delivered(
    log: Log, due: Instalments, units: Elementwise, number: int, *, inplace: bool
) -> Log:
    """Return the log after the instalments of the period came or slipped."""
    there, came = due.order.index >= 0, due.comes > 0
    names = ("left", "wait", "start", "first", "last", "delivered", "withdrawn")
    now = {name: due.order.of(getattr(log, name)) for name in names}
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
    cells = due.order.index[there], due.order.column[there]
    written = {
        name: put(getattr(log, name), cells, each[there], inplace=inplace)
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
