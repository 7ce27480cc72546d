"""Metrics of blocs, by hand: two blocs, of which the second has a leader alone."""

from dataclasses import fields, replace

import numpy as np
import pytest

from sim.kernel.arrays import Groups
from sim.metrics.blocs import Members
from sim.metrics.catalogue import METRICS

# members: leader, two that are present, one that has left; and the leader of the second bloc
NOBODY = np.zeros((5, 1))


def column(*values):
    return np.array(values, dtype=float)[:, None]


def members(**known):
    blank = {each.name: NOBODY for each in fields(Members)}
    base = {
        "blocs": Groups(np.array([0, 0, 0, 0, 1]), 2),
        "member": column(1, 1, 1, 0, 1),
        "present": column(0, 1, 1, 0, 0),
        "founders": column(0, 1, 1, 1, 0),
        "weights": np.ones((3, 2, 1)),
        "supplied": np.zeros((4, 2, 1)),
        "supplied_rivals": np.zeros((4, 2, 1)),
        "supplied_by_leader": np.zeros((2, 1)),
        "precedent": np.zeros((2, 1)),
        "exits": np.zeros((2, 1)),
        "camps": Groups(np.array([0, 0, 0, 0]), 2),
        "near": np.zeros((4, 1)),
        "across": np.zeros((4, 1)),
        "frozen": 3,
        "months": 3.0,
    }
    return Members(**{**blank, **base, **known})


def value(name, **known):
    return METRICS[name].function(members(**known))[:, 0]


def test_cohesion_is_the_weighted_mean_of_its_three_sides():
    sides = {
        "engagement": column(1, 0.4, 0.8, 0.9, 1),
        "affinity": column(1, 0.2, -0.4, 0.9, 1),
        "belief": column(1, 0.1, 0.3, 0.9, 1),
    }
    assert value("cohesion", **sides) == pytest.approx([(0.6 + 0.45 + 0.2) / 3, 0.0])
    weights = np.array([2.0, 1.0, 1.0])[:, None, None] * np.ones((3, 2, 1))
    expected = (2 * 0.6 + 0.45 + 0.2) / 4
    assert value("cohesion", **sides, weights=weights) == pytest.approx([expected, 0.0])
    assert value("cohesion", **sides, weights=0 * weights).tolist() == [0.0, 0.0]  # nothing counts


@pytest.mark.parametrize(
    ("name", "of", "expected"),
    [
        ("engagement", "engagement", 0.6),
        ("engagement_min", "engagement", 0.4),
        ("affinity_mean", "affinity", 0.6),
        ("affinity_min", "affinity", 0.4),
    ],
)
def test_the_leader_and_those_who_have_left_do_not_count(name, of, expected):
    assert value(name, **{of: column(0.1, 0.4, 0.8, 0.0, 0.3)}) == pytest.approx([expected, 0.0])


def test_the_least_affinity_may_lie_below_zero():
    found = value("affinity_min", affinity=column(-1, -0.75, 0.5, -1, -1))
    assert found == pytest.approx([-0.75, 0.0])


def test_a_single_member_is_the_least_engaged():
    present, engagement = column(0, 0, 1, 0, 0), column(1, 0.4, 0.8, 0.0, 0.3)
    found = value("engagement_min", engagement=engagement, present=present)
    assert found == pytest.approx([0.8, 0.0])


def test_reliability_counts_the_leader_too():
    credibility = column(0.9, 0.3, 0.6, 1.0, 0.2)
    assert value("reliability", credibility=credibility) == pytest.approx([0.6, 0.2])


def test_the_affinities_to_the_leader_spread_by_their_standard_deviation():
    to_leader = column(0, 0.1, 0.7, -1, 0)
    assert value("spread_to_leader", to_leader=to_leader) == pytest.approx([0.3, 0.0])


def test_deliveries_are_shared_out_between_members_rivals_and_the_leader():
    supplied = np.zeros((4, 2, 1))
    supplied[:3, 0, 0] = 30.0, 6.0, 4.0
    rivals = np.zeros((4, 2, 1))
    rivals[1, 0, 0] = 10.0
    known = {"supplied": supplied, "supplied_rivals": rivals}
    assert value("adversary_supply", **known) == pytest.approx([10 / 50, 0.0])
    by_leader = column(30.0, 0.0)
    assert value("hub_share", **known, supplied_by_leader=by_leader) == pytest.approx([0.75, 0.0])


def test_those_depend_on_terms_who_would_not_take_part_without():
    worth = column(0, 0.0, 0.5, 1.0, 0.2)
    by_rent = column(9, 0.1, 0.5, 9, 9)
    found = value("side_payment_dependence", worth=worth, by_rent=by_rent)
    assert found == pytest.approx([0.5, 0.0])  # at 0 the second would fall, the third stays at 0
    nobody = value("side_payment_dependence", worth=column(9, -0.1, 2, 9, 9), by_rent=by_rent)
    assert nobody == pytest.approx([0.0, 0.0])


def test_the_stage_of_a_bloc_is_that_of_its_least_engaged_member():
    at = members(stage=column(0, 2, 4, 0, 0))
    assert METRICS["ladder_stage"].function(at)[:, 0] == pytest.approx([4.0, 0.0])
    assert METRICS["months_frozen"].function(at)[:, 0] == pytest.approx([3.0, 0.0])
    at = replace(at, stage=column(0, 2, 3, 0, 0))
    assert METRICS["months_frozen"].function(at)[:, 0] == pytest.approx([3.0, 0.0])
    at = replace(at, stage=column(0, 2, 2, 0, 0))
    assert METRICS["months_frozen"].function(at)[:, 0] == pytest.approx([0.0, 0.0])
    assert METRICS["months_frozen"].summed


def test_numbers_of_a_member_are_read_unchanged():
    own = ("belief", "rent", "grievance", "stage", "answers", "internal_appeals")
    known = {"participation": "engagement", "membership": "member", "formal_exit": "exited"}
    known |= dict(zip(own, own, strict=True))
    for name, of in known.items():
        values = column(1, 2, 3, 4, 5)
        assert np.array_equal(METRICS[name].function(members(**{of: values})), values)
    assert np.array_equal(value("exits", exits=column(2, 0)), [2, 0])
    assert np.array_equal(value("precedent", precedent=column(0.5, 0)), [0.5, 0])
