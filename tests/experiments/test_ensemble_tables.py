"""A scenario with patterns: `patterns.csv`, what the manifest says, and the same bytes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.batch import Batch, PatternReader
from sim.experiments.ensemble import run
from sim.patterns.pattern import shipped
from sim.scenario.load import load

PATTERNS = """
extends: [small.yaml]
patterns:
  sides:
    claim: The leader arms its member's rival.
    source: assumed
    checks:
      share: {quantity: share, from: ALF, to: DEL, window: 2020, band: {low: 0.3, high: 1}}
      early: {quantity: share, from: ALF, to: DEL, window: 2020, use: fit, band: {low: 0.3}}
      exits: {quantity: stay, bloc: NORTH, window: 2020, band: {low: 0, high: 0}}
      moved:
        quantity: difference
        of: {quantity: level, of: {flow: {to: DEL}}, window: 2020}
        versus: baseline
        scored: false
"""


@pytest.fixture
def scenario(small, tmp_path):
    (tmp_path / "small.yaml").write_bytes(small.read_bytes())
    file = tmp_path / "with_patterns.yaml"
    file.write_text(PATTERNS, encoding="utf-8")
    return file


def test_every_check_gets_a_row_in_every_variant(scenario):
    results = run(scenario)
    table = results["patterns"]
    variants = results.variants
    assert len(table) == 4 * len(variants)
    assert list(table["variant"].unique()) == variants
    first = table[table["variant"] == variants[0]].set_index("check")
    assert first.loc["exits", "verdict"] == "inside"
    assert first.loc["moved", ["q50", "verdict"]].tolist() == [0.0, "no band"]
    assert ((table["q05"] <= table["q50"]) & (table["q50"] <= table["q95"])).all()
    known = results["columns"]
    assert set(table.columns) == set(known.loc[known["file"] == "patterns.csv", "column"])


def test_the_manifest_lists_what_is_fitted_and_judged_and_when(scenario):
    checks = run(scenario).manifest["patterns"]["sides"]
    assert checks["early"] == {"use": "fit", "scored": True, "windows": ["2020"]}
    assert checks["share"]["use"] == "judge"


@pytest.mark.usefixtures("warm")
def test_jobs_and_blocks_change_no_byte(scenario, tables, tmp_path):
    one = tables(tmp_path / "one", scenario)
    other = tables(tmp_path / "other", scenario, jobs=2, block=7)
    assert one["patterns.csv"] == other["patterns.csv"]


def test_a_scenario_without_patterns_has_no_such_table(small):
    results = run(small)
    assert "patterns" not in list(results)
    assert results.manifest["patterns"] == {}


def values_of(model, patterns, *, runs, seed):
    """Return the value of every check in every run, by PATTERN.check."""
    read = PatternReader(patterns)
    return Batch(model=model, runs=np.arange(runs), seed=seed, read=read).result().by_name()


def test_values_are_those_that_an_ensemble_judges(scenario):
    model = load(scenario).base
    values = values_of(model, model.patterns, runs=20, seed=7)
    table = run(scenario)["patterns"]
    row = table[(table["variant"] == "baseline") & (table["check"] == "share")].iloc[0]
    found = values["sides.share"]
    assert found.shape == (20,)
    assert float(sum(0.3 <= each <= 1 for each in found) / 20) == pytest.approx(row["inside"])


def test_shipped_patterns_about_absent_states_are_not_covered(small):
    model = load(small).base
    values = values_of(model, shipped(), runs=2, seed=1)
    assert all(each.shape == (2,) for each in values.values())
