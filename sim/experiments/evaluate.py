"""Evaluate: outcomes of many models, or of many points of one, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import numpy as np

from sim.experiments.ensemble import Progress
from sim.experiments.executor import Executor, Failed, Runner, executor_of
from sim.experiments.options import Options
from sim.experiments.sweeps.chunks import ROWS, Chunk, SweepPlan, done, jobs_of
from sim.kernel.errors import RunError
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model


def outcomes_of(
    models: Mapping[str, Model],
    outcomes: Sequence[Outcome],
    *,
    runs: int,
    seed: int,
    dates: Mapping[str, str],
    given: Mapping[str, np.ndarray] | None = None,
    options: Options | None = None,
    workplace: Executor | None = None,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Return the outcomes of each model: (points, runs, outcomes).

    `given` holds the value of each dotted path at each point, (points,); without it there is one
    point. All models and points share their randomness by run. RunError if a part fails twice.
    """
    options = options or Options()
    columns = given or {}
    points = len(next(iter(columns.values()))) if columns else 1
    texts = {"outcomes": tuple(outcome.text for outcome in outcomes)}  # what a layout records
    plan = SweepPlan(
        models={(0, name): model.model_copy(update=texts) for name, model in models.items()},
        outcomes=tuple(outcomes),
        dates=dates,
        seed=seed,
        options=options,
        replicates=runs,
        independent=False,
    )
    chunks = [
        _chunk(name, range(at, min(at + each, points)), columns, slice(start, stop))
        for each in [max(1, ROWS // runs)]
        for name in models
        for at in range(0, points, each)
        for start, stop in _spans(runs)
    ]
    place = workplace or executor_of(options.jobs)
    found = {name: np.empty((points, runs, len(outcomes))) for name in models}
    ahead, total = 0, points * runs * len(models)
    with closing(Runner(done, place).results(jobs_of(plan, chunks))) as results:
        for job, table in results:
            chunk = job.chunk
            if isinstance(table, Failed):
                raise _told(chunk, table)
            cells = table.reshape(chunk.points.size, -1, len(outcomes))
            found[chunk.variant][chunk.points, chunk.first : chunk.stop] = cells
            ahead += chunk.rows
            if progress is not None:
                progress(ahead, total)
    return found


def _spans(runs: int) -> list[tuple[int, int]]:
    """Return the replicates of each chunk, from and to before."""
    return [(start, min(start + ROWS, runs)) for start in range(0, runs, ROWS)]


def _chunk(name: str, points: range, columns: Mapping[str, np.ndarray], span: slice) -> Chunk:
    """Return a chunk of some points."""
    some = np.array(points)
    return Chunk(
        name=name,
        group=0,
        variant=name,
        points=some,
        given={path: np.asarray(column)[some] for path, column in columns.items()},
        first=span.start,
        stop=span.stop,
    )


def _told(chunk: Chunk, failed: Failed) -> RunError:
    """Return the error of a chunk that failed twice, with its points."""
    first = int(chunk.points[0])
    values = ", ".join(f"{path}={column[0]:g}" for path, column in chunk.given.items())
    where = f"points {first} to {int(chunk.points[-1])} of {chunk.variant}"
    return RunError(f"{where}: {failed}" + (f"\n  point {first}: {values}" if values else ""))
