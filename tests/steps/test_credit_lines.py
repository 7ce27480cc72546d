"""Credit lines: drawn as orders are made, spent in the end, closed at their date."""

import numpy as np
import pytest

from sim.steps.credit_lines import drawn, lines, within
from sim.steps.privileges import privilege
from tests.small import built, model, passing

ALP, BET, DEL, GAM = range(4)
LINE = {"credit_lines": {"GAM": 0.75}, "credit_amounts": {"GAM": 30}}


@pytest.fixture
def world(tmp_path):
    return built(model(tmp_path, {"blocs": {"PACT": LINE}}), 3).world


def rows(*values):
    return np.array(values, dtype=np.int64)[:, None] * np.ones(3, dtype=np.int64)


def test_a_line_counts_as_long_as_something_is_left_of_it(world):
    parts = world.layout.blocs.index("PACT")
    assert np.all(lines(world)[GAM, parts] == 0.75)
    spent = world.but(credit_left=0 * world.member)
    assert np.all(lines(spent)[GAM, parts] == 0)


def test_beyond_what_is_left_orders_are_paid_for_and_what_all_members_get_stays(world):
    tank = world.layout.offers.index("tank_alp")
    who, of = rows(GAM, GAM, BET), rows(tank, tank, tank)
    asked = np.array([[0.75], [0.75], [0.4]]) * np.ones(3)
    value = np.array([[36.0], [60.0], [1e4]]) * np.ones(3)
    credit = within(world, asked, who, of, value)
    # 27 of 36 million are within 30; of 60 only half; BET has 40 % as all members do
    assert credit == pytest.approx(np.array([[0.75], [0.5], [0.4]]) * np.ones(3))
    huge = within(world, asked, who, of, 100 * value)
    assert huge == pytest.approx(0.4 * np.ones((3, 3)))
    left = drawn(world, who, of, np.array([[12.0], [3.0], [50.0]]) * np.ones(3))
    bloc = world.layout.blocs.index("PACT")
    assert np.all(left[GAM, bloc] == 15)
    assert np.all(left[BET, bloc] == np.inf)


def test_no_credit_is_drawn_beyond_the_amount_or_after_the_date(tmp_path):
    ends = {"blocs": {"PACT": {**LINE, "credit_until": {"GAM": "2018-Q4"}}}}
    parts = built(model(tmp_path, ends), 16)
    world, bloc = parts.world, parts.world.layout.blocs.index("PACT")
    for at, (_, passed) in enumerate(passing(parts)):
        after = passed.world.credit_left[GAM, bloc]
        assert np.all((after >= 0) & (after <= world.credit_left[GAM, bloc]))
        world = passed.world
        if at >= 5:  # 2019-Q1
            assert np.all(after == 0)
            terms = privilege(world, parts.rules)
            assert np.all(terms.credit[GAM, ALP] == 0.4)


def test_endless_lines_are_as_they_were(tmp_path):
    line = {"blocs": {"PACT": {"credit_lines": {"GAM": 0.75}}}}
    world = built(model(tmp_path, line), 3).world
    assert not world.layout.limited.size
    assert lines(world) is world.credit_line


def test_an_endless_line_ends_at_its_date(tmp_path):
    line = {"credit_lines": {"GAM": 0.75}, "credit_until": {"GAM": "2018-Q4"}}
    parts = built(model(tmp_path, {"blocs": {"PACT": line}}), 3)
    bloc = parts.world.layout.blocs.index("PACT")
    left = [passed.world.credit_left[GAM, bloc] for _, passed in passing(parts)]
    assert np.all(left[0] == np.inf)
    assert np.all(left[-1] == 0)
