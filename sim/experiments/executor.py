"""Executors: where tasks are done, and the one runner that has them done.

`Serial` is this process, `Processes` those of this machine, `sim.experiments.cluster` has Dask's.
What all tasks share, their work, travels to each process once. The runner keeps few tasks in flight
and yields results in the order of the tasks. A worker that dies strands the tasks in flight: each
is done again alone, to identify the one that kills. A task that fails twice is handed back as
`Failed`, never skipped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent import futures
from concurrent.futures import CancelledError, Future
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any, Generic, Protocol, TypeVar

from sim.experiments.processes import Pool, Processes
from sim.kernel.errors import Interrupted, RunError

WATCH = 2.0  # seconds between looks at whether the executor still works
TICK = 0.1  # seconds between looks at whether the work is still wanted
IN_FLIGHT = 2  # tasks of each worker that wait or run: each result is large

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")


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

    def shared(self, work: Callable[[Any], Any]) -> Any:
        """Return what stands for the work in a task, so that it travels to each process once."""

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

    def shared(self, work: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return the work: it need not travel."""
        return work

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


def executor_of(jobs: int) -> Executor:
    """Return the executor of so many jobs on this machine."""
    return Serial() if jobs <= 1 else Processes(jobs)


def _end(pool: futures.Executor, waiting: Iterable[_Flight]) -> None:
    """Have a pool end what it does, at once if it can; or do no more than that.

    The futures of a pool whose workers are ended must not be cancelled, too: it fails on those.
    """
    if isinstance(pool, Pool):
        pool.abandon()
        return
    for each in waiting:
        each.future.cancel()


def unstopped() -> bool:
    """Return that the work is wanted to its end."""
    return False


def refused(error: BaseException) -> Future[Any]:
    """Return the future of a task that no pool took, which raises the error."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


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


@dataclass(frozen=True)
class Job(Generic[T]):
    """A task, and the work that it has in common with others."""

    work: Callable[[T], Any]
    task: T


def jobs_of(
    tasks: Iterable[tuple[K, T]], work: Callable[[K], Callable[[T], Any]]
) -> Iterator[Job[T]]:
    """Yield each task with the work of its key, which is made when the key changes."""
    for key, several in groupby(tasks, itemgetter(0)):
        own = work(key)
        yield from (Job(own, task) for _, task in several)


def done(work: Callable[[T], R], task: T) -> R:
    """Return the result of a task."""
    return work(task)


@dataclass(eq=False)
class _Flight:
    """A task that waits or is being done."""

    task: Any
    shared: Any  # its work
    future: Future[Any]


@dataclass(eq=False)
class Runner:
    """Has jobs done by an executor."""

    executor: Executor
    in_flight: int = IN_FLIGHT
    stop: Callable[[], bool] = unstopped  # whether the work is no longer wanted

    def results(self, jobs: Iterable[Job[T]]) -> Generator[tuple[T, Any], None, None]:
        """Yield each task with its result, in the order of the jobs."""
        left = self._shared(jobs)
        waiting: deque[_Flight] = deque()
        pool = self.executor.pool()
        try:
            while True:
                self._fill(pool, left, waiting)
                if not waiting:
                    return
                self._check_wanted()
                first = waiting[0]
                try:
                    result = self._result(first.future)
                except self._lost:
                    _end(pool, ())  # one that started while another died may be left
                    pool.shutdown(wait=False)
                    stranded = [*waiting]
                    waiting.clear()
                    for each in stranded:
                        yield each.task, self._again(each)
                    pool = self.executor.pool()
                    continue
                except (GoneError, Interrupted):
                    raise
                except Exception:  # noqa: BLE001 - whatever it is, the task is done again
                    result = self._again(first)
                waiting.popleft()
                self._fill(pool, left, waiting)
                if not waiting:
                    pool.shutdown(wait=False)  # it need not wait for what is done with the last
                yield first.task, result
        except BaseException:  # nobody waits for what is being done
            _end(pool, waiting)
            raise
        finally:
            pool.shutdown(wait=True)

    @property
    def _lost(self) -> tuple[type[BaseException], ...]:
        return (*self.executor.losses, CancelledError)

    def _shared(self, jobs: Iterable[Job[Any]]) -> Iterator[tuple[Any, Any]]:
        """Yield each task with what stands for its work."""
        for work, several in groupby(jobs, attrgetter("work")):
            try:
                shared = self.executor.shared(work)
            except Exception:
                self.executor.check()
                raise
            yield from ((job.task, shared) for job in several)

    def _fill(
        self,
        pool: futures.Executor,
        left: Iterator[tuple[Any, Any]],
        waiting: deque[_Flight],
    ) -> None:
        """Submit tasks until enough are in flight."""
        room = self.executor.workers * self.in_flight - len(waiting)
        for task, shared in islice(left, max(room, 0)):
            waiting.append(_Flight(task, shared, self._submitted(pool, task, shared)))

    def _submitted(self, pool: futures.Executor, task: Any, shared: Any) -> Future[Any]:
        """Return the future of a task; one that a broken pool refuses counts as lost in flight."""
        try:
            return pool.submit(done, shared, task)
        except self._lost as error:
            return refused(error)
        except Exception:
            self.executor.check()
            raise

    def _again(self, flight: _Flight) -> Any:
        """Return the result of a task done again, by a worker that does nothing else."""
        pool = self.executor.pool(alone=True)
        try:
            return self._result(pool.submit(done, flight.shared, flight.task))
        except self._lost as error:
            return self._failed(error, lost=True)
        except Exception as error:  # noqa: BLE001 - it is reported with the task
            return self._failed(error, lost=False)
        finally:
            pool.shutdown(wait=True)

    def _result(self, future: Future[Any]) -> Any:
        """Return the result of a future, unless the executor goes before it comes."""
        tick = WATCH if self.stop is unstopped else TICK
        while True:
            try:
                return future.result(timeout=tick)
            except TimeoutError:
                if future.done():  # it is the task's own
                    raise
                self._check_wanted()
                self.executor.check()

    def _check_wanted(self) -> None:
        if self.stop():
            message = "stopped: the remaining runs were not made"
            raise Interrupted(message)

    def _failed(self, error: BaseException, *, lost: bool) -> Failed:
        """Return that a task failed; GoneError where the executor, not the task, is to blame."""
        self.executor.check()
        return Failed(error, lost=lost)


def results_of(
    work: Callable[[T], R], tasks: Iterable[T], executor: Executor
) -> Generator[R, None, None]:
    """Yield the result of each task, in order; RunError if one fails twice."""
    with closing(Runner(executor).results(Job(work, task) for task in tasks)) as results:
        for task, result in results:
            if isinstance(result, Failed):
                raise _error_of(task, result)
            yield result


def _error_of(task: Any, failed: Failed) -> BaseException:
    if not failed.lost:
        own = "__str__" in vars(type(task))  # says which runs they were
        told = own and isinstance(failed.error, RunError)
        return RunError(f"{task}: {failed.error}") if told else failed.error
    message = (
        f"{task}: the worker died "
        "(out of memory, or TMPDIR full?); try a smaller --block or fewer --jobs"
    )
    return RunError(message)
