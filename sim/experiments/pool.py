"""Blocks over processes: results in the order of tasks, few in flight, broken pools rebuilt."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Protocol, TypeVar

from sim.errors import RunError

IN_FLIGHT = 2  # blocks of each worker that wait or run: each is large
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc keeps freed arrays instead of giving them back and fetching new pages: 5 to 10 %
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
}

Task = TypeVar("Task")
Block = TypeVar("Block")
TaskIn_contra = TypeVar("TaskIn_contra", contravariant=True)
BlockOut_co = TypeVar("BlockOut_co", covariant=True)


class Worker(Protocol[TaskIn_contra, BlockOut_co]):
    """What each process has: it runs tasks."""

    def run(self, task: TaskIn_contra) -> BlockOut_co:
        """Return the block of a task."""


class Study(Protocol[TaskIn_contra, BlockOut_co]):
    """What all tasks share; it travels to each process once. A task says what it is as text."""

    def worker(self) -> Worker[TaskIn_contra, BlockOut_co]:
        """Return what runs the tasks in one process."""


_workers: list[Worker[Any, Any]] = []  # of this process: the one that `_start` made


def blocks(
    study: Study[Task, Block], tasks: Iterable[Task], jobs: int
) -> Generator[Block, None, None]:
    """Yield the block of each task, in order, from this process or from `jobs` others."""
    if jobs == 1:
        worker = study.worker()
        yield from map(worker.run, tasks)
        return
    with _settings():
        yield from _spread(study, iter(tasks), jobs)


def _spread(
    study: Study[Task, Block], tasks: Iterator[Task], jobs: int
) -> Generator[Block, None, None]:
    """Yield the block of each task from a pool of processes."""
    pool = _pool(study, jobs)
    waiting: deque[tuple[Task, Future[Block]]] = deque()
    try:
        for task in islice(tasks, jobs * IN_FLIGHT):
            waiting.append((task, _submitted(pool, task)))
        while waiting:
            try:
                block = waiting[0][1].result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                stranded = [task for task, _ in waiting]
                waiting.clear()
                for each in stranded:
                    yield _alone(study, each)
                pool = _pool(study, jobs)
                for task in islice(tasks, jobs * IN_FLIGHT):
                    waiting.append((task, _submitted(pool, task)))
                continue
            waiting.popleft()
            for task in islice(tasks, 1):
                waiting.append((task, _submitted(pool, task)))
            yield block
    finally:
        for _, future in waiting:
            future.cancel()
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(study: Study[Task, Block], task: Task) -> Block:
    """Return the block of a task that a broken pool left, from a process of its own."""
    with _pool(study, 1) as pool:
        try:
            found: Block = _submitted(pool, task).result()
        except BrokenProcessPool:
            message = (
                f"{task}: the worker died "
                "(out of memory, or no room in TMPDIR?); try a smaller --block or fewer --jobs"
            )
            raise RunError(message) from None
    return found


def _pool(study: Study[Any, Any], jobs: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes, whatever start method the main process has."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(study,))


def _submitted(pool: ProcessPoolExecutor, task: Any) -> Future[Any]:
    """Return the future of a task; a worker that starts now never hears Ctrl-C."""
    with _deaf():
        return pool.submit(_run, task)


def _start(study: Study[Any, Any]) -> None:
    """Make the worker of this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    gc.disable()  # arrays hold no cycles; looking for them took 3 % of the time
    _workers[:] = [study.worker()]


def follow_parent() -> None:
    """Let this worker end as soon as its parent has, however that came about."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Wait for the end of the parent, then end this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _run(task: Any) -> Any:
    """Return the block of a task, in a worker process."""
    return _workers[0].run(task)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes started now inherit that."""
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
