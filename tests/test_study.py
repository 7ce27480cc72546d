"""A study equals the functions with its options."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import sim
from sim.kernel.errors import InputError

SMALL = Path(__file__).parent / "experiments" / "small.yaml"


@pytest.fixture
def study(tmp_path):
    return sim.Study(SMALL, runs=4, seed=11, sets=["states.BRA.burden=0.05"], folder=tmp_path)


def csvs(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def test_its_run_is_that_of_the_function_and_is_read_if_it_exists(study, tmp_path):
    said = []
    found = replace(study, say=said.append).run()
    sim.run(SMALL, runs=4, seed=11, sets=["states.BRA.burden=0.05"], out=tmp_path / "other")
    assert found.folder == tmp_path / "small"
    assert csvs(found.folder) == csvs(tmp_path / "other")
    assert said == ["3 variants x 4 runs = 12 runs of 4 states over 4 quarters"]
    assert csvs(study.run().folder) == csvs(tmp_path / "other")


def test_without_a_folder_a_run_is_held_in_memory_and_a_sweep_asks_for_one(study):
    memory = replace(study, folder=None)
    assert len(memory.run()["outcomes"]) == 12
    with pytest.raises(InputError, match="give out=, or the study a folder"):
        memory.sweep(over=["states.BRA.burden=0.02..0.06"], points=2)


def test_its_sweep_keeps_to_the_executor_and_the_folder(study, tmp_path):
    over = ["states.ALF.burden=0.02,0.06"]
    serial = study.sweep("grid", over=over, variants=["sale"])
    assert (tmp_path / "small_sweep" / "points.csv").exists()
    both = replace(study, executor=sim.Processes(2))
    parallel = both.sweep("grid", over=over, variants=["sale"], out=tmp_path / "parallel")
    assert parallel.hash == serial.hash


def test_its_comparison_is_of_two_variants_under_its_own_settings(study):
    found = study.compare("no_sale", "sale")
    outcomes = study.run()["outcomes"]
    text = "exposure DEL>BRA at 2020-Q4"
    values = {name: outcomes.loc[outcomes["variant"] == name, text] for name in ("sale", "no_sale")}
    row = found.differences.set_index("outcome").loc[text]
    assert row["difference"] == pytest.approx(
        np.mean(values["sale"].to_numpy() - values["no_sale"].to_numpy()), rel=1e-9
    )
    plain = sim.compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=4, seed=11)
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(plain.differences, found.differences)


def test_its_audit_is_the_document_of_the_command(study):
    found = study.audit("sale", points=0)
    assert found["variant"] == "sale"
    assert found["numbers"]
    with pytest.raises(InputError, match="no variant"):
        study.audit("salt")


def test_its_sensitivity_has_the_runs_of_the_study(study, tmp_path):
    found = study.sensitivity(
        "morris", size=2, over=["states.ALF.burden=0.02..0.06"], outcomes=["cohesion NORTH"]
    )
    assert list(found.indices["outcome"].unique()) == ["cohesion NORTH"]
    assert (tmp_path / "small_sensitivity_morris" / "runs" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sets": "runs=3", "uncertain": True}, "must be a list of texts, got 'runs=3'"),
        ({"executor": 4}, "must be sim.Serial(), sim.Processes(N) or sim.Dask(...), got 4"),
        ({"scenario": 5}, "must be the name or the file of a scenario, got 5"),
    ],
)
def test_what_a_study_cannot_take_is_refused_at_once(wrong, message):
    with pytest.raises(InputError) as refused:
        sim.Study(**({"scenario": SMALL} | wrong))
    assert message in str(refused.value)


class Counting(sim.Serial):
    """An executor that counts the tasks it is given."""

    count = 0

    def submit(self, fn, /, *args, **kwargs):
        self.count += 1
        return super().submit(fn, *args, **kwargs)


def test_its_audit_and_its_calibration_run_where_its_executor_is(study, tmp_path):
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    there = Counting()
    assert replace(study, executor=there).audit(points=2) == study.audit(points=2)
    assert there.count == 1
    plan = {"points": 100, "checks": 2, "vantage": "2020-Q4", "parameters": ["laws.consent.base"]}
    patterns = {"claim": "Trade goes on.", "source": "assumed", "use": "fit"}
    band = {"low": 0.2, "high": 0.6}
    check = {"quantity": "share", "from": "ALF", "to": "DEL"}
    check |= {"window": "2020-Q1..2020-Q4", "band": band}
    sets = {"patterns": {"trade": {**patterns, "checks": {"share": check}}}}
    file = tmp_path / "fitted.yaml"
    file.write_text(yaml.safe_dump(yaml.safe_load(SMALL.read_text("utf-8")) | sets), "utf-8")
    replace(study, scenario=file, executor=there).calibrate(**plan)
    assert there.count == 1 + 2  # the design, then runs of the posterior


def test_an_audit_has_no_negative_points(study):
    with pytest.raises(InputError, match="must be 0 or more points, got -1"):
        study.audit(points=-1)


def test_settings_may_be_a_mapping_of_paths_to_values():
    sets = {"states.BRA.burden": np.float64(0.05), "rules.threat": "balance_of_power", "runs": 7}
    model = sim.load(SMALL, sets=sets).base
    assert model.states["BRA"].burden == 0.05
    assert (model.rules["threat"], model.runs) == ("balance_of_power", 7)
    assert sim.Study(SMALL, sets=sets, uncertain=True).loaded.base.uncertain
    none = {"events": None, "variants": None, "outcomes": [], "expect": None}
    assert not sim.load(SMALL, sets=none).base.events


@pytest.mark.parametrize("sets", ["states.BRA.burden=0.05", [1], {3: 0.05}])
def test_settings_of_another_kind_are_refused_by_name(sets):
    with pytest.raises(InputError, match=r"^sets: must be a list of texts, got "):
        sim.Study(SMALL, sets=sets).loaded  # noqa: B018 - it is read when asked for


def test_what_is_refused_is_called_by_its_keyword(study):
    with pytest.raises(InputError, match=r"^over: states\.BRA\.burdn: no number of that name"):
        study.sweep(over=["states.BRA.burdn=0.02,0.06"])
    with pytest.raises(InputError, match=r"^over: must be a list of texts"):
        study.sweep(over="states.BRA.burden=0.02,0.06")
    with pytest.raises(InputError, match=r"^outcomes: no outcome"):
        study.compare("sale", "no_sale", outcomes=["hhi DELL"])
    with pytest.raises(InputError, match=r"^sets:1:\d+: states\.BRA\.burden: must be from 0 to 1"):
        replace(study, sets={"states.BRA.burden": 5}).run()


def test_an_unknown_variant_is_reported_with_a_similar_one(study):
    with pytest.raises(InputError, match=r'^small: no variant "nosale" \(did you mean "no_sale"'):
        study.compare("nosale", "sale")
    with pytest.raises(InputError, match=r'no scenario "polonez_vs_iskandr" \(did you mean'):
        study.compare("polonez_vs_iskandr", "sale")


def test_its_run_gives_first_numbers_while_it_goes_on(study, monkeypatch):
    monkeypatch.setattr("sim.experiments.ensemble.FIRST", 2)
    early = []
    replace(study, first_numbers=early.append).run()
    assert [each.runs for each in early] == [2]
