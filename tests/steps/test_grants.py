"""Grants: money for arms goes from fund to fund, and a leader's grants count like its terms."""

import numpy as np
import pytest

from sim.conform import conservation
from sim.steps.grants import given, grant, granted
from tests.small import built, model, record

ALP, BET, DEL, GAM = range(4)
START = 8071  # 2017-Q4, by date
OF = {"donor": "ALP", "recipient": "GAM", "source": "assumed"}


def with_grants(**grants):
    return {"grants": {name: {**OF, **each} for name, each in grants.items()}}


@pytest.fixture
def world(tmp_path):
    return lambda **grants: built(model(tmp_path, with_grants(**grants)), 3).world


def worth(world, periods):
    return [granted(world, START + n, 0.25)[0, 0] for n in range(periods)]


def test_a_yearly_grant_is_given_in_parts_from_its_first_to_its_last_date(world):
    assert worth(world(a={"yearly": 8, "for": "aid"}), 3) == [2, 2, 2]
    dated = {"yearly": 8, "from": "2018-Q1", "until": "2018-Q2", "for": "aid"}
    assert worth(world(a=dated), 4) == [0, 2, 2, 0]


def test_a_total_is_given_at_its_date_or_evenly_until_another(world):
    assert worth(world(a={"total": 9, "from": "2018-Q1", "for": "aid"}), 3) == [0, 9, 0]
    spread = {"total": 9, "from": "2018-Q1", "until": "2018-Q3", "for": "aid"}
    assert worth(world(a=spread), 5) == pytest.approx([0, 3, 3, 3, 0])
    year = {"total": 8, "from": "2018", "for": "aid"}  # over the year that it names
    assert worth(world(a=year), 6) == pytest.approx([0, 2, 2, 2, 2, 0])


def test_money_for_arms_goes_from_fund_to_fund_and_the_treasury_gives_what_a_fund_has_not(world):
    before = world(a={"yearly": 40, "for": "arms"}, b={"yearly": 40, "for": "base"})
    after = grant(before.but(fund=0 * before.fund + 25), START, 0.25)
    assert np.all(after.fund[ALP] == 15)
    assert np.all(after.fund[GAM] == 35)
    poor = grant(before.but(fund=0 * before.fund + 4), START, 0.25)
    assert np.all(poor.fund[ALP] == 0)
    assert np.all(poor.fund[GAM] == 14)
    table = given(before, granted(before, START, 0.25))
    assert np.all(table[GAM, ALP] == 20)
    assert table.sum() == 20 * 3


def test_what_the_leader_gives_raises_rent_and_participation_and_what_others_give_does_not(
    tmp_path,
):
    plain = record(model(tmp_path), 8)
    by_leader = record(model(tmp_path, with_grants(a={"yearly": 50, "for": "base"})), 8)
    stranger = with_grants(a={"yearly": 50, "for": "base", "donor": "DEL"})
    by_other = record(model(tmp_path, stranger), 8)
    row = plain.end.layout.subjects["member"].index("GAM:PACT")
    assert np.all(by_leader.series["rent"][:, row] > plain.series["rent"][:, row])
    assert np.all(
        by_leader.series["participation"][1:, row] > plain.series["participation"][1:, row]
    )
    for name, values in plain.series.items():
        assert np.array_equal(values, by_other.series[name], equal_nan=True), name


@pytest.mark.parametrize("budget", ["fixed", "responsive"])
def test_money_is_conserved(tmp_path, budget):
    grants = with_grants(
        a={"total": 400, "from": "2018-Q1", "until": "2018-Q3", "for": "arms"},
        b={"yearly": 9, "for": "arms", "donor": "GAM", "recipient": "BET"},
    )
    parts = model(tmp_path, {**grants, "rules": {"budget": budget}})
    assert conservation.money(built(parts, 16)) == ""
