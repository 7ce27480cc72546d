"""Tasks of a study, in this process or in others, with results in their order."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sim.errors import RunError
from sim.experiments.runner import Failed, Runner
from sim.experiments.workplaces import Here, Processes, Workplace

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
    place: Workplace = workplace or (Here() if jobs == 1 else Processes(jobs))
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
