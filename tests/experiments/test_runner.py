"""The runner over pools that break at the worst moments."""

import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from sim.experiments.runner import Failed, Runner
from sim.experiments.workplaces import Here, Processes


def double(number):
    return 2 * number


def die_at_three(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


class Breaking(Here):
    """A workplace whose first pool refuses every task after some."""

    losses = (BrokenProcessPool,)

    def __init__(self, accepted):
        self.left = [accepted]

    def executor(self, *, alone=False):
        return super().executor() if alone or not self.left else Refusing(self.left.pop())


class Refusing(Here):
    def __init__(self, accepted):
        self.accepted = accepted

    def submit(self, fn, /, *args, **kwargs):
        if self.accepted == 0:
            raise BrokenProcessPool
        self.accepted -= 1
        return super().submit(fn, *args, **kwargs)


def test_tasks_that_a_broken_pool_refuses_are_done_all_the_same():
    for accepted in range(4):  # at the first filling, or after a task that went well
        runner = Runner(double, Breaking(accepted))
        assert list(runner.results(range(6))) == [(n, 2 * n) for n in range(6)]


def test_a_task_that_kills_its_worker_is_told_and_the_rest_is_done():
    found = dict(Runner(die_at_three, Processes(2)).results(range(6)))
    guilty = found.pop(3)
    assert isinstance(guilty, Failed)
    assert guilty.lost
    assert found == {n: 2 * n for n in (0, 1, 2, 4, 5)}


def test_a_refused_task_is_a_future_that_says_so():
    future = Runner(double, Breaking(0))._submitted(Refusing(0), 1)
    assert isinstance(future, Future)
    assert isinstance(future.exception(), BrokenProcessPool)
