"""A small scenario in which events do much, and its result."""

from __future__ import annotations

import pytest

from sim.experiments.ensemble import run
from tests.eventful import written

RUNS = 8


@pytest.fixture(scope="session")
def eventful(tmp_path_factory):
    """Return the file of a scenario with two variants."""
    return written(tmp_path_factory.mktemp("eventful"))


@pytest.fixture(scope="session")
def watched(eventful):
    """Return its result."""
    return run(eventful, runs=RUNS)
