import numpy as np
import pytest
from hypothesis import given

from sim.laws.war import War, WarOfDuty
from tests.strategies import few, numbers

# parameters of the worked examples below, which do not depend on the defaults
WAR = War(
    loss_winner=0.1,
    loss_loser=0.3,
    bitterness=0.3,
    lesson=0.5,
    example=0.15,
    gratitude=0.15,
    resentment=0.08,
    leader_blame=3.0,
    unasked=1.0,
    duration=1.0,
    length=0.0,
    by_intensity=0.0,
)

ONE, NONE = np.array([1.0]), np.array([0.0])


def test_what_a_war_leaves_behind_worked_by_hand():
    law = WAR
    # one war won (0.9 left) and one lost (0.7 left): 0.63
    assert law.remaining(won=ONE, lost=ONE, intensity=ONE) == pytest.approx(0.63)
    # the same at a tenth of the losses: 0.99 x 0.97 = 0.9603
    assert law.remaining(won=ONE, lost=ONE, intensity=0.1 * ONE) == pytest.approx(0.9603)
    assert law.remaining(won=ONE, lost=ONE, intensity=NONE) == 1.0
    # 0.3 of the way from 0.5 to full dispute: 0.65; of the way from regard 0 to enmity: -0.3
    assert law.dispute(rivalry=np.array([0.5]), war=ONE) == pytest.approx(0.65)
    assert law.enmity(affinity=NONE, war=ONE) == pytest.approx(-0.3)


def test_how_much_a_small_war_embitters_and_teaches_worked_by_hand():
    # of 0.2 of the intensity: all the same by the default; half by it: 1 - 0.5 x 0.8 = 0.6
    small = 0.2 * ONE
    assert WAR.felt(intensity=small) == 1.0
    assert War(by_intensity=0.5).felt(intensity=small) == pytest.approx(0.6)
    law = War(bitterness=0.3, by_intensity=1.0)
    # a fifth of 0.3 of the way from 0.5 to full dispute: 0.53; from regard 0: -0.06
    felt = law.felt(intensity=small)
    assert law.dispute(rivalry=np.array([0.5]), war=felt) == pytest.approx(0.53)
    assert law.enmity(affinity=NONE, war=felt) == pytest.approx(-0.06)


def test_what_wars_fire_worked_by_hand():
    # of 0.4 that a war fires away, half at half the intensity: 0.8 of the missiles are left; of
    # half such a war 0.8 ^ 0.5 = 0.894427
    spent = {"intensity": 0.5 * ONE, "expended": 0.4 * ONE}
    assert WAR.unspent(fought=ONE, **spent) == pytest.approx(0.8)
    assert WAR.unspent(fought=0.5 * ONE, **spent) == pytest.approx(0.894427, abs=1e-6)
    assert WAR.unspent(fought=ONE, intensity=ONE, expended=NONE) == 1.0


def test_what_an_answer_teaches_worked_by_hand():
    law = WAR
    # a fact-finding mission (0.25) halves the way down from 0.5 for the victim: 0.375;
    # the others take 0.15 of it: 0.4625
    half, mission = np.array([0.5]), np.array([0.25])
    heard = {"belief": half, "answer": mission, "heard": ONE}
    assert law.belief(**heard, victim=ONE) == pytest.approx(0.375)
    assert law.belief(**heard, victim=NONE) == pytest.approx(0.4625)


def test_what_the_victim_thinks_of_those_it_asked_worked_by_hand():
    # regard 0.2: help 0.2 + 0.15 x 0.8 = 0.32; refusal 0.2 - 0.08 x 1.2 = 0.104;
    # refusal by the leader 0.2 - 0.24 x 1.2 = -0.088
    asked = {"affinity": np.array([0.2]), "asked": ONE}
    law = WAR
    assert law.regard(**asked, came=ONE, leads=NONE) == pytest.approx(0.32)
    assert law.regard(**asked, came=NONE, leads=NONE) == pytest.approx(0.104)
    assert law.regard(**asked, came=NONE, leads=ONE) == pytest.approx(-0.088)


def test_how_far_wars_bind_a_state_worked_by_hand():
    # half a year of a year's duration: e^-0.5 = 0.606531 of the earlier war is left
    bound = {"strain": np.array([0.8]), "dt": 0.5}
    assert WAR.strained(**bound, intensity=NONE) == pytest.approx(0.8 * 0.606531, abs=1e-6)
    assert WAR.strained(**bound, intensity=ONE) == 1.0


def test_how_long_wars_last_worked_by_hand():
    # 33 months are 11 quarters; nothing said: the law's 0 is one; 16 months nearest 5 quarters
    said = {"length": np.array([2.75, -1.0, 4 / 3]), "dt": 0.25}
    assert np.array_equal(WAR.periods(**said), [11, 1, 5])
    assert np.array_equal(War(length=1.0).periods(**said), [11, 4, 5])


def test_a_leader_is_blamed_three_times_as_much_and_no_member_more_than_wholly():
    assert WAR.blame(leads=NONE) == pytest.approx(0.08)
    assert WAR.blame(leads=ONE) == pytest.approx(0.24)
    assert War(resentment=0.5, leader_blame=5.0).blame(leads=ONE) == 1.0


@few
@given(given_=numbers(War, "belief"))
def test_the_victim_learns_more_than_those_who_watch(given_):
    victim, other = (
        abs(WAR.belief(**{**given_, "heard": ONE, "victim": who}) - given_["belief"])
        for who in (ONE, NONE)
    )
    assert victim >= other


def test_blame_falls_on_those_who_were_bound_to_come_and_could_worked_by_hand():
    def duty(**values):
        return WarOfDuty().duty(**{name: np.array([value]) for name, value in values.items()})

    # a treaty that binds by 0.8, and three quarters of the strength of both: 0.6
    bound = duty(commitment=0.8, covered=1.0, strength=300.0, strength_attacker=100.0)
    assert bound == pytest.approx(0.6)
    assert not duty(commitment=0.8, covered=0.0, strength=300.0, strength_attacker=0.0).any()
    law = WarOfDuty(resentment=0.1, leader_blame=3.0)
    regard = {"affinity": np.array([0.2]), "came": np.zeros(1), "asked": np.ones(1)}
    # 0.1 x 3 x 0.6 = 0.18 of the way to enmity, from 0.2: 0.2 - 0.18 x 1.2
    moved = law.regard(**regard, leads=np.ones(1), duty=bound)
    assert moved == pytest.approx(-0.016)
