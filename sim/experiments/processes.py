"""Processes of this machine: their start, their signals and their shared memory."""

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
from sim.kernel.thread_settings import ONE_THREAD

METHOD = "spawn"  # a fresh interpreter: safe on every system and with any threads
AHEAD = 4  # processes started before the amount of work is known, at most
WORKS = 4  # works that a process keeps unpickled
SETTINGS = {
    **ONE_THREAD,
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
    """Processes of this machine, started by METHOD."""

    jobs: int
    _pools: WeakSet[Pool] = field(default_factory=WeakSet, repr=False, compare=False)
    _started: list[Pool] = field(default_factory=list, repr=False, compare=False)

    @property
    def workers(self) -> int:
        """Return the number of processes."""
        return self.jobs

    @property
    def remote(self) -> bool:
        """Return False: all processes are on this machine."""
        return False

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the error raised by a broken pool."""
        return (BrokenProcessPool,)

    def pool(self, *, alone: bool = False) -> Pool:
        """Return a pool of fresh processes, or the one that was started ahead."""
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
        """End the processes that were started ahead and not used."""
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
    """A pool whose workers have one thread each, keep their memory and ignore Ctrl-C."""

    def __init__(self, jobs: int, modules: Sequence[str] = ()) -> None:
        context: Any = multiprocessing.get_context(METHOD)
        with signals_blocked():  # its queues start multiprocessing's resource tracker
            super().__init__(jobs, mp_context=context, initializer=set_up, initargs=(modules,))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a process that starts now inherits the settings of workers."""
        with inherited(SETTINGS), postponed():
            future = super().submit(fn, *args, **kwargs)
        if self._broken:  # it may have broken after the task was submitted
            raise BrokenProcessPool(self._broken)
        return future

    def check(self) -> None:
        """End all workers if one of them, or the thread that receives results, has died.

        The pool itself notices a death, unless the worker had sent part of a result: it then waits
        for the rest for ever, as long as a process could write to that pipe.
        """
        results: Any = self._result_queue  # None once the pool is shut down
        receiver: Any = self._executor_manager_thread
        if receiver is not None and not receiver.is_alive():
            self._kill()
            for item in [*self._pending_work_items.values()]:
                with suppress(futures.InvalidStateError):
                    item.future.set_exception(BrokenProcessPool())
        elif results is not None and any(each.exitcode is not None for each in self._workers()):
            self._kill()

    def abandon(self) -> None:
        """Kill all workers at once."""
        self._kill()
        self.shutdown(wait=False, cancel_futures=True)

    def cut_short(self) -> None:
        """Ask all workers to end, and wait until they have."""
        for worker in self._workers():
            worker.terminate()
        self._let_go()
        self.shutdown(cancel_futures=True)

    def _kill(self) -> None:
        for worker in self._workers():
            worker.kill()
        self._let_go()

    def _let_go(self) -> None:
        """Close this process' end of the pipe of results, to which it does not write.

        Whoever waits for the rest of a result then finds its end when the workers have ended.
        """
        results: Any = self._result_queue
        if results is not None:
            results._writer.close()  # noqa: SLF001

    def _workers(self) -> list[Any]:
        return list((self._processes or {}).values())


@contextmanager
def prestarted(jobs: int, *modules: str) -> Iterator[Processes | None]:
    """Yield an executor whose processes import modules while this process goes on.

    Yield None for one job, or for an invalid number, which is refused elsewhere.
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
    """Set up a worker: ignore Ctrl-C, end with the parent, import modules."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    gc.disable()  # there are no cycles to collect; the search took 3 % of the time
    for name in modules:
        import_module(name)


def _no_work() -> None:
    """Do nothing: a task that makes a pool start a process."""


class SharedWork:
    """Work in shared memory, of which a task has only the name."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        pickled = pickle.dumps(work)
        with signals_blocked():
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
    """Set variables in the environment of processes started in the block."""
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
def signals_blocked() -> Iterator[None]:
    """Block the signals of a terminal (Ctrl-C, hang-up) within a block.

    Processes started in it, such as multiprocessing's resource tracker, never receive them; this
    process receives them at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        with interrupts_ignored():
            yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        with inherited(QUIET):  # no warning about the remains of killed processes
            resource_tracker.ensure_running()  # its start would unblock Ctrl-C
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def postponed() -> Iterator[None]:
    """Postpone Ctrl-C and other signals with a handler to the end of the block.

    Processes started in it ignore Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        with signals_blocked():
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
        with signals_blocked():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C within a block; processes started in it inherit that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def follow_parent() -> None:
    """Exit when the parent process ends for any reason."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
