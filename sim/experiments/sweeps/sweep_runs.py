"""Runs of a sweep: the missing chunks are run and kept, by the engine of the others.

Workers write their chunks themselves and return lines of the ledger. A worker that cannot write in
the folder returns the chunk, and this process writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from warnings import warn

from sim.engine.engine_names import AUTO, ENGINES
from sim.engine.selection import Engine
from sim.experiments.chunk_files import ChunkPlace
from sim.experiments.chunk_store import SEEN, ChunkStore
from sim.experiments.executor import Executor, Failed, GoneError, Runner
from sim.experiments.options import Progress
from sim.experiments.sweeps.chunk_work import SentChunk, WrittenChunk
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
    failed, count, left = [], 0, list(missing)
    engine = _engine(task, store)
    with store.open_to_workers() as folder:
        keeper = ChunkKeeper(store, folder)
        while left:  # at most twice: the second time workers return the chunks
            chunks, left = {chunk.name: chunk for chunk in left}, []
            jobs = task.jobs(chunks.values(), engine, keeper.wanted)
            with closing(Runner(place, in_order=False).results(jobs)) as results:
                for each, result in results:
                    chunk = chunks[each.name]
                    if isinstance(result, Failed):
                        failed.append((chunk, result))
                    elif keeper.keep(result):
                        count += chunk.rows
                        progress(count)
                    else:
                        left.append(chunk)
    return failed


@dataclass(eq=False)
class ChunkKeeper:
    """Enters the chunks of workers in the ledger, and writes those that they return."""

    store: ChunkStore
    folder: ChunkPlace | None  # None: files of workers do not appear here
    warned: bool = False

    def wanted(self) -> ChunkPlace | None:
        """Return the folder to which workers write."""
        return self.folder

    def keep(self, result: WrittenChunk | SentChunk) -> bool:
        """Keep a chunk; return False if the file that its worker wrote does not appear here."""
        if isinstance(result, SentChunk):
            self.store.add(result.file)
            if result.why:
                self._warn(f"workers cannot write in this folder ({result.why})")
            return True
        seen = self.store.sees(result.entry, within=SEEN if self.folder else 0)
        if seen:
            self.store.enter(result.entry)
        else:
            self.folder = None
            self._warn("workers write to another folder of this name")
        return seen

    def _warn(self, what: str) -> None:
        if not self.warned:
            self.warned = True
            rest = "they send their runs to this process, which writes them"
            warn(f"{self.store.folder}: {what}; {rest}", stacklevel=2)


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
