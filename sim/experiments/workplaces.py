"""Workplaces: where tasks are done. Each opens executors of `concurrent.futures`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any, Protocol
from weakref import WeakSet

from sim.errors import RunError

AHEAD = 4  # processes started before it is known how much work there is, at most
MOST = 10_000  # jobs
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
    _pools: WeakSet[_Pool] = field(default_factory=WeakSet, repr=False, compare=False)
    _started: list[_Pool] = field(default_factory=list, repr=False, compare=False)

    @property
    def workers(self) -> int:
        """Return the number of processes."""
        return self.jobs

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the error of a broken pool."""
        return (BrokenProcessPool,)

    def executor(self, *, alone: bool = False) -> Executor:
        """Return a pool of fresh processes, or the one that was started before."""
        if self._started and not alone:
            return self._started.pop()
        pool = _Pool(1 if alone else self.jobs)
        self._pools.add(pool)
        return pool

    def start(self, modules: Sequence[str]) -> None:
        """Start processes before there is work for them; they read in modules meanwhile."""
        pool = _Pool(self.jobs)
        self._pools.add(pool)
        self._started.append(pool)
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


class _Pool(ProcessPoolExecutor):
    """A pool whose workers use one thread each, keep their memory and never hear Ctrl-C."""

    def __init__(self, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")
        super().__init__(jobs, mp_context=context, initializer=_start)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a process that starts now inherits the settings of workers."""
        with _settings(), held_back():
            return super().submit(fn, *args, **kwargs)

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


@contextmanager
def ahead(jobs: int, *modules: str) -> Iterator[Processes | None]:
    """Yield a workplace whose processes start now, and read in modules while this one goes on.

    None for one job, which needs no other process, or for a number that others refuse.
    """
    if not 1 < jobs <= MOST:
        yield None
        return
    place = Processes(jobs)
    place.start(modules)
    try:
        yield place
    finally:
        place.stop()


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


@contextmanager
def held_back() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: processes started now never hear it, this one does then."""
    if not hasattr(signal, "pthread_sigmask"):
        with deaf():
            yield
        return
    resource_tracker.ensure_running()  # as it starts it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def postponed() -> Iterator[None]:
    """Hold back Ctrl-C and what is handled as it is; what was heard is raised at the end.

    Processes started now never hear Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        with held_back():
            yield
        return
    heard: list[int] = []
    before = {
        number: handler
        for name in ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not known everywhere
        if callable(handler := signal.getsignal(number := getattr(signal, name, signal.SIGINT)))
    }
    for number in before:
        signal.signal(number, lambda number, _: heard.append(number))
    try:
        with held_back():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes that any thread starts now inherit that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _settings() -> Iterator[None]:
    """Let processes started now use one thread each and keep their memory."""
    before = {name: os.environ.get(name) for name in SETTINGS}
    os.environ.update(SETTINGS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
