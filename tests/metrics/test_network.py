"""The tie network against textbook graphs and Fiedler's bounds."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.metrics.network import (
    centralisation,
    connectivity,
    connectivity_without_leader,
    similarity,
    tie_network,
)

KNOWN = yaml.safe_load((Path(__file__).parents[1] / "known" / "graphs.yaml").read_text("utf-8"))
METRICS = [centralisation, connectivity]


def network(states, ties, runs=2):
    out = np.zeros((states, states, runs))
    for first, second, weight in ties:
        out[first, second] = out[second, first] = weight
    return out


def random_ties(seed, states, runs=4):
    rng = np.random.default_rng(seed)
    half = np.triu(
        rng.random((runs, states, states)) * (rng.random((runs, states, states)) < 0.6), 1
    )
    return np.moveaxis(half + half.swapaxes(1, 2), 0, -1)


@pytest.mark.parametrize("case", KNOWN["ties"], ids=lambda case: case["name"])
def test_textbook_networks_have_their_known_values(case):
    ties = network(case["states"], case["ties"])
    for metric in METRICS:
        value = metric(ties=ties)
        assert value == pytest.approx(case[metric.__name__], abs=KNOWN["tolerance"])


def test_a_tie_is_the_mean_engagement_times_the_mutual_liking():
    engagement = np.array([[1.0, 1.0], [0.25, 0.25], [0.5, 0.0]])
    affinity = np.zeros((3, 3, 2))
    affinity[0, 1], affinity[1, 0], affinity[0, 2], affinity[2, 1] = 0.8, 0.4, -0.6, 1.0
    affinity[1, 1] = 1.0
    ties = tie_network(engagement=engagement, affinity=affinity)
    assert ties[0, 1] == pytest.approx(0.5 * 0.6)
    assert ties[1, 2] == pytest.approx([np.sqrt(0.125) * 0.5, 0.0])
    assert np.all(ties[0, 2] == 0.0)
    assert np.array_equal(ties, ties.swapaxes(0, 1))


def test_no_state_is_tied_to_itself():
    affinity = np.ones((3, 3, 2))
    ties = tie_network(engagement=np.ones((3, 2)), affinity=affinity)
    assert np.all(ties[np.arange(3), np.arange(3)] == 0.0)


def test_a_star_falls_apart_without_its_hub_and_a_ring_becomes_a_path():
    star = network(5, KNOWN["ties"][2]["ties"])
    assert np.all(connectivity_without_leader(ties=star, leader=0) == 0.0)
    assert connectivity_without_leader(ties=star, leader=3) == pytest.approx(1.0)
    ring = network(4, KNOWN["ties"][0]["ties"])
    assert connectivity_without_leader(ties=ring, leader=2) == pytest.approx(1.0)


@given(seed=st.integers(0, 10_000), states=st.integers(2, 8))
@settings(deadline=None, max_examples=60)
def test_connectivity_keeps_to_fiedlers_bounds(seed, states):
    ties = np.ceil(random_ties(seed, states))
    for run, value in enumerate(connectivity(ties=ties)):
        graph = nx.from_numpy_array(ties[:, :, run])
        least = min(degree for _, degree in graph.degree)
        assert value <= states / (states - 1) * least + 1e-12
        if graph.size() < states * (states - 1) / 2:
            assert value <= nx.node_connectivity(graph) + 1e-12
        assert (value > 0.0) == nx.is_connected(graph)


@given(seed=st.integers(0, 10_000), states=st.integers(2, 8))
@settings(deadline=None, max_examples=60)
def test_an_absent_state_is_left_out_as_if_it_had_never_been_there(seed, states):
    ties = random_ties(seed, states)
    member = (np.random.default_rng(seed + 1).random((states, 4)) < 0.7).astype(float)
    for metric in METRICS:
        values = metric(ties=ties, member=member)
        for run in range(4):
            here = member[:, run] != 0
            if not here.any():
                assert values[run] == 0.0
                continue
            alone = metric(ties=ties[here][:, here][:, :, [run, run]])
            assert values[run] == pytest.approx(alone[0], abs=1e-12)


def test_without_its_leader_a_bloc_is_what_the_members_present_are():
    ties = random_ties(8, 5)
    member = np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1], [1, 1, 1, 0]])
    others = member * (np.arange(5) != 3)[:, None]
    found = connectivity_without_leader(ties=ties, leader=3, member=member)
    assert np.array_equal(found, connectivity(ties=ties, member=others))


def test_an_absent_member_has_no_ties():
    member = np.array([[1, 1], [1, 0], [1, 1]])
    ties = tie_network(engagement=np.ones((3, 2)), affinity=np.ones((3, 3, 2)), member=member)
    assert np.all(ties[1, :, 1] == 0.0)
    assert np.all(ties[1, [0, 2], 0] == 1.0)


@pytest.mark.parametrize("metric", METRICS)
def test_a_run_does_not_feel_its_neighbours(metric):
    ties = random_ties(3, 6, runs=9)
    whole = metric(ties=ties)
    for first in range(8):
        assert np.array_equal(metric(ties=ties[:, :, first : first + 2]), whole[first : first + 2])


def test_centralisation_ignores_the_unit_of_the_ties_and_the_order_of_states():
    ties, order = random_ties(5, 6), [3, 0, 5, 1, 4, 2]
    value = centralisation(ties=ties)
    assert np.all((value >= 0.0) & (value <= 1.0))
    assert centralisation(ties=0.1 * ties) == pytest.approx(value)
    assert centralisation(ties=ties[order][:, order]) == pytest.approx(value)


def test_a_single_state_has_neither_connectivity_nor_a_centre():
    for states in (1, 2):
        ties = network(states, [(0, 1, 0.5)] if states == 2 else [])
        assert centralisation(ties=ties).tolist() == [0.0, 0.0]
        assert connectivity(ties=ties) == pytest.approx([2 * 0.5 * (states == 2)] * 2)
    alone = np.array([[1, 1], [0, 0], [0, 1]])
    ties = network(3, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0)])
    assert connectivity(ties=ties, member=alone) == pytest.approx([0.0, 2.0])


def test_a_network_of_two_stars_is_less_centred_than_one():
    ties = network(5, [(0, 1, 0.5), (0, 2, 0.5), (0, 3, 0.5), (3, 4, 0.5)])
    degree = np.array([1.5, 0.5, 0.5, 1.0, 0.5])
    expected = (degree.max() - degree).sum() / (4 * 3 * 0.5)
    assert centralisation(ties=ties) == pytest.approx([expected] * 2)


def test_the_weakest_star_is_a_star():
    ties = network(3, [(0, 1, 0.01), (0, 2, 0.01)])
    assert centralisation(ties=ties) == pytest.approx([1.0, 1.0])


def test_enemies_have_no_tie_and_a_one_sided_liking_half_of_one():
    affinity = np.array([[0.0, 1.0, -1.0], [0.0, 0.0, 0.2], [0.5, -0.4, 0.0]])[..., None]
    ties = tie_network(engagement=np.ones((3, 1)), affinity=affinity)[..., 0]
    assert ties == pytest.approx(np.array([[0, 0.5, 0], [0.5, 0, 0], [0, 0, 0]]))


def regards(*rows):
    return np.array(rows, dtype=float)[:, :, None] * np.ones(2)


def test_similarity_is_what_the_regards_of_two_share_beyond_chance():
    one, other = [0.0, 0.0, 0.8, 0.0, -0.4], [0.0, 0.0, 0.4, 0.2, -0.6]  # for states 2 to 4
    x, y = np.array(one[2:]), np.array(other[2:])
    cov = ((x - x.mean()) * (y - y.mean())).mean()
    expected = 2 * cov / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    found = similarity(regard=regards(one, other), states=[0, 1])
    assert found == pytest.approx(expected)
    assert found[0] == pytest.approx(14 / 17)


def test_the_same_regards_are_wholly_alike_and_opposite_ones_wholly_unlike():
    row = [0.0, 0.0, 0.7, 0.1, -0.6]
    assert similarity(regard=regards(row, row), states=[0, 1]) == pytest.approx(1.0)
    mean = np.mean(row[2:])
    turned = [0.0, 0.0, *(2 * mean - np.array(row[2:]))]
    assert similarity(regard=regards(row, turned), states=[0, 1]) == pytest.approx(-1.0)
    flat = [0.3] * 5
    assert similarity(regard=regards(flat, flat), states=[0, 1]).tolist() == [0.0, 0.0]


def test_only_members_are_held_against_each_other():
    rng = np.random.default_rng(3)
    regard = rng.uniform(-1, 1, (3, 6, 2))
    member = np.array([[1, 1], [1, 0], [1, 1]])
    found = similarity(regard=regard, states=[0, 2, 5], member=member)
    two = similarity(regard=regard[[0, 2]], states=[0, 5])
    assert found[1] == pytest.approx(two[1])
    pairs = [similarity(regard=regard[[a, b]], states=[s, t])[0]
             for a, s, b, t in ((0, 0, 1, 2), (0, 0, 2, 5), (1, 2, 2, 5))]  # fmt: skip
    assert found[0] == pytest.approx(np.mean(pairs))
    assert similarity(regard=regard, states=[0, 2, 5], member=0 * member).tolist() == [0.0, 0.0]
