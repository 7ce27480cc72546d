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
from sim.experiments import cluster
from sim.experiments.cluster import Dask, connected
from sim.experiments.sweeps import sweep_runs, sweep_table
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
    with connected(None, jobs=2) as dask:
        yield dask


def test_a_task_is_small_the_plan_goes_there_once_and_no_table_comes_back(
    tmp_path, monkeypatch, place
):
    sizes, plans, results = [], [], []
    submit, keep = place.client.submit, sweep_runs.ChunkKeeper.keep

    def size_of(thing):
        return len(distributed.protocol.pickle.dumps(thing))

    def measured(fn, *args, **kwargs):
        (plans if fn is pickle.loads else sizes).append(size_of((fn, args, kwargs)))
        return submit(fn, *args, **kwargs)

    def counted(keeper, result):
        results.append(size_of(result))
        return keep(keeper, result)

    monkeypatch.setattr(place.client, "submit", measured)
    monkeypatch.setattr(sweep_runs.ChunkKeeper, "keep", counted)
    over = ("states.BRA.burden=0.02..0.06", "blocs.NORTH.preference=0..0.3")
    how = {"over": over, "design": "sobol", "points": 1024, "runs": 1, "variants": ("sale",)}
    found = sweep(SMALL, out=tmp_path / "dask", executor=place, **how)
    assert len(plans) == 1
    assert min(plans) > 1024 * 2 * 8
    assert max(sizes) < 2000
    assert max(results) < 2000
    assert len(sizes) == len(results) == 2
    assert sum(path.stat().st_size for path in (found.folder / "chunks").iterdir()) > 20_000
    assert found.hash == sweep(SMALL, out=tmp_path / "here", **how).hash


def test_a_worker_with_other_versions_is_named_and_does_no_run(tmp_path, monkeypatch, place):
    mine = cluster._versions()
    others = {
        "numpy": ({"numpy": "0.9"}, r"has numpy [\d.]+, this process numpy 0\.9; install the same"),
        "code": ({"code": "0"}, "has another code of blocsim than this process; install the same"),
        "simd": ({"simd": [*mine["simd"], "X86_V9"]}, 'NPY_DISABLE_CPU_FEATURES="X86_V9"'),
    }
    for other, said in others.values():
        monkeypatch.setattr(cluster, "_versions", lambda other=other: mine | other)
        with pytest.raises(RunError, match=r"the worker tcp://.*" + said) as failure:
            sweep(SMALL, out=tmp_path / "s", executor=place, **HOW)
        assert "0 of 80 runs are kept" in str(failure.value)
    assert not list((tmp_path / "s" / "chunks").iterdir())


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
def scheduler(file, *workers, before=()):
    """Run a scheduler as `dask scheduler` does, and workers, each a process of its own.

    `before` is a command that starts a worker's command.
    """
    how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    run = "import sys; from distributed.cli import dask_{0} as c; sys.exit(c.main())"
    dask = [sys.executable, "-c", run.format("scheduler")]
    place = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
    made = [subprocess.Popen([*dask, *place, "--no-dashboard"], **how)]
    try:
        for name in workers:
            worker = [*before, sys.executable, "-c", run.format("worker")]
            worker += ["--scheduler-file", str(file)]
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
        ) as local,
        connected(local.scheduler_address, jobs=1) as place,
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


@pytest.mark.study
@pytest.mark.skipif(sys.platform != "linux", reason="needs mount namespaces")
@pytest.mark.parametrize("there", ["nothing", "another folder"])
def test_workers_with_storage_of_their_own_send_their_runs(tmp_path, wanted, there):
    results = tmp_path / "results"
    (results / "s" / "chunks").mkdir(parents=True)
    hidden = f"mount -t tmpfs tmpfs {results}"
    if there == "another folder":
        hidden += f" && mkdir -p {results / 's' / 'chunks'}"
    before = ["unshare", "--mount", "sh", "-c", f'{hidden} && exec "$@"', "worker"]
    tried = [*before[:4], hidden]
    if shutil.which("unshare") is None or subprocess.run(tried, check=False).returncode:
        pytest.skip("needs the right to mount")
    (results / "s" / "chunks").rmdir()
    (results / "s").rmdir()
    with scheduler(tmp_path / "at.json", "alone", before=before):
        client = distributed.Client(scheduler_file=str(tmp_path / "at.json"), timeout=60)
        client.wait_for_workers(1, timeout=120)
        said = {"nothing": "there is no such folder", "another folder": "another folder has this"}
        with client, pytest.warns(UserWarning, match=said[there]):
            found = sweep(SMALL, out=results / "s", executor=Dask(client), **HOW)
        assert found.hash == wanted


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
    ) as local:
        address = local.scheduler_address
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
