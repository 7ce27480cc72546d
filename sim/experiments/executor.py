"""Executors: where tasks are done, and the one runner that has them done.

`Serial` is this process, `Processes` those of this machine, `sim.experiments.cluster` has Dask's.
The runner keeps few tasks in flight and yields results in the order of the tasks. A worker that
dies strands the tasks in flight: each is done again alone, to identify the one that kills. A task
that fails twice is handed back as `Failed`, never skipped.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from sim.experiments.options import MOST_JOBS
from sim.experiments.startup import SETTINGS, held_back, inherited, set_up
from sim.kernel.errors import RunError

METHOD = "spawn"  # a fresh interpreter: safe on every system, whatever threads this process has
COPY = "fork" if sys.platform == "linux" else METHOD  # of a process that holds something to share
AHEAD = 4  # processes started before it is known how much work there is, at most
WATCH = 2.0  # seconds between looks at whether the executor still works
IN_FLIGHT = 2  # tasks of each worker that wait or run: each result is large
WORKS = 4  # that a process keeps unpickled

T = TypeVar("T")
R = TypeVar("R")


def all_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class GoneError(RunError):
    """An executor that is gone for good, with everything that was in flight."""


class Executor(Protocol):
    """Opens pools of workers; `losses` are what a pool raises when a worker is lost."""

    @property
    def workers(self) -> int:
        """Return how many tasks can be done at once."""

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the errors that say that a worker died, not that the task failed."""

    def pool(self, *, alone: bool = False) -> futures.Executor:
        """Return a pool of all workers, or of one that does nothing else."""

    def check(self) -> None:
        """Raise GoneError if nothing more will ever be done here."""


class Serial(futures.Executor):
    """This process, an executor and its own pool."""

    workers = 1
    losses: tuple[type[BaseException], ...] = ()

    def pool(self, *, alone: bool = False) -> futures.Executor:
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
    """Return the future of a task that no pool took, which raises the error."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


@dataclass(frozen=True)
class Processes:
    """Processes of this machine, whatever start method the main process has."""

    jobs: int
    method: str = METHOD
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
        pool = Pool(1, METHOD) if alone else Pool(self.jobs, self.method)
        self._pools.add(pool)
        return pool

    def start(self, modules: Sequence[str]) -> None:
        """Start processes before there is work for them; they import modules meanwhile."""
        pool = Pool(self.jobs, self.method, modules)
        self._pools.add(pool)
        self._started.append(pool)
        with suppress(BrokenProcessPool):  # reported when the first task is submitted
            for _ in range(min(self.jobs, AHEAD)):
                pool.submit(_no_work)

    def stop(self) -> None:
        """End the processes that were started and got no work."""
        while self._started:
            self._started.pop().abandon()

    def check(self) -> None:
        """Break every pool with a dead worker, so that it is replaced; never raises."""
        for pool in list(self._pools):
            pool.check()


class Pool(futures.ProcessPoolExecutor):
    """A pool whose workers use one thread each, keep their memory and never hear Ctrl-C."""

    def __init__(self, jobs: int, method: str, modules: Sequence[str] = ()) -> None:
        context: Any = multiprocessing.get_context(method)
        with held_back():  # its queues start multiprocessing's resource tracker
            super().__init__(jobs, mp_context=context, initializer=_set_up, initargs=(modules,))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task; a process that starts now inherits the settings of workers."""
        with inherited(SETTINGS), held_back():
            return super().submit(fn, *args, **kwargs)

    def check(self) -> None:
        """End all workers if one has died.

        The pool itself sees a death, unless it waits for the rest of a result that the worker had
        half sent: as long as anyone could still write to that pipe, it waits for ever.
        """
        workers = self._workers()
        results: Any = self._result_queue  # none, once the pool is shut down
        if results is not None and any(worker.exitcode is not None for worker in workers):
            for worker in workers:
                worker.kill()
            results._writer.close()  # noqa: SLF001 - nothing in this process writes to it

    def abandon(self) -> None:
        """End all workers now, whatever they do."""
        for worker in self._workers():
            worker.kill()
        self.shutdown(wait=False, cancel_futures=True)

    def cut_short(self) -> None:
        """Ask all workers to end, and wait until they have."""
        for worker in self._workers():
            worker.terminate()
        self.shutdown(cancel_futures=True)

    def _workers(self) -> list[Any]:
        return list((self._processes or {}).values())


def executor_of(jobs: int) -> Executor:
    """Return the executor of so many jobs on this machine."""
    return Serial() if jobs <= 1 else Processes(jobs)


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


def _set_up(modules: Sequence[str]) -> None:
    set_up()
    for name in modules:
        import_module(name)


def _no_work() -> None:
    """Have a process started."""


@dataclass(frozen=True)
class Failed:
    """A task that failed twice."""

    error: BaseException
    lost: bool  # whether its worker died

    def __str__(self) -> str:
        if self.lost:
            return "the worker died (out of memory, or killed?)"
        what = " ".join(str(self.error).split())
        return what or type(self.error).__name__


@dataclass(eq=False)
class Runner(Generic[T, R]):
    """Has tasks done by an executor."""

    work: Callable[[T], R]  # what travels with a task; has to be importable where it is done
    executor: Executor
    in_flight: int = IN_FLIGHT

    def results(self, tasks: Iterable[T]) -> Generator[tuple[T, R | Failed], None, None]:
        """Yield each task with its result, in the order of the tasks."""
        left = iter(tasks)
        waiting: deque[tuple[T, Future[R]]] = deque()
        pool = self.executor.pool()
        try:
            while True:
                self._fill(pool, left, waiting)
                if not waiting:
                    return
                task, future = waiting[0]
                try:
                    result: R | Failed = self._result(future)
                except self._lost:
                    pool.shutdown(wait=False)
                    stranded = [each for each, _ in waiting]
                    waiting.clear()
                    for each in stranded:
                        yield each, self._again(each)
                    pool = self.executor.pool()
                    continue
                except GoneError:
                    raise
                except Exception:  # noqa: BLE001 - whatever it is, the task is done again
                    result = self._again(task)
                waiting.popleft()
                self._fill(pool, left, waiting)
                if not waiting:
                    pool.shutdown(wait=False)  # it need not wait for what is done with the last
                yield task, result
        finally:
            for _, future in waiting:
                future.cancel()
            pool.shutdown(wait=True)

    @property
    def _lost(self) -> tuple[type[BaseException], ...]:
        """Return the errors that say that a worker was lost."""
        return (*self.executor.losses, CancelledError)

    def _fill(
        self, pool: futures.Executor, left: Iterator[T], waiting: deque[tuple[T, Future[R]]]
    ) -> None:
        """Submit tasks until enough are in flight."""
        room = self.executor.workers * self.in_flight - len(waiting)
        for task in islice(left, max(room, 0)):
            waiting.append((task, self._submitted(pool, task)))

    def _submitted(self, pool: futures.Executor, task: T) -> Future[R]:
        """Return the future of a task; one that a broken pool refuses counts as lost in flight."""
        try:
            return pool.submit(self.work, task)
        except self._lost as error:
            return refused(error)
        except Exception:
            self.executor.check()
            raise

    def _again(self, task: T) -> R | Failed:
        """Return the result of a task done again, by a worker that does nothing else."""
        pool = self.executor.pool(alone=True)
        try:
            result: R = self._result(pool.submit(self.work, task))
        except self._lost as error:
            return self._failed(error, lost=True)
        except Exception as error:  # noqa: BLE001 - it is reported with the task
            return self._failed(error, lost=False)
        finally:
            pool.shutdown(wait=True)
        return result

    def _result(self, future: Future[R]) -> R:
        """Return the result of a future, unless the executor goes before it comes."""
        while True:
            try:
                return future.result(timeout=WATCH)
            except TimeoutError:
                if future.done():  # it is the task's own
                    raise
                self.executor.check()

    def _failed(self, error: BaseException, *, lost: bool) -> Failed:
        """Return that a task failed; GoneError where the executor, not the task, is to blame."""
        self.executor.check()
        return Failed(error, lost=lost)


@dataclass(frozen=True)
class Job:
    """A task with the work it is for, pickled once for all tasks: it travels between processes."""

    work: bytes
    task: Any


def results_of(
    work: Callable[[T], R], tasks: Iterable[T], executor: Executor
) -> Generator[R, None, None]:
    """Yield the result of each task, in order; RunError if one fails twice.

    The work travels to each process once; it may keep there what its tasks share.
    """
    pickled = pickle.dumps(work)
    runner: Runner[Job, R] = Runner(done, executor)
    for job, result in runner.results(Job(pickled, task) for task in tasks):
        if isinstance(result, Failed):
            raise _error_of(job.task, result)
        yield result


def done(job: Job) -> Any:
    """Return the result of a job."""
    return _unpickled(job.work)(job.task)


@lru_cache(maxsize=WORKS)
def _unpickled(work: bytes) -> Callable[[Any], Any]:
    unpickled: Callable[[Any], Any] = pickle.loads(work)  # noqa: S301 - made by this program
    return unpickled


def _error_of(task: Any, failed: Failed) -> BaseException:
    if not failed.lost:
        return failed.error
    message = (
        f"{task}: the worker died "
        "(out of memory, or no room in TMPDIR?); try a smaller --block or fewer --jobs"
    )
    return RunError(message)
