"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.ending import say
from sim.errors import ResultError
from sim.experiments.workplaces import follow_parent
from sim.records.read import load_results
from sim.records.soundness import damage

if TYPE_CHECKING:
    from sim.plots.tables import Tables


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


def draw(folder: Path, what: list[str] | None, *, jobs: int = 1) -> list[Path]:
    """Draw figures of the tables in a folder; return their paths."""
    from sim.plots import FIGURES, STRUCTURAL, draw_all  # noqa: PLC0415 - matplotlib is costly
    from sim.plots.draw import read_tables  # noqa: PLC0415

    if jobs == 1 or what is not None:
        return list(draw_all(folder, what))
    names = [name for name in FIGURES if name not in STRUCTURAL]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs - 1, mp_context=context, initializer=follow_parent) as pool:
        last_first = [(name, pool.submit(_elsewhere, folder, name)) for name in reversed(names)]
        tables, drawn = read_tables(folder), []
        for name, task in reversed(last_first):  # until the others have come this far
            drawn += draw_all(folder, [name], tables=tables) if task.cancel() else task.result()
    return sorted(drawn)


def _elsewhere(folder: Path, name: str) -> list[Path]:
    """Draw one figure in a process that draws figures of one folder only."""
    from sim.plots import draw_all  # noqa: PLC0415

    return list(draw_all(folder, [name], tables=_tables(folder)))


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Tables:
    """Return the tables of a folder, read once a process."""
    from sim.plots.draw import read_tables  # noqa: PLC0415

    return read_tables(folder)
