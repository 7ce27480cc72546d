"""The market: visits, requests and quantities."""

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.kernel.decision_points import RequestPoint, no_decision
from sim.steps.market import suggested, wishes
from sim.steps.privileges import privilege
from tests.steps.test_prospects import offered

ALP, BET, DEL, GAM = range(4)
TANK_ALP, TANK_BET, MISSILE_ALP, ROCKET_BET, SHIELD_BET = range(5)


def asked(parts, decide=no_decision, world=None, rules=None, dt=1e6):
    """Return what buyers wish for in a round, by default so long that all go to market."""
    world, rules = world or parts.world, rules or parts.rules
    number = world.layout.calendar.first
    return wishes(
        world=world,
        rules=rules,
        noise=parts.noise.at(number).month(0, 3),
        known=offered(parts, world, rules),
        terms=privilege(world, rules),
        part=0,
        deposits=0.0 * world.gdp,
        dt=dt,
        decide=decide,
    )


def with_law(parts, **changes):
    return parts.rules.but({("procurement", name): value for name, value in changes.items()})


def test_the_open_offer_of_most_utility_is_requested_or_none(small):
    points = []

    def decide(choice, point):
        points.append((choice, point))
        return choice

    asked(small, decide)
    ((choice, point),) = points
    assert type(point) is RequestPoint
    place = small.world.layout.seller_place
    worth = sum(point.terms.values()) + sum(point.supplier_terms.values())[:, place]
    worth = worth + point.scale * point.draw[:, place] + point.own_scale * point.own_draw
    worth = np.where(point.open, worth, -np.inf)
    none = point.reserve + point.scale * point.none_draw
    expected = np.where(worth.max(axis=1) > none, worth.argmax(axis=1), NONE)
    assert np.array_equal(choice, expected)
    assert (choice != NONE).any()


def test_a_buyer_that_prefers_to_wait_makes_no_request(small):
    patient = with_law(small, reserve=50.0)
    assert (asked(small, rules=patient).offer == NONE).all()
    eager = with_law(small, reserve=-50.0, approach=50.0)
    assert (asked(small, rules=eager).offer != NONE).all()


def test_no_state_goes_to_market_in_zero_time_or_without_a_purse(small):
    assert (asked(small, dt=0.0).offer == NONE).all()
    poor = small.world.but(fund=0.0 * small.world.fund, gdp=1e-9 + 0.0 * small.world.gdp)
    assert (asked(small, world=poor).offer == NONE).all()


def test_a_refusal_puts_a_supplier_back(small):
    rules = with_law(small, by_refusal=1e3, approach=50.0, reserve=-50.0)
    refusal = 0.0 * small.world.refusal
    refusal[DEL, BET] = 1.0
    found = asked(small, world=small.world.but(refusal=refusal), rules=rules)
    offers = found.offer[DEL]
    assert set(small.world.layout.supplier[offers]) == {ALP}


def test_an_order_is_of_whole_units_within_most_and_stock(small):
    world = small.world  # tanks at 12 for 10, of which there are 120, and four batches at most
    buyer, offer = np.array([[DEL]]), np.full((1, 3), TANK_BET)

    def units(value, **changes):
        terms = privilege(world, small.rules)
        values = np.array([[value] * 3])
        return suggested(world.but(**changes), small.rules, terms, buyer, offer, values)[0, 0]

    assert units(12.5) == 10
    assert units(1.3) == 1
    assert units(1.1) == 0
    assert units(1e6) == 40
    most = np.full((5, 1), 1e9)
    assert units(1e6, most=most) == 120
    assert units(1e6, most=most, stock=np.full((5, 1), 7.5)) == 7


def test_an_offer_with_a_smallest_order_beyond_the_purse_is_not_affordable(small):
    points = []

    def decide(choice, point):
        points.append(point)
        return choice

    least = np.full((5, 1), 1e6)
    found = asked(small, decide, world=small.world.but(least=least))
    assert not points[0].open.any()
    assert (found.offer == NONE).all()
    assert found.units == pytest.approx(np.minimum(found.units, 1e6))
