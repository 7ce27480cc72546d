"""A study is the functions with their options said once."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.kernel.errors import InputError

SMALL = Path(__file__).parent / "experiments" / "small.yaml"


@pytest.fixture
def study(tmp_path):
    return sim.Study(SMALL, runs=4, seed=11, sets=["states.BRA.burden=0.05"], folder=tmp_path)


def csvs(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def test_its_run_is_that_of_the_function_and_is_read_where_it_stands(study, tmp_path):
    said = []
    found = replace(study, say=said.append).run()
    sim.run(SMALL, runs=4, seed=11, sets=["states.BRA.burden=0.05"], out=tmp_path / "other")
    assert found.folder == tmp_path / "small"
    assert csvs(found.folder) == csvs(tmp_path / "other")
    assert said == ["3 variants x 4 runs = 12 runs of 4 states over 8 quarters"]
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
    text = "exposure DEL>BRA at 2021-Q4"
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


def test_old_names_are_taken_with_a_warning(tmp_path):
    over = ["states.ALF.burden=0.02,0.06"]
    with pytest.warns(DeprecationWarning, match="sweep: workplace= is now executor="):
        sim.sweep(
            SMALL, over=over, design="grid", runs=1, out=tmp_path / "s", workplace=sim.Serial()
        )
    with pytest.warns(DeprecationWarning, match="sim.Cluster is now sim.Dask"):
        assert sim.Cluster is sim.Dask
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sim.Dask


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


def test_an_audit_has_no_negative_points(study):
    with pytest.raises(InputError, match="must be 0 or more points, got -1"):
        study.audit(points=-1)
