"""Figures drawn by other processes, while this one goes on."""

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

COPIES = 2  # of a process that has read the tables; they share the figures
NEEDED = ("sim.plots.panels", "matplotlib.backends.backend_agg")  # by a process that draws


class Plotter:
    """All figures of a result, drawn by other processes where more than one job is allowed.

    One reads the tables; copies of it draw. They are started when told to get ready, or to begin,
    and never hear Ctrl-C. `say` gets a sentence on each figure that has nothing to show.
    """

    def __init__(self, jobs: int, say: Callable[[str], object]) -> None:
        """Start nothing as yet."""
        self._alone = jobs == 1
        self._say = say
        self._is_ready = False
        self._processes = Processes(1)

    @cached_property
    def _pool(self) -> Pool:
        """The executor of the process that reads, made when it is first asked for."""
        return self._processes.pool()

    def ready(self) -> None:
        """Start the process that reads: it imports what figures need, while this one goes on."""
        if not (self._alone or self._is_ready):
            self._is_ready = True
            self._processes.start(NEEDED)

    def begin(self, folder: Path) -> None:
        """Let the figures of a folder be drawn."""
        self._folder = folder
        if self._alone:
            return
        try:
            self._task = self._pool.submit(drawn, folder)
        except RuntimeError as error:  # the pool is broken, or shut down
            self._task = refused(error)

    def finish(self) -> list[Path]:
        """Return the paths of all figures when they are drawn, by this process if others died."""
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
        """Return what the process that reads returns; BrokenProcessPool if it died."""
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
    """Return the files of all figures of a folder, and what is not drawn; copies of this draw.

    Asked to end, the process waits for figures that are being drawn and leaves out the others; it
    returns no files then, nor where a copy died.
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
