"""Orders under way at the start: in the log from the start, delivered by their dates, paid for."""

import numpy as np
import pytest

from sim.engine.kernels import signature
from sim.experiments.batch import case_of
from sim.kernel.inputs import UNDER_WAY
from sim.kernel.order_log import entries_of
from sim.kernel.world import ORDERED
from sim.records.transfers import lines_of, transfers_of
from sim.scenario.load import load
from tests.small import SMALL, built, columns, merged, model, passing, record, same, unconserved

ORDER = {  # three tanks' instalments from ALP, of which two are to come; the list says 120
    "offer": "tank_alp", "recipient": "DEL", "units": 30, "ordered": "2016-Q1", "due": "2018-Q2",
    "left": 2, "source": "assumed",
}  # fmt: skip


def under_way(**keys):
    return {"backlog": {"old": {**ORDER, **keys}}}


@pytest.fixture
def world(tmp_path):
    """Return a function that gives the world of the small scenario with an order under way."""
    return lambda **keys: built(model(tmp_path, under_way(**keys)), 3).world


def test_orders_of_other_variants_have_a_blank_row_and_no_effect(tmp_path):
    other = {**ORDER, "ordered": "2016-Q3", "units": 12}
    orders = {"baseline": {"old": ORDER}, "none": {}, "both": {"old": ORDER, "new": other}}
    patches = {"none": {"backlog": {"old": None}}, "both": {"backlog": {"new": other}}}
    model(tmp_path, {**under_way(), "variants": patches})
    variants = load(tmp_path / "small.yaml").variants
    for name, held in orders.items():
        found, alone = record(variants[name]), record(model(tmp_path, {"backlog": held}))
        layout = found.end.layout
        assert layout.backlog == ("old", "new")
        assert not same(
            *(
                {n: v for n, v in columns(each).items() if "log." not in n}
                for each in (found, alone)
            )
        )
        lines = [
            lines_of("v", transfers_of(each.end.log, each.end.layout, np.arange(16)), layout)
            for each in (found, alone)
        ]
        assert lines[0] == lines[1]
        assert sum("under_way" in line for line in lines[0]) == 16 * len(held)
        case = case_of(built(variants[name]))
        assert signature(case) == signature(case_of(built(variants["baseline"])))


def entry(world):
    """Return the row of the order, the last of the log, by name."""
    log = world.log
    return {name: getattr(log, name)[-1, 0] for name in vars(log)}


def test_an_order_under_way_is_in_the_log_from_the_start(world):
    made = world()
    first, row = made.layout.calendar.first, entry(made)
    assert (row["stage"], row["forced"], row["left"]) == (ORDERED, UNDER_WAY, 2)
    assert (row["units"], row["delivered"], row["value"]) == (30, 10, 120)
    assert made.layout.requested[-1] == -7  # quarters before 2017-Q4
    # nine quarters in three steps: 2016-Q4, 2017-Q3, 2018-Q2; the second is late
    assert (row["first"] - first, row["last"] - first) == (-4, -4)
    assert row["due"] == first
    assert np.all(made.log.offer[:-1] == -1)


def test_what_is_left_of_its_price_is_owed(world):
    deposit = 0.1
    place = world().layout.states.index("DEL")
    assert world().owed[place].sum(axis=0) == pytest.approx((1 - deposit) * 120 * 2 / 3)
    assert world(value=90, credit=0.5).owed[place].sum(axis=0) == pytest.approx(
        0.9 * 0.5 * 90 * 2 / 3
    )
    assert world(left=None).owed[place].sum(axis=0) == pytest.approx(0.9 * 120)


def test_if_the_sum_paid_is_given_the_rest_is_to_be_paid(world):
    place = world().layout.states.index("DEL")
    assert world(paid=50).owed[place].sum(axis=0) == pytest.approx(70)
    half = world(paid=50, credit=0.5)  # 70 to come: for each 9 in cash 10 on credit
    row = entry(half)
    cash, lent = half.owed[place].sum(axis=0)[0], row["credit"] * row["value"] * 2 / 3
    assert cash + lent == pytest.approx(70)
    assert cash / lent == pytest.approx(0.9)
    assert world(paid=120).owed[place].sum(axis=0) == pytest.approx(0)


def test_it_comes_by_its_dates_and_is_paid_for(tmp_path):
    parts = built(model(tmp_path, under_way()), 4)
    passed = [after for _, after in passing(parts)]
    came = [entry(each.world)["delivered"] for each in passed]
    assert came[:4] == [20, 20, 30, 30]  # 2017-Q4, late; 2018-Q2
    end, layout = passed[-1].world, parts.world.layout
    assert entry(end)["left"] == 0
    pair = layout.states.index("DEL"), layout.states.index("ALP")
    assert np.all(end.paid[pair] >= 0.9 * 80)
    assert np.all(end.imported_tiv[pair] >= 20 * 2)


@pytest.mark.parametrize("paid", [None, 50])
def test_money_and_units_are_conserved(tmp_path, paid):
    assert unconserved(built(model(tmp_path, under_way(paid=paid, credit=0.4)), 16)) == []


def test_tables_say_when_it_was_ordered(tmp_path):
    end = record(model(tmp_path, under_way()), 4).end
    entries = entries_of(end.log, end.layout, 2)
    assert entries.requested[0] == -7
    assert np.all(np.diff(entries.run) >= 0)
    table = transfers_of(end.log, end.layout, np.arange(2))
    line = lines_of("baseline", table, end.layout)[0].split(",")
    assert line[:7] == [
        "baseline",
        "0",
        "under_way",
        "2016-Q1",
        "2016-01-01",
        "2016-Q1",
        "2016-01-01",
    ]
    assert {"tank_alp", "2018-Q2", "delivered"} <= {*line} | {"delivered"}


def test_an_order_of_the_period_before_the_start_has_its_date(tmp_path):
    end = record(model(tmp_path, under_way(ordered="2017-Q3")), 4).end
    table = transfers_of(end.log, end.layout, np.arange(2))
    line = lines_of("baseline", table, end.layout)[0].split(",")
    assert line[3:7] == ["2017-Q3", "2017-07-01", "2017-Q3", "2017-07-01"]


def test_its_draws_depend_on_its_name_and_not_on_other_orders(tmp_path):
    other = {"backlog": {"abc": {**ORDER, "offer": "shield_bet", "units": 1, "left": 1}}}
    other["backlog"]["abc"]["recipient"] = "GAM"
    defective = {"offers": {"tank_alp": {"defect": 0.5}}, "events": {}}
    one = record(model(tmp_path, merged(defective, under_way())), 64).end
    two = record(model(tmp_path, merged(merged(defective, under_way()), other)), 64).end
    assert np.array_equal(one.log.withdrawn[-1], two.log.withdrawn[-1])
    assert 0 < (one.log.withdrawn[-1] > 0).mean() < 1


def test_without_orders_under_way_there_is_no_row(tmp_path):
    alone = columns(record(model(tmp_path)))
    assert same(alone, columns(record(model(tmp_path, {"backlog": {}})))) == []


def test_orders_of_before_the_start_are_delivered_but_not_counted_as_orders(tmp_path):
    rockets = {"offer": "rocket_bet", "units": 8, "ordered": "2017-Q1", "due": "2018-Q2", "left": 1}
    shut = {"offers": {name: {"open": False} for name in SMALL["offers"]}}
    found = record(model(tmp_path, merged(shut, under_way(**rockets))), 4)
    place = found.end.layout.states.index("DEL")
    assert not found.series["strike_ordered"].any()
    delivered = found.series["strike_delivered"][:, place].all(axis=-1)
    assert delivered.tolist() == [False] * 2 + [True] * 10  # in 2018-Q2, the second of two
