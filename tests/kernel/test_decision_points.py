"""Terms and draw of a decision point are sufficient to compute the choice of the law."""

import numpy as np
import pytest

from sim.kernel.arrays import NONE, added, logistic
from sim.kernel.decision_points import (
    ConsentPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    WithdrawalPoint,
)
from sim.kernel.simulate import steps
from tests.small import built, event, model

RUNS = 12


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return world, rules and every choice of some periods with its point, by kind."""
    ask = {"supplier": "BET", "recipient": "DEL", "system": "rocket"}
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}
    events = {"ask": event("2017-Q4", request=ask), "war": event("2017-Q4", incident=war)}
    parts = built(model(tmp_path_factory.mktemp("shown"), {"events": events}), RUNS)
    points = {}

    def decide(choice, point):
        points.setdefault(type(point), []).append((choice, point))
        return choice

    for _ in steps(parts.world, parts.rules, parts.inputs, parts.noise, decide):
        pass
    return parts.world.layout, parts.rules, points


def agreed(choice, point):
    yes = point.draw < logistic(added(point.terms))
    return np.broadcast_to(yes, choice.shape)


def test_a_request_is_for_the_open_offer_of_most_utility(shown):
    layout, _, points = shown
    for choice, point in points[RequestPoint]:
        place = layout.seller_place
        known = added(point.terms) + added(point.supplier_terms)[:, place]
        drawn = point.scale * point.draw[:, place] + point.own_scale * point.own_draw
        utility = np.where(point.open, known + drawn, -np.inf)
        within = point.on_sale & point.looked_at[:, place] & (point.cost <= point.largest)
        assert not (point.open & ~within).any()  # a stock may be sold out
        none = point.reserve + point.scale * point.none_draw
        asks = (point.visit < point.visit_chance) & (utility.max(axis=1) > none)
        assert np.array_equal(np.where(asks, utility.argmax(axis=1), NONE), choice)


def test_the_drop_in_threats_is_the_gain_but_for_diffuse_need(shown):
    layout, _, points = shown
    for _, point in points[RequestPoint]:
        parts = layout.market.by_buyer.sum(point.threat_drop())
        gain = point.inputs["gain"]
        assert parts.shape == gain.shape
        diffuse = np.where(point.on_sale, gain - parts, 0.0)
        assert diffuse.min() > -1e-12
        assert diffuse.max() < 1  # of the whole insecurity


def test_consent_objection_and_aid_are_draws_below_the_odds(shown):
    _, _, points = shown
    for choice, point in points[ConsentPoint]:
        nobody = point.actors == NONE
        yes = agreed(choice, point) & (point.offer != NONE)
        assert np.array_equal(yes | nobody, choice)
    for choice, point in points[ObjectionPoint]:
        asks = (point.offer != NONE)[:, None] & (point.harm > 0)
        assert np.array_equal(agreed(choice, point) & asks, choice)
    for choice, point in points[HonourPoint]:
        assert np.array_equal(agreed(choice, point), choice > 0)


def test_a_response_is_the_largest_of_three_utilities(shown):
    _, _, points = shown
    for choice, point in points[ResponsePoint]:
        passing, stall, block = point.draw
        utilities = np.stack([passing, stall + point.stall, block + added(point.terms)])
        assert np.array_equal(utilities.argmax(axis=0), choice)


def test_members_leave_by_the_hazard_of_the_engagement_that_the_terms_move(shown):
    layout, rules, points = shown
    i, b = layout.member_index.T
    dt = layout.calendar.dt
    for choice, point in points[WithdrawalPoint]:
        moved = rules.engagement.moved(engagement=point.before, worth=added(point.terms), dt=dt)
        follows = (layout.leader[b] != i)[:, None]
        moves = follows & (point.engagement[i, b] > 0)
        assert moves.any()
        assert moved[i, b][moves] == pytest.approx(point.engagement[i, b][moves], rel=1e-12)
        assert np.array_equal((point.draw < point.chance) & follows, choice[i, b])


CALLS = {
    ConsentPoint: ("consent", "terms"),
    ObjectionPoint: ("objection", "protest"),
    ResponsePoint: ("objection", "block"),
    HonourPoint: ("answer", "terms"),
    WithdrawalPoint: ("engagement", "terms"),
}


@pytest.mark.parametrize("kind", CALLS, ids=lambda kind: kind.__name__)
def test_the_law_makes_the_terms_of_the_inputs(shown, kind):
    _, rules, points = shown
    role, method = CALLS[kind]
    for _, point in points[kind]:
        terms = getattr(getattr(rules, role), method)(**point.inputs)
        assert list(terms) == list(point.terms)
        for name, term in terms.items():
            assert np.array_equal(term, point.terms[name]), name
