import numpy as np
import pytest

from sim.laws.contribution import Contribution
from tests.strategies import total

LAW = Contribution(
    base=1.0, by_regard=2.0, by_gain=1.0, by_share=2.0, by_cost=2.0, by_target=2.0, by_leverage=1.0,
    thanks=0.5, offence=1.0, aggrieved=0.5,
)  # fmt: skip


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_the_log_odds_of_bearing_a_burden_worked_by_hand():
    # 1 + 2 x 0.5 + 0.4 + 2 x 0.1 - 2 x 0.25 - 2 x 0.3 + 0.5
    case = arrays(regard=0.5, gain=0.4, share=0.1, cost=0.25, target=0.3, at_stake=0.5)
    assert total(LAW.terms(**case)) == pytest.approx(2.0)


def test_a_burden_borne_earns_thanks_and_a_refusal_offends():
    # from 0.2: 0.8 (1 - exp(-0.5 x 2)) more; or 1.2 (1 - exp(-1 x 2)) less
    thanked = LAW.regard(**arrays(affinity=0.2, borne=2.0, refused=0.0))
    offended = LAW.regard(**arrays(affinity=0.2, borne=0.0, refused=2.0))
    assert thanked == pytest.approx(0.2 + 0.8 * (1 - np.exp(-1)))
    assert offended == pytest.approx(0.2 - 1.2 * (1 - np.exp(-2)))
    assert LAW.regard(**arrays(affinity=0.2, borne=0.0, refused=0.0)) == 0.2


def test_part_of_what_was_refused_counts_as_harm():
    assert LAW.harm(**arrays(refused=0.6)) == pytest.approx(0.3)
