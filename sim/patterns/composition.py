"""Quantities of structure and level: shares, ratios, leads, yearly courses, ties to a bloc."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Flag, Names, Range, named, refuse
from sim.documents.tree import BlocName, StateName
from sim.documents.window import Window
from sim.kernel.dates import YEAR
from sim.patterns.amounts import (
    added,
    amount,
    by_supplier,
    first_of,
    flow,
    over,
    pearson,
    sides,
    yearly,
    years_of,
)
from sim.patterns.history import History, NotCovered
from sim.patterns.measures import Events, Flow, Measure
from sim.patterns.occurrences import HONOURED, appeals_by_threat, subjects
from sim.patterns.quantity import Quantity, SpanOf, SupplierNames
from sim.patterns.sequence import table

FEWEST = 2  # years that a correlation needs


class Share(Quantity, Flow):
    """Share of a flow that certain suppliers have, 0 to 1."""

    among: SupplierNames | None = None
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        among = self.model_copy(update={"from_": self.among})
        suppliers, _ = sides(history, self)
        parts = by_supplier(history, among, self.window)
        nothing = np.zeros(history.runs)
        own = [moved for name, moved in parts.items() if name in suppliers]
        return over(added([nothing, *own]), added([nothing, *parts.values()]))


class Ratio(Quantity):
    """One measure over another: infinite over nothing, undefined for nothing over nothing."""

    of: Measure
    over: Measure
    window: SpanOf | None = None

    def value(self, history: History) -> np.ndarray:
        part, whole = (
            amount(history, measure, _window(measure.window, self.window))
            for measure in (self.of, self.over)
        )
        return over(part, whole)


class Hhi(Quantity, Flow):
    """Concentration of a flow over its suppliers: sum of squared shares, 1/n to 1."""

    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        return added([each**2 for each in shares(history, self, self.window)])


class Suppliers(Quantity, Flow):
    """Number of suppliers with at least a least share of a flow."""

    least: Annotated[float, Range("Smallest share that counts.", low=0, high=1, plain=True)] = 0.01
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        parts = shares(history, self, self.window)
        count = added([((each >= self.least) & (each > 0)) * 1.0 for each in parts])
        return np.where(np.isnan(parts[0]), 0.0, count)


class Level(Quantity):
    """A measure in a window: what moved, how many events, or the series."""

    of: Measure
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        return amount(history, self.of, self.window)


class FirstYear(Quantity):
    """First year in which a measure is more than a threshold; infinite if there is none."""

    of: Measure
    above: Annotated[float, Range("Threshold of a year's value.", plain=True)] = 0.0
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        amounts = yearly(history, self.of, self.window)
        years = (self.of.window or self.window).years
        return first_of(amounts > self.above, np.array(years))


class CrossoverYear(Quantity, Flow):
    """First year in which one side's flow passes that of another that led before it."""

    past: SupplierNames
    hold: Annotated[
        int,
        Range("Number of years that the lead must last.", unit="years", low=1, high=50, whole=True),
    ] = 1
    window: SpanOf

    @model_validator(mode="after")
    def _challenger(self) -> CrossoverYear:
        if self.from_ is None:
            refuse("needs `from`: the supplier that takes the lead from those in `past`")
        return self

    def value(self, history: History) -> np.ndarray:
        rival = self.model_copy(update={"from_": self.past})
        parts = years_of(self.window)
        own = np.stack([flow(history, self, each) for each in parts])
        other = np.stack([flow(history, rival, each) for each in parts])
        led = np.logical_or.accumulate((other >= own) & (other > 0), axis=0)
        before = np.concatenate([np.zeros((1, history.runs), dtype=bool), led[:-1]])
        ahead = own > other
        lasts = ahead.copy()
        for later in range(1, self.hold):
            lasts[:-later] &= ahead[later:]
            lasts[len(parts) - later :] = False
        return first_of(lasts & before, np.array(self.window.years))


class Leaders(Quantity, Flow):
    """Share of windows in which the largest supplier is the one expected, 0 to 1."""

    windows: tuple[SpanOf, ...]
    expect: tuple[StateName, ...]

    @model_validator(mode="after")
    def _paired(self) -> Leaders:
        if not self.windows or len(self.windows) != len(self.expect):
            refuse("needs windows and expect of equal length, one supplier a window")
        if self.from_ is not None:
            refuse("takes no from: all suppliers compete")
        return self

    def value(self, history: History) -> np.ndarray:
        hits = []
        for window, name in zip(self.windows, self.expect, strict=True):
            history.members((name,))
            parts = by_supplier(history, self, window)
            own = parts.pop(name, np.zeros(history.runs))
            rest = np.max([*parts.values(), np.zeros(history.runs)], axis=0)
            hits.append((own > rest) * 1.0)
        return added(hits) / len(hits)


class Correlation(Quantity):
    """Pearson's correlation of two measures a year, the second some years later."""

    of: Measure
    with_: Measure = Field(alias="with")
    lag: Annotated[int, Range("Delay in years.", unit="years", low=-50, high=50, whole=True)] = 0
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        years = self.window.years
        first, second = (yearly(history, each, self.window) for each in (self.of, self.with_))
        lag = self.lag
        if len(years) - abs(lag) < FEWEST:
            return np.full(history.runs, np.nan)
        ends = (None, -lag or None) if lag >= 0 else (-lag, None)
        starts = (lag, None) if lag >= 0 else (None, lag)
        return pearson(first[slice(*ends)], second[slice(*starts)])


class Variation(Quantity):
    """Coefficient of variation of a measure a year: standard deviation over mean."""

    of: Measure
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        amounts = yearly(history, self.of, self.window)
        mean = added(amounts) / amounts.shape[0]
        return over(np.sqrt(added((amounts - mean) ** 2) / amounts.shape[0]), np.abs(mean))


class Change(Quantity):
    """What a measure gained from one window to another."""

    of: Measure
    before: SpanOf
    after: SpanOf
    relative: Annotated[bool, Flag("Whether the change is divided by the first value.")] = False

    def value(self, history: History) -> np.ndarray:
        bare = self.of.model_copy(update={"window": None})
        before, after = (amount(history, bare, each) for each in (self.before, self.after))
        return over(after - before, before) if self.relative else after - before


class Answered(Quantity):
    """Share of appeals to a bloc that were honoured, 0 to 1."""

    bloc: BlocName
    states: Annotated[Names, named("Members whose appeals count.", "state")] | None = None
    threat: Annotated[str, Choice("Cause of the appeals.", ("internal", "attack"))] | None = None
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        history.need("events", self.window)
        if not history.simulated:
            return self._in_files(history)
        made, honoured = np.zeros(history.runs), np.zeros(history.runs)
        about = Events(kind="appeal", states=self.states, bloc=self.bloc)
        for subject in subjects(history, about, "appeals"):
            for course, answers in appeals_by_threat(history, subject, self.threat):
                inside = self.window.holds(course.months)
                count = course.values[inside]
                made = added([made, *count])
                honoured = added([honoured, *(count * (answers[inside] >= HONOURED * count))])
        return over(honoured, made)

    def _in_files(self, history: History) -> np.ndarray:
        answers = [
            each.answer
            for each in history.recorded_events
            if each.kind == "appeal"
            and each.bloc == self.bloc
            and self.window.holds(each.month)
            and (self.states is None or frozenset(each.states) & frozenset(self.states))
            and (self.threat is None or each.internal == (self.threat == "internal"))
        ]
        kept = [answer for answer in answers if not np.isnan(answer)]
        honoured = float(sum(answer >= HONOURED for answer in kept))
        return over(np.array([honoured]), np.array([float(len(kept))]))


class Stay(Quantity):
    """Membership of a bloc in a window: formal exits, or mean years of stay."""

    bloc: BlocName
    states: Annotated[Names, named("Members that count.", "state")] | None = None
    count: Annotated[str, Choice("Unit of the count.", ("exits", "years"))] = "exits"
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        about = Events(kind="exit", states=self.states, bloc=self.bloc)
        if self.count == "exits":
            exits = [
                Events(kind="exit", states=(each,), bloc=self.bloc)
                for each in self.states or history.members((self.bloc,))
            ]
            tables = [table(history, Measure(events=each), self.window) for each in exits]
            return added([np.zeros(history.runs), *(added(each) for each in tables)])
        history.need("series", self.window)
        known = subjects(history, about, "membership")
        if not known:
            message = f"no series membership of {self.bloc} in the record"
            raise NotCovered(message)
        years = []
        for subject in known:
            course = history.course("membership", subject)
            inside = self.window.holds(course.months)
            if course.values[0].any():
                years.append(added(course.values[inside]) / inside.sum())
        length = (self.window.stop - self.window.first) / YEAR
        if not years:
            return np.full(history.runs, np.nan)
        return length * added(years) / len(years)


def _window(own: Window | None, common: Window | None) -> Window:
    window = own or common
    assert window is not None  # noqa: S101 - the schema ensures it
    return window


def shares(history: History, about: Flow, window: Window) -> np.ndarray:
    """Return each supplier's share of a flow: (suppliers, runs); nan in runs without any flow."""
    parts = [*by_supplier(history, about, window).values()] or [np.zeros(history.runs)]
    total = added(parts)
    return np.stack([over(each, total) for each in parts])
