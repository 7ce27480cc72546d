"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sim.cli.ending import say
from sim.errors import ResultError
from sim.experiments.workplaces import follow_parent, held_back
from sim.records.read import load_results
from sim.records.soundness import damage

if TYPE_CHECKING:
    from sim.plots.tables import Tables

T = TypeVar("T")


def plot_command(folder: Path, what: list[str] | None) -> None:
    """Draw figures of a result and say where they are."""
    results = load_results(folder)
    if not len(results):
        message = f"{folder}: holds no tables to draw; `blocsim run` makes them"
        raise ResultError(message)
    for path in (folder / f"{name}.csv" for name in results):
        if not path.stat().st_size:
            message = f"{path}: cannot be read as a table (it is empty); the result is damaged"
            raise ResultError(message)
    try:
        paths = draw(folder, what)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        if (wrong := damage(folder, results.manifest)) is None:
            raise
        message = f"{wrong}; such tables cannot be drawn"
        raise ResultError(message) from None
    for path in paths:
        say(str(path))


def draw(folder: Path, what: list[str] | None, *, pool: Pool | None = None) -> list[Path]:
    """Draw figures of the tables in a folder; return their paths.

    A pool draws the last of them while this process draws the first.
    """
    from sim.plots import FIGURES, STRUCTURAL, draw_all  # noqa: PLC0415 - matplotlib is costly
    from sim.plots.draw import read_tables  # noqa: PLC0415

    if pool is None or what is not None:
        return list(draw_all(folder, what))
    names = [name for name in FIGURES if name not in STRUCTURAL]
    gc.disable()
    last_first = [(name, pool.submit(_elsewhere, folder, name)) for name in reversed(names)]
    tables, drawn = read_tables(folder), []
    for name, task in reversed(last_first):  # until the others have come this far
        drawn += draw_all(folder, [name], tables=tables) if task.cancel() else task.result()
    gc.enable()
    return sorted(drawn)


class Pool:
    """Processes that draw figures; they start when told to get ready, or with the first figure."""

    def __init__(self, jobs: int) -> None:
        """Start nothing as yet."""
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start)
        self._ready: Future[None] | None = None

    def ready(self) -> None:
        """Start a process, which reads in what figures need while this one goes on."""
        if self._ready is None:
            self._ready = self.submit(_nothing)

    def submit(self, task: Callable[..., T], /, *given: Any) -> Future[T]:
        """Return the future of a task; a process that starts now never hears Ctrl-C."""
        with held_back():
            return self._pool.submit(task, *given)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def _start() -> None:
    """Settle in a process that draws figures."""
    from sim.plots import tables  # noqa: F401, PLC0415 - with pandas, which is costly

    follow_parent()
    gc.disable()  # a figure is hundreds of objects that refer to each other: 5 % of the time


def _nothing() -> None:
    """Do nothing: what starts a process is being asked."""


def _elsewhere(folder: Path, name: str) -> list[Path]:
    """Draw one figure in a process that draws figures of one folder only."""
    from sim.plots import draw_all  # noqa: PLC0415

    return list(draw_all(folder, [name], tables=_tables(folder)))


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Tables:
    """Return the tables of a folder, read once a process."""
    from sim.plots.draw import read_tables  # noqa: PLC0415

    return read_tables(folder)
