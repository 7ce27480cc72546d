import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.restraint import Restraint
from tests.strategies import assert_moves, numbers

NORM = {
    "norm": 0.8, "precedent": 0.5, "engagement": 0.6, "rivalry": 0.9, "offence": 1.0, "exposed": 1.0
}
CASE = {name: np.array([value]) for name, value in NORM.items()}


def test_restraint_worked_by_hand():
    # 3 x 0.8 x (1 - 0.5) x 0.6 x 0.9 x 1 x 1 = 0.648
    assert Restraint().norm(**CASE) == pytest.approx(0.648)
    # 6 x 0.5 x 0.4 x 0.5 = 0.6; a state that is no friend restrains nobody
    harmed = {"rivalry": np.array([0.5]), "exposed": np.array([0.5])}
    assert Restraint().friend(**harmed, affinity=np.array([0.4])) == pytest.approx(0.6)
    assert Restraint().friend(**harmed, affinity=np.array([-0.4])) == 0.0


@given(given_=numbers(Restraint, "norm"), friend=numbers(Restraint, "friend"))
def test_a_captive_client_can_be_harmed_freely(given_, friend):
    captive = np.array([0.0])
    assert Restraint().norm(**{**given_, "exposed": captive}) == 0.0
    assert Restraint().friend(**{**friend, "exposed": captive}) == 0.0


@given(given_=numbers(Restraint, "norm"))
def test_a_norm_that_everyone_breaks_holds_nobody_back(given_):
    assert Restraint().norm(**{**given_, "precedent": np.array([1.0])}) == 0.0


@given(given_=numbers(Restraint, "norm"))
def test_a_weapon_without_offence_harms_nobody(given_):
    assert Restraint().norm(**{**given_, "offence": np.array([0.0])}) == 0.0


@pytest.mark.parametrize(
    ("argument", "sign"),
    [
        ("norm", +1),
        ("precedent", -1),
        ("engagement", +1),
        ("rivalry", +1),
        ("offence", +1),
        ("exposed", +1),
    ],
)
@given(data=st.data())
def test_the_norm_holds_back_the_engaged_from_harming_and_erodes_by_precedent(
    argument, sign, data
):
    assert_moves(data, Restraint, "norm", argument, sign)


@pytest.mark.parametrize("argument", ["rivalry", "affinity", "exposed"])
@given(data=st.data())
def test_friends_hold_back_by_their_dispute_and_by_regard_for_them(argument, data):
    assert_moves(data, Restraint, "friend", argument, +1)
