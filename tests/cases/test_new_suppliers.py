"""How a state of a world comes to a new supplier: the constant of the rule and its causes."""

from __future__ import annotations

import math

import pytest

from bench.new_ties import ties
from sim.cases.new_suppliers import constant
from tests.cases.invented_case import archive, deal, everything


def test_a_new_tie_needs_that_a_supplier_is_considered_and_then_chosen() -> None:
    # odds of a new tie of 1 to 3, of ties that are renewed in half of the cases: odds of 2 to 3
    assert constant(new=-math.log(3), renewed=0.5) == pytest.approx(math.log(2 / 3))


def test_a_tie_is_new_without_a_delivery_in_five_years_and_rests_on_those_before() -> None:
    """Of 2014: SWE has two customers; NOR delivered to FIN in 2007 for the last time."""
    more = [
        deal("NOR", "FIN", 2006, 10, "Gull", "tank", 10, "2007", 4.0),
        deal("NOR", "FIN", 2015, 10, "Gull", "tank", 10, "2016", 4.0),
        deal("NOR", "FIN", 1980, 90, "Gull", "tank", 90, "1985", 4.0),
    ]
    found = ties(2015, archive(deals=[*everything().rows["deals"], *more]))
    table = found.set_index(["supplier", "recipient"])
    assert set(table.index) == {("SWE", "FIN"), ("SWE", "NOR"), ("NOR", "FIN")}
    assert table["known"].to_dict() == {
        ("SWE", "FIN"): True,
        ("SWE", "NOR"): True,
        ("NOR", "FIN"): False,
    }
    assert table["tie"].all()  # of 2016 and 2017
    assert table["renown"]["SWE", "FIN"] == pytest.approx(math.log(3))
    assert table["renown"]["NOR", "FIN"] == 0
    # 40 TIV of 2007, beside 36 of 2010 and 40 of 2014 from Sweden; those of 1985 have gone
    old, swedish = 40 * math.exp(-7 / 25), 36 * math.exp(-4 / 25) + 40
    assert table["legacy"]["NOR", "FIN"] == pytest.approx(old / (old + swedish))
