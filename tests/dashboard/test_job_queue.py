"""Jobs: one at a time, in order, and only as long as their page is open."""

from __future__ import annotations

from threading import Event

import pytest

from sim.dashboard.job_queue import DONE, FAILED, SILENCE, STOPPED, WAITS, WORKS, JobQueue, PageJob
from sim.kernel.errors import Interrupted, RunError

PATIENCE = 30.0


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Long:
    """Work that goes on until it is released or cancelled."""

    def __init__(self):
        self.began, self.end = Event(), Event()

    def __call__(self, progress, stop):
        self.began.set()
        progress(1, 2)
        while not self.end.wait(0.005):
            if stop():
                raise Interrupted
        return "made"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    made = JobQueue(clock)
    yield made
    made.close()


def job(work, page="a", kind="preview"):
    return PageJob(page, kind, f"work of {page}", work)


def test_one_job_is_done_at_a_time_and_the_queue_is_known(queue):
    first, second = Long(), Long()
    one, other = queue.add(job(first)), queue.add(job(second, "b"))
    assert first.began.wait(PATIENCE)
    assert (one.state, other.state) == (WORKS, WAITS)
    assert queue.before(other) == [one]
    assert queue.before(one) == []
    first.end.set()
    assert second.began.wait(PATIENCE)
    assert (one.state, one.result, other.state) == (DONE, "made", WORKS)
    assert (other.done, other.whole) == (1, 2)
    second.end.set()
    assert other.over.wait(PATIENCE)


def test_a_page_that_closes_takes_its_jobs_along(queue):
    work, waits, others = Long(), Long(), Long()
    one = queue.add(job(work))
    two, three = queue.add(job(waits, kind="sweep")), queue.add(job(others, "b"))
    assert work.began.wait(PATIENCE)
    queue.leave("a")
    assert one.over.wait(PATIENCE)
    assert others.began.wait(PATIENCE)
    assert (one.state, two.state, three.state) == (STOPPED, STOPPED, WORKS)
    assert not waits.began.is_set()
    others.end.set()


def test_a_page_that_is_not_heard_of_loses_its_jobs(queue, clock):
    work, waits = Long(), Long()
    one, two = queue.add(job(work)), queue.add(job(waits, "b"))
    assert work.began.wait(PATIENCE)
    clock.now = SILENCE - 1
    assert queue.of_page("a", one.id) is one
    clock.now = SILENCE + 1
    work.end.set()
    assert one.over.wait(PATIENCE)
    assert one.state == DONE
    assert two.over.wait(PATIENCE)
    assert two.state == STOPPED


def test_a_page_has_one_job_of_a_kind(queue):
    old, new = Long(), Long()
    one = queue.add(job(old))
    assert old.began.wait(PATIENCE)
    two = queue.add(job(new))
    assert new.began.wait(PATIENCE)
    assert (one.state, two.state) == (STOPPED, WORKS)
    queue.stop(two)
    assert two.over.wait(PATIENCE)
    assert two.state == STOPPED


def test_a_page_does_not_see_the_jobs_of_another(queue):
    one = queue.add(job(lambda *_: 1))
    assert queue.of_page("b", one.id) is None
    assert queue.of_page("a", "guessed") is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RunError("a law failed"), "a law failed"), (MemoryError(), "not enough memory"),
        (OSError(28, "No space left on device"), "No space left on device: make room"),
        (KeyError("slip"), "see the terminal for details"),
    ],
)  # fmt: skip
def test_a_job_that_fails_says_why_and_the_next_is_done(queue, error, said, capsys):
    def fails(*_):
        raise error

    one, two = queue.add(job(fails)), queue.add(job(lambda *_: 2, "b"))
    assert two.over.wait(PATIENCE)
    assert (one.state, two.result) == (FAILED, 2)
    assert said in str(one.error)
    assert ("Traceback" in capsys.readouterr().err) == isinstance(error, KeyError)


def test_a_queue_that_is_closed_takes_no_job(queue):
    work = Long()
    one = queue.add(job(work))
    assert work.began.wait(PATIENCE)
    queue.close()
    assert one.state == STOPPED
    with pytest.raises(RunError, match="closed"):
        queue.add(job(work))
