"""Outcomes of several models, or of several points of one, held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from sim.engine.selection import Engine
from sim.experiments.batch import LAYOUTS, Batch, engine_of
from sim.experiments.block_size import block_size
from sim.experiments.executor import Executor, Failed, Runner, executor_of, jobs_of, unstopped
from sim.experiments.options import Options, Progress, silent
from sim.experiments.outcomes import OutcomeReader, Outcomes, event_dates
from sim.kernel.errors import RunError
from sim.scenario.load import Scenario
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model

ROWS = 1000  # runs of a chunk: some seconds of work


@dataclass(frozen=True, kw_only=True, eq=False)
class PointRuns:
    """Some replicates of some points of a model."""

    points: np.ndarray  # (points,) their numbers in the design
    numbers: Mapping[str, np.ndarray] = field(default_factory=dict)  # path -> (points,)
    first: int  # first replicate
    stop: int  # replicate after the last

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return self.points.size * (self.stop - self.first)

    @property
    def keys(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the point and the replicate of each run."""
        runs = np.arange(self.first, self.stop)
        return np.repeat(self.points, runs.size), np.tile(runs, self.points.size)


@dataclass(frozen=True, kw_only=True, eq=False)
class PointWork:
    """Runs points of a model, block by block; it is sent to each process once."""

    model: Model
    read: OutcomeReader
    seed: int
    replicates: int
    engine: Engine = field(default_factory=Engine)
    independent: bool = False  # whether every point has randomness of its own

    def __call__(self, task: PointRuns) -> np.ndarray:
        """Return the outcomes of every run: (runs, outcomes)."""
        size = block_size(self.read.options.block, [LAYOUTS.of(self.model)])
        blocks = [slice(start, start + size) for start in range(0, task.rows, size)]
        return np.concatenate([self._block(task, rows) for rows in blocks])

    def _block(self, task: PointRuns, rows: slice) -> np.ndarray:
        points, runs = (keys[rows] for keys in task.keys)
        place = np.searchsorted(task.points, points)
        batch = Batch(
            model=self.model,
            runs=runs + points * self.replicates if self.independent else runs,
            numbers={path: values[place] for path, values in task.numbers.items()},
            seed=self.seed,
            read=self.read,
            engine=self.engine,
        )
        return np.ascontiguousarray(batch.result().T)


def outcomes_of(
    models: Mapping[str, Model],
    outcomes: Sequence[Outcome],
    *,
    runs: int,
    seed: int,
    dates: Mapping[str, str],
    numbers: Mapping[str, np.ndarray] | None = None,
    options: Options | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
    rows: int = ROWS,
    expected: int = 0,
    stop: Callable[[], bool] = unstopped,
) -> dict[str, np.ndarray]:
    """Return the outcomes of each model: (points, runs, outcomes).

    `numbers` holds the value of each dotted path at each point, (points,); without it there is one
    point. All models and points share their randomness by run. A task has about `rows` runs. The
    engine is selected for these runs, or for `expected` runs if they are more, so that later calls
    use the same. RunError if a part fails twice; Interrupted when `stop` returns True.
    """
    options = options or Options()
    columns = {path: np.asarray(column) for path, column in (numbers or {}).items()}
    points = len(next(iter(columns.values()))) if columns else 1
    read = OutcomeReader(tuple(outcomes), dates, options)
    values = {name: np.empty((points, runs, len(outcomes))) for name in models}
    parts = list(cut(np.arange(points), columns, runs, rows))
    tasks = [(name, task) for name in models for task in parts]
    texts = {"outcomes": tuple(outcome.text for outcome in outcomes)}  # for the layout

    def work(name: str) -> PointWork:
        model = models[name].model_copy(update=texts)
        return PointWork(model=model, read=read, seed=seed, replicates=runs, engine=engine)

    count, total = 0, points * runs * len(models)
    of_all = max(total, expected)
    engine = engine_of(options.engine, of_all, ((models[name], columns) for name in models))
    runner = Runner(executor or executor_of(options.jobs), stop=stop)
    with closing(runner.results(jobs_of(tasks, work))) as results:
        for (name, _), (task, table) in zip(tasks, results, strict=True):
            if isinstance(table, Failed):
                raise _error_of(name, task, table)
            cells = table.reshape(task.points.size, -1, len(outcomes))
            values[name][task.points, task.first : task.stop] = cells
            count += task.rows
            progress(count, total)
    return values


def variant_outcomes(
    scenario: Scenario,
    variants: Sequence[str],
    options: Options,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Outcomes:
    """Return the outcomes of some variants of a scenario, without writing files."""
    values = outcomes_of(
        {name: scenario.variants[name] for name in variants},
        scenario.outcomes,
        runs=scenario.base.runs,
        seed=scenario.base.seed,
        dates=event_dates(scenario),
        options=options,
        executor=executor,
        progress=progress,
    )
    return Outcomes(
        outcomes=scenario.outcomes,
        values={name: each[0].T for name, each in values.items()},
        drawn={name: {} for name in variants},
    )


def cut(
    points: np.ndarray, numbers: Mapping[str, np.ndarray], replicates: int, rows: int = ROWS
) -> Iterator[PointRuns]:
    """Yield tasks of about `rows` runs each: whole points, or replicates of one point.

    `numbers` holds the value of each path at every point of the design.
    """
    each = max(1, rows // replicates)
    for at in range(0, points.size, each):
        some = points[at : at + each]
        values = {path: column[some] for path, column in numbers.items()}
        for first in range(0, replicates, rows):
            stop = min(first + rows, replicates)
            yield PointRuns(points=some, numbers=values, first=first, stop=stop)


def _error_of(name: str, task: PointRuns, failed: Failed) -> RunError:
    """Return the error of a task that failed twice, with its points."""
    first = int(task.points[0])
    values = ", ".join(f"{path}={column[0]:g}" for path, column in task.numbers.items())
    where = f"points {first} to {int(task.points[-1])} of {name}"
    return RunError(f"{where}: {failed}" + (f"\n  point {first}: {values}" if values else ""))
