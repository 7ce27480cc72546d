from __future__ import annotations

from math import isnan

import mesa
import numpy as np
import pytest

import sim
from sim.agents import StateAgent, arguments
from sim.experiments.exact import EndMetrics
from sim.experiments.options import Options
from sim.experiments.outcomes import outcome_values
from sim.kernel.errors import InputError, RunError
from sim.kernel.simulate import simulate
from sim.scenario.compile.build import build
from sim.scenario.paths import PathError
from tests.agents.conftest import cut_short

PERIODS = 6
UNRECORDED = (
    "metrics: threat ARM>USA: no ARM>USA is recorded "
    "(the scenario has no dispute between the two: add one to rivalries)"
)


def record_of(model, runs, seed=None):
    seed = model.seed if seed is None else seed
    built = build(model, runs=np.array(runs), seed=seed)
    return simulate(built.world, built.rules, built.inputs, built.noise)


@pytest.mark.parametrize("variant", ["baseline", "sale", "no_preference"])
def test_a_run_equals_the_same_run_of_the_ensemble_in_every_series(flagship, variant):
    whole = flagship.variants[variant]
    which = whole if variant == "sale" else cut_short(whole)
    record = record_of(which, range(5))
    for run in (0, 3) if variant == "baseline" else (4,):
        model = sim.GeopoliticalModel(which, run=run, metrics=[])
        model.run_model()
        series = model.readings.series
        assert series.keys() == record.series.keys()
        for name, expected in record.series.items():
            np.testing.assert_array_equal(series[name][..., 0], expected[..., run], name)
        np.testing.assert_array_equal(model.world.log.stage[:, 0], record.end.log.stage[:, run])


def test_a_run_draws_the_numbers_that_it_draws_in_the_ensemble(short):
    uncertain = short.model_copy(update={"uncertain": True})
    built = build(uncertain, runs=np.arange(4), seed=short.seed)
    model = sim.GeopoliticalModel(uncertain, run=3, metrics=[])
    assert model.drawn == {path: values[3] for path, values in built.drawn.items()}
    model.run_model()
    for name, expected in record_of(uncertain, range(4)).series.items():
        np.testing.assert_array_equal(model.readings.series[name][..., 0], expected[..., 3], name)


def test_outcomes_at_the_end_equal_those_of_the_ensemble(flagship):
    record = record_of(flagship.base, range(3))
    ends = EndMetrics(record, Options())
    dates = {name: event.at for name, event in flagship.base.events.items()}
    expected = outcome_values(flagship.outcomes, record, dates=dates, ends=ends)
    model = sim.GeopoliticalModel(flagship, run=2)
    model.run_model()
    found = model.outcomes()
    assert list(found) == [outcome.text for outcome in flagship.outcomes]
    np.testing.assert_array_equal(list(found.values()), expected[:, 2])
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["cohesion CSTO"].iloc[-1] == found["cohesion CSTO"]
    assert frame["frustration CSTO"].iloc[-1] == found["frustration CSTO"]
    assert frame["frustration CSTO"].iloc[:-1].isna().all()


def test_a_seed_given_counts_instead_of_the_scenarios_even_if_it_is_zero(short):
    own = sim.GeopoliticalModel(short, metrics=[])
    other = sim.GeopoliticalModel(short, seed=0, metrics=[])
    assert (own.seed, other.seed) == (short.seed, 0)
    other.run_model()
    expected = record_of(short, [0], seed=0).series["cohesion"]
    np.testing.assert_array_equal(other.readings.series["cohesion"], expected)


def test_mesas_own_random_numbers_do_not_touch_a_run(short):
    still, shaken = (sim.GeopoliticalModel(short, metrics=["strength ARM"]) for _ in range(2))
    while still.running:
        shaken.agents.shuffle(inplace=True)
        shaken.rng.random(7)
        still.step()
        shaken.step()
    frames = [each.datacollector.get_model_vars_dataframe() for each in (still, shaken)]
    assert frames[0].equals(frames[1])


def test_it_collects_at_the_start_and_after_each_period_and_then_only_stops(model):
    assert model.date == "2017-Q3"
    model.step()
    assert (model.date, model.running, model.steps) == ("2017-Q4", True, 1)
    for _ in range(PERIODS - 1):
        model.step()
    assert (model.date, model.running, model.over) == ("2019-Q1", True, True)
    world = model.world
    model.step()
    model.step()
    assert not model.running
    assert model.world is world
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame["date"]) == ["2017-Q3", *model.layout.calendar.labels()]


def test_the_start_is_read_off_before_anything_happens(model):
    assert model.value("wars ARM>AZE") == 0
    assert model.value("months_frozen CSTO") == 0
    assert model.value("strike_delivered AZE") == 0
    assert model.value("imports AZE") == 0
    assert model.value("sold BLR>AZE polonez") == 0
    assert model.value("rivalry ARM>AZE") == model.states["ARM"].rivalry["AZE"]
    assert 0 < model.value("consent BLR>AZE polonez") < 1
    assert 0 < model.value("cohesion CSTO") < 1


def test_outcomes_are_refused_before_the_end(model):
    with pytest.raises(RunError) as caught:
        model.outcomes()
    assert str(caught.value) == (
        "2017-Q3: outcomes are only known at the end; call run_model() first"
    )


def test_batch_run_gives_a_row_for_the_start_and_for_every_period(short):
    rows = mesa.batch_run(
        sim.GeopoliticalModel,
        {
            "scenario": [short],
            "run": range(2),
            "metrics": [["cohesion CSTO"]],
            "blocs.CSTO.commitment": [0.3, 0.6],
        },
        data_collection_period=1,
        display_progress=False,
    )
    assert len(rows) == 2 * 2 * (PERIODS + 1)
    assert {row["date"] for row in rows if row["Step"] == PERIODS} == {"2019-Q1"}
    ends = {
        (row["run"], row["blocs.CSTO.commitment"]): row["cohesion CSTO"]
        for row in rows
        if row["Step"] == PERIODS
    }
    record = record_of(short, range(2))
    for run in range(2):
        assert ends[run, 0.6] == record.series["cohesion"][-1, 0, run]
        assert ends[run, 0.3] != ends[run, 0.6]


def test_batch_run_ends_on_the_last_period_by_default(short):
    parameters = {"scenario": [short], "metrics": [["cohesion CSTO"]]}
    rows = mesa.batch_run(sim.GeopoliticalModel, parameters, display_progress=False)
    assert [(row["Step"], row["date"]) for row in rows] == [(PERIODS, "2019-Q1")]


def test_the_data_collector_takes_reporters_of_agents_and_models(short):
    model = sim.GeopoliticalModel(
        short,
        metrics=[],
        model_reporters={"owed": lambda m: m.states["BLR"].debt["RUS"]},
        agent_reporters={"name": "name", "strength": "strength"},
        agenttype_reporters={StateAgent: {"insecurity": "insecurity"}},
    )
    model.step()
    collected = model.datacollector
    assert list(collected.get_model_vars_dataframe().columns) == ["date", "owed"]
    agents = collected.get_agent_vars_dataframe().loc[1].set_index("name")
    assert len(agents) == len(model.agents)
    assert agents.loc["ARM", "strength"] == model.value("strength ARM")
    assert isnan(agents.loc["CSTO", "strength"])
    states = collected.get_agenttype_vars_dataframe(StateAgent).loc[1]
    assert len(states) == len(model.states)


def test_numbers_are_set_by_path_and_checked(short):
    model = sim.GeopoliticalModel(short, metrics=[], **{"states.AZE.find": 0.9})
    assert model.states["AZE"].find == 0.9
    with pytest.raises(PathError) as caught:
        sim.GeopoliticalModel(short, **{"states.AZE.fnd": 0.9})
    assert str(caught.value) == 'no number "states.AZE.fnd" (did you mean "states.AZE.find"?)'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variant": "sail"}, 'variant: there is no "sail" (did you mean "sale"?)'),
        ({"run": -1}, "run: needs a whole number, 0 to 2^32 - 1, got -1"),
        ({"seed": 2**64}, f"seed: needs a whole number, 0 to 2^64 - 1, got {2**64}"),
        ({"agents": {"AMR": StateAgent}}, 'agents: there is no "AMR" (did you mean "ARM"?)'),
        (
            {"metrics": ["cohesion CSTA"]},
            'metrics: cohesion CSTA: no bloc CSTA (did you mean "CSTO"?)',
        ),
        (
            {"metrics": ["fund ARM at 2018-Q2"]},
            "metrics: fund ARM at 2018-Q2: a model is read every period; remove the window",
        ),
        ({"metrics": ["threat ARM>USA"]}, UNRECORDED),
    ],
)
def test_what_does_not_exist_is_refused(flagship, arguments, message):
    with pytest.raises(InputError) as caught:
        sim.GeopoliticalModel(flagship, **arguments)
    assert str(caught.value) == message


def test_a_shipped_scenario_is_read_once(monkeypatch):
    arguments._kept.cache_clear()
    first = arguments._read("polonez_vs_iskander")
    assert arguments._read("polonez_vs_iskander") is first
    monkeypatch.setattr(arguments, "_times", lambda files: [0 for _ in files])
    assert arguments._read("polonez_vs_iskander") is not first
