"""Outcomes: one number per run, read from the record of a batch of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.batch import BatchRecord
from sim.experiments.effects import Effect, paired_effect
from sim.experiments.exact import EndMetrics
from sim.experiments.intervals import Interval, mean_interval, share_interval
from sim.experiments.options import Options
from sim.kernel.arrays import NONE
from sim.kernel.layout.layout import Layout
from sim.kernel.simulate import Record
from sim.kernel.world import Log
from sim.metrics.catalogue import END, METRICS, smallest_effect
from sim.metrics.sales import DATED, OF_HOLDER, STAGES
from sim.records.kinds import MANIFEST
from sim.records.results import Results
from sim.records.soundness import damaged
from sim.scenario.compile.layouts import row_of
from sim.scenario.load import Scenario
from sim.scenario.schema.contrasts import Pair
from sim.scenario.schema.outcome_syntax import Outcome, is_former, spelled
from sim.scenario.schema.root import Model


@dataclass(frozen=True, eq=False)
class OutcomeReader:
    """Reads outcomes from a batch of runs."""

    outcomes: tuple[Outcome, ...]
    dates: Mapping[str, str]  # event -> date
    options: Options

    def __call__(self, batch: BatchRecord, ends: EndMetrics | None = None) -> np.ndarray:
        """Return every outcome in every run, (outcomes, runs); `ends` are shared end metrics."""
        ends = ends or EndMetrics(batch.record, self.options)
        table = outcome_values(self.outcomes, batch.record, dates=self.dates, ends=ends)
        return table[:, : batch.count]


def outcome_values(
    outcomes: Sequence[Outcome], record: Record, *, dates: Mapping[str, str], ends: EndMetrics
) -> np.ndarray:
    """Return every outcome in every column of a record: (outcomes, columns)."""
    columns = record.end.log.offer.shape[-1]
    values = [_value(each, record, dates, ends) for each in outcomes]
    return np.asarray(np.add(np.reshape(values, (-1, columns)), 0.0))  # turns -0 into 0


def _value(
    outcome: Outcome, record: Record, dates: Mapping[str, str], ends: EndMetrics
) -> np.ndarray:
    if outcome.less is not None:
        one, other = (_value(part, record, dates, ends) for part in outcome.parts)
        return np.asarray(one - other)
    layout = record.end.layout
    row = row_of(outcome, layout)
    if row is None:  # the variant lacks the subject
        return np.full(record.end.log.offer.shape[-1], np.nan)
    if outcome.kind == "sale":
        return _sale(outcome, record.end.log, layout)
    if METRICS[outcome.metric].when == END:
        return ends.metric(outcome.metric, row)
    series = record.series[outcome.metric][:, row]
    return _in_window(outcome, series, layout, dates)


def in_unit(metric: str) -> bool:
    """Return whether a metric is 0 or 1, so that outcomes of it differ by 1 at most."""
    return METRICS[metric].unit == "0 or 1"


def is_bounded(outcome: Outcome) -> bool:
    """Return whether an outcome lies between 0 and 1; a difference does not."""
    return in_unit(outcome.metric) and outcome.less is None


def is_share(outcome: Outcome) -> bool:
    """Return whether an outcome is 0 or 1 in each run, so that its mean is a share of runs."""
    whole = outcome.window.kind in {"end", "at", "by"}
    return is_bounded(outcome) and whole


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """Every outcome of every run, and the numbers that differ between runs."""

    outcomes: Sequence[Outcome]
    values: Mapping[str, np.ndarray]  # variant -> (outcomes, runs), the reference first
    drawn: Mapping[str, Mapping[str, np.ndarray]]  # variant -> path -> (runs,)

    @property
    def runs(self) -> int:
        """Return the number of runs of each variant."""
        return int(next(iter(self.values.values())).shape[1])

    @property
    def paths(self) -> list[str]:
        """Return the paths of the numbers that differ between runs in any variant."""
        return sorted({path for drawn in self.drawn.values() for path in drawn})

    def level(self, variant: str, at: int) -> Interval:
        """Return the mean of an outcome with its interval."""
        values = self.values[variant][at]
        return share_interval(values) if is_share(self.outcomes[at]) else mean_interval(values)

    def effect(self, pair: Pair, at: int, smallest: Mapping[str, float]) -> Effect:
        """Return the effect on an outcome; `smallest` overrides smallest effects by metric."""
        values, reference = (self.values[variant][at] for variant in pair)
        outcome = self.outcomes[at]
        least = smallest_effect(outcome.metric, smallest)
        return paired_effect(values, reference, smallest=least, share=is_bounded(outcome))


def outcomes_in(results: Results) -> Outcomes:
    """Return the outcomes of stored results, without metrics that no longer exist.

    ResultError if one cannot be read.
    """
    table = results["outcomes"]
    names = [name for name in results.manifest["outcomes"] if not is_former(name)]
    try:
        outcomes = [spelled(name) for name in names]
    except ValueError as error:
        raise damaged(results.folder / MANIFEST, str(error)) from None
    return Outcomes(
        outcomes=outcomes,
        values={
            variant: table.loc[table["variant"] == variant, names].to_numpy(dtype=np.float64).T
            for variant in results.variants
        },
        drawn={},
    )


def dates_of(model: Model) -> dict[str, str]:
    """Return the dates of a model's events, without those on a condition."""
    return {name: event.at for name, event in model.events.items() if event.at is not None}


def event_dates(scenario: Scenario) -> dict[str, str]:
    """Return the date of every event, from the first variant that has it."""
    dates: dict[str, str] = {}
    for model in scenario.variants.values():
        dates = {**dates_of(model), **dates}
    return dates


def _in_window(
    outcome: Outcome, series: np.ndarray, layout: Layout, dates: Mapping[str, str]
) -> np.ndarray:
    """Return the value of a series (periods, runs) in the window of an outcome: (runs,)."""
    window, calendar = outcome.window, layout.calendar
    last = len(calendar) - 1
    if window.kind == "end":
        return np.asarray(series[last])
    if window.kind == "after":
        event = calendar.index(dates[window.event or ""])
        start, end = event + window.first, event + window.last
    else:
        start = calendar.index(window.start or "")
        end = calendar.last_index(window.end or window.start or "")
    if window.kind == "at":
        return np.asarray(series[end])
    if window.kind == "by":
        return np.asarray(series[: end + 1].max(axis=0))
    part = series[max(start, 0) : min(end, last) + 1]
    if part.shape[0] == 0:
        return np.full(series.shape[-1], np.nan)
    total = part[0]
    for row in part[1:]:
        total = total + row
    return np.asarray(total / part.shape[0])


def _sale(outcome: Outcome, log: Log, layout: Layout) -> np.ndarray:
    """Return whether a stage of a sale was reached, 0 or 1, in every run."""
    supplier, recipient = (layout.states.index(name) for name in outcome.subject)
    system = layout.systems.index(outcome.system or "")
    mine = (layout.supplier == supplier) & (layout.system == system)
    offer = np.maximum(log.offer, 0)
    state = log.recipient
    if outcome.metric in OF_HOLDER:
        state = np.where(log.heir == NONE, log.recipient, log.heir)
    there = (log.offer != NONE) & (state == recipient) & mine[offer]
    until = len(layout.calendar) - 1
    if outcome.window.kind == "by":
        until = layout.calendar.last_index(outcome.window.start or "")
    when = layout.requested[:, None]
    if outcome.metric in DATED:
        when = getattr(log, DATED[outcome.metric]) - layout.calendar.first
    reached = there & STAGES[outcome.metric](log) & (when <= until)
    return np.asarray(reached.any(axis=0) * 1.0)
