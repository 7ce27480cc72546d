"""Readings: the metrics of one run so far, equal to those in the record of the ensemble."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import nan
from typing import Any

import numpy as np

from sim.agents.agents import COLUMN
from sim.agents.arguments import refused
from sim.experiments.exact import EndMetrics
from sim.experiments.options import Options
from sim.experiments.outcomes import outcome_values
from sim.kernel.collect import collect, whole
from sim.kernel.errors import InputError
from sim.kernel.finiteness import defined
from sim.kernel.layout.layout import Layout
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.kernel.simulate import Record
from sim.kernel.words import meant
from sim.metrics.catalogue import END, METRICS
from sim.scenario.compile.layouts import row_of, unrecorded
from sim.scenario.schema.outcome_syntax import Outcome, OutcomeWindow, parse_outcome

Series = dict[str, np.ndarray]  # metric -> (periods, subjects, columns)


class Readings:
    """Every metric of every period that has passed, and of the start."""

    def __init__(self, start: Passed, rules: Rules) -> None:
        """Keep the start of the run."""
        self._start = start.world
        self._rows = [_wide(start, rules)]
        self._found: tuple[Passed, Rules] = start, rules
        self._final: tuple[int, EndMetrics] | None = None
        self._series: tuple[int, Series] = -1, {}

    def add(self, passed: Passed, rules: Rules) -> None:
        """Add a period that has passed."""
        self._rows.append(_wide(passed, rules))
        self._found = passed, rules

    @property
    def passed(self) -> Passed:
        """Return the last period that has passed, or the start."""
        return self._found[0]

    @property
    def count(self) -> int:
        """Return the number of periods that have passed."""
        return len(self._rows) - 1

    @property
    def series(self) -> Series:
        """Return the metrics of every period that has passed."""
        if self._series[0] != self.count:
            rows = self._rows[1:] or self._rows
            series = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
            self._series = self.count, whole(series, self.passed.world)
        return self._series[1]

    @property
    def now(self) -> Series:
        """Return the metrics after the last period, each (1, subjects, columns)."""
        if self.count == 0:
            return {
                name: each[:1] * 0 if METRICS[name].summed else each
                for name, each in self.series.items()
            }
        return {name: each[-1:] for name, each in self.series.items()}

    def record(self, series: Series | None = None) -> Record:
        """Return the record so far, in the form of a simulation that ended here."""
        passed, rules = self._found
        series = self.series if series is None else series
        return Record(start=self._start, end=passed.world, rules=rules, series=series)

    def value(self, name: str) -> float:
        """Return a metric after the last period, such as `cohesion CSTO`.

        A stage of a sale is 1 once it has been reached. Metrics of the end of a run are computed as
        if the run ended here, which takes longer.
        """
        whole, *less = (self._value(part) for part in self._outcome(name).parts)
        return whole - less[0] if less else whole

    def _value(self, outcome: Outcome) -> float:
        about = METRICS[outcome.metric]
        if about.kind != "sale" and about.when != END:
            return float(self.now[outcome.metric][0, self._row(outcome), COLUMN])
        values = outcome_values([outcome], self.record({}), dates={}, ends=self._ended())
        return float(values[0, COLUMN])

    def outcomes(self, wanted: Iterable[Outcome], dates: dict[str, str]) -> dict[str, float]:
        """Return outcomes with their windows at the end of the run, by name."""
        wanted = list(wanted)
        values = outcome_values(wanted, self.record(), dates=dates, ends=self._ended())
        return {each.text: float(row[COLUMN]) for each, row in zip(wanted, values, strict=True)}

    def reporter(self, name: str) -> Callable[[Any], float]:
        """Return the reporter of a metric, known to exist, for a DataCollector.

        Metrics of the end of a run are NaN before it.
        """
        parts = self._outcome(name).parts
        costly = any(METRICS[each.metric].when == END and each.kind != "sale" for each in parts)
        for each in parts:
            self._row(each)
        return partial(_report, name=name, at_end=costly)

    def names_of(self, outcomes: Iterable[str]) -> list[str]:
        """Return the metrics of outcomes, each once, without windows."""
        parts = (part for text in outcomes for part in parse_outcome(text).parts)
        return list(dict.fromkeys(_bare(part).text for part in parts))

    @property
    def _layout(self) -> Layout:
        return self._start.layout

    def _row(self, outcome: Outcome) -> int:
        row = row_of(outcome, self._layout)
        if row is None:
            message = f"{outcome.text}: {unrecorded(outcome)}"
            raise _refused(message)
        return row

    def _ended(self) -> EndMetrics:
        if self._final is None or self._final[0] != self.count:
            self._final = self.count, EndMetrics(self.record({}), Options())
        return self._final[1]

    def _outcome(self, name: str) -> Outcome:
        outcome, layout = parse_outcome(name), self._layout
        if any(part.window != OutcomeWindow() for part in outcome.parts):
            message = f"{name}: a model is read every period; remove the window"
            raise _refused(message)
        lists = {"state": layout.states, "bloc": layout.blocs, "system": layout.systems}
        for kind, each in outcome.names:
            if each not in lists[kind]:
                message = f"{name}: no {kind} {each}{meant(each, lists[kind])}"
                raise _refused(message)
        return outcome


def _refused(message: str) -> InputError:
    return refused("metrics", message)


def _report(model: Any, name: str, *, at_end: bool) -> float:
    return nan if at_end and not model.over else float(model.value(name))


def _bare(outcome: Outcome) -> Outcome:
    """Return an outcome without its window."""
    words = [outcome.metric, outcome.row, outcome.system]
    return parse_outcome(" ".join(word for word in words if word is not None))


def _wide(passed: Passed, rules: Rules) -> Series:
    """Return the metrics of a period, each with a full runs axis: (subjects, columns)."""
    runs = passed.world.log.offer.shape[-1]
    with defined(passed.world, passed.world.period):
        rows = collect(passed, rules)
    return {name: np.broadcast_to(row, (row.shape[0], runs)) for name, row in rows.items()}
