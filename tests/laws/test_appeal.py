import numpy as np
import pytest

from sim.laws.appeal import LeaderSpeaks


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_the_more_threatened_of_two_attacked_members_is_the_more_urgent():
    # 1 + 0.4; a member that is not attacked does not appeal, however threatened
    assert LeaderSpeaks().urgency(**arrays(attacked=1.0, threat=0.4)) == pytest.approx(1.4)
    assert LeaderSpeaks().urgency(**arrays(attacked=0.0, threat=0.9)) == 0.0


def test_the_answer_of_a_bloc_worked_by_hand():
    case = arrays(leader=1.0, mean=0.2)
    # a leader that speaks alone; that is a party; and that counts for 0.7: 0.7 + 0.3 x 0.2 = 0.76
    assert LeaderSpeaks(leader_voice=1.0).answer(**case, party=np.array([0.0])) == 1.0
    assert LeaderSpeaks(leader_voice=1.0).answer(**case, party=np.array([1.0])) == 0.2
    shared = LeaderSpeaks(leader_voice=0.7).answer(**case, party=np.array([0.0]))
    assert shared == pytest.approx(0.76)
