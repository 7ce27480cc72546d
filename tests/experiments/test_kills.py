"""Commands killed at random moments, over and over, until one comes through."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

SMALL = Path(__file__).with_name("small.yaml")
SWEEP = (
    "sweep",
    SMALL,
    "--over",
    "states.DEL.find=0..1",
    "--design",
    "sobol",
    "-n",
    "128",
    "--block",
    "100",
)
COMMANDS = {
    "run": ("run", SMALL, "--runs", "4000", "--block", "50", "--no-figures"),
    "sweep": (*SWEEP, "--runs", "40"),
    "ablate": ("ablate", SMALL, "--runs", "400", "--mechanism", "norm", "--mechanism", "treaty"),
    "cluster": (*SWEEP, "--runs", "40", "--cluster", "local"),
    "compiled sweep": (*SWEEP, "--runs", "160", "--engine", "compiled"),
    "compiled cluster": (*SWEEP, "--runs", "160", "--engine", "compiled", "--cluster", "local"),
}  # fmt: skip
KILLS = {
    "run": 9,
    "sweep": 9,
    "ablate": 5,
    "cluster": 7,
    "compiled sweep": 5,
    "compiled cluster": 3,
}


def started(command, folder):
    arguments = [sys.executable, "-m", "sim", *map(str, command), "--jobs", "2", "--out", "out"]
    return subprocess.Popen(
        arguments,
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def table(folder):
    """Return the hash of all that a finished command has computed."""
    out = folder / "out"
    about = json.loads((out / "manifest.json").read_text())
    if "table" in about:
        return about["table"]["sha256"]
    files = sorted(out.glob("*.csv"))
    assert files
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def processes(folder):
    """Return the processes that still work in a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if (each / "cwd").resolve() == folder:
                found.append(each.name)
        except OSError:
            continue
    return found


def gone(folder, within=20.0):
    end = time.monotonic() + within
    while processes(folder) and time.monotonic() < end:
        time.sleep(0.1)
    return not processes(folder)


@pytest.mark.study
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("name", COMMANDS)
def test_kills_lose_no_chunk_and_leave_no_file_behind(name, tmp_path):
    chance = np.random.default_rng(len(name))
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        (folder / "tmp").mkdir(parents=True)
    began = time.monotonic()
    assert started(COMMANDS[name], whole).wait() == 0
    took = time.monotonic() - began
    killed = 0
    while killed < KILLS[name]:
        process, began = started(COMMANDS[name], broken), time.monotonic()
        try:
            process.wait(chance.uniform(0.1, 0.9) * took)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)  # the command alone: its workers have to notice
            process.wait()
            killed += 1
        else:  # it came through, maybe because the machine has less to do now: start anew
            took = min(took, time.monotonic() - began)
            for each in sorted((broken / "out").rglob("*"), reverse=True):
                each.unlink() if each.is_file() else each.rmdir()
            (broken / "out").rmdir()
        assert gone(broken)
    assert started(COMMANDS[name], broken).wait() == 0
    assert table(broken) == table(whole)
    assert gone(broken)
    assert sorted(each.name for each in broken.iterdir()) == ["out", "tmp"]
    assert not list((broken / "tmp").glob("blocsim*"))
