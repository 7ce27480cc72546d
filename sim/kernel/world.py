"""World: all that is true at one moment, in every run of a block, as a frozen record.

The runs axis is last; its length is 1 where all runs agree. Money is in millions of
constant 2016 USD, capability in TIV (millions), distance in km, time in years.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    Blocwise,
    Dyadic,
    Elementwise,
    Holdings,
    Index,
    Memberwise,
    Monadic,
    Pairwise,
    cut,
)
from sim.kernel.layout.layout import Layout

# stages of a request, in `Log.stage`
NOTHING, REFUSED, BLOCKED, ORDERED = 0, 1, 2, 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Log:
    """Every request and order, one row a period and slot: (periods x slots, runs)."""

    recipient: Index  # state, runs axis 1; NONE where the slot was empty
    offer: Index  # NONE where nothing was asked for
    stage: Index  # NOTHING, REFUSED, BLOCKED or ORDERED
    objected: Index  # 0 or 1
    stalled: Index  # 0 or 1
    forced: Index  # 0 asked for, 1 ordered by an event, 2 transferred by an event
    consent: Elementwise  # probability that the supplier consents, 0 to 1
    units: Elementwise  # units ordered
    value: Elementwise  # contract value after preferential terms
    listed: Elementwise  # contract value at the listed price
    credit: Elementwise  # share of the value on credit
    start: Index  # period from which the wait counts, by date
    wait: Elementwise  # periods from the start to the last instalment
    left: Index  # instalments still to come
    due: Index  # period of the next instalment, by date
    first: Index  # period of the first delivery, by date; NONE before it
    last: Index  # period of the latest delivery, by date
    delivered: Elementwise  # units delivered
    withdrawn: Elementwise  # units withdrawn as defective


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """The state of the world, and the tables that events and designs may change."""

    layout: Layout
    period: int  # number of the last period that has passed, by date

    # states
    gdp: Monadic
    fund: Monadic  # money set aside for arms imports
    owed: Monadic  # still to be paid at delivery on open orders
    growth: Monadic  # a year
    burden: Monadic  # military spending as a share of gdp
    import_share: Monadic  # of military spending
    reputation: Monadic  # quality of what the state has delivered, 0 to 1
    find: Monadic  # how well the state finds another's launchers, 0 to 1
    export_scale: Monadic  # sale that the state's exporters notice
    arsenal: Holdings  # serviceable units, new-equivalent
    strain: Monadic  # how far wars of its own bind the state, 0 to 1
    last_strike_value: Monadic  # value of the last strike systems delivered

    # dyads
    affinity: Dyadic  # how i regards j, -1 to 1
    affinity_base: Dyadic
    debt: Dyadic  # owed by i to j
    arrears: Dyadic  # of that, overdue
    rate: Dyadic  # interest on i's debt to j, a year
    tenor: Dyadic  # years over which i repays j
    recent_tiv: Dyadic  # i's imports from j, remembered
    recent_value: Dyadic  # the same in money
    refusal: Dyadic  # i's memory that j refused it, 0 to 1
    embargo: Dyadic  # [j, i]: 1 where j may not supply i
    imported_tiv: Dyadic  # i's imports from j since the start
    paid: Dyadic  # by i to j for arms since the start
    rivalry: Pairwise  # dispute that i has with j, 0 to 1
    distance: Pairwise  # of capitals
    last_strike_growth: Pairwise  # log growth of hits by i's last strike delivery

    # blocs
    member: Memberwise  # 0 or 1
    engagement: Memberwise  # 0 to 1
    belief: Memberwise  # common estimate that the bloc would aid i, 0 to 1
    grievance: Memberwise
    rent: Memberwise  # preferential terms, in years of import budget
    supplied_members: Memberwise  # k's deliveries to fellow members, TIV remembered
    supplied_rivals: Memberwise  # k's deliveries to members' rivals, weighted by the dispute
    credit_line: Memberwise  # share of the price on credit for i, if above the bloc's
    exited: Memberwise  # 1 once i has left formally
    commitment: Blocwise
    norm: Blocwise
    preference: Blocwise  # share of the price that the leader waives for members
    credit: Blocwise  # share of the price on credit for members
    cohesion_weights: Elementwise  # (3, blocs, runs) of engagement, affinity and belief

    # systems, classes, offers, assets
    satiation: Elementwise  # (classes, runs) TIV
    life: Elementwise  # (classes, runs) years
    worth: Elementwise  # (systems, runs) TIV of a new unit
    range: Elementwise
    cep: Elementwise  # m; 0 where the system has no strike role
    rounds: Elementwise
    payload: Elementwise  # kg
    reliability: Elementwise
    offence: Elementwise
    price: Elementwise  # (offers, runs) of a batch
    batch: Elementwise  # units
    lag: Elementwise  # years
    defect: Elementwise
    condition: Elementwise  # new 1, refurbished 0.66, second-hand 0.40
    stock: Elementwise  # units that the offer still has; infinite where unlimited
    available: Elementwise  # 1 open, 0 closed
    value: Elementwise  # (assets, runs) share of the owner's asset value
    radius: Elementwise  # m
    hardness: Elementwise  # hits
    reach: Elementwise  # (shots, runs) km from the attacker to the asset

    log: Log

    @property
    def budget(self) -> Monadic:
        """Return the yearly import budget, B_i."""
        return self.import_share * self.burden * self.gdp

    def but(self, **changes: Any) -> "World":
        """Return the same world with some arrays replaced."""
        other = object.__new__(World)  # ten times faster than dataclasses.replace
        other.__dict__.update(self.__dict__)
        other.__dict__.update(changes)
        return other

    def part(self, names: Sequence[str], columns: Any) -> "World":
        """Return the world with some arrays in some runs alone, for what reads no others."""
        return self.but(**{name: cut(getattr(self, name), columns) for name in names})


def copied(log: Log) -> Log:
    """Return a copy of a log, for a caller who writes into it."""
    return Log(**{each.name: 1 * getattr(log, each.name) for each in fields(Log)})


def blank_log(layout: Layout, runs: int) -> Log:
    """Return a log without a request, wide enough for every period."""
    shape = (len(layout.calendar) * layout.rows, runs)
    kinds = {"offer": np.int32, "stage": np.int8, "objected": np.int8, "stalled": np.int8}
    kinds |= {"forced": np.int8, "left": np.int16}
    kinds |= dict.fromkeys(("start", "due", "first", "last"), np.int32)
    blank = {"offer": -1, "first": -1}
    empty: dict[str, Any] = {
        each.name: np.full(shape, blank.get(each.name, 0), dtype=kinds.get(each.name, np.float64))
        for each in fields(Log)
    }
    empty["recipient"] = np.full((shape[0], 1), -1, dtype=np.int64)
    return Log(**empty)
