"""`blocsim run --structural` as a user meets it: what it costs, says, writes and refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SMALL = Path(__file__).parents[1] / "experiments" / "small.yaml"


@pytest.fixture
def blocsim(blocsim):
    """Return the same function, with runs of white space in its output made one space."""

    def call(*arguments):
        code, *texts = blocsim(*arguments)
        return code, *(" ".join(text.split()) for text in texts)

    return call


def structural(blocsim, *options):
    fewer = ("--set", "expect=null", "--set", "variants.no_sale=null")
    design = ("--roles", "contest", "--points", 2, "--runs", 6, "--jobs", 1, *fewer)
    return blocsim("run", SMALL, "--structural", *design, *options)


def test_the_cost_is_printed_before_and_the_largest_spread_after(blocsim, tmp_path):
    code, out, err = structural(blocsim)
    assert code == 0
    design = "2 rule sets (2 contest) x 2 variants x 2 points (numbers drawn: 1 of the scenario, "
    assert err.startswith(design)
    assert re.search(r", \d+ assumed of its laws\) x 3 replicates = 24 runs", err)
    assert "Largest of 22 levels: chance in " in out
    assert "Largest of 11 differences: " in out
    assert "chance parameters rules driven by" in out
    folder = tmp_path / "results" / "small_structural"
    names = {path.name for path in folder.iterdir()}
    assert names == {"columns.csv", "figures", "manifest.json", "spreads.csv", "structural.csv"}
    assert (folder / "figures" / "spreads_sale_sales.svg").is_file()

    code, again, err = structural(blocsim)
    assert code == 0
    assert again == out
    assert "no runs were made" in err


def test_one_point_says_that_numbers_are_held(blocsim):
    code, out, _ = structural(blocsim, "--points", 1, "--no-figures")
    assert code == 0
    assert "parameters are held fixed, so their spread is 0" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--roles", "treat"), '--roles: no role "treat" (did you mean "threat"?)'),
        (("--points", "4"), "--points: 4 points do not fit 6 runs"),
    ],
)
def test_designs_that_cannot_be_are_refused_before_anything_runs(blocsim, options, message):
    code, _, err = structural(blocsim, *options)
    assert code == 2
    assert message in err


def test_options_of_a_structural_run_alone_are_refused_without_it(blocsim):
    code, _, err = blocsim("run", SMALL, "--roles", "threat", "--points", 2)
    assert code == 2
    assert "--roles: needs --structural: add it" in err
    assert "--points: needs --structural" in err


def test_rules_lists_every_variant(blocsim):
    code, out, _ = blocsim("rules")
    assert code == 0
    for variant in ("balance_of_power", "strict_norm", "imitation", "leeds", "dyadic", "adaptive"):
        assert variant in out
