import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import added, chance
from sim.laws.membership import (
    FROZEN,
    STAGES,
    Membership,
    PricedMembership,
    ShockedMembership,
)
from tests.strategies import few, lawful

# parameters of the worked examples below, which do not depend on the defaults
MEMBERSHIP = Membership(exit_rate=0.2, exit_scale=0.05, skips=0.45, step=0.08)


def hazard(law, **case):
    return law.hazard(wish=added(law.terms(**case)))


def stage(engagement, law=None):
    return (law or MEMBERSHIP).stage(engagement=np.array([engagement]))[0]


def test_the_hazard_of_exit_worked_by_hand():
    # a fifth a year at zero engagement; at 0.05 a fifth of e^-1
    law = MEMBERSHIP
    assert hazard(law, engagement=np.array([0.0])) == pytest.approx(0.2)
    assert hazard(law, engagement=np.array([0.05])) == pytest.approx(0.073576, abs=1e-6)


@pytest.mark.parametrize(
    ("engagement", "expected"),
    [(1.0, 0), (0.45, 0), (0.44, 1), (0.36, 2), (0.28, 3), (0.20, 4), (0.12, 5), (0.0, 5)],
)
def test_the_ladder_worked_by_hand(engagement, expected):
    # below 0.45, then a stage for every 0.08: 0.45, 0.37, 0.29, 0.21, 0.13
    assert stage(engagement) == expected


def test_a_frozen_membership_is_the_third_stage():
    assert STAGES[FROZEN] == "frozen"
    assert len(STAGES) == 6


@few
@given(engagement=st.floats(0.4, 1.0), dt=st.floats(0.01, 1.0))
def test_membership_is_sticky(engagement, dt):
    assert chance(hazard(MEMBERSHIP, engagement=np.array([engagement])), dt) < 1e-4


@few
@given(law=lawful(Membership), engagement=st.floats(0.0, 1.0))
def test_stages_are_whole_numbers_of_the_ladder(law, engagement):
    assert stage(engagement, law) in range(len(STAGES))


def test_the_price_of_leaving_worked_by_hand():
    # a leader 19 times as strong, of whose strength half arrives: 0.8 x 0.95 x 0.5 = 0.38 by land;
    # overseas a fifth of that
    law = PricedMembership(overseas=0.2)
    case = {"coerces": 0.8, "strength": 10.0, "leader": 190.0, "near": 0.5}
    found = [
        law.price(**{name: np.array([each]) for name, each in {**case, "access": access}.items()})
        for access in (1.0, 0.0)
    ]
    assert np.concatenate(found) == pytest.approx([0.38, 0.076])


def test_the_hazard_of_exit_at_a_price_worked_by_hand():
    # 0.2 e^-(0.05 / 0.05 + 4 x 0.25 + 2 (1 - 0.5)) = 0.2 e^-3
    law = PricedMembership(exit_rate=0.2, exit_scale=0.05, by_coercion=4.0, by_need=2.0)
    case = {"engagement": np.array([0.05]), "price": np.array([0.25]), "ways_out": np.array([0.5])}
    assert hazard(law, **case) == pytest.approx(0.2 * np.exp(-3))


def test_a_shock_and_what_follows_it_worked_by_hand():
    # 0.8 e^-0.5 + (1 - 0.25) + 0.25 x 0.4 = 1.335225; at 0.067 a year each
    law = ShockedMembership(shock_memory=2.0, breach=0.25, freezing=0.067, thaw=0.5, skips=0.45)
    given = {name: np.array([each]) for name, each in
             {"shaken": 0.8, "refused": 0.75, "harm": 0.4}.items()}  # fmt: skip
    shaken = added(law.shocks(**given, dt=1.0))
    assert shaken == pytest.approx(1.335225, abs=1e-6)
    assert law.freeze_hazard(shaken=shaken) == pytest.approx(0.08946, abs=1e-5)
    thawing = added(law.thaw_hazard(worth=np.array([-0.3, 0.0])))  # at 0.43 and 0.5
    assert thawing.tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    ("engagement", "frozen", "kept", "expected"),
    [(0.8, 0, 0.8, 0), (0.1, 0, 0.1, 2), (0.8, 1, 0.29, 3), (0.15, 1, 0.15, 4)],
)
def test_a_member_that_freezes_takes_part_less_at_once_and_no_member_freezes_by_degrees(
    engagement, frozen, kept, expected
):
    law = ShockedMembership(skips=0.45, step=0.08)
    case = {"engagement": np.array([engagement]), "frozen": np.array([1.0 * frozen])}
    assert law.kept(**case) == pytest.approx([kept])
    assert law.stage(engagement=law.kept(**case), frozen=case["frozen"]) == [expected]


def test_the_size_of_the_hazard_is_taken_from_three_refusals_before_2020():
    law = ShockedMembership()
    assert law.freezing * law.shock_memory == pytest.approx(-np.log(7 / 8), abs=1e-3)
