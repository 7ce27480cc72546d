"""Blocks of an ensemble, from this process or from others, in the order of their tasks."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.errors import RunError
from sim.experiments.blocks import Block, Study, Task, Worker
from sim.experiments.runner import Failed, Runner
from sim.experiments.workplaces import Here, Processes, Workplace


@dataclass(frozen=True)
class Job:
    """A task with its study, pickled once for all tasks: it travels between our processes."""

    study: bytes
    task: Task


def blocks(study: Study, tasks: Sequence[Task], jobs: int) -> Generator[Block, None, None]:
    """Yield the block of each task; RunError if one fails twice."""
    place: Workplace = Here() if jobs == 1 else Processes(jobs)
    pickled = pickle.dumps(study)
    for job, found in Runner(done, place).results(Job(pickled, task) for task in tasks):
        if isinstance(found, Failed):
            raise _told(job.task, found)
        yield found


def done(job: Job) -> Block:
    """Return the block of a task."""
    return _worker(job.study).run(job.task)


@lru_cache(maxsize=1)
def _worker(pickled: bytes) -> Worker:
    """Return the worker of a study, which is unpickled once a process."""
    study: Study = pickle.loads(pickled)  # noqa: S301 - made by this program, never read of a file
    return study.worker()


def _told(task: Task, failed: Failed) -> BaseException:
    """Return the error of a task that failed twice."""
    if not failed.lost:
        return failed.error
    message = (
        f"variant {task.variant}, runs {task.start} to {task.stop - 1}: the worker died "
        "(out of memory, or no room in TMPDIR?); try a smaller --block or fewer --jobs"
    )
    return RunError(message)
