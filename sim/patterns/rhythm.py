"""Quantities of rhythm and rank: uneven years, the time that orders take, rank order."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import model_validator

from sim.documents.leaves import Choice, Range, refuse
from sim.patterns.amounts import added, amount, over, pearson, yearly
from sim.patterns.history import History
from sim.patterns.measures import Measure, Orders
from sim.patterns.occurrences import orders_of
from sim.patterns.quantity import Quantity, SpanOf

FEWEST = 3  # measures that a rank order needs


class IdleYears(Quantity):
    """Years of a window in which a measure is no more than a threshold."""

    of: Measure
    above: Annotated[float, Range("Threshold of a year's value.", plain=True)] = 0.0
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        return added((yearly(history, self.of, self.window) <= self.above) * 1.0)


class PeakShare(Quantity):
    """Share that the largest year of a window has of the whole, 1/n to 1."""

    of: Measure
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        amounts = yearly(history, self.of, self.window)
        return over(amounts.max(axis=0), added(amounts))


class OrderSpan(Quantity, Orders):
    """Months that orders take, mean over those of a window of which anything was delivered."""

    end: Annotated[str, Choice("Which delivery ends it.", ("first", "last"))] = "last"
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        history.need("orders", self.window)
        deals, rows = history.deals, orders_of(history, self)
        rows = rows[self.window.holds(deals.dated[rows]) & (deals.first[rows] >= 0)]
        ends = deals.first[rows] if self.end == "first" else deals.stop[rows] - history.step
        months = np.maximum(ends + history.step // 2 - deals.dated[rows], 0)
        runs = deals.run[rows].astype(np.int64)
        total = np.bincount(runs, weights=months * 1.0, minlength=history.runs)
        return over(total, np.bincount(runs, minlength=history.runs) * 1.0)


class RankOrder(Quantity):
    """Rank correlation of several measures with the order in which they are written."""

    of: tuple[Measure, ...]
    window: SpanOf

    @model_validator(mode="after")
    def _several(self) -> RankOrder:
        if len(self.of) < FEWEST:
            refuse("needs at least three measures, the largest first")
        return self

    def value(self, history: History) -> np.ndarray:
        table = np.stack([amount(history, each, each.window or self.window) for each in self.of])
        written = np.arange(len(table), 0.0, -1.0)[:, None] * np.ones(history.runs)
        known = ~np.isnan(table).any(axis=0)  # a rank order needs all values
        return np.where(known, pearson(written, ranks(table)), np.nan)


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value in its column, from 1; equal values get their mean rank."""
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1)
    return np.asarray(below + (equal + 1) / 2)
