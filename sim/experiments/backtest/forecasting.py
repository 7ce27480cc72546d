"""Forecasts of the model: an ensemble that is forced up to the origin, then free."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import numpy as np

from sim.dates import MONTHS
from sim.experiments.backtest.observed import EXIT
from sim.experiments.backtest.origin import PIPELINE, YEAR, AtOrigin
from sim.experiments.pool import blocks
from sim.scenario.build import build
from sim.scenario.layouts import layout_of
from sim.simulate import Record, simulate

BLOCK = 250  # runs computed together


@dataclass(frozen=True, eq=False)
class Forecast:
    """What an ensemble shows of the years after an origin."""

    years: tuple[int, ...]
    dyads: tuple[tuple[str, str], ...]  # supplier, recipient
    members: tuple[tuple[str, str], ...]  # state, bloc
    tiv: np.ndarray  # (dyads, years, runs) delivered
    stages: np.ndarray  # (members, runs) at the end of the last year; EXIT where left


@dataclass(frozen=True)
class Runs:
    """Some runs, from `start` to before `stop`."""

    start: int
    stop: int

    def __str__(self) -> str:
        """Return which runs these are."""
        return f"runs {self.start} to {self.stop - 1} of the forecast"


@dataclass(frozen=True, eq=False)
class Forecasting:
    """What all blocks share; it travels to each process once."""

    at: AtOrigin
    seed: int

    def worker(self) -> Forecasting:
        """Return what runs the blocks in one process: this, which has no state."""
        return self

    def run(self, task: Runs) -> tuple[np.ndarray, np.ndarray]:
        """Return deliveries and stages of some runs."""
        numbers = np.arange(task.start, task.stop)
        model = self.at.model
        built = build(model, runs=numbers, seed=self.seed, given=self._paid(numbers))
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        return self._delivered(record, numbers.size), self._stages(record, numbers.size)

    def _paid(self, numbers: np.ndarray) -> dict[str, np.ndarray]:
        """Return what each forced delivery costs in each run, by path.

        The same runs without any trade show what each state sets aside; chance is addressed, so
        that its economy is the same there.
        """
        if not self.at.shares:
            return {}
        income = self._income(numbers)
        paid = {}
        for name, (recipient, year, share) in self.at.shares.items():
            first, series = income[recipient]
            since = self._before(recipient, year, first)
            if year > self.at.origin - PIPELINE:
                continue  # paid for when it was ordered, as orders of the laws now are
            amount = series[since - first : year - first].sum(axis=0) * share
            paid[f"events.{name}.transfer.value"] = np.maximum(amount, 0.0)
        return paid

    def _before(self, recipient: str, year: int, first: int) -> int:
        """Return the last year before one in which a state had deliveries; the first if none."""
        years = {each[1] for each in self.at.shares.values() if each[0] == recipient}
        return max([each for each in years if each < year], default=first)

    def _income(self, numbers: np.ndarray) -> dict[str, tuple[int, np.ndarray]]:
        """Return what each state sets aside a year: first year, (years, runs)."""
        at = self.at
        events = {name: e for name, e in at.model.events.items() if name not in at.shares}
        offers = {name: o.model_copy(update={"open": False}) for name, o in at.model.offers.items()}
        time = at.model.time.model_copy(update={"end": f"{at.origin}-12"})
        events = {name: e for name, e in events.items() if int(e.at[:4]) <= at.origin}
        idle = at.model.model_copy(update={"events": events, "offers": offers, "time": time})
        built = build(idle, runs=numbers, seed=self.seed)
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        years = _years(record)
        found = {}
        for row, state in enumerate(record.end.layout.states):
            fund = record.series["fund"][:, row, : numbers.size]
            begin = record.start.fund[row, : numbers.size]
            ends = [fund[np.flatnonzero(years == year)[-1]] for year in np.unique(years)]
            found[state] = int(years[0]), np.diff(np.stack([begin, *ends]), axis=0)
        return found

    def _delivered(self, record: Record, runs: int) -> np.ndarray:
        """Return what was delivered in each year after the origin: (dyads, years, runs)."""
        years = _years(record)
        supplied = record.series["supplied"][..., :runs]
        sums = [supplied[years == year].sum(axis=0) for year in _after(self.at)]
        return np.stack(sums, axis=1)

    def _stages(self, record: Record, runs: int) -> np.ndarray:
        """Return the stage of each member at the end: (members, runs)."""
        state, bloc = record.end.layout.members.T
        left = record.end.exited[state, bloc, :runs] > 0
        return np.where(left, EXIT, record.series["stage"][-1][..., :runs])


def forecast(at: AtOrigin, *, runs: int, seed: int, jobs: int) -> Forecast:
    """Return the forecast of a model from its origin."""
    tasks = [Runs(start, min(start + BLOCK, runs)) for start in range(0, runs, BLOCK)]
    with closing(blocks(Forecasting(at, seed), tasks, min(jobs, len(tasks)))) as found:
        parts = list(found)
    layout = layout_of(at.model)
    return Forecast(
        years=tuple(_after(at)),
        dyads=tuple((layout.states[s], layout.states[i]) for i, s in layout.supplies.tolist()),
        members=tuple((layout.states[i], layout.blocs[b]) for i, b in layout.members.tolist()),
        tiv=np.concatenate([tiv for tiv, _ in parts], axis=-1),
        stages=np.concatenate([stages for _, stages in parts], axis=-1),
    )


def _after(at: AtOrigin) -> range:
    return range(at.origin + 1, at.last + 1)


def _years(record: Record) -> np.ndarray:
    """Return the year of every period."""
    calendar = record.end.layout.calendar
    month = MONTHS[calendar.period] * (calendar.first + np.arange(len(calendar)))
    return np.asarray(month // YEAR)
