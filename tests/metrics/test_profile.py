"""The profile of cohesion by hand, on the blocs of `test_blocs`."""

import numpy as np
import pytest

from sim.metrics.catalogue import METRICS
from sim.metrics.declaration import SIDES
from tests.metrics.test_blocs import column, value

ENGAGED = column(1, 0.4, 0.8, 0.9, 1)


def test_every_side_of_cohesion_has_metrics_and_each_a_size():
    sides = {each.side: each for each in METRICS.values() if each.side}
    assert set(sides) == set(SIDES)
    assert {each.kind for each in METRICS.values() if each.side} == {"bloc", "asker"}


def test_the_harmed_count_by_their_harm():
    found = value("engagement_harmed", engagement=ENGAGED, grievance=column(9, 3, 1, 9, 9))
    assert found == pytest.approx([(3 * 0.4 + 0.8) / 4, 0.0])  # neither the leader nor who left
    unharmed = value("engagement_harmed", engagement=ENGAGED, grievance=column(9, 0, 0, 9, 9))
    assert unharmed == pytest.approx([0.6, 0.0])


def test_belief_is_that_of_members_and_the_worth_of_aid_that_of_all():
    parts = column(0.9, 0.1, 0.3, 0.7, 0.2)
    assert value("belief_mean", belief=parts) == pytest.approx([0.2, 0.0])
    assert value("aid_mean", aid=parts) == pytest.approx([(0.9 + 0.1 + 0.3) / 3, 0.2])


def test_energy_is_what_runs_against_the_line_over_all_ties():
    near = np.array([[0.5], [-0.1], [-0.6], [0.2]])  # friends, foes inside; a foe, a friend across
    across = np.array([[0.0], [0.0], [1.0], [1.0]])
    assert value("energy", near=near, across=across) == pytest.approx([0.3 / 1.4, 0.0])
    turned = value("energy", near=-near, across=across)
    assert turned == pytest.approx([1 - 0.3 / 1.4, 0.0])
    assert value("energy", near=0 * near, across=across).tolist() == [0.0, 0.0]


def test_those_at_the_first_stage_join_the_drills():
    assert value("drills", stage=column(0, 0, 1, 0, 0)) == pytest.approx([0.5, 0.0])
    assert value("drills", stage=column(0, 0, 0, 3, 0)) == pytest.approx([1.0, 0.0])


def test_among_founders_one_that_left_counts_as_zero():
    assert value("engagement_founders", engagement=ENGAGED) == pytest.approx([0.4, 0.0])
    assert value("engagement_min_founders", engagement=ENGAGED) == pytest.approx([0.0, 0.0])
    assert value("belief_founders", belief=ENGAGED) == pytest.approx([0.4, 0.0])
    regard = column(1, 0.2, -0.4, 0.8, 1)
    assert value("affinity_founders", to_founders=regard) == pytest.approx([0.2, 0.0])
    known = {"engagement": ENGAGED, "belief": ENGAGED, "to_founders": regard}
    assert value("cohesion_founders", **known) == pytest.approx([(0.4 + 0.6 + 0.4) / 3, 0.0])


def test_one_that_leaves_lifts_the_index_and_not_that_of_the_founders():
    known = {"engagement": column(1, 0.8, 0.8, 0.1, 1), "belief": column(1, 0.8, 0.8, 0.1, 1)}
    known |= {"affinity": column(0, 0, 0, 0, 0), "to_founders": column(0, 0, 0, 0, 0)}
    stayed = {"present": column(0, 1, 1, 1, 0), "member": column(1, 1, 1, 1, 1)}
    assert value("cohesion", **known)[0] > value("cohesion", **known, **stayed)[0]
    founders = value("cohesion_founders", **known)[0]
    assert founders < value("cohesion_founders", **known, **stayed)[0]
