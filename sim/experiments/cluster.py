"""A Dask cluster as an executor, on this machine or at the address of its scheduler.

A worker computes a task only if its versions equal those of this process. With others, numbers
could differ without a trace in the tables.
"""

from __future__ import annotations

import gc
import logging
import math
import pickle
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from time import monotonic
from typing import Any

from sim.experiments.executor import GoneError, UnlikeError
from sim.experiments.processes import SETTINGS, postponed
from sim.experiments.remedies import needed
from sim.kernel.errors import RunError
from sim.records.manifest import versions

PRELOAD = "sim.experiments.cluster"  # a worker calls its `dask_setup` when it starts
LOOK = 2.0  # seconds for which the number of workers is cached
LOCAL = {  # configuration of workers on this machine
    # One arena: that of the thread in which a worker computes would not keep large arrays
    "distributed.nanny.pre-spawn-environ": {**SETTINGS, "MALLOC_ARENA_MAX": "1"},
    "distributed.worker.profile.enabled": False,  # costs some per cent, and is not shown
    # Watches, for which each process wakes up: by default 50, 2 and 10 times a second
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "2s",
}
SELDOM = 100_000, 50, 100  # thresholds of gc: arrays hold no cycles
BROKEN = (OSError, RuntimeError, TimeoutError, CancelledError)  # errors of a broken connection


class Dask:
    """The workers of a Dask client; Dask replaces a worker that dies."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._workers, self._looked = 1, -math.inf

    @property
    def workers(self) -> int:
        """Return the number of threads of all workers, at most LOOK seconds old."""
        now = monotonic()
        if now - self._looked > LOOK:
            self._looked = now
            with suppress(*BROKEN):  # the last number holds while the client reconnects
                self._workers = max(1, int(sum(self.client.nthreads().values())))
        return self._workers

    @property
    def remote(self) -> bool:
        """Return True: workers may be on any machine."""
        return True

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return no error: the executor outlives its workers, and lost tasks are repeated alone."""
        return ()

    def pool(self, *, alone: bool = False) -> Executor:
        """Return a pool of all workers."""
        del alone
        return _Executor(self.client)

    def shared(self, work: Callable[[Any], Any]) -> Any:
        """Return a future of the work, which Dask sends to each worker once."""
        return self.client.submit(pickle.loads, pickle.dumps(work))

    def check(self) -> None:
        """Raise GoneError if the client has lost its scheduler for good."""
        if self.client.status in ("closed", "closing"):
            message = "the connection to the Dask scheduler is lost"
            raise GoneError(message)


class _Executor(Executor):
    """Dask's executor, whose shutdown does not wait for results of a lost scheduler."""

    def __init__(self, client: Any) -> None:
        self._client, self._inner = client, client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a task."""
        future: Future[Any] = self._inner.submit(alike, _versions(), fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor has it
        """Give up the tasks in flight."""
        del wait, cancel_futures
        if self._client.status == "running":
            with suppress(*BROKEN):
                self._inner.shutdown(wait=False)


_versions = cache(versions)  # they do not change while a process runs


def alike(wanted: Mapping[str, Any], fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return the result of a task; UnlikeError if the versions of this worker are others."""
    own = _versions()
    if differing := [name for name, version in wanted.items() if own.get(name) != version]:
        raise UnlikeError(_unlike(own, wanted, differing[0]))
    return fn(*args, **kwargs)


def _unlike(own: Mapping[str, Any], wanted: Mapping[str, Any], name: str) -> str:
    """Return a message on a version that differs at this worker, with the remedy."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    worker = f"the worker {get_worker().address}"
    if name == "simd":
        more = sorted({*own[name]} ^ {*wanted[name]})
        return (
            f"{worker} and this process use different instruction sets ({', '.join(more)}), and "
            "last digits could differ; use machines of one kind, or start workers and this command "
            f'with NPY_DISABLE_CPU_FEATURES="{" ".join(more)}"'
        )
    if name == "code":
        return f"{worker} has another code of blocsim than this process; install the same on both"
    versions_there = f"{name} {own.get(name)}, this process {name} {wanted[name]}"
    return f"{worker} has {versions_there}; install the same on both"


@contextmanager
def connected(
    scheduler: str | None,
    *,
    jobs: int,
    tls_ca: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    timeout: float = 20,
) -> Iterator[Dask]:
    """Yield the executor at the address of a scheduler, or of new local workers without one.

    RunError if it cannot be reached.
    """
    distributed = needed("distributed", "--cluster", "cluster")
    security = None
    if tls_ca or tls_cert or tls_key:
        security = distributed.Security(
            tls_ca_file=tls_ca,
            tls_client_cert=tls_cert,
            tls_client_key=tls_key,
            require_encryption=True,
        )
    with ExitStack() as opened:
        try:
            client = (
                opened.enter_context(_local(distributed, jobs))
                if scheduler is None
                else distributed.Client(scheduler, security=security, timeout=timeout)
            )
        except (OSError, ValueError, TypeError) as error:
            what = " ".join(str(error).split())
            message = f"{scheduler or 'local cluster'}: cannot be reached ({what}); is it running?"
            raise RunError(message) from None
        with client:
            yield Dask(client)


@contextmanager
def _local(distributed: Any, jobs: int) -> Iterator[Any]:
    """Yield a client of new workers on this machine, which ignore Ctrl-C."""
    import dask  # noqa: PLC0415 - an extra

    with ExitStack() as opened:
        with dask.config.set(LOCAL), postponed():
            cluster = distributed.LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address=":0",  # any free port: no warning where another cluster runs
                preload=PRELOAD,
                silence_logs=logging.ERROR,  # do not log replaced workers
            )
            opened.callback(cluster.close)
        yield distributed.Client(cluster)


def dask_setup(worker: Any) -> None:
    """Leave Ctrl-C to the client, which closes its workers, and collect garbage seldom.

    Dask calls this in each worker of this machine when it starts, also in replacements.
    """
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*SELDOM)
