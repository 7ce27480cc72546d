"""The solution of a calibration: simulations, forests, the posterior and its predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from sim.experiments.batch import BatchRecord, DesignRows, PatternReader, rows_of
from sim.experiments.calibration.inference import (
    Fit,
    Identified,
    Learned,
    Recovery,
    identified,
    self_recovery,
)
from sim.experiments.calibration.targets import Target, blurred, observed, summaries
from sim.experiments.chunk_store import ChunkStore
from sim.experiments.executor import Executor, Serial, results_of
from sim.experiments.options import Progress
from sim.experiments.priors import PriorPoints
from sim.kernel.dates import MONTHS, Calendar, last_month
from sim.kernel.errors import RunError
from sim.patterns.pattern import Pattern
from sim.scenario.schema.root import Model

CHUNK = 500  # rows of a chunk: as many as a block of runs


def until(model: Model, end: str) -> Model:
    """Return the model up to the end of a date, without periods that end later."""
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    last = (last_month(end) + 1) // MONTHS[calendar.period] - 1
    if last >= calendar.last:
        return model
    events = {
        name: event
        for name, event in model.events.items()
        if event.at is None or calendar.number(event.at) <= last
    }
    time = model.time.model_copy(update={"end": calendar.label(last - calendar.first)})
    cut = model.model_copy(update={"time": time, "events": events})
    cut.keep_posterior(model.posterior)
    return cut


@dataclass(frozen=True)
class QuantityReader:
    """Reads the quantities of some checks of patterns: (rows, checks)."""

    patterns: Mapping[str, Pattern]
    names: tuple[str, ...]

    def __call__(self, batch: BatchRecord) -> np.ndarray:
        """Return the quantities of every run."""
        by_check = PatternReader(self.patterns)(batch).by_name()
        return np.stack([by_check[name] for name in self.names], axis=1)


@dataclass(frozen=True, eq=False)
class Timed:
    """Simulates rows of a design and measures the time."""

    simulate: Callable[[DesignRows], np.ndarray]

    def __call__(self, rows: DesignRows) -> tuple[np.ndarray, float]:
        """Return the quantities (rows, targets) and the seconds that the simulation took."""
        clock = perf_counter()
        return self.simulate(rows), perf_counter() - clock


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """The targets, design and simulations of a calibration."""

    targets: tuple[Target, ...]
    design: PriorPoints
    simulate: Callable[[DesignRows], np.ndarray]  # quantities (rows, targets)
    seed: int
    checks: int = 200  # runs of the posterior that are compared with the patterns
    jobs: int = 1  # threads for learning forests
    executor: Executor = Serial()


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """A posterior, with its diagnostics."""

    fit: Fit
    values: dict[str, np.ndarray]  # path -> (kept,) values of the weighted rows
    identified: list[Identified]
    prior_values: np.ndarray  # (rows, targets) quantities over the design
    posterior_values: np.ndarray  # (checks, targets) over runs of the posterior
    recovery: Recovery


def solved(exercise: Exercise, store: ChunkStore | None, progress: Progress) -> Solution:
    """Return the solution of an exercise; stored chunks are not run again."""
    design = exercise.design
    total = design.rows + exercise.checks
    table = simulated(exercise, design, lambda n: progress(n, total), store=store)
    _refuse_undefined(exercise, table)
    learned = learn(exercise, table)
    fit = learned.fit(observation(exercise, learned))
    redrawn = PriorPoints(design.priors, drawn_rows(fit, exercise.checks))
    checked = simulated(
        exercise, redrawn, lambda n: progress(design.rows + n, total), first=design.rows
    )
    return Solution(
        fit=fit,
        values=PriorPoints(design.priors, fit.quantiles).values(),
        identified=identified(design.priors, learned, fit),
        prior_values=table,
        posterior_values=checked,
        recovery=self_recovery(learned, seed=exercise.seed, jobs=exercise.jobs),
    )


def _refuse_undefined(exercise: Exercise, table: np.ndarray) -> None:
    """Raise RunError if a target is undefined in all runs, so that it cannot be fitted."""
    nowhere = np.isnan(table).all(axis=0)
    names = [each.name for each, empty in zip(exercise.targets, nowhere, strict=True) if empty]
    if names:
        message = (
            f"undefined in every run: {', '.join(names)}; is the window within the scenario's "
            "span, and before the vantage?"
        )
        raise RunError(message)


def learn(exercise: Exercise, table: np.ndarray) -> Learned:
    """Return the forests learned from the simulations of the design."""
    design = exercise.design
    seen = blurred(exercise.targets, table, seed=exercise.seed, runs=np.arange(design.rows))
    return Learned(
        design.quantiles,
        summaries(exercise.targets, seen),
        seed=exercise.seed,
        jobs=exercise.jobs,
    )


def observation(exercise: Exercise, learned: Learned) -> np.ndarray:
    """Return the statistics of the historical figures: (fitted numbers,)."""
    shown = summaries(exercise.targets, observed(exercise.targets))
    return np.asarray(learned.statistic(shown)[0])


def simulated(
    exercise: Exercise,
    points: PriorPoints,
    progress: Callable[[int], None],
    *,
    first: int = 0,
    store: ChunkStore | None = None,
) -> np.ndarray:
    """Return the quantities (rows, targets) at some points, in runs numbered from `first`."""
    names = [target.name for target in exercise.targets]
    table, missing = np.empty((points.rows, len(names))), []
    for rows in rows_of(first + np.arange(points.rows), points.values(), CHUNK):
        if store is None or not store.done(_chunk(rows), rows.runs.size):
            missing.append(rows)
            continue
        stored = store.read(_chunk(rows))
        for at, name in enumerate(names):
            table[rows.start : rows.stop, at] = stored.column(name).to_numpy()
    done = points.rows - sum(rows.runs.size for rows in missing)
    progress(done)
    work = Timed(exercise.simulate)
    with closing(results_of(work, missing, exercise.executor)) as running:
        for rows, (quantities, seconds) in zip(missing, running, strict=True):
            table[rows.start : rows.stop] = quantities
            if store is not None:
                columns = {"row": np.arange(rows.start, rows.stop)}
                columns |= dict(zip(names, quantities.T, strict=True))
                store.put(_chunk(rows), columns, (), seconds=round(seconds, 3))
            done += rows.runs.size
            progress(done)
    return table


def _chunk(rows: DesignRows) -> str:
    return f"{rows.start:09d}-{rows.stop:09d}"


def drawn_rows(fit: Fit, count: int) -> np.ndarray:
    """Return rows of the posterior in proportion to their weights: (count, numbers)."""
    ends = np.cumsum(fit.weights)
    levels = (np.arange(count) + 0.5) / max(count, 1) * ends[-1]
    at = np.minimum(np.searchsorted(ends, levels, side="right"), len(ends) - 1)
    return np.asarray(fit.quantiles[at])
