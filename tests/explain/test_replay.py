"""A replay is the run: equal to the row that was stored, whichever engine made it."""

from __future__ import annotations

import pytest

from sim.experiments.ensemble import run
from sim.experiments.outcomes import outcomes_in
from sim.explain.replay import replay
from tests.shipped import of_runs


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_replay_equals_the_stored_row(engine):
    scenario = of_runs("hub_and_spoke", 4)
    stored = outcomes_in(run(scenario, engine=engine))
    for variant, values in stored.values.items():
        for number in (0, 3):
            found = replay(scenario, variant, [number]).outcomes()
            assert found[:, 0] == pytest.approx(values[:, number], rel=1e-9, abs=1e-9, nan_ok=True)
