"""Runner: tasks over any executor, results in order, few in flight, what failed done again.

A worker that dies strands the tasks in flight: each is done again alone, so that the guilty one
is found. A task that fails twice is handed back as `Failed`, never skipped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from sim.experiments.workplaces import GoneError, Workplace, refused

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
