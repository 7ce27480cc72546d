import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.strength import Strength
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
STRENGTH = Strength(conversion=0.1)

AMOUNTS = st.floats(0.0, 2000.0)


def strength(spending, held, satiation):
    arms = STRENGTH.arms(
        held=np.array(held, dtype=float)[None, :, None],
        satiation=np.array(satiation, dtype=float)[:, None],
    )
    return STRENGTH.strength(spending=np.array([[spending]]), arms=arms)[0, 0]


def test_strength_worked_by_hand():
    # 1000 x 0.1 = 100; a class of 100 TIV that holds 100 (e - 1) adds 100 ln e = 100; 200 in all
    assert strength(1000.0, [100 * (np.e - 1)], [100.0]) == pytest.approx(200.0)


@few
@given(held=AMOUNTS, batch=st.floats(1.0, 500.0), satiation=st.floats(10.0, 400.0))
def test_a_filled_class_adds_less_with_every_batch(held, batch, satiation):
    first, second, third = (strength(0.0, [held + n * batch], [satiation]) for n in range(3))
    assert third - second <= second - first + 1e-9
    assert second - first <= batch + 1e-9


@few
@given(held=AMOUNTS, batch=st.floats(1.0, 500.0), satiation=st.floats(10.0, 400.0))
def test_an_empty_class_is_worth_more_than_one_that_holds_arms(held, batch, satiation):
    pair = [satiation, satiation]
    new_class = strength(0.0, [held, batch], pair)
    assert new_class >= strength(0.0, [held + batch, 0.0], pair) - 1e-9


@few
@given(held=AMOUNTS)
def test_a_class_without_satiation_adds_what_it_holds(held):
    assert strength(0.0, [held], [1e12]) == pytest.approx(held, rel=1e-6, abs=1e-3)
