"""A small scenario, and its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments.ensemble import run
from sim.experiments.processes import Pool, Processes

SMALL = Path(__file__).with_name("small.yaml")


@pytest.fixture(scope="session")
def small() -> Path:
    return SMALL


class Lent:
    """A pool that is there for the next experiment too."""

    def __init__(self, pool: Pool) -> None:
        self.submit = pool.submit

    def shutdown(self, **_: object) -> None:
        pass


@pytest.fixture(scope="session")
def two_processes():
    pool = Processes(2).pool()
    yield pool
    pool.shutdown()


@pytest.fixture
def warm(two_processes, monkeypatch):
    """Have two processes that stay do what a test asks of two: each start costs two seconds."""
    honest = Processes.pool

    def pool(place: Processes, *, alone: bool = False) -> Pool | Lent:
        ours = place.jobs == 2 and not alone
        return Lent(two_processes) if ours else honest(place, alone=alone)

    monkeypatch.setattr(Processes, "pool", pool)


@pytest.fixture(scope="session")
def tables():
    """Return a function that runs a scenario and returns the bytes of its tables."""

    def bytes_of(out: Path, scenario: Path = SMALL, **options: object) -> dict[str, bytes]:
        results = run(scenario, out=out, **options)
        return {path.name: path.read_bytes() for path in sorted(results.folder.glob("*.csv"))}

    return bytes_of
