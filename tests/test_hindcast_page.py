from __future__ import annotations

import csv
from pathlib import Path

from bench.verdicts import PAGE, TABLE, page
from sim.patterns.pattern import shipped

README = Path(__file__).parents[1] / "README.md"


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_of_the_hindcast_is_that_of_its_table():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_scored_pattern_has_a_verdict_for_both_sets_of_numbers():
    scored = {name for name, pattern in shipped().items() if pattern.scored}
    for numbers in ("start", "posterior"):
        assert {row["pattern"] for row in rows() if row["numbers"] == numbers} == scored


def test_the_readme_counts_the_patterns_that_are_inside():
    inside = {
        row["pattern"]
        for row in rows()
        if row["numbers"] == "start" and row["pattern_verdict"] == "inside"
    }
    assert f"**{len(inside)} of 18** patterns inside" in README.read_text(encoding="utf-8")
