from __future__ import annotations

import pytest

from sim.experiments.sweeps.sweep import sweep
from tests.experiments.sweeps.small_sweep import HOW, SMALL


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The small sweep, finished: to be read only."""
    return sweep(SMALL, out=tmp_path_factory.mktemp("sweep") / "whole", **HOW)
