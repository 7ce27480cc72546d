"""Workplaces: where tasks are done. Each opens executors of `concurrent.futures`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from multiprocessing.connection import wait
from typing import Any, Protocol
from weakref import WeakSet

from sim.errors import RunError
from sim.experiments.server import serve, serving, unserve
from sim.experiments.surroundings import held_back, inherited

# How processes come to be: forked from a server that has read in what they need, where that is
# safe, which on a Mac it is not; else each a fresh interpreter.
METHOD = "forkserver" if sys.platform == "linux" else "spawn"
COPY = "fork" if METHOD == "forkserver" else "spawn"  # of a process that holds something to share
AHEAD = 4  # processes started before it is known how much work there is, at most
MOST = 10_000  # jobs
GONE = "the server of processes has gone"
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc keeps freed arrays instead of giving them back and fetching new pages: 5 to 10 %
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
}


def all_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class GoneError(RunError):
    """A workplace that is gone for good, with everything that was in flight."""


class Workplace(Protocol):
    """A place that opens executors; `losses` are what it raises when a worker is lost."""

    @property
    def workers(self) -> int:
        """Return how many tasks can be done at once."""

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the errors that say that a worker died, not that the task failed."""

    def executor(self, *, alone: bool = False) -> Executor:
        """Return an executor with all workers, or with one of its own."""

    def check(self) -> None:
        """Raise GoneError if nothing more will ever be done here."""


class Here(Executor):
    """This process, a workplace and its executor."""

    workers = 1
    losses: tuple[type[BaseException], ...] = ()

    def executor(self, *, alone: bool = False) -> Executor:
        """Return itself."""
        del alone
        return self

    def check(self) -> None:
        """Raise nothing: this process is there."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a task, which is done when its result is asked for."""
        return _Later(partial(fn, *args, **kwargs))


class _Later(Future[Any]):
    """A task that is done when its result is asked for, not ahead of it."""

    def __init__(self, task: Callable[[], Any]) -> None:
        super().__init__()
        self._task = task

    def result(self, timeout: float | None = None) -> Any:
        """Return the result; what the task raised is raised."""
        if not self.done():
            try:
                self.set_result(self._task())
            except Exception as error:  # noqa: BLE001 - a future carries whatever its task raised
                self.set_exception(error)
        return super().result(timeout)


def refused(error: BaseException) -> Future[Any]:
    """Return the future of a task that no executor took, which raises the error."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


@dataclass(frozen=True)
class Processes:
    """Processes of this machine, whatever start method the main process has."""

    jobs: int
    method: str = "spawn"
    _pools: WeakSet[Pool] = field(default_factory=WeakSet, repr=False, compare=False)
    _started: list[Pool] = field(default_factory=list, repr=False, compare=False)

    @property
    def workers(self) -> int:
        """Return the number of processes."""
        return self.jobs

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the error of a broken pool."""
        return (BrokenProcessPool,)

    def executor(self, *, alone: bool = False) -> Pool:
        """Return a pool of fresh processes, or the one that was started before.

        One alone, which does what was lost or has failed, needs nothing of ours: it is spawned.
        """
        if self._started and not alone:
            return self._started.pop()
        pool = Pool(1, "spawn") if alone else Pool(self.jobs, self.method)
        self._pools.add(pool)
        return pool

    def start(self, modules: Sequence[str]) -> None:
        """Start processes before there is work for them; they read in modules meanwhile."""
        pool = Pool(self.jobs, self.method)
        self._pools.add(pool)
        self._started.append(pool)
        with suppress(BrokenProcessPool):  # it will be told when there is work
            for _ in range(min(self.jobs, AHEAD)):
                pool.submit(_read_in, tuple(modules))

    def stop(self) -> None:
        """End the processes that were started and got no work."""
        while self._started:
            self._started.pop().abandon()

    def check(self) -> None:
        """Raise nothing: a pool that breaks is replaced; see that one with a dead worker breaks."""
        for pool in list(self._pools):
            pool.check()


class Pool(ProcessPoolExecutor):
    """A pool whose workers use one thread each, keep their memory and never hear Ctrl-C."""

    def __init__(self, jobs: int, method: str) -> None:
        self._method = method if method != "forkserver" or serving() else "spawn"
        context: Any = multiprocessing.get_context(self._method)
        super().__init__(jobs, mp_context=context, initializer=_start)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a process that starts now inherits the settings of workers.

        BrokenProcessPool if there is no server any more to fork it from: a new pool needs none.
        """
        forked = self._method == "forkserver"
        if forked and not serving():
            raise BrokenProcessPool(GONE)
        try:
            with inherited(SETTINGS), held_back():
                return super().submit(fn, *args, **kwargs)
        except (EOFError, OSError) as error:
            if not forked:
                raise
            unserve()
            raise BrokenProcessPool(GONE) from error

    def check(self) -> None:
        """End all workers if one has died.

        The pool itself sees a death, unless it waits for the rest of a result that the worker had
        half sent: as long as anyone could still write to that pipe, it waits for ever.
        """
        workers = list((self._processes or {}).values())
        results: Any = self._result_queue  # none, once the pool is shut down
        if results is not None and any(worker.exitcode is not None for worker in workers):
            for worker in workers:
                worker.kill()
            results._writer.close()  # noqa: SLF001 - nothing in this process writes to it

    def abandon(self) -> None:
        """End all workers now, whatever they do."""
        for worker in list((self._processes or {}).values()):
            worker.kill()
        self.shutdown(wait=False, cancel_futures=True)

    def cut_short(self) -> None:
        """Ask all workers to end, and wait until they have."""
        for worker in list((self._processes or {}).values()):
            worker.terminate()
        self.shutdown(cancel_futures=True)


@contextmanager
def ahead(jobs: int, *modules: str) -> Iterator[Processes | None]:
    """Yield a workplace for whose processes modules are read in now, while this one goes on.

    None for one job, which needs no other process, or for a number that others refuse.
    """
    if not 1 < jobs <= MOST:
        yield None
        return
    place = Processes(jobs, METHOD)
    if METHOD != "forkserver" or not serve(modules, SETTINGS):
        place.start(modules)
    try:
        yield place
    finally:
        place.stop()
        unserve()


def _read_in(modules: Sequence[str]) -> None:
    """Read in modules, so that the first task need not."""
    for name in modules:
        import_module(name)


def _start() -> None:
    """Settle in a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    gc.disable()  # arrays hold no cycles; looking for them took 3 % of the time


def follow_parent() -> None:
    """Let this worker end as soon as its parent has, however that came about."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Wait for the end of the parent, then end this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
