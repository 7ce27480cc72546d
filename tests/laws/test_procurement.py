import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.procurement import LEAST_GAIN, Procurement
from tests.strategies import few, numbers, total

# parameters of the worked examples below, which do not depend on the defaults
PROCUREMENT = Procurement(
    visits=2.0,
    programme=50.0,
    by_budget=0.5,
    by_purse=2.0,
    approach=-2.0,
    by_regard=6.7,
    by_legacy=1.46,
    by_renown=1.0,
    by_gain=1.0,
    by_affinity=1.5,
    by_reputation=1.0,
    by_familiarity=1.0,
    by_wait=0.3,
    by_defect=4.0,
    by_refusal=3.0,
    by_risk=0.0,
    by_spread=0.0,
    volume=0.5,
    foresight=0.8,
    largest=4.0,
    lending=3.0,
)


def column(**values):
    return {name: np.array([float(value)]) for name, value in values.items()}


def test_visits_rise_with_the_purse_worked_by_hand():
    # a purse of 150, and 50 + 0.5 x 100 = 100 that is worth the while: 2 x 1.5^2
    assert PROCUREMENT.rate(**column(purse=150, budget=100)) == pytest.approx(4.5)
    constant = Procurement(by_purse=0.0, visits=2.0)
    assert constant.rate(**column(purse=150, budget=100)) == pytest.approx(2.0)


def test_a_stranger_is_looked_at_by_regard_legacy_and_customers_worked_by_hand():
    # -2 + 6.7 x 0.2 + 1.46 x 0.5 + ln(1 + 19) = 0.07 + 2.995732
    found = PROCUREMENT.approaching(**column(mutual=0.2, legacy=0.5, users=19))
    assert found == pytest.approx(3.065732)
    off = Procurement(by_legacy=1.46, by_regard=6.7, approach=-2.0, by_renown=0.0)
    assert off.approaching(**column(mutual=0.2, legacy=0.5, users=19)) == pytest.approx(0.07)


def test_the_utility_of_an_offer_worked_by_hand():
    # a tenth of the gain of the best: ln 0.1 = -2.302585; -0.3 x 2 = -0.6; -4 x 0.1 = -0.4
    found = total(
        PROCUREMENT.offer_terms(**column(gain=0.01 - 0.9 * LEAST_GAIN, best=0.1, lag=2, defect=0.1))
    )
    assert found == pytest.approx(-3.302585, abs=1e-6)
    # 1.5 x 0.4 + 1 x 0.7 + 1 x 0.5 - 3 x 0.2 = 1.2
    supplier = column(
        affinity=0.4, reputation=0.7, familiarity=0.5, refusal=0.2, ties=0.0, stops=0.0
    )
    assert total(PROCUREMENT.supplier_terms(**supplier)) == pytest.approx(1.2)


def test_suppliers_of_rivals_and_dependence_count_where_they_are_switched_on():
    law = Procurement(by_risk=2.0, by_spread=3.0, spread_from=0.5)
    case = column(affinity=0, reputation=0, familiarity=0.9, refusal=0, ties=0.5, stops=0.2)
    found = law.supplier_terms(**case)
    assert found["risk"] == pytest.approx(-2 * (1 - 0.5 * 0.8))
    assert found["spread"] == pytest.approx(-3 * 0.4)


def test_what_fellow_members_would_say_is_foreseen_worked_by_hand():
    case = column(affinity=0, reputation=0, familiarity=0, refusal=0, ties=0, stops=0)
    found = Procurement(by_custom=1.5).supplier_terms(**case, **column(displeasure=0.6))
    assert found["custom"] == pytest.approx(-0.9)
    assert "custom" not in PROCUREMENT.supplier_terms(**case)  # no bloc has a custom


def test_what_is_left_at_a_date_worked_by_hand():
    # 100 and 0.8 of 50 a year for two years, less 30
    found = PROCUREMENT.slack(**column(fund=100, income=50, years=2, owed=30))
    assert found == pytest.approx(150.0)


def test_what_may_be_lent_worked_by_hand():
    assert PROCUREMENT.room(**column(budget=50, lent=40)) == pytest.approx(110.0)
    assert PROCUREMENT.room(**column(budget=50, lent=400)) == pytest.approx(0.0)


ORDER = {"purse": 90, "cash": 50, "room": 100, "credit": 0.5, "gift": 0.2, "budget": 50}


@pytest.mark.parametrize(
    ("other", "value"),
    [
        ({}, 50.0),  # half of 90 / (1 - 0.5 x 0.2)
        ({"gift": 0.0}, 45.0),  # a loan alone adds nothing
        ({"room": 20}, 47.0),  # half of 90 + 0.2 x 20: no more can be lent
        ({"cash": 2}, 20.0),  # a deposit of a tenth of half the price: half of 2 / 0.1 / 0.5
        ({"cash": 2, "room": 5}, 12.5),  # half of 2 / 0.1 + 5
        ({"budget": 10}, 40.0),  # four years of budget
    ],
)
def test_the_value_of_an_order_worked_by_hand(other, value):
    found = PROCUREMENT.value(**column(**{**ORDER, **other}), deposit=0.1)
    assert found == pytest.approx(value)


@pytest.mark.parametrize(
    ("value", "most", "units"), [(59.0, 50.0, 5.0), (9.0, 50.0, 0.0), (59.0, 3.5, 3.0)]
)
def test_whole_units_within_what_there_is(value, most, units):
    assert PROCUREMENT.units(**column(value=value, price=10, most=most)) == units


@few
@given(given_=numbers(Procurement, "slack"))
def test_without_foresight_the_fund_alone_counts(given_):
    found = Procurement(foresight=0.0).slack(**given_)
    assert found == pytest.approx(given_["fund"] - given_["owed"])


@few
@given(credit=st.floats(0.0, 1.0))
def test_credit_without_a_gift_does_not_raise_purchasing_power(credit):
    plain = {**ORDER, "cash": 1e6, "gift": 0.0}
    found, cash = (
        PROCUREMENT.value(**column(**{**plain, "credit": each}), deposit=0.1)
        for each in (credit, 0.0)
    )
    assert found == pytest.approx(cash)


@few
@given(loss=st.floats(-0.5, 0.0))
def test_offers_that_lower_no_insecurity_do_not_differ(loss):
    none, worse = (
        PROCUREMENT.offer_terms(**column(gain=gain, best=0.1, lag=0, defect=0))["gain"]
        for gain in (0.0, loss)
    )
    assert none == worse == pytest.approx(np.log(LEAST_GAIN / (0.1 + LEAST_GAIN)))


def test_familiarity_may_help_or_harm():
    known = column(affinity=0, reputation=0, refusal=0, familiarity=1, ties=0, stops=0)
    for weight in (-1.0, 2.0):
        law = Procurement(by_familiarity=weight)
        assert total(law.supplier_terms(**known)) == pytest.approx(weight)
