"""Purses: the money of states for new orders, and the largest value of an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Index, Monadic, pick
from sim.kernel.dates import MONTHS
from sim.kernel.rules import Rules
from sim.kernel.world import World

SOON = 0.5  # years: the date that counts besides where the last delivery comes in less than
NEAR = 0.75  # years
DATES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)  # years at whose ends payments due are compared with income


@dataclass(frozen=True, kw_only=True, eq=False)
class Accounts:
    """The money of some states, constant within a period: (states, runs)."""

    who: Index  # (states, 1)
    fund: Elementwise  # less what is overdue, million USD
    budget: Elementwise  # a year
    service: Elementwise  # of debts, a year
    burden: Elementwise  # (states, others, runs): service of what is owed each other, a year
    debt: Elementwise  # arms credits that were drawn


@dataclass(frozen=True, kw_only=True, eq=False)
class Purse:
    """The money that some states can commit in a round, million USD: (states, runs)."""

    served: Elementwise  # W for orders with long lags
    soon: Elementwise  # W for orders with short lags
    cash: Elementwise  # cash for deposits
    room: Elementwise  # remaining credit
    budget: Elementwise  # a year


def accounts(world: World, who: Index) -> Accounts:
    """Return the accounts of states, an index (states, 1)."""
    others = np.arange(len(world.layout.states))[:, None]
    dyad = who[:, None], others  # (states, others, 1)
    burden = pick(world.rate + 1 / world.tenor, *dyad)
    return Accounts(
        who=who,
        fund=pick(world.fund, who) - pick(world.arrears, *dyad).sum(axis=1),
        budget=pick(world.budget, who),
        service=(pick(world.debt, *dyad) * burden).sum(axis=1),
        burden=burden,
        debt=pick(world.arms_debt, *dyad).sum(axis=1),
    )


def purse(world: World, rules: Rules, known: Accounts, part: int, deposits: Monadic) -> Purse:
    """Return the purses of states in a round; `deposits` fall due at the end of the period."""
    law, fund = rules.procurement, at_hand(world, known, part, deposits)
    served, soon = serviceable(
        law, fund=fund, income=income(world, known), owed=owed_by(world, known.who, part)
    )
    return Purse(
        served=served,
        soon=soon,
        cash=np.maximum(fund, 0.0),
        room=law.room(budget=known.budget, lent=lent(world, known)),
        budget=known.budget,
    )


def serviceable(law: Any, *, fund: Any, income: Any, owed: Mapping[float, Any]) -> tuple[Any, Any]:
    """Return the money for orders with long lags, and for those with short lags.

    Payments due are by date, the earliest first.
    """
    soon, *later = (
        law.slack(fund=fund, income=income, years=np.array([years]), owed=due)
        for years, due in owed.items()
    )
    served = reduce(np.minimum, later)
    return np.maximum(served, 0.0), np.maximum(np.minimum(soon, served), 0.0)


def promised(world: World, who: Index) -> Elementwise:
    """Return the credit on open orders of states, by lender: (states, exporters, runs)."""
    return pick(world.promised, who[:, None], np.arange(world.layout.exporters.size)[:, None])


def lent(world: World, known: Accounts) -> Elementwise:
    """Return the arms credits that states have drawn, or may draw for open orders."""
    return known.debt + promised(world, known.who).sum(axis=1)


def income(world: World, known: Accounts) -> Elementwise:
    """Return the yearly income of states after service of debts and promised credits."""
    burden = known.burden[:, world.layout.exporters]
    more = (promised(world, known.who) * burden).sum(axis=1)
    return np.maximum(known.budget - known.service - more, 0.0)


def at_hand(world: World, known: Accounts, part: int, deposits: Monadic) -> Elementwise:
    """Return the money of states in the middle of a round, without deposits due.

    The income of the rest of the period is in the funds, and not yet earned.
    """
    layout = world.layout
    rest = layout.calendar.dt * (1 - (part + 0.5) / layout.rounds)
    return known.fund - known.budget * rest - pick(deposits, known.who)


def owed_by(world: World, who: Index, part: int) -> Mapping[float, Elementwise]:
    """Return payments due on open orders by dates in years from now, million USD.

    Of the period in which a date lies, only the part before it counts.
    """
    layout = world.layout
    slots = np.arange(layout.payment_slots)[:, None]
    owed = pick(world.owed, who[:, None], slots)  # (states, slots, runs)
    by_year = MONTHS["year"] // layout.rounds
    found, total, at = {}, 0.0, 0
    for years in (SOON, *DATES):
        whole, share = divmod(years * by_year + (part + 0.5) / layout.rounds, 1)
        for slot in range(at, int(whole)):
            total = total + owed[:, slot]
        at = int(whole)
        found[years] = total + share * owed[:, at]
    return found
