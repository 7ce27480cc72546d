"""Executors, which compute tasks, and the runner that submits tasks to them.

`Serial` is this process, `Processes` are processes of this machine, and `sim.experiments.cluster`
has an executor for Dask. The work that tasks share is sent to each process once. The runner keeps
few tasks in flight and yields results in the order of the tasks, or as they are completed. If a
worker dies, each task in flight is repeated alone, to find the one that kills workers. A task that
fails twice is returned as `Failed`, never skipped.
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

WATCH = 2.0  # seconds between checks of the executor
TICK = 0.1  # seconds between checks whether to stop
IN_FLIGHT = 2  # tasks per worker that wait or run; few, as results are large

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")


class GoneError(RunError):
    """An executor is lost for good, with all tasks in flight."""


class UnlikeError(GoneError):
    """A worker whose numbers could differ from those of this process; the experiment ends."""


class Executor(Protocol):
    """Opens pools of workers."""

    @property
    def workers(self) -> int:
        """Return the number of tasks that can run at the same time."""

    @property
    def remote(self) -> bool:
        """Return whether workers may be on other machines."""

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return the errors that a pool raises when a worker died, not the task failed."""

    def pool(self, *, alone: bool = False) -> futures.Executor:
        """Return a pool of all workers, or of one for a single task."""

    def shared(self, work: Callable[[Any], Any]) -> Any:
        """Return a reference to the work, so that it is sent to each process only once."""

    def check(self) -> None:
        """Raise GoneError if the executor is lost for good."""


class Serial(futures.Executor):
    """This process, as an executor and its own pool."""

    workers = 1
    remote = False
    losses: tuple[type[BaseException], ...] = ()

    def pool(self, *, alone: bool = False) -> futures.Executor:
        """Return itself."""
        del alone
        return self

    def shared(self, work: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return the work itself, which is not sent."""
        return work

    def check(self) -> None:
        """Do nothing, since this process cannot be lost."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a task, which runs when its result is read."""
        return _Later(partial(fn, *args, **kwargs))


class _Later(Future[Any]):
    """A task that runs when its result is read."""

    def __init__(self, task: Callable[[], Any]) -> None:
        super().__init__()
        self._task = task

    def result(self, timeout: float | None = None) -> Any:
        """Return the result, or raise the error of the task."""
        if not self.done():
            try:
                self.set_result(self._task())
            except Exception as error:  # noqa: BLE001 - a future holds any error of its task
                self.set_exception(error)
        return super().result(timeout)


def executor_of(jobs: int) -> Executor:
    """Return the executor of so many jobs on this machine."""
    return Serial() if jobs <= 1 else Processes(jobs)


def _end(pool: futures.Executor, waiting: Iterable[_Flight]) -> None:
    """End the work of a pool: kill the workers if it can, or else cancel the tasks that wait.

    A pool whose workers are killed fails on cancelled futures, so these are not cancelled.
    """
    if isinstance(pool, Pool):
        pool.abandon()
        return
    for each in waiting:
        each.future.cancel()


def unstopped() -> bool:
    """Return False: do not stop before the end."""
    return False


def refused(error: BaseException) -> Future[Any]:
    """Return the future of a task that a pool refused, which raises the error."""
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
    """A task, and the work that it shares with others."""

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
    """A task that waits or runs."""

    task: Any
    shared: Any  # reference to its work
    future: Future[Any]


@dataclass(eq=False)
class Runner:
    """Runs jobs on an executor."""

    executor: Executor
    in_flight: int = IN_FLIGHT
    stop: Callable[[], bool] = unstopped  # returns whether to stop
    in_order: bool = True  # False: in the order of completion, so that no task waits for a slow one

    def results(self, jobs: Iterable[Job[T]]) -> Generator[tuple[T, Any], None, None]:
        """Yield each task with its result."""
        left = self._shared(jobs)
        waiting: deque[_Flight] = deque()
        pool = self.executor.pool()
        try:
            while True:
                self._fill(pool, left, waiting)
                if not waiting:
                    return
                self._check_wanted()
                first = self._first(pool, left, waiting)
                try:
                    result = self._result(first.future)
                except self._lost:
                    _end(pool, ())  # a worker that started while another died may be left
                    pool.shutdown(wait=False)
                    stranded = [*waiting]
                    waiting.clear()
                    for each in stranded:
                        yield each.task, self._again(each)
                    pool = self.executor.pool()
                    continue
                except (GoneError, Interrupted):
                    raise
                except Exception:  # noqa: BLE001 - after any error the task is repeated
                    result = self._again(first)
                waiting.remove(first)
                self._fill(pool, left, waiting)
                if not waiting:
                    pool.shutdown(wait=False)  # need not wait for the use of the last result
                yield first.task, result
        except BaseException:  # the results in flight are not needed
            _end(pool, waiting)
            raise
        finally:
            pool.shutdown(wait=True)

    @property
    def _tick(self) -> float:
        return WATCH if self.stop is unstopped else TICK

    @property
    def _lost(self) -> tuple[type[BaseException], ...]:
        return (*self.executor.losses, CancelledError)

    def _shared(self, jobs: Iterable[Job[Any]]) -> Iterator[tuple[Any, Any]]:
        """Yield each task with the reference to its work."""
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

    def _first(
        self, pool: futures.Executor, left: Iterator[tuple[Any, Any]], waiting: deque[_Flight]
    ) -> _Flight:
        """Return the task whose result is yielded next; new workers get tasks meanwhile."""
        while not (self.in_order or isinstance(waiting[0].future, _Later)):
            done = next((each for each in waiting if each.future.done()), None)
            if done is not None:
                return done
            those = [each.future for each in waiting]
            futures.wait(those, timeout=self._tick, return_when=futures.FIRST_COMPLETED)
            self._check_wanted()
            self.executor.check()
            self._fill(pool, left, waiting)
        return waiting[0]

    def _submitted(self, pool: futures.Executor, task: Any, shared: Any) -> Future[Any]:
        """Return the future of a task; one refused by a broken pool counts as lost in flight."""
        try:
            return pool.submit(done, shared, task)
        except self._lost as error:
            return refused(error)
        except Exception:
            self.executor.check()
            raise

    def _again(self, flight: _Flight) -> Any:
        """Return the result of a task repeated by a worker of its own."""
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
        """Return the result of a future; GoneError if the executor is lost, Interrupted on stop."""
        while True:
            try:
                return future.result(timeout=self._tick)
            except TimeoutError:
                if future.done():  # the task itself raised it
                    raise
                self._check_wanted()
                self.executor.check()

    def _check_wanted(self) -> None:
        if self.stop():
            message = "stopped: the remaining runs were not made"
            raise Interrupted(message)

    def _failed(self, error: BaseException, *, lost: bool) -> Failed:
        """Return the failure of a task; GoneError if the executor is lost."""
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
        own = "__str__" in vars(type(task))  # names its runs
        known = own and isinstance(failed.error, RunError)
        return RunError(f"{task}: {failed.error}") if known else failed.error
    message = (
        f"{task}: the worker died "
        "(out of memory, or TMPDIR full?); try a smaller --block or fewer --jobs"
    )
    return RunError(message)
