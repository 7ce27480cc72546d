"""Copies of a process share tasks, also if one fails and at any time of a signal to end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]

CASES = """
import json, os, signal, sys
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from sim.experiments.copies import results_of_copies
from tests.tasks import die_at_three, double

start = BaseProcess.start

def asking(number, before):
    starts = []
    def started(copy):
        starts.append(copy)
        if before and len(starts) == number:
            os.kill(os.getpid(), signal.SIGTERM)
        start(copy)
        if not before and len(starts) == number:
            os.kill(os.getpid(), signal.SIGTERM)
    BaseProcess.start = started

def asks(task):
    if task == 3:
        os.kill(os.getppid(), signal.SIGTERM)
        while signal.SIGTERM in signal.sigpending():
            pass
    return 2 * task

def raises(task):
    if task == 3:
        raise ValueError("three")
    return 2 * task

def found(work, tasks=range(8)):
    try:
        results, whole = results_of_copies(work, tasks, 2)
    except ValueError as error:
        results, whole = [], str(error)
    BaseProcess.start = start
    handler = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    return sorted(results), whole, handler and not active_children()

told = {"all": found(double), "none": found(double, ()), "one": found(double, (7,))}
told["dies"], told["asks"], told["raises"] = found(die_at_three), found(asks), found(raises)
for number in (1, 2):
    for before in (True, False):
        asking(number, before)
        told[f"asked {number} {before}"] = found(double)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told():
    """Return of each case the results, whether they are whole, and whether nothing is left."""
    call = [sys.executable, "-c", CASES]
    done = subprocess.run(
        call, cwd=ROOT, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    return json.loads(done.stdout)


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")


def test_all_tasks_are_done_once(told):
    assert told["all"] == [[2 * n for n in range(8)], True, True]
    assert told["none"] == [[], True, True]
    assert told["one"] == [[14], True, True]


@pytest.mark.parametrize("case", ["dies", "asks"])
def test_what_is_being_done_is_finished_and_the_rest_left_out(told, case):
    results, whole, clear = told[case]
    assert set(results) <= {2 * n for n in range(8)}
    assert {0, 2, 4} <= set(results)
    assert not whole
    assert clear


def test_what_a_task_raises_is_raised_when_the_others_are_done(told):
    assert told["raises"] == [[], "three", True]


@pytest.mark.parametrize("case", ["1 True", "1 False", "2 True", "2 False"])
def test_a_request_to_end_at_any_start_is_heard(told, case):
    assert told[f"asked {case}"] == [[], False, True]
