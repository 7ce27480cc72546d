"""Sweeps on real Dask clusters: local ones, a scheduler of its own, over TLS."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import sim
from sim.experiments.cluster import Dask, connected
from sim.experiments.sweeps import sweep_table
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import RunError
from tests.patience import PATIENCE
from tests.signals import heard

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")

SMALL = Path(__file__).parents[1] / "small.yaml"
HOW = {
    "over": ("states.BRA.burden=0.02..0.06",),
    "design": "sobol",
    "points": 8,
    "runs": 5,
    "variants": ("baseline", "sale"),
}


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    return sweep(SMALL, out=tmp_path_factory.mktemp("sweep") / "here", **HOW).hash


@pytest.fixture(scope="module")
def place():
    """Yield a cluster of two processes on this machine."""
    with connected(None, jobs=2) as cluster:
        yield cluster


def test_a_task_for_a_cluster_is_its_runs_and_the_plan_goes_there_once(
    tmp_path, monkeypatch, wanted, place
):
    sizes, plans = [], []
    submit = place.client.submit

    def measured(fn, *args, **kwargs):
        size = len(distributed.protocol.pickle.dumps((fn, args, kwargs)))
        (plans if fn is pickle.loads else sizes).append(size)
        return submit(fn, *args, **kwargs)

    monkeypatch.setattr(place.client, "submit", measured)
    found = sweep(SMALL, out=tmp_path / "dask", executor=place, **HOW)
    assert found.hash == wanted
    assert len(plans) == len(HOW["variants"])
    assert min(plans) > 5_000
    assert max(sizes) < 2000


def test_a_dask_cluster_with_a_killed_worker_gives_the_same_table(
    tmp_path, monkeypatch, wanted, place
):
    monkeypatch.setattr(sweep_table, "ROWS", 5)
    killed = []
    pids = place.client.run(os.getpid)
    assert os.getpid() not in pids.values()
    assert len(set(pids.values())) == 2

    def kill(done, _):
        if done >= 20 and not killed:
            killed.append(next(iter(pids.values())))
            os.kill(killed[0], signal.SIGKILL)

    found = sweep(SMALL, out=tmp_path / "dask", executor=place, progress=kill, **HOW)
    assert killed
    assert found.hash == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_control_c_while_a_local_cluster_starts_is_heard_when_it_has(monkeypatch):
    heard("SIGINT")
    started, closed = [], []

    class Starting:
        def __init__(self, **_):
            os.kill(os.getpid(), signal.SIGINT)
            started.append(self)

        def close(self):
            closed.append(self)

    monkeypatch.setattr(distributed, "LocalCluster", Starting)
    with pytest.raises(KeyboardInterrupt), connected(None, jobs=2):
        pytest.fail("the interrupt was lost")
    assert len(started) == 1
    assert closed == started


@contextmanager
def scheduler(file, *workers):
    """Run a scheduler as `dask scheduler` does, and workers, each a process of its own."""
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    run = "import sys; from distributed.cli import dask_{0} as c; sys.exit(c.main())"
    dask = [sys.executable, "-c", run.format("scheduler")]
    place = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
    made = [subprocess.Popen([*dask, *place, "--no-dashboard"], **how)]
    try:
        for name in workers:
            worker = [sys.executable, "-c", run.format("worker"), "--scheduler-file", str(file)]
            worker += ["--nthreads", "1", "--name", name, "--no-dashboard"]
            made.append(subprocess.Popen(worker, **how))
        yield made[0]
    finally:
        for process in reversed(made):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)


def test_a_scheduler_by_its_address_serves_every_experiment(tmp_path, wanted):
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        connected(cluster.scheduler_address, jobs=1) as place,
    ):
        assert isinstance(place, Dask)
        found = sweep(SMALL, out=tmp_path / "dask", executor=place, **HOW)
        study = sim.Study(SMALL, runs=3, block=2, executor=place, folder=tmp_path)
        study.run()
        structural = study.structural(roles=["consent"], points=1)
    assert found.hash == wanted
    here = sim.run(SMALL, runs=3, out=tmp_path / "here")
    for path in here.folder.glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "small" / path.name).read_bytes()
    assert len(structural["spreads"])


@pytest.mark.study
def test_a_scheduler_lost_in_mid_sweep_is_reported_and_the_sweep_is_resumed_elsewhere(
    tmp_path, monkeypatch, wanted
):
    monkeypatch.setattr(sweep_table, "ROWS", 5)
    with scheduler(tmp_path / "at.json", "alone") as lost:
        client = distributed.Client(scheduler_file=str(tmp_path / "at.json"), timeout=60)
        client.wait_for_workers(1, timeout=120)
        client._timeout = 1  # seconds for which it looks for a scheduler that it lost

        def kill(done, _):
            if done == 20:
                os.killpg(lost.pid, signal.SIGKILL)

        said = (
            r"connection to the Dask scheduler is lost: \d+ of 80 runs are kept in .*same command"
        )
        with pytest.raises(RunError, match=said) as failure:
            sweep(SMALL, out=tmp_path / "s", executor=Dask(client), progress=kill, **HOW)
        assert failure.value.exit_code == 3
        client.close()
    assert sweep(SMALL, out=tmp_path / "s", **HOW).hash == wanted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the files of a certificate and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "cert.pem", folder / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
    made += ["/CN=127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(made, check=True, capture_output=True, timeout=PATIENCE)
    return [str(file) for file in files]


def test_certificates_are_passed_through_to_a_cluster_that_asks_for_them(
    tmp_path, certificate, wanted
):
    cert, key = certificate
    theirs = distributed.Security(
        tls_ca_file=cert,
        tls_scheduler_cert=cert,
        tls_scheduler_key=key,
        tls_worker_cert=cert,
        tls_worker_key=key,
        tls_client_cert=cert,
        tls_client_key=key,
        require_encryption=True,
    )
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address=None,
        protocol="tls://",
        host="127.0.0.1",
        security=theirs,
    ) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        mine = {"tls_ca": cert, "tls_cert": cert, "tls_key": key}
        with connected(address, jobs=1, **mine) as place:
            found = sweep(SMALL, out=tmp_path / "dask", executor=place, **HOW)
        with (
            pytest.raises(RunError, match="cannot be reached"),
            connected(address, jobs=1, timeout=2),
        ):
            pass
    assert found.hash == wanted


def test_a_missing_scheduler_is_reported():
    with (
        pytest.raises(RunError, match="cannot be reached"),
        connected("tcp://127.0.0.1:9", jobs=1, timeout=1),
    ):
        pass
