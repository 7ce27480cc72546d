"""The page of claims: every claim and mechanism has a row, and rows name what exists."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from bench.claims import PAGE, TEMPLATE, must, page, table
from bench.pages import QUOTED
from sim.documents.package_data import shipped_scenarios
from tests.shipped import read

ROOT = Path(__file__).resolve().parents[1]
VERDICTS = {"input", "supported", "in part", "contradicted", "silent"}
LINES = TEMPLATE.read_text(encoding="utf-8").splitlines()
CLAIMS = [re.split(r" ?\| ?", line)[1:-1] for line in LINES if re.match(r"\| \d+ \|", line)]
MECHANISMS = [re.split(r" ?\| ?", line)[1:-1] for line in LINES if re.match(r"\| M\d \|", line)]
CARRIERS = {row[0]: row[3 if row in CLAIMS else 2] for row in CLAIMS + MECHANISMS}
SCENARIO, EXPECTATION, TEST = r"(\w+)", r"(\w+)/(\w+)", r"(tests/[\w/]+\.py)::(\w+)"


@pytest.fixture(scope="module")
def scenarios():
    """Return the shipped scenarios, by name."""
    return {name: read(name).base for name in shipped_scenarios()}


@pytest.fixture(scope="module")
def expectations(scenarios):
    """Return the expectations of shipped scenarios, by scenario and name."""
    return {name: base.expect for name, base in scenarios.items()}


def test_every_claim_and_every_mechanism_has_its_row():
    assert [int(row[0]) for row in CLAIMS] == list(range(1, 36))
    assert [row[0] for row in MECHANISMS] == [f"M{number}" for number in range(1, 10)]
    assert {row[2] for row in CLAIMS} <= VERDICTS
    assert all(cell.strip() for row in CLAIMS + MECHANISMS for cell in row)


@pytest.mark.parametrize("row", CARRIERS)
def test_what_carries_a_claim_exists(row, expectations):
    named = re.findall(r"`([^`]+)`", CARRIERS[row])
    assert named
    for each in named:
        if found := re.fullmatch(TEST, each):
            assert f"def {found[2]}(" in (ROOT / found[1]).read_text(encoding="utf-8"), each
        elif found := re.fullmatch(EXPECTATION, each):
            assert found[2] in expectations[found[1]], each
        else:
            assert re.fullmatch(SCENARIO, each), each
            assert each in expectations, each


@pytest.mark.parametrize("row", CLAIMS + MECHANISMS, ids=lambda row: row[0])
def test_a_row_quotes_only_what_carries_it(row):
    quoted = {"/".join(found[1:]) for found in QUOTED.findall(" | ".join(row))}
    carried = set(re.findall(r"`([^`]+)`", CARRIERS[row[0]])) | {
        "abandonment_2020/belief_of_history"
    }
    assert quoted <= carried


@pytest.mark.parametrize("row", CLAIMS + MECHANISMS, ids=lambda row: row[0])
def test_decimals_in_what_the_model_says_are_measured_and_not_typed(row):
    given = {"0.40"}  # what a second-hand unit counts, an input
    typed = re.findall(r"\d+\.\d+", QUOTED.sub("", row[-1] if row in CLAIMS else " ".join(row[3:])))
    assert set(typed) <= given


def test_the_table_of_claims_is_of_the_expectations_as_they_stand(scenarios, expectations):
    written = {(row["scenario"], row["expectation"]): row for row in table()}
    stands = {(name, each) for name, expect in expectations.items() for each in expect}
    assert set(written) == stands, "run `python -m bench.claims`"
    for (name, each), row in written.items():
        expect = expectations[name][each]
        outcome = " ".join(expect.outcome.split())
        there = (row["outcome"], row["variant"], row["versus"], row["must"])
        assert there == (outcome, expect.variant, expect.versus or "", must(expect))
        assert row["holds"] == "yes"
        assert int(row["runs"]) == scenarios[name].runs


def test_the_page_is_that_of_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.evidence --text`"


def test_the_numbers_of_the_flagship_are_those_published():
    published = ROOT / "results" / "reference" / "polonez_vs_iskander" / "summary.csv"
    with published.open(encoding="utf-8", newline="") as file:
        means = {
            (row["variant"], row["outcome"]): float(row["mean"]) for row in csv.DictReader(file)
        }
    rows = [row for row in table() if row["scenario"] == "polonez_vs_iskander"]
    assert rows
    for row in rows:
        level = means[row["variant"], row["outcome"]]
        less = means[row["versus"], row["outcome"]] if row["versus"] else 0.0
        assert float(row["mean"]) == pytest.approx(level - less, rel=1e-6, abs=1e-9)
