from __future__ import annotations

import numpy as np
import pytest
import yaml

from sim.experiments.ensemble import run
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.options import Options
from sim.scenario.load import load

FEW, MANY = 5, 131


@pytest.fixture(scope="module")
def few(tmp_path_factory, tables):
    return tables(tmp_path_factory.mktemp("few") / "out", runs=FEW, block=256)


@pytest.fixture(scope="module")
def many(tmp_path_factory, tables):
    return tables(tmp_path_factory.mktemp("many") / "out", runs=MANY, block=256)


def test_tables_do_not_depend_on_small_blocks(tmp_path, tables, few):
    assert tables(tmp_path / "out", runs=FEW, block=2) == few  # the last is a lone run


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(("block", "jobs"), [(128, 1), (33, 2)])
def test_tables_do_not_depend_on_blocks_and_jobs(tmp_path, tables, many, block, jobs):
    assert tables(tmp_path / "out", runs=MANY, block=block, jobs=jobs) == many


def test_tables_do_not_depend_on_the_order_of_the_yaml(tmp_path, small, tables):
    def turned(value, key=""):
        if not isinstance(value, dict):
            return value
        items = list(value.items())
        items = items if key == "variants" else items[::-1]  # their order counts
        return {name: turned(each, name) for name, each in items}

    other = tmp_path / "turned.yaml"
    other.write_text(yaml.safe_dump(turned(yaml.safe_load(small.read_text())), sort_keys=False))
    options = {"runs": 2, "transfers": 1}
    assert tables(tmp_path / "a", **options) == tables(tmp_path / "b", other, **options)


def test_a_run_alone_equals_itself_in_a_batch(small):
    alone = run(small, runs=1, uncertain=True)["outcomes"]
    batch = run(small, runs=3, uncertain=True)["outcomes"]
    first = batch[batch["run"] == 0].reset_index(drop=True)
    assert list(alone.columns) == [*batch.columns]
    assert alone.equals(first)


def test_uncertain_numbers_are_drawn_run_by_run_and_listed(small):
    results = run(small, runs=6, uncertain=True)
    drawn = results["outcomes"].groupby("variant")["states.DEL.gdp"]
    assert (drawn.nunique() == 6).all()
    known = results["columns"]
    assert "states.DEL.gdp" in set(known.loc[known["file"] == "outcomes.csv", "column"])


def test_runs_beyond_those_of_the_series_leave_outcomes_only(monkeypatch, small):
    monkeypatch.setattr("sim.experiments.ensemble_block.SERIES", 2)
    monkeypatch.setattr("sim.experiments.ensemble.SERIES", 2)
    many, few = run(small, runs=3, block=3), run(small, runs=2)
    assert many.manifest["series_runs"] == 2
    assert many["series"].equals(few["series"])
    assert len(many["outcomes"]) == 3 * 3


@pytest.mark.slow
def test_the_flagship_has_the_same_outcomes_for_all_blocks():
    scenario = load("polonez_vs_iskander", runs=3)

    def values(block):
        return variant_outcomes(scenario, ["sale"], Options(block=block)).values

    whole, parts = values(3), values(2)
    assert list(whole) == ["sale"]
    for variant in whole:
        assert np.array_equal(whole[variant], parts[variant], equal_nan=True)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory, tables):
    return tables(tmp_path_factory.mktemp("compiled") / "out", runs=MANY, engine="compiled")


@pytest.mark.study
@pytest.mark.parametrize(("block", "jobs"), [(1, 2), (7, 1), (125, 2), (1000, 1), (1000, 2)])
def test_compiled_tables_do_not_depend_on_blocks_and_jobs(tmp_path, tables, compiled, block, jobs):
    how = {"engine": "compiled", "block": block, "jobs": jobs}
    assert tables(tmp_path / "out", runs=MANY, **how) == compiled


@pytest.mark.study
def test_compiled_tables_do_not_depend_on_what_is_kept(tmp_path, tables, compiled, monkeypatch):
    no_folder = tmp_path / "file"
    no_folder.write_text("no folder")
    for number, cache in enumerate([tmp_path / "cold", tmp_path / "cold", no_folder]):
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        out = tmp_path / f"out {number}"
        assert tables(out, runs=MANY, engine="compiled", jobs=2) == compiled
