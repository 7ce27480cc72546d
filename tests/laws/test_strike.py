import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.strike import Strike
from tests.strategies import few, numbers

# parameters of the worked examples below, which do not depend on the defaults
STRIKE = Strike(charge_scale=500.0, defence_scale=400.0)

REACHES = {"reach": np.array([300.0]), "distance": np.array([200.0])}
MISSILE = {
    "rounds": np.array([10.0]),
    "reliability": np.array([0.9]),
    "payload": np.array([500.0]),
    "cep": np.array([30.0]),
    "radius": np.array([30.0]),
    **REACHES,
}


def test_a_strike_worked_by_hand():
    # ten rounds, nine of ten reliable, charge (500/500)^(2/3) = 1, radius = CEP: half hit; 4.5
    law = STRIKE
    assert law.yields(**MISSILE) == pytest.approx(4.5)
    # air defence of 400 TIV lets exp(-1) = 0.367879 through
    assert law.passing(defence=np.array([400.0])) == pytest.approx(0.367879, abs=1e-6)
    # ln 2 of the hardness in hits destroys half of an asset that is half of all value
    lost = law.destroyed(
        hits=np.array([20 * np.log(2)]), value=np.array([0.5]), hardness=np.array([20.0])
    )
    assert lost == pytest.approx(0.25)


def test_eight_times_the_payload_is_four_times_the_charge():
    heavy = STRIKE.yields(**{**MISSILE, "payload": np.array([4000.0])})
    assert heavy == pytest.approx(4 * 4.5)


@few
@given(given_=numbers(Strike, "yields"), short=st.floats(0.1, 100.0))
def test_no_system_hits_beyond_its_range_or_without_a_strike_role(given_, short):
    beyond = {**given_, "distance": given_["reach"] + short}
    assert STRIKE.yields(**beyond) == 0.0
    assert STRIKE.yields(**{**given_, "cep": np.array([0.0])}) == 0.0


@few
@given(given_=numbers(Strike, "yields"))
def test_no_more_rounds_hit_than_are_fired_and_work(given_):
    full = {**given_, "payload": np.array([500.0])}
    fired = given_["rounds"] * given_["reliability"]
    assert np.all(STRIKE.yields(**full) <= fired * (1 + 1e-12))


@few
@given(one=st.floats(0.0, 1000.0), two=st.floats(0.0, 1000.0))
def test_two_layers_of_defence_let_through_the_product(one, two):
    law = STRIKE
    both = law.passing(defence=np.array([one + two]))
    assert both == pytest.approx(
        law.passing(defence=np.array([one])) * law.passing(defence=np.array([two]))
    )


@few
@given(hits=st.floats(0.0, 100.0), more=st.floats(0.0, 100.0))
def test_more_of_the_same_destroys_ever_less(hits, more):
    def lost(hits):
        return STRIKE.destroyed(
            hits=np.array([hits]), value=np.array([0.4]), hardness=np.array([8.0])
        )

    assert lost(hits + 2 * more) - lost(hits + more) <= lost(hits + more) - lost(hits) + 1e-12
