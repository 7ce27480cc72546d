import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import logistic
from sim.laws.consent import Consent, Imitation, StrictNorm
from tests.strategies import few, lawful, numbers, total

# parameters of the worked examples below, which do not depend on the defaults
UTILITY = {
    "base": 1.0,
    "by_margin": 1.0,
    "by_affinity": 2.0,
    "by_leverage": 1.0,
    "by_dispute": 6.0,
    "by_war": 2.0,
    "by_entrapment": 4.0,
    "hold": 4.0,
    "memory": 2.0,
}
CONSENT = Consent(**UTILITY)
STRICT = StrictNorm(**UTILITY, threshold=0.2, veto=8.0)
IMITATION = Imitation(**UTILITY, heed=np.log(2) / 0.3, slip=0.02)

CASE = {
    "price": 100 * (np.e - 1),
    "export_scale": 100.0,
    "affinity": 0.3,
    "debt": 0.0,
    "spending": 800.0,
    "rivalry": 0.1,
    "at_war": 0.0,
    "friends": 0.2,
    "norm": 0.4,
    "harm": 0.3,
    "following": 0.3,
    "example": 0.8,
}


def case(**changes):
    return {name: np.array([value]) for name, value in {**CASE, **changes}.items()}


def test_the_odds_of_consent_worked_by_hand():
    # 1 + ln(1 + e - 1) + 2 x 0.3 + 0 - 6 x 0.1 - 0.2 - 0.4 = 1.4
    given_ = case()
    assert total(CONSENT.terms(**given_)) == pytest.approx(1.4)
    # a debt of a year's military spending adds tanh(1) = 0.761594
    owing = {**given_, "debt": given_["spending"]}
    assert total(CONSENT.terms(**owing)) == pytest.approx(2.161594, abs=1e-6)


def test_a_supplier_at_war_consents_less_worked_by_hand():
    # half bound by a war: 2 x 0.5 less, 1.4 - 1 = 0.4; imitators, too: 0.993147 - 1
    assert total(CONSENT.terms(**case(at_war=0.5))) == pytest.approx(0.4)
    assert total(IMITATION.terms(**case(at_war=0.5))) == pytest.approx(-0.006853, abs=1e-6)
    assert Consent().by_war == 0.0  # off


def test_fear_of_entrapment_worked_by_hand():
    # a client's dispute of 0.8 with a state with which the patron has one of 0.25, a treaty of
    # 0.5 in which the patron takes full part, arms of offence 0.9: 0.8 x 0.75 x 0.5 x 0.9 = 0.27
    found = CONSENT.terms(**case(drawn_in=0.27))
    assert found["entrapment"] == pytest.approx(-1.08)
    assert total(found) == pytest.approx(0.32)
    found = total(IMITATION.terms(**case(drawn_in=0.27)))
    assert found == pytest.approx(0.993147 - 1.08, abs=1e-6)
    assert Consent().by_entrapment == 0.0  # off
    assert "entrapment" not in CONSENT.terms(**case())


@few
@given(given_=numbers(Consent, "terms"))
def test_a_partner_without_a_price_has_no_margin(given_):
    assert CONSENT.terms(**{**given_, "price": np.array([0.0])})["margin"] == 0.0


@few
@given(given_=numbers(Consent, "terms"), unit=st.floats(0.01, 100.0))
def test_the_unit_of_money_does_not_count(given_, unit):
    money = ("price", "export_scale", "debt", "spending")
    given_["spending"] = given_["spending"] + 1.0
    scaled = {**given_, **{name: unit * given_[name] for name in money}}
    assert total(CONSENT.terms(**scaled)) == pytest.approx(total(CONSENT.terms(**given_)))


def test_the_strict_norm_worked_by_hand():
    # harm of 0.3 is beyond 0.2: 1.4 + 0.4 - 8 = -6.2, about 2 in 1,000
    assert total(STRICT.terms(**case())) == pytest.approx(-6.2)
    # harm of 0.2 is not: the norm costs nothing, 1.4 + 0.4 = 1.8
    assert total(STRICT.terms(**case(harm=0.2))) == pytest.approx(1.8)


def test_imitation_worked_by_hand():
    # heed 0.3 = ln 2, so that h = 1/2: half of logit(0.8) = ln 4 = 1.386294; of the utility, 1.4,
    # the dispute of -0.6 and the friends of -0.2 count in full and half of the other 2.2:
    # 0.693147 + 1.1 - 0.8 = 0.993147
    assert total(IMITATION.terms(**case())) == pytest.approx(0.993147, abs=1e-6)
    # a leader that set no example: logit(0.02) = -3.891820
    found = total(IMITATION.terms(**case(example=0.0)))
    assert found == pytest.approx(-1.945910 + 0.3, abs=1e-6)
    # without a record there is no imitation: the utility, 1.4, for any value of the example
    for example in (0.0, 0.8):
        found = total(IMITATION.terms(**case(following=0.0, example=example)))
        assert found == pytest.approx(1.4)


@few
@given(data=st.data())
def test_the_strict_norm_is_a_veto_beyond_the_threshold_and_has_no_effect_below(data):
    law = data.draw(lawful(StrictNorm))
    given_ = {**data.draw(numbers(StrictNorm, "terms")), "spending": np.array([500.0])}
    free = total(law.terms(**{**given_, "harm": np.array([law.threshold])}))
    bound = total(law.terms(**{**given_, "harm": np.array([law.threshold + 1e-9])}))
    assert free - bound == pytest.approx(law.veto)
    utility = Consent(**{name: getattr(law, name) for name in UTILITY})
    assert free == pytest.approx(total(utility.terms(**{**given_, "norm": np.array([0.0])})))


@few
@given(data=st.data())
def test_a_sale_without_harm_and_a_sale_of_the_leader_are_decided_by_utility(data):
    law = data.draw(lawful(Imitation))
    given_ = {**data.draw(numbers(Imitation, "terms")), "spending": np.array([500.0])}
    given_["following"] = np.array([0.0])
    utility = Consent(**{name: getattr(law, name) for name in UTILITY})
    assert total(law.terms(**given_)) == pytest.approx(total(utility.terms(**given_)))


@few
@given(example=st.floats(0.1, 0.9))
def test_where_a_sale_harms_without_bound_members_consent_as_often_as_their_leader_did(example):
    given_ = case(following=1e6, example=example, rivalry=0.0, friends=0.0)
    assert logistic(total(IMITATION.terms(**given_))) == pytest.approx(example)
