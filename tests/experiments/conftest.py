"""A small scenario, and its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments.ensemble import run

SMALL = Path(__file__).with_name("small.yaml")


@pytest.fixture(scope="session")
def small() -> Path:
    return SMALL


@pytest.fixture(scope="session")
def tables():
    """Return a function that runs a scenario and returns the bytes of its tables."""

    def bytes_of(out: Path, scenario: Path = SMALL, **options: object) -> dict[str, bytes]:
        results = run(scenario, out=out, **options)
        return {path.name: path.read_bytes() for path in sorted(results.folder.glob("*.csv"))}

    return bytes_of
