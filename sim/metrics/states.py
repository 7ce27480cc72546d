"""Metrics of states, and of their suppliers. Rows of imports are buyers and possible suppliers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Groups, Monadic
from sim.kernel.order_log import LogEntries
from sim.kernel.world import ORDERED, Log, World
from sim.metrics.declaration import Metrics, Smallest, tenth

STATE, SUPPLY, HOLDING = Metrics("state"), Metrics("supply"), Metrics("holding")
TRADER = Metrics("trader")
LEAST_SHARE = 0.01  # smallest share of remembered imports at which a supplier counts
STRIKE_RANGE = 150.0  # km: shortest range of a long-range strike system


@dataclass(frozen=True, kw_only=True, eq=False)
class States:
    """Data on states and their imports at the end of a period."""

    insecurity: Monadic
    strength: Monadic  # TIV
    burden: Monadic  # share of output
    spending: Monadic  # a year
    budget: Monadic  # a year
    reputation: Monadic
    fund: Monadic
    debt: Monadic  # to all others
    arrears: Monadic
    imports: Monadic  # TIV, in the period
    buyers: Groups  # rows of imports by buyer
    remembered: Elementwise  # (supplies, runs) TIV
    supplied: Elementwise  # (supplies, runs) TIV, in the period


@dataclass(frozen=True, kw_only=True, eq=False)
class Traders:
    """Data on states with trade in the scenario."""

    output_lost: Elementwise  # (traders, runs): share of output


@dataclass(frozen=True, kw_only=True, eq=False)
class Inventories:
    """Holdings of the systems that outcomes name."""

    holdings: Elementwise  # (holdings, runs)


STATE.plain(
    "insecurity",
    "index, no upper bound",
    "Sum of threats and diffuse need.",
    phrase="insecurity of {i}",
    smallest=tenth("no threat", "one certain threat"),
)
STATE.plain(
    "strength",
    "TIV",
    "Strength of the state.",
    phrase="strength of {i}",
    smallest=Smallest(100.0, "a battalion of modern tanks"),
)
STATE.plain(
    "burden",
    "share of output",
    "Military spending over output, as changed by threat and trust.",
    phrase="share of its output that {i} spends on arms",
    smallest=Smallest(0.005, "half a per cent of output"),
    percent=True,
    high=1.0,
)
STATE.plain(
    "spending",
    "million USD of 2016 a year",
    "Yearly military spending.",
    phrase="{i}'s yearly military spending",
    smallest=Smallest(10.0, "ten million dollars"),
)
STATE.plain(
    "budget",
    "million USD of 2016 a year",
    "Yearly budget for arms imports.",
    phrase="{i}'s yearly budget for arms imports",
    smallest=Smallest(10.0, "ten million dollars"),
)
STATE.plain(
    "reputation",
    "0 to 1",
    "Reputation of the state for the quality of its deliveries.",
    phrase="reputation of {i} for quality",
    smallest=tenth("all defective", "spotless"),
)
STATE.plain(
    "fund",
    "million USD of 2016",
    "Money set aside for arms imports.",
    phrase="money that {i} has set aside for arms",
    smallest=Smallest(10.0, "ten million dollars"),
)
STATE.plain(
    "debt",
    "million USD of 2016",
    "Debt to all other states.",
    phrase="debt of {i}",
    smallest=Smallest(10.0, "ten million dollars"),
)
STATE.plain(
    "arrears",
    "million USD of 2016",
    "Part of it that is overdue.",
    phrase="overdue debt of {i}",
    smallest=Smallest(10.0, "ten million dollars"),
)

TRADER.plain(
    "output_lost",
    "0 to 1",
    "Share of the output lost by cut trade, for states in `trade`.",
    phrase="share of its output that {i} loses by sanctions",
    smallest=Smallest(0.005, "half a per cent of output"),
    percent=True,
)

HOLDING.plain(
    "holdings",
    "units",
    "Serviceable units of the system that the state holds, in new-equivalent units.",
    phrase="{system} that {i} holds",
    smallest=Smallest(1.0, "one unit"),
)

SUPPLY.plain(
    "supplied",
    "TIV per period",
    "Arms that the supplier delivered to the recipient in the period.",
    phrase="arms that {i} delivers to {j}",
    smallest=Smallest(5.0, "a battalion of modern tanks in five years of quarters"),
)


@SUPPLY.metric(
    "0 to 1",
    "Supplier's share of the recipient's remembered imports; 0 without any.",
    phrase="share of {j}'s arms that come from {i}",
    smallest=tenth("none", "all of them"),
    percent=True,
)
def supplier_share(at: States) -> Elementwise:
    """Return each supplier's share of its buyer's imports; 0 if there are none."""
    total = np.maximum(at.buyers.sum(at.remembered), 1e-9)
    return at.remembered / total[at.buyers.index]


@STATE.metric(
    "0 to 1",
    "Concentration of remembered imports over suppliers; 0 without any.",
    phrase="how far the arms of {i} come from one supplier",
    smallest=tenth("many suppliers", "a single one"),
)
def hhi(at: States) -> Monadic:
    """Return the Herfindahl-Hirschman index.

    0: no imports; 1: a single supplier. Source: hirschman1964.
    """
    return at.buyers.sum(supplier_share(at) ** 2)


@STATE.metric(
    "states",
    "Number of suppliers with 1 % or more of remembered imports.",
    phrase="suppliers of {i}",
    smallest=Smallest(1.0, "one supplier"),
)
def suppliers(at: States) -> Monadic:
    """Return the number of those with at least `LEAST_SHARE`."""
    return at.buyers.sum((supplier_share(at) >= LEAST_SHARE) * 1.0)


STATE.plain(
    "imports",
    "TIV per period",
    "Arms delivered to the state in the period.",
    phrase="arms delivered to {i}",
    smallest=Smallest(5.0, "a battalion of modern tanks in five years of quarters"),
)
for _stage, _has in (("ordered", "ordered"), ("delivered", "received")):  # `long_range_strikes`
    STATE.declare(
        f"strike_{_stage}",
        "0 or 1",
        f"Whether a strike system of range 150 km or more has been {_stage} since the start.",
        phrase=f"probability that {{i}} has {_has} long-range strike systems",
    )


STRIKES: Mapping[str, Callable[[Log], Any]] = {  # of each request: whether it counts
    "strike_ordered": lambda log: (log.stage == ORDERED) & (log.offer >= 0),
    "strike_delivered": lambda log: (log.stage == ORDERED) & (log.first >= 0),
}


def is_long_range(world: World) -> np.ndarray:
    """Return whether each offer is of a long-range strike system."""
    layout = world.layout
    far = world.range[..., 0] >= STRIKE_RANGE  # of the first run: the range is the same in all
    return np.asarray((layout.is_striker & far)[layout.system])


def long_range_strikes(end: World) -> dict[str, np.ndarray]:
    """Return whether each state has so far ordered, and received, a long-range strike system.

    From the log of a whole run: (periods, states, runs).
    """
    layout, log = end.layout, end.log
    count, runs = len(layout.calendar), log.offer.shape[-1]
    far = np.append(is_long_range(end), False)[log.offer]  # the last for NONE
    sales = LogEntries(log, layout, *np.nonzero(far & (log.stage == ORDERED)))
    orderer, heir, kept = (sales.column(name) for name in ("recipient", "heir", "kept"))
    first, last, later = (
        sales.column(name) - layout.calendar.first for name in ("first", "last", "to_heir")
    )
    first = np.where(first >= 0, first, last)
    came = first >= 0  # since the start: earlier deliveries are in the arsenals
    whose = {  # whether it counts, from when, and for whom
        "strike_ordered": [(sales.requested >= 0, sales.requested, orderer)],
        "strike_delivered": [
            (came & ((heir < 0) | (kept > 0)), first, orderer),  # before another took it over
            ((later >= 0) & (heir >= 0) & (sales.column("delivered") > kept), later, heir),
        ],
    }
    out = {}
    for name, parts in whose.items():
        series = np.zeros((count, len(layout.states), runs))
        for mine, when, state in parts:
            series[when[mine], state[mine], sales.run[mine]] = 1.0
        for before, now in pairwise(series):  # five times as fast as maximum.accumulate
            np.maximum(now, before, out=now)
        out[name] = series
    return out
