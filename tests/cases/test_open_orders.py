"""In which years the rest of orders comes that are under way, worked by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cases.case_file import fill_text
from sim.cases.funds import HALF, Payment, shortage
from sim.cases.open_orders import OpenOrder, last_delivery, opened, parts, waits
from sim.cases.topics import TOPICS
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive, deal, filled

UNTIL = 2014  # the year before the start
LYNX = ("Lynx-9", "tank")


def _deals(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{**row, "class_": "armour"} for row in rows])


def test_an_order_is_open_until_its_last_unit_has_come() -> None:
    row = {**deal("SWE", "FIN", 2000, 20, *LYNX, 20, "2002;2004", 4.0), "class_": "armour"}
    assert opened(row, 2001) == OpenOrder(1, begun=False, class_="armour", supplier="SWE")
    assert opened(row, 2003) == OpenOrder(3, begun=True, class_="armour", supplier="SWE")
    assert opened(row, 2004) is None


def test_waits_are_those_from_each_year_in_which_earlier_orders_were_open() -> None:
    known = waits(_deals(deal("SWE", "FIN", 2000, 20, *LYNX, 20, "2002;2004", 4.0)), UNTIL)
    for group in ((), ("armour",), ("armour", "SWE")):
        assert known[0, False, *group] == [4]
        assert known[1, False, *group] == [3]
        assert known[2, True, *group] == [2]
        assert known[3, True, *group] == [1]
    assert len(known) == 3 * 4


def test_no_delivery_after_the_year_counts() -> None:
    late = [deal("SWE", "FIN", 2004, 9, *LYNX, 9, last, 4.0) for last in ("2016", "2024")]
    assert waits(_deals(late[0]), UNTIL) == waits(_deals(late[1]), UNTIL)
    assert waits(_deals(late[0]), UNTIL)[9, False] == [1]  # open for ten years, at least
    outside = [deal("SWE", "FIN", year, 9, *LYNX, 9, "2013", 4.0) for year in (1994, 2005)]
    assert not waits(_deals(*outside), UNTIL)


def test_the_last_delivery_is_that_after_which_three_of_four_were_complete() -> None:
    order = OpenOrder(3, begun=True, class_="armour", supplier="SWE")
    everyone = [1.0, 1.0, 2.0, 5.0, 9.0]
    known = {order[:2]: everyone, order[:3]: [4.0], order: [8.0]}
    # three of four of all were complete after 5 years; one of the class counts for a sixth:
    # exp((ln 4 + 5 ln 5) / 6) = 4.8, and one of the supplier: exp((ln 8 + 5 ln 4.8) / 6) = 5.2
    assert np.quantile(everyone, 0.75) == 5
    assert last_delivery(order, known, 2.0) == 5
    assert last_delivery(order, {order[:2]: [2.0]}, 9.0) == 2


@pytest.mark.parametrize(("age", "lag", "last"), [(1, 4.0, 3), (3, 4.0, 1), (9, 4.0, 1)])
def test_without_earlier_orders_the_usual_lag_holds(age: int, lag: float, last: int) -> None:
    assert (
        last_delivery(OpenOrder(age, begun=True, class_="armour", supplier="SWE"), {}, lag) == last
    )


@pytest.mark.parametrize(
    ("units", "last", "coming"),
    [
        (10, 4, [(1, 2), (2, 3), (3, 3), (4, 2)]),
        (9, 3, [(1, 3), (2, 3), (3, 3)]),
        (2, 5, [(3, 1), (5, 1)]),
        (1, 4, [(4, 1)]),
        (7, 1, [(1, 7)]),
    ],
)
def test_units_come_in_equal_parts(units: int, last: int, coming: list[tuple[int, int]]) -> None:
    assert parts(units, last) == coming
    assert sum(part for _, part in coming) == units


def test_the_rest_of_an_order_is_on_order_in_parts_and_so_is_its_money() -> None:
    earlier = [
        deal("SWE", "NOR", 2000 + at, 9, *LYNX, 9, f"{2003 + at}", 4.0) for at in range(5)
    ]  # each was open for three years
    late = deal("SWE", "FIN", 2014, 9, *LYNX, 9, "2021", 4.0)
    came = deal("SWE", "FIN", 2012, 1, *LYNX, 1, "2013", 4.0)
    plain = filled(deals=[*earlier, came, late])
    coming = {name: (each["units"], each["due"]) for name, each in plain["backlog"].items()}
    assert coming == {
        "lynx_9_swe_fin_2014": (3, "2015-Q4"),
        "lynx_9_swe_fin_2014_in_2016": (3, "2016-Q4"),
        "lynx_9_swe_fin_2014_in_2017": (3, "2017-Q4"),
    }
    price, budget = 2.0 * 4.0 * 3, 2.0 * 4.0 / 5
    lacking = shortage([Payment(year, price) for year in (1, 2, 3)], budget)
    assert lacking == pytest.approx(3 * (0.9 * price - budget))
    assert plain["states"]["FIN"]["fund"] == pytest.approx(HALF * budget + lacking, rel=1e-3)


def test_an_order_that_the_file_has_whole_is_not_added_in_parts() -> None:
    earlier = [deal("SWE", "NOR", 2000 + at, 9, *LYNX, 9, f"{2003 + at}", 4.0) for at in range(5)]
    late = deal("SWE", "FIN", 2014, 9, *LYNX, 9, "2021", 4.0)
    came = deal("SWE", "FIN", 2012, 1, *LYNX, 1, "2013", 4.0)
    tables = archive(deals=[*earlier, came, late])
    first = fill_text(TEXT, "x.yaml", tables, [*TOPICS])
    assert not fill_text(first.text, "x.yaml", tables, [*TOPICS]).written
    whole = first.text.replace("units: 3,", "units: 9,", 1)
    later = re.compile(r"^  lynx_9_swe_fin_2014_in_.*\n(    .*\n)*", re.MULTILINE)
    whole = later.sub("", whole)
    kept = fill_text(whole, "x.yaml", tables, [*TOPICS])
    orders = read_mapping(kept.text, "x.yaml").plain()["backlog"]
    assert {name: each["units"] for name, each in orders.items()} == {"lynx_9_swe_fin_2014": 9}
    anew = fill_text(whole, "x.yaml", tables, [*TOPICS], force=True)
    orders = read_mapping(anew.text, "x.yaml").plain()["backlog"]
    assert [each["units"] for each in orders.values()] == [3, 3, 3]
    renamed = whole.replace("lynx_9_swe_fin_2014:", "tanks_on_order:")
    for force in (False, True):
        kept = fill_text(renamed, "x.yaml", tables, [*TOPICS], force=force)
        assert [*read_mapping(kept.text, "x.yaml").plain()["backlog"]] == ["tanks_on_order"]


def test_money_is_set_aside_for_an_order_as_the_file_has_it() -> None:
    earlier = [deal("SWE", "NOR", 2000 + at, 9, *LYNX, 9, f"{2003 + at}", 4.0) for at in range(5)]
    late = deal("SWE", "FIN", 2014, 9, *LYNX, 9, "2021", 4.0)
    came = deal("SWE", "FIN", 2012, 1, *LYNX, 1, "2013", 4.0)
    tables = archive(deals=[*earlier, came, late])
    own = (
        "backlog:\n  tanks_on_order: {offer: lynx_9_swe, recipient: FIN, units: 9, "
        "ordered: 2014-Q2, due: DUE, source: assumed}\n"
    )
    for due, years in (("2015-Q4", 1), ("2017-Q4", 3), ("2013-Q4", 1)):
        text = TEXT + own.replace("DUE", due)
        filling = fill_text(text, "x.yaml", tables, [*TOPICS])
        state = read_mapping(filling.text, "x.yaml").plain()["states"]["FIN"]
        price, budget = 2.0 * 4.0 * 9, 2.0 * 4.0 / 5
        lacking = 0.9 * price - years * budget
        assert state["fund"] == pytest.approx(HALF * budget + lacking, rel=1e-3)


def test_two_orders_of_a_year_are_two_entries() -> None:
    came = deal("SWE", "FIN", 2012, 1, *LYNX, 1, "2013", 4.0)
    late = [deal("SWE", "FIN", 2014, units, *LYNX, units, "2015", 4.0) for units in (3, 5)]
    orders = filled(deals=[came, *late])["backlog"]
    assert {name: each["units"] for name, each in orders.items()} == {
        "lynx_9_swe_fin_2014": 3,
        "lynx_9_swe_fin_2014_2": 5,
    }
