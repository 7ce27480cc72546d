import numpy as np
import pytest

from sim.laws.objection import Objection
from tests.strategies import total

# parameters of the worked examples below, which do not depend on the defaults
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
    block_purchase=1.5,
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


def test_a_purchase_is_harder_to_stop_and_rivals_within_count_less_worked_by_hand():
    case = arrays(
        norm=0.8, precedent=0.0, regard=0.7, dependence=0.6, regard_supplier=0.5, own_sales=0.25
    )
    # -1.5 + 0.8 + 0.7 + 0.6 - 0.5 - 0.25 - 1.5 = -1.65
    assert total(OBJECTION.block(**case, **arrays(purchase=1.0))) == pytest.approx(-1.65)
    # a fellow member's arms, of which a quarter counts: 0.36 / 4
    harm = arrays(engagement=0.5, rivalry=0.9, offence=0.8, inside=0.25)
    assert OBJECTION.harm(**harm) == pytest.approx(0.09)
