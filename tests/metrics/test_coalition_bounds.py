"""Bounds on the subsidy of a bloc, against the exact value where coalitions can be enumerated."""

import numpy as np
import pytest

from sim.metrics.exact.coalition_bounds import (
    SAMPLED,
    CoalitionGame,
    sampled_coalitions,
    subsidy_bounds,
)
from sim.metrics.exact.coalitions import coalition_parts, coalition_worth
from sim.metrics.exact.stability import break_point, cost_of_stability
from tests.metrics.test_coalitions import insecurity, world

ALL = np.arange(16)[:, None] >> np.arange(4) & 1 > 0
ABSENT = np.array([[1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 0, 1]])
WEIGHTS = [(0.0, 0.0), (0.1, 0.3), (0.4, 0.02)]


def both(seed, member=None):
    facts = world(seed)
    known = {**facts, "insecurity_of": insecurity(facts), "member": member}
    return CoalitionGame(**known), coalition_parts(**known)


@pytest.mark.parametrize("member", [None, ABSENT])
@pytest.mark.parametrize(("nu", "xi"), WEIGHTS)
def test_a_coalition_that_is_worked_out_alone_has_its_worth_among_all(member, nu, xi):
    game, parts = both(1, member)
    alone = [game.gains(inside).worth(nu=nu, xi=xi) for inside in ALL]
    assert np.stack(alone) == pytest.approx(coalition_worth(parts, nu=nu, xi=xi))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("member", [None, ABSENT])
@pytest.mark.parametrize(("nu", "xi"), WEIGHTS)
def test_the_bounds_enclose_the_subsidy_and_all_coalitions_give_it_exactly(seed, member, nu, xi):
    game, parts = both(seed, member)
    exact = cost_of_stability(coalition_worth(parts, nu=nu, xi=xi))
    whole = subsidy_bounds(game, ALL, nu=nu, xi=xi)
    some = subsidy_bounds(game, ALL[[3, 6, 7, 15]], nu=nu, xi=xi)
    assert whole.lower == pytest.approx(exact, abs=1e-8)
    assert np.all(some.lower <= whole.lower + 1e-8)
    assert np.all(exact <= whole.upper + 1e-8)
    assert whole.break_point == pytest.approx(break_point(parts, nu=nu))


def test_a_bloc_without_entrapment_needs_no_subsidy_by_either_bound():
    facts = world(2) | {"rivalry": np.zeros((8, 3))}
    game = CoalitionGame(**facts, insecurity_of=insecurity(facts))
    found = subsidy_bounds(game, ALL, nu=0.3, xi=0.6)
    assert found.lower == pytest.approx(np.zeros(3), abs=1e-8)
    assert found.upper == pytest.approx(np.zeros(3), abs=1e-8)


def test_the_sample_follows_from_names_and_has_every_size():
    names = [f"S{n:02}" for n in range(30)]
    inside = sampled_coalitions(names, "PACT")
    again = sampled_coalitions(names, "PACT")
    assert np.array_equal(inside, again)
    assert not np.array_equal(inside, sampled_coalitions(names, "UNION"))
    sizes = inside.sum(axis=1)
    assert inside[-1].all()
    assert np.sum(sizes == 29) >= 30  # those that lack one member
    assert SAMPLED * 0.9 < len(inside) <= SAMPLED + 31
    assert len(set(sizes.tolist())) > 20
    assert sizes.min() >= 2


def test_a_member_is_in_half_of_the_drawn_coalitions():
    names = [f"S{n:02}" for n in range(20)]
    drawn = sampled_coalitions(names, "PACT")
    share = drawn[drawn.sum(axis=1) < 19].mean(axis=0)
    assert np.all(abs(share - 0.5) < 5 * 0.5 / np.sqrt(SAMPLED))
