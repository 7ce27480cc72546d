"""The files of a sweep that was stopped, killed or had no room, and how it is resumed."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments import chunk_files
from sim.experiments.processes import Processes
from sim.experiments.sweeps import sweep_table
from sim.experiments.sweeps.chunk_work import ChunkWork
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import Interrupted, ResultError, RunError
from tests.experiments.sweeps.small_sweep import BURDEN, HOW, OVER, SMALL
from tests.patience import PATIENCE


def test_a_lost_or_changed_chunk_is_reported(tmp_path, whole):
    found = sweep(SMALL, out=tmp_path / "s", **HOW)
    chunk = min((found.folder / "chunks").glob("*.parquet"))
    (found.folder / "manifest.json").unlink()
    chunk.unlink()
    assert sweep(SMALL, out=found.folder, **HOW).hash == whole.hash
    (found.folder / "manifest.json").unlink()
    content = bytearray(chunk.read_bytes())
    content[len(content) // 2] ^= 1
    chunk.write_bytes(content)
    with pytest.raises(ResultError, match="has changed since it was written"):
        sweep(SMALL, out=found.folder, **HOW)


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 5)

    def stop(done, _):
        if done >= 20:
            raise KeyboardInterrupt

    said = "interrupted: 20 of 60 runs are kept in .*; the same command resumes"
    with pytest.raises(Interrupted, match=said):
        sweep(SMALL, out=tmp_path / "s", progress=stop, **HOW)
    counted = []
    found = sweep(SMALL, out=tmp_path / "s", progress=lambda n, _: counted.append(n), **HOW)
    assert counted[0] == 25
    assert found.hash == whole.hash


def test_a_full_disk_is_reported_and_the_sweep_can_be_resumed(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 5)
    written, honest = [], chunk_files.replacement

    @contextmanager
    def fills(path, draft):
        with honest(path, draft) as file:
            if path.suffix == ".parquet" and len(written) == 3:
                file.write(b"half a fi")
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            yield file
            written.extend([path] * (path.suffix == ".parquet"))

    with monkeypatch.context() as patch:
        patch.setattr(chunk_files, "replacement", fills)
        with pytest.raises(RunError, match="No space left on device"):
            sweep(SMALL, out=tmp_path / "s", **HOW)
    assert len((tmp_path / "s" / "ledger.jsonl").read_text().splitlines()) == 3
    assert not list((tmp_path / "s" / "chunks").glob("*.tmp"))
    assert sweep(SMALL, out=tmp_path / "s", **HOW).hash == whole.hash


@pytest.fixture
def disk(tmp_path):
    """Return a function that makes a disk of some kilobytes, or resizes it, and its folder."""
    place = tmp_path / "disk"
    place.mkdir()

    def sized(kilobytes):
        how = "remount," if place.is_mount() else ""
        mount = ["mount", "-t", "tmpfs", "-o", f"{how}size={kilobytes}k", "tmpfs", str(place)]
        if shutil.which("mount") is None:
            pytest.skip("needs the command mount")
        if subprocess.run(mount, check=False, capture_output=True, timeout=PATIENCE).returncode:
            pytest.skip("needs the right to mount a small tmpfs")
        return place

    yield sized
    if place.is_mount():
        subprocess.run(("umount", "-l", str(place)), check=True, timeout=PATIENCE)  # noqa: S607


@pytest.mark.parametrize("kilobytes", [4, 60, 100])
def test_a_small_disk_that_is_full_early_or_late_loses_no_chunk(
    disk, whole, monkeypatch, kilobytes
):
    monkeypatch.setattr(sweep_table, "ROWS", 10)
    folder = disk(kilobytes) / "s"
    with pytest.raises(RunError, match="No space left on device") as failure:
        sweep(SMALL, out=folder, **HOW)
    assert failure.value.exit_code == 3
    assert not (folder / "manifest.json").exists()
    disk(4000)
    assert sweep(SMALL, out=folder, **HOW).hash == whole.hash


def test_a_chunk_that_fails_twice_is_reported_with_its_points_and_the_others_are_kept(
    tmp_path, whole, monkeypatch
):
    monkeypatch.setattr(sweep_table, "ROWS", 5)
    honest = ChunkWork.__call__

    def fails(work, task):
        if work.variant == "sale" and 2 in work.points[task.at : task.to]:
            message = "2020-Q3: affinity is not finite"
            raise RunError(message)
        return honest(work, task)

    with monkeypatch.context() as patch:
        patch.setattr(ChunkWork, "__call__", fails)
        with pytest.raises(RunError) as failure:
            sweep(SMALL, out=tmp_path / "s", **HOW)
    text = str(failure.value)
    assert "points 2 to 2 of variant sale failed twice: 2020-Q3: affinity is not finite" in text
    assert f"point 2: {BURDEN}=" in text
    assert failure.value.exit_code == 3
    assert len((tmp_path / "s" / "ledger.jsonl").read_text().splitlines()) == 11
    assert sweep(SMALL, out=tmp_path / "s", **HOW).hash == whole.hash


def test_a_folder_is_locked_while_a_sweep_is_at_work(tmp_path):
    def nested(*_):
        with pytest.raises(ResultError, match="another process is working on this sweep"):
            sweep(SMALL, out=tmp_path / "s", **HOW)
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        sweep(SMALL, out=tmp_path / "s", progress=nested, **HOW)


@pytest.fixture
def crashes(tmp_path, monkeypatch):
    """Keep what a process that is killed just before each step of writing would leave of `s`."""
    folder, left = tmp_path / "s", [tmp_path / "left-0"]
    (tmp_path / "left-0").mkdir()

    def watched(owner, name):
        honest = getattr(owner, name)

        def step(*arguments, **how):
            place = tmp_path / f"left-{len(left)}"
            if folder.is_dir():
                shutil.copytree(folder, place)
                if states(place) == states(left[-1]):
                    shutil.rmtree(place)
                else:
                    left.append(place)
            return honest(*arguments, **how)

        monkeypatch.setattr(owner, name, step)

    for owner, name in (
        (Path, "open"), (Path, "mkdir"), (Path, "replace"), (Path, "unlink"), (os, "fsync"),
        (pd.DataFrame, "to_csv"),
    ):  # fmt: skip
        watched(owner, name)
    return left


def states(folder):
    """Return the size of every file of a folder."""
    return {str(p.relative_to(folder)): p.is_file() and p.stat().st_size for p in folder.rglob("*")}


def test_a_sweep_resumes_after_a_kill_at_any_step(tmp_path, crashes, monkeypatch):
    how = {"over": OVER[:1], "design": "sobol", "points": 2, "runs": 3, "variants": ("sale",)}
    monkeypatch.setattr(sweep_table, "ROWS", 3)
    wanted = sweep(SMALL, out=tmp_path / "s", **how)
    monkeypatch.undo()
    monkeypatch.setattr(sweep_table, "ROWS", 3)
    halves = [place / name for place in crashes[:3] for name in ("design.csv.tmp", "design.tmp")]
    for half in halves:
        half.write_text("point,states")
    names = {name for place in crashes for name in states(place)}
    assert {"design.csv.tmp", "sweep.json.tmp", "points.csv.tmp", "manifest.json.tmp"} <= names
    assert {".lock", "ledger.jsonl", "chunks/.mark"} <= names
    drafts = [name for name in names if name.startswith("chunks/.0-0-sale-000001.")]
    assert drafts
    assert all(name.endswith(".tmp") for name in drafts)
    for place in crashes:
        again = sweep(SMALL, out=place, **how)
        assert again.hash == wanted.hash
        assert not [name for name in states(place) if name.endswith((".tmp", ".mark"))]


def slowly(folder, how):
    """Sweep with a disk so slow that most moments are moments of writing."""
    sweep_table.ROWS = 10
    honest = os.fsync

    def slow(file):
        time.sleep(0.05)
        honest(file)

    os.fsync = slow
    sweep(SMALL, out=folder, **how)


@pytest.mark.study
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_sweep_killed_ten_times_at_random_moments_ends_with_the_same_table(tmp_path, monkeypatch):
    how = {"over": OVER[:1], "design": "sobol", "points": 32, "runs": 10, "variants": ("sale",)}
    wanted = sweep(SMALL, out=tmp_path / "whole", **how)
    monkeypatch.setattr(sweep_table, "ROWS", 10)
    book = tmp_path / "s" / "ledger.jsonl"
    random = np.random.default_rng(20171009)
    context = get_context("forkserver")  # a fork of this process would inherit locks of its threads
    context.set_forkserver_preload(["sim.experiments.sweeps.sweep"])
    killed = []
    for _ in range(10):
        before = lines_of(book)
        child = context.Process(target=slowly, args=(tmp_path / "s", how))
        child.start()
        while child.is_alive() and lines_of(book) <= before:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.1))
        child.kill()
        child.join(PATIENCE)
        killed.append(child.exitcode == -signal.SIGKILL)
    assert sum(killed) >= 5
    assert sweep(SMALL, out=tmp_path / "s", **how).hash == wanted.hash


def lines_of(path):
    return path.read_text().count("\n") if path.exists() else 0


def test_a_worker_killed_in_mid_sweep_has_no_effect(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 5)
    pids = []

    class Watched(Processes):
        def pool(self, *, alone=False):
            pool = super().pool(alone=alone)
            pids.append(pool)
            return pool

    def kill(done, _):
        if done == 10:
            next(iter(pids[0]._processes.values())).kill()

    found = sweep(SMALL, out=tmp_path / "s", executor=Watched(1), progress=kill, **HOW)
    assert len(pids) > 1  # the pool was rebuilt
    assert found.hash == whole.hash
