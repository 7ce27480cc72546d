import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.objection import Objection
from tests.strategies import assert_moves, few, numbers, total

# the values of the arithmetic below, whatever a law starts from
OBJECTION = Objection(
    objection_constant=-2.0,
    by_harm=5.0,
    by_engagement=1.0,
    stall_constant=-0.5,
    stall_years=0.5,
    block_constant=-1.5,
    block_norm=1.0,
    block_regard=1.0,
    block_dependence=1.0,
    block_supplier=1.0,
    block_own_sales=1.0,
)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_harm_protest_and_blocking_worked_by_hand():
    law = OBJECTION
    # a member half engaged sells a weapon of offence 0.8 to a rival with a dispute of 0.9: 0.36
    assert law.harm(**arrays(engagement=0.5, rivalry=0.9, offence=0.8)) == pytest.approx(0.36)
    # -2 + 5 x 0.36 + 1 x 0.6 = 0.4
    assert total(law.protest(**arrays(harm=0.36, engagement=0.6))) == pytest.approx(0.4)
    # -1.5 + 0.8 (1 - 0.5) + 0.7 + 0.6 - 0.5 - 0.25 = -0.55
    case = arrays(
        norm=0.8, precedent=0.5, regard=0.7, dependence=0.6, regard_supplier=0.5, own_sales=0.25
    )
    assert total(law.block(**case)) == pytest.approx(-0.55)


@pytest.mark.parametrize("missing", ["engagement", "rivalry", "offence"])
@few
@given(data=st.data())
def test_outsiders_friends_and_defensive_arms_do_no_harm(missing, data):
    given_ = data.draw(numbers(Objection, "harm"))
    assert OBJECTION.harm(**{**given_, missing: np.array([0.0])}) == 0.0


@pytest.mark.parametrize("argument", ["engagement", "rivalry", "offence"])
@few
@given(data=st.data())
def test_harm_rises_with_participation_dispute_and_offence(argument, data):
    assert_moves(data, Objection, "harm", argument, +1)


@pytest.mark.parametrize("argument", ["harm", "engagement"])
@few
@given(data=st.data())
def test_the_harmed_and_the_engaged_protest(argument, data):
    assert_moves(data, Objection, "protest", argument, +1)


@pytest.mark.parametrize(
    ("argument", "sign"),
    [
        ("norm", +1),
        ("precedent", -1),
        ("regard", +1),
        ("dependence", +1),
        ("regard_supplier", -1),
        ("own_sales", -1),
    ],
)
@few
@given(data=st.data())
def test_leaders_block_for_the_norm_and_the_objectors_but_not_their_own_market(
    argument, sign, data
):
    assert_moves(data, Objection, "block", argument, sign)
