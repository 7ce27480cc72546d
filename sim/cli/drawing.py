"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sim.cli.ending import say
from sim.errors import ResultError
from sim.experiments.workplaces import Processes, refused
from sim.records.read import load_results
from sim.records.soundness import damage

if TYPE_CHECKING:
    from sim.plots.tables import Tables

T = TypeVar("T")
Page = tuple[str, str]  # a figure and its subject
BACKENDS = ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")
NEEDED = ("sim.plots.panels", *BACKENDS)  # by a process that draws


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


def draw(folder: Path, what: list[str] | None) -> list[Path]:
    """Draw figures of the tables in a folder; return their paths."""
    from sim.plots import draw_all  # noqa: PLC0415 - matplotlib is costly

    return list(draw_all(folder, what))


class Drawing:
    """All figures of a result, drawn by two processes: one from the first on, one from the last.

    The other process is started when told to get ready, or to begin. It never hears Ctrl-C.
    """

    def __init__(self) -> None:
        """Start nothing as yet."""
        self._place = Processes(1)
        self._left: deque[Page] = deque()
        self._listed = threading.Event()
        self._elsewhere: list[tuple[Page, Future[list[Path]]]] = []

    @cached_property
    def _pool(self) -> Executor:
        """Return the executor of the other process, made when it is first asked for."""
        return self._place.executor()

    def ready(self) -> None:
        """Start the other process, which reads in what figures need while this one goes on."""
        self._place.start(NEEDED)

    def begin(self, folder: Path) -> None:
        """Let the other process begin with the figures of a folder."""
        self._folder = folder
        self._pages = self._submit(_pages, folder)
        self._pages.add_done_callback(self._take_up)

    def finish(self) -> list[Path]:
        """Draw until nothing is left; return the paths of all figures.

        What the other process cannot draw, because it died, is drawn here.
        """
        try:
            pages, lacking = self._pages.result()
        except BrokenProcessPool:
            pages, lacking = _pages(self._folder)
        self._listed.wait()
        for line in lacking:
            say(line)
        drawn: dict[Page, list[Path]] = {}
        gc.disable()  # a figure is hundreds of objects that refer to each other: 5 % of the time
        while (page := self._taken(self._left.popleft)) is not None:
            drawn[page] = _drawn(self._folder, page)
        for each, task in self._elsewhere:
            with suppress(BrokenProcessPool):
                drawn[each] = task.result()
        for each in pages:
            if each not in drawn:
                drawn[each] = _drawn(self._folder, each)
        gc.enable()
        return sorted(path for paths in drawn.values() for path in paths)

    def _take_up(self, pages: Future[tuple[list[Page], list[str]]]) -> None:
        """Take up the list of figures, unless it could not be made."""
        if not pages.cancelled() and pages.exception() is None:
            self._left.extend(pages.result()[0])
            self._go_on()
        self._listed.set()

    def _go_on(self, _: object = None) -> None:
        """Hand on the last figure that is left, and the one before it when that is done."""
        if (page := self._taken(self._left.pop)) is not None:
            task = self._submit(_drawn, self._folder, page)
            self._elsewhere.append((page, task))
            task.add_done_callback(self._go_on)

    @staticmethod
    def _taken(take: Callable[[], Page]) -> Page | None:
        """Return a figure taken from the list by one of its ends; None if nothing is left."""
        try:
            return take()
        except IndexError:
            return None

    def _submit(self, task: Callable[..., T], *given: Any) -> Future[T]:
        """Return the future of a task of the other process."""
        try:
            return self._pool.submit(task, *given)
        except RuntimeError as error:  # the pool is broken, or shut down
            return refused(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left.clear()
        self._place.stop()
        if "_pool" in vars(self):
            self._pool.shutdown(cancel_futures=True)


def _pages(folder: Path) -> tuple[list[Page], list[str]]:
    """Return the figures to draw of a folder, each with its subject, and what is not drawn."""
    from sim.plots.draw import pages  # noqa: PLC0415

    lacking: list[str] = []
    return pages(_tables(folder), say=lacking.append), lacking


def _drawn(folder: Path, page: Page) -> list[Path]:
    """Return the files of one figure, in a process that draws figures of one folder only."""
    from sim.plots.draw import draw_page  # noqa: PLC0415

    return draw_page(_tables(folder), *page)


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Tables:
    """Return the tables of a folder, read once a process."""
    from sim.plots.draw import read_tables  # noqa: PLC0415

    return read_tables(folder)
