import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.consent import Consent
from tests.strategies import assert_moves, few, numbers, total

# the values of the arithmetic below, whatever a law starts from
CONSENT = Consent(
    base=1.5,
    by_margin=1.0,
    by_affinity=2.0,
    by_leverage=1.0,
    by_dispute=6.0,
    by_arrears=1.0,
    hold=4.0,
    memory=2.0,
)

CASE = {
    "price": 100 * (np.e - 1),
    "export_scale": 100.0,
    "affinity": 0.3,
    "debt": 0.0,
    "spending": 800.0,
    "rivalry": 0.1,
    "arrears": 0.5,
    "friends": 0.2,
    "norm": 0.4,
}


def test_the_odds_of_consent_worked_by_hand():
    # 1.5 + ln(1 + e - 1) + 2 x 0.3 + 0 - 6 x 0.1 - 1 x 0.5 - 0.2 - 0.4 = 1.4
    given_ = {name: np.array([value]) for name, value in CASE.items()}
    assert total(CONSENT.terms(**given_)) == pytest.approx(1.4)
    # a debt of a year's military spending adds tanh(1) = 0.761594
    owing = {**given_, "debt": given_["spending"]}
    assert total(CONSENT.terms(**owing)) == pytest.approx(2.161594, abs=1e-6)


@few
@given(given_=numbers(Consent, "terms"))
def test_a_partner_without_a_price_has_no_margin(given_):
    assert CONSENT.terms(**{**given_, "price": np.array([0.0])})["margin"] == 0.0


@few
@given(given_=numbers(Consent, "terms"))
def test_leverage_is_bounded_however_large_the_debt(given_):
    owing = {**given_, "debt": np.array([1e12]), "spending": np.array([1.0])}
    assert CONSENT.terms(**owing)["leverage"] == pytest.approx(1.0)


@few
@given(given_=numbers(Consent, "terms"), unit=st.floats(0.01, 100.0))
def test_the_unit_of_money_does_not_count(given_, unit):
    money = ("price", "export_scale", "debt", "spending")
    given_["spending"] = given_["spending"] + 1.0
    scaled = {**given_, **{name: unit * given_[name] for name in money}}
    assert total(CONSENT.terms(**scaled)) == pytest.approx(total(CONSENT.terms(**given_)))


@pytest.mark.parametrize(
    ("argument", "sign"),
    [
        ("price", +1),
        ("export_scale", -1),
        ("affinity", +1),
        ("debt", +1),
        ("rivalry", -1),
        ("arrears", -1),
        ("friends", -1),
        ("norm", -1),
    ],
)
@few
@given(data=st.data())
def test_suppliers_weigh_margin_and_buyer_against_disputes_arrears_friends_and_norm(
    argument, sign, data
):
    assert_moves(data, Consent, "terms", argument, sign, fixed={"spending": np.array([500.0])})
