"""Expectations of a scenario, judged over its runs or over their tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.ensemble import run
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.expectations import expected, judged
from sim.experiments.options import Options
from sim.experiments.other_scenarios import runs_elsewhere
from sim.experiments.outcomes import Outcomes, outcomes_in
from sim.kernel.errors import InputError
from sim.scenario.load import load
from sim.scenario.schema.expectation import Expectation
from sim.scenario.schema.outcome_syntax import spelled
from tests.shipped import read

RUNS = 6


@pytest.fixture(scope="module")
def scenario(small):
    return load(small, runs=RUNS)


@pytest.fixture(scope="module")
def found(scenario):
    return variant_outcomes(scenario, list(scenario.variants), Options())


def test_expectations_are_judged_alike_from_runs_and_from_tables(small, scenario, found):
    verdicts = judged(scenario.base.expect, found)
    assert [each.holds for each in verdicts] == [True, True]
    assert [each.name for each in verdicts] == ["exposure_rises", "sale_is_sold"]
    results = run(small, runs=RUNS)
    stored = judged(expected(results), outcomes_in(results))
    assert [each.text for each in stored] == [each.text for each in verdicts]


def test_with_one_run_a_difference_is_undecided(small):
    scenario = load(small, runs=1)
    found = variant_outcomes(scenario, list(scenario.variants), Options())
    verdict, _ = judged(scenario.base.expect, found)
    assert (verdict.holds, verdict.mark, verdict.runs_needed) == (False, "undecided", 2)
    assert verdict.text.endswith("must be positive (undecided: needs 2 runs or more)")


def test_an_expectation_of_the_wrong_sign_fails(scenario, found):
    wrong = scenario.base.expect["exposure_rises"].model_copy(update={"sign": "negative"})
    none = wrong.model_copy(update={"sign": "zero", "versus": "sale"})
    verdicts = judged({"wrong": wrong, "none": none}, found)
    assert [each.mark for each in verdicts] == ["fails", "undecided"]  # six runs are the same
    assert verdicts[1].runs_needed == 10


def test_bounds_beside_versus_are_those_of_the_difference(scenario, found):
    sign = scenario.base.expect["exposure_rises"]
    band = sign.model_copy(update={"sign": None, "low": 0.0, "high": 0.5})
    same = band.model_copy(update={"versus": sign.variant, "high": 0.0})
    far = band.model_copy(update={"low": 0.9, "high": None})
    verdicts = judged({"band": band, "same": same, "far": far}, found)
    assert [each.mark for each in verdicts] == ["holds", "holds", "fails"]
    assert f"{sign.variant} less {sign.versus}, is 0." in verdicts[0].text
    assert verdicts[1].measured.mean == 0


def test_an_expectation_about_what_is_not_defined_fails():
    expect = read("polonez_vs_iskander").base.expect
    one = next(each for each in expect.values() if each.sign is not None)
    nowhere = np.full(4, np.nan)
    found = Outcomes(
        outcomes=(spelled(one.outcome),),
        values={one.variant: nowhere[None], one.versus: np.ones((1, 4))},
        drawn={},
    )
    (verdict,) = judged({"gone": one}, found)
    assert verdict.mark == "fails"
    assert verdict.text.endswith(f"is not defined, must be {one.sign}")


# Every form, on runs made by hand: 0 to 9 in one variant, a constant in the other

TEXT = "insecurity BRA"


def by_hand(**claim):
    values = np.arange(10.0)
    hand = Outcomes(
        outcomes=tuple(map(spelled, (TEXT, f"{TEXT} at 2020", f"{TEXT} at 2021"))),
        values={
            "one": np.stack([values, values, values + 2.0]),
            "other": np.stack([np.full(10, 4.0), np.zeros(10), np.zeros(10)]),
        },
        drawn={},
    )
    each = Expectation.model_validate({"outcome": TEXT, "variant": "one"} | claim)
    others = {"a": np.full(10, 1.0)} if each.scenario else {}
    (verdict,) = judged({"a": each}, hand, others=others)
    return verdict


@pytest.mark.parametrize(
    ("claim", "mark"),
    [  # mean 4.5, interval 2.33 to 6.67; less the other 0.5, -1.67 to 2.67
        ({"least": 2.0}, "holds"),
        ({"least": 3.0}, "undecided"),
        ({"least": 7.0}, "fails"),
        ({"most": 7.0}, "holds"),
        ({"most": 6.0}, "undecided"),
        ({"least": 2.0, "most": 6.0}, "undecided"),
        ({"least": 2.0, "most": 2.0}, "fails"),
        ({"low": 4.0, "high": 5.0}, "holds"),  # the mean lies in it
        ({"low": 5.0}, "undecided"),  # the mean does not, part of the interval does
        ({"high": 2.0}, "fails"),
        ({"versus": "other", "sign": "positive"}, "undecided"),
        ({"versus": "other", "sign": "negative"}, "undecided"),
        ({"versus": "other", "sign": "zero"}, "undecided"),  # a wide interval shows nothing
        ({"versus": "other", "least": -2.0}, "holds"),
        ({"versus": "other", "most": -2.0}, "fails"),
        ({"versus": "other", "low": 0.0, "high": 1.0}, "holds"),
        ({"versus": "other", "ratio": {"low": 0.5}}, "holds"),
        ({"versus": "other", "ratio": {"low": 0.5, "high": 1.2}}, "undecided"),
        ({"versus": "other", "ratio": {"low": 2.0}}, "fails"),
        ({"share": {"above": -1.0, "of_runs": 0.6}}, "holds"),
        ({"share": {"above": 4.5, "of_runs": 0.6}}, "undecided"),
        ({"share": {"above": 8.5, "of_runs": 0.6}}, "fails"),
        ({"versus": "other", "share": {"above": -9.0, "of_runs": 0.6}}, "holds"),
        ({"change": {"from": 2020, "to": 2021}, "sign": "positive"}, "holds"),
        ({"change": {"from": 2020, "to": 2021}, "least": 2.0}, "holds"),
        ({"change": {"from": 2020, "to": 2021}, "most": 1.9}, "fails"),
        ({"change": {"from": 2020, "to": 2021}, "versus": "other", "sign": "negative"}, "fails"),
        ({"scenario": "another", "sign": "positive"}, "holds"),
        ({"scenario": "another", "ratio": {"high": 1.0}}, "fails"),
    ],
)
def test_a_claim_holds_fails_or_is_undecided(claim, mark):
    verdict = by_hand(**claim)
    assert verdict.mark == mark
    assert (verdict.runs_needed > 10) == (mark == "undecided")
    assert ("(undecided: needs about" in verdict.text) == (mark == "undecided")


def test_a_ratio_to_a_mean_of_open_sign_is_open():
    about_zero = np.tile([-1.0, 1.2], 5)
    hand = Outcomes(
        outcomes=[spelled(TEXT)],
        values={"one": np.full((1, 10), 9.0), "other": about_zero[None]},
        drawn={},
    )
    claim = {"outcome": TEXT, "variant": "one", "versus": "other", "ratio": {"low": 2}}
    (verdict,) = judged({"a": Expectation.model_validate(claim)}, hand)
    assert verdict.mark == "undecided"
    assert verdict.runs_needed > 10


def test_a_sign_may_hold_of_what_is_not_a_difference_to_speak_of():
    small = by_hand(change={"from": 2020, "to": 2021}, sign="positive")
    assert (small.mark, small.slight) == ("holds", False)
    values = np.linspace(0.01, 0.02, 30)
    hand = Outcomes(
        outcomes=[spelled(TEXT)],
        values={"one": values[None], "other": np.zeros((1, 30))},
        drawn={},
    )
    each = {"outcome": TEXT, "variant": "one", "versus": "other"}
    expect = {
        sign: Expectation.model_validate({**each, "sign": sign})
        for sign in ("positive", "negative", "zero")
    }
    marks = {each.name: (each.mark, each.slight) for each in judged(expect, hand)}
    assert marks == {
        "positive": ("holds", True),
        "negative": ("fails", False),
        "zero": ("holds", False),
    }


@pytest.mark.parametrize(
    ("ends", "mark"),
    [((0.0, 0.24), "undecided"), ((0.0, 0.18), "undecided"), ((0.3, 0.4), "fails")],
)
def test_a_difference_of_open_size_may_still_be_none_to_speak_of(ends, mark):
    values = np.linspace(*ends, 30)  # around 0.1, the smallest effect; or all beyond it
    hand = Outcomes(
        outcomes=[spelled(TEXT)],
        values={"one": values[None], "other": np.zeros((1, 30))},
        drawn={},
    )
    each = {"outcome": TEXT, "variant": "one", "versus": "other", "sign": "zero"}
    (verdict,) = judged({"a": Expectation.model_validate(each)}, hand)
    assert verdict.mark == mark
    assert (verdict.runs_needed > 30) == (mark == "undecided")


def test_a_verdict_says_what_was_measured():
    assert by_hand(least=7.0).text == (
        "a: insecurity BRA in one is 4.5 [2.334, 6.666], must be at least 7, its interval too"
    )
    assert by_hand(versus="other", ratio={"low": 0.5, "high": 2}).text == (
        "a: insecurity BRA, one over other, is 1.125, must be from 0.5 to 2 times that"
    )
    assert by_hand(share={"above": -1, "of_runs": 0.6}).text == (
        "a: share of runs with insecurity BRA in one above -1 is 1 [0.7225, 1], "
        "must be at least 0.6"
    )
    change = {"from": 2020, "to": 2021}
    assert by_hand(change=change, sign="positive").text.startswith(
        "a: insecurity BRA from 2020 to 2021 in one is 2 [2, 2], must be positive"
    )


def test_an_expectation_of_another_scenario_waits_for_its_runs(small):
    one = Expectation.model_validate(
        {"outcome": TEXT, "variant": "one", "scenario": "another", "sign": "zero"}
    )
    hand = Outcomes(outcomes=[spelled(TEXT)], values={"one": np.zeros((1, 3))}, drawn={})
    assert judged({"a": one}, hand) == []
    expect = {"a": {"outcome": "cohesion NORTH", "variant": "sale", "sign": "zero"}}
    expect["a"]["scenario"] = f"{small}:no_sale"
    scenario = load(small, runs=3, sets={"expect": expect})
    there = runs_elsewhere(scenario, Options())
    found = variant_outcomes(scenario, ["no_sale"], Options())
    assert there["a"] == pytest.approx(found.values["no_sale"][0])


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("nowhere", 'expect.a.scenario: no scenario "nowhere"'),
        ("counter_purchase", "expect.a.scenario: counter_purchase has no bloc NORTH, which"),
        ("counter_purchase:sale", 'expect.a.scenario: no variant "sale"'),
    ],
)
def test_another_scenario_that_cannot_be_asked_is_named_with_its_place(small, named, message):
    expect = {"a": {"outcome": "cohesion NORTH", "variant": "sale", "sign": "zero"}}
    expect["a"]["scenario"] = named
    scenario = load(small, runs=2, sets={"expect": expect})
    with pytest.raises(InputError) as caught:
        runs_elsewhere(scenario, Options())
    assert str(caught.value).startswith("--set:1:")
    assert message in str(caught.value)
