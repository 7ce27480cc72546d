"""Quantities of time: whether, how soon and in which order events follow each other."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Flag, Names, Several, refuse
from sim.documents.tree import BlocName, StateName, YamlBlock
from sim.documents.window import Window
from sim.patterns.amounts import added, first_of, over, since
from sim.patterns.history import History
from sim.patterns.measures import LADDER, Events, Measure, Occurrence
from sim.patterns.occurrences import months_of, occurrences, orders_of
from sim.patterns.quantity import Months, Quantity, SpanOf

KEYS = ("recipient", "supplier", "class", "system")


class Pair(YamlBlock):
    """Events, and those after which their rate is asked for."""

    of: Occurrence
    after: Occurrence


class MonthSpan(YamlBlock):
    """A span of months around an event; negative before it."""

    low: Months
    high: Months

    @model_validator(mode="after")
    def _forward(self) -> MonthSpan:
        if self.low > self.high:
            refuse("low must not be more than high")
        return self


class HazardRatio(Quantity):
    """Rate of events in the months after others over their rate in all other months."""

    pairs: tuple[Pair, ...]
    months: MonthSpan
    window: SpanOf

    @model_validator(mode="after")
    def _some(self) -> HazardRatio:
        if not self.pairs:
            refuse("needs at least one pair {of, after}")
        return self

    def value(self, history: History) -> np.ndarray:
        low, high = self.months.low, self.months.high
        nothing = np.zeros(history.runs)
        counts, spans = [nothing, nothing], [nothing, nothing]
        for pair in self.pairs:
            window = pair.of.window or self.window
            hits = table(history, pair.of, window)
            near = _near(history, pair.after, window, low, high)
            for place, where in enumerate((near, ~near)):
                counts[place] = counts[place] + added(hits * where)
                spans[place] = spans[place] + added(where * 1.0)
        return over(over(counts[0], spans[0]), over(counts[1], spans[1]))


class Followed(Quantity):
    """Share of events that have another within some months; negative months lie before."""

    of: Occurrence
    by: tuple[Occurrence, ...]
    months: MonthSpan
    same: Annotated[Names, Several("What both must share.", Choice(options=KEYS))] = ()
    other: Annotated[Names, Several("What must differ.", Choice(options=KEYS))] = ()
    excess: Annotated[bool, Flag("Whether the share of all months with one is subtracted.")] = False
    window: SpanOf

    @model_validator(mode="after")
    def _of_orders(self) -> Followed:
        if not self.by:
            refuse("needs at least one measure in by")
        of_orders = all(each.orders is not None for each in (self.of, *self.by))
        if (self.same or self.other) and not of_orders:
            refuse("same and other need orders on both sides")
        if self.excess and (self.same or self.other):
            refuse("excess is over all months: remove same and other", "excess")
        return self

    def value(self, history: History) -> np.ndarray:
        window = self.of.window or self.window
        history.need(self.of.form, window)
        one = _dated(history, self.of)
        others = [_dated(history, each) for each in self.by]
        other = tuple(np.concatenate(part) for part in zip(*others, strict=True))
        inside = window.holds(one[0])
        events, pairs = np.zeros(history.runs), np.zeros(history.runs)
        order = np.argsort(other[1], kind="stable")
        ends = np.searchsorted(other[1][order], np.arange(history.runs + 1))
        for place in np.nonzero(inside)[0]:
            run = one[1][place]
            rivals = order[ends[run] : ends[run + 1]]
            gap = other[0][rivals] - one[0][place]
            fits = (gap >= self.months.low) & (gap <= self.months.high)
            for key in self.same:
                fits &= _key(history, key)[other[2][rivals]] == _key(history, key)[one[2][place]]
            for key in self.other:
                fits &= _key(history, key)[other[2][rivals]] != _key(history, key)[one[2][place]]
            events[run] += 1
            pairs[run] += fits.any()
        return over(pairs, events) - (self._by_chance(history, window) if self.excess else 0.0)

    def _by_chance(self, history: History, window: Window) -> np.ndarray:
        """Return the share of months with an event in `by` within `months` of them: (runs,)."""
        low, high = -self.months.high, -self.months.low  # in months from the event in `by`
        near = np.zeros((window.stop - window.first, history.runs), dtype=bool)
        for each in self.by:
            near |= _near(history, each, window, low, high)
        return added(near * 1.0) / len(near)


class Delay(Quantity):
    """Months from the first event to the next of another; infinite if there is none."""

    from_: Occurrence = Field(alias="from")
    to: Occurrence
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        return _after(history, first(history, self.from_, self.window), self.to, self.window)


class Ladder(Quantity):
    """Months from an event until a member has reached a stage of disengagement."""

    state: StateName
    bloc: BlocName
    stage: Annotated[str, Choice("Stage of disengagement.", LADDER)]
    after: Occurrence
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        start = first(history, self.after, self.window)
        stage = LADDER.index(self.stage) + 1
        if not history.simulated and ("stage", f"{self.state}:{self.bloc}") not in history.series:
            about = Events(kind="stage", states=(self.state,), bloc=self.bloc, stage=self.stage)
            return _after(history, start, Measure(events=about), self.window)
        history.need("series", self.window)
        course = history.course("stage", f"{self.state}:{self.bloc}")
        inside = self.window.holds(course.months)
        at = (course.values >= stage) & inside[:, None]
        return since(start, first_of(at & (course.middle[:, None] >= start), course.middle))


class Order(Quantity):
    """Order of first events: 1 as written, -1 reversed, between if in part."""

    events: tuple[Occurrence, ...]
    window: SpanOf

    @model_validator(mode="after")
    def _several(self) -> Order:
        if len(self.events) < 2:  # noqa: PLR2004
            refuse("needs at least two events")
        return self

    def value(self, history: History) -> np.ndarray:
        starts = [first(history, each, self.window) for each in self.events]
        signs, known = np.zeros(history.runs), np.zeros(history.runs)
        for earlier, later in combinations(starts, 2):
            there = np.isfinite(earlier) | np.isfinite(later)
            with np.errstate(invalid="ignore"):
                sign = np.sign(later - earlier)
            signs = signs + np.where(there, sign, 0.0)
            known = known + there
        return over(signs, known)


def table(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return the number of occurrences in each month of a window: (months, runs)."""
    window = measure.window or window
    history.need(measure.form, window)
    months, runs = occurrences(history, measure)
    inside = window.holds(months)
    counts = np.zeros((window.stop - window.first, history.runs))
    np.add.at(counts, (months[inside] - window.first, runs[inside]), 1.0)
    return counts


def first(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return the month of the first occurrence in a window, inf if there is none: (runs,).

    Dates given in the pattern count outside the window too.
    """
    if measure.dates is not None:
        return np.full(history.runs, float(occurrences(history, measure)[0].min()))
    window = measure.window or window
    return first_of(table(history, measure, window) > 0, np.arange(window.first, window.stop))


def _after(history: History, start: np.ndarray, to: Measure, window: Window) -> np.ndarray:
    """Return the months from a start until a measure occurs, nan without a start: (runs,)."""
    window = to.window or window
    months = np.arange(window.first, window.stop)
    there = (table(history, to, window) > 0) & (months[:, None] >= start)
    return since(start, first_of(there, months))


def _near(history: History, after: Measure, window: Window, low: int, high: int) -> np.ndarray:
    """Return which months of a window are `low` to `high` months after an event: (months, runs)."""
    months, runs = occurrences(history, after)
    size = window.stop - window.first
    near = np.zeros((size, history.runs), dtype=bool)
    for shift in range(low, high + 1):
        at = months + shift - window.first
        inside = (at >= 0) & (at < size)
        near[at[inside], runs[inside]] = True
    return near


def _dated(history: History, measure: Measure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if measure.orders is not None:
        rows = orders_of(history, measure.orders)
        return months_of(history, measure.orders, rows), history.deals.run[rows], rows
    months, runs = occurrences(history, measure)
    return months, runs, np.zeros(months.size, dtype=np.int64)


def _key(history: History, key: str) -> np.ndarray:
    deals = history.deals
    columns = {"recipient": deals.recipient, "supplier": deals.supplier, "system": deals.system}
    return columns.get(key, deals.category)
