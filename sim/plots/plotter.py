"""Figures drawn by other processes, while this one continues."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Self

from sim.experiments.copies import results_of_copies
from sim.experiments.executor import WATCH, refused
from sim.experiments.processes import Pool, Processes
from sim.plots import renderer

COPIES = 2  # forked copies of the process that has read the tables; they share the figures
NEEDED = ("sim.plots.panels", "matplotlib.backends.backend_agg")  # modules for drawing


class Plotter:
    """All figures of a result, drawn by other processes where more than one job is allowed.

    One process reads the tables; copies of it draw. They are started by `ready` or `begin`, and
    ignore Ctrl-C. `say` is called with a sentence on each figure without data.
    """

    def __init__(self, jobs: int, say: Callable[[str], object]) -> None:
        """Keep the options; processes are started later."""
        self._alone = jobs == 1
        self._say = say
        self._is_ready = False
        self._processes = Processes(1)

    @cached_property
    def _pool(self) -> Pool:
        """The executor of the process that reads, created when it is first used."""
        return self._processes.pool()

    def ready(self) -> None:
        """Start the process that reads: it imports the modules of `NEEDED` in the background."""
        if not (self._alone or self._is_ready):
            self._is_ready = True
            self._processes.start(NEEDED)

    def begin(self, folder: Path) -> None:
        """Start drawing the figures of a folder."""
        self._folder = folder
        if self._alone:
            return
        try:
            self._task = self._pool.submit(drawn, folder)
        except RuntimeError as error:  # the pool is broken, or shut down
            self._task = refused(error)

    def finish(self) -> list[Path]:
        """Wait for all figures and return their paths; draw them here if other processes died."""
        if self._alone:
            return self._draw()
        paths: list[Path] | None
        lacking: list[str]
        try:
            paths, lacking = self._result()
        except BrokenProcessPool:
            return self._draw()
        if paths is None:
            return self._draw()
        for line in lacking:
            self._say(line)
        return paths

    def _result(self) -> Any:
        """Return the result of the process that reads; BrokenProcessPool if it died."""
        while not wait([self._task], WATCH).done:
            self._processes.check()
        return self._task.result()

    def _draw(self) -> list[Path]:
        paths: list[Path] = renderer().draw_all(self._folder, say=self._say)
        return paths

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._processes.stop()
        if "_pool" in vars(self):
            (self._pool.cut_short if failed else self._pool.shutdown)()


def drawn(folder: Path) -> tuple[list[Path] | None, list[str]]:
    """Draw all figures of a folder by copies of this process; return files, and figures left out.

    On a signal to end, the process waits for the figures that are being drawn and leaves out the
    others. It returns None for the files then, and also if a copy died.
    """
    lacking: list[str] = []
    listed = renderer().pages(_tables(folder), say=lacking.append)
    drawing, whole = results_of_copies(partial(_page, folder), listed, COPIES)
    return sorted(chain.from_iterable(drawing)) if whole else None, lacking


def _page(folder: Path, page: tuple[str, str]) -> list[Path]:
    paths: list[Path] = renderer().draw_page(_tables(folder), *page)
    return paths


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Any:
    from sim.plots.figure_data import FigureData  # noqa: PLC0415 - with pandas, as `renderer`

    return FigureData.read(folder)
