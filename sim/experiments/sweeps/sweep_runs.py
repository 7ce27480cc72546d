"""Runs of a sweep: the missing chunks are run and kept, by the engine of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow as pa

from sim.engine.engine_names import AUTO, ENGINES
from sim.engine.selection import Engine
from sim.experiments.chunk_store import ChunkStore
from sim.experiments.executor import Executor, Failed, GoneError, Runner
from sim.experiments.options import Progress
from sim.experiments.sweeps.sweep_results import KEYS
from sim.experiments.sweeps.sweep_table import Chunk, SweepTask
from sim.kernel.errors import Interrupted, ResultError, RunError


@contextmanager
def filled(
    task: SweepTask,
    store: ChunkStore,
    chunks: Sequence[Chunk],
    place: Executor,
    progress: Progress,
) -> Iterator[None]:
    """Run the missing chunks, then the block; an interruption of either says what is kept.

    RunError if a chunk fails twice.
    """
    missing = [chunk for chunk in chunks if not store.done(chunk.name, chunk.rows)]
    ahead = task.runs - sum(chunk.rows for chunk in missing)
    try:
        failed = _fill(task, store, missing, place, lambda n: progress(ahead + n, task.runs))
        if failed:
            raise RunError(_report(failed, task, store.folder))
        yield
    except (KeyboardInterrupt, GoneError) as stop:
        store.read_ledger()  # as the disk has it
        kept = sum(chunk.rows for chunk in chunks if store.done(chunk.name, chunk.rows))
        message = (
            f"{str(stop) or 'interrupted'}: {kept:,} of {task.runs:,} runs are kept in "
            f"{store.folder}; the same command resumes"
        )
        raise (RunError if isinstance(stop, GoneError) else Interrupted)(message) from None


def _fill(
    task: SweepTask,
    store: ChunkStore,
    missing: Sequence[Chunk],
    place: Executor,
    progress: Callable[[int], None],
) -> list[tuple[Chunk, Failed]]:
    """Run and keep the missing chunks; return those that failed twice."""
    failed, count = [], 0
    engine = _engine(task, store)
    with closing(Runner(place).results(task.jobs(missing, engine))) as results:
        for chunk, outcomes in results:
            if isinstance(outcomes, Failed):
                failed.append((chunk, outcomes))
                continue
            point, run = chunk.keys
            variant = pa.array([chunk.variant] * chunk.rows).dictionary_encode()
            columns = dict(zip(KEYS, (variant, point, run), strict=True))
            columns |= dict(zip(task.outcomes, outcomes.T, strict=True))
            store.put(chunk.name, columns, KEYS)
            count += chunk.rows
            progress(count)
    return failed


def _engine(task: SweepTask, store: ChunkStore) -> Engine:
    """Return the engine, which has to be that of the runs that exist; else ResultError."""
    asked = task.options.engine
    known = (store.state or {}).get("engine")
    refuse_other_engine(asked, known, store.folder)
    engine = task.engine(known if known in ENGINES else asked)
    if known in ENGINES and engine.name != known:
        message = (
            f"{store.folder}: its runs were computed by the {known} engine, and here "
            f"{engine.reason}; give another --out"
        )
        raise ResultError(message)
    if engine.name != known:
        store.keep(engine=engine.name, reason=engine.reason)
    return engine


def refuse_other_engine(asked: str, known: str | None, folder: Path) -> None:
    """Raise ResultError if another engine is asked for than that of the runs that exist."""
    if known in ENGINES and asked not in (AUTO, known):
        message = (
            f"{folder}: its runs were computed by the {known} engine; "
            f"give --engine {known} or another --out"
        )
        raise ResultError(message)


def _report(failed: Sequence[tuple[Chunk, Failed]], task: SweepTask, folder: Path) -> str:
    lines = []
    for chunk, why in failed:
        first, last = int(chunk.points[0]), int(chunk.points[-1])
        columns = {path: column[first] for path, column in task.design.columns.items()}
        values = ", ".join(f"{path}={each}" for path, each in columns.items() if each == each)  # noqa: PLR0124 - nan keeps the model's own value
        lines += [f"points {first} to {last} of variant {chunk.variant} failed twice: {why}"]
        lines += [f"  point {first}: {values}"]
    rest = f"all other runs are kept in {folder}; the same command makes only the missing ones"
    return "\n".join([*lines, rest])
