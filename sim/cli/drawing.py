"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

import signal
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self
from warnings import catch_warnings, simplefilter

from sim.cli.ending import say
from sim.experiments.executor import COPY, METHOD, Pool, Processes, refused
from sim.kernel.errors import ResultError
from sim.records.results import load_results
from sim.records.soundness import damage

if TYPE_CHECKING:
    from sim.plots.figure_data import FigureData

COPIES = 2  # of a process that has read the tables; they share the figures
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
    """All figures of a result, drawn by other processes while this one goes on.

    One reads the tables; copies of it draw. They are started when told to get ready, or to begin,
    and never hear Ctrl-C.
    """

    def __init__(self) -> None:
        """Start nothing as yet."""
        self._place = Processes(1, METHOD)

    @cached_property
    def _pool(self) -> Pool:
        """Return the executor of the process that reads, made when it is first asked for."""
        return self._place.pool()

    def ready(self) -> None:
        """Start the process that reads: it reads in what figures need, while this one goes on."""
        self._place.start(NEEDED)

    def begin(self, folder: Path) -> None:
        """Let the figures of a folder be drawn."""
        self._folder = folder
        try:
            self._task = self._pool.submit(drawn, folder)
        except RuntimeError as error:  # the pool is broken, or shut down
            self._task = refused(error)

    def finish(self) -> list[Path]:
        """Return the paths of all figures when they are drawn, by this process if others died."""
        paths: list[Path]
        lacking: list[str]
        try:
            paths, lacking = self._task.result()
        except (BrokenProcessPool, SystemExit):  # one died, or was asked to end
            return draw(self._folder, None)
        for line in lacking:
            say(line)
        return paths

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._place.stop()
        if "_pool" in vars(self):
            (self._pool.cut_short if failed else self._pool.shutdown)()


def drawn(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files of all figures of a folder, and what is not drawn; copies of this draw.

    Asked to end, the process waits for figures that are being drawn and leaves out the others.
    """
    from sim.plots.figures import pages  # noqa: PLC0415

    lacking: list[str] = []
    listed = pages(_tables(folder), say=lacking.append)
    pool = Processes(COPIES, COPY).pool()
    signal.signal(signal.SIGTERM, _ended)
    try:
        with catch_warnings():  # that a thread is there as well: it only waits for our parent's end
            simplefilter("ignore", DeprecationWarning)
            drawing = pool.map(partial(_page, folder), listed)
        paths = [path for page in drawing for path in page]
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(paths), lacking


def _ended(*_: object) -> NoReturn:
    """End what the process does."""
    raise SystemExit


def _page(folder: Path, page: tuple[str, str]) -> list[Path]:
    """Return the files of one figure, in a process that draws figures of one folder only."""
    from sim.plots.figures import draw_page  # noqa: PLC0415

    return draw_page(_tables(folder), *page)


@lru_cache(maxsize=1)
def _tables(folder: Path) -> FigureData:
    """Return the tables of a folder, read once a process."""
    from sim.plots.figures import read_tables  # noqa: PLC0415

    return read_tables(folder)
