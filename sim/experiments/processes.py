"""Processes of this machine: how they start, what they ignore, what they share."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.shared_memory import SharedMemory
from typing import Any
from weakref import WeakSet, finalize

from sim.experiments.options import MOST_JOBS

METHOD = "spawn"  # a fresh interpreter: safe on every system, whatever threads this process has
AHEAD = 4  # processes started before it is known how much work there is, at most
WORKS = 4  # that a process keeps unpickled
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc keeps freed arrays instead of giving them back and fetching new pages: 5 to 10 %
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
    # Arrow's memory would have a thread of its own; a process with threads is not safely copied
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}

QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker"}


def all_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Processes:
    """Processes of this machine, whatever start method the main process has."""

    jobs: int
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

    def pool(self, *, alone: bool = False) -> Pool:
        """Return a pool of fresh processes, or the one that was started before."""
        if self._started and not alone:
            return self._started.pop()
        pool = Pool(1 if alone else self.jobs)
        self._pools.add(pool)
        return pool

    def start(self, modules: Sequence[str]) -> None:
        """Start processes before there is work for them; they import modules meanwhile."""
        pool = Pool(self.jobs, modules)
        self._pools.add(pool)
        self._started.append(pool)
        with suppress(BrokenProcessPool):  # reported when the first task is submitted
            for _ in range(min(self.jobs, AHEAD)):
                pool.submit(_no_work)

    def stop(self) -> None:
        """End the processes that were started and got no work."""
        while self._started:
            self._started.pop().abandon()

    def shared(self, work: Callable[[Any], Any]) -> SharedWork:
        """Return the work in memory that all processes read."""
        return SharedWork(work)

    def check(self) -> None:
        """Break every pool with a dead worker, so that it is replaced; never raises."""
        for pool in list(self._pools):
            pool.check()


class Pool(futures.ProcessPoolExecutor):
    """A pool whose workers use one thread each, keep their memory and never hear Ctrl-C."""

    def __init__(self, jobs: int, modules: Sequence[str] = ()) -> None:
        context: Any = multiprocessing.get_context(METHOD)
        with held_back():  # its queues start multiprocessing's resource tracker
            super().__init__(jobs, mp_context=context, initializer=set_up, initargs=(modules,))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a process that starts now inherits the settings of workers."""
        with inherited(SETTINGS), postponed():
            future = super().submit(fn, *args, **kwargs)
        if self._broken:  # since it was asked: the task may have come too late to be told
            raise BrokenProcessPool(self._broken)
        return future

    def check(self) -> None:
        """End all workers if one has died, or the thread that hears them.

        The pool itself sees a death, unless it waits for the rest of a result that the worker had
        half sent: as long as anyone could still write to that pipe, it waits for ever.
        """
        results: Any = self._result_queue  # none, once the pool is shut down
        hears: Any = self._executor_manager_thread
        if hears is not None and not hears.is_alive():
            self._kill()
            for item in [*self._pending_work_items.values()]:
                with suppress(futures.InvalidStateError):
                    item.future.set_exception(BrokenProcessPool())
        elif results is not None and any(each.exitcode is not None for each in self._workers()):
            self._kill()
            results._writer.close()  # noqa: SLF001 - nothing in this process writes to it

    def abandon(self) -> None:
        """End all workers now, whatever they do."""
        self._kill()
        self.shutdown(wait=False, cancel_futures=True)

    def _kill(self) -> None:
        for worker in self._workers():
            worker.kill()

    def cut_short(self) -> None:
        """Ask all workers to end, and wait until they have."""
        for worker in self._workers():
            worker.terminate()
        self.shutdown(cancel_futures=True)

    def _workers(self) -> list[Any]:
        return list((self._processes or {}).values())


@contextmanager
def prestarted(jobs: int, *modules: str) -> Iterator[Processes | None]:
    """Yield an executor whose processes import modules now, while this process goes on.

    Yields None for one job, or for an invalid number (refused elsewhere).
    """
    if not 1 < jobs <= MOST_JOBS:
        yield None
        return
    executor = Processes(jobs)
    executor.start(modules)
    try:
        yield executor
    finally:
        executor.stop()


def set_up(modules: Sequence[str]) -> None:
    """Have this process, a worker, never hear Ctrl-C and end with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    gc.disable()  # arrays hold no cycles; looking for them took 3 % of the time
    for name in modules:
        import_module(name)


def _no_work() -> None:
    """Have a process started."""


class SharedWork:
    """Work in shared memory: what travels with a task is the name of it."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        pickled = pickle.dumps(work)
        with held_back():
            memory = SharedMemory(create=True, size=len(pickled))
        buffer: Any = memory.buf
        buffer[: len(pickled)] = pickled
        self.place = memory.name, len(pickled)
        finalize(self, _removed, memory)

    def __reduce__(self) -> tuple[Any, ...]:
        return partial, (_done, *self.place)


def _removed(memory: SharedMemory) -> None:
    memory.close()
    memory.unlink()


def _done(name: str, size: int, task: Any) -> Any:
    return _work(name, size)(task)


@lru_cache(maxsize=WORKS)
def _work(name: str, size: int) -> Callable[[Any], Any]:
    memory: Any = SharedMemory(name)
    work: Callable[[Any], Any] = pickle.loads(bytes(memory.buf[:size]))  # noqa: S301 - of this program
    memory.close()
    return work


@contextmanager
def inherited(values: Mapping[str, str]) -> Iterator[None]:
    """Let processes started now have these variables in their environment."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back for a moment what a terminal sends: Ctrl-C, and that it closes.

    Processes started now never hear it, multiprocessing's resource tracker among them; this
    process does as soon as the moment is over.
    """
    if not hasattr(signal, "pthread_sigmask"):
        with deaf():
            yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        with inherited(QUIET):  # it removes what a killed process left, which is no news
            resource_tracker.ensure_running()  # as it starts it would let Ctrl-C through again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
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


def follow_parent() -> None:
    """Exit when the parent process ends, for whatever reason."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
