"""The flagship's headline under other rules: the rule sets, and when its answer stays."""

from __future__ import annotations

import pandas as pd
import pytest

from bench import headline as rule_table
from bench import region
from bench.headline import (
    IN_FORCE,
    crossings,
    headline,
    name_of,
    single_variants,
    stability,
)
from bench.region import COHESION, farthest
from sim.kernel.rules import ROLES, rules_in_force
from tests.shipped import read

ALONE = [
    {},
    {"breach": "noted"},
    {"harm": "departure"},
    {"membership": "priced"},
    {"membership": "shocks"},
]
FIXED = {"numbers": "held", "outcome": "x"}


def rows(**means):
    """Return rows of cohesion, numbers drawn, by rule set."""
    return pd.DataFrame(
        {"numbers": "drawn", "rules": rules, "outcome": COHESION, "mean": mean, "smallest": 0.1}
        for rules, mean in means.items()
    )


def verdicts(*parts):
    """Return rows of an outcome: those of the rules in force first."""
    names = [IN_FORCE, *(f"rule {at}" for at in range(1, len(parts)))]
    table = pd.DataFrame(parts, columns=["low", "high", "verdict"])
    return table.assign(**FIXED, rules=names, mean=(table["low"] + table["high"]) / 2)


def test_every_variant_that_is_not_in_force_is_asked_alone():
    scenario = read("polonez_vs_iskander")
    alone = list(single_variants(scenario))
    own = rules_in_force(scenario.base.rules)
    assert {"consent": "strict_norm"} in alone
    assert all(own[role] != variant for each in alone for role, variant in each.items())
    assert {role for each in alone for role in each} == {r for r in ROLES if len(ROLES[r]) > 1}
    assert {"answer": "fixed"} not in alone


def test_the_headline_is_what_the_contrasts_ask_of_the_sale():
    asked = {each.text for each in headline(read("polonez_vs_iskander"))}
    assert {COHESION, "affinity ARM>BLR mean 2018-Q4..2021-Q4"} <= asked
    assert "engagement CSTO" not in asked


def test_the_variants_that_move_the_headline_farthest_are_crossed_one_a_role():
    moved = dict(zip(map(name_of, ALONE), (0.0, -0.01, 0.02, 0.0, -0.002), strict=True))
    crossed = crossings(rows(**moved), ALONE)
    assert {name_of(each) for each in crossed} == {
        "harm=departure; breach=noted",
        "harm=departure; membership=shocks",
        "breach=noted; membership=shocks",
        "harm=departure; breach=noted; membership=shocks",
    }


def test_the_rule_under_which_cohesion_falls_most_is_one_alone():
    names = [IN_FORCE, "breach=noted", "harm=departure", "harm=departure; breach=noted"]
    table = rows(**dict(zip(names, (-0.9, -0.01, 0.02, -0.5), strict=True)))
    assert farthest(table) == "breach=noted"


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ([(0.2, 0.4, "larger"), (0.1, 0.3, "larger")], "stable"),
        ([(0.2, 0.4, "larger"), (0.05, 0.3, "larger, size open")], "open"),
        ([(0.2, 0.4, "larger"), (-0.01, 0.02, "none")], "undecided"),
        ([(0.2, 0.4, "larger"), (-0.4, -0.2, "smaller")], "undecided"),
        ([(-0.02, -0.01, "none"), (0.001, 0.002, "none")], "stable"),
        ([(-0.02, -0.01, "none"), (-0.3, -0.2, "smaller")], "undecided"),
        ([(-0.02, -0.01, "none"), (-0.2, 0.2, "undecided")], "open"),
    ],
)
def test_an_answer_stays_where_no_rule_set_is_against_it(parts, answer):
    table = verdicts(*parts)
    assert stability(table)["answer"].tolist() == [answer]


@pytest.mark.parametrize("path", [rule_table.TABLE, region.TABLE], ids=lambda path: path.stem)
def test_the_tables_name_rules_that_there_are(path):
    for name in pd.read_csv(path)["rules"].unique():
        for part in name.split("; ") if name != IN_FORCE else ():
            role, _, variant = part.partition("=")
            assert variant in ROLES[role], name
