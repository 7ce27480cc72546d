from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from sim.errors import RunError
from sim.experiments.cluster import Cluster, connected
from sim.experiments.sweeps import listing
from sim.experiments.sweeps.sweep import sweep

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")

SMALL = Path(__file__).parents[1] / "small.yaml"
HOW = {
    "over": ("states.BRA.burden=0.02..0.06",),
    "design": "sobol",
    "points": 8,
    "runs": 5,
    "variants": ("baseline", "sale"),
}


def test_a_dask_cluster_with_a_killed_worker_gives_the_same_table(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "ROWS", 5)
    wanted = sweep(SMALL, out=tmp_path / "here", **HOW)
    killed = []
    with connected(None, jobs=2) as place:
        pids = place.client.run(os.getpid)
        assert os.getpid() not in pids.values()
        assert len(set(pids.values())) == 2

        def kill(done, _):
            if done >= 20 and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        found = sweep(SMALL, out=tmp_path / "dask", workplace=place, progress=kill, **HOW)
    assert killed
    assert found.hash == wanted.hash


def test_a_scheduler_by_its_address_serves_a_sweep(tmp_path):
    wanted = sweep(SMALL, out=tmp_path / "here", **HOW)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        connected(cluster.scheduler_address, jobs=1) as place,
    ):
        assert isinstance(place, Cluster)
        found = sweep(SMALL, out=tmp_path / "dask", workplace=place, **HOW)
    assert found.hash == wanted.hash


def test_a_scheduler_that_is_not_there_is_told():
    with (
        pytest.raises(RunError, match="cannot be reached"),
        connected("tcp://127.0.0.1:9", jobs=1, timeout=1),
    ):
        pass
