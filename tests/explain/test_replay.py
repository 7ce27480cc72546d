"""A replay is the run: equal to the row that was stored, whichever engine made it."""

from __future__ import annotations

import pytest

from sim.documents.package_data import shipped_scenarios
from sim.experiments.ensemble import run
from sim.experiments.outcomes import outcomes_in
from sim.explain.agreement import check_agreement
from sim.explain.origin import scenario_of
from sim.explain.replay import replay
from tests.shipped import of_runs, read


@pytest.mark.parametrize("engine", ["numpy", pytest.param("compiled", marks=pytest.mark.study)])
def test_a_replay_equals_the_stored_row(engine):
    scenario = of_runs("belarus_armenia_2007", 4)
    stored = outcomes_in(run(scenario, engine=engine))
    for variant, values in list(stored.values.items())[:2]:
        found = replay(scenario, variant, [3]).outcomes()
        assert found[:, 0] == pytest.approx(values[:, 3], rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.study
@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_replay_agrees_with_every_result_of_either_engine(name, tmp_path):
    for engine in ("numpy", "compiled"):
        results = run(of_runs(name, 4), engine=engine, out=tmp_path / engine)
        for variant in results.variants:
            again = replay(scenario_of(results), variant, [1, 3])
            check_agreement(again, results)


def test_a_moment_that_is_kept_says_what_had_come_by_then():
    again = replay(read("cyprus_s300_1997"), "baseline", [0])
    come = [each.passed.world.log.delivered.sum() for each in again.passing()]
    assert [each.passed.world.log.delivered.sum() for each in again.moments] == come
    assert come[0] < come[-1]
