"""Jobs: long computations requested by pages, done one at a time, in order.

A job belongs to the page that requested it: it stops when the page is closed or silent, and when
the same page requests another of its kind.
"""

from __future__ import annotations

import secrets
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any, TypeVar

from sim.experiments.options import Progress
from sim.kernel.errors import Interrupted, RunError, SimError

WAITS, WORKS, DONE, FAILED, STOPPED = "waits", "works", "done", "failed", "stopped"
OVER = (DONE, FAILED, STOPPED)
SILENCE = 150.0  # seconds: a browser lets a page in the background send one request a minute
_KEPT = 60  # finished jobs

Made = TypeVar("Made")
Work = Callable[
    [Progress, Callable[[], bool]], Made
]  # a check by which the work stops if it is no longer wanted
View = Callable[[Any], str]  # a result as HTML


@dataclass(eq=False)
class PageJob:
    """A computation for a page."""

    page: str  # key of it
    kind: str
    title: str
    work: Work[Any]
    view: View = str
    place: str = "outcome"  # id of the part of the page for it
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: str = WAITS
    done: int = 0
    whole: int = 0
    result: Any = None
    error: SimError | None = None
    heard: float = 0.0  # time of the last request of its page
    began: float = 0.0
    over: Event = field(default_factory=Event)


def stoppable(progress: Progress, stop: Callable[[], bool]) -> Progress:
    """Return a progress function that ends the work when it is no longer wanted."""

    def told(done: int, whole: int) -> None:
        progress(done, whole)
        if stop():
            raise Interrupted

    return told


class JobQueue:
    """Jobs of all pages."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin without a job."""
        self._clock = clock
        self._jobs: OrderedDict[str, PageJob] = OrderedDict()
        self._changed = Condition()
        self._closed = False
        self._worker: Thread | None = None

    def add(self, job: PageJob) -> PageJob:
        """Add a new job; an earlier one of its kind for the same page stops."""
        job.heard = self._clock()
        with self._changed:
            if self._closed:
                message = "the dashboard is closed"
                raise RunError(message)
            for each in self._jobs.values():
                if (each.page, each.kind) == (job.page, job.kind):
                    self._stop(each)
            self._jobs[job.id] = job
            self._forget()
            if self._worker is None:
                self._worker = Thread(target=self._work, daemon=True, name="jobs")
                self._worker.start()
            self._changed.notify_all()
        return job

    def of_page(self, page: str, name: str) -> PageJob | None:
        """Return a job of a page and note the request; None if the page has no job of this id."""
        with self._changed:
            job = self._jobs.get(name)
            if job is None or job.page != page:
                return None
            job.heard = self._clock()
            return job

    def before(self, job: PageJob) -> list[PageJob]:
        """Return the jobs ahead of one in the queue."""
        with self._changed:
            earlier = []
            for each in self._jobs.values():
                if each is job:
                    break
                if each.state not in OVER:
                    earlier.append(each)
            return earlier if job.state == WAITS else []

    def seconds(self, job: PageJob) -> float:
        """Return the time spent on a job."""
        return self._clock() - job.began if job.began else 0.0

    def stop(self, job: PageJob) -> None:
        """Stop a job, if it is not finished."""
        with self._changed:
            self._stop(job)

    def leave(self, page: str) -> None:
        """Stop the jobs of a page that is closed."""
        with self._changed:
            for each in self._jobs.values():
                if each.page == page:
                    self._stop(each)

    def close(self) -> None:
        """Stop all jobs, and accept no more."""
        with self._changed:
            self._closed = True
            for each in self._jobs.values():
                self._stop(each)
            self._changed.notify_all()
        if self._worker is not None:
            self._worker.join(5)

    def _stop(self, job: PageJob) -> None:
        if job.state not in OVER:
            job.state = STOPPED
            job.over.set()

    def _forget(self) -> None:
        over = [name for name, job in self._jobs.items() if job.state in OVER]
        for name in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[name]

    def _unwanted(self, job: PageJob) -> bool:
        if job.state == WORKS and self._clock() - job.heard > SILENCE:
            self.stop(job)
        return job.state != WORKS

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self._do(job)

    def _next(self) -> PageJob | None:
        """Wait for a job that is wanted; None once the queue is closed."""
        with self._changed:
            while True:
                for job in self._jobs.values():
                    if job.state == WAITS and self._clock() - job.heard > SILENCE:
                        self._stop(job)
                    if job.state == WAITS:
                        job.state, job.began = WORKS, self._clock()
                        return job
                if self._closed:
                    return None
                self._changed.wait()

    def _do(self, job: PageJob) -> None:
        def told(done: int, whole: int) -> None:
            job.done, job.whole = done, whole

        state, result, error = FAILED, None, None
        try:
            result = job.work(told, lambda: self._unwanted(job))
            state = DONE
        except Interrupted:
            state = STOPPED
        except SimError as failure:
            error = failure
        except MemoryError:
            error = RunError("not enough memory for this: try fewer runs")
        except OSError as failure:
            error = RunError(f"{failure.strerror or failure}: make room, and try again")
        except Exception:  # noqa: BLE001 - the pages keep working: the terminal has the details
            traceback.print_exc(file=sys.stderr)
            error = RunError("there was an unexpected error: see the terminal for details")
        with self._changed:
            if job.state == WORKS:
                job.state, job.result, job.error = state, result, error
            job.over.set()
