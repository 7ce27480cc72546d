"""The command `calibrate`: the data that it may use, its files, and how it is resumed."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.experiments.calibration import inference
from sim.experiments.calibration.calibration import CalibrationPlan, calibrate, exercise_of
from sim.experiments.calibration.targets import Target, observed, summaries
from sim.experiments.priors import priors
from sim.kernel.dates import months
from sim.kernel.errors import InputError, ResultError
from sim.scenario.compile.build import build
from sim.scenario.load import load
from tests.small import SMALL

pytest.importorskip("sklearn")

PATTERN = {
    "claim": "Gamma buys from Alp.",
    "source": "assumed",
    "use": "fit",
    "checks": {
        "volume": {
            "quantity": "level",
            "of": {"flow": {"to": "DEL"}},
            "window": "2018..2019",
            "band": {"low": 20, "high": 120},
            "historical": 60,
        },
        "share": {
            "quantity": "share",
            "from": "ALP",
            "to": "DEL",
            "window": "2018..2019-Q4",
            "band": {"low": 0.3, "high": 0.7},
        },
        "judged": {
            "quantity": "share",
            "from": "ALP",
            "to": "DEL",
            "window": "2018..2020-Q2",
            "band": {"low": 0.3, "high": 0.7},
            "use": "judge",
        },
    },
}
PARAMETERS = ("laws.consent.base", "laws.procurement.volume", "states.DEL.import_share")


@pytest.fixture(autouse=True)
def few_trees(monkeypatch):
    """Let forests be small: how well they fit is tried in test_recovery.py."""
    monkeypatch.setattr(inference, "TREES", 20)


def with_patterns(folder):
    """Write a scenario with patterns to fit into a folder, and return its file."""
    document = deepcopy(SMALL)
    share = {"value": 0.3, "dist": "uniform", "low": 0.1, "high": 0.6}
    document["states"]["DEL"]["import_share"] = share
    document["patterns"] = {"trade": PATTERN}
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def scenario(tmp_path):
    return with_patterns(tmp_path)


def plan(**rest):
    about = {"points": 120, "checks": 10, "vantage": "2019-Q4", "parameters": PARAMETERS}
    return CalibrationPlan(**{**about, **rest})


def test_the_manifest_shows_that_no_later_data_were_used(scenario, tmp_path):
    about = calibrate(scenario, plan=plan(), out=tmp_path / "fit")
    inputs = about["inputs"]
    assert set(inputs["patterns"]) == {"trade.volume", "trade.share"}
    assert all(months(each["ends"]) <= months("2019-12") for each in inputs["patterns"].values())
    assert set(inputs["parameters"]) == set(PARAMETERS)
    assert about["cost"]["runs"] == 130
    assert about["cost"]["seconds_of_simulation"] > 0
    assert sorted(about["identified"] + about["unidentified"]) == sorted(PARAMETERS)
    simulated = exercise_of(load(scenario), plan()).simulate.model
    assert simulated.time.end == "2019-Q4"


def test_a_calibration_from_python_uses_one_thread_as_the_command_does(scenario, tmp_path):
    control, threads = pytest.importorskip("threadpoolctl"), set()

    def seen(*_):
        threads.update(each["num_threads"] for each in control.threadpool_info())

    with control.threadpool_limits(2):
        calibrate(scenario, plan=plan(), out=tmp_path / "fit", progress=seen)
        assert threads == {1}
        seen()
    assert 2 in threads  # as before


def test_a_window_that_ends_after_the_vantage_is_refused_by_its_place(scenario, tmp_path):
    with pytest.raises(InputError) as error:
        calibrate(scenario, plan=plan(vantage="2019-Q3"), out=tmp_path / "fit")
    assert "the window 2018..2019 ends after the vantage 2019-Q3" in str(error.value)
    assert str(error.value).startswith(str(scenario))
    assert not (tmp_path / "fit").exists()


def test_the_shipped_patterns_for_fitting_end_before_october_2017():
    scenario = load("south_caucasus_2005_to_2017", sets=["patterns=[P01,P02,P03,P04,P05,P10]"])
    exercise = exercise_of(scenario, CalibrationPlan(parameters=("laws.consent.base",)))
    assert len(exercise.targets) >= 6
    assert all(months(target.ends) < months("2017-10") for target in exercise.targets)
    assert exercise.simulate.model.time.end == "2017-Q3"
    assert all(months(e.at) < months("2017-10") for e in exercise.simulate.model.events.values())


def test_a_posterior_is_used_by_the_scenario_that_names_it(scenario, tmp_path):
    calibrate(scenario, plan=plan(), out=tmp_path / "fit")
    fitted = load(scenario, sets=["parameters.posterior=fit/posterior.csv"])
    assert fitted.sources["laws.consent.base"] == "posterior"
    assert fitted.hash != load(scenario).hash
    table = pd.read_csv(tmp_path / "fit" / "posterior.csv", dtype=str).astype(float)
    assert list(table.columns) == ["weight", *PARAMETERS]
    assert table["weight"].sum() == pytest.approx(1)
    drawn = build(fitted.base, runs=np.arange(300), seed=4).drawn
    assert set(PARAMETERS) <= set(drawn)
    rows = {tuple(row) for row in table[list(PARAMETERS)].to_numpy().tolist()}
    assert set(zip(*(drawn[path].tolist() for path in PARAMETERS), strict=True)) <= rows
    part = build(fitted.base, runs=np.arange(200, 230), seed=4).drawn
    assert all(part[path].tolist() == drawn[path][200:230].tolist() for path in PARAMETERS)


def test_an_interrupted_fit_is_gone_on_with_only_if_asked(scenario, tmp_path):
    whole = calibrate(scenario, plan=plan(), out=tmp_path / "whole")
    calibrate(scenario, plan=plan(), out=tmp_path / "fit")
    for name in ("calibration.json", "posterior.csv"):
        (tmp_path / "fit" / name).unlink()
    with pytest.raises(ResultError, match="--resume continues it"):
        calibrate(scenario, plan=plan(), out=tmp_path / "fit")
    again = calibrate(scenario, plan=plan(), out=tmp_path / "fit", resume=True)
    assert again["files"] == whole["files"]
    with pytest.raises(ResultError, match=r"other inputs \(parameters\)"):
        calibrate(scenario, plan=plan(parameters=()), out=tmp_path / "fit", resume=True)


def test_what_is_not_a_calibration_is_left_alone(scenario, tmp_path):
    (tmp_path / "fit").mkdir()
    (tmp_path / "fit" / "notes.txt").write_text("keep")
    with pytest.raises(ResultError, match=r"holds notes\.txt"):
        calibrate(scenario, plan=plan(), out=tmp_path / "fit", force=True)


def test_priors_are_those_of_the_scenario_or_the_bounds_of_the_law(scenario):
    model = load(scenario).base
    by_path = {prior.path: prior.distribution for prior in priors(model)}
    assert by_path["states.DEL.import_share"].dist == "uniform"
    assert by_path["states.DEL.import_share"].high == 0.6
    assert (by_path["laws.consent.base"].low, by_path["laws.consent.base"].high) == (-2, 5)
    assert by_path["laws.counterforce.rounds_needed"].dist == "loguniform"
    assert "laws.contract.deposit" not in by_path  # it has a source
    assert len(priors(model, ["laws.consent.*"])) == 7
    with pytest.raises(InputError, match=r'did you mean "laws\.consent\.base"'):
        priors(model, ["laws.consent.bse"])
    with pytest.raises(InputError, match="has no bounds: write it as"):
        priors(model, ["states.GAM.gdp"])


def test_summaries_are_cut_off_and_never_undefined():
    closed = Target(name="a", low=1, high=3, historical=2)
    opened = Target(name="b", low=50)
    point = Target(name="c", low=1, high=1)
    found = summaries(
        (closed, opened, point),
        np.array([[2, 60, 1], [np.inf, np.inf, 0.5], [-9, 20, 0], [np.nan, np.nan, np.nan]]),
    )
    # half-widths 1, 25 and 0.5; the scales begin at -3, -50 and -1
    assert found.tolist() == [[5, 4, 4], [10, 4, 3], [0, 2.8, 2], [-1, -1, -1]]
    assert (closed.error, opened.error, point.error) == (0.5, 0, 0)


def test_a_band_without_a_figure_of_history_makes_no_datum_of_its_middle():
    positive = Target(name="a", low=0.01, high=1.0)  # half-width 0.495
    values = np.array([[0.01], [0.505], [0.9], [1.0], [0.0], [1.495], [99.0], [np.nan]])
    found = summaries((positive,), values)[:, 0]
    inside = summaries((positive,), observed((positive,)))[0, 0]
    assert found[:4] == pytest.approx(inside)
    assert found[4] == pytest.approx(inside - 0.01 / 0.495)
    assert found[5] == pytest.approx(inside + 1)
    assert found[6:] == pytest.approx([inside + 4, -1])
    assert positive.error == 0
    known = replace(positive, historical=0.4)
    assert known.error == pytest.approx(0.2475)
    assert len(set(summaries((known,), values[:4])[:, 0])) == 4


def test_the_command_prints_the_fit_and_draws(scenario, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["calibrate", str(scenario), "--vantage", "2019-Q4", "--points", "100",
              "--checks", "10", "--jobs", "1", "--parameters", "laws.consent.base",
              "--out", str(tmp_path / "fit")])  # fmt: skip
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert "trade.volume" in said
    assert "numbers are identified" in said
    assert (tmp_path / "fit" / "figures" / "pattern_fit.svg").is_file()
    about = json.loads((tmp_path / "fit" / "calibration.json").read_text())
    assert about["inputs"]["vantage"] == "2019-Q4"
    with pytest.raises(SystemExit) as left:
        main(["calibrate", str(scenario)])
    assert left.value.code == 2
    assert "ends after the vantage 2017-Q3" in capsys.readouterr().err
