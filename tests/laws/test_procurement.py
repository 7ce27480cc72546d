import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.procurement import Procurement
from tests.strategies import few, numbers, total

# the values of the arithmetic below, whatever a law starts from
PROCUREMENT = Procurement(
    review=3.0,
    by_gain=1.0,
    least_gain=0.001,
    by_price=0.5,
    by_affinity=1.5,
    by_reputation=1.0,
    by_familiarity=1.0,
    by_wait=0.3,
    by_defect=4.0,
    by_refusal=3.0,
    by_risk=2.0,
    by_spread=1.5,
    spread_from=0.6,
    noise=0.7,
    volume=0.5,
    foresight=0.8,
)

GAIN = np.array([0.019])
OFFER = {
    "price": np.array([np.e**2]),
    "lag": np.array([2.0]),
    "defect": np.array([0.1]),
}


def test_the_utility_of_an_offer_worked_by_hand():
    # ln(0.019 + 0.001) = -3.912023; -0.5 x 2 = -1; -0.3 x 2 = -0.6; -4 x 0.1 = -0.4; -5.912023
    law = PROCUREMENT
    offer = law.by_drop(gain=GAIN) + total(law.offer_terms(**OFFER))
    assert offer == pytest.approx(-5.912023, abs=1e-6)
    # 1.5 x 0.4 + 1 x 0.7 + 1 x 0.5 - 3 x 0.2 = 1.2, and 0.5 x 1 for a price of 1 / e of the list
    supplier = {"affinity": 0.4, "reputation": 0.7, "familiarity": 0.5, "refusal": 0.2}
    supplier |= {"ties": 0.0, "stops": 0.0}
    case = {name: np.array([value]) for name, value in supplier.items()}
    assert total(law.supplier_terms(**case, discount=np.array([0.0]))) == pytest.approx(1.2)
    cheap = np.array([1 - np.exp(-1)])
    assert total(law.supplier_terms(**case, discount=cheap)) == pytest.approx(1.7)


def test_a_supplier_of_rivals_and_dependence_cost_worked_by_hand():
    # half its deliveries to rivals, a fifth of the others refused: 2 (1 - 0.5 x 0.8) = 1.2;
    # four fifths of all imports, 0.2 beyond the threshold: 1.5 x 0.2 = 0.3, and 0.8 for them
    case = dict.fromkeys(("affinity", "reputation", "refusal", "discount"), np.array([0.0]))
    case |= {"familiarity": np.array([0.8]), "ties": np.array([0.5]), "stops": np.array([0.2])}
    terms = PROCUREMENT.supplier_terms(**case)
    assert terms["risk"] == pytest.approx(-1.2)
    assert terms["spread"] == pytest.approx(-0.3)
    assert total(terms) == pytest.approx(-0.7)
    assert total(Procurement().supplier_terms(**case)) == Procurement().by_familiarity * 0.8  # off


@pytest.mark.parametrize(
    ("purse", "stock", "batches"),
    [(100.0, 50.0, 5.0), (109.0, 50.0, 5.0), (11.0, 50.0, 1.0), (100.0, 3.0, 3.0)],
)
def test_half_the_purse_in_whole_batches_one_at_least_within_the_stock(purse, stock, batches):
    found = PROCUREMENT.batches(
        purse=np.array([purse]), price=np.array([10.0]), stock=np.array([stock])
    )
    assert found == batches


@pytest.mark.parametrize(
    ("fund", "owed", "purse"),
    [
        # 100 + 0.8 x 50 x 2 less what is owed
        (100.0, 30.0, 150.0),
        (100.0, 500.0, 0.0),
        # deposits of a tenth: 5 of money can bind 50 and no more
        (5.0, 0.0, 50.0),
    ],
)
def test_the_purse_worked_by_hand(fund, owed, purse):
    found = PROCUREMENT.purse(
        fund=np.array([fund]),
        budget=np.array([50.0]),
        lag=np.array([2.0]),
        owed=np.array([owed]),
        deposit=np.array([0.1]),
    )
    assert found == pytest.approx(purse)


@few
@given(given_=numbers(Procurement, "purse"))
def test_without_foresight_an_order_binds_no_more_than_the_fund(given_):
    found = Procurement(foresight=0.0).purse(**{**given_, "deposit": np.array([0.1])})
    assert found <= given_["fund"]


@few
@given(loss=st.floats(-0.5, 0.0))
def test_offers_that_lower_no_insecurity_do_not_differ(loss):
    none, worse = (PROCUREMENT.by_drop(gain=np.array([gain])) for gain in (0.0, loss))
    assert none == worse == pytest.approx(np.log(0.001))


@few
@given(factor=st.floats(0.1, 10.0))
def test_prices_count_by_their_ratio(factor):
    law = PROCUREMENT
    dear = law.offer_terms(**{**OFFER, "price": factor * OFFER["price"]})["price"]
    assert dear - law.offer_terms(**OFFER)["price"] == pytest.approx(-0.5 * np.log(factor))


def test_familiarity_may_help_or_harm():
    others = ("affinity", "reputation", "refusal", "ties", "stops", "discount")
    known = {name: np.array([0.0]) for name in others}
    for weight in (-1.0, 2.0):
        law = Procurement(by_familiarity=weight)
        found = law.supplier_terms(**known, familiarity=np.array([1.0]))
        assert total(found) == pytest.approx(weight)
