"""Paired differences by date: of the outcomes, where both variants have a value, each once."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.contrast_series import ComparedCells, ContrastLines, compared_subjects
from sim.experiments.ensemble import run
from sim.scenario.load import load
from sim.scenario.schema.outcome_syntax import spelled

RUNS = 12


@pytest.fixture(scope="module")
def results(small):
    return run(small, runs=RUNS)


@pytest.mark.parametrize(
    ("metric", "subject", "outcome"),
    [
        ("cohesion", "NORTH", "cohesion NORTH"),
        ("exposure", "DEL>BRA", "exposure DEL>BRA at 2020-Q4"),
        ("consent", "ALF>DEL alfa_missile", "consent ALF>DEL missile"),
        ("frustration", "NORTH", "frustration NORTH"),
    ],
)
def test_a_difference_by_date_is_that_of_the_outcome_of_the_date(results, metric, subject, outcome):
    series = results["contrasts_series"]
    rows = series[(series["metric"] == metric) & (series["subject"] == subject)]
    last = rows[rows["date"] == "2020-Q4"].set_index(["variant", "versus"])
    stated = results["differences"]
    stated = stated[stated["outcome"] == outcome].set_index(["variant", "versus"])
    assert len(last) == len(stated) == 2
    for name in ("mean", "low", "high"):
        assert last[name].to_numpy() == pytest.approx(stated[name].reindex(last.index).to_numpy())


def test_the_means_are_the_differences_of_the_means_of_the_series(results):
    keys = ["date", "metric", "subject"]
    series = results["series"]
    means = {name: part.set_index(keys)["mean"] for name, part in series.groupby("variant")}
    for (variant, versus), rows in results["contrasts_series"].groupby(["variant", "versus"]):
        by_cell = rows.set_index(keys)
        assert by_cell.index.is_unique
        apart = (means[variant] - means[versus]).reindex(by_cell.index)
        assert by_cell["mean"].to_numpy() == pytest.approx(apart.to_numpy(), abs=1e-6)
        assert (rows["q05"] <= rows["q95"]).all()


def test_every_metric_of_a_subject_that_an_outcome_names_is_there(results, small):
    series, table = results["series"], results["contrasts_series"]
    subjects = compared_subjects(load(small).outcomes)
    there = series[series["subject"].str.partition(" ")[0].isin(subjects)]
    assert set(table["metric"]) == set(there["metric"])
    assert set(table["subject"]) == set(there["subject"])
    assert {"BRA>DEL", "DEL>BRA", "ALF>DEL alfa_missile", "BRA:NORTH"} <= set(table["subject"])
    assert "CHA" not in set(table["subject"])


def test_two_states_are_compared_both_ways():
    subjects = compared_subjects([spelled("exposure AAA>BBB"), spelled("sold CCC>DDD gun")])
    assert subjects == {"AAA>BBB", "BBB>AAA", "CCC>DDD", "DDD>CCC"}


def cells(shift):
    names = [("2020", "cohesion", "UNION"), ("2021", "cohesion", "UNION"), ("2020", "hhi", "AAA")]
    values = np.arange(12.0).reshape(3, 4) + shift
    values[1, 3] = np.nan
    return ComparedCells.of(names, values, frozenset({"UNION"}))


def test_cells_are_dropped_when_no_pair_needs_them():
    lines = ContrastLines([("b", "a"), ("c", "b")])
    held = []
    for at, name in enumerate("abc"):
        lines.add(name, cells(float(at)))
        held.append(set(lines._cells))
    assert held == [{"a"}, {"b"}, set()]
    first, *_ = lines
    assert first == "b,a,2020,2020-01-01,cohesion,UNION,1,1,1,1,1"
    assert len(list(lines)) == 4  # runs that are not defined in both do not count


def test_variants_without_a_subject_of_the_other_are_compared_in_the_rest():
    lines = ContrastLines([("b", "a")])
    lines.add("a", cells(0.0))
    lines.add("b", ComparedCells.of([("2021", "cohesion", "UNION")], np.ones((1, 4)), {"UNION"}))
    (line,) = lines
    assert line.startswith("b,a,2021,")
