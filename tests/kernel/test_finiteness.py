"""Every accepted scenario has finite results; a number that is not finite stops the run."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from sim.kernel import inputs
from sim.kernel import simulate as kernel
from sim.kernel.errors import RunError
from sim.kernel.simulate import simulate
from sim.scenario.paths import number_paths
from tests.small import built, event, model, record

STATE = {"gdp": 3e4, "burden": 0.02, "import_share": 1.0, "source": "assumed"}
ARMLESS = {
    "scenario": "armless",
    "title": "Two states that import all their arms and hold none",
    "question": "Does an accepted scenario run?",
    "time": {"start": "2018-Q1", "end": "2018-Q4"},
    "states": {
        "AAA": {**STATE, "name": "A", "latitude": 0, "longitude": 1},
        "BBB": {**STATE, "name": "B", "latitude": 1, "longitude": 0},
    },
    "rivalries": {"AAA": {"with": {"BBB": 0.5}, "source": "assumed"}},
    "blocs": {
        "UNION": {"leader": "AAA", "members": ["AAA"], "commitment": 0.5, "norm": 0.5,
                  "source": "assumed"}
    },
}  # fmt: skip


def test_states_without_any_strength_have_even_chances_and_no_diffuse_need(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        series = record(model(tmp_path, document=ARMLESS), 8).series
    assert np.all(series["win"] == 0.5)
    # one half of power at hand, whatever the distance, times the dispute
    near = np.exp(-np.hypot(111.2, 111.2) / 3000)
    assert series["insecurity"][0, 0] == pytest.approx(0.0)  # AAA has a dispute, BBB has none
    assert series["insecurity"][0, 1] == pytest.approx(0.5 * 0.5 * 0.5 * near, rel=1e-2)


def test_two_neighbours_without_an_army_are_not_insecure(tmp_path):
    peace = {"rivalries": None, "blocs": None}
    one, other = STATE | {"neighbours": ["BBB"]}, STATE | {"neighbours": ["AAA"]}
    bare = {"burden": 0.0, "import_share": 0.0}
    states = {"AAA": {**one, **bare}, "BBB": {**other, **bare}}
    series = record(model(tmp_path, {**peace, "states": states}, ARMLESS), 8).series
    assert np.all(series["insecurity"] == 0.0)


def near_the_bounds(which, runs, seed):
    """Return numbers for every path, one a run: a third at an end of their range."""
    rng = np.random.default_rng(seed)
    numbers = {}
    for path, number in number_paths(which).items():
        if not number.rides or not isinstance(number.value, float):
            continue
        low = number.low if math.isfinite(number.low) else number.value / 10
        high = number.high if math.isfinite(number.high) else 10 * number.value
        if number.leaf.above:
            low += 1e-6 * (number.value - low)
        low, high = min(low, number.value), max(high, number.value)
        ends = np.where(rng.random(runs) < 0.5, low, high)
        numbers[path] = np.where(rng.random(runs) < 1 / 3, ends, number.value)
    return numbers


@pytest.mark.parametrize("seed", [1, pytest.param(range(2, 12), marks=pytest.mark.study)])
def test_scenarios_near_their_bounds_run_to_a_finite_end(tmp_path, seed):
    which = model(tmp_path)
    for each in [seed] if isinstance(seed, int) else seed:
        given = near_the_bounds(which, 200, each)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert record(which, 200, given=given).series


def test_a_law_without_an_answer_is_named_with_date_and_dyads(tmp_path):
    third = {**STATE, "name": "C", "latitude": 5, "longitude": 5}
    states = {name: {"import_share": 0.5} for name in ("AAA", "BBB")}
    patch = {"rules": {"contest": "difference"}, "states": {**states, "CCC": third}}
    which = model(tmp_path, patch, ARMLESS)
    message = r"^2018-Q1: win is not a number for AAA>BBB, BBB>AAA \(law of contest\)"
    with pytest.raises(RunError, match=message) as raised:
        # equal strengths, and infinity times 0
        record(which, 4, given={"laws.contest.sharpness": np.inf, "laws.economy.volatility": 0.0})
    assert raised.value.exit_code == 3


def test_a_metric_without_a_value_is_named_with_date_and_subject(tmp_path, monkeypatch):
    real = kernel.collect

    def broken(passed, rules):
        metrics = real(passed, rules)
        hhi = 1.0 * metrics["hhi"]
        hhi[passed.world.layout.states.index("GAM"), -1] = np.nan
        return {**metrics, "hhi": hhi}

    parts = built(model(tmp_path), 4)
    monkeypatch.setattr(kernel, "collect", broken)
    with pytest.raises(RunError, match=r"^2017-Q4: hhi is not finite for GAM;"):
        simulate(parts.world, parts.rules, parts.inputs, parts.noise)


def test_a_change_by_an_event_that_is_not_a_number_names_the_key(tmp_path, monkeypatch):
    parts = built(
        model(tmp_path, {"events": {"poor": event(budget={"state": "GAM", "factor": 2})}})
    )
    monkeypatch.setitem(inputs.OPERATIONS, "scale", lambda old, _: np.inf * (0.0 * old))
    with pytest.raises(
        RunError, match=r"^2018-Q2: the value of burden of GAM after an event is not a"
    ):
        simulate(parts.world, parts.rules, parts.inputs, parts.noise)
