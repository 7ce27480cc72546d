"""How commands end: exit codes, messages, signals and closed streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from itertools import product
from pathlib import Path

import pytest

from sim.cli.exits import STOPPED
from sim.experiments import ensemble
from sim.kernel.errors import RunError
from sim.kernel.rules import ROLES
from sim.kernel.thread_settings import ONE_THREAD
from tests.engine.laws import Hasty
from tests.patience import PATIENCE, begun, until
from tests.signals import heard

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "experiments" / "small.yaml"
SIZE = "3 variants x 3 runs = 9 runs of 4 states over 4 quarters\n"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def small_run(blocsim, *options):
    return blocsim("run", SMALL, "--runs", 3, "--jobs", 1, "--no-figures", *options)


def test_a_command_computes_with_one_thread_unless_told_otherwise(blocsim, monkeypatch):
    for name in ONE_THREAD:
        monkeypatch.setenv(name, "4")
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert blocsim("version")[0] == 0
    assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"


def test_bad_input_ends_with_two_and_its_place(blocsim, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.read_text().replace("leader: ALF", "leader: ALV"))
    code, out, err = blocsim("run", path)
    assert (code, out) == (2, "")
    line = path.read_text()[: path.read_text().index("ALV")].count("\n") + 1
    assert err.startswith((f"bad.yaml:{line}:", f"{path}:{line}:"))
    assert 'no state "ALV" (did you mean "ALF"?)' in err
    assert names(tmp_path) == ["bad.yaml"]


def test_a_warning_of_ours_is_a_plain_line(blocsim, monkeypatch):
    monkeypatch.setitem(ROLES["deterrence"], "standard", Hasty)
    code, _, err = small_run(blocsim, "--engine", "compiled")
    assert code == 0
    said = [line for line in err.splitlines() if "numpy" in line]
    assert len(said) == 1
    assert said[0].startswith("runs are computed by numpy: the model cannot be compiled: max over")
    assert "UserWarning" not in err


def test_a_warning_of_others_stays_as_it_is(blocsim, monkeypatch):
    monkeypatch.setattr(
        "sim.cli.commands.version.echo", lambda _: warnings.warn("odd", stacklevel=1)
    )
    assert "UserWarning: odd" in blocsim("version")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "polonez_vs_iskande"), 'no scenario "polonez_vs_iskande" (did you mean'),
        (("run", SMALL, "--jobs", 0), "--jobs: must be 1 to 10000, got 0"),
        (("run", SMALL, "--set", "runs"), "no = in"),
        (("run", SMALL, "--runs", "x"), "Invalid value for '--runs': must be a whole number"),
        (("run",), "Missing argument"),
        (("rum",), "No such command"),
        (("show", SMALL, "--what", "state"), '--what: no "state" (did you mean "states"?)'),
        (("show", SMALL, "--variant", "sail"), 'no variant "sail" (did you mean "sale"?)'),
        (("plot", "nowhere"), "nowhere: is not a result"),
        (("new", "file.txt"), "file.txt: a scenario file ends in .yaml"),
    ],
)
def test_what_cannot_be_done_ends_with_two(blocsim, tmp_path, arguments, said):
    code, _, err = blocsim(*arguments)
    assert code == 2
    assert said in err
    assert names(tmp_path) == []


def test_a_run_that_fails_ends_with_three(blocsim, monkeypatch, tmp_path):
    def fails(*_, **__):
        message = "2020-Q3: gdp is not finite for ALF; look at its inputs and bounds"
        raise RunError(message)

    monkeypatch.setattr("sim.experiments.batch.simulate", fails)
    code, out, err = small_run(blocsim)
    assert (code, out) == (3, "")
    what = "2020-Q3: gdp is not finite for ALF; look at its inputs and bounds\n"
    assert err.startswith(SIZE + "variant baseline, runs 0 to ")
    assert err.endswith(f": {what}")
    assert names(tmp_path / "results") == []


def test_a_bug_ends_with_three_and_its_details_in_a_file(blocsim, monkeypatch):
    def breaks(*_, **__):
        message = "no such thing"
        raise KeyError(message)

    monkeypatch.setattr("sim.experiments.batch.simulate", breaks)
    code, _, err = small_run(blocsim)
    assert code == 3
    size, first, second = err.splitlines()
    assert size == SIZE.rstrip()
    assert first == "this is a bug in blocsim: KeyError: 'no such thing'"
    details = Path(second.removeprefix("details are in ").partition(";")[0])
    assert "KeyError" in details.read_text()
    details.unlink()


def test_a_package_that_is_missing_is_named_with_a_remedy(blocsim, monkeypatch):
    def lacks(*_, **__):
        import no_such_package  # noqa: F401, PLC0415 - the fault under test

    monkeypatch.setattr("sim.experiments.batch.simulate", lacks)
    code, _, err = small_run(blocsim)
    assert code == 3
    assert err == SIZE + (
        "the package no_such_package is missing; install blocsim again, with all it requires\n"
    )


def test_an_interrupt_ends_with_130_and_names_what_was_kept(blocsim, monkeypatch, tmp_path):
    whole = ensemble.Ensemble.outcomes_of
    count = iter(range(100))

    def stopped(*arguments):
        if next(count) == 0:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(ensemble.Ensemble, "outcomes_of", stopped)
    code, _, err = small_run(blocsim)
    assert code == 130
    assert err == SIZE + (
        "interrupted: 3 of 3 variants kept in results/small.partial (baseline, sale, no_sale); "
        "the same command starts again\n"
    )
    assert names(tmp_path / "results") == ["small.partial"]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize("name", ["SIGINT", pytest.param("SIGHUP", marks=pytest.mark.study)])
def test_control_c_or_the_end_of_a_terminal_leaves_no_partial_file(tmp_path, name):
    heard(name)
    command = [sys.executable, "-m", "sim", "run", str(SMALL), "--runs", "100000"]
    command += ["--jobs", "2", "--block", "50", "--out", str(tmp_path / "out")]
    with begun(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until(lambda: any(tmp_path.iterdir()))
        time.sleep(0.3)
        os.killpg(process.pid, getattr(signal, name))  # its workers, too
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.startswith(SIZE.replace(" 3 runs = 9 runs", " 100,000 runs = 300,000 runs"))
    assert err.endswith(  # first results may have been shown
        "interrupted: no variant was finished, so no results were kept; "
        "the same command starts again\n"
    )
    assert "Traceback" not in err
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("sim.cli.exits", "SIGINT"),  # a moment after the interpreter's own start
        *product(["sim.cli.app", "typer"], ["SIGINT", "SIGTERM", "SIGHUP"]),
    ],
)
def test_a_signal_is_heard_before_anything_costly_is_imported(tmp_path, module, name):
    heard(name)
    path = tmp_path / "sitecustomize.py"
    path.write_text(
        "import importlib.abc, os, signal, sys\n"
        "class Finder(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        f"            os.kill(os.getpid(), signal.{name})\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    found = subprocess.run(
        [sys.executable, "-m", "sim", "version"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (found.returncode, found.stderr) == (130, f"{STOPPED}\n")


OFTEN = """
import os, signal, sys
from sim import cli
from sim.experiments.ensemble import Ensemble

def stopped(*_, **__):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        try:
            os.kill(os.getpid(), number)
        finally:  # what closes is not stopped either
            os.kill(os.getpid(), number)

Ensemble.write = stopped
cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_a_command_that_closes_hears_no_further_signal(tmp_path):
    command = [sys.executable, "-c", OFTEN, "run", SMALL, "--runs", "3", "--jobs", "1"]
    command += ["--out", tmp_path / "out"]
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert found.returncode == 130
    assert found.stderr == SIZE + (
        "interrupted: no variant was finished, so no results were kept; "
        "the same command starts again\n"
    )
    assert names(tmp_path) == []


SWALLOWED = """
import os, signal, sys, time
from sim import cli
from sim.experiments.ensemble import Ensemble

class Swallowing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

def goes_on(*_, **__):
    for _ in range(3):
        Swallowing()
    time.sleep(600)

Ensemble.write = goes_on
cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_an_interrupt_that_arrives_where_errors_are_swallowed_is_not_lost(tmp_path):
    heard("SIGTERM")
    command = [sys.executable, "-c", SWALLOWED, "run", SMALL, "--runs", "3", "--jobs", "1"]
    command += ["--no-figures", "--out", tmp_path / "out"]
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert found.returncode == 130
    assert found.stderr == SIZE + (
        "interrupted: no variant was finished, so no results were kept; "
        "the same command starts again\n"
    )
    assert names(tmp_path) == []


def test_an_interrupt_within_executed_text_ends_with_130_too(tmp_path):
    (tmp_path / "stopped.py").write_text(
        "from sim import cli\n"
        "from sim.cli import exits\n"
        "exits.listen = lambda: exec('raise KeyboardInterrupt')\n"
        "cli.main(['version'])\n"
    )
    paths = os.pathsep.join([str(ROOT), str(tmp_path)])
    found = subprocess.run(
        [sys.executable, "-m", "stopped"],  # a script of the same lines has no such trouble
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (found.returncode, found.stderr) == (130, f"{STOPPED}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell as on POSIX")
@pytest.mark.parametrize(
    ("closed", "jobs"),
    [
        pytest.param(">&-", "1", marks=pytest.mark.study),
        pytest.param("2>&-", "1", marks=pytest.mark.study),
        ("<&- >&- 2>&-", "2"),  # workers inherit what is closed
    ],
)
def test_what_is_closed_does_not_matter(tmp_path, closed, jobs):
    options = ["--runs", "3", "--jobs", jobs, "--no-figures", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "sim", "run", SMALL, *options]
    shell = ["sh", "-c", f'"$@" {closed}', "sh", *command]
    assert (
        subprocess.run(
            shell, cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE
        ).returncode
        == 0
    )
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes as on POSIX")
def test_a_reader_that_has_gone_is_not_an_interrupt():
    command = [sys.executable, "-u", "-m", "sim", "show", "polonez_vs_iskander", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_heard_as_control_c(blocsim, monkeypatch, tmp_path, name):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)

    def stopped(*_, **__):
        os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr("sim.experiments.batch.simulate", stopped)
    try:
        code, _, err = small_run(blocsim)
    finally:
        signal.signal(number, before)
        signal.signal(signal.SIGINT, interrupt)  # the one of that command hears no more
    assert code == 130
    assert err.startswith(SIZE + "interrupted: no variant was finished, so no results were kept")
    assert names(tmp_path / "results") == []
