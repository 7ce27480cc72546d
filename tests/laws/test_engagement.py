import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.engagement import Engagement, MutualEngagement
from tests.strategies import few, numbers, total

# parameters of the worked examples below, which do not depend on the defaults
ENGAGEMENT = Engagement(
    base=-0.3,
    by_protection=6.0,
    by_rent=0.6,
    by_affinity=1.5,
    by_grievance=0.6,
    by_belief=1.5,
    by_exit=1.0,
    leader_share=0.6,
    inertia=2.0,
)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_the_worth_of_taking_part_worked_by_hand():
    # -0.3 + 6 x 0.1 + 0.6 ln 1.4 + 1.5 x 0.2 + 1.5 (2 x 0.6 - 1) - 0.6 ln 1.3 - 1 x 0.25
    # = -0.3 + 0.6 + 0.201883 + 0.3 + 0.3 - 0.157419 - 0.25 = 0.694464
    case = arrays(protection=0.1, rent=0.4, regard=0.2, belief=0.6, grievance=0.3, ways_out=0.25)
    assert total(ENGAGEMENT.terms(**case)) == pytest.approx(0.694464, abs=1e-6)


def test_regard_for_a_bloc_worked_by_hand():
    # 0.6 x 0.5 + 0.4 x -0.25 = 0.2
    assert ENGAGEMENT.regard(**arrays(leader=0.5, others=-0.25)) == pytest.approx(0.2)


@few
@given(given_=numbers(Engagement, "terms"))
def test_even_odds_of_aid_speak_neither_for_nor_against_taking_part(given_):
    even = ENGAGEMENT.terms(**{**given_, "belief": np.array([0.5])})
    assert even["belief"] == 0


@pytest.mark.parametrize(("argument", "term"), [("rent", "rent"), ("grievance", "grievance")])
@few
@given(given_=numbers(Engagement, "terms"), had=st.floats(0.0, 5.0), more=st.floats(0.1, 5.0))
def test_the_more_there_was_the_less_more_of_it_counts(argument, term, given_, had, more):
    first, second, third = (
        abs(ENGAGEMENT.terms(**{**given_, argument: np.array([had + n * more])})[term])
        for n in range(3)
    )
    assert second - first > third - second


def test_the_move_of_engagement_worked_by_hand():
    # worth 0 draws to one half; half a year of two: 1 - e^-0.25 = 0.221199 of the way from 0.9
    found = ENGAGEMENT.moved(**arrays(engagement=0.9, worth=0.0), dt=0.5)
    assert found == pytest.approx(0.9 - 0.4 * 0.221199, abs=1e-6)


def test_what_a_member_gets_by_its_standing_worked_by_hand():
    # 0.6 of protection and ln 1.5 = 0.405465 of terms count e^(2 (0.25 - 1)) = 0.223130 times,
    # protection half of that for a dispute of 0.5; a threat of 0.2 from within takes 3 x 0.2
    law = MutualEngagement(by_standing=2.0, by_within=3.0, by_protection=6.0, by_rent=1.0)
    case = arrays(protection=0.1, rent=0.5, regard=0.2, belief=0.6, grievance=0.3, ways_out=0.25)
    found = law.terms(**case, **arrays(standing=0.25, dispute=0.5, within=0.2))
    assert found["protection"] == pytest.approx(0.6 * 0.22313 * 0.5, abs=1e-6)
    assert found["rent"] == pytest.approx(0.405465 * 0.22313, abs=1e-6)
    assert found["within"] == pytest.approx(-0.6)


def test_with_both_numbers_off_and_no_dispute_members_weigh_as_in_the_standard():
    case = arrays(protection=0.1, rent=0.4, regard=0.2, belief=0.6, grievance=0.3, ways_out=0.25)
    stands = arrays(standing=-0.4, dispute=0.0, within=0.3)
    off = MutualEngagement(by_standing=0.0, by_within=0.0).terms(**case, **stands)
    assert {**Engagement().terms(**case), "within": 0.0} == off
