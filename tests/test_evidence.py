"""The pages of evidence and of the hindcast are those of their tables, and claim nothing else."""

from __future__ import annotations

import importlib
import re

import pytest

from bench import evidence, hindcast, specialists
from bench.claims import must
from bench.pages import CLAIMS, DOCS, QUOTED, ROOT, rows_of
from sim.experiments.ablation.mechanisms import MECHANISMS
from sim.kernel.rules import ROLES, parameters_in
from sim.patterns.pattern import read_pattern, shipped
from sim.scenario.schema.expectation import Expectation
from tests.shipped import read

WRITE = "run `python -m bench.evidence --text`"
LINES = evidence.TEMPLATE.read_text(encoding="utf-8").split("\n\n")


@pytest.fixture(scope="module")
def rows():
    """Return the rows of the hindcast."""
    return rows_of(hindcast.TABLE)


def test_the_page_of_evidence_is_that_of_its_tables():
    assert evidence.PAGE.read_text(encoding="utf-8") == evidence.page(), WRITE


def test_the_page_of_the_hindcast_is_that_of_its_table():
    assert hindcast.PAGE.read_text(encoding="utf-8") == hindcast.page(), WRITE


def test_no_paragraph_of_the_page_claims_without_a_number():
    text = evidence.PAGE.read_text(encoding="utf-8")
    parts = re.sub(r":\n\n(?=[|-])", ":\n", text).split("\n\n")  # with its table or list
    told = [each for each in parts if each and each[0] not in "#<["]
    assert [each for each in told if not re.search(r"\d", each)] == []


@pytest.mark.parametrize("paragraph", LINES[2:])
def test_decimals_on_the_page_are_measured_or_those_of_a_rule_or_decision(paragraph):
    """Results of others on cases that are not shipped are a list; effects begin at 0.1."""
    typed = {*re.findall(r"\d+\.\d+", QUOTED.sub("", paragraph))} - {"0.1", "0.95"}
    assert not typed or "decisions" in paragraph or "Jeffreys" in paragraph or paragraph[0] == "-"


@pytest.mark.parametrize("part", evidence.PARTS.values(), ids=evidence.PARTS)
def test_a_part_has_its_table_and_a_module_of_bench_that_measures_it(part):
    assert (DOCS / part.table).is_file()
    assert callable(importlib.import_module(f"bench.{part.module}").main)


def test_only_parts_without_a_table_are_measured(monkeypatch, tmp_path):
    for part in evidence.PARTS.values():
        (tmp_path / part.table).touch()
    monkeypatch.setattr(evidence, "DOCS", tmp_path)
    monkeypatch.setattr(evidence.claims, "lacking", list)
    assert evidence.lacking() == []
    (tmp_path / "levels.csv").unlink()
    assert evidence.lacking() == ["levels"]


def test_every_check_with_a_band_has_its_rows(rows):
    every = {**shipped(), "aim": read_pattern(hindcast.AIMS)}
    for row in rows:
        pattern = every[row["pattern"]]
        check = pattern.checks[row["check"]]
        assert row["scored"] == str(int(pattern.counts(check)))
        ends = ("" if end is None else f"{end:.6g}" for end in (check.band.low, check.band.high))
        assert (row["low"], row["high"]) == (*ends,)
    scored = {
        (name, own)
        for name, pattern in every.items()
        for own, check in pattern.checks.items()
        if pattern.counts(check)
    }
    for numbers in (hindcast.START, hindcast.POSTERIOR):
        for seed in (*map(str, hindcast.SEEDS), hindcast.ALL):
            found = {(r["pattern"], r["check"]) for r in hindcast.of(rows, numbers, seed)}
            assert scored <= found


def test_what_is_met_by_construction_does_not_count(rows):
    counted = {f"{row['pattern']}.{row['check']}" for row in rows if hindcast.counts(row)}
    assert not counted & {*hindcast.GIVEN}


def test_history_beyond_the_runs_has_one_in_twenty_of_them_at_most_on_its_far_side(rows):
    known = [row for row in rows if row["below"] and row["defined"] != "0"]
    assert known
    for row in known:
        low, historical, high = (float(row[key]) for key in ("q05", "historical", "q95"))
        below, most = float(row["below"]), 0.05 + 1 / int(row["defined"])
        assert historical >= low or below <= most
        assert historical <= high or below >= 1 - most


def test_what_specialists_expected_is_asked_by_the_case_or_measured_beside_it():
    written = {(row["scenario"], row["expectation"]): row for row in rows_of(specialists.TABLE)}
    asked = {}
    for name, expected in specialists.asked().items():
        own = read(name).base.expect
        for each in expected:
            assert {*each.get("by", ())} <= {*own}, name
            asked |= {(name, key): spec for key, spec in each.get("asked", {}).items()}
    assert {*written} == {*asked}, "run `python -m bench.specialists`"
    for key, spec in asked.items():
        row, each = written[key], Expectation.model_validate(spec)
        there = (row["outcome"], row["variant"], row["versus"], row["must"])
        assert there == (each.outcome, each.variant, each.versus or "", must(each))


def test_cases_are_asked_once_more_at_the_defaults_of_their_laws():
    for name, numbers in specialists.DEFAULTS.items():
        for path, default in numbers.items():
            _, role, key = path.split(".")
            forms = [parameters_in(role, variant) for variant in ROLES[role]]
            assert {form[key].value for form in forms if key in form} == {default}, path
        expected = {*read(name).base.expect, *specialists.asked_here(name)}
        expected = {each.removeprefix("expect.") for each in expected}
        found = [r for r in rows_of(specialists.UNFITTED) if r["scenario"] == name]
        assert {row["expectation"] for row in found} == expected, (
            "run `python -m bench.specialists`"
        )


def test_at_least_four_of_five_expectations_of_specialists_hold():
    every = [
        specialists.holds(found)
        for name in specialists.asked()
        for _, found in specialists.answered(name)
    ]
    assert every.count("yes") >= 0.8 * len(every)


def test_the_page_names_mechanisms_that_exist():
    named = re.findall(r"^\| `(\w+)` \| \d+ scenarios", evidence.page(), re.MULTILINE)
    assert named
    assert {*named} <= {*MECHANISMS}


def test_the_readme_says_of_the_patterns_what_the_table_says(rows):
    whole = hindcast.counting(rows, hindcast.START, hindcast.ALL)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    inside, every = hindcast.inside(whole), {row["pattern"] for row in whole}
    assert f"{len(inside)} of the {len(every)} scored patterns" in text
    assert f"{100 * hindcast.share(whole):.0f} % of its runs" in " ".join(text.split())


@pytest.mark.parametrize(
    "outcome",
    [
        "exposure AZE>ARM mean 2019-Q1..2019-Q4",
        "affinity ARM>BLR mean 2018-Q4..2021-Q4",
        "cohesion CSTO mean 2018-Q4..2021-Q4",
        "consent BLR>AZE polonez mean 2017-Q4..2024-Q4",
    ],
)
def test_the_readme_says_of_the_flagship_what_is_measured(outcome):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = [
        row
        for row in rows_of(CLAIMS)
        if (row["scenario"], row["outcome"]) == (evidence.FLAGSHIP, outcome) and row["versus"]
    ]
    size = abs(float(row["mean"]))
    assert f"{size:.3g}" in text or f"{size:.2g}" in text or f"{size:.1g}" in text


def test_the_readme_says_how_many_expectations_of_specialists_hold():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert specialists.counted().partition(" (")[0] in text
    assert f"{evidence.counted_fresh()} checks" in " ".join(text.split())
