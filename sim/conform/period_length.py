"""Lengths of period: yearly rates of the whole model do not change when `dt` is halved.

The small world is run by half years, quarters and months. Hazards are compared by the chance of no
event in a year, which does not depend on the length of period, levels by their means. Means must
agree within Monte Carlo error and an allowance of first order in dt, since laws use the state of
the period before. Each check returns the first fault as text, empty if there is none.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.conform.claims import apart
from sim.conform.small_world import record, small
from sim.kernel.arrays import chance
from sim.kernel.simulate import Record
from sim.kernel.world import NOTHING, ORDERED

RUNS = 300
YEARS = 5
LENGTHS = ("half", "quarter", "month")
SURE = 4.0  # standard errors; a correct model fails one comparison in 16,000
ALLOWED = 0.05  # of the value: first order in dt, between half years and months


def hazards() -> str:
    """Return a fault if the chance by a yearly hazard depends on the length of period."""
    rate = np.linspace(0.0, 12.0, 49)
    for dt in (1.0, 0.5, 0.25):
        whole, half = chance(rate, dt), chance(rate, dt / 2)
        gap = apart(1 - (1 - half) ** 2, whole, f"dt {dt} and its halves")
        if gap.size > 1e-12:  # noqa: PLR2004 - rounding
            return gap.seen
    return ""


def years_without_request() -> str:
    """Return a fault if the share of state-years without a request depends on it."""
    quiet = f"time.end={2018 + YEARS - 1}-12", "laws.procurement.visits=0.5"
    means = {each: _quiet(each, quiet) for each in LENGTHS}
    return _apart(means, "years without a request", allowed=0.0)


def wars() -> str:
    """Return a fault if the share of runs without a war depends on the length of period."""
    hot = ("laws.crisis.incidents=1", "laws.deterrence.threshold=0.3", "laws.war.bitterness=0")
    means = {
        each: 1.0 * (record(small(f"time.period={each}", *hot), RUNS).series["wars"][-1] == 0)
        for each in LENGTHS
    }
    return _apart(means, "no war in two years")


def levels() -> str:
    """Return a fault if a yearly flow or a level depends on the length of period."""
    end = f"time.end={2018 + YEARS - 1}-12"
    records = {each: record(small(f"time.period={each}", end), RUNS) for each in LENGTHS}
    for name, level in LEVELS.items():
        values = {each: level(record) for each, record in records.items()}
        if fault := _apart(values, name):
            return fault
    return ""


def _spent(record: Record) -> np.ndarray:
    log = record.end.log
    return np.asarray(((log.stage == ORDERED) * log.value).sum(axis=0) / YEARS)


def _regard(record: Record) -> np.ndarray:
    return np.asarray((1 + record.end.affinity.mean(axis=(0, 1))) / 2)


def _orders(record: Record) -> np.ndarray:
    return np.asarray((record.end.log.stage == ORDERED).sum(axis=0) / YEARS)


LEVELS: dict[str, Callable[[Record], np.ndarray]] = {
    "GDP": lambda record: record.end.gdp.sum(axis=0),
    "orders a year": _orders,
    "orders a year, million USD": _spent,
    "payments a year, million USD": lambda record: record.end.paid.sum(axis=(0, 1)) / YEARS,
    "engagement": lambda record: (record.end.engagement * record.end.member).sum(axis=(0, 1)),
    "regard": _regard,
    "insecurity": lambda record: record.series["insecurity"].mean(axis=(0, 1)),
    "dispute": lambda record: record.end.rivalry.mean(axis=0),
}


def _quiet(length: str, sets: tuple[str, ...]) -> np.ndarray:
    """Return the share of state-years without a request: (runs,)."""
    log = record(small(f"time.period={length}", *sets), RUNS).end.log
    states = np.unique(log.recipient[log.recipient >= 0])
    by_year = log.stage.reshape(YEARS, -1, log.stage.shape[-1])
    recipient = log.recipient.reshape(YEARS, -1, 1)
    asked = [((recipient == i) & (by_year != NOTHING)).any(axis=1) for i in states]
    return np.asarray(1.0 - np.mean(asked, axis=(0, 1)))


def _apart(values: dict[str, np.ndarray], what: str, *, allowed: float = ALLOWED) -> str:
    """Return the first two lengths of period whose means differ by more than chance, in words."""
    lengths = list(values)
    for at, one in enumerate(lengths):
        for other in lengths[at + 1 :]:
            a, b = values[one], values[other]
            error = np.sqrt(a.var(ddof=1) / a.shape[-1] + b.var(ddof=1) / b.shape[-1])
            bound = SURE * error + allowed * abs(b.mean())
            if not abs(a.mean() - b.mean()) <= bound:
                return (
                    f"{what}: {a.mean():.4g} by {one} and {b.mean():.4g} by {other}, "
                    f"more than {bound:.2g} apart"
                )
    return ""
