"""Copies of a process, made with all data that its tasks need, that share the tasks.

A copy has its own pipe and shares no lock, so that the others go on if it dies. On a request to
end, the remaining tasks are dropped; it does not raise an error in the middle of the code.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any, TypeVar
from warnings import catch_warnings, simplefilter

from sim.experiments.processes import METHOD, set_up

COPY = "fork" if sys.platform == "linux" else METHOD

T = TypeVar("T")
R = TypeVar("R")


def results_of_copies(
    work: Callable[[T], R], tasks: Iterable[T], copies: int
) -> tuple[list[R], bool]:
    """Return the results of tasks, in any order, and whether they are complete.

    On SIGTERM, or if a copy dies, the tasks in progress are finished and the others left out. An
    error of a task is raised after those. It must be called in the main thread.
    """
    left = deque((task,) for task in tasks)
    count = len(left)
    results: list[R] = []
    errors: list[BaseException] = []
    with _cleared_on_sigterm(left), _crew(work, min(copies, count)) as crew:
        busy = {pipe for pipe in crew if _gave(pipe, left)}
        while busy:
            pipe: Any
            for pipe in wait(busy):
                try:
                    result, error = pipe.recv()
                except (EOFError, OSError):  # the copy died
                    left.clear()
                    busy.remove(pipe)
                    continue
                if error is None:
                    results.append(result)
                else:
                    errors.append(error)
                    left.clear()
                if not _gave(pipe, left):
                    busy.remove(pipe)
    if errors:
        raise errors[0]
    return results, len(results) == count


def _gave(pipe: Any, left: deque[tuple[T]]) -> bool:
    """Send one of the remaining tasks to a copy; return whether it took one."""
    try:
        pipe.send(left.popleft())
    except (IndexError, OSError):  # no task is left, or the copy died
        return False
    return True


@contextmanager
def _cleared_on_sigterm(left: deque[Any]) -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, lambda *_: left.clear())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _crew(work: Callable[[Any], Any], count: int) -> Iterator[list[Any]]:
    """Yield the pipes of copies, which end with the block."""
    context: Any = multiprocessing.get_context(COPY)
    crew: dict[Any, Any] = {}
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            crew[ours] = context.Process(target=_copy, args=(work, theirs), daemon=True)
            with catch_warnings():  # about another thread, which only waits for our parent
                simplefilter("ignore", DeprecationWarning)
                crew[ours].start()
            theirs.close()
        yield [*crew]
        for pipe in crew:
            with suppress(OSError):
                pipe.send(None)
    except BaseException:
        for copy in crew.values():
            if copy.pid is not None:
                copy.kill()
        raise
    finally:
        for copy in crew.values():
            if copy.pid is not None:
                copy.join()


def _copy(work: Callable[[Any], Any], pipe: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    set_up(())
    while given := pipe.recv():
        pipe.send(_outcome(work, *given))


def _outcome(work: Callable[[Any], Any], task: Any) -> tuple[Any, Exception | None]:
    try:
        return work(task), None
    except Exception as error:  # noqa: BLE001 - results_of_copies raises it
        return None, error
