"""Patterns in scenarios: shipped ones are sound, examples of the docs load, faults are reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.kernel.dates import months
from sim.patterns.pattern import QUANTITIES, shipped
from sim.scenario.load import load
from sim.scenario.schema.json_schema import json_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
SCORED = [f"P{at:02d}" for at in (1, 2, 3, 4, 5, 8, 10, 12, 15, 18, 19, 20, 21, 24, 25, 27, 31)]
INPUTS = ["P13", "P14", "P16", "P17", "P23", "P28", "P29", "P30", "P32"]  # or met by construction
FITTED = {"P01", "P02", "P03", "P04", "P05", "P10", "P12", "P15"}
BLOCKS = re.findall(r"```yaml\n(patterns:\n.*?)```", PAGE, re.DOTALL)
WORLD = """\
scenario: world
title: A world
question: Is it read?
time: {start: 2020-Q1, end: 2024-Q4}
classes:
  armour: {satiation: 100, life: 20, role: ground, source: assumed}
  missiles: {satiation: 100, life: 20, role: strike, source: assumed}
blocs:
  PACT: {leader: USA, members: [USA, TWN], commitment: 0.6, norm: 0.7, source: assumed}
rivalries:
  CHN: {with: {TWN: 0.8}, source: assumed}
  TWN: {with: {CHN: 0.8}, source: assumed}
states:
""" + "".join(
    f"  {code}: {{name: {code}, latitude: {place}, longitude: 40, gdp: 1e4, burden: 0.04,"
    " import_share: 0.1, source: assumed}\n"
    for place, code in enumerate(("CHN", "DEU", "FRA", "GRC", "TUR", "TWN", "USA"))
)


def test_all_patterns_are_shipped_and_the_right_ones_count():
    patterns = shipped()
    assert sorted(patterns) == sorted([*SCORED, *INPUTS])
    for name, pattern in patterns.items():
        counting = [check for check in pattern.checks.values() if pattern.counts(check)]
        assert bool(counting) == (name in SCORED), name
        assert all(check.band is not None for check in counting)


def test_no_check_after_september_2017_is_for_fitting():
    fitted = set()
    for name, pattern in shipped().items():
        for own, check in pattern.checks.items():
            if pattern.use_of(check) == "fit" and pattern.counts(check):
                fitted.add(name)
                late = [each.text for each in check.every_window() if each.stop > months("2017-10")]
                assert not late, f"{name}.{own}"
    assert fitted == FITTED


@pytest.mark.usefixtures("real_names")
@pytest.mark.parametrize("text", BLOCKS, ids=["own", "vocabulary"])
def test_the_examples_of_the_page_load(folder, text):
    (folder / "world.yaml").write_text(WORLD + text, encoding="utf-8")
    assert load(folder / "world.yaml").base.patterns


def test_the_page_has_an_example_and_a_row_of_every_quantity():
    assert set(re.findall(r"quantity: (\w+)", BLOCKS[1])) == set(QUANTITIES)
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) >= set(QUANTITIES)


def test_the_published_schema_knows_every_quantity():
    text = str(json_schema())
    assert all(f"{{'enum': ['{name}']}}" in text for name in QUANTITIES)


def test_the_names_of_shipped_patterns_resolve(read):
    assert list(read("patterns: [P10, P01]\n").base.patterns) == ["P10", "P01"]
    assert read("patterns: []\n").base.patterns == {}


def test_the_hash_of_a_scenario_depends_on_the_patterns_it_names(read):
    assert read("patterns: [P01]\n").hash != read("patterns: [P02]\n").hash


HEAD = "patterns: {a: {claim: A claim., source: assumed, checks: {b: "
FAULTS = [
    ("patterns: [P1]", 'patterns[0]: no shipped pattern "P1" (did you mean "P31"?)'),
    ("patterns: [P01, P01]", 'patterns[1]: "P01" appears twice'),
    ("patterns: 3", "patterns: must be a mapping, got 3"),
    (
        HEAD + "{quantity: shares}}}}",
        'a.checks.b.quantity: must be share, ratio, .* got text "shares" (did you mean "share"?)',
    ),
    (HEAD + "{from: BLR}}}}", 'a.checks.b: the key "quantity" is missing: write share, ratio, hhi'),
    (HEAD + "3}}}", "a.checks.b: must be a mapping, got 3"),
    (
        HEAD + "{quantity: hhi, window: 2018, band: {low: 0}, until: 3}}}}",
        "a.checks.b.until: unknown key",
    ),
    (HEAD + "{quantity: hhi, band: {low: 0}}}}}", 'a.checks.b: the key "window" is missing'),
    (
        HEAD + "{quantity: hhi, window: 2020..2018, band: {low: 0}}}}}",
        "a.checks.b.window: the window 2020..2018 ends before it starts",
    ),
    (
        HEAD + "{quantity: hhi, window: soon, band: {low: 0}}}}}",
        "a.checks.b.window: must be a date such as 2018",
    ),
    (
        HEAD + "{quantity: hhi, window: 2018, band: {low: 2, high: 1}}}}}",
        "a.checks.b.band: low must not be more than high",
    ),
    (HEAD + "{quantity: hhi, window: 2018, band: {}}}}}", "needs low, high or both"),
    (
        HEAD + "{quantity: hhi, window: 2018}}}}",
        "patterns.a: the check b is scored but has no band: add band, or scored: false",
    ),
    (
        HEAD + "{quantity: hhi, to: AMR, window: 2018, band: {low: 0}}}}}",
        'a.checks.b.to: no state or bloc "AMR" (did you mean "ARM"?)',
    ),
    (
        HEAD + "{quantity: hhi, classes: rocket, window: 2018, band: {low: 0}}}}}",
        'a.checks.b.classes: no class "rocket" (did you mean "rockets"?)',
    ),
    (
        HEAD + "{quantity: hhi, systems: [iskandr], window: 2018, band: {low: 0}}}}}",
        'a.checks.b.systems: no system "iskandr" (did you mean "iskander"?)',
    ),
    (
        HEAD + "{quantity: hhi, to: {a: ARM}, window: 2018, band: {low: 0}}}}}",
        "a.checks.b.to: must be one entry or a list of entries, got a mapping",
    ),
    (
        HEAD + "{quantity: hhi, to: [], window: 2018, band: {low: 0}}}}}",
        "a.checks.b.to: is empty: write one entry, or a list of entries",
    ),
    (
        HEAD + "{quantity: hhi, conditions: [new, new], window: 2018, band: {low: 0}}}}}",
        'a.checks.b.conditions: names "new" twice',
    ),
    (
        HEAD + "{quantity: answered, bloc: CSTA, window: 2018, band: {low: 0}}}}}",
        'a.checks.b.bloc: no bloc "CSTA" (did you mean "CSTO"?)',
    ),
    (
        HEAD + "{quantity: hhi, window: 2011..2020, band: {low: 0}}}}}",
        "a.checks.b.window: the window 2011..2020 is not within 2017-Q4 to 2020-Q4",
    ),
    (
        HEAD + "{quantity: level, window: 2018, band: {low: 0}, of: {}}}}}",
        "a.checks.b.of: has no measure: write exactly one of flow, orders, events, series or",
    ),
    (
        HEAD + "{quantity: level, window: 2018, band: {low: 0}, of: {series: {metric: cohesin, "
        "subject: CSTO}}}}}}",
        'of.series.metric: no metric "cohesin" recorded every period (did you mean "cohesion"?)',
    ),
    (
        HEAD + "{quantity: level, window: 2018, band: {low: 0}, of: {series: {metric: affinity, "
        "subject: ARM>BRL}}}}}}",
        'a.checks.b.of.series.subject: no state "BRL" (did you mean "BLR"?)',
    ),
    (
        HEAD + "{quantity: delay, window: 2018, band: {low: 0}, from: {dates: 2016}, to: {series: "
        "{metric: affinity, subject: ARM>BLR}}}}}}",
        "a.checks.b.to: a series is an event only with exactly one of above and below",
    ),
    (
        HEAD + "{quantity: difference, band: {low: 0}, versus: sail, of: {quantity: hhi, "
        "window: 2018}}}}}",
        'a.checks.b.versus: no variant "sail"',
    ),
    (
        HEAD + "{quantity: difference, band: {low: 0}, of: {quantity: hhi, window: 2018}, less: "
        "{quantity: difference}}}}}",
        "a.checks.b.less.quantity: must be share, ratio",
    ),
]


@pytest.mark.parametrize(("wrong", "said"), FAULTS, ids=[said[:60] for _, said in FAULTS])
def test_a_fault_in_a_pattern_is_reported_with_line_and_remedy(faults, wrong, said):
    found = faults(wrong + "\n")
    assert len(found) == 1, found
    assert found[0].startswith("x.yaml:2:")
    pattern = re.escape(said).replace(r"\.\*", ".*")
    assert re.search(pattern, found[0]), found[0]
