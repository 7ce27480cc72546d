"""Structural runs: which rule sets, which numbers at which points, and what is written."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.ensemble import run
from sim.experiments.priors import uncertain_of
from sim.experiments.structural.rule_sets import (
    DISPUTED,
    at_points,
    crossing,
    drawn_by,
    set_by,
    under,
)
from sim.experiments.structural.structural_run import run_structural
from sim.kernel.errors import InputError
from sim.kernel.rules import ROLES
from sim.scenario.load import load

DESIGN = {"roles": ["threat", "consent"], "points": 4, "runs": 12}


def refused(what, **options):
    with pytest.raises(InputError) as caught:
        run_structural(what, **options)
    return str(caught.value)


@pytest.fixture(scope="module")
def result(small):
    return run_structural(small, **DESIGN)


def test_by_default_the_roles_in_dispute_are_crossed_with_two_laws_each_at_least(small):
    found = crossing(load(small))
    assert found.roles == DISPUTED
    assert len({tuple(each.values()) for each in found.rule_sets}) == math.prod(found.sizes)
    assert all(len(ROLES[role]) >= 2 for role in DISPUTED)
    assert "fixed" not in found.choices["answer"]  # a value of one's own


def test_the_scenario_s_own_rules_come_first(small):
    own = load(small, sets=["rules.answer=fixed", "rules.consent=imitation"])
    found = crossing(own, ["consent", "answer"])
    assert found.rule_sets[0] == {"consent": "imitation", "answer": "fixed"}
    assert found.choices["answer"][1:] == ("standard", "older_counts", "berkemeier_fuhrmann",
                                           "chiba", "leeds")  # fmt: skip


def test_a_parameter_given_to_a_law_goes_to_the_variants_that_share_it_alone(small):
    scenario = load(
        small,
        sets=["rules.answer=fixed", "laws.answer.reliability=0.9", "laws.consent.base=0.3"],
    )
    published = under(scenario.base, {"answer": "leeds", "consent": "imitation"})
    assert published.laws == {"answer": {}, "consent": {"base": 0.3}}
    assert under(scenario.base, {}).laws["answer"] == {"reliability": 0.9}


def test_the_first_rule_set_lives_through_the_runs_of_an_ensemble(small, result):
    # with one point the numbers are held, and replicate r is run r of a plain ensemble
    held = run_structural(small, roles=["threat"], points=1, runs=12)
    plain = run(small, runs=12)["summary"].set_index(["variant", "outcome"])["mean"]
    rows = held["structural"].query("rule_set == '0' and versus == ''")
    for row in rows.itertuples():
        expected = plain[row.variant, row.outcome]
        assert row.mean == pytest.approx(expected, nan_ok=True)
    spread = held["spreads"]["parameters"].dropna()
    assert (spread == 0).all()
    assert result["spreads"]["parameters"].max() > 0


def test_points_are_the_draws_of_the_first_uncertain_runs_under_any_rules(small):
    scenario = load(small, sets=["uncertain=true"], runs=3)
    drawn = run(scenario)["outcomes"].query("variant == 'baseline'")["states.DEL.gdp"]
    for rules in ({}, {"consent": "strict_norm", "threat": "balance_of_power"}):
        given = at_points(under(scenario.base, rules), np.array([0, 0, 1, 2]), scenario.base.seed)
        assert not [path for path in given if not path.startswith(("laws.", "states.DEL.gdp"))]
        found = given["states.DEL.gdp"]
        assert found == pytest.approx(drawn.to_numpy()[[0, 0, 1, 2]])


def test_differences_are_paired_run_by_run_in_every_rule_set(result):
    rows = result["structural"].set_index(["outcome", "variant", "versus", "rule_set"])["mean"]
    outcome = "exposure DEL>BRA at 2020-Q4"
    for number in map(str, range(6)):
        apart = rows[outcome, "sale", "", number] - rows[outcome, "baseline", "", number]
        assert rows[outcome, "sale", "baseline", number] == pytest.approx(apart)


def test_a_strict_norm_forbids_the_sale_that_utility_allows(small):
    # at the laws' own numbers: a threshold that is drawn may lie above the harm
    held = run_structural(small, roles=["consent"], points=1, runs=4)
    rows = held["structural"].query("outcome == 'consent ALF>DEL missile' and versus == ''")
    consent = rows.query("variant == 'baseline'").groupby("consent")["mean"].max()
    assert consent["strict_norm"] < 0.01 < consent["utility"]


def test_every_headline_has_three_spreads_whose_shares_sum_to_one(result):
    rows = result["spreads"]
    outcomes, variants = len(result.manifest["outcomes"]), 3
    assert len(rows) == outcomes * (2 * variants - 1)
    known = rows[rows["largest"].isin(["chance", "parameters", "rules"])]
    assert len(known) > len(rows) / 2
    shares = known[["chance_share", "parameters_share", "rules_share"]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (shares.idxmax(axis=1) == known["largest"] + "_share").all()
    for name in ("chance", "parameters", "rules"):
        assert (known[f"{name}_low"] <= known[f"{name}_high"]).all()
        assert (known.loc[known["negative"].str.contains(name), name] == 0).all()


def test_columns_are_described_and_the_manifest_names_the_design(result):
    about = result["columns"]
    for file in ("spreads", "structural"):
        described = set(about.loc[about["file"] == f"{file}.csv", "column"])
        assert described == set(result[file].columns)
    design = result.manifest["structural"]
    assert len(design["rule_sets"]) == 6
    assert (design["points"], design["replicates"]) == (4, 3)
    own = [path for path in design["uncertain"] if not path.startswith("laws.")]
    assert own == ["states.DEL.gdp"]
    assert design["drawn"] == {"scenario": 1, "laws": len(design["uncertain"]) - 1}
    assert "laws.consent.veto" in design["uncertain"]  # of the strict norm, which is crossed
    assert design["held"] == []


def test_points_draw_the_assumed_parameters_of_the_laws_in_force_over_their_range(small):
    scenario = load(small)
    points = np.array([0, 0, 1])
    plain = at_points(scenario.base, points, 7)
    assert "laws.consent.veto" not in plain
    assert "laws.contract.deposit" not in plain  # it has a source
    base = plain["laws.consent.base"]
    assert base[0] == base[1] != base[2]
    assert ((base >= -2) & (base <= 5)).all()
    strict = at_points(under(scenario.base, {"consent": "strict_norm"}), points, 7)
    assert strict["laws.consent.base"].tolist() == base.tolist()
    assert "laws.consent.veto" in strict
    about = uncertain_of(scenario.base)
    assert (about["laws.objection.block_constant"].low, about["laws.objection.block_constant"].high
            ) == (-6, 3)  # fmt: skip
    assert about["laws.counterforce.rounds_needed"].dist == "loguniform"


def test_parameters_that_a_variant_sets_are_not_drawn_in_any(small):
    sets = ["variants.sale.laws.objection.block_constant=20", "laws.consent.base=1"]
    scenario = load(small, sets=sets)
    models = list(scenario.variants.values())
    held = set_by(models)
    assert held == {"laws.objection.block_constant", "laws.consent.base"}
    drawn = drawn_by(models, crossing(scenario, ["consent"]), held)
    assert not held & set(drawn)
    assert {"laws.consent.heed", "laws.objection.objection_constant"} <= set(drawn)
    assert not held & set(at_points(scenario.base, np.arange(3), 7, held))
    # one that a scenario gives a spread is drawn from it
    spread = "laws.consent.base={value: 1, dist: uniform, low: 0.5, high: 1.5}"
    own = load(small, sets=[spread])
    assert set_by(own.variants.values()) == frozenset()
    assert uncertain_of(own.base)["laws.consent.base"].high == 1.5


@pytest.mark.study
@pytest.mark.usefixtures("warm")
def test_neither_jobs_nor_blocks_change_a_byte(small, tmp_path):
    tables = []
    for name, ways in (("one", {"jobs": 1}), ("two", {"jobs": 2, "block": 5})):
        folder = run_structural(small, roles=["contest"], points=2, runs=8, out=tmp_path / name,
                                **ways).folder  # fmt: skip
        tables.append({path.name: path.read_bytes() for path in folder.glob("*.csv")})
    assert tables[0] == tables[1]


def test_an_equal_result_is_read_and_another_is_not_overwritten(small, tmp_path):
    said = []
    for _ in range(2):
        run_structural(small, roles=["contest"], points=2, runs=8, out=tmp_path / "r",
                       say=said.append)  # fmt: skip
    assert len(said) == 1
    assert "2 rule sets (2 contest) x 3 variants x 2 points" in said[0]
    assert "= 48 runs" in said[0]
    with pytest.raises(Exception, match="other inputs"):
        run_structural(small, roles=["threat"], points=2, runs=8, out=tmp_path / "r")


def test_designs_that_cannot_be_are_refused_with_a_remedy(small):
    assert 'no role "treat" (did you mean "threat"?)' in refused(small, roles=["treat"])
    assert "the role crisis has one variant" in refused(small, roles=["crisis"])
    assert "named twice" in refused(small, roles=["threat", "threat"])
    assert "3 points do not fit 10 runs" in refused(small, points=3, runs=10)
    assert "0 points do not fit" in refused(small, points=0, runs=10)
    assert "10 points do not fit 10 runs" in refused(small, points=10, runs=10)
    assert "must be a whole number" in refused(small, points=1.5, runs=10)


def test_a_role_that_a_variant_chooses_is_left_out_or_refused(small):
    sets = ["variants.sale.rules={threat: balance_of_power}"]
    scenario = load(small, sets=sets)
    found = crossing(scenario)
    assert found.left_out == {"threat": "sale"}
    assert "threat" not in found.roles
    with pytest.raises(InputError, match='variant "sale" chooses its own rule of threat'):
        crossing(scenario, ["threat", "consent"])


def test_an_event_that_sets_what_a_variant_lacks_is_refused(small):
    event = "{at: 2020-Q3, set: {path: laws.affinity.balance, value: 0.1}, source: assumed}"
    scenario = load(small, sets=[f"events.later={event}"])
    with pytest.raises(InputError, match=r"sets laws\.affinity\.balance, which affinity dyadic"):
        crossing(scenario)
    assert crossing(scenario, ["threat"]).sizes == (2,)
