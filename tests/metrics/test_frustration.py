"""The frustration index against brute force and balanced networks."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernel.errors import SimError
from sim.metrics.exact.frustration import frustration

KNOWN = yaml.safe_load((Path(__file__).parents[1] / "known" / "graphs.yaml").read_text("utf-8"))


def directed(seed, states, runs=3):
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (states, states, runs))


def cost_of(affinity, camps):
    cost = 0.0
    for i in range(len(camps)):
        for j in range(i):
            tie = 0.5 * (affinity[i, j] + affinity[j, i])
            cost += max(0.0, -tie * camps[i] * camps[j])
    return cost


def brute_force(affinity):
    return min(cost_of(affinity, camps) for camps in product((1, -1), repeat=len(affinity)))


@pytest.mark.parametrize("case", KNOWN["signed"], ids=lambda case: case["name"])
def test_textbook_networks_have_their_known_frustration(case):
    affinity = np.zeros((case["states"], case["states"], 2))
    for first, second, weight in case["ties"]:
        affinity[first, second] = affinity[second, first] = weight
    found = frustration(affinity=affinity)
    assert found.kind == "exact"
    assert found.index == pytest.approx(case["index"], abs=KNOWN["tolerance"])
    assert found.share == pytest.approx(case["share"], abs=KNOWN["tolerance"])


@given(seed=st.integers(0, 10_000), states=st.integers(1, 7))
@settings(deadline=None, max_examples=40)
def test_the_index_is_that_of_brute_force_and_its_camps_reach_it(seed, states):
    affinity = directed(seed, states)
    found = frustration(affinity=affinity)
    for run in range(3):
        assert found.index[run] == pytest.approx(brute_force(affinity[:, :, run]), abs=1e-12)
        reached = cost_of(affinity[:, :, run], found.camps[:, run])
        assert found.index[run] == pytest.approx(reached, abs=1e-12)


@given(seed=st.integers(0, 10_000), states=st.integers(2, 16))
@settings(deadline=None, max_examples=30)
def test_two_camps_have_no_frustration_to_the_last_bit(seed, states):
    rng = np.random.default_rng(seed)
    camps = rng.choice([-1.0, 1.0], (states, 2))
    affinity = rng.random((states, states, 2)) * camps[:, None] * camps[None]
    found = frustration(affinity=affinity, exact_to=12)
    assert np.all(found.index == 0.0)
    assert np.all(found.lower == 0.0)
    assert np.array_equal(found.camps * found.camps[0], camps * camps[0])


@given(seed=st.integers(0, 10_000), states=st.integers(3, 9))
@settings(deadline=None, max_examples=40)
def test_the_bounds_enclose_the_exact_index(seed, states):
    affinity = directed(seed, states)
    exact, bound = frustration(affinity=affinity), frustration(affinity=affinity, exact_to=2)
    assert (exact.kind, bound.kind) == ("exact", "upper bound")
    assert np.all(bound.lower <= exact.index + 1e-12)
    assert np.all(exact.index <= bound.index + 1e-12)
    assert np.all((exact.share >= 0.0) & (bound.share <= 0.5))


def test_where_all_are_foes_the_lower_bound_is_n_times_n_less_two_over_four():
    # the signed Laplacian is (n - 2) I + J, whose least eigenvalue is n - 2; of three foes a tie
    # has to be cut, so that the triangle is the better bound
    member = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    found = frustration(affinity=np.full((6, 6, 3), -0.5), member=member, exact_to=2)
    assert found.lower == pytest.approx([0.5 * 15 / 4, 0.5 * 8 / 4, 0.5])
    assert found.index == pytest.approx([0.5 * 4, 0.5 * 2, 0.5 * 1])  # less the largest cut
    assert found.share == pytest.approx([4 / 10, 2 / 6, 1 / 3])
    assert (np.abs(found.camps) == member).all()


def test_triangles_that_share_no_tie_add_up_in_the_lower_bound():
    # two triangles meet in a state: three foes of 0.4, and two friends of 0.9 with a foe of 0.1
    affinity = np.zeros((5, 5, 2))
    ties = {(0, 1): -0.4, (0, 2): -0.4, (1, 2): -0.4, (2, 3): 0.9, (2, 4): 0.9, (3, 4): -0.1}
    for (first, second), weight in ties.items():
        affinity[first, second] = affinity[second, first] = weight
    found = frustration(affinity=affinity, exact_to=2)
    assert found.lower == pytest.approx([0.5, 0.5])
    assert found.index == pytest.approx([0.5, 0.5])
    assert found.lower_share == pytest.approx([0.5 / 3.1] * 2)


def test_two_noisy_camps_of_forty_states_have_the_same_bound_from_both_sides():
    # the packing of triangles is as heavy as the best split that the search finds: both are exact
    rng = np.random.default_rng(3)
    camps = rng.choice([-1.0, 1.0], (40, 2))
    affinity = 0.4 * camps[:, None] * camps[None] + 0.25 * rng.normal(size=(40, 40, 2))
    found = frustration(affinity=np.clip(affinity, -1.0, 1.0))
    assert found.kind == "upper bound"
    assert np.all(found.index > 0.0)
    assert found.lower == pytest.approx(found.index)


def test_the_search_starts_from_the_views_of_states_since_friends_would_not_leave_one_by_one():
    # of one camp of all, a state that left would lose two friends of 1 for three foes of 1/2
    side = np.array([1.0, -1.0, 1.0, -1.0, -1.0, 1.0])[:, None, None]
    affinity = np.where(side * side.swapaxes(0, 1) > 0, 1.0, -0.5) * np.ones(2)
    found = frustration(affinity=affinity, exact_to=2)
    assert found.kind == "upper bound"
    assert found.index.tolist() == [0.0, 0.0]
    assert np.array_equal(found.camps * found.camps[0], side[:, :, 0] * np.ones(2))


@pytest.mark.parametrize("exact_to", [14, 3])
def test_an_absent_state_is_left_out_as_if_it_had_never_been_there(exact_to):
    affinity = directed(1, 7, runs=5)
    member = np.ones((7, 5))
    member[[2, 5], 1] = member[0, 2] = member[:, 4] = 0.0
    found = frustration(affinity=affinity, member=member, exact_to=exact_to)
    for run in range(4):
        here = member[:, run] != 0
        alone = frustration(affinity=affinity[here][:, here][:, :, [run, run]], exact_to=exact_to)
        assert found.index[run] == pytest.approx(alone.index[0], abs=1e-12)
        assert found.lower[run] == pytest.approx(alone.lower[0], abs=1e-12)
        assert np.all((found.camps[:, run] == 0) == ~here)
    assert found.index[4] == found.share[4] == 0.0


@pytest.mark.parametrize("exact_to", [14, 3])
def test_a_run_does_not_feel_its_neighbours(exact_to):
    affinity = directed(2, 8, runs=40)
    whole = frustration(affinity=affinity, exact_to=exact_to)
    part = frustration(affinity=affinity[:, :, 17:19], exact_to=exact_to)
    assert np.array_equal(whole.index[17:19], part.index)
    assert np.array_equal(whole.lower[17:19], part.lower)
    assert np.array_equal(whole.share[17:19], part.share)
    assert np.array_equal(whole.camps[:, 17:19], part.camps)


def test_turning_a_state_round_changes_no_frustration():
    affinity = directed(4, 6)
    turned = affinity * np.where(np.arange(6) == 2, -1.0, 1.0)[:, None, None]
    turned = turned * np.where(np.arange(6) == 2, -1.0, 1.0)[None, :, None]
    assert frustration(affinity=turned).index == pytest.approx(frustration(affinity=affinity).index)


def test_frustration_is_exact_to_twenty_states_on_request():
    found = frustration(affinity=directed(6, 17, runs=2), exact_to=20)
    assert found.kind == "exact"
    assert np.all(found.index <= frustration(affinity=directed(6, 17, runs=2)).index + 1e-12)
    with pytest.raises(SimError, match="20 states, not 21"):
        frustration(affinity=directed(6, 3), exact_to=21)
