"""The runner over pools that break at the worst moments, and processes started ahead."""

import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, process
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from multiprocessing.reduction import ForkingPickler
from multiprocessing.shared_memory import SharedMemory
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from sim.experiments import executor
from sim.experiments.executor import Failed, GoneError, Job, Runner, Serial
from sim.experiments.processes import Processes, prestarted
from sim.kernel.errors import Interrupted
from tests.patience import PATIENCE, until
from tests.signals import heard
from tests.tasks import die_at_three, double


def each(work, tasks, place):
    return Runner(place).results(Job(work, task) for task in tasks)


def begin_result():
    pipe = next(each for each in gc.get_objects() if isinstance(each, SimpleQueue))._writer
    os.write(pipe.fileno(), (1000).to_bytes(4, "big") + b"a few of a thousand bytes")


def die_in_mid_result_of_three(number):
    if number == 3:
        begin_result()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def stay_in_mid_result(mark):
    begin_result()
    mark.touch()
    time.sleep(PATIENCE)


class Gone(Serial):
    """An executor that takes tasks, does two of them, and is gone."""

    def __init__(self):
        self.left = 2

    def submit(self, fn, /, *args, **kwargs):
        if self.left == 0:
            return Future()
        self.left -= 1
        return super().submit(fn, *args, **kwargs)

    def check(self):
        message = "nobody is there"
        raise GoneError(message)


class Breaking(Serial):
    """An executor whose first pool refuses every task after some."""

    losses = (BrokenProcessPool,)

    def __init__(self, accepted):
        self.left = [accepted]

    def pool(self, *, alone=False):
        return super().pool() if alone or not self.left else Refusing(self.left.pop())


class Refusing(Serial):
    def __init__(self, accepted):
        self.accepted = accepted

    def submit(self, fn, /, *args, **kwargs):
        if self.accepted == 0:
            raise BrokenProcessPool
        self.accepted -= 1
        return super().submit(fn, *args, **kwargs)


def test_tasks_that_a_broken_pool_refuses_are_done_all_the_same():
    for accepted in range(4):  # at the first filling, or after a task that went well
        found = each(double, range(6), Breaking(accepted))
        assert list(found) == [(n, 2 * n) for n in range(6)]


def test_a_task_that_kills_its_worker_is_reported_and_the_others_are_done():
    found = dict(each(die_at_three, range(6), Processes(2)))
    guilty = found.pop(3)
    assert isinstance(guilty, Failed)
    assert guilty.lost
    assert found == {n: 2 * n for n in (0, 1, 2, 4, 5)}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_worker_that_dies_while_it_sends_its_result_does_not_stop_the_rest(monkeypatch):
    monkeypatch.setattr(executor, "WATCH", 0.2)
    found = dict(each(die_in_mid_result_of_three, range(6), Processes(2)))
    assert found.pop(3).lost
    assert found == {n: 2 * n for n in (0, 1, 2, 4, 5)}


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes as on POSIX")
@pytest.mark.parametrize("way", ["abandon", "cut_short"])
def test_a_pool_ends_though_a_worker_has_sent_part_of_its_result(tmp_path, way):
    pool = Processes(1).pool()
    pool.submit(stay_in_mid_result, tmp_path / "begun")
    until(lambda: any(tmp_path.iterdir()))
    receiver = pool._executor_manager_thread
    Thread(target=getattr(pool, way), daemon=True).start()
    receiver.join(PATIENCE)
    assert not receiver.is_alive()


def test_a_pool_whose_thread_fails_at_a_death_does_not_stop_the_rest(monkeypatch):
    monkeypatch.setattr(executor, "WATCH", 0.2)
    monkeypatch.setattr(process._ExecutorManagerThread, "terminate_broken", lambda *_: None)
    others = set(active_children())  # a pool that other tests share
    found = dict(each(die_at_three, range(6), Processes(2)))
    assert found.pop(3).lost
    assert found == {n: 2 * n for n in (0, 1, 2, 4, 5)}
    until(lambda: set(active_children()) <= others)


def test_a_task_that_comes_while_its_pool_breaks_is_refused(monkeypatch):
    def late(pool, *_):
        pool._broken = "a worker died"
        return Future()

    monkeypatch.setattr(process.ProcessPoolExecutor, "submit", late)
    with pytest.raises(BrokenProcessPool, match="a worker died"):
        Processes(1).pool().submit(double, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_while_processes_start_leaves_none_behind(monkeypatch, name):
    heard(name)
    number, start = getattr(signal, name), BaseProcess.start

    def interrupted(worker):
        start(worker)
        os.kill(os.getpid(), number)

    monkeypatch.setattr(BaseProcess, "start", interrupted)
    others = set(active_children())  # a pool that other tests share
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(each(double, range(6), Processes(2)))
    finally:
        signal.signal(number, before)
    until(lambda: set(active_children()) <= others)


def test_an_executor_that_is_gone_is_reported_and_no_task_is_blamed(monkeypatch):
    monkeypatch.setattr(executor, "WATCH", 0.01)
    results = each(double, range(6), Gone())
    assert [next(results), next(results)] == [(0, 0), (1, 2)]
    with pytest.raises(GoneError, match="nobody is there"):
        next(results)


def late(number):
    message = f"{number} took too long"
    raise TimeoutError(message)


def test_a_task_that_times_out_by_itself_has_failed():
    ((_, failed),) = each(late, [1], Serial())
    assert isinstance(failed, Failed)
    assert str(failed) == "1 took too long"


def test_a_refused_task_is_a_future_that_says_so():
    future = Runner(Breaking(0))._submitted(Refusing(0), 1, double)
    assert isinstance(future, Future)
    assert isinstance(future.exception(), BrokenProcessPool)


def number_of_process(_):
    return os.getpid()


def modules_there(names):
    return [name in sys.modules for name in names]


def test_modules_are_read_in_ahead_for_the_processes_that_do_the_work():
    names = ("colorsys", "fractions")
    with prestarted(2, *names) as place:
        found = list(each(modules_there, [names] * 3, place))
    assert found == [(names, [True, True])] * 3


def test_processes_started_before_there_is_work_do_it():
    place = Processes(2)
    place.start(["decimal"])
    (pool,) = place._started
    there = set(pool._processes)
    found = {number for _, number in each(number_of_process, range(6), place)}
    assert place._started == []
    assert found <= there


def test_processes_that_got_no_work_are_ended():
    place = Processes(2)
    place.start(["decimal"])
    (pool,) = place._started
    workers = list(pool._processes.values())
    place.stop()
    assert workers
    for worker in workers:  # the thread of the pool waits for them too: either may be told first
        until(lambda worker=worker: worker.exitcode is not None)
        assert worker.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("jobs", [1, 0, -1, 10_001])
def test_no_process_is_started_ahead_where_there_is_no_need_or_no_sense(jobs):
    with prestarted(jobs, "decimal") as place:
        assert place is None


@dataclass(eq=False)
class Heavy:
    """Work that is large, and records whether it was sent to a process again."""

    load: bytes

    def __call__(self, _):
        return id(self), os.getpid()


def travelled(shared):
    return ForkingPickler.loads(ForkingPickler.dumps(shared))


def test_work_travels_to_each_process_once_and_a_task_is_small():
    work = Heavy(bytes(200_000))
    place = Processes(2)
    shared = place.shared(work)
    assert len(pickle.dumps((executor.done, shared, 1))) < 2000
    found = {result for _, result in each(work, range(20), place)}
    assert len(found) == len({process for _, process in found})


def test_the_memory_of_shared_work_goes_with_the_last_task():
    shared = Processes(2).shared(Heavy(bytes(1000)))
    name, size = shared.place
    assert executor.done(travelled(shared), 1)[1] == os.getpid()
    del shared
    with pytest.raises(FileNotFoundError):
        SharedMemory(name, size=size)


KILLED = """
import os
from sim.experiments.processes import SharedWork
work = SharedWork(len)
print(work.place[0], flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_process_leaves_no_shared_work_and_no_word():
    killed = [sys.executable, "-c", KILLED]
    ended = subprocess.run(killed, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.stderr == ""  # which ends with the tracker that clears up
    with pytest.raises(FileNotFoundError):
        SharedMemory(ended.stdout.strip())


def test_work_that_is_no_longer_wanted_ends_at_once():
    looks = count()
    runner = Runner(Processes(2), stop=lambda: next(looks) > 3)
    jobs = [Job(time.sleep, 600.0)] * 4
    with closing(runner.results(jobs)) as results, pytest.raises(Interrupted, match="stopped"):
        list(results)


class Threads(Serial):
    """Two threads of this process."""

    workers = 2

    def pool(self, *, alone=False):
        return ThreadPoolExecutor(1 if alone else 2)


def test_a_slow_task_holds_up_no_other_where_order_does_not_matter():
    rest = Event()

    def work(number):
        if number == 0:
            assert rest.wait(PATIENCE)
        return 2 * number

    found = []
    for task, result in Runner(Threads(), in_order=False).results(Job(work, n) for n in range(8)):
        found.append((task, result))
        if len(found) == 7:
            rest.set()
    assert found[-1] == (0, 0)
    assert sorted(found) == [(n, 2 * n) for n in range(8)]


def test_tasks_in_any_order_survive_the_death_of_a_worker():
    runner = Runner(Processes(2), in_order=False)
    found = dict(runner.results(Job(die_at_three, n) for n in range(6)))
    assert found.pop(3).lost
    assert found == {n: 2 * n for n in (0, 1, 2, 4, 5)}


def test_an_executor_that_is_gone_is_reported_where_order_does_not_matter(monkeypatch):
    class Silent(Threads):
        def pool(self, **_):
            return SimpleNamespace(submit=lambda *_: Future(), shutdown=lambda **_: None)

        def check(self):
            message = "nobody is there"
            raise GoneError(message)

    monkeypatch.setattr(executor, "WATCH", 0.01)
    with pytest.raises(GoneError, match="nobody is there"):
        list(Runner(Silent(), in_order=False).results([Job(double, 1)]))


def test_workers_that_come_later_get_tasks_at_once(monkeypatch):
    class Growing(Threads):
        workers = 1
        submitted = 0

        def pool(self, **_):
            def submit(*_):
                self.submitted += 1
                if self.submitted == 6:  # of three workers
                    for each in waiting:
                        each.set_result(0)
                waiting.append(Future())
                if self.submitted >= 6:
                    waiting[-1].set_result(0)
                return waiting[-1]

            return SimpleNamespace(submit=submit, shutdown=lambda **_: None)

        def check(self):
            self.workers = 3

    waiting = []
    monkeypatch.setattr(executor, "WATCH", 0.01)
    jobs = [Job(double, n) for n in range(8)]
    assert len(list(Runner(Growing(), in_order=False).results(jobs))) == 8
