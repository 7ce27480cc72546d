"""A Dask cluster as a workplace: on this machine, or wherever its scheduler is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from sim.errors import InputError, Problem, RunError

REMEDY = "install the extra: pip install 'blocsim[cluster]'"


class Cluster:
    """The workers of a Dask client; a worker that dies is Dask's to replace."""

    def __init__(self, client: Any) -> None:
        """Keep the client."""
        self.client = client

    @property
    def workers(self) -> int:
        """Return the number of threads of all workers now."""
        return max(1, int(sum(self.client.nthreads().values())))

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """Return no error: the executor outlives its workers, and a task is done again alone."""
        return ()

    def executor(self, *, alone: bool = False) -> Executor:
        """Return an executor over all workers."""
        del alone
        found: Executor = self.client.get_executor(pure=False)
        return found


@contextmanager
def connected(
    scheduler: str | None,
    *,
    jobs: int,
    tls_ca: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    timeout: float = 20,
) -> Iterator[Cluster]:
    """Yield the workplace of a scheduler's address, or of new local workers without one."""
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError([Problem("--cluster", 0, 0, "", f"needs Dask; {REMEDY}")]) from None
    security = None
    if tls_ca or tls_cert or tls_key:
        security = distributed.Security(
            tls_ca_file=tls_ca,
            tls_client_cert=tls_cert,
            tls_client_key=tls_key,
            require_encryption=True,
        )
    try:
        if scheduler is None:
            cluster = distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None
            )
            client = distributed.Client(cluster)
        else:
            cluster = None
            client = distributed.Client(scheduler, security=security, timeout=timeout)
    except (OSError, ValueError, TypeError) as error:
        what = " ".join(str(error).split())
        message = f"{scheduler or 'local cluster'}: cannot be reached ({what}); is it running?"
        raise RunError(message) from None
    with client:
        try:
            yield Cluster(client)
        finally:
            if cluster is not None:
                cluster.close()
