"""Figures drawn by other processes, while this one goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn, Self
from warnings import catch_warnings, simplefilter

from sim.experiments.executor import refused
from sim.experiments.processes import COPY, METHOD, Pool, Processes
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
        self._processes = Processes(1, METHOD)

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
        paths: list[Path]
        lacking: list[str]
        try:
            paths, lacking = self._task.result()
        except (BrokenProcessPool, SystemExit):  # one died, or was asked to end
            return self._draw()
        for line in lacking:
            self._say(line)
        return paths

    def _draw(self) -> list[Path]:
        paths: list[Path] = renderer().draw_all(self._folder, say=self._say)
        return paths

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._processes.stop()
        if "_pool" in vars(self):
            (self._pool.cut_short if failed else self._pool.shutdown)()


def drawn(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files of all figures of a folder, and what is not drawn; copies of this draw.

    Asked to end, the process waits for figures that are being drawn and leaves out the others.
    """
    lacking: list[str] = []
    listed = renderer().pages(_tables(folder), say=lacking.append)
    pool = Processes(COPIES, COPY).pool()
    signal.signal(signal.SIGTERM, _leave)
    try:
        with catch_warnings():  # that a thread is there as well: it only waits for our parent's end
            simplefilter("ignore", DeprecationWarning)
            drawing = pool.map(partial(_page, folder), listed)
        paths = [path for page in drawing for path in page]
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(paths), lacking


def _leave(*_: object) -> NoReturn:
    raise SystemExit


def _page(folder: Path, page: tuple[str, str]) -> list[Path]:
    paths: list[Path] = renderer().draw_page(_tables(folder), *page)
    return paths


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Any:
    from sim.plots.figure_data import FigureData  # noqa: PLC0415 - with pandas, as `renderer`

    return FigureData.read(folder)
