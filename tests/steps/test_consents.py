"""Hooks receive the inputs of the law, and their choices count."""

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
from sim.kernel.world import BLOCKED, ORDERED, REFUSED
from tests.small import built, event, model

ALP, BET, DEL, GAM = range(4)
POINTS = {RequestPoint, ConsentPoint, ObjectionPoint, ResponsePoint, HonourPoint, WithdrawalPoint}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    ask = {"supplier": "BET", "recipient": "DEL", "system": "rocket"}
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}
    events = {"ask": event("2017-Q4", request=ask), "war": event("2017-Q4", incident=war)}
    return built(model(tmp_path_factory.mktemp("decided"), {"events": events}), 16)


@pytest.fixture(scope="module")
def decided(parts):
    """Return a function that returns a first period in which a hook makes some choices."""

    def first(**choices):
        points = {}

        def decide(choice, point):
            points.setdefault(type(point), []).append((choice, point))
            other = choices.get(type(point).__name__)
            return choice if other is None else np.full_like(choice, other)

        passed, _ = next(steps(parts.world, parts.rules, parts.inputs, parts.noise, decide))
        return passed, points

    return first


def test_a_hook_that_keeps_every_choice_has_no_effect(parts, decided):
    passed, points = decided()
    assert set(points) == POINTS
    alone, _ = next(steps(parts.world, parts.rules, parts.inputs, parts.noise))
    for name in ("fund", "affinity", "belief", "arsenal", "engagement", "member"):
        assert np.array_equal(getattr(passed.world, name), getattr(alone.world, name)), name
    for name, each in vars(alone.world.log).items():
        assert np.array_equal(getattr(passed.world.log, name), each), name


def test_buyers_are_shown_the_worth_of_what_is_open_to_them(parts, decided):
    passed, points = decided()
    assert len(points[RequestPoint]) == parts.world.layout.rounds == 3
    choice, point = points[RequestPoint][0]
    layout = parts.world.layout
    assert point.open.shape == (4, 5, 16)
    assert not point.open[ALP, layout.supplier == ALP].any()  # no state buys from itself
    assert point.open[DEL].any()
    gain = point.terms["gain"]
    assert gain.shape == (4, 5, 16)
    assert (gain <= 0).all()  # beside the best use of the money
    assert (gain > -20).all()  # where nothing is gained
    asked = choice != NONE
    assert np.take_along_axis(point.open, np.maximum(choice, 0)[:, None], axis=1)[:, 0][asked].all()
    first = passed.world.log.offer[:4]
    assert np.array_equal(first, choice)


def test_suppliers_and_makers_of_components_are_asked_with_the_laws_odds(parts, decided):
    passed, points = decided()
    agreed, point = points[ConsentPoint][0]
    layout, log = parts.world.layout, passed.world.log
    first = layout.first_row(1)
    asked = point.offer != NONE
    assert point.actors.shape == agreed.shape == (2, first, 16)
    supplier = layout.supplier[np.maximum(point.offer, 0)]
    assert np.array_equal(point.actors[0], supplier)
    rocket = layout.offers.index("rocket_bet")
    assert np.array_equal(point.actors[1], np.where(point.offer == rocket, ALP, point.actors[1]))
    assert (point.actors[1][asked & (point.offer != rocket)] == NONE).all()
    odds = added(point.terms)
    assert log.consent[:first][asked] == pytest.approx(logistic(odds[0])[asked])
    assert agreed[1][asked & (point.offer != rocket)].all()  # no other state has a say
    later, point = points[ConsentPoint][1]
    assert later.shape == (2, layout.buyers.size, 16)  # events ask in the first round
    assert np.array_equal(log.offer[first : first + layout.buyers.size], point.offer)


def test_what_is_decided_is_done(parts, decided):
    rows = slice(parts.world.layout.rows)
    event_row = parts.world.layout.buyers.size
    log = decided(RequestPoint=NONE)[0].world.log
    assert (log.offer[:event_row] == NONE).all()
    assert (log.offer[event_row] != NONE).all()
    log = decided(ConsentPoint=False)[0].world.log
    assert (log.stage[rows][log.offer[rows] != NONE] == REFUSED).all()
    assert (log.objected[rows] == 0).all()
    assert (log.opposed[event_row] == 1 + 2).all()  # BET, and ALP for its components
    log = decided(ConsentPoint=True, ObjectionPoint=True, ResponsePoint=2)[0].world.log
    assert (log.stage[event_row] == BLOCKED).all()
    assert (log.opposed[event_row] == 1 + 2).all()  # the leaders of both blocs
    log = decided(ConsentPoint=True, ObjectionPoint=True, ResponsePoint=1)[0].world.log
    assert (log.stage[event_row] == ORDERED).all()
    assert (log.stalled[event_row] == 1).all()
    assert (log.opposed[event_row] == 0).all()
    log = decided(ConsentPoint=True, ObjectionPoint=False, ResponsePoint=2)[0].world.log
    assert (log.stage[event_row] == ORDERED).all()  # a leader responds to those who object


def test_the_leader_of_the_victim_comes_or_does_not_as_it_decides(parts, decided):
    pact, gam = parts.world.layout.blocs.index("PACT"), GAM
    for came in (0.0, 1.0):
        passed, points = decided(HonourPoint=came)
        answer = passed.answers
        ((_, point),) = points[HonourPoint]
        row = np.flatnonzero((point.bloc[:, 0] == pact) & (point.made > 0).all(axis=1))
        assert row.size == 1
        assert (point.victim[row] == gam).all()
        assert (point.attacker[row] == DEL).all()
        assert (answer.answer[row] == came).all()
        old = parts.world.belief[gam, pact]
        assert passed.world.belief[gam, pact] == pytest.approx(old + 0.5 * (came - old))


def test_members_leave_where_they_decide_to_and_their_engagement_ends(parts, decided):
    passed, _ = decided(WithdrawalPoint=True)
    assert not passed.world.member.any()
    assert np.array_equal(passed.world.exited, 1.0 * (parts.world.member > 0))
    assert not passed.world.engagement.any()
    stayed, _ = decided(WithdrawalPoint=False)
    assert np.array_equal(stayed.world.member, parts.world.member * np.ones(16))
