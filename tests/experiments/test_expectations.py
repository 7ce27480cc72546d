"""What a scenario must show, judged over its runs or over their tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.experiments.ensemble import run
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.expectations import expected, judged
from sim.experiments.options import Options
from sim.experiments.outcomes import Outcomes, outcomes_in
from sim.scenario.load import load
from sim.scenario.schema.outcome_syntax import spelled

RUNS = 6


@pytest.fixture(scope="module")
def scenario(small):
    return load(small, runs=RUNS)


@pytest.fixture(scope="module")
def found(scenario):
    return variant_outcomes(scenario, list(scenario.variants), Options())


def test_expectations_are_judged_alike_from_runs_and_from_tables(small, scenario, found):
    verdicts = judged(scenario.base.expect, found)
    assert [each.holds for each in verdicts] == [True, True]
    assert [each.name for each in verdicts] == ["exposure_rises", "sale_is_sold"]
    results = run(small, runs=RUNS)
    stored = judged(expected(results), outcomes_in(results))
    assert [each.text for each in stored] == [each.text for each in verdicts]


def test_with_one_run_a_difference_is_undecided(small):
    scenario = load(small, runs=1)
    found = variant_outcomes(scenario, list(scenario.variants), Options())
    verdict, _ = judged(scenario.base.expect, found)
    assert (verdict.holds, verdict.mark) == (False, "open")
    assert "(undecided: needs 2 runs or more), must be positive" in verdict.text


def test_an_expectation_of_the_wrong_sign_misses(scenario, found):
    wrong = scenario.base.expect["exposure_rises"].model_copy(update={"sign": "negative"})
    none = wrong.model_copy(update={"sign": "zero", "versus": "sale"})
    verdicts = judged({"wrong": wrong, "none": none}, found)
    assert [each.holds for each in verdicts] == [False, True]
    assert replace(verdicts[0], text="").name == "wrong"


def test_bounds_beside_versus_are_those_of_the_difference(scenario, found):
    sign = scenario.base.expect["exposure_rises"]
    band = sign.model_copy(update={"sign": None, "low": 0.0, "high": 0.5})
    same = band.model_copy(update={"versus": sign.variant, "high": 0.0})
    far = band.model_copy(update={"low": 0.9, "high": None})
    verdicts = judged({"band": band, "same": same, "far": far}, found)
    assert [each.mark for each in verdicts] == ["holds", "holds", "MISSES"]
    assert f"{sign.variant} less {sign.versus}, is 0." in verdicts[0].text
    assert verdicts[1].measured.mean == 0


def test_an_expectation_about_what_is_not_defined_misses():
    expect = load("polonez_vs_iskander").base.expect
    one = next(each for each in expect.values() if each.sign is not None)
    nowhere = np.full(4, np.nan)
    found = Outcomes(
        outcomes=(spelled(one.outcome),),
        values={one.variant: nowhere[None], one.versus: np.ones((1, 4))},
        drawn={},
    )
    (verdict,) = judged({"gone": one}, found)
    assert verdict.mark == "MISSES"
    assert verdict.text.endswith(f"is not defined, must be {one.sign}")
