"""Workplaces: where tasks are done. Each opens executors of `concurrent.futures`.

Runner: tasks over any executor, results in order, few in flight, what failed done again.

A worker that dies strands the tasks in flight: each is done again alone, so that the guilty one
is found. A task that fails twice is handed back as `Failed`, never skipped.

Tasks of a study, in this process or in others, with results in their order.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from sim.experiments.server import serve, serving, unserve
from sim.experiments.startup import held_back, inherited
from sim.kernel.errors import RunError

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


class Serial(Executor):
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


WATCH = 2.0  # seconds between looks at whether the workplace is still there
IN_FLIGHT = 2  # tasks of each worker that wait or run: each result is large

T = TypeVar("T")
R = TypeVar("R")


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
    """Does tasks at a workplace."""

    work: Callable[[T], R]  # what travels with a task; has to be importable where it is done
    place: Workplace
    in_flight: int = IN_FLIGHT

    @property
    def _lost(self) -> tuple[type[BaseException], ...]:
        """Return the errors that say that a worker was lost."""
        return (*self.place.losses, CancelledError)

    def results(self, tasks: Iterable[T]) -> Generator[tuple[T, R | Failed], None, None]:
        """Yield each task with its result, in the order of the tasks."""
        left = iter(tasks)
        waiting: deque[tuple[T, Future[R]]] = deque()
        executor = self.place.executor()
        try:
            while True:
                self._fill(executor, left, waiting)
                if not waiting:
                    return
                task, future = waiting[0]
                try:
                    done: R | Failed = self._result(future)
                except self._lost:
                    executor.shutdown(wait=False)
                    stranded = [each for each, _ in waiting]
                    waiting.clear()
                    for each in stranded:
                        yield each, self._again(each)
                    executor = self.place.executor()
                    continue
                except GoneError:
                    raise
                except Exception:  # noqa: BLE001 - whatever it is, the task is done again
                    done = self._again(task)
                waiting.popleft()
                self._fill(executor, left, waiting)
                if not waiting:
                    executor.shutdown(wait=False)  # it need not wait for what is done with the last
                yield task, done
        finally:
            for _, future in waiting:
                future.cancel()
            executor.shutdown(wait=True)

    def _fill(
        self, executor: Executor, left: Iterator[T], waiting: deque[tuple[T, Future[R]]]
    ) -> None:
        """Submit tasks until enough are in flight."""
        room = self.place.workers * self.in_flight - len(waiting)
        for task in islice(left, max(room, 0)):
            waiting.append((task, self._submitted(executor, task)))

    def _submitted(self, executor: Executor, task: T) -> Future[R]:
        """Return the future of a task; one that a broken pool refuses counts as lost in flight."""
        try:
            return executor.submit(self.work, task)
        except self._lost as error:
            return refused(error)
        except Exception:
            self.place.check()
            raise

    def _again(self, task: T) -> R | Failed:
        """Return the result of a task done again, by a worker that does nothing else."""
        executor = self.place.executor(alone=True)
        try:
            found: R = self._result(executor.submit(self.work, task))
        except self._lost as error:
            return self._failed(error, lost=True)
        except Exception as error:  # noqa: BLE001 - it is reported with the task
            return self._failed(error, lost=False)
        finally:
            executor.shutdown(wait=True)
        return found

    def _result(self, future: Future[R]) -> R:
        """Return the result of a future, unless the workplace goes before it comes."""
        while True:
            try:
                return future.result(timeout=WATCH)
            except TimeoutError:
                if future.done():  # it is the task's own
                    raise
                self.place.check()

    def _failed(self, error: BaseException, *, lost: bool) -> Failed:
        """Return that a task failed; GoneError where the workplace, not the task, is to blame."""
        self.place.check()
        return Failed(error, lost=lost)


Task = TypeVar("Task")
Block = TypeVar("Block")
TaskIn_contra = TypeVar("TaskIn_contra", contravariant=True)
BlockOut_co = TypeVar("BlockOut_co", covariant=True)


class Worker(Protocol[TaskIn_contra, BlockOut_co]):
    """What each process has: it runs tasks."""

    def run(self, task: TaskIn_contra) -> BlockOut_co:
        """Return the block of a task."""


class Study(Protocol[TaskIn_contra, BlockOut_co]):
    """What all tasks share; a task says what it is as text."""

    def worker(self) -> Worker[TaskIn_contra, BlockOut_co]:
        """Return what runs the tasks in one process."""


@dataclass(frozen=True)
class Job:
    """A task with its study, pickled once for all tasks: it travels between our processes."""

    study: bytes
    task: Any


def blocks(
    study: Study[Task, Block],
    tasks: Iterable[Task],
    jobs: int,
    workplace: Workplace | None = None,
) -> Generator[Block, None, None]:
    """Yield the block of each task, in order; RunError if one fails twice."""
    place: Workplace = workplace or (Serial() if jobs == 1 else Processes(jobs))
    pickled = pickle.dumps(study)
    runner: Runner[Job, Block] = Runner(done, place)
    for job, found in runner.results(Job(pickled, task) for task in tasks):
        if isinstance(found, Failed):
            raise _told(job.task, found)
        yield found


def done(job: Job) -> Any:
    """Return the block of a task."""
    return _worker(job.study).run(job.task)


@lru_cache(maxsize=1)
def _worker(pickled: bytes) -> Worker[Any, Any]:
    """Return the worker of a study, which is unpickled once a process."""
    study: Study[Any, Any] = pickle.loads(pickled)  # noqa: S301 - made by this program
    return study.worker()


def _told(task: Any, failed: Failed) -> BaseException:
    """Return the error of a task that failed twice."""
    if not failed.lost:
        return failed.error
    message = (
        f"{task}: the worker died "
        "(out of memory, or no room in TMPDIR?); try a smaller --block or fewer --jobs"
    )
    return RunError(message)
