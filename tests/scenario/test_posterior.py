"""A posterior that a scenario names: drawn by weight, overruled by settings, checked."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from sim.kernel.errors import InputError
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.scenario.paths import replaced
from tests.small import SMALL

ROWS = "weight,laws.consent.base,states.DEL.gdp\n1,1.0,40000\n3,2.0,60000\n0,3.0,70000\n"


pytestmark = pytest.mark.usefixtures("real_names")


@pytest.fixture
def scenario(tmp_path):
    variants = {"poor": {"states": {"DEL": {"gdp": 30000}}}}
    document = {**SMALL, "parameters": {"posterior": "posterior.csv"}, "variants": variants}
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    (tmp_path / "posterior.csv").write_text(ROWS)
    return tmp_path / "small.yaml"


def drawn(model, runs):
    return build(model, runs=np.asarray(runs), seed=7).drawn


def test_each_run_draws_a_row_by_weight_in_any_block(scenario):
    model = load(scenario).base
    whole = drawn(model, range(4000))
    base, gdp = whole["laws.consent.base"], whole["states.DEL.gdp"]
    assert set(zip(base.tolist(), gdp.tolist(), strict=True)) == {(1, 40000), (2, 60000)}
    assert (base == 2).mean() == pytest.approx(0.75, abs=0.03)
    part = drawn(model, range(1000, 1010))
    assert part["laws.consent.base"].tolist() == base[1000:1010].tolist()


def test_what_a_variant_a_flag_or_a_design_gives_comes_first(scenario):
    loaded = load(scenario, sets=["laws.consent.base=0.5"])
    poor = drawn(loaded.variants["poor"], range(5))
    assert poor == {}
    assert "laws.consent.base" not in drawn(loaded.base, range(5))
    assert loaded.sources["laws.consent.base"] == "hypothesis"
    assert loaded.sources["states.DEL.gdp"] == "posterior"
    changed = replaced(load(scenario).base, {"states.DEL.gdp": 50000.0})
    assert set(drawn(changed, range(5))) == {"laws.consent.base"}


def test_where_a_design_gives_no_number_each_run_keeps_the_models_own(scenario):
    model, given = load(scenario).base, np.array([np.nan, 0.25, np.nan])
    fitted = drawn(model, range(3))["laws.consent.base"]
    paths = ("laws.consent.base", "laws.consent.by_margin", "states.BET.gdp")
    parts = build(model, runs=np.arange(3), seed=7, numbers=dict.fromkeys(paths, given))
    assert parts.rules.consent.base.tolist() == [fitted[0], 0.25, fitted[2]]
    usual = type(parts.rules.consent).by_margin
    assert parts.rules.consent.by_margin.tolist() == [usual, 0.25, usual]
    bet = parts.world.layout.states.index("BET")
    assert parts.world.gdp[bet].tolist() == [6e4, 0.25, 6e4]


def test_the_file_is_part_of_the_hash(scenario):
    before = load(scenario)
    assert scenario.with_name("posterior.csv") in before.files
    scenario.with_name("posterior.csv").write_text(ROWS.replace("2.0", "2.5"))
    assert load(scenario).hash != before.hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weight,laws.consent.bse\n1,2\n", 'csv:1:1: parameters.posterior: no number "laws'),
        ("weight,laws.consent.base\n1,99\n", "csv:2:1: parameters.posterior: laws.consent.base"),
        (
            "weight\n1\n",
            "csv:1:1: parameters.posterior: the first row must name `weight` and paths",
        ),
        (
            "weight,states.DEL.gdp\n-1,1\n",
            "csv:2:1: parameters.posterior: weight must be a",
        ),
        (
            "weight,states.DEL.gdp\n1,x\n",
            'states.DEL.gdp must be a number, got "x"',
        ),
        ("weight,states.DEL.gdp\n0,9\n", "csv:1:1: parameters.posterior: the weights must sum"),
        (
            "weight,states.DEL.gdp\n1\n",
            "csv:2:1: parameters.posterior: has 1 cell, the",
        ),
        ("weight,offers.tank_alp.instalments\n1,2\n", "instalments must be the same in all runs"),
    ],
)
def test_a_bad_file_is_reported_by_line(scenario, text, said):
    scenario.with_name("posterior.csv").write_text(text)
    with pytest.raises(InputError) as error:
        load(scenario)
    assert said in str(error.value)


def test_a_file_elsewhere_is_refused(scenario):
    with pytest.raises(InputError, match="lies outside the scenario's folder"):
        load(scenario, sets=["parameters.posterior=../posterior.csv"])
