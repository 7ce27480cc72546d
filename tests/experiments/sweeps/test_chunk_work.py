"""Chunks that workers write, cannot write, or write where nobody looks; and how large they are."""

from __future__ import annotations

import errno
import os
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from sim.experiments.chunk_files import ChunkPlace
from sim.experiments.executor import IN_FLIGHT, Serial
from sim.experiments.sweeps import sweep_runs, sweep_table
from sim.experiments.sweeps.chunk_work import ChunkTask, ChunkWork
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_table import Chunk, SweepTask
from sim.kernel.errors import Interrupted
from sim.scenario.load import load
from tests.experiments.sweeps.small_sweep import HOW, SMALL


class Remote(Serial):
    """Workers elsewhere: what is sent to them and what comes back is pickled."""

    remote = True

    def shared(self, work):
        return pickle.loads(pickle.dumps(work))  # noqa: S301 - of this test


def chunks(folder):
    return sorted(path.name for path in (folder / "chunks").iterdir())


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 5)


@pytest.mark.usefixtures("small_chunks")
def test_a_worker_without_room_sends_its_runs_which_is_told_once(tmp_path, whole, monkeypatch):
    tried = []

    def full(place, file):
        tried.append(file.chunk)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place.folder)

    monkeypatch.setattr(ChunkPlace, "write", full)
    said = r"workers cannot write in this folder \(No space left on device\); they send"
    with pytest.warns(UserWarning, match=said) as warnings:
        found = sweep(SMALL, out=tmp_path / "s", executor=Remote(), **HOW)
    assert found.hash == whole.hash
    assert len(warnings) == 1
    assert len(tried) == len(set(tried)) == 12


@pytest.mark.usefixtures("small_chunks")
def test_chunks_that_a_worker_wrote_elsewhere_are_missed_and_made_again(
    tmp_path, whole, monkeypatch
):
    elsewhere, written = tmp_path / "elsewhere", []
    elsewhere.mkdir()

    def lost(_, file):
        written.append(file.chunk)
        file.write(elsewhere)

    monkeypatch.setattr(ChunkPlace, "write", lost)
    monkeypatch.setattr(sweep_runs, "SEEN", 0.01)
    with pytest.warns(
        UserWarning, match="workers write to another folder of this name"
    ) as warnings:
        found = sweep(SMALL, out=tmp_path / "s", executor=Remote(), **HOW)
    assert found.hash == whole.hash
    assert len(warnings) == 1
    assert len(written) == IN_FLIGHT + 1  # what was in flight when the first was missed
    assert len(chunks(found.folder)) == 12


@pytest.mark.usefixtures("small_chunks")
def test_a_worker_that_outlives_its_sweep_writes_no_more(tmp_path, whole, monkeypatch):
    kept, honest = [], ChunkPlace.write

    def held(place, file):
        kept.append((place, file))
        honest(place, file)

    monkeypatch.setattr(ChunkPlace, "write", held)
    found = sweep(SMALL, out=tmp_path / "s", **HOW)
    before = {name: (found.folder / "chunks" / name).stat() for name in chunks(found.folder)}
    assert len(before) == 12
    for place, file in kept:
        with pytest.raises(OSError, match="another folder has this name"):
            honest(place, file)
    assert before == {n: (found.folder / "chunks" / n).stat() for n in chunks(found.folder)}
    assert found.hash == whole.hash


def test_a_sweep_goes_on_with_the_chunks_it_began_with_wherever_it_is_run(
    tmp_path, whole, monkeypatch
):
    monkeypatch.setattr(sweep_table, "TASKS", 6)

    def stop(done, _):
        if done >= 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(sweep_table, "ROWS", 3)
    with pytest.raises(Interrupted):
        sweep(SMALL, out=tmp_path / "s", executor=Remote(), progress=stop, **HOW)
    monkeypatch.setattr(sweep_table, "ROWS", 7)
    counted = []
    found = sweep(SMALL, out=tmp_path / "s", progress=lambda n, _: counted.append(n), **HOW)
    assert found.hash == whole.hash
    assert counted == [30, 40, 45, 55, 60]  # 10 runs a chunk, but 5 where a class has 3 points


@pytest.mark.usefixtures("small_chunks")
def test_a_design_travels_in_pages_and_tasks_stay_small(tmp_path, whole, monkeypatch):
    works, tasks = [], []
    honest = ChunkWork.__call__

    def noted(work, task):
        works.append(work)
        tasks.append(len(pickle.dumps(task)))
        return honest(work, task)

    monkeypatch.setattr(ChunkWork, "__call__", noted)
    for page, pages in ((3, 12), (6, 8), (1000, 4)):  # numbers: three a point, 2 classes of 3
        monkeypatch.setattr(sweep_table, "PAGE", page)
        found = sweep(SMALL, out=tmp_path / str(page), executor=Remote(), **HOW)
        assert found.hash == whole.hash
        assert len({id(work) for work in works}) == pages
        works.clear()
    assert max(tasks) < 500


def task_of(points, runs=100, classes=1):
    """Return a sweep of some size."""
    scenario = load(SMALL, runs=runs)
    design = type("Sized", (), {"__len__": lambda _: points})()
    return SweepTask(
        scenario=scenario,
        classes=[scenario] * classes,
        design=design,
        variants=("sale",),
        fixed={},
        options=None,
        independent=False,
        patterns={},
    )


def place(workers):
    return SimpleNamespace(remote=True, workers=workers)


def test_a_chunk_is_larger_on_a_cluster_but_leaves_every_worker_some():
    assert task_of(10_000).chunk_rows(Serial()) == 1000
    assert task_of(500).chunk_rows(place(2)) == 1000
    assert task_of(10_000).chunk_rows(place(2)) == 10_000
    assert task_of(10**6).chunk_rows(place(2)) == 20_000
    assert task_of(10_000).chunk_rows(place(100)) == 2_500
    assert task_of(10**6, classes=80).chunk_rows(place(2)) == 2_000


def test_a_chunk_of_a_large_model_is_smaller(monkeypatch):
    base = task_of(10**6)
    size = len(base.scenario.base.states) ** 2
    monkeypatch.setattr(sweep_table, "FLAGSHIP", size)  # as of one period: there are more
    assert base.chunk_rows(Serial()) < 1000
    assert 16 <= base.chunk_rows(place(1)) < 20_000
    monkeypatch.setattr(sweep_table, "FLAGSHIP", 0)
    assert base.chunk_rows(Serial()) == base.chunk_rows(place(1)) == 16


def test_a_task_says_which_points_and_replicates_are_its_own(monkeypatch):
    many = Chunk(name="b", group=0, variant="sale", points=np.array([4]), first=5, stop=9)
    few = Chunk(name="a", group=0, variant="sale", points=np.array([1, 2]), first=0, stop=5)
    base = task_of(5)
    monkeypatch.setattr(SweepTask, "_numbers", lambda *_: {"x": np.arange(5) / 10})
    monkeypatch.setattr(SweepTask, "_reader", lambda *_: None)
    first, second = base.jobs([few, many], None, lambda: None)
    assert first.work is second.work
    assert first.work.points.tolist() == [1, 2, 4]
    assert first.work.numbers["x"].tolist() == [0.1, 0.2, 0.4]
    assert first.task == ChunkTask(name="a", at=0, to=2, first=0, stop=5, place=None)
    assert second.task == ChunkTask(name="b", at=2, to=3, first=5, stop=9, place=None)
