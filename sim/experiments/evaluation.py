"""Outcomes of many models, or of many points of one, held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pickle import dumps

import numpy as np

from sim.experiments.batch import Batch
from sim.experiments.executor import Executor, Failed, Job, Runner, done, executor_of
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

    points: np.ndarray  # (points,) numbers
    numbers: Mapping[str, np.ndarray] = field(default_factory=dict)  # path -> (points,)
    first: int  # replicates from here
    stop: int  # to before here

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
    """Runs points of a model, block by block; it travels to each process once."""

    model: Model
    read: OutcomeReader
    seed: int
    replicates: int
    independent: bool = False  # every point draws randomness of its own

    def __call__(self, task: PointRuns) -> np.ndarray:
        """Return the outcomes of every run: (runs, outcomes)."""
        size = self.read.options.block
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
) -> dict[str, np.ndarray]:
    """Return the outcomes of each model: (points, runs, outcomes).

    `numbers` holds the value of each dotted path at each point, (points,); without it there is one
    point. All models and points share their randomness by run. RunError if a part fails twice.
    """
    options, columns = options or Options(), numbers or {}
    points = len(next(iter(columns.values()))) if columns else 1
    read = OutcomeReader(tuple(outcomes), dates, options)
    values = {name: np.empty((points, runs, len(outcomes))) for name in models}
    tasks = [(name, task) for name in models for task in _tasks(points, runs, columns)]
    jobs = _jobs(tasks, models, read, runs, seed)
    count, total = 0, points * runs * len(models)
    runner: Runner[Job, np.ndarray] = Runner(done, executor or executor_of(options.jobs))
    with closing(runner.results(jobs)) as results:
        for (name, task), (_, table) in zip(tasks, results, strict=True):
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
    """Return the outcomes of some variants of a scenario; nothing is written."""
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


def _tasks(points: int, runs: int, columns: Mapping[str, np.ndarray]) -> Iterator[PointRuns]:
    """Yield tasks of about `ROWS` runs: whole points, or replicates of one point."""
    each = max(1, ROWS // runs)
    for at in range(0, points, each):
        some = np.arange(at, min(at + each, points))
        numbers = {path: np.asarray(column)[some] for path, column in columns.items()}
        for start in range(0, runs, ROWS):
            stop = min(start + ROWS, runs)
            yield PointRuns(points=some, numbers=numbers, first=start, stop=stop)


def _jobs(
    tasks: Sequence[tuple[str, PointRuns]],
    models: Mapping[str, Model],
    read: OutcomeReader,
    runs: int,
    seed: int,
) -> Iterator[Job]:
    """Yield each task with the work of its model, which is pickled once a model."""
    texts = {"outcomes": tuple(outcome.text for outcome in read.outcomes)}  # a layout records them
    before, work = "", b""
    for name, task in tasks:
        if not work or name != before:
            model = models[name].model_copy(update=texts)
            before = name
            work = dumps(PointWork(model=model, read=read, seed=seed, replicates=runs))
        yield Job(work, task)


def _error_of(name: str, task: PointRuns, failed: Failed) -> RunError:
    """Return the error of a task that failed twice, with its points."""
    first = int(task.points[0])
    values = ", ".join(f"{path}={column[0]:g}" for path, column in task.numbers.items())
    where = f"points {first} to {int(task.points[-1])} of {name}"
    return RunError(f"{where}: {failed}" + (f"\n  point {first}: {values}" if values else ""))
