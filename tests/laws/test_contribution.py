import numpy as np
import pytest

from sim.laws.contribution import Contribution
from tests.strategies import total

LAW = Contribution(
    base=1.0, by_regard=2.0, by_gain=1.0, by_cost=2.0, by_target=2.0, by_leverage=1.0, offence=1.0,
    aggrieved=0.5,
)  # fmt: skip


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_the_log_odds_of_bearing_a_burden_worked_by_hand():
    # 1 + 2 x 0.5 + 0.4 - 2 x 0.25 - 2 x 0.3 + 0.5
    case = arrays(regard=0.5, gain=0.4, cost=0.25, target=0.3, at_stake=0.5)
    assert total(LAW.terms(**case)) == pytest.approx(1.8)


def test_a_refusal_offends_by_what_the_burden_is_worth():
    # from 0.2, 1.2 (1 - exp(-1 x 2)) less
    offended = LAW.regard(**arrays(affinity=0.2, refused=2.0))
    assert offended == pytest.approx(0.2 - 1.2 * (1 - np.exp(-2)))
    assert LAW.regard(**arrays(affinity=0.2, refused=0.0)) == 0.2


def test_part_of_what_was_refused_counts_as_harm():
    assert LAW.harm(**arrays(refused=0.6)) == pytest.approx(0.3)
