"""Every shipped scenario is sound, runs to its end, and meets its expectations."""

from __future__ import annotations

import numpy as np
import pytest

from bench.claims import measured, table, variants_of
from sim.documents.package_data import shipped_scenarios
from sim.documents.sources import ASSUMED, HYPOTHESIS, reference_keys
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.options import Options
from sim.scenario.checks.inspection import Inspection
from sim.scenario.load import load
from tests.shipped import of_runs, read

NAMES = list(shipped_scenarios())
FEW, MOST = 60, 200  # runs: some ask for more, and show their expectations with these too
UNTOLD = {  # but these may need all their runs
    "buk_defects": {"others_gain_a_little"},
    "polonez_vs_iskander": {"example_spares_a_block"},
    "turkey_s400_2017": {"turkey_takes_part_less"},
}

QUICK = ("belarus_armenia_2007", "hub_and_spoke", "skif_component")  # the others: `make study`


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_has_a_title_a_question_and_expectations(name):
    scenario = read(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.outcomes
    assert scenario.base.expect


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_states_its_runs_and_its_seed(name):
    assert {"runs", "seed"} <= read(name).document.keys()


def test_what_variants_leave_as_it_is_is_checked_with_the_baseline(monkeypatch):
    names, known = [], Inspection.known

    def counted(check, kinds, name, steps, mark):
        names.append(name)
        return known(check, kinds, name, steps, mark)

    monkeypatch.setattr(Inspection, "known", counted)
    assert len(load("polonez_vs_iskander").variants) == 7
    everywhere = len(names)
    names.clear()
    assert (
        len(
            load(
                "polonez_vs_iskander", sets=["variants=null", "contrasts=null", "expect=null"]
            ).variants
        )
        == 1
    )
    assert everywhere < 3.5 * len(names)  # two of the seven take events away: all is checked


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_knows_all_its_sources(name):
    scenario = read(name)
    known = {*reference_keys(), *scenario.base.references, ASSUMED, HYPOTHESIS}
    for variant in scenario.variants:
        for path, source in scenario.sources_of(variant).items():
            assert set(source.split(", ")) <= known, (variant, path)


@pytest.mark.parametrize("name", NAMES)
def test_a_variant_without_expectations_runs_to_its_end(name):
    scenario = of_runs(name, 2)
    judged = variants_of(scenario, scenario.base.expect)
    others = [each for each in scenario.variants if each not in judged]
    if not others:
        return  # the test below runs them all
    found = variant_outcomes(scenario, others, Options())
    for variant in others:
        assert found.values[variant].shape == (len(scenario.outcomes), 2)
        assert not np.isinf(found.values[variant]).any()


def is_near(row, written):
    """Return whether the interval of a row meets that of the table of claims.

    A ratio has none: it is a third off at most. Outcomes that are equal in few runs are not judged.
    """
    if row["low"] == "nan":
        return float(row["mean"]) == pytest.approx(float(written["mean"]), rel=1 / 3)
    if row["low"] == row["high"]:
        return True
    low, high = (float(written[bound]) for bound in ("low", "high"))
    return float(row["low"]) <= high and float(row["high"]) >= low


@pytest.mark.parametrize("name", QUICK)
def test_few_runs_of_a_scenario_do_not_contradict_its_expectations(name):
    rows = measured(of_runs(name, min(read(name).base.runs, FEW)))
    written = {row["expectation"]: row for row in table() if row["scenario"] == name}
    assert set(written) == {row["expectation"] for row in rows}, "run `python -m bench.claims`"
    against = {row["expectation"] for row in rows if row["holds"] == "no"}
    assert against <= UNTOLD.get(name, set())
    assert all(is_near(row, written[row["expectation"]]) for row in rows), rows


@pytest.mark.study
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_shows_what_it_must_and_the_table_of_claims_says_how_much(name):
    own = read(name).base.runs
    rows = measured(of_runs(name, min(own, MOST)))
    missed = {row["expectation"] for row in rows if row["holds"] != "yes"}
    assert missed <= (UNTOLD.get(name, set()) if own > MOST else set())
    written = {row["expectation"]: row for row in table() if row["scenario"] == name}
    assert set(written) == {row["expectation"] for row in rows}, "run `python -m bench.claims`"
    for row in rows:
        if own > MOST:  # the table holds the numbers of all its runs
            assert is_near(row, written[row["expectation"]]), row
            continue
        for column in ("mean", "low", "high"):
            there = float(written[row["expectation"]][column])
            near = pytest.approx(there, rel=1e-6, abs=1e-9, nan_ok=True)  # a ratio has no interval
            assert float(row[column]) == near, row
