import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.contract import Contract
from tests.strategies import few, numbers

# parameters of the worked examples below, which do not depend on the defaults
CONTRACT = Contract(deposit=0.1, spread=0.25)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_a_contract_worked_by_hand():
    law = CONTRACT
    # 100 M, half on credit, two instalments: a tenth of the cash half now, 22.5 with each
    assert law.deposited(**arrays(value=100.0, credit=0.5)) == pytest.approx(5.0)
    paid = law.instalment(**arrays(value=100.0, credit=0.5, instalments=2.0))
    assert paid == pytest.approx(22.5)
    # two years, one standard deviation late: 2 e^0.25 = 2.568051
    assert law.wait(**arrays(lag=2.0, shock=1.0)) == pytest.approx(2.568051, abs=1e-6)


def test_preferential_terms_worked_by_hand():
    # 80 instead of 100, half of it on credit at 3 % over 10 years where 8 % is due:
    # gift (0.08 - 0.03) / (0.08 + 1/10) = 0.277778; 20 + 0.5 x 80 x 0.277778 = 31.111111
    terms = arrays(listed=100.0, value=80.0, credit=0.5, rate=0.03, tenor=10.0, market_rate=0.08)
    assert CONTRACT.waived(**terms) == pytest.approx(31.1111, abs=1e-4)


def test_the_grant_element_is_face_value_less_present_value_of_the_service():
    # repayments of 1/10 a year of what is left and 3 % on it, discounted at 8 %, for 200 years
    steps = 400_000
    when = (np.arange(steps) + 0.5) * 200 / steps
    service = (0.1 + 0.03) * np.exp(-when / 10) * np.exp(-0.08 * when) * 200 / steps
    terms = arrays(listed=1.0, value=1.0, credit=1.0, rate=0.03, tenor=10.0, market_rate=0.08)
    assert CONTRACT.waived(**terms) == pytest.approx(1 - service.sum(), abs=1e-6)


@few
@given(given_=numbers(Contract, "waived"), longer=st.floats(0.0, 20.0))
def test_a_longer_tenor_below_the_market_rate_is_a_larger_gift(given_, longer):
    cheap = {**given_, "rate": 0.5 * given_["market_rate"]}
    long = {**cheap, "tenor": cheap["tenor"] + longer}
    assert CONTRACT.waived(**long) >= CONTRACT.waived(**cheap) - 1e-9


def test_what_comes_of_an_instalment_worked_by_hand():
    law = Contract(on_account=0.5, late=0.8, slight=0.5)
    one, none = np.array([1.0]), np.array([0.0])
    # 30 of 120 million: a quarter is paid for; of the rest half on account: 0.25 + 0.375
    payable = law.payable(fund=np.array([30.0]), claims=np.array([120.0]))
    assert payable == pytest.approx(0.25)
    assert law.comes(payable=payable, trusted=one) == pytest.approx(0.625)
    assert law.comes(payable=payable, trusted=none) == pytest.approx(0.25)
    # a supplier half bound: 0.8 x 0.5 = 0.4 years late; e^(-1 / 0.4) = 0.082085 after a year,
    # e^(-0.5 / 0.4) = 0.286505 after half a year
    delay = law.delay(at_war=np.array([0.5]))
    assert law.slips(delay=delay, dt=1.0) == pytest.approx(0.082085, abs=1e-6)
    assert law.slips(delay=delay, dt=0.5) == pytest.approx(0.286505, abs=1e-6)
    assert law.slips(delay=none, dt=0.5) == 0.0
    assert law.slighted(delay=delay) == pytest.approx(0.041042, abs=1e-6)
    # off: all comes or, in arrears, what is paid for; wars delay nothing
    assert Contract().comes(payable=payable, trusted=one) == 1.0
    assert Contract().delay(at_war=one) == 0.0


def test_what_a_price_counts_as_with_a_gift_and_an_offset_worked_by_hand():
    # half on credit, a fifth of that a gift: 100 x 0.9; an offset of 0.4, worth half: x 0.8; 72
    case = {"price": 100.0, "credit": 0.5, "gift": 0.2, "offset": 0.4}
    known = {name: np.array([value]) for name, value in case.items()}
    assert Contract(by_offset=0.5).net(**known) == pytest.approx(72.0)
    assert Contract(by_offset=0.0).net(**known) == pytest.approx(90.0)  # off
