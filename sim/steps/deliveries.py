"""Deliveries: the instalments of a period, their defects, and their payment."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    DUST,
    NONE,
    TINY,
    Dyadic,
    Elementwise,
    Exportwise,
    Memberwise,
    Monadic,
    added_at,
    pick,
    put,
    put_where,
    scatter,
)
from sim.kernel.exports import whole_table
from sim.kernel.noise import Noise
from sim.kernel.parameters import switched_off
from sim.kernel.rules import Rules
from sim.kernel.world import ORDERED, REFUSED, Log, World
from sim.steps.assessment import Assessment
from sim.steps.instalments import Instalments, instalments_due, paid_for
from sim.steps.orders import Deposits, date_due
from sim.steps.privileges import own

LEAST_HITS = 0.01  # hits below which growth is not computed
LEAST_GROWTH = 1e-6  # log growth below which a purchase counts as no increase


@dataclass(frozen=True, kw_only=True, eq=False)
class Flows:
    """Deliveries of a period to each state from each exporter."""

    tiv: Exportwise
    listed: Exportwise  # value at the listed price, million USD
    claims: Exportwise  # payments due
    lent: Exportwise  # new credit
    waived: Memberwise  # [i, b]: worth of preferential terms that b's leader granted i
    strike_value: Monadic  # value of strike systems received


def no_flows(world: World) -> Flows:
    """Return flows without deliveries."""
    nothing = world.imported_tiv * 0.0
    return Flows(
        tiv=nothing,
        listed=nothing,
        claims=nothing,
        lent=nothing,
        waived=world.member * 0.0,
        strike_value=world.last_strike_value * 0.0,
    )


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
    """Return the world after the deliveries of a period, and the flows.

    With `inplace`, the log may be overwritten. Attrition (`remaining` is left) and ageing come
    first.
    """
    layout, log, size = world.layout, world.log, len(world.layout.states)
    ageing = np.exp(-dt / world.life[layout.class_of])
    arsenal = world.arsenal * ageing * remaining[:, None]
    due = instalments_due(world, rules, noise, number, dt)
    due = replace(due, comes=paid_for(world, rules, due, deposits))
    arsenal, share = handed_over(world, due, arsenal)
    units, value, listed, credit = (
        pick(each, due.row) for each in (log.units, log.value, log.listed, log.credit)
    )
    part = due.comes / due.number * share
    value = value * share
    units = units * part
    condition = pick(world.condition, due.offer)
    good = ~due.bad * (share > 0)

    # payments
    instalment = due.comes * rules.contract.instalment(
        value=value, credit=credit, instalments=due.number * 1.0
    )
    (met,) = scatter((size,), (due.recipient,), np.where(due.gift, 0.0, instalment))
    exports = size, layout.exporters.size
    trade = due.recipient, pick(layout.offer_column[:, None], due.offer)
    (claims,) = scatter(exports, trade, np.where(due.gift, value * due.comes, instalment))

    # flows, by recipient and supplier
    tiv, listed_flow, lent = scatter(
        exports,
        trade,
        units * pick(world.worth, due.system) * condition,
        listed * part,
        credit * value * part,
    )
    dyad = due.recipient, due.supplier
    rate = own(world, "rate", due.offer, pick(world.rate, *dyad))
    tenor = own(world, "tenor", due.offer, pick(world.tenor, *dyad))
    waived = rules.contract.waived(
        listed=listed,
        value=value,
        credit=credit,
        rate=rate,
        tenor=tenor,
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
    mended = pick(log.mended, due.row)
    back = rules.quality.back(withdrawn=pick(log.withdrawn, due.row))
    back = (back - pick(log.repaired, due.row)) * (mended == number)
    moved = units * good + back
    if layout.passes_on:
        # earlier deliveries of a diverted order count for the first buyer
        kept = rules.quality.back(withdrawn=pick(log.kept_withdrawn, due.row))
        first = np.minimum(np.maximum(kept - pick(log.repaired, due.row), 0.0), back)
        owner = np.maximum(pick(log.recipient, due.row), 0)
        arsenal = added_at(arsenal, (owner, due.system), first * condition)
        moved = moved - first
    world = world.but(
        arsenal=added_at(arsenal, (due.recipient, due.system), moved * condition),
        owed=still_owed(world.owed, met),
        refusal=_slighted(world, rules, due, trade),
        promised=np.maximum(world.promised - lent, 0.0),
        reputation=_reputed(world, rules, due, share > 0),
        log=_repaired(
            _delivered(world, due, units, share, number, inplace=inplace),
            due,
            back,
            out=(due.comes > 0) & due.bad & (rules.quality.repaired > 0),
            wait=np.maximum(np.rint(rules.quality.repair_years / dt), 1.0),
            number=number,
            inplace=inplace,
        ),
        **_blended(world, due, credit * value * part, rate, tenor, lent),
    )
    return world, flows


def _blended(
    world: World,
    due: Instalments,
    amount: Elementwise,
    rate: Elementwise,
    tenor: Elementwise,
    lent: Exportwise,
) -> dict[str, Dyadic]:
    """Return interest and tenor of debts to which credits on an offer's own terms are added.

    Interest and repayment of the first year are those of the parts.
    """
    if not {"rate", "tenor"} & {*world.layout.own_terms}:
        return {}
    parts, lent = (rate * amount, amount / tenor), whole_table(world.layout, lent)
    interest, repaid = scatter(lent.shape[:-1], (due.recipient, due.supplier), *parts)
    whole = np.maximum(world.debt + lent, TINY)
    mean = (world.rate * world.debt + interest) / whole
    years = whole / np.maximum(world.debt / world.tenor + repaid, TINY)
    new = lent > DUST
    return {"rate": np.where(new, mean, world.rate), "tenor": np.where(new, years, world.tenor)}


def _slighted(world: World, rules: Rules, due: Instalments, trade: Any) -> Exportwise:
    """Return memories of refusals after late deliveries by suppliers at war."""
    layout = world.layout
    if {"late", "slight"} & switched_off(rules.contract):
        return world.refusal
    size = len(layout.states), layout.exporters.size
    (waiting,) = scatter(size, trade, due.waits * 1.0)
    delay = rules.contract.delay(at_war=world.strain[layout.exporters])
    return np.maximum(world.refusal, rules.contract.slighted(delay=delay) * (waiting > 0))


def handed_over(
    world: World, due: Instalments, arsenal: Elementwise
) -> tuple[Elementwise, Elementwise]:
    """Return the arsenals without transferred units, and the share of them that existed.

    If a giver has too little for all transfers by events, each gets the same share.
    """
    giver, system = world.layout.gift_index.T
    if not giver.size:
        return arsenal, np.ones((1, 1))
    gift = due.comes * due.gift * pick(world.condition, due.offer)
    place = pick(world.layout.gift_place[..., None], due.supplier, due.system)
    (wanted,) = scatter((giver.size + 1,), (place,), gift * pick(world.log.units, due.row))
    held = arsenal[giver, system]
    share = np.minimum(1.0, held / np.maximum(wanted[:-1], TINY))
    left = np.maximum(held - share * wanted[:-1], 0.0)
    of_row = pick(share, np.minimum(place, giver.size - 1))
    return put(arsenal, (giver, system), left), np.where(due.gift, of_row, 1.0)


def still_owed(owed: Elementwise, met: Monadic) -> Elementwise:
    """Return payments due by period, from the next one on: those held back fall due in it."""
    following = owed[:, 1] + np.maximum(owed[:, 0] - met, 0.0)
    return np.concatenate([following[:, None], owed[:, 2:], 0.0 * owed[:, :1]], axis=1)


def _reputed(world: World, rules: Rules, due: Instalments, moved: Any) -> Monadic:
    """Return reputations after the instalments of the period, licensors' and makers' included."""
    layout = world.layout
    good, bad = due.comes * (~due.bad & moved) * 1.0, due.comes * due.bad * 1.0
    goods, bads = scatter((len(layout.states),), (due.supplier,), good, bad)
    for makers in layout.makers.T:
        maker = pick(makers[:, None], due.offer)
        there, index = maker != NONE, (np.maximum(maker, 0),)
        goods, bads = added_at(goods, index, good * there), added_at(bads, index, bad * there)
    return rules.quality.reputation(reputation=world.reputation, good=goods, bad=bads)


def _delivered(
    world: World,
    due: Instalments,
    units: Elementwise,
    share: Elementwise,
    number: int,
    *,
    inplace: bool,
) -> Log:
    """Return the log after the instalments of the period came or slipped.

    For a transfer it keeps the delivered units; missing ones are `short`.
    """
    log, came = world.log, due.comes > 0
    names = ("first", "last", "delivered", "withdrawn")
    now = {name: pick(getattr(log, name), due.row) for name in names}
    progress = due.begun + due.comes
    whole = np.floor(progress)
    left = due.left - whole.astype(np.int64)
    following = np.minimum(due.number - left + 1, due.number)
    new = {
        "left": left,
        "begun": progress - whole,
        "due": date_due(due.start, due.wait, due.number, following),
        "first": np.where(came & (share > 0) & (now["first"] == NONE), number, now["first"]),
        "last": np.where(came & (share > 0), number, now["last"]),
        "delivered": now["delivered"] + units,
        "withdrawn": now["withdrawn"] + units * due.bad,
    }
    if world.layout.passes_on:
        heir, since = pick(log.heir, due.row), pick(log.to_heir, due.row)
        new["to_heir"] = np.where(came & (heir != NONE) & (since == NONE), number, since)
    if world.layout.gift_index.size:
        for name in ("units", "value", "listed"):
            new[name] = pick(getattr(log, name), due.row) * share
        new["short"] = pick(log.units, due.row) * (1 - share)
        new["stage"] = np.where(share > 0, ORDERED, REFUSED)
    written = {
        name: put_where(getattr(log, name), due.row, each, due.there, inplace=inplace)
        for name, each in new.items()
    }
    return replace(log, **written)


def _repaired(
    log: Log,
    due: Instalments,
    back: Elementwise,
    *,
    out: Any,
    wait: Elementwise,
    number: int,
    inplace: bool,
) -> Log:
    """Return the log after repaired units returned and withdrawn ones went to repair."""
    there = due.row != NONE
    new = {
        "repaired": pick(log.repaired, due.row) + back,
        "mended": np.where(out, number + wait.astype(np.int64), pick(log.mended, due.row)),
    }
    written = {
        name: put_where(getattr(log, name), due.row, each, there, inplace=inplace)
        for name, each in new.items()
    }
    return replace(log, **written)


def last_strike(world: World, before: Assessment, after: Assessment, flows: Flows) -> World:
    """Return the world with the last strike purchase of each state kept for the cost exchange."""
    layout = world.layout
    bought = flows.strike_value > DUST
    total = layout.shots_by_dyad.sum(after.hits) + LEAST_HITS
    growth = np.log(total / (layout.shots_by_dyad.sum(before.hits) + LEAST_HITS))
    growth = growth * (growth > LEAST_GROWTH)
    return world.but(
        last_strike_value=np.where(bought, flows.strike_value, world.last_strike_value),
        last_strike_growth=np.where(bought[layout.dyad_from], growth, world.last_strike_growth),
    )
