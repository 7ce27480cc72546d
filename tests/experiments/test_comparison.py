from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.comparison import compare, write_comparison
from sim.experiments.comparison_sides import Side
from sim.experiments.comparison_tables import pairing_gain
from sim.experiments.ensemble import run
from sim.experiments.intervals import mean_interval, widened
from sim.experiments.reproduction import reproduce
from sim.experiments.shapley import (
    coalitions_of,
    exact_shares,
    order_error,
    orders_of,
    shares,
)
from sim.kernel.errors import InputError, ResultError
from sim.scenario.load import load
from sim.scenario.splice import model_of

SMALL = Path(__file__).with_name("small.yaml")
REGARD = "affinity BRA>ALF mean 2020-Q3..2020-Q4"


def worths(count, values):
    """A game: the worth of a coalition by its members' bits."""
    orders, _ = orders_of(count, pairs=1, seed=0)
    return {each: values[sum(1 << i for i in each)] for each in coalitions_of(orders)}, orders


def test_the_glove_game_gives_two_thirds_to_the_only_left_glove():
    game, orders = worths(3, [0, 0, 0, 1, 0, 1, 0, 1])  # 0 holds the left glove, 1 and 2 right ones
    assert shares(game, orders) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert exact_shares(game, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(
    st.integers(1, 4).flatmap(lambda n: st.lists(st.floats(-5, 5), min_size=2**n, max_size=2**n))
)
def test_shares_add_up_to_the_difference_and_both_formulas_agree(values):
    count = len(values).bit_length() - 1
    game, orders = worths(count, values)
    found = exact_shares(game, count)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-9)
    assert shares(game, orders) == pytest.approx(found, abs=1e-9)


def test_sampled_orders_still_add_up_and_an_idle_input_has_share_zero():
    count = 9
    orders, exact = orders_of(count, pairs=5, seed=1)
    assert not exact
    assert len(orders) == 10
    game = {each: len(each & set(range(8))) ** 2.0 for each in coalitions_of(orders)}
    found = shares(game, orders)
    assert found.sum() == pytest.approx(64)
    assert found[8] == 0


def test_the_error_of_sampled_orders_is_the_variance_over_pairs_worked_by_hand():
    # v = 1 once both 0 and 1 are in, and in run 2 twice that; 2 adds nothing. With its reverse an
    # order gives 0 and 1 a half each, and so every pair: no error
    game = {each: np.array([1.0, 2.0]) * ({0, 1} <= each) for each in worths(3, [0] * 8)[0]}
    pairs = [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)]
    assert order_error(game, pairs) == pytest.approx([0, 0, 0])
    # the least of three in a row counts: v = 1 for 0 with one more. A pair (0 first or last) gives
    # 0 a half and (0 in the middle) gives it 1, over two runs 0.75 and 1.5: variance 0.28125, by 2
    game = {
        each: np.array([1.0, 2.0]) * (0 in each and len(each) > 1) for each in worths(3, [0] * 8)[0]
    }
    pairs = [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)]
    assert order_error(game, pairs)[0] == pytest.approx(0.28125 / 2)
    assert np.isnan(order_error(game, pairs[:2])).all()


def test_an_interval_widens_by_the_error_of_the_orders():
    found = mean_interval(np.array([1.0, 2.0, 3.0]))  # variance of the mean 1/3
    assert widened(found, 0.0, 24) == found
    wider = widened(found, 1 / 3, 3)  # freedom (2/3)^2 / (2 (1/3)^2 / 2) = 4, t = 2.776445
    assert wider.high - wider.mean == pytest.approx(2.776445 * (2 / 3) ** 0.5, abs=1e-5)
    assert wider.mean == found.mean


def test_a_comparison_is_the_paired_difference_of_the_ensembles():
    found = compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=12)
    table = run(SMALL, runs=12)["outcomes"].set_index("variant")
    row = found.differences.set_index("outcome").loc[REGARD]
    sale, no_sale = (table.loc[name, REGARD].to_numpy() for name in ("sale", "no_sale"))
    assert row["difference"] == pytest.approx((sale - no_sale).mean())
    assert row["one"] == pytest.approx(no_sale.mean())
    assert row["changed"] == np.mean(sale != no_sale)
    assert row["pairing"] == pytest.approx(
        (sale.var(ddof=1) + no_sale.var(ddof=1)) / (sale - no_sale).var(ddof=1)
    )


def test_the_shares_of_the_inputs_add_up_to_the_difference():
    found = compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=6, attribute=True)
    assert found.inputs == ("events.deal", "offers.alfa_missile.open")
    assert found.exact
    added = found.attribution.groupby("outcome")["share"].sum()
    wanted = found.differences.set_index("outcome")["difference"]
    pd.testing.assert_series_equal(
        added.reindex(wanted.index), wanted, check_names=False, atol=1e-12
    )


def test_of_two_inputs_every_pair_of_orders_says_the_same(monkeypatch):
    # sampled orders of two inputs: each pair holds both orders, and so adds no error
    sides, how = (f"{SMALL}:no_sale", f"{SMALL}:sale"), {"runs": 4, "attribute": True}
    exact = compare(*sides, **how)
    monkeypatch.setattr("sim.experiments.shapley.EXACT_TO", 1)
    sampled = compare(*sides, **how)
    assert not sampled.exact
    pd.testing.assert_frame_equal(sampled.attribution, exact.attribution, atol=1e-9)


def test_two_files_that_differ_in_several_inputs_are_distinguished(tmp_path):
    other = tmp_path / "other.yaml"
    text = SMALL.read_text().replace("preference: 0.3", "preference: 0.6")
    other.write_text(
        text.replace(
            "BRA: {name: Bravo, latitude: 45, longitude: 35, gdp: 30000",
            "BRA: {name: Bravo, latitude: 45, longitude: 35, gdp: 60000",
        )
    )
    found = compare(SMALL, other, runs=4, attribute=True, outcomes=["participation BRA:NORTH"])
    assert (found.one, found.other) == ("small.yaml:baseline", "other.yaml:baseline")
    assert found.inputs == ("blocs.NORTH.preference", "states.BRA.gdp")
    assert found.attribution["share"].sum() == pytest.approx(found.differences["difference"][0])


def test_an_attribution_says_what_it_takes_and_compiles_only_what_is_run_next(
    tmp_path, monkeypatch
):
    other, compiled, said = tmp_path / "other.yaml", [], []
    text = SMALL.read_text().replace("preference: 0.3", "preference: 0.6")
    for gdp in (900000, 30000, 800000):
        text = text.replace(f"gdp: {gdp}", f"gdp: {gdp + 1}", 1)
    other.write_text(text)

    def counted(*arguments):
        compiled.append(len(said))
        return model_of(*arguments)

    monkeypatch.setattr("sim.experiments.compared_scenarios.model_of", counted)
    seen = []
    found = compare(
        SMALL,
        other,
        runs=2,
        attribute=True,
        outcomes=["participation BRA:NORTH"],
        say=said.append,
        progress=lambda done, total: seen.append((done, total, len(compiled))),
    )
    assert len(found.inputs) == 4
    count = 16
    assert said == [
        "4 inputs in 16 combinations (all orders) x 2 runs = 32 runs; less than a minute"
    ]
    assert set(compiled) == {1}  # none before the sentence
    assert [each[:2] for each in seen] == [(2 * n, 2 * count) for n in range(count + 1)]
    assert seen[1][2] <= 4  # a few are in flight, and one told how long the runs are


def test_pairing_gains_by_the_correlation_of_the_pairs():
    one = np.array([1.0, 2.0, 3.0, 4.0])
    assert pairing_gain(one, one * 1.5) == pytest.approx((1 + 2.25) / 0.25)
    assert np.isnan(pairing_gain(one, one + 1))
    assert np.isnan(pairing_gain(one[:1], one[:1] + 1))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (f"{SMALL}:salt", str(SMALL), 'no variant "salt" (did you mean "sale"?)'),
        (str(SMALL), None, "there is no other side: name one, or give changes by --set"),
    ],
)
def test_sides_that_cannot_be_compared_are_reported(one, other, said):
    with pytest.raises(InputError) as failure:
        compare(one, other, runs=1)
    assert said in str(failure.value)


def test_sides_of_other_times_are_reported(tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.read_text().replace("end: 2020-Q4", "end: 2021-Q4"))
    with pytest.raises(InputError, match="give both the same time"):
        compare(SMALL, other, runs=1)


def test_a_missing_outcome_is_reported():
    with pytest.raises(InputError, match='no outcome "cohesion SOUTH" that both sides have'):
        compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=1, outcomes=["cohesion SOUTH"])


def test_a_side_compared_with_itself_has_no_difference_in_inputs():
    found = compare(SMALL, SMALL, runs=2, attribute=True)
    assert found.inputs == ()
    assert (found.differences["difference"].dropna() == 0).all()
    assert set(found.differences["verdict"]) <= {"none", "undecided", "undefined"}


def test_inputs_that_differ_stand_with_both_values_and_their_sources(tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.read_text().replace("preference: 0.3", "preference: 0.6"))
    found = compare(f"{SMALL}:no_sale", f"{other}:sale", runs=1).changed_inputs.set_index("input")
    assert list(found.loc["blocs.NORTH.preference"]) == ["0.3", "0.6", "assumed", "assumed"]
    assert list(found.loc["offers.alfa_missile.open"]) == ["false", "", "hypothesis", ""]


def test_one_side_is_compared_with_itself_under_other_settings():
    found = compare(f"{SMALL}:sale", runs=3, sets=["blocs.NORTH.preference=0.6"])
    assert found.other == "small:sale with blocs.NORTH.preference=0.6"
    assert found.inputs == ("blocs.NORTH.preference",)
    assert found.changed_inputs["source_other"].tolist() == ["hypothesis"]


def test_subjects_of_two_scenarios_stand_side_by_side():
    asked = ["engagement NORTH at 2020-Q4", "participation BRA:NORTH"]
    found = compare(SMALL, SMALL, runs=3, match=["BRA=CHA"], outcomes=asked)
    row = found.differences.set_index("outcome").loc[asked[1]]
    assert row["outcome_other"] == "participation CHA:NORTH"
    wide = run(SMALL, runs=3, sets={"outcomes": ["participation BRA:NORTH",
        "participation CHA:NORTH", "participation CHA:NORTH less participation BRA:NORTH"],
        "expect": None})  # fmt: skip
    table = wide["outcomes"].query("variant == 'baseline'")
    assert row["one"] == pytest.approx(table[asked[1]].mean())
    assert row["other"] == pytest.approx(table["participation CHA:NORTH"].mean())
    less = "participation CHA:NORTH less participation BRA:NORTH"
    assert row["difference"] == pytest.approx(table[less].mean())
    with pytest.raises(InputError, match="write NAME=NAME"):
        compare(SMALL, SMALL, runs=1, match=["BRA"])


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    place = tmp_path_factory.mktemp("compared")
    run(SMALL, runs=4, out=place / "a")
    run(SMALL, runs=3, out=place / "b", sets={"blocs.NORTH.preference": 0.6})
    run(SMALL, runs=4, out=place / "c", seed=8)
    return place


def test_two_results_are_paired_by_their_runs(results):
    found = compare(f"{results / 'a'}:no_sale", f"{results / 'b'}:sale")
    changed = load(SMALL, runs=3, sets={"blocs.NORTH.preference": 0.6})
    again = compare(f"{SMALL}:no_sale", Side(changed, "sale"), runs=3)
    assert found.paired
    assert found.remark == "the first 3 runs, which both sides have, are paired"
    assert found.inputs == again.inputs
    names = ["one", "other", "difference", "low", "high"]
    pd.testing.assert_frame_equal(found.differences[names], again.differences[names], rtol=1e-8)


def test_results_of_other_seeds_are_not_paired_and_it_is_said(results):
    found = compare(results / "a", results / "c")
    assert not found.paired
    why = "their seeds differ (7, 8): their runs are not paired, and means are compared"
    assert found.remark == why
    row = found.differences.set_index("outcome").loc[REGARD]
    one, other = (
        run(SMALL, runs=4, seed=seed)["outcomes"].query("variant == 'baseline'")[REGARD]
        for seed in (7, 8)
    )
    test = stats.ttest_ind(other, one, equal_var=False).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((test.low, test.high))


def test_a_strangers_span_and_smallest_effects_are_not_bugs(results, tmp_path):
    shutil.copytree(results / "a", tmp_path / "a")
    path = tmp_path / "a" / "manifest.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["scenario"]["document"]["time"] = "long ago"
    path.write_text(json.dumps(about), encoding="utf-8")
    assert compare(tmp_path / "a", results / "a").paired
    about["scenario"]["document"]["smallest"] = {"cohesion": -1}
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ResultError, match="its smallest effects cannot be read"):
        compare(tmp_path / "a", results / "a")


def test_a_result_and_a_scenario_are_not_two_of_a_kind(results):
    with pytest.raises(InputError, match="give two of the same kind"):
        compare(results / "a", SMALL)
    with pytest.raises(InputError, match="name the scenarios, not their results"):
        compare(results / "a", results / "b", attribute=True)
    with pytest.raises(InputError, match="is a result: name the scenario"):
        compare(results / "a", sets=["runs=3"])


def test_a_comparison_is_reproduced_from_its_manifest(tmp_path):
    found = compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=2, attribute=True)
    (tmp_path / "c").mkdir()
    write_comparison(tmp_path / "c", found)
    again = reproduce(tmp_path / "c")
    assert again.promise == "bytes"
    assert {each.said for each in again.files} == {"equal, byte for byte"}


def test_the_command_prints_the_difference_and_writes_its_tables(tmp_path, blocsim):
    out = tmp_path / "c"
    command = ["compare", f"{SMALL}:no_sale", f"{SMALL}:sale", "--runs", "3", "--jobs", "1"]
    command += ["--attribute", "--out", str(out)]
    code, said, err = blocsim(*command)
    assert code == 0, err
    assert "small:sale less small:no_sale" in said
    assert "Shapley shares, all orders" in said
    assert sorted(p.name for p in out.iterdir()) == [
        "attribution.csv",
        "differences.csv",
        "inputs.csv",
        "manifest.json",
        "runs.csv",
    ]
    code, _, err = blocsim(*command)
    assert code == 2
    assert "holds a comparison; give --force to replace it" in err
