from __future__ import annotations

import pickle
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.design import Axis, Design
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError

pytestmark = pytest.mark.skipif(
    find_spec("ema_workbench") is None, reason="needs the extra `analysis`"
)  # not imported here: it takes seconds in every process that collects tests

SMALL = Path(__file__).with_name("small.yaml")
OVER = ("states.BRA.burden=0.02..0.06", "states.DEL.gdp")
OUTCOMES = ["participation BRA:NORTH", "hhi DEL", "exposure DEL>BRA at 2020-Q4"]


def model(**how):
    return sim.ema_model(SMALL, variant="sale", runs=3, over=OVER, outcomes=OUTCOMES, **how)


def test_a_model_has_uncertainties_levers_and_outcomes():
    made = model()
    assert list(made.uncertainties.keys()) == ["states.BRA.burden", "states.DEL.gdp"]
    gdp = made.uncertainties["states.DEL.gdp"]
    assert (gdp.lower_bound, gdp.upper_bound, gdp.default) == (50000, 70000, 60000)
    kinds = ("preference", "commitment", "credit")
    assert list(made.levers.keys()) == [f"blocs.NORTH.{name}" for name in kinds]
    assert list(made.outcomes.keys()) == OUTCOMES


def test_experiments_give_the_numbers_of_a_sweep_of_the_same_points(tmp_path):
    made = model(levers=["preference", "open"])
    from ema_workbench import SequentialEvaluator  # noqa: PLC0415

    with SequentialEvaluator(made) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=2)
    assert len(experiments) == 4
    paths = [*made.uncertainties.keys(), *made.levers.keys()]
    columns = {path: experiments[path].astype(float).to_numpy() for path in paths}
    design = Design(tuple(Axis(path=path, rides=True) for path in paths), columns)
    found = sweep(SMALL, design=design, runs=3, variants=["sale"], out=tmp_path / "s")
    for name in OUTCOMES:
        means = found.table([name]).groupby("point")[name].mean().to_numpy()
        np.testing.assert_allclose(outcomes[name], means, rtol=1e-12)
        assert np.isfinite(outcomes[name]).all()
    assert np.ptp(outcomes["participation BRA:NORTH"]) > 0


def test_the_function_of_a_model_travels_between_processes():
    function = model().function
    values = {"states.BRA.burden": 0.03, "blocs.NORTH.preference": 0.1}
    assert pickle.loads(pickle.dumps(function))(**values) == function(**values)  # noqa: S301 - made here


def test_kinds_of_outcomes_are_those_asked_for():
    made = sim.ema_model(SMALL, outcomes={"hhi DEL": "minimize", "cohesion NORTH": "maximize"})
    assert [outcome.kind for outcome in made.outcomes] == [-1, 1]
    assert len(made.uncertainties) > 50


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"levers": ["preferense"]}, 'levers: no lever "preferense" (did you mean "preference"?)'),
        ({"levers": ["states.BRA.gdp"]}, "has no bounds on both sides"),
        ({"outcomes": ["hhi DEK"]}, 'outcomes: no outcome "hhi DEK" (did you mean "hhi DEL"?)'),
        ({"outcomes": {"hhi DEL": "more"}}, "hhi DEL: must be minimize, maximize or info"),
        ({"variant": "sal"}, '--variant: no variant "sal"'),
    ],
)
def test_a_bad_model_is_reported(how, said):
    with pytest.raises(InputError) as failure:
        sim.ema_model(SMALL, **how)
    assert said in str(failure.value)
