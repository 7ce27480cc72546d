"""Triggers: events on a condition, which is evaluated at the end of every period.

An event falls due once, after the first period at whose end its condition holds. The values that
conditions read, and the periods in which events are due, are in `World.gauge` and `World.due`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Index
from sim.kernel.world import Log

ReadMetric = Callable[[str, int], Any]  # a metric of one period and a row of it -> (runs,) or (1,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Gauge:
    """The value that a condition reads: a metric of a subject, or a stage that a sale reached."""

    row: int  # of World.gauge
    metric: str
    subject: int  # row among those of its kind; of a sale the recipient; NONE if there is none
    summed: bool = False  # over the periods so far
    offers: Any = None  # (offers,) whether an offer belongs to the sale
    stage: Callable[[Log], Any] | None = None  # returns which requests reached the stage of a sale
    of_holder: bool = False  # whether the recipient is the state that took the order over, if any

    def read(self, before: Elementwise, log: Log, metric: ReadMetric) -> Any:
        """Return the reading at the end of a period; `before` is that of the period before."""
        if self.subject == NONE:
            return np.nan * before
        if self.stage is None:
            now = metric(self.metric, self.subject)
            return before + now if self.summed else now
        concerned = log.recipient[:, 0] == self.subject
        if self.of_holder:
            concerned = concerned | (np.asarray(log.heir) == self.subject).any(axis=1)
        own = _Rows.of(log, np.nonzero(concerned)[0])
        offer = own.offer
        there = (offer != NONE) & self.offers[np.maximum(offer, 0)]
        if self.of_holder:
            holder: Any = np.where(own.heir < 0, own.recipient, own.heir)
            there = there & (holder == self.subject)
        return (there & self.stage(own)).any(axis=0) * 1.0


class _Rows(Log):
    """Some rows of a log; a column is cut when it is first read."""

    @classmethod
    def of(cls, log: Log, rows: np.ndarray) -> Log:
        """Return these rows of a log."""
        own = object.__new__(cls)
        own.__dict__.update(whole=log, rows=rows)
        return own

    def __getattr__(self, name: str) -> np.ndarray:
        return np.asarray(getattr(self.__dict__["whole"], name)[self.__dict__["rows"]])


@dataclass(frozen=True, kw_only=True, eq=False)
class Trigger:
    """When an event on condition falls due."""

    gauges: tuple[Gauge, ...]  # one, or two: the first less the second
    least: Elementwise  # (1,) or (runs,): the condition holds from `least` to `most`
    most: Elementwise
    delay: Elementwise  # further periods until it is due, after the next one
    happens: Elementwise  # (runs,) 0 or 1: whether it happens when it is due

    def in_runs(self, columns: Index) -> "Trigger":
        """Return the same trigger in some runs."""
        names = ("least", "most", "delay", "happens")
        arrays = {name: getattr(self, name) for name in names}
        cut = {n: each[columns] if each.shape[-1] > 1 else each for n, each in arrays.items()}
        return replace(self, **cut)


def fall_due(
    triggers: Sequence[Trigger],
    *,
    due: np.ndarray,
    gauge: np.ndarray,
    number: int,
    log: Log,
    metric: ReadMetric,
) -> None:
    """Evaluate the conditions at the end of a period, and write `due` and `gauge`.

    `due` is the period, by date, in which each event falls due; infinite until its condition holds.
    """
    for row, trigger in enumerate(triggers):
        for each in trigger.gauges:
            gauge[each.row] = each.read(gauge[each.row], log, metric)
        first, *less = (gauge[each.row] for each in trigger.gauges)
        value = first - less[0] if less else first
        holds = (value >= trigger.least) & (value <= trigger.most) & (trigger.happens > 0)
        fresh = holds & np.isinf(due[row])
        due[row] = np.where(fresh, number + 1 + trigger.delay, due[row])
