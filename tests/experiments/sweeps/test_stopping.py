"""Ctrl-C in a terminal, wherever the work is done: real processes, a real signal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.patience import PATIENCE, begun, until
from tests.signals import heard

ROOT = Path(__file__).parents[3]
SMALL = Path(__file__).parents[1] / "small.yaml"
LONG = ["--over", "states.BRA.burden=0.02..0.06", "-n", "4000", "--runs", "100"]
PLACES = {
    "here": ["--jobs", "1"],
    "processes": ["--jobs", "2"],
    "dask": ["--jobs", "1", "--cluster", "local"],
}
SLOW = pytest.param("dask", marks=pytest.mark.study)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize("place", ["here", "processes", SLOW])
def test_control_c_ends_with_130_and_says_what_is_kept_and_how_to_go_on(tmp_path, place):
    heard("SIGINT")
    if place == "dask" and find_spec("distributed") is None:
        pytest.skip("needs the extra `cluster`")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sim", "sweep", str(SMALL), *LONG, *PLACES[place]]
    with begun(
        [*command, "--out", str(out)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: process.poll() is not None or lines(out))
        os.killpg(process.pid, signal.SIGINT)
        said, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    kept = re.fullmatch(
        rf"interrupted: ([\d,]+) of 1,200,000 runs are kept in {re.escape(str(out))}; "
        r"the same command resumes\n",
        err,
    )
    assert kept, err
    assert int(kept[1].replace(",", "")) == sum(each["rows"] for each in lines(out))
    assert said == ""
    assert not list((out / "chunks").glob("*.tmp"))


def lines(folder):
    book = folder / "ledger.jsonl"
    text = book.read_text() if book.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
