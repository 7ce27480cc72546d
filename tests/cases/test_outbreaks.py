"""How often rivals of a filled case use force and fight: what is counted, and the rule for it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bench.rival_wars import (
    RULE,
    Rates,
    area,
    at_start,
    by_dispute,
    counts,
    differences,
    fitted,
    pairs,
    rivals,
    score,
    total,
)  # fmt: skip
from sim.cases import outbreaks
from sim.cases.case_skeleton import new_case, order_of
from sim.data import tidy_tables as tables
from sim.scenario.load import load
from sim.scenario.paths import number_paths
from tests.cases.invented_case import archive, everything


def test_wars_are_incidents_that_become_one_by_the_laws_of_crisis_and_deterrence() -> None:
    table = pd.DataFrame({"dispute": [0.8, 0.5], "prize": [0.6, 0.3], "years": [4, 2]})
    rates = Rates(incidents=0.5, calculation=2.0, threshold=0.6)
    wars = [0.5 * 0.8 / 2, 0.5 * 0.5 / (1 + math.exp(0.6))]  # gains of 0 and -0.3
    assert rates.wars(table) == pytest.approx(wars)
    assert total(table, rates) == pytest.approx(4 * wars[0] + 2 * wars[1])


def test_the_numbers_that_made_the_record_are_found_again() -> None:
    """The record is what the numbers expect, so that no other numbers fit it as well."""
    made = Rates(incidents=0.3, calculation=8.0, threshold=0.6)
    table = pd.DataFrame({"dispute": np.linspace(0.3, 0.95, 12)})
    table["prize"] = table["dispute"] * np.linspace(0.2, 0.9, 12)
    table = table.assign(years=40.0, watched=20.0, forced=0.3 * 20.0 * table["dispute"])
    table["wars"] = made.wars(table) * 40.0
    found = fitted(table)
    assert (found.incidents, found.calculation, found.threshold) == pytest.approx(
        (0.3, 8.0, 0.6), rel=1e-3
    )
    assert score(table, made.wars(table)) > score(table, RULE.wars(table))


@pytest.mark.parametrize(("calculation", "threshold"), [(1.0, 1.2), (4.0, 1.3)])
def test_the_likeliest_numbers_stay_within_the_bounds_of_the_laws(
    calculation: float, threshold: float
) -> None:
    """The record is that of a calculation below 2, or of a threshold above 1."""
    table = pd.DataFrame({"dispute": [0.5] * 8, "prize": np.linspace(0.05, 0.45, 8)})
    table = table.assign(years=40.0, watched=20.0, forced=3.0)
    table["wars"] = Rates(0.3, calculation, threshold).wars(table) * 40.0
    found = fitted(table)
    if calculation < 2:
        assert found.calculation == pytest.approx(2.0)
        assert found.threshold < 1
    else:
        assert found.threshold == pytest.approx(1.0)


def test_numbers_that_differ_from_those_measured_are_named() -> None:
    rule = (outbreaks.INCIDENTS, outbreaks.CALCULATION)
    ends = [each.spread or (0.0, 0.0) for each in rule]
    assert not differences(RULE, ends)
    near = Rates(RULE.incidents + 0.004, RULE.calculation, RULE.threshold)
    assert not differences(near, ends)  # rounded
    far = Rates(RULE.incidents, RULE.calculation + 0.1, RULE.threshold)
    (said,) = differences(far, ends)
    assert said.startswith("sim/cases/outbreaks.py: CALCULATION has ")


def test_the_area_is_the_chance_that_a_war_ranks_above_peace() -> None:
    table = pd.DataFrame({"wars": [0, 1, 1], "years": [2, 2, 1]})
    # wars at ranks 2 and 3, peace at 1, 1 and 2: (2.5 + 3) / 6
    assert area(table, np.array([1.0, 2.0, 3.0])) == pytest.approx(5.5 / 6)


def _clash(year: int, intensity: int = 1) -> dict[str, Any]:
    return {"iso3_1": "FIN", "iso3_2": "NOR", "year": year, "conflict": 1, "intensity": intensity,
            "primary": 1}  # fmt: skip


def _dispute(year: int, number: int, hostility: int, onset: int = 1) -> dict[str, Any]:
    return {"iso3_1": "FIN", "iso3_2": "NOR", "year": year, "dispute": number,
            "hostility": hostility, "action": 15, "onset": onset}  # fmt: skip


def test_a_war_begins_after_a_year_without_and_disputes_count_where_one_may_begin() -> None:
    """From 2015 on: fighting in 2015, as in 2014, and in 2017 and 2018; force from 2017 on."""
    more = [_dispute(2017, 7, 4), _dispute(2018, 7, 4, onset=0), _dispute(2017, 8, 3)]
    found = pairs(
        2015,
        archive(
            **{
                tables.CLASHES.name: [
                    *(_clash(each) for each in (2014, 2015, 2017)),
                    _clash(2018, intensity=2),
                ],
                tables.DISPUTES.name: [*everything().rows[tables.DISPUTES.name], *more],
            }
        ),
    )
    # a year in which a war may begin is one without fighting in the year before: 2017 alone
    own = found.set_index(["one", "other"]).loc["FIN", "NOR"]
    assert own[["years", "wars"]].tolist() == [1, 1]
    assert own[["began", "fierce"]].tolist() == [[2017], 1]  # 1,000 deaths in its second year
    assert own[["watched", "forced"]].tolist() == [1, 1]
    assert (own["listed"], own["force"]) == ("others", 2)
    assert own["start"] == 2015
    others = found[found["dispute"] == 0]
    assert len(rivals(found)) == 1
    assert len(others) == len(found) - 1 == 2
    assert (others[["wars", "forced"]] == 0).all(axis=None)
    rows = by_dispute(found).splitlines()
    assert rows[0].startswith("  rivals: 1 pairs, 1 wars")
    assert rows[0].endswith(", 1 of 1,000 deaths in a year")
    assert rows[2].split() == ["FIN-NOR", "2017*"]
    assert rows[3].startswith("  smaller disputes: 0 pairs")
    assert rows[6].startswith("  no dispute: 2 pairs, 0 wars")
    assert counts(rivals(found)).startswith("1 pairs, 1 wars in 1 years (1.0000), 1 disputes")


def test_the_larger_dispute_and_prize_of_a_pair_are_those_of_the_filled_case(
    tmp_path: Path,
) -> None:
    """Half of a prize at equal strength; a case that is run has the rule's rate of war."""
    order = order_of("FIN,NOR,SWE", [], "2015-Q1", "2016-Q4")
    table = at_start(order, archive())
    assert [*table.index] == [("FIN", "NOR")]
    ((dispute, prize),) = table.to_numpy()
    assert dispute == pytest.approx(0.3 + 0.25 + 2 * 0.03)
    assert dispute / 2 < prize < dispute  # the stronger of the two gains more
    file = tmp_path / "x.yaml"
    file.write_text(new_case(order, "x", "x.yaml", archive()).text, encoding="utf-8")
    numbers = number_paths(load(file).base)
    laws = [
        numbers[f"laws.{name}"]
        for name in ("crisis.incidents", "crisis.calculation", "deterrence.threshold")
    ]
    values = [getattr(each.value, "value", each.value) for each in laws]
    assert values == [RULE.incidents, RULE.calculation, RULE.threshold]
    assert laws[0].source == ("palmer2022", "thompson2021")
    assert laws[1].source == laws[2].source == ("ucdp2025", "thompson2021")
    rate = RULE.incidents * dispute
    rate /= 1 + math.exp(-RULE.calculation * (prize - RULE.threshold))
    assert RULE.wars(table) == pytest.approx([rate])
